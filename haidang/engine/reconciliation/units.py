"""What turns one unit into another, and the name of the unit somebody may have meant."""

from __future__ import annotations

import re
from decimal import Decimal

from haidang.engine.both import both
from haidang.engine.indicators.units import parse

# i18n: data – as contents write them
_NAMED = (
    "đồng",
    "nghìn đồng",
    "triệu đồng",
    "tỷ đồng",
    "nghìn tỷ đồng",
    "m²",
    "ha",
    "km²",
    "kg",
    "tạ",
    "tấn",
)
# i18n: data – as contents write them
_SCALES = ("nghìn", "triệu", "tỷ")
# i18n: data – as contents write them
_SCALE = re.compile(r"^(nghìn|ngàn|triệu|tỷ|tỉ)\s+", re.IGNORECASE)


def factor(written: str, wanted: str) -> Decimal:
    """What turns a number in `written` into `wanted`. Raises ValueError where they measure different things."""
    theirs, ours = parse(written), parse(wanted)
    if not theirs.fits(ours):
        raise ValueError(
            both(
                f"{written!r} and {wanted!r} do not measure the same thing",
                f"{written!r} và {wanted!r} không đo cùng một thứ",
            )
        )
    ratio = theirs.scale / ours.scale
    return Decimal(ratio.numerator) / Decimal(ratio.denominator)


def unit_by(unit: str, times: Decimal) -> str:
    """The name of the unit that is `times` as large; empty where there is none: (`tỷ đồng`, 0.001) → `triệu đồng`."""
    bare = _SCALE.sub("", unit.strip())
    # Of money and area the named units come first; a thousand tonnes have no name of their own.
    for name in (*_NAMED, bare, *(f"{word} {bare}" for word in _SCALES)):
        if parse(name).fits(parse(unit)) and factor(name, unit) == times:
            return name
    return ""
