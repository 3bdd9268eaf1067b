"""The list of open alarms as a screen shows it: not acknowledged first, the urgent before the new, floods
grouped.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, F, Window

from haidang.engine import clock
from haidang.engine.alarms.counts import Counts, counts
from haidang.engine.alarms.models import Alarm, AlarmQuerySet, Event, state_word
from haidang.engine.people.rights import may

if TYPE_CHECKING:
    from haidang.engine.people.rights import Anyone

# More rows than this in one state are a flood: rows of one rule become one row with a true count.
FLOOD = 30
# The urgent are never grouped away; beyond this many a page of their own has the rest.
URGENT = 60
LISTED = ("unacked", "acked", "returned")


@dataclass(frozen=True, slots=True)
class Row:
    """One alarm, or `more` further ones of the same rule behind it."""

    alarm: Alarm
    more: int = 0
    may_act: bool = False


@dataclass(slots=True)
class Group:
    state: str
    word: str
    total: int
    rows: list[Row] = field(default_factory=list)

    @property
    def left(self) -> int:
        """How many stand behind none of the rows."""
        return self.total - sum(1 + row.more for row in self.rows)


@dataclass(frozen=True, slots=True)
class Listing:
    groups: list[Group]
    counts: Counts
    soonest: datetime | None  # when the next shelved alarm comes back
    shelved_reason: str
    per_ten_minutes: float
    quiet_since: datetime | None

    @property
    def may_act(self) -> bool:
        return any(row.may_act for group in self.groups for row in group.rows)


def listing(person: Anyone) -> Listing:
    """Everything the left pane shows, of what this person may see."""
    mine = Alarm.objects.for_user(person)
    numbers = counts(person)
    totals = {state: getattr(numbers, state) for state in LISTED}
    groups = [
        Group(state, state_word(state), total, _rows(mine.in_state(state), total))
        for state, total in totals.items()
        if total
    ]
    _mark_own(groups, person)
    shelf = mine.in_state("shelved").order_by("shelved_until").first()
    hour = clock.now() - timedelta(hours=1)
    raised = mine.filter(
        events__kind__in=(Event.Kind.RAISED, Event.Kind.AGAIN), events__recorded_at__gte=hour
    )
    last = (
        None if totals["unacked"] else mine.exclude(acknowledged_at=None).order_by("-acknowledged_at").first()
    )
    return Listing(
        groups=groups,
        counts=numbers,
        soonest=shelf.shelved_until if shelf else None,
        shelved_reason=shelf.shelved_why if shelf else "",
        per_ten_minutes=round(raised.count() / 6, 1),
        quiet_since=last.acknowledged_at if last else None,
    )


def _rows(alarms: AlarmQuerySet, total: int) -> list[Row]:
    """In a flood one row for each rule with its true number, and the urgent one by one: the database counts, so that
    thousands of alarms are as quick to list as thirty.
    """
    related = alarms.select_related("asset", "source", "place", "acknowledged_by", "series")
    newest = related.order_by("priority", "-raised_at", "-pk")
    if total <= FLOOD:
        return [Row(alarm) for alarm in newest[:FLOOD]]
    urgent = [Row(alarm) for alarm in newest.filter(priority=Alarm.Priority.URGENT)[:URGENT]]
    of_rule = Window(Count("pk"), partition_by=[F("rule")])
    others = related.exclude(priority=Alarm.Priority.URGENT).annotate(number=of_rule)
    first = list(others.order_by("rule", "priority", "-raised_at", "-pk").distinct("rule"))
    first.sort(key=lambda alarm: (alarm.priority, -alarm.raised_at.timestamp()))
    return urgent + [Row(alarm, alarm.number - 1) for alarm in first]


def _mark_own(groups: list[Group], person: Anyone) -> None:
    """Say of each row whether this person may acknowledge it: seeing an alarm is not enough."""
    if not may(person, "alarm.acknowledge"):
        return
    shown = [row.alarm.pk for group in groups for row in group.rows]
    own = Alarm.objects.for_user(person, "alarm.acknowledge").filter(pk__in=shown)
    known = set(own.values_list("pk", flat=True))
    for group in groups:
        group.rows = [replace(row, may_act=row.alarm.pk in known) for row in group.rows]
