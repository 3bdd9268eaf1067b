"""Lines of lists that are still open and close to their last day, as the lists stood at an epoch.

A list says what was so when it was exported: what was done since is told by the next one. Of a key in several lists the
one taken in last holds, as in every count.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from haidang.engine.contracts.sheets.days import Period
from haidang.engine.counting.lines import Line, standing
from haidang.engine.counting.models import CountedList
from haidang.engine.indicators.count import Count, Group, Rule, condition, mover, words_of
from haidang.engine.people.rights import Anyone, sees_all
from haidang.engine.submissions.models import Submission
from haidang.engine.workdays.calendar import WHOLE, OutOfCalendar, Workdays


@dataclass(frozen=True, slots=True)
class Open:
    """One line that waits: its last day (a day off lasts until the next working day), and the working days that are
    left of it: 0 on that day, negative when it is over.
    """

    line: Line
    due: date
    last_day: date
    left: float
    # Its last day has passed: on a Sunday what was due on Friday is over, and no working day has gone by.
    is_over: bool


def lists_for(person: Anyone | None, contract: str, also: str = "") -> Collection[int] | None:
    """The lists of a contract whose lines this person may see, and do `also` with (`export`); None: all of them."""
    acts = ["due.see", *([also] if also else [])]
    if person is None or all(sees_all(person, act) for act in acts):
        return None
    found = Submission.objects.filter(contract=contract)
    for act in acts:
        found = found & Submission.objects.for_user(person, act)
    return set(found.values_list("pk", flat=True))


def counted_lists(contract: str, epoch: int | None) -> list[Submission]:
    """The lists that counted at `epoch`, the newest period first."""
    found = CountedList.objects.filter(contract=contract, epoch__isnull=False)
    if epoch is None:
        found = found.filter(superseded=None)
    else:
        found = found.filter(epoch__lte=epoch).exclude(superseded__lte=epoch)
    known = Submission.objects.filter(pk__in=found.values("pk")).select_related("office")
    return list(known.order_by("-period", "-number", "pk"))


def close_to_due(
    contract: str, due: str, where: Group, on: date, workdays: Workdays, *,
    within: float, epoch: int | None = None, lists: Collection[int] | None = None,
) -> list[Open]:  # fmt: skip
    """Lines for which `where` holds and that are over or have at most `within` working days left, the most urgent first.

    Costs the lines that may be: the store leaves out those that are done or due later.
    """
    # A rule of counting decides, so that an open line here is one there; the period is only asked by rules that name it.
    rule = Rule(
        Count(contract=contract, period=due, where=where), Period("month", on.year, on.month), mover(workdays)
    )
    latest = max(workdays.advance(on, int(within * WHOLE)), on)
    left: dict[date, tuple[date, float]] = {}
    found: list[Open] = []
    with transaction.atomic():
        for line in _lines(contract, due, where, latest, epoch, lists):
            if rule.holds(line.values) is not True:
                continue
            day = date.fromisoformat(line.values[due])
            if day not in left:
                left[day] = _left(day, on, workdays)
            last, days = left[day]
            if days <= within:
                found.append(Open(line, day, last, days, last < on))
    return sorted(found, key=lambda one: (one.left, one.due, one.line.key))


def _left(day: date, on: date, workdays: Workdays) -> tuple[date, float]:
    try:
        last = workdays.counted_from(day)
        return last, workdays.count(on, last) / WHOLE
    except OutOfCalendar:  # a slip of the pen a century away is at least said to be over
        return day, float((day - on) // timedelta(days=1))


def _lines(
    contract: str, due: str, where: Group, latest: date, epoch: int | None, lists: Collection[int] | None
) -> Iterator[Line]:
    narrowed, values = _narrowed(where)
    if lists is not None:
        narrowed, values = f"{narrowed} AND n.list_id = ANY(%s)", [*values, sorted(lists)]
    return standing(contract, f'n."values"->>%s <= %s{narrowed}', [due, latest.isoformat(), *values], epoch)


def _narrowed(where: Group) -> tuple[str, list[Any]]:
    """What of the conditions the store can leave out by itself: words, and columns that are empty."""
    sql, values = "", list[Any]()
    for name, test in where.items():
        one = condition(test)
        if one.known is False:
            sql += ' AND n."values"->>%s IS NULL'
            values.append(name)
        if one.is_ is not None:
            sql += ' AND n."values"->>%s = ANY(%s)'
            values += [name, words_of(one.is_)]
    return sql, values
