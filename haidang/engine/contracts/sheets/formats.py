"""What the number format of a cell says beyond looks: a share, digits left out, a unit (ECMA-376 part 1, 18.8.31)."""

from __future__ import annotations

import re

from haidang.engine.contracts.sheets.book import Mark
from haidang.engine.contracts.sheets.numerals import counts_by_one, is_known_unit

# Words and signs shown as they are: "tỷ", \đ, and [$₫-42A], a currency with its language.
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]\-]*)[^\]]*\]')
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.')
_LEFT_OUT = re.compile(r"[0#?](,+)(?![0#?,])")
_SHARES = {9, 10}
# Digits, a text, or parts of a day.
_MINUS = re.compile(r"[^0#?dmyhs]*(?:[-−–]\s*[0#?]|\(\s*[0#?][0#?.,]*\s*\))")
_SHOWS, _CONDITION = re.compile(r"[0#?@dmyhsge]"), re.compile(r"\[[<>=]")


def shown_part(code: str) -> str:
    """The digits and signs of a format for positive numbers, without words, colours and gaps."""
    return _NOT_SHOWN.sub("", code).partition(";")[0]


def mark_of(number: int, code: str, font: str, *, struck: bool) -> Mark:
    """`number` is that of a format Excel brings along, `code` the text of one of the file's own."""
    shown = shown_part(code)
    left_out = _LEFT_OUT.search(shown)
    words = "".join("".join(found) for found in _LITERAL.findall(_first_section(code))).strip()
    return Mark(
        percent=number in _SHARES or "%" in shown,
        thousands=len(left_out[1]) if left_out else 0,
        font=font if font.lower().startswith((".vn", "vni")) else "",
        unit=words if words != "%" and (is_known_unit(words) or counts_by_one(words)) else "",
        struck=struck,
        unshown=_hides(code),
        negative=_is_minus(code),
    )


def _is_minus(code: str) -> bool:
    """Whether a format puts a minus, or the brackets of one, around numbers that have none: “[Red]-0”."""
    section = _first_section(code)
    if not code or _CONDITION.search(section):
        return False
    shown = re.sub(r"\[[^\]]*\]|_.|\*.", "", section)
    plain = re.sub(r'"([^"]*)"|\\(.)', lambda found: found[1] or found[2] or "", shown)
    return _MINUS.match(plain) is not None


def _hides(code: str) -> bool:
    """Whether a format shows nothing of a number, as “;;;” does; one with a condition is of some numbers only."""
    section = _first_section(code)
    if not code or _CONDITION.search(section):
        return False
    return not _SHOWS.search(_NOT_SHOWN.sub("", section).lower())


def _first_section(code: str) -> str:
    """Up to the first semicolon that is no word."""
    for found in re.finditer(r'"[^"]*"|\\.|;', code):
        if found[0] == ";":
            return code[: found.start()]
    return code
