"""Append observations: new ones by COPY, corrections as versions, repeats recognised. Nothing is overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from django.db import connection

from haidang.engine.contracts.columns import Columns
from haidang.engine.contracts.values import from_microseconds
from haidang.engine.store import columns as pg
from haidang.engine.store import partitions
from haidang.engine.store.retiring import PLACE, retire

STORED, CORRECTION, DUPLICATE, OLDER = 0, 1, 2, 3
# Of so many deliveries that gave a version of one observation the bytes are compared: each must be read and divided.
LOOK_BACK = 20

Key = tuple[int, int]
"""Series id and measuring time in microseconds since 1970."""

Place = tuple[int, int]
"""Delivery id and ordinal of an earlier record."""

Part = tuple[int, int]
"""Delivery id and place within it of one message or file."""

Order = tuple[int, int, int, int]
"""When a record was received, to be compared with others: stream birth, sequence, record, and of a replay its own."""


class Origins(Protocol):
    """What is known of where rows come from; asked only where values differ."""

    def bytes_here(self, row: int) -> bytes:
        """Digest of the message or file a row of this batch is part of."""

    def part_here(self, row: int) -> Part:
        """Which message or file it is: the later of two lines of one file is no repetition of it."""

    def whole_of(self, place: Place) -> tuple[bytes, Part] | None:
        """Both of an earlier record; None when its delivery is gone."""

    def order_here(self, row: int) -> Order:
        """When a row of this batch was received."""

    def order_of(self, place: Place) -> Order:
        """When an earlier record was received."""


@dataclass(slots=True)
class Appended:
    """What became of each row: STORED, CORRECTION (also stored), DUPLICATE, or OLDER: kept as a version behind the
    current one, which was received later.
    """

    outcome: np.ndarray

    @property
    def kept(self) -> np.ndarray:
        """Mask of the rows that changed knowledge."""
        return np.asarray(self.outcome <= CORRECTION)


def append(
    rows: Columns,
    series: np.ndarray,
    delivery_ids: np.ndarray,
    epoch: int,
    last_at: dict[int, int],
    origins: Origins,
) -> Appended:
    """Write `rows` in the running transaction.

    `series` is the series id per row, `delivery_ids` the delivery id per row; `last_at` the latest stored stamp per
    series, moved forward here. Rows later than everything stored of their series go straight to COPY; only the
    others are looked up.
    """
    outcome = np.zeros(len(rows), dtype=np.int8)
    if not len(rows):
        return Appended(outcome)
    fresh = _fresh(series, rows.at, last_at)
    superseded_rows: dict[int, int] = {}
    if not fresh.all():
        with connection.cursor() as cursor:
            _settle(cursor, rows, series, np.flatnonzero(~fresh), outcome, epoch, origins, superseded_rows)
    _copy(rows, series, delivery_ids, epoch, outcome, superseded_rows)
    return Appended(outcome)


def _fresh(series: np.ndarray, at: np.ndarray, last_at: dict[int, int]) -> np.ndarray:
    """Rows whose stamp is later than every earlier one of their series, in this batch and in the record."""
    order = np.argsort(series, kind="stable")
    sorted_series, sorted_at = series[order], at[order]
    starts = np.flatnonzero(np.concatenate(([True], sorted_series[1:] != sorted_series[:-1])))
    ids = sorted_series[starts].tolist()
    floor = np.array([last_at.get(i, -(2**62)) for i in ids], dtype=np.int64)
    group = np.cumsum(np.concatenate(([0], (sorted_series[1:] != sorted_series[:-1]).astype(np.int64))))
    span = int(sorted_at.max() - sorted_at.min()) + 1
    if span * (len(ids) + 1) > 2**61:
        return np.zeros(len(series), dtype=bool)  # centuries in one batch: look everything up
    # A running maximum per group: lift each group above the one before, take the maximum, put it down again.
    lifted = sorted_at - sorted_at.min() + group * span
    running = np.maximum.accumulate(lifted)
    first = np.zeros(len(lifted), dtype=bool)
    first[starts] = True
    later = np.concatenate(([True], lifted[1:] > running[:-1])) | first
    ok = later & (sorted_at > floor[group])
    ends = np.concatenate((starts[1:], [len(lifted)])) - 1
    highest = running[ends] - np.arange(len(ids)) * span + sorted_at.min()
    moved = zip(ids, floor.tolist(), highest.tolist(), strict=True)
    last_at.update({series_id: high for series_id, low, high in moved if high > low})
    fresh = np.empty(len(series), dtype=bool)
    fresh[order] = ok
    return fresh


@dataclass(slots=True)
class _Current:
    value: float
    status: int
    place: Place
    row: int | None = None  # set when it is a row of this batch

    def order(self, origins: Origins) -> Order:
        return origins.order_of(self.place) if self.row is None else origins.order_here(self.row)


def _settle(
    cursor: Any,
    rows: Columns,
    series: np.ndarray,
    late: np.ndarray,
    outcome: np.ndarray,
    epoch: int,
    origins: Origins,
    superseded: dict[int, int],
) -> None:
    """Decide the rows that may already be known: new, repeat, or correction."""
    keys = {(int(series[i]), int(rows.at[i])) for i in late}
    current = _look_up(cursor, keys)
    # The batch itself may hold the earlier version, as a fresh row of the same stamp.
    for i in _same_keys(series, rows.at, late):
        current.setdefault((int(series[i]), int(rows.at[i])), _row(rows, i))
    replaced: list[Key] = []
    versions = _Versions(cursor, keys, origins, current)
    for index in late.tolist():
        key = (int(series[index]), int(rows.at[index]))
        new, old = _row(rows, index), current.get(key)
        if old is None:
            current[key] = new
            versions.add(key, index)
        elif _same(old, new) or versions.repeated(key, index):
            outcome[index] = DUPLICATE
        elif origins.order_here(index) < old.order(origins):
            # Sent again after a crash, overtaken in another lane, or refused at first: it must not undo what came after.
            outcome[index] = OLDER
            superseded[index] = epoch
            versions.add(key, index)
        else:
            outcome[index] = CORRECTION
            if old.row is None:
                replaced.append(key)
            else:
                superseded[old.row] = epoch
            current[key] = new
            versions.add(key, index)
    if replaced:
        cursor.execute(_found(PLACE.format("o")), _asked(replaced))
        retire(cursor, [(table, row) for *_, table, row in cursor.fetchall()], epoch)


def _found(columns: str, which: str = "IS NULL") -> str:
    """SQL: what is in the record of keys (series, µs since 1970), the current version or those replaced. Each key is one
    probe of the index: inside the lateral query, fenced by OFFSET, it is no join whose order a planner could turn round.
    """
    return f"""
    SELECT k.series_id, k.us, o.* FROM unnest(%(series)s::int[], %(us)s::bigint[]) AS k(series_id, us)
    CROSS JOIN LATERAL (
        SELECT {columns} FROM store_observation o
        WHERE o.series_id = k.series_id AND o.at = {pg.instant("k.us")} AND o.superseded {which}
              AND o.at BETWEEN %(from)s AND %(to)s
        OFFSET 0
    ) o"""


def _asked(keys: Sequence[Key]) -> dict[str, object]:
    """Parameters of `_found`."""
    return {
        "series": pg.array(series_id for series_id, _ in keys),
        "us": pg.array(at for _, at in keys),
        "from": from_microseconds(min(at for _, at in keys)),
        "to": from_microseconds(max(at for _, at in keys)),
    }


def _row(rows: Columns, index: int) -> _Current:
    return _Current(
        float(rows.value[index]), int(rows.status[index]), (-1, int(rows.ordinal[index])), row=index
    )


def _look_up(cursor: Any, keys: set[Key]) -> dict[Key, _Current]:
    cursor.execute(_found("o.value, o.status, o.delivery_id, o.ordinal"), _asked(sorted(keys)))
    return {
        (series_id, at): _Current(np.nan if value is None else value, status, (delivery_id, ordinal))
        for series_id, at, value, status, delivery_id, ordinal in cursor.fetchall()
    }


def _same_keys(series: np.ndarray, at: np.ndarray, late: np.ndarray) -> list[int]:
    """Rows outside `late` that share series and stamp with a row in it."""
    others = np.ones(len(series), dtype=bool)
    others[late] = False
    others &= np.isin(at, at[late]) & np.isin(series, series[late])
    wanted = set(zip(series[late].tolist(), at[late].tolist(), strict=True))
    return [i for i in np.flatnonzero(others).tolist() if (int(series[i]), int(at[i])) in wanted]


def _same(old: _Current, new: _Current) -> bool:
    return old.status == new.status and (
        old.value == new.value or (np.isnan(old.value) and np.isnan(new.value))
    )


class _Versions:
    """Everything that gave a version of these observations: a file sent twice is no correction back. The record is
    asked for all of them at once, and only when a value differs at all.

    A logger whose clock stands still gives the same stamp a new value for ever, so no row may cost a look at every
    version: digests are kept, and of the record only those of the last `LOOK_BACK` deliveries.
    """

    def __init__(
        self,
        cursor: Any,
        keys: set[Key],
        origins: Origins,
        current: dict[Key, _Current],
    ) -> None:
        self._cursor, self._keys, self._origins = cursor, sorted(keys), origins
        self._found: dict[Key, list[Place]] | None = None
        # Rows of this batch whose bytes nobody has asked about yet.
        self._rows = {key: [one.row] for key, one in current.items() if one.row is not None}
        # By digest the message or file that gave a version first.
        self._parts: dict[Key, dict[bytes, Part]] = {}

    def add(self, key: Key, row: int) -> None:
        """A row of this batch has become a version."""
        self._rows.setdefault(key, []).append(row)

    def repeated(self, key: Key, row: int) -> bool:
        """Does the row stand in bytes that gave a version of this observation already?"""
        origins = self._origins
        if key not in self._parts:
            self._parts[key] = dict(
                whole for place in self._newest(key) if (whole := origins.whole_of(place))
            )
        parts = self._parts[key]
        for other in self._rows.pop(key, ()):
            parts.setdefault(origins.bytes_here(other), origins.part_here(other))
        here = origins.part_here(row)
        return parts.get(origins.bytes_here(row), here) != here

    def _newest(self, key: Key) -> list[Place]:
        places = self._places(key)
        newest = sorted({delivery for delivery, _ in places})[-LOOK_BACK:]
        return [place for place in places if place[0] in newest]

    def _places(self, key: Key) -> list[Place]:
        if self._found is None:
            self._found = {}
            # One query for each of the two partial indexes: together they could use neither.
            halves = [_found("o.delivery_id, o.ordinal", which) for which in ("IS NULL", "IS NOT NULL")]
            self._cursor.execute(" UNION ALL ".join(halves), _asked(self._keys))
            for series_id, at, *version in self._cursor.fetchall():
                self._found.setdefault((series_id, at), []).append((version[0], version[1]))
        return self._found.get(key, [])


def _copy(
    rows: Columns,
    series: np.ndarray,
    delivery_ids: np.ndarray,
    epoch: int,
    outcome: np.ndarray,
    superseded: dict[int, int],
) -> None:
    keep = outcome != DUPLICATE
    if superseded:
        # A version replaced within its own batch is kept too, though no epoch ever saw it as the current one.
        old = np.zeros(len(rows), dtype=bool)
        old[list(superseded)] = True
        _copy_some(rows, series, delivery_ids, epoch, keep & old, epoch)
        keep &= ~old
    _copy_some(rows, series, delivery_ids, epoch, keep, None)


def _copy_some(
    rows: Columns,
    series: np.ndarray,
    delivery_ids: np.ndarray,
    epoch: int,
    mask: np.ndarray,
    superseded: int | None,
) -> None:
    if not mask.any():
        return
    # By series and time, as the index has them and as charts and hours read them: neighbours share their pages.
    order = np.flatnonzero(mask)
    order = order[np.lexsort((rows.at[order], series[order]))]
    kept = rows.take(order)
    months = np.unique(kept.at.astype("datetime64[us]").astype("datetime64[M]"))
    partitions.ensure(
        from_microseconds(int(month.astype("datetime64[us]").astype(np.int64))) for month in months
    )
    with connection.cursor() as cursor:
        pg.copy_in(
            cursor,
            "store_observation",
            {
                "series_id": ("int4", series[order]),
                "status": ("int2", kept.status),
                "ordinal": ("int4", kept.ordinal),
                "at": ("timestamptz", pg.timestamps(kept.at)),
                "value": ("float8", kept.value),
                "delivery_id": ("int8", delivery_ids[order]),
                "epoch": ("int8", epoch),
                "superseded": ("int8", superseded),
            },
            nullable="value",
        )
