"""What stands in brackets behind a heading or a label and makes another thing of it: “Thu nội địa (không kể đất)”."""

from __future__ import annotations

import re
from collections.abc import Callable

from haidang.engine.contracts.sheets.days import Period, apart, relative
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.contracts.sheets.lettering import clean, is_syllable
from haidang.engine.contracts.sheets.numerals import factor, is_known_unit
from haidang.engine.contracts.sheets.spans import Span
from haidang.engine.contracts.sheets.unit_words import BRACKET, says_estimated
from haidang.engine.contracts.sheets.wording import folded

# Marks of footnotes, numbers of columns and lines, codes: “(1)”, “(*)”, “(= 1 + 2)”, “(I+II)”, “(A01)”.
_MARK = re.compile(r"[\d\s=+\-*/:.,;†IVXa-dA-D]*|[A-Z]{1,2}\d{1,4}(?:\.\d+)?")
_LONGEST_SHORT = 5


def that_says_more(
    text: str, contract: SheetContract, period: Period | None, same: Callable[[str], bool]
) -> str:
    """The first bracket that is neither unit, mark, estimate, this period, English, nor the `same` in other words."""
    plain = clean(text)[0]
    if "(" not in plain and "[" not in plain:
        return ""
    for found in BRACKET.finditer(plain):
        inner = (found[1] or found[2] or "").strip()
        if not (_MARK.fullmatch(inner) or same(inner) or _says_nothing(inner, contract, period)):
            return inner
    return ""


def _says_nothing(inner: str, contract: SheetContract, period: Period | None) -> bool:
    word = re.sub(r"^(?:don vi tinh|don vi|dvt)\s*:?\s*", "", folded(inner))
    if is_known_unit(word) or says_estimated(word):
        return True
    if any(factor(word, one, contract.units) is not None for one in contract.number_units):
        return True
    if relative(apart(word), period) in Span(contract.period).now | {"nam nay"}:
        return True
    words = re.findall(r"[A-Za-z]+", inner)
    short = inner.isupper() and len(inner) <= _LONGEST_SHORT
    return inner.isascii() and not short and any(not is_syllable(one.lower()) for one in words)
