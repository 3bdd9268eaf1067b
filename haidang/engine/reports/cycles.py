"""When a schedule is due: at an hour of working days, of a week's day, or some working days after a period's due day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from haidang.engine import clock
from haidang.engine.boards.content import library
from haidang.engine.boards.statistics import due
from haidang.engine.incidents.days import workdays_of as workdays_of_office
from haidang.engine.indicators import periods
from haidang.engine.reports.content import templates
from haidang.engine.reports.making import board_of, indicators_of
from haidang.engine.reports.models import Schedule
from haidang.engine.workdays.book import NoHours
from haidang.engine.workdays.calendar import WHOLE, Workdays

DAY = timedelta(days=1)
# Nothing older is caught up with: a report of last week is no news, and after an outage one is enough.
LOOKED_BACK = 45


class Turn(NamedTuple):
    """When, and of which period (empty: the newest figures)."""

    due_at: datetime
    period: str


def workdays_of(schedule: Schedule) -> Workdays | None:
    """Those of the owner's office; None where no content says when anybody works: then every day counts."""
    code = schedule.owner.office.code if schedule.owner.office else ""
    try:
        return workdays_of_office(code)
    except NoHours:
        return None


def last_turn(schedule: Schedule, now: datetime) -> Turn | None:
    """The newest turn that is due by now; None before the first one."""
    turns = [one for one in _turns(schedule, now) if schedule.starts_at <= one.due_at <= now]
    return max(turns, default=None)


def next_turn(schedule: Schedule, now: datetime) -> Turn | None:
    """The turn that comes next, for who asks when it will be."""
    turns = [one for one in _turns(schedule, now + LOOKED_BACK * DAY) if one.due_at > now]
    return min(turns, default=None)


def _turns(schedule: Schedule, until: datetime) -> Iterator[Turn]:
    workdays = workdays_of(schedule)
    if schedule.cycle == Schedule.Cycle.MONTHLY:
        yield from _monthly(schedule, until, workdays)
        return
    today = clock.local(until).date()
    days = [today - n * DAY for n in range(2 * LOOKED_BACK)]
    if schedule.cycle == Schedule.Cycle.WEEKLY:
        # A day off moves to the next working day.
        days = [_open(day, workdays) for day in days if day.isoweekday() == schedule.weekday]
    for day in days:
        if _works(day, workdays):
            yield Turn(_at(day, schedule.hour), "")


def _monthly(schedule: Schedule, until: datetime, workdays: Workdays | None) -> Iterator[Turn]:
    grace = _due_days(schedule.address)
    last = periods.back(periods.holding(until, "month"), -1)
    for n in range(5):
        period = periods.back(last, n)
        due_on = period.last_day + grace * DAY
        yield Turn(_at(_after(due_on, schedule.days_after, workdays), schedule.hour), period.code)


def _due_days(address: str) -> int:
    """Days after the end of a month on which its last figure is due, of all that the report shows. Raises Unknown."""
    known = library()
    thing = templates()[address] if address in templates() else board_of(address)
    monthly = [
        one
        for one in indicators_of(thing)
        if one in known.statistics.entries and known.statistics.entries[one].statistic.period == "month"
    ]
    graces = [due.grace(known, due.contracts_of(known.statistics, one), "month") for one in monthly]
    return max(graces, default=0)


def _after(due_on: date, many: int, workdays: Workdays | None) -> date:
    """So many working days after the due day; the due day itself, or the next that is worked, for none."""
    if workdays is None:
        return due_on + many * DAY
    if many:
        return workdays.advance(due_on, many * WHOLE)
    return workdays.counted_from(due_on)


def _works(day: date, workdays: Workdays | None) -> bool:
    return workdays is None or bool(workdays.sessions(day))


def _open(day: date, workdays: Workdays | None) -> date:
    return day if workdays is None else workdays.open_from(day)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), clock.LOCAL)
