"""Which days are worked in Viet Nam: public holidays from the package `holidays`, and what was decided on top.

A decision of our content always wins over the package, a later one over an earlier one. A year without a decision
that settles it is a plan (“lịch dự kiến”): its swap days are not known yet.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import NamedTuple

from haidang.engine.contracts.reading import Text
from haidang.engine.workdays.definition import (
    FIRST_YEAR,
    LAST_YEAR,
    OfficeHours,
    Session,
    YearDecision,
)

DAY = timedelta(days=1)
# A worked day is two halves, so that half a Saturday is a whole number.
WHOLE = 2
_PACKAGE = "holidays"  # its name, where no decision says why


@dataclass(frozen=True, slots=True)
class Special:
    """A day that is not what its weekday makes it, or that has a name; `basis` is the decision, or the package."""

    title: Text
    basis: str
    is_off: bool


class Traced(NamedTuple):
    """One day of a term: how much of a working day it counts, and why where that is not plain."""

    day: date
    counts: float
    why: Text | None
    basis: str


class OutOfCalendar(ValueError):
    """A day so far away that nothing is known of it."""


class WorkCalendar:
    """Days of all offices, from the decisions that were entered."""

    def __init__(self, decisions: Iterable[YearDecision] = ()) -> None:
        ordered = sorted(decisions, key=lambda one: one.decided_on)
        self._settled = {one.year: one for one in ordered if one.settles_year}
        self._decided = {
            day.day: Special(day.title, day.basis or one.basis, is_off)
            for one in ordered
            for days, is_off in ((one.off, True), (one.worked, False))
            for day in days
        }
        self._years: dict[int, dict[date, Special]] = {}

    def special(self, day: date) -> Special | None:
        """What is special about this day; None for an ordinary Monday or Sunday. Raises OutOfCalendar."""
        known = self._years.get(day.year)
        if known is None:
            known = self._years[day.year] = self._year(day.year)
        return known.get(day)

    def settled_by(self, year: int) -> YearDecision | None:
        """The decision about this year; None while it is a plan."""
        return self._settled.get(year)

    def days_of(self, year: int) -> dict[date, Special]:
        """Every special day of a year, in order."""
        self.special(date(year, 1, 1))
        return dict(sorted(self._years[year].items()))

    def _year(self, year: int) -> dict[date, Special]:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise OutOfCalendar(f"the calendar knows the years {FIRST_YEAR} to {LAST_YEAR}, not {year}")
        decided = {day: one for day, one in self._decided.items() if day.year == year}
        return {**_public(year), **decided}


def _public(year: int) -> dict[date, Special]:
    """Holidays and swap days of a year as the package knows them."""
    from holidays import country_holidays  # a hundred countries: only who asks for days pays for them

    vi, en = (country_holidays("VN", years=year, language=language) for language in ("vi", "en_US"))
    found = {day: Special(Text(vi=vi[day], en=en.get(day, "")), _PACKAGE, is_off=True) for day in vi}
    worked = Text(vi="Ngày làm bù", en="Working day in exchange")
    # A day worked for one of another year is known to that other year only.
    for near in (year - 1, year, year + 1):
        for day in country_holidays("VN", years=near).weekend_workdays:
            if day.year == year:
                found[day] = Special(worked, _PACKAGE, is_off=False)
    return {day: one for day, one in found.items() if day.year == year}


class Workdays:
    """The days of an office: the calendar of all and the hours it keeps. Counts are in halves of a working day."""

    def __init__(self, calendar: WorkCalendar, hours: OfficeHours) -> None:
        self.calendar, self.hours = calendar, hours
        self._saturday = round(hours.saturday_counts * WHOLE)
        self._weekday_sessions, self._saturday_sessions = hours.weekday_sessions, hours.saturday_sessions
        self._years: dict[int, list[int]] = {}

    def halves(self, day: date) -> int:
        """2 for a working day, 1 for half a Saturday, 0 for a day off."""
        special = self.calendar.special(day)
        if special:
            return 0 if special.is_off else WHOLE
        return (WHOLE, WHOLE, WHOLE, WHOLE, WHOLE, self._saturday, 0)[day.weekday()]

    def sessions(self, day: date) -> list[Session]:
        """When the office works on this day; a Saturday may have hours and still count nothing."""
        special = self.calendar.special(day)
        if special:
            return [] if special.is_off else self._weekday_sessions
        if day.weekday() == 5:
            return self._saturday_sessions
        return self._weekday_sessions if day.weekday() < 5 else []

    def count(self, after: date, until: date) -> int:
        """Halves of the days after `after` up to and with `until`; negative where `until` comes first."""
        if until < after:
            return -self.count(until, after)
        whole_years = sum(self._sums(year)[-1] for year in range(after.year, until.year))
        return whole_years + self._so_far(until) - self._so_far(after)

    def advance(self, after: date, halves: int) -> date:
        """The first day on which `halves` have passed since `after`; `after` itself for none."""
        if halves <= 0:
            return after
        year, wanted = after.year, self._so_far(after) + halves
        while (of_year := self._sums(year)[-1]) < wanted:
            wanted -= of_year
            year += 1
        return date(year, 1, 1) + DAY * bisect_left(self._sums(year), wanted)

    def open_from(self, day: date) -> date:
        """This day, or the next one on which the office has hours."""
        while not self.sessions(day):
            day += DAY
        return day

    def counted_from(self, day: date) -> date:
        """This day, or the next one that counts."""
        while not self.halves(day):
            day += DAY
        return day

    def trace(self, after: date, until: date) -> list[Traced]:
        """Every day of a term with what it counts."""
        return [self._traced(after + DAY * n) for n in range(1, (until - after).days + 1)]

    def plans(self, since: date, until: date) -> list[int]:
        """Years of this span that no decision settles."""
        return [y for y in range(since.year, until.year + 1) if self.calendar.settled_by(y) is None]

    def _traced(self, day: date) -> Traced:
        special, counts = self.calendar.special(day), self.halves(day) / WHOLE
        if special:
            return Traced(day, counts, special.title, special.basis)
        if day.weekday() >= 5:
            vi = ("Thứ Bảy", "Chủ nhật")[day.weekday() - 5]  # i18n: data
            return Traced(day, counts, Text(vi=vi, en=f"{day:%A}"), "")
        return Traced(day, counts, None, "")

    def _sums(self, year: int) -> list[int]:
        """Halves from New Year's Day up to and with each day of the year."""
        if year not in self._years:
            days = (date(year, 12, 31) - date(year, 1, 1)).days + 1
            self._years[year] = list(accumulate(self.halves(date(year, 1, 1) + DAY * n) for n in range(days)))
        return self._years[year]

    def _so_far(self, day: date) -> int:
        """Halves of the year up to and with this day."""
        return self._sums(day.year)[day.timetuple().tm_yday - 1]
