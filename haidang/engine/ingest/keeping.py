"""Keep what was delivered and count what became of it: deliveries, refusals, tallies, pulses, latest values."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
import numpy as np
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models.functions import Coalesce, Now

from haidang.engine.connectors.arrival import Arrival
from haidang.engine.contracts.batch import Fault
from haidang.engine.contracts.columns import Columns
from haidang.engine.contracts.records import Record, divide
from haidang.engine.contracts.values import from_microseconds, microseconds
from haidang.engine.indicators.compute import NewFigure
from haidang.engine.store import columns as pg
from haidang.engine.store import trace, writing
from haidang.engine.store.models import Refusal, Source
from haidang.engine.store.registry import Registry
from haidang.engine.store.terms import SheetTerms
from haidang.engine.submissions import intake
from haidang.engine.wire import envelope

Work = Callable[[int], list[NewFigure]]
OUTCOMES = ("stored", "duplicate", "refused", "failed")


@dataclass(slots=True)
class Parcel:
    """One message of the stream on its way to being a delivery."""

    index: int
    seq: int
    payload: bytes
    arrivals: list[Arrival]
    birth: int = 0
    bases: list[int] = field(default_factory=list)  # ordinal of the first record of each arrival
    records: int = 0
    # Files of cells: ordinal, arrival and what its source promised.
    sheets: list[tuple[int, Arrival, SheetTerms]] = field(default_factory=list)
    # Of a message stored in slices: the first record of this one, and whether another follows.
    first: int = 0
    unfinished: bool = False
    id: int = 0
    source: Source | None = None
    contract_sha256: str = ""
    outcomes: Counter[str] = field(default_factory=Counter)
    # The slice in hand: ordinal of its first record, the body it stands in, its records.
    at_hand: tuple[int, bytes, Sequence[Record]] = (0, b"", ())
    _divided: dict[int, tuple[bytes, list[Record]]] = field(default_factory=dict)
    _digests: dict[int, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, index: int, seq: int, payload: bytes, birth: int = 0) -> Parcel:
        """Unpack an envelope. Raises msgspec.DecodeError."""
        return cls(index, seq, payload, envelope.decode(payload).arrivals, birth)

    @classmethod
    def unreadable(cls, index: int, seq: int, payload: bytes, birth: int = 0) -> Parcel:
        """A message that is no envelope: kept as it is."""
        return cls(index, seq, payload, [], birth)

    @property
    def address(self) -> str:
        return self.arrivals[0].source if self.arrivals else ""

    def part_of(self, ordinal: int) -> int:
        """Which of the arrivals holds this record."""
        return bisect_right(self.bases, ordinal) - 1

    def locate(self, ordinal: int) -> tuple[bytes, Record]:
        """Body and place of one record of this delivery."""
        first, body, records = self.at_hand
        if 0 <= ordinal - first < len(records):
            return body, records[ordinal - first]
        part = self.part_of(ordinal)
        if part not in self._divided:
            body = trace.body_of(self.arrivals[part])
            self._divided[part] = body, divide(body, self.arrivals[part].format)
        body, records = self._divided[part]
        return body, records[ordinal - self.bases[part]]

    def bytes_around(self, ordinal: int) -> bytes:
        """SHA-256 of the message or file that holds this record."""
        part = self.part_of(ordinal)
        if part not in self._digests:
            arrival = self.arrivals[part]
            # A file is named by it.
            self._digests[part] = (
                bytes.fromhex(arrival.file) if arrival.file else hashlib.sha256(arrival.body or b"").digest()
            )
        return self._digests[part]


def number(parcels: list[Parcel]) -> None:
    """Give each parcel its delivery id, where it has none from an earlier slice."""
    parcels = [parcel for parcel in parcels if not parcel.id]
    if not parcels:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('store_delivery', 'id')) FROM generate_series(1, %s)",
            [len(parcels)],
        )
        for parcel, row in zip(parcels, cursor.fetchall(), strict=True):
            parcel.id = row[0]


def outcome_of(fault: Fault) -> str:
    """Refused is the sender's to mend, failed is ours."""
    return "failed" if fault.reason in ("fault_of_ours", "file_missing") else "refused"


def count(parcels: list[Parcel], rows: Columns, outcome: np.ndarray, faults: list[Fault]) -> None:
    """Sum the outcomes per parcel."""
    stored = np.bincount(rows.delivery[outcome != writing.DUPLICATE], minlength=len(parcels))
    duplicate = np.bincount(rows.delivery[outcome == writing.DUPLICATE], minlength=len(parcels))
    for parcel in parcels:
        parcel.outcomes["stored"] = int(stored[parcel.index])
        parcel.outcomes["duplicate"] = int(duplicate[parcel.index])
    for fault in faults:
        parcels[fault.delivery].outcomes[outcome_of(fault)] += 1


