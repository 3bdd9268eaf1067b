"""What the label and the unit of a row say of the numbers in it."""

from __future__ import annotations

import re

from haidang.engine.contracts.sheets.amounts import Line
from haidang.engine.contracts.sheets.block import Block
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.contracts.sheets.lettering import clean
from haidang.engine.contracts.sheets.rows import Rows
from haidang.engine.contracts.sheets.unit_words import unit_of_label
from haidang.engine.contracts.sheets.wording import folded, without_english

# “như trên”.
_QUOTED = re.compile(r"^[\s.–-]*[\"'”“″〃][\s\"'”“″〃.–-]*$")
_DITTO = {"nt", "nhu tren", "n/t", "n.t"}


class Lines:
    """Of one file; told of its blocks in their order, because a unit may be that of the line above."""

    def __init__(self, contract: SheetContract) -> None:
        self.contract = contract
        self._unit_above = ""

    def told(self, block: Block, rows: Rows) -> Block:
        """The block with what each row's label and unit say; needed only where lines are known by name."""
        if not self.contract.items:
            if (at := block.layout.unit_column) is not None:
                said = (block.sheet.words(number, raws) for number, raws in block.rows)
                words = (str(cells[at] or "") if at < len(cells) else "" for cells in said)
                block.lines = [Line(unit=self._unit_of_line(clean(word)[0].strip())) for word in words]
            return block
        by_name = {name: column for column, name in block.layout.columns.items()}
        units = [n for n, c in self.contract.columns.items() if c.type == "unit" and n in by_name]
        block.lines = []
        for number, raws in block.rows:
            cells = block.sheet.words(number, raws)
            label = cells[rows.anchor] if rows.anchor < len(cells) else None
            name = rows.item(str(label)) if label is not None else None
            unit = cells[by_name[units[0]]] if units and by_name[units[0]] < len(cells) else None
            written = (
                self._unit_of_line(clean(str(unit))[0].strip())
                if unit is not None
                else unit_of_label(str(label or ""), self.contract)
            )
            block.lines.append(Line(self.contract.items.get(name or ""), name or "", written, not name))
        return block

    def _unit_of_line(self, written: str) -> str:
        """The unit a line gives; “nt” and strokes stand for that of the line above."""
        if not (written and (folded(written).strip(" -–.") in _DITTO or not _QUOTED.sub("", written))):
            self._unit_above = without_english(written)
        return self._unit_above
