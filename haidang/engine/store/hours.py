"""Hourly roll-ups. Hour H holds the stamps in (H−1, H]; any value with status 00 makes an hour.

Only closed hours are rolled up, each change as a new version; the running hour is read from the observations.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection

from haidang.engine.contracts.values import from_microseconds, microseconds
from haidang.engine.store import columns as pg
from haidang.engine.store import partitions
from haidang.engine.store.retiring import PLACE, retire

HOUR_US = 3_600_000_000


@dataclass(frozen=True, slots=True)
class ChangedHour:
    """One hour of one series whose roll-up has a new version."""

    series_id: int
    hour: datetime
    mean: float | None
    valid: int
    expected: int


def hour_ends(stamps: np.ndarray) -> np.ndarray:
    """End of the hour that holds each stamp, in microseconds."""
    return -(-stamps // HOUR_US) * HOUR_US


def touched(series: np.ndarray, stamps: np.ndarray, now_us: int) -> list[tuple[int, int]]:
    """(series, end of hour) of the closed hours these stamps fall into."""
    ends = hour_ends(stamps)
    closed = ends <= now_us
    if not closed.any():
        return []
    # One number per pair sorts ten times faster than rows of two.
    keys = np.unique((series[closed].astype(np.int64) << 32) | (ends[closed] // HOUR_US))
    return [(key >> 32, (key & 0xFFFFFFFF) * HOUR_US) for key in keys.tolist()]


def of_period(after: datetime, until: datetime) -> list[tuple[int, int]]:
    """(series, end of hour) of every hour in (after, until] that has an observation; `until` ends an hour."""
    first = microseconds(after) // HOUR_US * HOUR_US
    ends = range(first + HOUR_US, microseconds(until) + 1, HOUR_US)
    with connection.cursor() as cursor:
        cursor.execute(_OBSERVED, {"hours": pg.array(ends), "after": after, "until": until})
        return [(series_id, hour) for series_id, hour in cursor.fetchall()]


# One probe of the index for each hour and series: reading the period itself takes every row of it, and there is no
# index by time alone.
_OBSERVED = f"""
SELECT s.id, h.us
FROM (SELECT us, {pg.instant("us")} AS hour FROM unnest(%(hours)s::bigint[]) AS us) h
CROSS JOIN store_series s
CROSS JOIN LATERAL (
    SELECT FROM store_observation o
    WHERE o.series_id = s.id AND o.at > h.hour - interval '1 hour' AND o.at <= h.hour AND o.superseded IS NULL
          AND o.at > %(after)s AND o.at <= %(until)s
    LIMIT 1
) o
"""

_ROLL = f"""
WITH dirty AS (
    SELECT series_id, {pg.instant("us")} AS hour, expected
    FROM unnest(%(series)s::int[], %(hours)s::bigint[], %(expected)s::int[]) AS d(series_id, us, expected)
), fresh AS (
    -- The aggregates stand inside the lateral query, so that each hour is one short range of the index however the
    -- planner estimates a table that was filled a moment ago.
    SELECT d.series_id, d.hour, d.expected, o.valid, o.total, o.mean, o.minimum, o.maximum
    FROM dirty d
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE status = 0 AND value IS NOT NULL)::int AS valid, count(*)::int AS total,
               avg(value) FILTER (WHERE status = 0) AS mean,
               min(value) FILTER (WHERE status = 0) AS minimum, max(value) FILTER (WHERE status = 0) AS maximum
        FROM store_observation
        WHERE series_id = d.series_id AND at > d.hour - interval '1 hour' AND at <= d.hour AND superseded IS NULL
          AND at > %(from)s AND at <= %(to)s
    ) o
    WHERE o.total > 0
)
SELECT f.series_id, f.hour, f.valid, f.total, f.expected, f.mean, f.minimum, f.maximum, {PLACE.format("h")}
FROM fresh f
LEFT JOIN store_hour h ON h.series_id = f.series_id AND h.hour = f.hour AND h.superseded IS NULL
     AND h.hour BETWEEN %(first)s AND %(to)s
WHERE h.series_id IS NULL OR (h.valid, h.total, h.mean, h.minimum, h.maximum)
      IS DISTINCT FROM (f.valid, f.total, f.mean, f.minimum, f.maximum)
"""


def roll_up(dirty: list[tuple[int, int]], expected: dict[int, int], epoch: int) -> list[ChangedHour]:
    """Recompute these hours; returns those that changed. `expected` is the number of values per hour and series."""
    if not dirty:
        return []
    ends = {hour for _, hour in dirty}
    first, last = from_microseconds(min(ends)), from_microseconds(max(ends))
    partitions.ensure(from_microseconds(hour) for hour in ends)
    with connection.cursor() as cursor:
        cursor.execute(
            _ROLL,
            {
                "series": pg.array(series_id for series_id, _ in dirty),
                "hours": pg.array(hour for _, hour in dirty),
                "expected": pg.array(expected.get(series_id, 1) for series_id, _ in dirty),
                "from": first - timedelta(hours=1),
                "first": first,
                "to": last,
            },
        )
        changed = cursor.fetchall()
        retire(cursor, ((table, row) for *_, table, row in changed if row), epoch)
        _write(cursor, changed, epoch)
    return [
        ChangedHour(series_id, hour, mean, valid, wanted)
        for series_id, hour, valid, _, wanted, mean, *_ in changed
    ]


def _write(cursor: Any, changed: list[tuple[Any, ...]], epoch: int) -> None:
    # The new versions go in after the old ones are retired: the unique index sees one current row at a time.
    with cursor.copy(
        "COPY store_hour (series_id, hour, valid, total, expected, mean, minimum, maximum, epoch) FROM STDIN"
    ) as copy:
        for *row, _table, _old in changed:
            copy.write_row((*row, epoch))
