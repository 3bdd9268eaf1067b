"""The lines a contract knows by name, as they are found in a file: which are unknown, double or lacking."""

from __future__ import annotations

from difflib import get_close_matches

from haidang.engine.contracts.sheets.block import Block
from haidang.engine.contracts.sheets.brackets import that_says_more
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.contracts.sheets.layout import Layout
from haidang.engine.contracts.sheets.limits import judge_limits
from haidang.engine.contracts.sheets.sums import judge_parts
from haidang.engine.contracts.sheets.verdict import Cell, Level, Remark
from haidang.engine.contracts.sheets.wording import folded


class Items:
    """Of one file: the row of each line found and its cells by field."""

    def __init__(self, contract: SheetContract, period: Period | None) -> None:
        self.contract, self.period = contract, period
        self.rows: dict[str, int] = {}
        self.cells: dict[str, dict[str, Cell]] = {}
        self._names: dict[str, str] = {}
        for name, one in contract.items.items():
            for word in (one.title.vi, one.title.en or "", *one.aliases):
                self._names.setdefault(folded(word), name)

    def look(self, block: Block) -> None:
        """Say which lines are unknown or double, and keep the cells of the others for the sums between lines."""
        if block.lines is None or not self.contract.items:
            return
        anchor = next(c for c, name in block.layout.columns.items() if name == self.contract.item_column)
        titles = {
            folded(word): item.title
            for item in self.contract.items.values()
            for word in (item.title.vi, *item.aliases)
        }
        for place, ((number, cells), line) in enumerate(zip(block.rows, block.lines, strict=True)):
            if line.item is None:
                near = get_close_matches(folded(str(cells[anchor] or "")), titles, 1)
                guess = (
                    {
                        "near": f" (có phải “{titles[near[0]].vi}”?)",
                        "near_en": f" (is it “{titles[near[0]].vi}”?)",
                    }
                    if near
                    else {"near": "", "near_en": ""}
                )
                block.say(number, anchor, Level.FAULT, "unknown_item", {"raw": cells[anchor] or "", **guess})
                continue
            if more := self._bracket_of(str(cells[anchor]), line.item_name):
                shown = {"raw": cells[anchor], "title": line.item.title.vi, "more": more}
                block.say(number, anchor, Level.WARNING, "bracket_read", shown)
            if line.item_name in self.rows:
                shown = {"raw": cells[anchor], "title": "chỉ tiêu", "first": self.rows[line.item_name]}
                block.say(number, anchor, Level.FAULT, "duplicate", shown)
            else:
                self.rows[line.item_name] = number
                self.cells[line.item_name] = {
                    name: Cell(
                        block.sheet.name, number, column, cells[column], "value", block.values[name][place],
                        remarks=block.remarks.setdefault((number, column), []),
                    )
                    for column, name in block.layout.columns.items()
                }  # fmt: skip

    def _bracket_of(self, label: str, item: str) -> str:
        """What a label says in brackets beyond what the contract's line is called."""

        def same(words: str) -> bool:
            return self._names.get(folded(words)) == item

        return "" if same(label) else that_says_more(label, self.contract, self.period, same)

    def settle(self) -> int:
        """Judge the sums and limits between lines, now that all are known; how many cells became faults by it."""
        cells = [cell for of_line in self.cells.values() for cell in of_line.values()]
        before = [cell.level for cell in cells]
        judge_parts(self.contract, self.cells)
        judge_limits(self.contract, self.cells)
        return sum(cell.level > level for cell, level in zip(cells, before, strict=True))

    def missing(self, layout: Layout) -> list[Cell]:
        """A cell with a fault for each line that must be there and is not."""
        last = max([layout.last, *self.rows.values()])
        return [
            Cell(
                layout.sheet.name, last, -1, None, "missing", item=name,
                remarks=[Remark(Level.FAULT, "item_missing", {"title": item.title.vi})],
            )
            for name, item in self.contract.items.items()
            if item.required and name not in self.rows
        ]  # fmt: skip
