"""When something is due, how much time is left, and whether it was in time.

While an office waits for the citizen the clock stands: the day of the request still counts, the days after it up to and
with the day of the answer do not, as if the answer began the rest of the term. A request on the last day leaves the day
of the answer. This is our reading; no text was found that says it, so papers show it with its note.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from haidang.engine.clock import local
from haidang.engine.contracts.reading import Text
from haidang.engine.workdays.calendar import Traced, Workdays
from haidang.engine.workdays.definition import YearDecision
from haidang.engine.workdays.rulers import Moment, Ruler, Unit, closing, ruler_of

BASIS = "Bộ luật Dân sự 91/2015/QH13, Điều 147 và Điều 148"  # i18n: data
UNITS: dict[Unit, Text] = {
    "hours": Text(vi="giờ", en="hours"),
    "working_hours": Text(vi="giờ làm việc", en="working hours"),
    "days": Text(vi="ngày", en="days"),
    "working_days": Text(vi="ngày làm việc", en="working days"),
}


class Term(NamedTuple):
    """So many of a unit. Working days may be halves, days are whole, hours may be parts down to the second."""

    amount: float
    unit: Unit


class Suspension(NamedTuple):
    """Waiting for the citizen; without `until` still waiting."""

    since: Moment
    until: Moment | None = None


class Verdict(StrEnum):
    """How something stands against its deadline. Terms in hours know no `early`."""

    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"
    RUNNING = "running"
    OVERDUE = "overdue"
    SUSPENDED = "suspended"


WORDS = {
    Verdict.EARLY: Text(vi="sớm hạn", en="early"),
    Verdict.ON_TIME: Text(vi="đúng hạn", en="on time"),
    Verdict.LATE: Text(vi="trễ hạn", en="late"),
    Verdict.RUNNING: Text(vi="trong hạn", en="within its term"),
    Verdict.OVERDUE: Text(vi="quá hạn", en="overdue"),
    Verdict.SUSPENDED: Text(vi="tạm dừng, chờ công dân", en="suspended, waiting for the citizen"),
}
WAITING = Text(vi="Chờ công dân bổ sung", en="Waiting for the citizen")


@dataclass(frozen=True, slots=True)
class Deadline:
    """What came of a term. `due` and `due_at` are None while it is suspended; then `left` is what remains of it."""

    term: Term
    workdays: Workdays
    received: Moment
    counted_from: Moment
    due: Moment | None
    due_at: datetime | None
    suspensions: tuple[Suspension, ...]
    # In the term's unit, at the last event: the receipt, or the latest suspension that counted.
    left: float
    # Years of its span for which no decision on holidays was entered: the date is a plan.
    plans: tuple[int, ...]

    @property
    def due_on(self) -> date | None:
        return local(self.due_at).date() if self.due_at else None

    def trace(self) -> list[Traced]:
        """Every day after the one it is counted from, up to the last: what it counts and why. Hours have none."""
        if self.due is None or self.term.unit == "hours":
            return []
        days = self.workdays.trace(_day(self.counted_from), _day(self.due))
        days = [
            one._replace(counts=0, why=WAITING, basis="") if self._waits_on(one.day) else one for one in days
        ]
        return _as_days(days, self.term.amount) if self.term.unit == "days" else days

    def _waits_on(self, day: date) -> bool:
        """Whether this whole day is waited; the day of the request still counts, that of the answer does not."""
        if self.term.unit == "working_hours":
            return any(_day(s.since) < day < _day(s.until) for s in self.suspensions if s.until)
        start = ruler_of(self.term.unit, self.workdays).start
        return any(_day(s.since) < day <= start(s.until) for s in self.suspensions if s.until)

    def decisions(self) -> dict[int, YearDecision]:
        """What settled the years of its span."""
        last = self.due_on or _day(self.counted_from)
        years = range(_day(self.received).year, last.year + 1)
        return {year: one for year in years if (one := self.workdays.calendar.settled_by(year))}

    def is_suspended(self, at: Moment) -> bool:
        """Whether one waits for the citizen then."""
        return any(
            _not_after(s.since, at) and (s.until is None or not _not_after(s.until, at))
            for s in self.suspensions
        )

    def remaining(self, at: Moment) -> float:
        """What is left in the term's unit; negative when it is over. While suspended: what is left of the term."""
        if self.due is None:
            return self.left
        ruler = ruler_of(self.term.unit, self.workdays)
        return _measured(ruler, at, self.due) / ruler.parts_of_unit

    def verdict(self, at: Moment, finished: Moment | None = None) -> Verdict:
        """At `at`, or of what was finished before. Terms in days are judged by the day, till midnight."""
        if finished is not None:
            return self._of_finished(finished)
        if self.due is None or self.is_suspended(at):
            return Verdict.SUSPENDED
        return Verdict.RUNNING if _not_after(at, self.due) else Verdict.OVERDUE

    def _of_finished(self, finished: Moment) -> Verdict:
        if self.due is None:
            return Verdict.ON_TIME  # while it waits no deadline can pass
        if not _not_after(finished, self.due):
            return Verdict.LATE
        is_early = not isinstance(self.due, datetime) and _day(finished) < self.due
        return Verdict.EARLY if is_early else Verdict.ON_TIME


