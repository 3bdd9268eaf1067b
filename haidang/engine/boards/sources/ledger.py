"""Sums of each source: what the doors received against what became of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Q, QuerySet, Sum

from haidang.engine import clock
from haidang.engine.contracts.definition import Contract, SourceDefinition
from haidang.engine.people.rights import sees_all, within
from haidang.engine.store.doors import DoorRefusal
from haidang.engine.store.models import DoorCount, Epoch, Refusal, Series, Source, Tally

if TYPE_CHECKING:
    from haidang.engine.people.rights import Anyone

# A source that may be silent longer than this promises no rhythm: it speaks when somebody sends.
NO_RHYTHM_S = 30 * 86400


@dataclass(frozen=True, slots=True)
class Sums:
    """Records of one source. `received` is counted at the doors, the others by ingest."""

    received: int = 0
    stored: int = 0
    duplicate: int = 0
    refused: int = 0
    failed: int = 0

    @property
    def settled(self) -> int:
        return self.stored + self.duplicate + self.refused + self.failed

    @property
    def waiting(self) -> int:
        """Received and not settled yet: the queue. Below nothing, the sum is broken."""
        return self.received - self.settled

    @property
    def closes(self) -> bool:
        return self.waiting == 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.received + other.received,
            self.stored + other.stored,
            self.duplicate + other.duplicate,
            self.refused + other.refused,
            self.failed + other.failed,
        )


@dataclass(frozen=True, slots=True)
class DoorSum:
    """What came through one door."""

    door: str
    received: int
    messages: int
    waiting_from: datetime | None


@dataclass(slots=True)
class Account:
    """One source as the pages show it."""

    source: Source
    definition: SourceDefinition | None
    contract: Contract | None
    sums: Sums
    doors: list[DoorSum]
    now: datetime
    stations: int = 0
    on_time: int = 0
    open_refusals: int = 0
    turned_away: int = 0

    @property
    def has_rhythm(self) -> bool:
        return self.source.silent_after_s < NO_RHYTHM_S

    @property
    def age_s(self) -> float | None:
        at = self.source.last_received_at
        return None if at is None else max(0.0, (self.now - at).total_seconds())

    @property
    def is_silent(self) -> bool:
        """Spoke once and has been quiet for longer than it promised."""
        return self.has_rhythm and self.age_s is not None and self.age_s > self.source.silent_after_s

    @property
    def late_stations(self) -> int:
        return self.stations - self.on_time


@dataclass(slots=True)
class Books:
    """What is asked once for all sources."""

    sums: Mapping[str, Sums]
    doors: Mapping[str, list[DoorSum]]
    stations: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    open_refusals: Mapping[int, int] = field(default_factory=dict)
    turned_away: Mapping[str, int] = field(default_factory=dict)


def sources_for(person: Anyone) -> QuerySet[Source]:
    """Sources this person may see."""
    seen = within(person, "source.see", office="office", domain="domain")
    return Source.objects.filter(seen).select_related("office").order_by("-is_active", "address")


def sums() -> tuple[dict[str, Sums], dict[str, list[DoorSum]]]:
    """Sums and doors of every source by address; sources the record does not know are among them.

    One statement reads both sides of the sum, so that records settled between two reads do not show as missing.
    """
    doors: dict[str, list[DoorSum]] = defaultdict(list)
    settled = {
        tally.source.address: tally
        for tally in Tally.objects.select_related("source").only(
            "stored", "duplicate", "refused", "failed", "source__address"
        )
    }
    for row in DoorCount.objects.order_by("source_address", "door"):
        doors[row.source_address].append(DoorSum(row.door, row.received, row.messages, row.waiting_from))
    found: dict[str, Sums] = {}
    for address in {*doors, *settled}:
        tally = settled.get(address)
        received = sum(door.received for door in doors[address])
        found[address] = (
            Sums(received, tally.stored, tally.duplicate, tally.refused, tally.failed)
            if tally
            else Sums(received)
        )
    return found, doors


# Ingest writes what the doors took within a second or two; when nothing was for longer while records wait, it stands still.
STILL_S = 20


@dataclass(frozen=True, slots=True)
class Standstill:
    """The doors take records that nobody writes: what is shown stands where it stood at `since`."""

    waiting: int
    since: datetime | None


def standstill(
    totals: Mapping[str, Sums], doors: Mapping[str, list[DoorSum]], addresses: Iterable[str], now: datetime
) -> Standstill | None:
    """Whether of these sources records wait for long while ingest has written nothing of any source."""
    queue = [one for one in addresses if one in totals and totals[one].waiting > 0]
    waiting = sum(totals[address].waiting for address in queue)
    if not any(_waits_s(doors[address], now) > STILL_S for address in queue):
        return None
    last = Epoch.objects.filter(actor="ingest").order_by("-pk").values_list("committed_at", flat=True).first()
    if last is not None and (now - last).total_seconds() <= STILL_S:
        return None
    return Standstill(waiting, last)


def _waits_s(doors: Iterable[DoorSum], now: datetime) -> float:
    """How long the first of a source's queue has been waiting; a queue begins anew at whichever door comes first."""
    begun = [door.waiting_from for door in doors if door.waiting_from]
    return (now - max(begun)).total_seconds() if begun else float("inf")


