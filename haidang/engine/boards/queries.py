"""What screens ask the store: the newest figure or value of each asset, and short stretches behind it.

Every question touches only the rows it shows: one index step per asset (LATERAL … LIMIT 1), never a scan of a
series. `epoch` None asks what is known now, a number what was known then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from haidang.engine.boards.shown import Point
from haidang.engine.store.epochs import visible
from haidang.engine.store.models import Observation

# How far back "the newest" may lie: bounds the months that are opened.
OLDEST = timedelta(days=62)


@dataclass(frozen=True, slots=True)
class AssetRow:
    """A station as lists and figures name it."""

    id: int
    code: str
    name: str
    kind: str
    domain: str
    lat: float | None
    lon: float | None
    place: str
    owner: str
    phone: str


@dataclass(frozen=True, slots=True)
class FigureRow:
    """The newest figure of one asset."""

    asset: AssetRow
    at: datetime
    value: float | None
    status: str
    leading: str


class ReadingRow(NamedTuple):
    """The newest measured value of one series. A tuple, because a board makes a thousand of them."""

    asset_id: int
    series_id: int
    parameter: str
    unit: str
    at: datetime
    value: float | None
    status: int
    source: str
    source_title: str
    every_s: int
    silent_after_s: int
    precedence: int


_ASSET = """a.id, a.code, a.name, a.kind, a.domain, a.lat, a.lon, coalesce(p.name, ''),
 coalesce(o.short_name, ''), coalesce(o.phone, '')"""
_FROM_ASSET = """assets_asset a LEFT JOIN places_place p ON p.id = a.place_id
 LEFT JOIN people_office o ON o.id = a.office_id"""


def _rows(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def assets(kind: str = "", codes: Iterable[str] | None = None) -> list[AssetRow]:
    """Active assets in Vietnamese order of their names."""
    conditions, values = ["a.is_active"], []
    if kind:
        conditions.append("a.kind = %s")
        values.append(kind)
    if codes is not None:
        conditions.append("a.code = ANY(%s)")
        values.append(list(codes))  # type: ignore[arg-type]
    else:
        conditions.append("NOT a.is_trial")
    where = " AND ".join(conditions)
    sql = f"SELECT {_ASSET} FROM {_FROM_ASSET} WHERE {where} ORDER BY a.sort_key, a.name, a.code"
    return [AssetRow(*row) for row in _rows(sql, values)]


def _newest(columns: str, row: str, epoch: int | None) -> str:
    """SQL of the newest row known at `epoch`. `row` is `FROM table alias WHERE …`, its column of time is `at`.

    Asked about the past, current and superseded rows are sought apart: each has its own index, and a condition
    over both would read every row of the span instead of one.
    """
    alias = row.split()[2]
    if epoch is None:
        return f"SELECT {columns} {row} AND {alias}.superseded IS NULL ORDER BY {alias}.at DESC LIMIT 1"
    known = f"{alias}.epoch <= {int(epoch)}"
    current = (
        f"SELECT {columns} {row} AND {alias}.superseded IS NULL AND {known} ORDER BY {alias}.at DESC LIMIT 1"
    )
    past = (
        f"SELECT {columns} {row} AND {alias}.superseded IS NOT NULL AND {alias}.superseded > {int(epoch)}"
        f" AND {known} ORDER BY {alias}.at DESC LIMIT 1"
    )
    return f"SELECT * FROM (({current}) UNION ALL ({past})) both_rows ORDER BY at DESC LIMIT 1"


def latest_figures(
    indicator: str, kind: str, until: datetime, epoch: int | None = None, asset_id: int | None = None
) -> list[FigureRow]:
    """The newest figure of each asset of a kind; assets without one are left out."""
    row = """FROM indicators_figure g WHERE g.indicator = %s AND g.asset_id = a.id AND g.place_id IS NULL
              AND g.at <= %s AND g.at > %s"""
    newest = _newest("g.at, g.value, g.status, g.detail", row, epoch)
    sql = f"""
        SELECT {_ASSET}, f.at, f.value, f.status, coalesce(f.detail->>'deciding', '')
        FROM {_FROM_ASSET} CROSS JOIN LATERAL ({newest}) f
        WHERE a.is_active AND a.kind = %s AND (a.id = %s OR %s::int IS NULL AND NOT a.is_trial)"""
    span = [indicator, until, until - OLDEST] * (1 if epoch is None else 2)
    values = [*span, kind, asset_id, asset_id]
    return [FigureRow(AssetRow(*row[:10]), *row[10:]) for row in _rows(sql, values)]


def figure_points(
    indicator: str, asset_ids: Sequence[int], after: datetime, until: datetime, epoch: int | None = None
) -> dict[int, list[Point]]:
    """Values of an indicator in (after, until] by asset, oldest first."""
    if not asset_ids:
        return {}
    sql = f"""
        SELECT f.asset_id, f.at, f.value, f.status FROM indicators_figure f
        WHERE f.indicator = %s AND f.asset_id = ANY(%s) AND f.place_id IS NULL
          AND f.at > %s AND f.at <= %s AND {visible("f", epoch)} ORDER BY f.asset_id, f.at"""
    found: dict[int, list[Point]] = defaultdict(list)
    for asset_id, at, value, status in _rows(sql, [indicator, list(asset_ids), after, until]):
        found[asset_id].append(Point(at, value, "flagged" if status == "flagged" else ""))
    return found


_READING = """s.asset_id, s.id, s.parameter, s.unit, {at}, {value}, {status}, src.address, src.title, s.every_s,
 src.silent_after_s, s.precedence"""


def latest_readings(
    *,
    asset_ids: Sequence[int] | None = None,
    kind: str = "",
    parameters: Sequence[str] | None = None,
    until: datetime | None = None,
    epoch: int | None = None,
) -> list[ReadingRow]:
    """The newest value of each series: from the series row itself, or looked up when asked about the past."""
    conditions, values = ["a.is_active"], []
    if asset_ids is not None:
        conditions.append("s.asset_id = ANY(%s)")
        values.append(list(asset_ids))
    else:
        conditions.append("NOT a.is_trial")
    if kind:
        conditions.append("a.kind = %s")
        values.append(kind)  # type: ignore[arg-type]
    if parameters is not None:
        conditions.append("s.parameter = ANY(%s)")
        values.append(list(parameters))  # type: ignore[arg-type]
    where = " AND ".join(conditions)
    base = "store_series s JOIN assets_asset a ON a.id = s.asset_id JOIN store_source src ON src.id = s.source_id"
    if epoch is None or until is None:
        columns = _READING.format(at="s.last_at", value="s.last_value", status="s.last_status")
        sql = f"SELECT {columns} FROM {base} WHERE {where} AND s.last_at IS NOT NULL"
        return [ReadingRow._make(row) for row in _rows(sql, values)]
    columns = _READING.format(at="v.at", value="v.value", status="v.status")
    row = "FROM store_observation w WHERE w.series_id = s.id AND w.at <= %s AND w.at > %s"
    newest = _newest("w.at, w.value, w.status", row, epoch)
    sql = f"SELECT {columns} FROM {base} CROSS JOIN LATERAL ({newest}) v WHERE {where}"
    span = [until, until - timedelta(days=7)] * 2
    return [ReadingRow._make(found) for found in _rows(sql, [*span, *values])]


_MARK = {Observation.Status.CALIBRATION.value: "calibration", Observation.Status.FAULT.value: "fault"}


def raw_points(
    series_ids: Sequence[int], after: datetime, until: datetime, epoch: int | None = None
) -> dict[int, list[Point]]:
    """Measured values in (after, until] by series, oldest first, with their status."""
    if not series_ids:
        return {}
    sql = f"""
        SELECT v.series_id, v.at, v.value, v.status FROM store_observation v
        WHERE v.series_id = ANY(%s) AND v.at > %s AND v.at <= %s AND {visible("v", epoch)}
        ORDER BY v.series_id, v.at"""
    found: dict[int, list[Point]] = defaultdict(list)
    for series_id, at, value, status in _rows(sql, [list(series_ids), after, until]):
        found[series_id].append(Point(at, value, _MARK.get(status, "")))
    return found


@dataclass(frozen=True, slots=True)
class HourPoint(Point):
    """One or several closed hours."""

    low: float | None = None
    high: float | None = None
    valid: int = 0
    expected: int = 0


def hour_points(
    series_ids: Sequence[int], after: datetime, until: datetime, step_hours: int = 1, epoch: int | None = None
) -> dict[int, list[HourPoint]]:
    """Closed hours in (after, until] by series, oldest first, drawn together in steps of `step_hours`."""
    if not series_ids:
        return {}
    sql = f"""
        SELECT series_id, max(hour), avg(mean), min(minimum), max(maximum), sum(valid), sum(expected)
        FROM (SELECT h.*, ceil(extract(epoch FROM h.hour - %s) / %s) AS bin FROM store_hour h
              WHERE h.series_id = ANY(%s) AND h.hour > %s AND h.hour <= %s AND {visible("h", epoch)}) x
        GROUP BY series_id, bin ORDER BY series_id, max(hour)"""
    found: dict[int, list[HourPoint]] = defaultdict(list)
    values = [after, step_hours * 3600, list(series_ids), after, until]
    for series_id, hour, mean, low, high, valid, expected in _rows(sql, values):
        flagged = "flagged" if mean is not None and valid < 0.75 * expected else ""
        found[series_id].append(HourPoint(hour, mean, flagged, low, high, valid, expected))
    return found


@dataclass(frozen=True, slots=True)
class SourceRow:
    """How one source is doing."""

    address: str
    title: str
    owner: str
    phone: str
    last_received_at: datetime | None
    silent_after_s: int
    series: int


def sources(ids: Sequence[int], then: datetime | None = None) -> list[SourceRow]:
    """Of these sources the active ones, with their owner and the number of series that hang on them.

    Asked about the past, when each had last spoken comes from its pulse, to the minute.
    """
    values: list[Any] = [list(ids)]
    last = "s.last_received_at"
    if then is not None:
        last = """(SELECT least(p.minute + interval '1 minute', %s) FROM store_pulse p
                   WHERE p.source_id = s.id AND p.minute <= %s ORDER BY p.minute DESC LIMIT 1)"""
        values = [then, then, *values]
    sql = f"""
        SELECT s.address, s.title, coalesce(o.short_name, ''), coalesce(o.phone, ''), {last} AS last_at,
               s.silent_after_s, (SELECT count(*) FROM store_series x WHERE x.source_id = s.id)
        FROM store_source s LEFT JOIN people_office o ON o.id = s.office_id
        WHERE s.is_active AND s.id = ANY(%s) ORDER BY last_at NULLS FIRST, s.address"""
    return [SourceRow(*row) for row in _rows(sql, values)]
