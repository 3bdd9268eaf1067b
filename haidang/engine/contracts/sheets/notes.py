"""What stands in a column of notes: words that explain, signs that say nothing, a number that has slipped there."""

from __future__ import annotations

import re

from haidang.engine.contracts.sheets.numerals import is_known_unit, read_number, says_nothing

_WORD = re.compile(r"[^\W\d_]+")
# A word alone explains when it is as long as this: “Covid” says what, “đúng” does not.
_LONG = 8
_NUMBER_FIRST = re.compile(r"\s*[-+−–]?\s*[\d.,]")


def explains(text: str) -> bool:
    """Whether a text gives a reason: two words or a long one. “-”, “…”, “không”, “x” and a bare number give none."""
    words = _WORD.findall(text)
    return not says_nothing(text) and (len(words) > 1 or sum(map(len, words)) >= _LONG)


def is_number(text: str) -> bool:
    """Whether a note is nothing but a number, which may be one of another column; “(1)” is the mark of a footnote."""
    if not _NUMBER_FIRST.match(text):
        return False
    found = read_number(text)
    return found.value is not None and (not found.unit or is_known_unit(found.unit))
