"""Columns to PostgreSQL's binary COPY without a loop per row.

A row of fixed-width fields has a fixed size, so a whole batch is one structured array written as bytes.
Format: https://www.postgresql.org/docs/current/sql-copy.html, section "Binary Format".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

HEADER = b"PGCOPY\n\xff\r\n\0" + b"\0" * 8
TRAILER = b"\xff\xff"
_PG_EPOCH_US = 946_684_800_000_000  # PostgreSQL counts timestamps from 2000-01-01T00:00Z

_TYPES = {"int2": ">i2", "int4": ">i4", "int8": ">i8", "float8": ">f8", "timestamptz": ">i8"}


def timestamps(stamps: np.ndarray) -> np.ndarray:
    """Microseconds since 1970 as PostgreSQL stores them."""
    return stamps - _PG_EPOCH_US


def array(numbers: Iterable[int] | Iterable[float]) -> str:
    """Numbers as PostgreSQL writes an array, to be cast by the query: ten times faster than quoting one by one."""
    return "{" + ",".join(map(repr, numbers)) + "}"


def instant(us: str) -> str:
    """SQL: the timestamptz of a bigint expression that counts microseconds since 1970."""
    return f"(timestamptz 'epoch' + {us} * interval '1 microsecond')"


def packed(columns: Mapping[str, tuple[str, np.ndarray | int | None]], rows: int) -> bytes:
    """Rows of binary COPY. A column is (PostgreSQL type, values); a None column is NULL in every row."""
    layout: list[tuple[str, Any]] = [("fields", ">i2")]
    for name, (kind, values) in columns.items():
        layout.append((f"{name}_size", ">i4"))
        if values is not None:
            layout.append((name, _TYPES[kind]))
    table = np.empty(rows, dtype=np.dtype(layout))
    table["fields"] = len(columns)
    for name, (kind, values) in columns.items():
        if values is None:
            table[f"{name}_size"] = -1
        else:
            table[f"{name}_size"] = np.dtype(_TYPES[kind]).itemsize
            table[name] = values
    return table.tobytes()


def copy_in(
    cursor: Any,
    table: str,
    columns: Mapping[str, tuple[str, np.ndarray | int | None]],
    nullable: str | None = None,
) -> None:
    """COPY columns into `table`. Rows whose `nullable` float column is NaN get NULL there."""
    names = list(columns)
    rows = max((len(values) for _, values in columns.values() if isinstance(values, np.ndarray)), default=0)
    if not rows:
        return
    blocks = []
    if nullable is not None:
        kind, values = columns[nullable]
        empty = np.isnan(np.asarray(values))
        if empty.any():
            blocks.append(packed({**_rows(columns, empty), nullable: (kind, None)}, int(empty.sum())))
            columns, rows = _rows(columns, ~empty), int((~empty).sum())
    if rows:
        blocks.append(packed(columns, rows))
    with cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN (FORMAT BINARY)") as copy:
        copy.write(HEADER)
        for block in blocks:
            copy.write(block)
        copy.write(TRAILER)


def _rows(
    columns: Mapping[str, tuple[str, np.ndarray | int | None]], mask: np.ndarray
) -> dict[str, tuple[str, np.ndarray | int | None]]:
    return {
        name: (kind, values[mask] if isinstance(values, np.ndarray) else values)
        for name, (kind, values) in columns.items()
    }
