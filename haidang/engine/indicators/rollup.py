"""Several figures as one, when somebody asks: the communes of a province, the months of a year.

Nothing of it is stored. What is not there yet is counted, not guessed: the answer says of how many it is made. An
indicator that does not add up refuses, and says why. `details=False` reads the inputs without their `detail`, in half the
time: for many places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from django.utils.translation import gettext as _

from haidang.engine.contracts.sheets.days import Period
from haidang.engine.indicators import periods
from haidang.engine.indicators.catalogue import Catalogue
from haidang.engine.indicators.combining import CannotCombine, combine
from haidang.engine.indicators.figure_rows import Subject
from haidang.engine.indicators.gathering import Inputs, Rows, at_period, at_place, rows_for
from haidang.engine.indicators.statistic import Rule, Weighted, bare
from haidang.engine.indicators.territory import Territory

Status = Literal["ok", "partial", "missing", "refused"]


@dataclass(frozen=True, slots=True)
class RollUp:
    """One number of several figures; `there` of `expected` places or periods are in it."""

    value: float | None
    status: Status
    there: int = 0
    expected: int = 0
    inputs: Inputs = field(default_factory=list)
    why: str = ""  # a sentence, where it is refused


def over_places(
    catalogue: Catalogue,
    address: str,
    province_id: int,
    period: Period,
    epoch: int | None = None,
    *,
    details: bool = True,
) -> RollUp:
    """The communes of a province in one period, by the indicator's rule. Raises ValueError for another kind of period."""
    statistic = catalogue.entries[bare(address)].statistic
    _of_its_kind(address, statistic.period, period)
    rule = catalogue.over_places(address)
    if rule == "none":
        words = _("“%(title)s” không cộng được từ các xã, phường: cách tính không cho phép")
        return RollUp(None, "refused", why=words % {"title": statistic.title})
    if catalogue.level(address) == "province":
        words = _("“%(title)s” chỉ có số của cả tỉnh, không có số của từng xã, phường")
        return RollUp(None, "refused", why=words % {"title": statistic.title})
    end = periods.end_of(period)
    territory = Territory([province_id])
    members = territory.communes(province_id, periods.last_day(end))
    wanted = {one: [end] for one in [address, *weights_of(rule)]}
    rows = rows_for(catalogue, wanted, members, statistic.period, territory, epoch, details=details)
    subjects = [Subject(address, member, end) for member in members]
    return rolled(catalogue, rule, subjects, rows, territory)


def over_time(
    catalogue: Catalogue,
    address: str,
    places: Sequence[int],
    longer: Period,
    epoch: int | None = None,
    *,
    details: bool = True,
) -> dict[int, RollUp]:
    """The shorter periods within a longer one, for each place: the months of a year. Raises ValueError where the
    indicator's own period is not the shorter.
    """
    statistic = catalogue.entries[bare(address)].statistic
    parts = periods.within(longer, statistic.period)
    if len(parts) < 2:
        raise ValueError(f"{address} comes each {statistic.period}: a {longer.kind} is not made of those")
    return among(catalogue, address, places, parts, epoch, details=details)


def among(
    catalogue: Catalogue,
    address: str,
    places: Sequence[int],
    parts: Sequence[Period],
    epoch: int | None = None,
    *,
    details: bool = True,
) -> dict[int, RollUp]:
    """These periods of the indicator's own kind, for each place; one query."""
    statistic = catalogue.entries[bare(address)].statistic
    rule = catalogue.over_time(address)
    if rule == "none":
        words = _("“%(title)s” không cộng được qua các kỳ: cách tính không cho phép")
        return {place: RollUp(None, "refused", why=words % {"title": statistic.title}) for place in places}
    ends = [periods.end_of(part) for part in parts]
    territory = Territory(places)
    wanted = dict.fromkeys([address, *weights_of(rule)], ends)
    rows = rows_for(catalogue, wanted, places, statistic.period, territory, epoch, details=details)
    return {
        place: rolled(catalogue, rule, [Subject(address, place, end) for end in ends], rows, territory)
        for place in places
    }


def _of_its_kind(address: str, own: str, period: Period) -> None:
    if period.kind != own:
        raise ValueError(f"{address} comes each {own}, not each {period.kind}")


def weights_of(rule: Rule) -> list[str]:
    return [rule.weighted] if isinstance(rule, Weighted) else []


def rolled(
    catalogue: Catalogue, rule: Rule, subjects: Sequence[Subject], rows: Rows, territory: Territory
) -> RollUp:
    """Those that are there, by the rule; with weights those that have both."""
    values: list[float] = []
    weights: list[float] = []
    inputs: Inputs = []
    for subject in subjects:
        kind = catalogue.entries[bare(subject.indicator)].statistic.period
        value, looked_at = at_place(catalogue, subject, rows, territory)
        inputs += looked_at
        for other in weights_of(rule):
            weight, looked_at = at_period(catalogue, other, kind, subject, rows, territory)
            inputs += looked_at
            if weight is None:
                value = None
            elif value is not None:
                weights.append(weight)
        if value is not None:
            values.append(value)
    there, expected = len(values), len(subjects)
    if not values:
        return RollUp(None, "missing", 0, expected, inputs)
    try:
        return RollUp(
            combine(rule, values, weights), "ok" if there == expected else "partial", there, expected, inputs
        )
    except CannotCombine:
        return RollUp(None, "missing", there, expected, inputs, _("các trọng số cộng lại bằng không"))
