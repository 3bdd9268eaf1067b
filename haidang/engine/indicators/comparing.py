"""One figure beside others of its own series, when somebody asks: its plan, the last period, the same one of last year.

Nothing of it is stored; each comparison names the figures it is made of. What the office states for the same thing
stands beside it. Measures with a meaning here: `plan` of the whole year (as last stated since January: few offices
repeat it every month), `previous` (the last period), `cumulative`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, NamedTuple

from django.utils.translation import gettext as _

from haidang.engine.contracts.sheets.days import Period
from haidang.engine.indicators import periods, units
from haidang.engine.indicators.catalogue import Catalogue
from haidang.engine.indicators.figure_rows import Subject
from haidang.engine.indicators.gathering import Inputs, Rows, at_period, at_place, rows_for
from haidang.engine.indicators.rollup import RollUp, rolled, weights_of
from haidang.engine.indicators.statistic import Statistic, bare, measure_of
from haidang.engine.indicators.territory import Territory

Kind = Literal[
    "plan_year",
    "plan_to_date",
    "last_period",
    "last_year",
    "since_january",
    "since_january_last_year",
    "per_head",
]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`value` in `unit`; `difference` in the statistic's own unit. `there` of `expected` periods are in it."""

    kind: Kind
    value: float | None
    unit: str
    status: Literal["ok", "partial", "missing", "refused"]
    inputs: Inputs = field(default_factory=list)
    difference: float | None = None
    stated: float | None = None
    there: int = 1
    expected: int = 1
    why: str = ""


def compare(
    catalogue: Catalogue,
    address: str,
    places: Sequence[int],
    period: Period,
    epoch: int | None = None,
    *,
    details: bool = True,
) -> dict[int, list[Comparison]]:
    """For each place everything the figure of this period can be compared with, as known at `epoch`; one query.
    `details=False` reads the inputs without their `detail`, in half the time: for many places.
    Raises ValueError for a period of another kind than the statistic's.
    """
    statistic = catalogue.entries[bare(address)].statistic
    if period.kind != statistic.period:
        raise ValueError(f"{address} comes each {statistic.period}, not each {period.kind}")
    year = periods.since_january(period)
    past = [periods.end_of(one) for one in {*year, *map(periods.year_before, year), periods.back(period, 1)}]
    wanted = dict.fromkeys([address, *weights_of(catalogue.over_time(address))], past)
    if not measure_of(address):
        named = [
            f"{address}@{name}" for name in ("plan", "previous", "cumulative") if name in statistic.measures
        ]
        beside = [*named, *([statistic.per_head] if statistic.per_head else [])]
        wanted |= {one: [periods.end_of(period)] for one in beside}
        if (plan := f"{address}@plan") in wanted:
            wanted[plan] = [periods.end_of(one) for one in year]
    territory = Territory(places)
    rows = rows_for(catalogue, wanted, places, statistic.period, territory, epoch, details=details)
    found = {}
    for place in places:
        asked = _Asked(catalogue, address, statistic, place, period, rows, territory, set(wanted))
        found[place] = [one for one in asked.all() if one is not None]
    return found


class _Found(NamedTuple):
    value: float | None
    inputs: Inputs


