"""Rows whose value or time cannot be become faults, each with the first reason that holds.

A file of two hundred thousand of them is common (a probe that lost its zero), so what its sentences share is written
once: the clock, the limits of a series, the minute of a stamp.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np

from haidang.engine import clock
from haidang.engine.contracts.batch import Batch, Misfit, fault
from haidang.engine.contracts.columns import Columns
from haidang.engine.contracts.values import clock_text
from haidang.engine.ingest.keeping import Parcel
from haidang.engine.store.registry import Registry


def refuse(
    rows: Columns,
    bad: Mapping[str, np.ndarray],
    batch: Batch,
    parcels: Sequence[Parcel],
    registry: Registry,
    now: datetime,
) -> None:
    """Add the faults of `rows` to the batch; `bad` is a mask of rows by reason, the first reason first."""
    told = np.zeros(len(rows), dtype=bool)
    known: dict[int, dict[str, str]] = {}
    now_text = f"{clock.local(now):%H:%M:%S %d/%m/%Y}"
    for reason, mask in bad.items():
        some = np.flatnonzero(mask & ~told)
        told |= mask
        columns = (rows.slot, rows.value, rows.at, rows.delivery, rows.ordinal)
        for slot, value, at, delivery, ordinal in zip(*(c[some].tolist() for c in columns), strict=True):
            if slot not in known:
                known[slot] = _of_slot(registry, slot, now_text)
            misfit = Misfit(reason, {**known[slot], "value": f"{value:g}", "at": clock_text(at)})
            parcel = parcels[delivery]
            body, record = parcel.locate(ordinal)
            fault(batch, parcel.index, ordinal, misfit, record, body)


def _of_slot(registry: Registry, number: int, now_text: str) -> dict[str, str]:
    slot, bounds = registry.slots[number], registry.bounds()
    return {
        "station": slot.asset_code, "parameter": slot.parameter, "unit": slot.unit, "now": now_text,
        "low": f"{float(bounds.low[number]):g}", "high": f"{float(bounds.high[number]):g}",
    }  # fmt: skip
