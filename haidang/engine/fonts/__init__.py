"""Tinos, of the measures of Times New Roman (NĐ 30/2020 asks for it), shipped: a paper looks the same on every machine."""

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import typst

FOLDER = Path(__file__).parent
FAMILY = "Tinos"
# i18n: data – letters of which nobody needs to ask: our fonts have them
_USUAL = re.compile(
    "[\\n -~\u00a0-\u00ff\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]*"
)
_PROBE = f"""#set text(font: "{FAMILY}")
#let shown = "a" + sys.inputs.sign
#shown #strong(shown) #emph(shown) #strong(emph(shown))"""


@cache
def fonts() -> typst.Fonts:
    """Read once for a process. What the system has is left out: the same paper must give the same bytes everywhere."""
    return typst.Fonts(include_system_fonts=False, font_paths=[FOLDER])


def writable(text: str) -> str:
    """The text without what none of our fonts has: PDF/A refuses the whole paper for one such sign.

    A unit that is one sign is written out: `㎡` is m², without it a number would lose what it counts. Little pictures say
    nothing that the words beside them do not: they are left out. Of a letter it is said that one stands there: `(?)`. A
    box would say neither what it was nor that it is not our printing that failed.
    """
    if _USUAL.fullmatch(text):
        return text
    kept: list[str] = []
    is_gap = False
    for sign in text:
        shown = sign if _is_shown(sign) else _instead(sign)
        # What is left out takes one of the spaces around it along.
        if shown and not (is_gap and shown == " " and kept and kept[-1] == " "):
            kept.append(shown)
            is_gap = False
        is_gap = is_gap or not shown
    return "".join(kept)


def writable_in(thing: Any) -> Any:
    """What JSON holds, with every text in it writable."""
    if isinstance(thing, str):
        return writable(thing)
    if isinstance(thing, list):
        return [writable_in(one) for one in thing]
    return {name: writable_in(one) for name, one in thing.items()} if isinstance(thing, dict) else thing


def _is_shown(sign: str) -> bool:
    return _USUAL.fullmatch(sign) is not None or has_glyph(sign)


def _instead(sign: str) -> str:
    """The signs it is made of where all can be shown: one step apart first, as the last one makes m2 of `㎡`."""
    _, _, codes = unicodedata.decomposition(sign).rpartition("> ")
    apart = "".join(chr(int(code, 16)) for code in codes.split())
    for written in (apart, unicodedata.normalize("NFKC", sign)):
        if written and all(_is_shown(one) for one in written):
            return written
    return "(?)" if unicodedata.category(sign)[0] in "LN" else ""


@lru_cache(4096)
def has_glyph(sign: str) -> bool:
    """Whether our fonts can show it, found out by setting it once."""
    try:
        typst.compile(_PROBE.encode(), sys_inputs={"sign": sign}, font_paths=fonts(), pdf_standards="a-2b")
    except (typst.TypstError, UnicodeEncodeError):
        return False
    return True
