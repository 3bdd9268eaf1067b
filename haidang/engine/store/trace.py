"""Walk a stored value back to the line of the delivery that brought it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from haidang.engine.connectors.arrival import Arrival
from haidang.engine.connectors.files import FileStore
from haidang.engine.contracts.records import Record, divide
from haidang.engine.contracts.values import from_microseconds
from haidang.engine.store.models import Delivery
from haidang.engine.wire import envelope


@dataclass(frozen=True, slots=True)
class Line:
    """Where one record stands in what was delivered."""

    delivery_id: int
    ordinal: int
    source: str
    door: str
    name: str
    credential: str
    received_at: datetime
    sha256: str
    size: int
    body: bytes
    record: Record

    @property
    def text(self) -> str:
        """The record as people read it."""
        return self.record.text(self.body)

    @property
    def number(self) -> int:
        """Line number within the delivered text, from 1. Lines end as in `records`: with CR, LF or both."""
        return len((self.body[: self.record.start] + b".").splitlines())

    def surrounding(self, before: int = 6, after: int = 6) -> list[tuple[int, str, bool]]:
        """Lines around the record: number, text, whether it is the one."""
        # Bytes are split before they are read: as text U+0085 and U+2028 would end lines too.
        lines = self.body.splitlines()
        here = self.number - 1
        first = max(0, here - before)
        return [
            (number + 1, lines[number].decode("utf-8", "replace"), number == here)
            for number in range(first, min(len(lines), here + after + 1))
        ]


# Bodies held open during one walk.
_KEPT_OPEN = 64_000_000


class BytesGone(LookupError):
    """The delivery is recorded but the file that holds its bytes is not there."""


class NoSuchRecord(IndexError):
    """The delivery is there and has fewer records: `count` of them, numbered from 0."""

    def __init__(self, delivery_id: int, ordinal: int, count: int) -> None:
        super().__init__(f"delivery {delivery_id} has no record {ordinal}, it has {count}")
        self.count = count


def file_of(sha256: str) -> Path:
    """Where a large delivery's bytes lie."""
    return FileStore(Path(settings.HAIDANG_HOME) / "files").path(sha256)


def body_of(arrival: Arrival) -> bytes:
    """The bytes of an arrival, from the envelope or from the file store. Raises BytesGone."""
    if arrival.body is not None:
        return arrival.body
    path = file_of(arrival.file or "")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise BytesGone(str(path)) from None


def arrivals_of(delivery: Delivery) -> list[Arrival]:
    """What the doors packed into this delivery."""
    if delivery.body is None:
        raise BytesGone(f"delivery {delivery.pk}")
    return envelope.decode(bytes(delivery.body)).arrivals


@dataclass(slots=True)
class Part:
    """One arrival of a delivery with its bytes, divided."""

    arrival: Arrival
    body: bytes
    records: list[Record]
    sha256: str


class Opened:
    """Deliveries as they were received, for one walk over many of their records: a file of a thousand lines is read
    and divided once, not for each of its lines.
    """

    def __init__(self) -> None:
        self._deliveries: dict[int, Delivery] = {}
        self._parts: dict[int, list[Part]] = {}
        self._bytes = 0

    def parts(self, delivery: Delivery) -> list[Part]:
        """What the doors packed into this delivery. Raises BytesGone, or msgspec.DecodeError."""
        if delivery.pk not in self._parts:
            found = []
            for arrival in arrivals_of(delivery):
                body = body_of(arrival)
                found.append(
                    Part(arrival, body, divide(body, arrival.format), hashlib.sha256(body).hexdigest())
                )
                self._bytes += len(body)
            if self._bytes > _KEPT_OPEN:
                self._parts.clear()
                self._bytes = sum(len(part.body) for part in found)
            self._parts[delivery.pk] = found
        return self._parts[delivery.pk]

    def place_of(self, delivery: Delivery, ordinal: int) -> tuple[Part, Record]:
        """The part and the record of this number. Raises BytesGone, msgspec.DecodeError or IndexError."""
        left = ordinal
        for part in self.parts(delivery):
            if left < len(part.records):
                return part, part.records[left]
            left -= len(part.records)
        raise NoSuchRecord(delivery.pk, ordinal, ordinal - left)

    def line_of(self, delivery_id: int, ordinal: int) -> Line:
        """The record `ordinal` of a delivery. Raises Delivery.DoesNotExist, BytesGone or IndexError."""
        if delivery_id not in self._deliveries:
            self._deliveries[delivery_id] = Delivery.objects.select_related("source").get(pk=delivery_id)
        part, record = self.place_of(self._deliveries[delivery_id], ordinal)
        arrival = part.arrival
        return Line(
            delivery_id, ordinal, arrival.source, arrival.door, arrival.name, arrival.credential,
            from_microseconds(round(arrival.received_at * 1e6)), part.sha256, len(part.body), part.body, record,
        )  # fmt: skip


def line_of(delivery_id: int, ordinal: int) -> Line:
    """The record `ordinal` of a delivery. Raises Delivery.DoesNotExist, BytesGone or IndexError."""
    return Opened().line_of(delivery_id, ordinal)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one observation."""

    series_id: int
    at: datetime
    value: float | None
    status: int
    delivery_id: int
    ordinal: int
    epoch: int
    committed_at: datetime
    superseded: int | None


def versions_of(series_id: int, at: datetime) -> list[Version]:
    """Every version of one observation in the order in which they stopped being the current one; that one is last."""
    # One query for each of the two partial indexes: together they could use neither.
    halves = [
        "SELECT o.series_id, o.at, o.value, o.status, o.delivery_id, o.ordinal, o.epoch, e.committed_at, o.superseded"
        " FROM store_observation o JOIN store_epoch e ON e.id = o.epoch"
        f" WHERE o.series_id = %(series)s AND o.at = %(at)s AND o.superseded {which}"
        for which in ("IS NULL", "IS NOT NULL")
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"{' UNION ALL '.join(halves)} ORDER BY superseded NULLS LAST, epoch",
            {"series": series_id, "at": at},
        )
        return [Version(*row) for row in cursor.fetchall()]


def observations(
    series_id: int, after: datetime, until: datetime, condition: str = "o.superseded IS NULL"
) -> list[dict[str, Any]]:
    """Observations of one series in (after, until], visible by `condition` (see epochs.visible), oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT o.at, o.value, o.status, o.delivery_id, o.ordinal, o.epoch FROM store_observation o"
            f" WHERE o.series_id = %s AND o.at > %s AND o.at <= %s AND {condition} ORDER BY o.at",
            [series_id, after, until],
        )
        names = ("at", "value", "status", "delivery_id", "ordinal", "epoch")
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
