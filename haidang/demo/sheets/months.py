"""Months as numbers, and what Tết does to them: the holiday wanders between January and February."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

LOCAL = timezone(timedelta(hours=7))
# First day of the lunar year. Beyond the list a year is taken as an ordinary one.
TET = {
    2021: date(2021, 2, 12), 2022: date(2022, 2, 1), 2023: date(2023, 1, 22), 2024: date(2024, 2, 10), 2025: date(2025, 1, 29),
    2026: date(2026, 2, 17), 2027: date(2027, 2, 6), 2028: date(2028, 1, 26), 2029: date(2029, 2, 13), 2030: date(2030, 2, 3),
}  # fmt: skip
# Since when the province and its communes are those of today.
MERGED = 2025 * 12 + 6


def day_of(seconds: float) -> date:
    """The day on Vietnamese clocks."""
    return datetime.fromtimestamp(seconds, LOCAL).date()


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """`number` counts months since the year 0, so that they can be added and compared."""

    number: int

    @classmethod
    def of(cls, year: int, month: int) -> Month:
        return cls(year * 12 + month - 1)

    @classmethod
    def at(cls, seconds: float) -> Month:
        day = day_of(seconds)
        return cls.of(day.year, day.month)

    @property
    def year(self) -> int:
        return self.number // 12

    @property
    def month(self) -> int:
        return self.number % 12 + 1

    @property
    def code(self) -> str:
        return f"{self.year}-{self.month:02}"

    @property
    def before(self) -> Month:
        return Month(self.number - 1)

    @property
    def last_year(self) -> Month:
        return Month(self.number - 12)

    @property
    def days(self) -> int:
        return calendar.monthrange(self.year, self.month)[1]

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.month, self.days)

    def since_january(self) -> Iterator[Month]:
        return (Month(number) for number in range(self.year * 12, self.number + 1))

    def share_of(self, first: date, days: int) -> float:
        """How much of a stretch of days lies within this month, from 0 to 1."""
        begin, end = self.first_day.toordinal(), self.last_day.toordinal() + 1
        inside = min(end, first.toordinal() + days) - max(begin, first.toordinal())
        return max(0, inside) / days

    def around_tet(self, first: int, days: int) -> float:
        """The same of `days` days that begin `first` days from Tết (−14: two weeks before)."""
        tet = TET.get(self.year)
        return self.share_of(tet + timedelta(days=first), days) if tet else 0.0
