"""Numbers as the formulas of the law want them: exact decimals, rounded half up, and written the Vietnamese way."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def exact(value: float) -> Decimal:
    """The decimal that was written down: 0.1 is one tenth, not the nearest binary fraction."""
    return Decimal(repr(float(value)))


def averaged(mean: float) -> Decimal:
    """The decimal an average of written decimals means.

    Averaging in binary leaves 50.899999999999984 of twelve times 50.9, and an index would fall one short. Twelve digits
    are more than any device writes and fewer than the sixteen or so a float carries.
    """
    return Decimal(f"{float(mean):.12g}")


def whole(value: Decimal) -> int:
    """Rounded half up: Python's own round() would make 42.5 an even 42."""
    return int(_settled(value).quantize(Decimal(1), ROUND_HALF_UP))


def rounded(value: Decimal, places: int = 2) -> float:
    """A plain number with so many decimals, rounded half up."""
    return float(_settled(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def _settled(value: Decimal) -> Decimal:
    """Divisions and roots are good to some 28 digits: what stands at a half must not fall below it in the last."""
    return value.quantize(Decimal("1e-12"), ROUND_HALF_UP)


def written(value: float, language: str, places: int = 2) -> str:
    """A number for people: `1.234,5` in Vietnamese, `1,234.5` in English, no trailing zeros."""
    text = f"{exact(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text if language == "en" else text.translate(str.maketrans(",.", ".,"))
