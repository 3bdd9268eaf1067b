"""Rounding for people: half up on the decimal as it is written, as spreadsheets do. 1250.25 is 1250.3 everywhere."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

# As many digits as the largest float has, and those after its point: quantizing never overflows.
_WIDE = Context(prec=700)


def rounded(value: float | Decimal, places: int) -> Decimal:
    """With so many digits after the point (fewer than none: tens, hundreds); a rounded −0 is 0. Finite numbers only."""
    exact = (
        value
        if isinstance(value, Decimal)
        else Decimal(value if isinstance(value, int) else repr(float(value)))
    )
    found = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _WIDE)
    return found or abs(found)


def significant(value: float | Decimal, digits: int) -> Decimal:
    """With so many significant digits, without zeros at its end."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    return rounded(exact, digits - 1 - exact.adjusted()).normalize(_WIDE)