def hand_in(parcels: list[Parcel]) -> list[int]:
    """Files of cells become submissions, to be judged by `work`; returns their ids. The same file again is a duplicate."""
    made: list[int] = []
    for parcel in parcels:
        for ordinal, arrival, terms in parcel.sheets:
            if parcel.source is None:
                continue
            found = intake.register(intake.Handed(parcel.id, ordinal, arrival, parcel.source, terms))
            parcel.outcomes["stored" if found else "duplicate"] += 1
            if found:
                made.append(found.pk)
        parcel.sheets.clear()  # a message in slices comes by again
    return made


_DELIVERY = (
    "id", "source_id", "wire_stream", "wire_seq", "door", "name", "sha256", "size", "body", "credential", "received_at", "epoch",
    "contract_sha256", "received", *OUTCOMES, "unfinished",
)  # fmt: skip
_DELIVERY_TYPES = (
    "int8", "int8", "int8", "int8", "varchar", "varchar", "bytea", "int8", "bytea", "varchar", "timestamptz", "int8",
    "varchar", "int4", "int4", "int4", "int4", "int4", "bool",
)  # fmt: skip


_REFUSAL = ("delivery_id", "source_id", "ordinal", "outcome", "reason", "args", "excerpt", "asset_code", "at")


def refuse(parcels: list[Parcel], faults: list[Fault], now: datetime) -> None:
    """Refusals with their reasons. They carry no epoch: written and checked before the lock is taken, a flood of them
    keeps nobody else waiting there.
    """
    if not faults:
        return
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY store_refusal ({', '.join(_REFUSAL)}) FROM STDIN") as copy:
            for fault in faults:
                parcel = parcels[fault.delivery]
                copy.write_row(
                    (
                        parcel.id, parcel.source.pk if parcel.source else None, fault.ordinal, outcome_of(fault),
                        fault.reason, _written(fault.args), _clean(fault.excerpt, 400),
                        _clean(fault.station, 60), now,
                    )
                )  # fmt: skip
        # The foreign keys are asked about now, not one by one at the commit.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def _written(args: Mapping[str, object]) -> str:
    """Arguments as JSON PostgreSQL can keep, each text at most 300 characters."""
    try:
        text = msgspec.json.encode(args).decode()
    except UnicodeEncodeError:  # a lone surrogate
        text = ""
    # Hardly ever is anything to be done, and then it is seen on the whole.
    if text and len(text) <= 300 and "\\u0000" not in text:
        return text
    clean = {name: _clean(value, 300) if isinstance(value, str) else value for name, value in args.items()}
    return msgspec.json.encode(clean).decode()


def write(parcels: list[Parcel], epoch: int, now: datetime) -> None:
    """Deliveries with their bytes, and the tallies of their sources."""
    begun = [parcel for parcel in parcels if not parcel.first]
    with connection.cursor() as cursor:
        for parcel in parcels:
            if parcel.first:
                _add(cursor, parcel, epoch)
        if begun:
            _begin(cursor, begun, epoch, now)
        _tally(cursor, parcels)
    _note_replays(parcels)


