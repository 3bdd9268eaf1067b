"""The forms most numbers have, read at once: `numerals` says the same of them ten times as slowly, and all that others need.

A column of text or in another unit than the contract's is read by these, so their cost is that of the whole file.
"""

from __future__ import annotations

import re
from decimal import Decimal

_PLAIN = re.compile(
    r"-?(?:([0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+|[0-9]{1,3}(?:\.[0-9]{3}){2,})|([0-9]+,(?:[0-9]{1,2}|[0-9]{4,}))"
    r"|([0-9]+(?:\.(?:[0-9]{1,2}|[0-9]{4,}))?)"
    r"|([0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+|[0-9]{1,3}(?:,[0-9]{3}){2,})|([1-9][0-9]{0,2}[.,][0-9]{3}))"
)
_VIETNAMESE, _COMMA, _POINT, _ENGLISH, _GROUP = range(1, 6)
# Digits that a binary fraction keeps, whatever they are.
KEPT = 15
_MILLIONTH = -6


def digits_of(text: str, *, ones: bool) -> str | None:
    """The number of a text as Python writes it (“1.234,5” → `1234.5`); None where more must be known. With `ones` one sign
    before three digits groups them.
    """
    found = _PLAIN.fullmatch(text)
    if found is None:
        return None
    form = found.lastindex
    if form == _COMMA:
        text = text.replace(",", ".")
    elif form == _VIETNAMESE:
        text = text.replace(".", "").replace(",", ".")
    elif form == _ENGLISH:
        text = text.replace(",", "")
    elif form == _GROUP:
        if not ones:
            return None
        text = text.replace(".", "").replace(",", "")
    return text if len(text) <= KEPT else None


def places_moved(times: Decimal | None) -> int | None:
    """By how many places a factor moves the point: 3 for 1000, −6 for 0,000001; None for other factors."""
    if times is None or times <= 0:
        return None
    places = times.adjusted()
    return places if times == Decimal(1).scaleb(places) else None


def least_converted(decimals: int, places: int, most: float | None = None) -> Decimal:
    """Below it a converted number is asked about: no digit of it is shown. One that was divided by a million or more is asked
    about up to half a unit before the last digit shown, and up to a millionth of the `most` it may be: that is what numbers
    typed in millions come to under “đồng”.
    """
    if places > _MILLIONTH:
        return Decimal(5).scaleb(-1 - decimals)
    return max(Decimal(5).scaleb(-decimals), Decimal(repr(most or 0.0)).scaleb(_MILLIONTH))


def moved(digits: str, places: int) -> float:
    """The number nearest to its digits with the point moved; no other than exact decimals come to."""
    return float(f"{digits}e{places}") if places else float(digits)


def moved_float(value: float, places: int) -> float:
    """The same of a number a cell holds: its shortest digits are what was typed."""
    digits = repr(value)
    return float(Decimal(digits).scaleb(places)) if "e" in digits else float(f"{digits}e{places}")


def grouped(digits: str) -> str:
    """Digits as people here write them: `1234.50` → “1.234,5”."""
    if "." in digits:
        head, _, tail = digits.rstrip("0").rstrip(".").partition(".")
    else:
        head, tail = digits, ""
    sign = "-" if head.startswith("-") else ""
    whole = f"{int(head.lstrip('-') or 0):,}".replace(",", ".")
    return f"{sign}{whole},{tail}" if tail else sign + whole
