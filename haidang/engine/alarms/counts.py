"""Open alarms by state and priority, in one query: the header, the tab title and the sound follow these."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Case, CharField, Count, Q, Value, When

from haidang.engine.alarms import past
from haidang.engine.alarms.models import Alarm, OutOfService

if TYPE_CHECKING:
    from haidang.engine.people.rights import Anyone


@dataclass(frozen=True, slots=True)
class Counts:
    """`unacked` by priority; the other states of ISA-18.2 as plain numbers."""

    p1: int = 0
    p2: int = 0
    p3: int = 0
    acked: int = 0
    returned: int = 0
    shelved: int = 0
    suppressed: int = 0
    out_of_service: int = 0

    @property
    def unacked(self) -> int:
        return self.p1 + self.p2 + self.p3


def counts(person: Anyone) -> Counts:
    """What this person may see of it."""
    state = Case(
        When(is_suppressed=True, then=Value("suppressed")),
        When(shelved_until__isnull=False, then=Value("shelved")),
        When(returned_at__isnull=False, then=Value("returned")),
        When(acknowledged_at__isnull=False, then=Value("acked")),
        default=Value("unacked"),
        output_field=CharField(),
    )
    rows = Alarm.objects.for_user(person).open().annotate(in_state=state).values_list("in_state", "priority")
    found: dict[str, int] = {}
    for name, priority, number in rows.annotate(number=Count("pk")).order_by():
        key = f"p{priority}" if name == "unacked" else name
        found[key] = found.get(key, 0) + number
    return Counts(**found, out_of_service=OutOfService.objects.for_user(person).filter(ended_at=None).count())


def counts_at(person: Anyone, then: datetime) -> Counts:
    """The same as it stood at that instant."""
    rows = [row for row in past.open_at(person, then) if not row.is_closed]
    found = Counter(f"p{row.priority}" if row.state == "unacked" else row.state for row in rows)
    stopped = OutOfService.objects.for_user(person).filter(Q(ended_at=None) | Q(ended_at__gt=then))
    return Counts(**found, out_of_service=stopped.filter(since__lte=then).count())