def _begin(cursor: CursorWrapper, parcels: list[Parcel], epoch: int, now: datetime) -> None:
    """The deliveries themselves."""
    with cursor.copy(f"COPY store_delivery ({', '.join(_DELIVERY)}) FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types(_DELIVERY_TYPES)
        for parcel in parcels:
            first = parcel.arrivals[0] if parcel.arrivals else None
            received_at = from_microseconds(round(first.received_at * 1e6)) if first else now
            copy.write_row(
                (
                    parcel.id, parcel.source.pk if parcel.source else None, parcel.birth, parcel.seq,
                    first.door if first else "", _clean(first.name, 255) if first else "",
                    hashlib.sha256(parcel.payload).digest(), sum(a.size for a in parcel.arrivals), parcel.payload,
                    first.credential if first else "", received_at, epoch, parcel.contract_sha256,
                    parcel.records, *(parcel.outcomes[name] for name in OUTCOMES), parcel.unfinished,
                )
            )  # fmt: skip


def _add(cursor: CursorWrapper, parcel: Parcel, epoch: int) -> None:
    """One more slice of a delivery that has begun."""
    sums = ", ".join(f"{name} = {name} + %s" for name in OUTCOMES)
    cursor.execute(
        f"UPDATE store_delivery SET epoch = %s, received = %s, {sums}, unfinished = %s,"
        " source_id = coalesce(source_id, %s), contract_sha256 = coalesce(nullif(contract_sha256, ''), %s)"
        " WHERE id = %s",
        [
            epoch, parcel.records, *(parcel.outcomes[name] for name in OUTCOMES), parcel.unfinished,
            parcel.source.pk if parcel.source else None, parcel.contract_sha256, parcel.id,
        ],
    )  # fmt: skip


def _clean(text: str, longest: int) -> str:
    """Text PostgreSQL can keep: no NUL, no lone surrogates."""
    if len(text) > longest:
        text = text[:longest]
    if "\0" in text:
        text = text.replace("\0", "␀")
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode()


def _tally(cursor: object, parcels: list[Parcel]) -> None:
    sums: dict[int, Counter[str]] = defaultdict(Counter)
    latest: dict[int, float] = {}
    for parcel in parcels:
        if parcel.source:
            sums[parcel.source.pk].update(parcel.outcomes)
            latest[parcel.source.pk] = max(a.received_at for a in parcel.arrivals)
    if not sums:
        return
    ids = sorted(sums)
    cursor.execute(  # type: ignore[attr-defined]
        "INSERT INTO store_tally (source_id, stored, duplicate, refused, failed)"
        " SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])"
        " ON CONFLICT (source_id) DO UPDATE SET stored = store_tally.stored + excluded.stored,"
        " duplicate = store_tally.duplicate + excluded.duplicate, refused = store_tally.refused + excluded.refused,"
        " failed = store_tally.failed + excluded.failed",
        [ids, *([sums[i][name] for i in ids] for name in OUTCOMES)],
    )
    cursor.execute(  # type: ignore[attr-defined]
        "UPDATE store_source s SET last_received_at = greatest(s.last_received_at, k.at)"
        " FROM unnest(%s::bigint[], %s::timestamptz[]) AS k(id, at) WHERE s.id = k.id",
        [ids, [from_microseconds(round(latest[i] * 1e6)) for i in ids]],
    )


def _note_replays(parcels: list[Parcel]) -> None:
    """A replayed record settles its refusal, whatever became of it: refused again it has a refusal of its own."""
    for parcel in parcels:
        for arrival in parcel.arrivals:
            if arrival.door == "replay":
                Refusal.objects.filter(pk=int(arrival.name)).update(
                    replay_delivery_id=parcel.id, replayed_at=Coalesce("replayed_at", Now())
                )


def pulse(
    parcels: list[Parcel],
    rows: Columns,
    outcome: np.ndarray,
    registry: Registry,
    now: datetime,
) -> None:
    """Outcomes per source and minute of receipt; late are rows measured longer ago than their source may be silent."""
    sums: dict[tuple[int, datetime], Counter[str]] = defaultdict(Counter)
    late = _late(parcels, rows, outcome, registry, microseconds(now))
    for parcel in parcels:
        if parcel.source:
            received = from_microseconds(round(parcel.arrivals[0].received_at * 1e6))
            entry = sums[parcel.source.pk, received.replace(second=0, microsecond=0)]
            entry.update(parcel.outcomes)
            entry["late"] += int(late[parcel.index])
    if not sums:
        return
    keys = sorted(sums)
    columns = [[sums[key][name] for key in keys] for name in (*OUTCOMES, "late")]
    updates = ", ".join(f"{name} = store_pulse.{name} + excluded.{name}" for name in (*OUTCOMES, "late"))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO store_pulse (source_id, minute, {', '.join((*OUTCOMES, 'late'))})"
            " SELECT * FROM unnest(%s::bigint[], %s::timestamptz[], %s::int[], %s::int[], %s::int[], %s::int[], %s::int[])"
            f" ON CONFLICT (source_id, minute) DO UPDATE SET {updates}",
            [[key[0] for key in keys], [key[1] for key in keys], *columns],
        )


def _late(
    parcels: list[Parcel], rows: Columns, outcome: np.ndarray, registry: Registry, now_us: int
) -> np.ndarray:
    allowed = np.full(len(parcels), 2**62, dtype=np.int64)
    for parcel in parcels:
        if view := registry.view(parcel.address):
            allowed[parcel.index] = int(view.terms.contract.silent_after * 1_000_000)
    mask = (outcome != writing.DUPLICATE) & (rows.at < now_us - allowed[rows.delivery])
    return np.bincount(rows.delivery[mask], minlength=len(parcels))


def latest(rows: Columns, series: np.ndarray, now: datetime) -> None:
    """The newest value of each series touched, for screens that show the present."""
    if not len(rows):
        return
    order = np.lexsort((np.arange(len(rows)), rows.at, series))
    last = order[np.append(series[order][1:] != series[order][:-1], True)]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE store_series s SET last_at = k.at, last_value = nullif(k.value, 'NaN'), last_status = k.status,"
            f" last_recorded_at = %s FROM (SELECT id, {pg.instant('us')} AS at, value, status"
            " FROM unnest(%s::bigint[], %s::bigint[], %s::float8[], %s::smallint[]) AS u(id, us, value, status)) k"
            " WHERE s.id = k.id AND (s.last_at IS NULL OR s.last_at <= k.at)",
            [
                now,
                *(pg.array(column[last].tolist()) for column in (series, rows.at, rows.value, rows.status)),
            ],
        )