def deadline(
    received: Moment, term: Term, workdays: Workdays, suspensions: Iterable[Suspension] = ()
) -> Deadline:
    """When what was received then is due. Raises ValueError for a term or suspensions that cannot be."""
    ruler = ruler_of(term.unit, workdays)
    waits = _in_order(received, suspensions)
    return _run(ruler, received, term, workdays, waits)


def _run(
    ruler: Ruler[Any], received: Moment, term: Term, workdays: Workdays, waits: Sequence[Suspension]
) -> Deadline:
    left = _parts(term, ruler.parts_of_unit)
    position = first = ruler.start(received)
    counted: list[Suspension] = []
    due: Moment | None = None
    for wait in waits:
        since = max(ruler.place(wait.since), position)
        if since > ruler.after(position, left):
            break  # it was over before anybody asked
        counted.append(wait)
        left = max(0, left - ruler.between(position, since))
        position = since
        if wait.until is None:
            break
        position = max(position, ruler.start(wait.until))
    if not (counted and counted[-1].until is None):
        due = ruler.after(position, left)
    end = position if due is None else due
    return Deadline(
        term=term,
        workdays=workdays,
        received=received,
        counted_from=first,
        due=due,
        due_at=due if due is None or isinstance(due, datetime) else closing(workdays, due),
        suspensions=tuple(counted),
        left=left / ruler.parts_of_unit,
        plans=tuple([] if term.unit == "hours" else workdays.plans(_day(received), _day(end))),
    )


def _parts(term: Term, parts_of_unit: int) -> int:
    """The term as a whole number of the ruler's parts."""
    parts = term.amount * parts_of_unit
    if not 0 < term.amount <= 10_000 or parts != round(parts):
        smallest = {1: "whole days", 2: "halves of working days"}.get(parts_of_unit, "whole seconds")
        raise ValueError(
            f"a term of {term.amount:g} {term.unit} cannot be: it is counted in {smallest}, from 1 up"
        )
    return round(parts)


def _in_order(received: Moment, suspensions: Iterable[Suspension]) -> list[Suspension]:
    """By their beginning, none within another; raises ValueError."""
    waits = sorted(suspensions, key=lambda wait: _sortable(wait.since))
    before: Moment = received
    for number, wait in enumerate(waits):
        if not _not_after(before, wait.since):
            what = "the receipt" if number == 0 else "the end of the suspension before it"
            raise ValueError(f"the suspension since {wait.since} begins before {what} ({before})")
        if wait.until is None:
            if number + 1 < len(waits):
                raise ValueError(f"the suspension since {wait.since} has no end, but another one follows it")
        elif not _not_after(wait.since, wait.until):
            raise ValueError(f"the suspension since {wait.since} ends before it begins ({wait.until})")
        else:
            before = wait.until
    return waits


def _as_days(days: list[Traced], amount: float) -> list[Traced]:
    """Of a term in days: each counts one until it is over; what follows only waits for a working day."""
    found, passed = [], 0.0
    for one in days:
        counts = 0.0 if one.why is WAITING or passed >= amount else 1.0
        passed += counts
        found.append(one._replace(counts=counts))
    return found


def _measured(ruler: Ruler[Any], at: Moment, due: Moment) -> int:
    return ruler.between(ruler.place(at), ruler.place(due))


def _not_after(one: Moment, other: Moment) -> bool:
    """Compared as instants where both are, else as days."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one <= other
    return _day(one) <= _day(other)


def _sortable(moment: Moment) -> tuple[date, float]:
    return _day(moment), moment.timestamp() if isinstance(moment, datetime) else 0.0


def _day(moment: Moment) -> date:
    return local(moment).date() if isinstance(moment, datetime) else moment
