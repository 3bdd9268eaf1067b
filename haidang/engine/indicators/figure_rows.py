"""Rows of `indicators_figure` that belong to places: read many at once, and replaced by new versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from django.db import connection

from haidang.engine.store import epochs


class Subject(NamedTuple):
    """What a figure is of: an indicator (or `indicator@measure`), a place and the end of a period."""

    indicator: str
    place_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """One version of one figure."""

    subject: Subject
    id: int
    value: float | None
    status: str
    formula_sha256: str
    detail: Mapping[str, Any]
    epoch: int


@dataclass(frozen=True, slots=True)
class New:
    """A version to write."""

    subject: Subject
    value: float | None
    status: str
    formula_sha256: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


_FIELDS = "f.indicator, f.place_id, f.at, f.id, f.value, f.status, f.formula_sha256, f.detail, f.epoch"


def read(
    addresses: Iterable[str],
    places: Iterable[int],
    ends: Iterable[datetime],
    epoch: int | None = None,
) -> dict[Subject, Row]:
    """Figures of these indicators, places and period ends, as known at `epoch` (None: now). One query."""
    wanted = sorted(set(addresses)), sorted(set(places)), sorted(set(ends))
    if not all(wanted):
        return {}
    with connection.cursor() as cursor:
        # Every combination is a probe of the index (indicator, place, end): 124 places are 124 probes.
        cursor.execute(
            f"SELECT {_FIELDS} FROM indicators_figure f"
            " WHERE f.indicator = ANY(%s) AND f.place_id = ANY(%s) AND f.at = ANY(%s)"
            f" AND f.place_id IS NOT NULL AND {epochs.visible('f', epoch)}",
            wanted,
        )
        return {row.subject: row for row in map(_row, cursor.fetchall())}


class Block(NamedTuple):
    """Figures of all these indicators, at all these places, for the periods over at any of these ends."""

    addresses: list[str]
    places: list[int]
    ends: list[datetime]


def blocks(wanted: Iterable[Block], epoch: int | None = None, *, details: bool = True) -> dict[Subject, Row]:
    """The figures of several blocks; without their `detail`, which takes half the time, where only numbers are asked.
    One query.
    """
    asked = [block for block in wanted if all(block)]
    if not asked:
        return {}
    fields = _FIELDS if details else _FIELDS.replace("f.detail", "NULL::jsonb")
    # Each arm fits one partial index; joined by OR the planner would read far more than it needs.
    arms = [
        f"SELECT {fields} FROM indicators_figure f"
        " WHERE f.indicator = ANY(%s) AND f.place_id = ANY(%s) AND f.at = ANY(%s)"
        f" AND f.place_id IS NOT NULL AND {arm}"
        for arm in epochs.arms("f", epoch)
    ]
    values: list[Any] = [one for block in asked for one in [*block] * len(arms)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(arms * len(asked)), values)
        return {row.subject: row for row in map(_row, cursor.fetchall())}


def at_end(addresses: Iterable[str], end: datetime) -> list[Row]:
    """The current figures of these indicators for the periods over at `end`, of all places. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_FIELDS} FROM indicators_figure f WHERE f.indicator = ANY(%s) AND f.at = %s"
            " AND f.place_id IS NOT NULL AND f.superseded IS NULL",
            [sorted(set(addresses)), end],
        )
        return [_row(values) for values in cursor.fetchall()]


def subjects(addresses: Iterable[str]) -> list[Subject]:
    """Of which places and periods there are current figures of these indicators. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indicator, place_id, at FROM indicators_figure"
            " WHERE indicator = ANY(%s) AND place_id IS NOT NULL AND superseded IS NULL",
            [sorted(set(addresses))],
        )
        return [Subject(*row) for row in cursor.fetchall()]


def by_id(ids: Iterable[int]) -> list[Row]:
    """Versions by their numbers, also those that are no more the current ones. One query."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_FIELDS} FROM indicators_figure f WHERE f.id = ANY(%s)", [sorted(set(ids))])
        return [_row(values) for values in cursor.fetchall()]


def span(
    addresses: Iterable[str],
    places: Iterable[int],
    first: datetime,
    last: datetime,
    epoch: int | None = None,
) -> list[Row]:
    """Figures of periods over from `first` to `last`, both included, in the order of their periods. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_FIELDS} FROM indicators_figure f"
            " WHERE f.indicator = ANY(%s) AND f.place_id = ANY(%s) AND f.at BETWEEN %s AND %s"
            f" AND f.place_id IS NOT NULL AND {epochs.visible('f', epoch)} ORDER BY f.at",
            [sorted(set(addresses)), sorted(set(places)), first, last],
        )
        return [_row(values) for values in cursor.fetchall()]


def newest(addresses: Iterable[str], places: Iterable[int], epoch: int | None = None) -> list[Row]:
    """The last figure with a value of each of these. One query: one probe of the index for each."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_FIELDS} FROM unnest(%s::text[]) AS a(indicator) CROSS JOIN unnest(%s::bigint[]) AS p(place_id)"
            " CROSS JOIN LATERAL (SELECT * FROM indicators_figure f WHERE f.indicator = a.indicator"
            " AND f.place_id = p.place_id AND f.place_id IS NOT NULL AND f.value IS NOT NULL"
            f" AND {epochs.visible('f', epoch)} ORDER BY f.at DESC LIMIT 1) f",
            [sorted(set(addresses)), sorted(set(places))],
        )
        return [_row(values) for values in cursor.fetchall()]


def versions(subject: Subject) -> list[tuple[Row, datetime]]:
    """Every version of one figure with the time it became known, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_FIELDS}, e.committed_at FROM indicators_figure f JOIN store_epoch e ON e.id = f.epoch"
            " WHERE f.indicator = %s AND f.place_id = %s AND f.at = %s AND f.place_id IS NOT NULL"
            # Both halves are named, because each has its index and the whole has none.
            " AND (f.superseded IS NULL OR f.superseded IS NOT NULL) ORDER BY f.epoch, f.id",
            subject,
        )
        return [(_row(values), known) for *values, known in cursor.fetchall()]


def _row(values: Sequence[Any]) -> Row:
    indicator, place_id, at, id_, value, status, sha256, detail, epoch = values
    if isinstance(detail, str):
        detail = msgspec.json.decode(detail)
    return Row(Subject(indicator, place_id, at), id_, value, status, sha256, detail or {}, epoch)


def write(rows: Sequence[New], epoch: int) -> list[int]:
    """Append these versions and supersede the current ones, in the running transaction; returns their ids."""
    if not rows:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE indicators_figure f SET superseded = %s"
            " FROM unnest(%s::text[], %s::bigint[], %s::timestamptz[]) AS k(indicator, place_id, at)"
            " WHERE f.indicator = k.indicator AND f.place_id = k.place_id AND f.at = k.at"
            " AND f.superseded IS NULL AND f.place_id IS NOT NULL",
            [epoch, *map(list, zip(*(row.subject for row in rows), strict=True))],
        )
        # COPY gives no ids back, and figures that follow name them: so they are drawn first.
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('indicators_figure', 'id')) FROM generate_series(1, %s)",
            [len(rows)],
        )
        ids = [int(number) for (number,) in cursor.fetchall()]
        with cursor.copy(
            "COPY indicators_figure (id, indicator, place_id, at, value, status, formula_sha256, detail, epoch)"
            " FROM STDIN"
        ) as copy:
            for number, row in zip(ids, rows, strict=True):
                text = msgspec.json.encode(row.detail).decode()
                copy.write_row((number, *row.subject, row.value, row.status, row.formula_sha256, text, epoch))
    return ids
