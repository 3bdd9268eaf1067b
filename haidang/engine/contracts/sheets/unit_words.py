"""Units in headings, in labels of lines and above tables: where they stand, and what is one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from haidang.engine.contracts.sheets.book import Value
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.contracts.sheets.lettering import clean
from haidang.engine.contracts.sheets.numerals import factor, is_known_unit
from haidang.engine.contracts.sheets.wording import folded

BRACKET = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_UNIT_WORD = (
    r"(?:đơn vị(?: tính| tiền(?: tệ)?| đo(?: lường)?)?|don vi(?: tinh)?|đvt|dvt|đv(?: tính)?|\bunits?)"
)
_STATED = re.compile(rf"(?i){_UNIT_WORD}\s*[:：]\s*([^;()]+)")
_STATED_BARE = re.compile(rf"(?i)(?:{_UNIT_WORD}(?: là)?|tính (?:bằng|theo)(?: đơn vị)?)\s+([^;()]+)")
_UNIT_ALONE = re.compile(rf"(?i)\W*{_UNIT_WORD}(?: là)?\W*")
# What is surely a unit, and not the office that sends the table.
SURE_UNIT = re.compile(r"\b(?:tinh|dvt)\b|: *[ntm][a-z]{0,2}[. ]*(?:d|vnd|dong)\W*$")
# A unit of money, and the number before it where it is a sum (“120 nghìn tỷ đồng”, “hai nghìn tỷ đồng”).
_SPOKEN = re.compile(
    r"((?<![\d.,])(?!(?<=\bnam )20\d\d\b)\d[\d.,]*\s*|\b(?:mot|hai|ba|bon|sau|bay|tam|chin|muoi|chuc|tram|hang|nhieu|vai)"
    r"(?: (?:mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi|chuc|tram))* )?"
    r"\b((?:nghin ty|nghin|ngan|ngh|ng|trieu|tr|ty|ti|1[.,]?000|thousand|million|billion)[. ]*(?:dongs?|d|vnd))\b"
)
# What may stand in brackets behind a heading without being its unit.
_MONEY_AT_END = re.compile(
    r"(?i)(?:^|[\s,;:–/-])((?:nghìn tỷ|nghìn|ngàn|triệu|tr\.?|tỷ|tỉ|ngh?\.?|1[.,]?000)\s*(?:đồng|đ|vnđ|vnd))\s*$"
)
_LAST_PIECE = re.compile(r"(?:[,;:–]|\s[-/])\s*([^,;:–/]+)$")
_NO_UNIT = re.compile(r"[\d\s=+\-*/:.,a-dA-D]*")
# What a bracket says of the time or kind of a column; of what it says of an estimate nothing need be known.
_OF_TIME = re.compile(
    r"\b(?:t(?:hang|uan) ?\d{1,2}|\d{1,2} ?t(?:hang)?|(?:thang|tuan|quy|ky|nam) (?:nay|truoc|bao cao)|quy (?:[1-4]|i{1,3}|iv)|"
    r"(?:nam )?20\d\d|tu dau nam|luy ke|cong don|cung ky|so voi|so sanh|ke hoach|du toan|tang|giam)\b"
)
_ESTIMATED = re.compile(
    r"(?:so )?(?:so lieu )?(?:uoc|uoc tinh|uoc thuc hien|chinh thuc|so bo|lam tron)(?: so)?"
)


def says_estimated(folded_words: str) -> bool:
    """“ước”, “số liệu sơ bộ”."""
    return _ESTIMATED.fullmatch(folded_words) is not None


def without_brackets(text: str) -> str:
    """A heading without what stands in brackets, its unit above all; what they say of its time or kind stays."""
    return BRACKET.sub(lambda found: f" {inner} " if (inner := _time_in(found)) else " ", text)


def _time_in(bracket: re.Match[str]) -> str:
    inner = (bracket[1] or bracket[2] or "").strip()
    return inner if _OF_TIME.search(folded(inner)) and not is_known_unit(inner) else ""


def unit_in(text: str) -> str:
    """The unit a heading gives in brackets or after a last comma; empty when it gives none."""
    plain = clean(text)[0]
    for found in reversed(list(BRACKET.finditer(plain))):
        inner = (found[1] or found[2] or "").strip()
        inner = re.sub(r"(?i)^\s*(?:đvt|dvt|đơn vị(?: tính)?)\s*:?\s*", "", inner)
        says_more = _ESTIMATED.fullmatch(folded(inner)) or _time_in(found)
        if inner and not _NO_UNIT.fullmatch(inner) and not says_more:
            return inner
    # A whole row of headings may be the unit: “Tỷ đồng” over “Kỳ trước | Kỳ này”.
    rows = (piece.strip() for piece in plain.split(" / "))
    return unit_behind(plain) or next((piece for piece in rows if is_known_unit(piece) and piece != "%"), "")


def unit_of_label(label: str, contract: SheetContract) -> str:
    """The unit in the brackets of a line's label, where it is one: “Sởi (nghi ngờ)” gives none."""
    unit = unit_in(label)
    if not unit or is_known_unit(unit):
        return unit
    fits = any(factor(unit, one, contract.units) is not None for one in contract.number_units)
    return unit if fits else ""


