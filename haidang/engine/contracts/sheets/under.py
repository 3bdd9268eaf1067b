"""Lines known by name that stand as parts below another one: “- Xuất khẩu” below “Thu ngân sách từ …” is revenue, no exports."""

from __future__ import annotations

from haidang.engine.contracts.sheets.block import Block
from haidang.engine.contracts.sheets.book import Value
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.contracts.sheets.numerals import factor
from haidang.engine.contracts.sheets.rows import Kind, Rows
from haidang.engine.contracts.sheets.unit_words import unit_of_label
from haidang.engine.contracts.sheets.verdict import Level
from haidang.engine.contracts.sheets.wording import bare_label, folded, in_full


class Under:
    """Of one table; told of its rows one after the other, so that it knows the last one without a stroke."""

    def __init__(self, contract: SheetContract, rows: Rows) -> None:
        self.contract, self.rows = contract, rows
        self._above = ""
        units = [name for name, column in contract.columns.items() if column.type == "unit"]
        by_name = {name: column for column, name in rows.layout.columns.items()}
        self._unit = next((by_name[name] for name in units if name in by_name), None)

    def look(self, block: Block, number: int, words: list[Value], kind: Kind) -> None:
        """Ask of a line that gives no unit, where that of what stands over it is another than the one it is read in."""
        if not self.contract.items:
            return
        label = words[self.rows.anchor] if self.rows.anchor < len(words) else None
        if not isinstance(label, str) or kind not in {"record", "section", "total"}:
            return
        if not self.rows.is_bulleted(words):
            self._above = label
            return
        name = self.rows.item(label) if kind == "record" else None
        if name is None or not self._above or self._says_a_unit(words, label):
            return
        item = self.contract.items[name]
        over = self._units_of(self._above)
        if not over or any(factor(unit, item.unit, self.contract.units) is not None for unit in over):
            return
        shown = {"raw": label.strip(), "above": self._above.strip(), "title": item.title.vi}
        block.say(number, self.rows.anchor, Level.WARNING, "line_under", shown)

    def _says_a_unit(self, words: list[Value], label: str) -> bool:
        unit = words[self._unit] if self._unit is not None and self._unit < len(words) else None
        return bool(unit) or bool(unit_of_label(label, self.contract))

    def _units_of(self, label: str) -> set[str]:
        """The units of the lines a label speaks of: the one it names, else those that begin as it does."""
        items = self.contract.items
        if name := self.rows.item(label):
            return {items[name].unit}
        start = _start(label)
        return {
            items[name].unit
            for word, name in self.rows.item_names.known.items()
            if start and _start(word) == start
        }


def _start(label: str) -> list[str]:
    """The first two words of a label: “Tổng thu NSNN” → thu ngân; empty where it has fewer."""
    words = in_full(bare_label(folded(label))).removeprefix("tong ").split()
    return words[:2] if len(words) > 1 else []