@dataclass(frozen=True, slots=True)
class _Asked:
    """One place's part of the question."""

    catalogue: Catalogue
    address: str
    statistic: Statistic
    place: int
    period: Period
    rows: Rows
    territory: Territory
    read: set[str]  # addresses the rows were read of

    def all(self) -> list[Comparison | None]:
        if measure_of(self.address):
            return [self.last_period(), self.last_year()]
        return [
            self.plan_year(), self.plan_to_date(), self.last_period(), self.last_year(), self.since_january(),
            self.since_january_last_year(), self.per_head(),
        ]  # fmt: skip

    # --- what is compared ---------------------------------------------------------------------------------
    def at(self, period: Period, measure: str = "") -> _Found:
        address = f"{self.address}@{measure}" if measure else self.address
        if measure and address not in self.read:
            return _Found(None, [])
        subject = Subject(address, self.place, periods.end_of(period))
        return _Found(*at_place(self.catalogue, subject, self.rows, self.territory))

    def sum_since_january(self, period: Period) -> RollUp:
        subjects = [
            Subject(self.address, self.place, periods.end_of(one)) for one in periods.since_january(period)
        ]
        return rolled(self.catalogue, self.statistic.over_time, subjects, self.rows, self.territory)

    def reached(self) -> _Found:
        """What of the plan is carried out: the sum since January, where all of it is there, or as the office states."""
        if self.statistic.over_time != "sum":
            return self.at(self.period)
        ours = self.sum_since_january(self.period)
        if ours.status == "ok":
            return _Found(ours.value, ours.inputs)
        stated = self.at(self.period, "cumulative")
        return stated if stated.value is not None else _Found(None, ours.inputs)

    def plan(self) -> _Found:
        """The plan of the year as last stated up to this period."""
        every = [self.at(one, "plan") for one in reversed(periods.since_january(self.period))]
        return next((one for one in every if one.value is not None), every[0])

    # --- comparisons --------------------------------------------------------------------------------------
    def plan_year(self) -> Comparison | None:
        plan = self.plan()
        return self._share("plan_year", self.reached(), plan) if plan.inputs else None

    def plan_to_date(self) -> Comparison | None:
        """Against the part of the plan that an even pace would have carried out by now."""
        plan = self.plan()
        if not plan.inputs or self.statistic.over_time != "sum" or self.period.kind == "year":
            return None
        due = None if plan.value is None else float(Fraction(repr(plan.value)) * periods.of_year(self.period))
        return self._share("plan_to_date", self.reached(), _Found(due, plan.inputs))

    def last_period(self) -> Comparison:
        before = self.at(periods.back(self.period, 1))
        if before.value is None and (stated := self.at(self.period, "previous")).value is not None:
            before = stated
        return self._change("last_period", self.at(self.period), before)

    def last_year(self) -> Comparison:
        return self._change("last_year", self.at(self.period), self.at(periods.year_before(self.period)))

    def since_january(self) -> Comparison | None:
        if self.statistic.over_time == "last" or self.period.kind == "year":
            return None
        if self.statistic.over_time == "none":
            words = _("“%(title)s” không cộng được qua các kỳ: cách tính không cho phép")
            why = words % {"title": self.statistic.title}
            return Comparison("since_january", None, self.statistic.unit, "refused", why=why)
        ours, stated = self.sum_since_january(self.period), self.at(self.period, "cumulative")
        difference = _minus(ours.value, stated.value) if ours.status == "ok" else None
        return Comparison(
            "since_january", ours.value, self.statistic.unit, ours.status, [*ours.inputs, *stated.inputs], difference,
            stated.value, ours.there, ours.expected,
        )  # fmt: skip

    def since_january_last_year(self) -> Comparison | None:
        if self.statistic.over_time in ("last", "none") or self.period.kind == "year":
            return None
        now, then = (self.sum_since_january(one) for one in (self.period, periods.year_before(self.period)))
        pair = [_Found(one.value if one.status == "ok" else None, one.inputs) for one in (now, then)]
        return self._change("since_january_last_year", *pair)

    def per_head(self) -> Comparison | None:
        address = self.statistic.per_head
        if not address or address not in self.read:
            return None
        subject, own = Subject(self.address, self.place, periods.end_of(self.period)), self.at(self.period)
        heads = _Found(
            *at_period(self.catalogue, address, self.statistic.period, subject, self.rows, self.territory)
        )
        inputs, unit = (
            [*own.inputs, *heads.inputs],
            f"{self.statistic.unit}/{self.catalogue.unit_text(address)}",
        )
        if own.value is None or not heads.value:
            return Comparison("per_head", None, unit, "missing", inputs)
        value, unit = _readable(Fraction(repr(own.value)) / Fraction(repr(heads.value)), unit)
        return Comparison("per_head", value, unit, "ok", inputs)

    # --- how it is said -----------------------------------------------------------------------------------
    def _share(self, kind: Kind, part: _Found, of: _Found) -> Comparison:
        inputs = [*part.inputs, *of.inputs]
        difference = _minus(part.value, of.value)
        if part.value is None or of.value is None:
            return Comparison(kind, None, "%", "missing", inputs)
        if self._is_share:
            return Comparison(kind, difference, _("điểm %"), "ok", inputs, difference)
        if of.value <= 0:
            return Comparison(
                kind, None, "%", "missing", inputs, difference, why=_("kế hoạch không lớn hơn 0")
            )
        return Comparison(kind, float(_percent(part.value, of.value)), "%", "ok", inputs, difference)

    def _change(self, kind: Kind, now: _Found, before: _Found) -> Comparison:
        inputs = [*now.inputs, *before.inputs]
        difference = _minus(now.value, before.value)
        if now.value is None or before.value is None:
            return Comparison(kind, None, "%", "missing", inputs)
        if self._is_share:
            return Comparison(kind, difference, _("điểm %"), "ok", inputs, difference)
        if before.value <= 0:
            return Comparison(kind, None, "%", "missing", inputs, difference, why=_("số gốc không lớn hơn 0"))
        return Comparison(kind, float(_percent(now.value, before.value) - 100), "%", "ok", inputs, difference)

    @property
    def _is_share(self) -> bool:
        """A share is compared in points: a percentage of a percentage misleads."""
        return not units.parse(self.catalogue.unit_text(self.address)).powers


def _minus(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else float(Fraction(repr(one)) - Fraction(repr(other)))


def _percent(part: float, of: float) -> Fraction:
    return 100 * Fraction(repr(part)) / Fraction(repr(of))


_SMALLER = {"nghìn tỷ ": "tỷ ", "tỷ ": "triệu ", "triệu ": "nghìn ", "nghìn ": ""}  # i18n: data


def _readable(value: Fraction, unit: str) -> tuple[float, str]:
    """`0,00097 tỷ đồng/người` as `0,97 triệu đồng/người`: a unit in which at least one digit stands before the comma."""
    while abs(value) < 1:
        larger = next((word for word in _SMALLER if unit.startswith(word)), None)
        if larger is None or not value:
            break
        smaller = _SMALLER[larger] + unit.removeprefix(larger)
        value, unit = value * units.parse(unit).scale / units.parse(smaller).scale, smaller
    return float(value), unit
