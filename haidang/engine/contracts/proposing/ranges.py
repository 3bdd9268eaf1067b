"""Between what and what a value may lie, reckoned from those that are there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

from haidang.engine.contracts.reading import Text
from haidang.engine.contracts.sheets.numerals import vietnamese


def bounds(values: Sequence[Decimal], *, percent: bool) -> tuple[float | None, float | None, Text]:
    """Between what and what a value may lie: so wide that only a slip of the unit falls out."""
    if not values:
        return None, None, Text("cột không có số nào để suy ra khoảng", "no number to reckon a range from")
    low, high = min(values), max(values)
    shown = f"{vietnamese(float(low))} … {vietnamese(float(high))}"
    if percent and low >= 0 and high <= 100:
        return (
            0,
            100,
            Text(
                f"trong tệp: {shown}; tỷ lệ nằm trong 0–100 %",
                f"in the file: {shown}; a share lies within 0–100 %",
            ),
        )
    top = _round_up(10 * max(abs(low), abs(high), Decimal(1)))
    bottom = 0.0 if low >= 0 else -top
    words = f"trong tệp: {shown}; chặn ở khoảng 10 lần để bắt sai đơn vị"
    return bottom, top, Text(words, f"in the file: {shown}; ten times that, to catch a slip of the unit")


def _round_up(value: Decimal) -> float:
    """To 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(float(value)))
    return next(
        float(f"{step * power:.12g}") for step in (1, 2, 5, 10) if step * power >= float(value) * (1 - 1e-12)
    )
