"""Which periods of a contract are owed, and until when."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from haidang.engine import clock
from haidang.engine.contracts.sheets.days import Period, PeriodName
from haidang.engine.contracts.sheets.definition import SheetContract


def holding(kind: PeriodName, day: date) -> Period:
    """The week, month, quarter or year a day lies in."""
    if kind == "week":
        return Period.holding_week(day)
    if kind == "year":
        return Period("year", day.year)
    return Period(kind, day.year, day.month if kind == "month" else (day.month + 2) // 3)


def present(terms: SheetContract, day: date) -> Period:
    """The period of a contract that runs on that day. Raises ValueError where it comes without a period."""
    if terms.period == "none":
        raise ValueError("a contract without periods owes none")
    return holding(terms.period, day)


def back(period: Period, count: int) -> list[Period]:
    """`count` periods up to this one, the newest first."""
    found = [period]
    while len(found) < count:
        found.append(found[-1].before)
    return found


def following(period: Period) -> Period:
    return holding(period.kind, period.last_day + timedelta(days=1))


def due_on(contract: SheetContract, period: Period) -> date:
    """The last day on which a file of this period is in time."""
    return period.last_day + timedelta(days=contract.due_days)


def days_late(due: date, answered: date, connected: date) -> int:
    """Days between the due day and the day an office answered, or today while it has not. The one measure of late, of
    the desk, the matrix and the boards: what was due before its source was connected was not owed and is never late.
    """
    return max(0, (answered - due).days) if due >= connected else 0


def ends_at(day: date) -> datetime:
    """The first instant after that day in Việt Nam."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=clock.LOCAL)
