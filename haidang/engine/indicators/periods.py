"""Weeks, months, quarters and years as figures keep them: by the instant at which they are over, on Vietnamese clocks.

A week is one of ISO 8601 and belongs to the month, quarter and year in which its Thursday lies: so every week belongs to
exactly one of each.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from fractions import Fraction

from haidang.engine import clock
from haidang.engine.contracts.sheets.days import Period, PeriodName
from haidang.engine.indicators.statistic import LENGTHS

MONTHS = LENGTHS


def end_of(period: Period) -> datetime:
    """The first instant after it."""
    return day_after(period.last_day)


def day_after(day: date) -> datetime:
    """The first instant after a day."""
    return datetime.combine(day + timedelta(days=1), time(), clock.LOCAL)


def last_day(end: datetime) -> date:
    """The last day of the period that is over at `end`: units and formulas are those of that day."""
    return (clock.local(end) - timedelta(microseconds=1)).date()


def ending(end: datetime, kind: PeriodName) -> Period:
    """The period of this kind that is over at `end`. Raises ValueError where none is."""
    found = holding(end, kind)
    if end_of(found) != end:
        raise ValueError(f"{clock.local(end).isoformat()} is not the end of a {kind}")
    return found


def holding(end: datetime, kind: PeriodName) -> Period:
    """The period of this kind in which the last day before `end` lies."""
    day = last_day(end)
    if kind == "week":
        return Period.holding_week(day)
    if kind == "year":
        return Period("year", day.year)
    return Period(kind, day.year, (day.month - 1) // MONTHS[kind] + 1)


def back(period: Period, many: int) -> Period:
    """So many periods earlier; later for a negative number."""
    if period.kind == "week":
        return Period.holding_week(period.last_day - timedelta(weeks=many))
    per_year = 12 // MONTHS[period.kind]
    count = period.year * per_year + max(period.number, 1) - 1 - many
    return Period(period.kind, count // per_year, count % per_year + 1 if per_year > 1 else 0)


def within(period: Period, kind: PeriodName) -> list[Period]:
    """The shorter periods that make up a longer one, the first first; itself for its own kind."""
    if kind == "week":
        return [period] if period.kind == "week" else _weeks(period)
    many = MONTHS[period.kind] // MONTHS[kind]
    if many <= 1:
        return [period] if many == 1 else []
    first = (max(period.number, 1) - 1) * many
    return [Period(kind, period.year, first + number + 1) for number in range(many)]


def _weeks(period: Period) -> list[Period]:
    """Those whose Thursday lies in a month, quarter or year."""
    first_day = back(period, 1).last_day + timedelta(days=1)
    thursday = first_day + timedelta(days=(3 - first_day.weekday()) % 7)
    many = (period.last_day - thursday).days // 7 + 1
    return [Period.holding_week(thursday + timedelta(weeks=number)) for number in range(many)]


def longer_of(period: Period, kind: PeriodName) -> Period:
    """The longer period that counts this one among its own: `within` the other way round."""
    if period.kind == "week":
        return holding(end_of(period) - timedelta(days=3), kind)
    return holding(end_of(period), kind)


def year_before(period: Period) -> Period:
    """The same period of the year before; of week 53 the last week of a year that has only 52."""
    if period.kind != "week":
        return Period(period.kind, period.year - 1, period.number)
    last = date(period.year - 1, 12, 28).isocalendar().week
    return Period("week", period.year - 1, min(period.number, last))


def of_year(period: Period) -> Fraction:
    """Which part of its year is over with this period: 10/12 after October."""
    if period.kind == "year":
        return Fraction(1)
    return Fraction(period.number, len(within(Period("year", period.year), period.kind)))


def since_january(period: Period) -> list[Period]:
    """The periods of its year up to this one, itself the last."""
    return within(Period("year", period.year), period.kind)[: max(period.number, 1)]


def written(period: Period) -> str:
    """As it is typed: 2026-10, 2026-Q4, 2026-W47, 2026."""
    return period.code
