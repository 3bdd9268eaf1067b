"""Readings that were found good, as columns: units are converted and bounds are asked once for a whole batch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from haidang.engine.contracts.batch import Batch

_YEAR_2000 = 946_684_800_000_000


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the registry holds per slot, as columns."""

    factor: np.ndarray
    low: np.ndarray
    high: np.ndarray
    tolerance_us: np.ndarray


@dataclass(slots=True)
class Columns:
    """Good readings of a batch, one row each, in the order they arrived."""

    slot: np.ndarray  # int32
    at: np.ndarray  # int64, microseconds since 1970
    value: np.ndarray  # float64, NaN where there is none; in the contract's unit
    status: np.ndarray  # int16
    delivery: np.ndarray  # int32, index within the batch
    ordinal: np.ndarray  # int32

    def __len__(self) -> int:
        return len(self.slot)

    def take(self, rows: np.ndarray) -> Columns:
        """The rows of a mask or an index array."""
        return Columns(
            self.slot[rows],
            self.at[rows],
            self.value[rows],
            self.status[rows],
            self.delivery[rows],
            self.ordinal[rows],
        )


def columns_of(batch: Batch) -> Columns:
    """The lists of a checked batch as columns."""
    runs = np.array(batch.runs, dtype=np.int64).reshape(-1, 3)
    counts = runs[:, 2]
    starts = np.repeat(runs[:, 1] - np.concatenate(([0], np.cumsum(counts)[:-1])), counts)
    return Columns(
        slot=np.array(batch.slots, dtype=np.int32),
        at=np.array(batch.at, dtype=np.int64),
        value=np.array(batch.values, dtype=np.float64),  # None becomes NaN
        status=np.array(batch.statuses, dtype=np.int16),
        delivery=np.repeat(runs[:, 0], counts).astype(np.int32),
        ordinal=(starts + np.arange(len(starts))).astype(np.int32),
    )


def bound(rows: Columns, bounds: Bounds, now_us: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Convert units in place; which rows are good, and the rows that are not, by reason.

    Values outside the possible range count only while measuring: a device that reports a fault may send anything.
    """
    rows.value *= bounds.factor[rows.slot]
    measuring = rows.status == 0
    bad = {
        "future_time": rows.at > now_us + bounds.tolerance_us[rows.slot],
        "too_old": rows.at < _YEAR_2000,
        "not_a_number": measuring & ~np.isfinite(rows.value),
        "impossible_value": measuring
        & ((rows.value < bounds.low[rows.slot]) | (rows.value > bounds.high[rows.slot])),
    }
    good = ~np.logical_or.reduce(list(bad.values()))
    return good, bad