def books(now: datetime | None = None) -> Books:
    """Everything the list of sources needs, in five queries whatever their number."""
    now = now or clock.now()
    totals, doors = sums()
    return Books(
        totals,
        doors,
        stations=_stations(now),
        open_refusals={
            row["source"]: row["count"]
            for row in Refusal.objects.filter(replayed_at=None).values("source").annotate(count=Count("id"))
        },
        turned_away={
            row["source_address"]: row["total"]
            for row in DoorRefusal.objects.filter(minute__gt=now - timedelta(hours=24))
            .values("source_address")
            .annotate(total=Sum("count"))
        },
    )


def _stations(now: datetime) -> dict[int, tuple[int, int]]:
    """Per source: how many stations have ever spoken, and how many are within their promised interval."""
    total: dict[int, int] = defaultdict(int)
    on_time: dict[int, int] = defaultdict(int)
    rows = (
        Series.objects.filter(asset__is_active=True, asset__is_trial=False)
        .values("source_id", "source__silent_after_s", "asset_id")
        .annotate(last=Max("last_recorded_at"))
    )
    for row in rows:
        total[row["source_id"]] += 1
        if row["last"] and (now - row["last"]).total_seconds() <= row["source__silent_after_s"]:
            on_time[row["source_id"]] += 1
    return {source: (count, on_time[source]) for source, count in total.items()}


def definition_of(address: str) -> SourceDefinition | None:
    """What the content says of a source; one of files has no contract of readings beside it."""
    from haidang.engine.boards.sources.content import tree

    entry = tree().sources.get(address)
    return entry.thing if entry else None


def account(
    source: Source, book: Books, terms: Mapping[str, tuple[SourceDefinition, Contract]], now: datetime
) -> Account:
    """One source's account out of what was asked for all."""
    definition, contract = terms.get(source.address) or (definition_of(source.address), None)
    stations, on_time = book.stations.get(source.pk, (0, 0))
    return Account(
        source=source,
        definition=definition,
        contract=contract,
        sums=book.sums.get(source.address, Sums()),
        doors=book.doors.get(source.address, []),
        now=now,
        stations=stations,
        on_time=on_time,
        open_refusals=book.open_refusals.get(source.pk, 0),
        turned_away=book.turned_away.get(source.address, 0),
    )


def strangers(book: Books, known: set[str]) -> list[tuple[str, Sums]]:
    """Addresses the doors let in that no source of the record answers for."""
    return sorted((address, found) for address, found in book.sums.items() if address not in known)


def visible_doors(person: Anyone, since: datetime) -> QuerySet[DoorRefusal]:
    """What the doors turned away, as far as this person's sources go; unknown addresses for whoever sees all."""
    mine = (
        Q() if sees_all(person, "source.see") else Q(source_address__in=sources_for(person).values("address"))
    )
    return DoorRefusal.objects.filter(mine, minute__gt=since).order_by("-minute", "-id")
