"""Which line of a contract a label names."""

from __future__ import annotations

import re

from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.contracts.sheets.lettering import clean
from haidang.engine.contracts.sheets.spans import Span
from haidang.engine.contracts.sheets.unit_words import unit_behind
from haidang.engine.contracts.sheets.wording import bare_label, folded, in_full, without_english

_ABBREVIATED = re.compile(r"\(([A-Z]{3,6})\)")
_BETWEEN = re.compile(r"\s+[-–/|]\s+|\s*[:;\n]\s*")


class ItemNames:
    """Of a contract's lines: `known` has each in the forms labels are compared in, folded → line."""

    def __init__(self, contract: SheetContract, span: Span) -> None:
        self.span = span
        self.known: dict[str, str] = {}
        for name, item in contract.items.items():
            for word in (item.title.vi, item.title.en, *item.aliases):
                if word:
                    self.known.setdefault(folded(word), name)
                    self.known.setdefault(bare_label(folded(word)), name)
                    self.known.setdefault(in_full(bare_label(folded(word))), name)

    def find(self, label: str) -> str | None:
        """The line a label names: whatever number, bullet or unit stands around its words."""
        plain = folded(label)
        for word in (plain, bare_label(plain), bare_label(re.sub(r"\([^()]*\)", " ", plain))):
            for one in (word, self.span.without(word)):
                if found := self.known.get(one) or self.known.get(in_full(one)):
                    return found
        words = clean(label)[0]
        # “Giá tiêu dùng (CPI)”: an abbreviation in brackets names the line.
        if (short := _ABBREVIATED.search(words)) and (found := self.known.get(folded(short[1]))):
            return found
        line = " ".join(words.split())
        if (unit := unit_behind(line)) and unit != line:  # “Xuất khẩu, nghìn USD”
            return self.find(line.removesuffix(unit).rstrip(" ,;:–/-"))
        own = without_english(words)
        if own != words:
            return self.find(own)
        # “CPI – Chỉ số giá tiêu dùng” says the same twice.
        named = {self.known.get(bare_label(folded(part))) for part in _BETWEEN.split(words)}
        return named.pop() if len(named) == 1 else None