def unit_behind(text: str) -> str:
    """The unit behind a heading without brackets: “Kỳ này, tỷ đồng”, “Kỳ này tỷ đồng”, “Tỷ đồng” alone."""
    words = " ".join(text.split())
    found = _MONEY_AT_END.search(words)
    if found is None and (found := _LAST_PIECE.search(words)) and not is_known_unit(found[1]):
        found = None
    return found[1].strip() if found else words if is_known_unit(words) else ""


def stated_unit(text: str) -> str:
    """The unit a line over the table states: “Đơn vị tính: triệu đồng”, “ĐVT triệu đồng”, “(triệu đồng)” alone or last."""
    said = clean(text)[0]
    if "\n" in said.strip():  # “ĐVT: tr.đ” over “STT” in one cell
        units = (stated_unit(line) for line in said.splitlines())
        if unit := next((one for one in units if is_known_unit(one)), ""):
            return unit
    plain = " ".join(said.split())
    if found := _STATED.search(plain):
        whole = found[1].strip(" .")
        first = re.split(r"\s[-–|]\s", whole)[0].strip()  # “nghìn đồng - nguồn: KBNN”
        return first if is_known_unit(first) else whole
    found = _STATED_BARE.search(plain) or re.search(r"\(([^()]+)\)\s*$", plain)
    inner = (found[1] if found else plain).strip(" .()")
    if is_known_unit(inner):
        return inner
    first = inner.partition(",")[0].strip()  # “nghìn đồng, làm tròn”
    return first if found and is_known_unit(first) else ""


def states_unit(line: str) -> bool:
    """“ĐVT: tr.đ” and nothing beside it."""
    found = _STATED.fullmatch(clean(line)[0].strip())
    return found is not None and is_known_unit(found[1].strip(" ."))


def is_unit_word(cell: Value) -> bool:
    """“ĐVT” alone."""
    return isinstance(cell, str) and _UNIT_ALONE.fullmatch(clean(cell)[0]) is not None


def unit_beside(cells: Sequence[tuple[int, Value]], contract: SheetContract) -> tuple[int, str] | None:
    """A unit in the cell behind the words for it (“Đơn vị tính:” | “tỷ đồng”), and where it stands."""
    said = [(column, cell) for column, cell in cells if cell is not None]
    for (_, before), (column, cell) in pairwise(said):
        if not (
            isinstance(before, str) and isinstance(cell, str) and _UNIT_ALONE.fullmatch(clean(before)[0])
        ):
            continue
        unit = clean(cell)[0].strip(" .():")
        fits = any(factor(unit, one, contract.units) is not None for one in contract.number_units)
        if is_known_unit(unit) or fits:
            return column, unit
    return None


def spoken_unit(text: str) -> str:
    """A unit of money somewhere in a text that does not call it one (“Bảng thu, tỷ đồng, 2026”); sums of money name none."""
    return next((unit for number, unit in _SPOKEN.findall(folded(text)) if not number), "")
