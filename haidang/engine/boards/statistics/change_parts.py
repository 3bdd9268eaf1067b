"""A change of the province between two periods, its communes' parts, and how each number of it is written and reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Literal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.boards import writing
from haidang.engine.boards.statistics import values, words
from haidang.engine.boards.statistics.home import Home, home_of
from haidang.engine.boards.statistics.values import Value
from haidang.engine.boards.tiles import Look
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.forecasting.decomposing import Part, Taken, take_apart
from haidang.engine.indicators import periods
from haidang.engine.indicators.statistic import Statistic
from haidang.engine.places.models import Place

Against = Literal["last", "year"]
Number = Literal["change", "share", "points", "now", "before", "step"]
# i18n: data – words of an address
NUMBERS: dict[str, Number] = {
    "thay-doi": "change", "phan": "share", "gop": "points", "ky-nay": "now", "ky-kia": "before", "muc": "step",
}  # fmt: skip
WORDS: dict[Number, str] = {number: word for word, number in NUMBERS.items()}


@dataclass(frozen=True, slots=True)
class Change:
    """Communes are named by their codes: one unit in two spans of time is one part. `note` says why there are no parts."""

    address: str
    against: Against
    look: Look
    statistic: Statistic
    home: Home
    period: Period
    earlier: Period
    note: str = ""
    taken: Taken[str] = field(default_factory=lambda: take_apart({}, {}))
    names: Mapping[str, str] = field(default_factory=dict)
    # Code → the row of the register its figure stands at.
    ids_now: Mapping[str, int] = field(default_factory=dict)
    ids_before: Mapping[str, int] = field(default_factory=dict)

    @property
    def at(self) -> datetime:
        return periods.end_of(self.period)

    @property
    def then(self) -> datetime:
        return periods.end_of(self.earlier)

    @property
    def step(self) -> words.Change:
        return words.change(self.taken.now, self.taken.before, self.statistic.unit, self.statistic.decimals)

    # --- how its numbers are written ---
    def number(self, value: float) -> str:
        return writing.number(value, self.statistic.decimals)

    def signed(self, value: float) -> str:
        return f"{'+' if value > 0 else ''}{self.number(value)}"

    def change(self, parts: Sequence[Part[str]]) -> str:
        """Of these communes together, exactly."""
        return self.signed(float(sum((Fraction(repr(one.change)) for one in parts), Fraction(0))))

    def share(self, parts: Sequence[Part[str]]) -> str:
        """In per cent of the whole change; a dash where there is none."""
        if not self.taken.change:
            return writing.NONE
        return writing.number(sum(one.share or 0.0 for one in parts), 1)

    def points(self, parts: Sequence[Part[str]]) -> str:
        """Of the per cent by which the whole changed; a dash where it was not above zero."""
        if any(one.points is None for one in parts):
            return writing.NONE
        value = sum(one.points or 0.0 for one in parts)
        return f"{'+' if value > 0 else ''}{writing.number(value, 2)}"

    def url(self, number: Number, codes: Sequence[str] = (), after: int = 0) -> str:
        """Where its reasons are: of these communes, of all behind the first so many, or of the whole."""
        told: list[tuple[str, object]] = [
            ("indicator", self.address), ("at", clock.local(self.at).isoformat()), ("voi", self.against), ("so", WORDS[number]),
            *(("xa", code) for code in codes), *([("sau", after)] if after else []),
        ]  # fmt: skip
        if self.look.as_of:
            told.append(("as_of", self.look.as_of.isoformat()))
        return f"{self.look.once('why_change', lambda: reverse('boards:why_change'))}?{urlencode(told)}"


def change_of(address: str, against: Against, look: Look, at: datetime | None = None) -> Change | None:
    """Of the period over at `at`, or of the newest. None where no such number is, or was yet published."""
    entry, home = look.library.statistics.entries.get(address), home_of(look)
    if entry is None or home is None:
        return None
    statistic = entry.statistic
    members = home.communes(periods.last_day(look.now))
    at = at or values.newest_end(address, members, look.epoch)
    if at is None:
        return None
    period = periods.ending(at, statistic.period)
    earlier = periods.back(period, 1) if against == "last" else periods.year_before(period)
    then = periods.end_of(earlier)
    communes = {end: home.communes(periods.last_day(end)) for end in (at, then)}
    # An office may tell a past period on the units of today.
    everyone = {one for those in communes.values() for one in those}
    rows = values.by_place([address], everyone, [at, then], look.epoch)
    now, before = (
        {key: one for key, one in rows.get((address, end), {}).items() if one.value is not None}
        for end in (at, then)
    )
    lacking = (_lacks(now, [communes[at]]), _lacks(before, [communes[then], communes[at]]))
    for many, short in zip(lacking, (period, earlier), strict=True):
        if many:
            told = {"period": words.of_period(short), "n": many}
            note = _("Chưa phân tích được: %(period)s còn thiếu số của %(n)d xã, phường.") % told
            return Change(address, against, look, statistic, home, period, earlier, note)
    places = {one.pk: one for one in Place.objects.filter(pk__in=[*now, *before])}
    ids_now, ids_before = ({places[key].code: key for key in those} for those in (now, before))
    taken = take_apart(
        {code: now[key].value or 0.0 for code, key in ids_now.items()},
        {code: before[key].value or 0.0 for code, key in ids_before.items()},
    )
    names = {one.code: one.name for one in places.values()}
    return Change(
        address, against, look, statistic, home, period, earlier, "", taken, names, ids_now, ids_before
    )


def sees_all(address: str, look: Look) -> bool:
    """A part of the communes is no change of the province: whoever may not see all of them sees none of it."""
    home = home_of(look)
    members = home.communes(periods.last_day(look.now)) if home else []
    return all(look.sees(address.partition(".")[0], one) for one in members)


def _lacks(there: Mapping[int, Value], wholes: Sequence[Sequence[int]]) -> int:
    """How many communes are missing of the nearest whole province."""
    return min((sum(one not in there for one in whole) for whole in wholes if whole), default=1)
