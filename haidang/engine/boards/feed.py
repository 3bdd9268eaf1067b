"""What happened last, and which sources are late: the foot of the overview."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from haidang.engine.alarms.models import Event
from haidang.engine.boards import queries
from haidang.engine.boards.sources import content, ledger
from haidang.engine.incidents.models import Entry
from haidang.engine.people.rights import may, sees_all, within

if TYPE_CHECKING:
    from haidang.engine.people.rights import Anyone


@dataclass(frozen=True, slots=True)
class LogLine:
    at: datetime
    kind: str
    text: str
    where: str
    who: str
    # The text with what people wrote marked as Vietnamese.
    marked: SafeString
    priority: int = 0
    url: str = ""


def log_lines(person: Anyone, until: datetime, most: int) -> list[LogLine]:
    """The newest lines this person may see, the newest first."""
    lines = _alarm_lines(person, until, most) + _incident_lines(person, until, most)
    return sorted(lines, key=lambda line: line.at, reverse=True)[:most]


def _alarm_lines(person: Anyone, until: datetime, most: int) -> list[LogLine]:
    allowed = within(
        person, "alarm.see", office="alarm__office", place="alarm__place", domain="alarm__domain"
    )
    events = (
        Event.objects.filter(allowed, recorded_at__lte=until, alarm__isnull=False)
        .select_related("alarm__asset__place", "alarm__source", "alarm__place", "person")
        .order_by("-recorded_at")[:most]
    )
    found = []
    for event in events:
        alarm = event.alarm
        if alarm is None:
            continue
        where = alarm.asset.name if alarm.asset else alarm.where
        who = event.person.name if event.person else _("tự động")
        text = f"{alarm.title} – {event.get_kind_display()}"
        marked = format_html("{}: {}", text, event.told_html) if event.text else format_html("{}", text)
        text += f": {event.told}" if event.text else ""
        address = alarm.get_absolute_url()
        found.append(
            LogLine(event.recorded_at, _("Báo động"), text, where, who, marked, alarm.priority, address)
        )
    return found


def _incident_lines(person: Anyone, until: datetime, most: int) -> list[LogLine]:
    if not may(person, "incident.see"):
        return []
    entries = (
        Entry.objects.for_user(person)
        .filter(at__lte=until)
        .select_related("incident__place", "conclusion__place", "person")
        .order_by("-at")[:most]
    )
    return [
        LogLine(
            entry.at,
            entry.get_kind_display(),
            f"{entry.ground.code}: {entry.told}",
            entry.ground.where,
            entry.who,
            format_html("{}: {}", entry.ground.code, entry.told_html),
            url=entry.ground.get_absolute_url(),
        )
        for entry in entries
    ]


@dataclass(frozen=True, slots=True)
class Late:
    row: queries.SourceRow

    @property
    def impact(self) -> str:
        """What hangs on it: `6 chỉ tiêu, 2 bảng, 4 quy tắc`."""
        return content.impact(self.row.address).short


@dataclass(frozen=True, slots=True)
class SourceHealth:
    on_time: int
    all: int
    late: list[Late]
    url: str
    # Somebody sees only some of the sources, and is told so where there is none.
    is_limited: bool
    # Nothing that came in since is written, so “on time” says nothing.
    standstill: ledger.Standstill | None = None


def source_health(person: Anyone, now: datetime, as_of: datetime | None, most: int) -> SourceHealth | None:
    """Sources that are silent for longer than promised, the worst first. One nobody has used yet is not late.

    None for whoever may see no sources at all.
    """
    if not may(person, "source.see"):
        return None
    mine = dict(ledger.sources_for(person).filter(is_active=True).values_list("pk", "address"))
    found = queries.sources(list(mine), as_of)
    rows = [row for row in found if row.last_received_at or (row.series and as_of is None)]
    late = [
        Late(row)
        for row in rows
        if row.last_received_at is None or (now - row.last_received_at).total_seconds() > row.silent_after_s
    ]
    try:
        url = reverse("boards:sources")
    except NoReverseMatch:
        url = ""
    is_limited = not sees_all(person, "source.see")
    still = ledger.standstill(*ledger.sums(), mine.values(), now) if as_of is None else None
    return SourceHealth(len(rows) - len(late), len(rows), late[:most], url, is_limited, still)
