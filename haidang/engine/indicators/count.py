"""A number counted out of the lines of a list: which lines, of which period, place and centre. Pure functions over values.

Three answers are possible for a line: counted, not counted, not known. An empty word or number is not known; an empty day
has not come yet, unless the rule says where it should have been told (`unknown`). Where a figure hangs on lines that are
not known there is no figure: a part is no whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from operator import ge, gt, le, lt
from typing import Any

import msgspec

from haidang.engine.contracts.sheets.days import Period
from haidang.engine.workdays.calendar import WHOLE, Workdays

Keys = tuple[str | int, ...]
# Column → what stands there: a number, a word or code, a day as 2026-10-31 (such days compare as texts); None where nothing.
Values = Mapping[str, Any]
# Day → the day it lasts until, where that is another one.
MovedDays = Mapping[str, str]

PERIOD_START, PERIOD_END = "period_start", "period_end"
DAYS = ("before", "until", "after", "since")
NUMBERS = ("over", "at_least", "under", "at_most")


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What one column must say; all of it together. Days are compared with a column of days, a day of `days`, or the first
    or last day of the period (`period_start`, `period_end`).
    """

    is_: str | list[str] | None = msgspec.field(default=None, name="is")
    not_: str | list[str] | None = msgspec.field(default=None, name="not")
    known: bool | None = None
    over: float | None = None
    at_least: float | None = None
    under: float | None = None
    at_most: float | None = None
    before: str | None = None
    until: str | None = None
    after: str | None = None
    since: str | None = None


# A word or several are short for `is`.
Test = str | list[str] | Condition
Group = dict[str, Test]


