"""Working days of orders that fall due with a day: of the office that has the order, by the calendars of the content."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import lru_cache

from haidang.engine import clock
from haidang.engine.store.content import standing_tree
from haidang.engine.workdays.book import KINDS, Book
from haidang.engine.workdays.calendar import WHOLE, Workdays
from haidang.engine.workdays.deadline import Term, deadline

# A day is over with its last minute; written as the minute, so that it reads as that day.
LAST_MINUTE = time(23, 59)


@lru_cache(maxsize=1)
def book() -> Book:
    return Book(standing_tree(KINDS))


def workdays_of(office_code: str = "") -> Workdays:
    """Raises NoHours where no content says when offices work."""
    return book().of_office(office_code)


def end_of(day: date) -> datetime:
    return datetime.combine(day, LAST_MINUTE, clock.LOCAL)


def day_after(since: datetime, days: int, office_code: str = "") -> date:
    """The last day of a term of so many working days that began then."""
    found = deadline(since, Term(days, "working_days"), workdays_of(office_code))
    if found.due_on is None:
        raise ValueError("a term without suspension has an end")
    return found.due_on


def between(after: date, until: date, office_code: str = "") -> float:
    """Working days after one day up to and with another; negative where it comes first."""
    return workdays_of(office_code).count(after, until) / WHOLE
