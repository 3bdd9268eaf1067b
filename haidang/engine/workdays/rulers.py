"""Four ways to measure a term: hours, working hours, days, working days.

Each ruler places a moment on its own scale (a day, or an instant) and goes along it. What the Civil Code says of terms
(Bộ luật Dân sự 91/2015/QH13, Điều 147–148) is in here: a term in days begins on the day after the event and, where its
last day is a day off, ends with the next working day; a term in hours begins at the moment itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, Protocol, TypeVar

from haidang.engine.clock import LOCAL, local
from haidang.engine.workdays.calendar import DAY, WHOLE, Workdays

Unit = Literal["hours", "working_hours", "days", "working_days"]
# A day where no hour is known, as in the lists of one-stop systems; else an aware instant.
Moment = date | datetime
P = TypeVar("P", date, datetime)


class Ruler(Protocol[P]):
    """Positions are days or local instants; amounts are whole numbers of the ruler's smallest part."""

    parts_of_unit: int

    def start(self, moment: Moment) -> P:
        """Where a term that this event begins, or lets go on, is counted from."""

    def place(self, moment: Moment) -> P:
        """Where an event lies."""

    def between(self, since: P, until: P) -> int:
        """What has passed; negative where `until` comes first."""

    def after(self, since: P, amount: int) -> P:
        """Where a term of `amount` ends."""


class _OfDays:
    """What both rulers of days share: an event after hours, or on a day off, belongs to the next day with hours."""

    def __init__(self, workdays: Workdays) -> None:
        self.workdays = workdays

    def start(self, moment: Moment) -> date:
        day = self.place(moment)
        if isinstance(moment, datetime):
            sessions = self.workdays.sessions(day)
            if sessions and local(moment).time() > sessions[-1][1]:
                day += DAY
        return self.workdays.open_from(day)

    def place(self, moment: Moment) -> date:
        return local(moment).date() if isinstance(moment, datetime) else moment


class WorkingDays(_OfDays):
    """In halves of working days."""

    parts_of_unit = WHOLE

    def between(self, since: date, until: date) -> int:
        return self.workdays.count(since, until)

    def after(self, since: date, amount: int) -> date:
        return self.workdays.advance(since, amount)


class CalendarDays(_OfDays):
    """In days, working or not."""

    parts_of_unit = 1

    def between(self, since: date, until: date) -> int:
        return (until - since).days

    def after(self, since: date, amount: int) -> date:
        return self.workdays.counted_from(since + DAY * amount) if amount > 0 else since


class ClockHours:
    """In seconds, day and night."""

    parts_of_unit = 3600

    def start(self, moment: Moment) -> datetime:
        return _instant(moment)

    def place(self, moment: Moment) -> datetime:
        return _instant(moment)

    def between(self, since: datetime, until: datetime) -> int:
        return round((until - since).total_seconds())

    def after(self, since: datetime, amount: int) -> datetime:
        return since + timedelta(seconds=amount)


class WorkingHours:
    """In seconds of the office's hours."""

    parts_of_unit = 3600

    def __init__(self, workdays: Workdays) -> None:
        self.workdays = workdays

    def start(self, moment: Moment) -> datetime:
        """The moment itself, or the next one at which the office works."""
        instant = _instant(moment)
        opens, _ = next(self._sessions(instant))
        return max(instant, opens)

    def place(self, moment: Moment) -> datetime:
        return _instant(moment)

    def between(self, since: datetime, until: datetime) -> int:
        if until < since:
            return -self.between(until, since)
        passed = timedelta()
        for opens, closes in self._sessions(since):
            if opens >= until:
                break
            passed += min(closes, until) - max(opens, since)
        return round(passed.total_seconds())

    def after(self, since: datetime, amount: int) -> datetime:
        left = timedelta(seconds=amount)
        for opens, closes in self._sessions(since):
            begins = max(opens, since)
            if closes - begins >= left:
                return begins + left
            left -= closes - begins
        raise AssertionError("sessions never end")  # the calendar raises OutOfCalendar before

    def _sessions(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Sessions that end after `since`, in order, without end."""
        day = since.date()
        while True:
            for opens, closes in self.workdays.sessions(day):
                if (ends := _at(day, closes)) > since:
                    yield _at(day, opens), ends
            day += DAY


def ruler_of(unit: Unit, workdays: Workdays) -> Ruler[Any]:
    match unit:
        case "hours":
            return ClockHours()
        case "working_hours":
            return WorkingHours(workdays)
        case "days":
            return CalendarDays(workdays)
        case "working_days":
            return WorkingDays(workdays)


def closing(workdays: Workdays, day: date) -> datetime:
    """When the office closes on this day; the day's end where it has no hours."""
    sessions = workdays.sessions(day)
    return _at(day, sessions[-1][1]) if sessions else _at(day + DAY, time.min)


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, LOCAL)


def _instant(moment: Moment) -> datetime:
    if not isinstance(moment, datetime):
        raise TypeError("a term in hours needs the hour of each event, not only its day")
    return local(moment)