class Moved(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The day of a column, or the next one that is worked (Bộ luật Dân sự 2015, Điều 148)."""

    next_working_day: str


class WorkingDays(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Working days from a day to another: the first does not count, halves do."""

    working_days_from: str
    to: str


class Count(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Lines of a contract of sheets, counted; with `sum` a column of them added up."""

    contract: str
    # The day that says which period a line belongs to.
    period: str
    # Whose words name the commune; a line that names none is of the province only. Without it every line is.
    place: str = ""
    # By which column the figure of the province keeps its parts: its centres.
    lines: str = ""
    where: Group = {}
    # A line for which one of these holds is left out.
    unless: list[Group] = []
    # Column of days → where an empty one is not known, rather than not come yet.
    unknown: dict[str, Group] = {}
    days: dict[str, Moved] = {}
    sum: str | WorkingDays = ""

    @property
    def groups(self) -> list[tuple[Keys, Group]]:
        """Every group of conditions with where it stands."""
        return [
            (("where",), self.where),
            *((("unless", number), one) for number, one in enumerate(self.unless)),
            *((("unknown", name), one) for name, one in self.unknown.items()),
        ]

    @property
    def columns(self) -> set[str]:
        """Columns whose values it looks at."""
        found = {self.period, self.place, self.lines, *self.unknown}
        found |= {one.next_working_day for one in self.days.values()}
        if isinstance(self.sum, WorkingDays):
            found |= {self.sum.working_days_from, self.sum.to}
        else:
            found.add(self.sum)
        for _keys, group in self.groups:
            found |= group.keys()
            for one in map(condition, group.values()):
                found |= {name for key in DAYS if (name := getattr(one, key))}
        return found - {"", PERIOD_START, PERIOD_END} - self.days.keys()


def condition(test: Test) -> Condition:
    """The long form."""
    return test if isinstance(test, Condition) else Condition(is_=test)


def words_of(said: str | list[str] | None) -> list[str]:
    return [] if said is None else [said] if isinstance(said, str) else said


# --- counting --------------------------------------------------------------------------------------------------
Answer = Callable[[Values], bool | None]
# What stands there, and whether an empty day means that it has not come.
Reader = Callable[[Values], tuple[Any, bool]]
_COMPARE = {"before": lt, "until": le, "after": gt, "since": ge}
_MEASURE = {"over": gt, "at_least": ge, "under": lt, "at_most": le}


class Rule:
    """A count over lines, for one period. `moved` says until when a day off lasts. Conditions are made into functions
    once: a list has 200,000 lines, and a contract ten rules.
    """

    def __init__(self, count: Count, period: Period, moved: Callable[[str], str]) -> None:
        self.count = count
        first = period.before.last_day.toordinal() + 1
        self.start, self.end = date.fromordinal(first).isoformat(), period.last_day.isoformat()
        self.moved = moved
        self._moving = [one.next_working_day for one in count.days.values()]
        # Within these an empty day is simply empty.
        self._unknown: dict[str, Answer] = {}
        self._unknown = {name: self._all(one) for name, one in count.unknown.items()}
        self._where = self._all(count.where)
        self._unless = [self._all(one) for one in count.unless]

    def is_in(self, values: Values) -> bool:
        """Whether the line is of the period."""
        day = values.get(self.count.period)
        return day is not None and self.start <= day <= self.end

    def holds(self, values: Values) -> bool | None:
        """Whether the line counts; None where the list does not say."""
        found = self._where(values)
        if found is False:
            return False
        for one in self._unless:
            left_out = one(values)
            if left_out:
                return False
            if left_out is None:
                found = None
        return found

    def moved_days(self, values: Values) -> Iterator[tuple[str, str]]:
        """The days of this line that last until another one, with that one."""
        for name in self._moving:
            day = values.get(name)
            if day is not None and (later := self.moved(day)) != day:
                yield day, later

    def _all(self, group: Group) -> Answer:
        """Whether all of them hold; one that does not decides, whatever is not known."""
        tests = [self._test(name, condition(test)) for name, test in group.items()]

        def answer(values: Values) -> bool | None:
            found: bool | None = True
            for one in tests:
                told = one(values)
                if told is False:
                    return False
                if told is None:
                    found = None
            return found

        return answer

    def _test(self, name: str, test: Condition) -> Answer:
        value_of, known, says = self._reader(name), test.known, _says(test)
        days = [(fits, self._bound(day)) for key, fits in _COMPARE.items() if (day := getattr(test, key))]

        def answer(values: Values) -> bool | None:
            value, is_told = value_of(values)
            if known is not None and (value is not None) != known:
                return False
            if days:
                if value is None:
                    return False if is_told else None
                for fits, bound_of in days:
                    bound, is_bound_told = bound_of(values)
                    if bound is None:
                        return False if is_bound_told else None
                    if not fits(value, bound):
                        return False
                return True
            if value is None:
                return True if known is not None else None
            return says(value)

        return answer

    def _reader(self, name: str) -> Reader:
        moving = self.count.days.get(name)
        column = moving.next_working_day if moving else name
        unknown, moved = self._unknown.get(column), self.moved

        def read(values: Values) -> tuple[Any, bool]:
            value = values.get(column)
            if value is None:
                return None, unknown is None or unknown(values) is False
            return (moved(value) if moving else value), True

        return read

    def _bound(self, name: str) -> Reader:
        fixed = {PERIOD_START: self.start, PERIOD_END: self.end}.get(name)
        if fixed is None:
            return self._reader(name)
        told = fixed, True
        return lambda _values: told


def _says(test: Condition) -> Callable[[Any], bool]:
    """What a word or number must be."""
    words = None if test.is_ is None else frozenset(words_of(test.is_))
    without = frozenset(words_of(test.not_))
    numbers = [(fits, one) for key, fits in _MEASURE.items() if (one := getattr(test, key)) is not None]

    def answer(value: Any) -> bool:
        if (words is not None and value not in words) or value in without:
            return False
        return all(fits(value, one) for fits, one in numbers)

    return answer


def amount(count: Count, values: Values, workdays: Workdays) -> float | None:
    """What a line that counts adds; None where the list does not say."""
    if not count.sum:
        return 1.0
    if isinstance(count.sum, str):
        value = values.get(count.sum)
        return None if value is None else float(value)
    first, last = values.get(count.sum.working_days_from), values.get(count.sum.to)
    if first is None or last is None:
        return None
    return workdays.count(date.fromisoformat(first), date.fromisoformat(last)) / WHOLE


def mover(workdays: Workdays) -> Callable[[str], str]:
    """Until when a day lasts, by a calendar; each day is asked for once."""
    known: dict[str, str] = {}

    def moved(day: str) -> str:
        if day not in known:
            known[day] = workdays.counted_from(date.fromisoformat(day)).isoformat()
        return known[day]

    return moved
