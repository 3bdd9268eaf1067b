"""Numbers as the command line writes them for people: 3.700,4 as on screens. `--json` keeps plain numbers."""

from __future__ import annotations

import math
from decimal import Decimal

from haidang.engine.contracts.sheets.numerals import vietnamese
from haidang.engine.rounding import rounded, significant

NONE = "–"


def number(value: float | Decimal | None, *, digits: int | None = None, places: int | None = None) -> str:
    """`1.234,56`, no digit lost; with `digits` so many significant ones, with `places` so many after the comma. None and
    NaN are a dash.
    """
    if value is None or not math.isfinite(value):
        return NONE
    if places is not None:
        text = vietnamese(rounded(value, places))  # −0,04 with one place is 0,0
        whole, _, after = text.partition(",")
        return f"{whole},{after:0<{places}}" if places else whole
    if digits is not None:
        return vietnamese(significant(value, digits))
    value = value or 0  # a −0 is 0
    return vietnamese(value if isinstance(value, float | Decimal) else Decimal(value))


def amount(value: float | Decimal | None, unit: str, *, digits: int | None = None) -> str:
    """With its unit: `3.700,4 tỷ đồng`, `98,5%`; a bare number without."""
    if value is None or not math.isfinite(value):
        return NONE
    gap = "" if unit == "%" else " "
    return f"{number(value, digits=digits)}{gap}{unit}".rstrip()
