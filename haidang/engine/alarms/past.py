"""Alarms as they stood at an instant, told again from what happened to them.

The alarm's own row says how it stands now: raising again overwrites when it rose and who acknowledged it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from haidang.engine.alarms.models import STATES, Alarm, Event, state_of, state_word

if TYPE_CHECKING:
    from haidang.engine.people.models import Person
    from haidang.engine.people.rights import Anyone

Kind = Event.Kind


@dataclass(slots=True)
class Past:
    """One alarm as it stood then."""

    alarm: Alarm
    raised_at: datetime
    at: datetime
    value: float | None
    priority: int
    acknowledged_at: datetime | None = None
    acknowledged_by: Person | None = None
    returned_at: datetime | None = None
    shelved_reason: str = ""
    is_suppressed: bool = False
    is_closed: bool = False

    @property
    def state(self) -> str:
        return state_of(
            closed=self.is_closed, suppressed=self.is_suppressed, shelved=bool(self.shelved_reason),
            returned=bool(self.returned_at), acknowledged=bool(self.acknowledged_at),
        )  # fmt: skip

    @property
    def state_word(self) -> str:
        return state_word(self.state)

    @classmethod
    def now(cls, alarm: Alarm) -> Past:
        """As its own row says."""
        return cls(
            alarm, alarm.raised_at, alarm.at, alarm.value, alarm.priority, alarm.acknowledged_at,
            alarm.acknowledged_by, alarm.returned_at, alarm.shelved_why, alarm.is_suppressed,
            alarm.closed_at is not None,
        )  # fmt: skip

    def hear(self, event: Event) -> None:
        """One thing that happened, in its turn."""
        if event.kind == Kind.AGAIN:
            self.raised_at, self.at = event.recorded_at, event.at or event.recorded_at
            self.value, self.priority = event.value, event.priority
            self.returned_at = self.acknowledged_at = self.acknowledged_by = None
        elif event.kind == Kind.RETURNED:
            self.returned_at = event.recorded_at
            self.is_closed = bool(self.acknowledged_at or self.is_suppressed)
        elif event.kind == Kind.ACKNOWLEDGED:
            self.acknowledged_at, self.acknowledged_by = event.recorded_at, event.person
            self.is_closed = self.returned_at is not None
        elif event.kind in (Kind.SHELVED, Kind.UNSHELVED):
            self.shelved_reason = event.told if event.kind == Kind.SHELVED else ""
        elif event.kind in (Kind.SUPPRESSED, Kind.UNSUPPRESSED):
            self.is_suppressed = event.kind == Kind.SUPPRESSED


def told(alarms: Iterable[Alarm], then: datetime) -> list[Past]:
    """These alarms as they stood then; those that had not risen yet are left out."""
    known = {alarm.pk: alarm for alarm in alarms}
    events = Event.objects.filter(alarm__in=list(known), recorded_at__lte=then).select_related("person")
    found: dict[int, Past] = {}
    for event in events.order_by("recorded_at", "pk"):
        pk = event.alarm_id or 0
        if event.kind == Kind.RAISED:
            at = event.at or event.recorded_at
            found[pk] = Past(known[pk], event.recorded_at, at, event.value, event.priority)
        elif pk in found:
            found[pk].hear(event)
    return list(found.values())


def open_at(person: Anyone, then: datetime) -> list[Past]:
    """Alarms this person may see that were open at that instant, the urgent and the newest first."""
    candidates = Alarm.objects.for_user(person).filter(Q(closed_at=None) | Q(closed_at__gt=then))
    risen = Event.objects.filter(kind=Kind.RAISED, recorded_at__lte=then).values("alarm")
    rows = told(candidates.filter(pk__in=risen).select_related("asset", "source", "place"), then)
    return sorted(rows, key=lambda row: (row.priority, -row.raised_at.timestamp()))


def by_state(rows: Iterable[Past]) -> list[tuple[str, list[Past]]]:
    """(word, rows) of each state there was, in the order of the header; none of them is hidden."""
    found: dict[str, list[Past]] = defaultdict(list)
    for row in rows:
        found[row.state].append(row)
    return [(state_word(state), found[state]) for state in STATES if found[state]]
