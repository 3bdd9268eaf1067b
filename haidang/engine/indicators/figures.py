"""Read figures: as they are now, or as they were known at an epoch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import connection

from haidang.engine import clock
from haidang.engine.assets.models import Asset
from haidang.engine.indicators import compute, former
from haidang.engine.indicators.book import Book, Entry
from haidang.engine.store import epochs


@dataclass(frozen=True, slots=True)
class Answer:
    """One figure with everything needed to explain it. `epoch` is None when it was computed for this question."""

    indicator: str
    asset_code: str
    at: datetime
    value: float | int | None
    unit: str
    status: str
    version: str
    formula_sha256: str
    detail: dict[str, Any]
    inputs: list[dict[str, Any]]
    epoch: int | None
    id: int | None


def period_end(entry: Entry, at: datetime) -> datetime:
    """End of the period that holds `at`: an hour holds (H−1, H], a day 01:00 … 00:00 by Vietnamese clocks."""
    if entry.indicator.period == "hour":
        return clock.hour_end(at)
    local = clock.local(at)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight if midnight == local else midnight + timedelta(days=1)


def figure(book: Book, address: str, asset: Asset, at: datetime, as_of: datetime | None = None) -> Answer:
    """The figure of `asset` for the period that holds `at`. Raises KeyError for an unknown indicator.

    `as_of` answers from what was known then, formula included; the clock has no say in it.
    """
    today = book.entries[address]
    end = period_end(today, at)
    epoch, moment = (None, clock.now()) if as_of is None else (epochs.resolve(as_of), as_of)
    entry = today if as_of is None else former.entry_at(today, as_of)
    with connection.cursor() as cursor:
        stored = _stored(cursor, today, asset.pk, end, epoch)
        if stored is not None or entry is None:
            return _answer(today, asset, end, *(stored or _NOTHING))
        # The running hour, and the one before it while nobody has closed it yet.
        observed = clock.hour_end(moment) - 2 * compute.HOUR
        span = entry.indicator.hours * compute.HOUR
        rows = compute.window_rows(
            cursor, [asset.pk], entry.indicator.parameters, end - span, end, epoch, observed
        )
    answer = compute.evaluate(entry, rows.get(asset.pk, {}), end)
    if answer is None:
        return _answer(entry, asset, end, *_NOTHING)
    result, version, inputs = answer
    status = "provisional" if end > moment and result.value is not None else result.status
    detail = {**result.detail, "version": version, "inputs": inputs}
    return _answer(entry, asset, end, None, result.value, status, entry.sha256, detail, None)


_NOTHING: tuple[Any, ...] = (None, None, "missing", "", {"version": "", "inputs": []}, None)


def _stored(
    cursor: Any, entry: Entry, asset_id: int, end: datetime, epoch: int | None
) -> tuple[Any, ...] | None:
    """The stored figure, unless an hour it looks at has changed since and it waits to be computed again."""
    cursor.execute(
        f"SELECT f.id, f.value, f.status, f.formula_sha256, f.detail, f.epoch FROM indicators_figure f"
        " WHERE f.indicator = %(indicator)s AND f.asset_id = %(asset)s AND f.at = %(end)s AND f.place_id IS NULL"
        f" AND {epochs.visible('f', epoch)} AND {_WAITS_NO_MORE if epoch is None else _WAITED_NOT}",
        {
            "indicator": entry.address,
            "asset": asset_id,
            "end": end,
            "first": end - entry.indicator.hours * compute.HOUR,
            "parameters": list(entry.indicator.parameters),
            "epoch": epoch,
        },
    )
    row = cursor.fetchone()
    if row is None:
        return None
    detail = msgspec.json.decode(row[4]) if isinstance(row[4], str) else row[4]
    return (*row[:4], detail, row[5])


_WAITS_NO_MORE = """NOT EXISTS (
    SELECT 1 FROM indicators_due d WHERE d.indicator = f.indicator AND d.asset_id = f.asset_id AND d.at = f.at
)"""
# The queue remembers nothing: at an epoch a figure waited when hours of its window were known that are newer than it.
_WAITED_NOT = """NOT EXISTS (
    SELECT 1 FROM store_series s JOIN store_hour h ON h.series_id = s.id
    WHERE s.asset_id = f.asset_id AND s.parameter = ANY(%(parameters)s) AND h.hour > %(first)s AND h.hour <= %(end)s
          AND h.epoch > f.epoch AND h.epoch <= %(epoch)s
          AND (h.superseded IS NULL OR h.superseded IS NOT NULL)  -- each arm has its partial index
)"""


def _answer(
    entry: Entry,
    asset: Asset,
    end: datetime,
    id_: int | None,
    value: float | None,
    status: str,
    sha256: str,
    detail: dict[str, Any],
    epoch: int | None,
) -> Answer:
    shown: float | int | None = value
    if value is not None and entry.indicator.decimals == 0:
        shown = int(value)
    inputs = [
        {"parameter": parameter, "hour": hour, "mean": mean, "series": series, "epoch": known}
        for parameter, hour, mean, series, known in detail.get("inputs", [])
    ]
    rest = {key: item for key, item in detail.items() if key not in ("inputs", "version")}
    version = str(detail.get("version", ""))
    return Answer(
        entry.address,
        asset.code,
        end,
        shown,
        entry.indicator.unit,
        status,
        version,
        sha256,
        rest,
        inputs,
        epoch,
        id_,
    )
