"""Results of formulas that are not what the formula comes to: files written by programs hold a 0 where nothing was computed,
and a workbook set to compute by hand holds what was right before the last change.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from haidang.engine.contracts.sheets.block import Block
from haidang.engine.contracts.sheets.book import Mark, Value
from haidang.engine.contracts.sheets.functions import Grid, NotComputed

if TYPE_CHECKING:
    from haidang.engine.contracts.sheets.formulas import Computed, Look, Range

# So many are computed again as long as all are right: reading a formula takes longer than judging a cell.
TRIED = 150


class Stale:
    """Of one file. Only formulas over lines of the same block are looked at; totals are compared with their lines."""

    def __init__(self) -> None:
        self.tried = 0
        self.found = False
        # Formulas that were filled down are read once; None where one cannot be computed.
        self._known: dict[tuple[str, int], tuple[int, Computed] | None] = {}

    def among(self, block: Block, column: int, marks: Mapping[int, Mark]) -> dict[int, tuple[float, float]]:
        """Place of each line whose result is another in this column → what the file holds, what its formula comes to."""
        wrong: dict[int, tuple[float, float]] = {}
        look: Look | None = None
        for place, mark in marks.items():
            if self.tried >= TRIED and not self.found:
                break
            number, cells = block.rows[place]
            raw = cells[column]
            if len(mark.formula) < 2 or not isinstance(raw, float):
                continue
            self.tried += 1
            look = look or _among_lines(block)
            try:
                value = self._value(mark.formula, number, column, block.sheet.name, look)
            except (NotComputed, ValueError, IndexError):
                continue  # what it comes to cannot be said here: it is believed
            if isinstance(value, float) and abs(value - raw) > 1e-6 * max(1.0, abs(value)):
                wrong[place], self.found = (raw, value), True
        return wrong

    def _value(self, formula: str, row: int, column: int, sheet: str, look: Look) -> Value:
        # Whatever judges knows this module, and most files hold no formula: what reads one takes a tenth of a second to come.
        from haidang.engine.contracts.sheets.formulas import alike, understood

        shape = alike(formula, row), column
        if shape not in self._known:
            self._known[shape] = None
            self._known[shape] = row, understood(formula, sheet, {})
        known = self._known[shape]
        if known is None:
            raise NotComputed(formula)
        return known[1](look, row - known[0])


def _among_lines(block: Block) -> Look:
    """The cells of the lines at hand."""
    rows = {number: at for at, (number, _) in enumerate(block.rows)}

    def look(asked: Range) -> Grid:
        lines = range(asked.top, asked.bottom + 1)
        if asked.sheet != block.sheet.name or len(lines) > len(rows) or any(n not in rows for n in lines):
            raise NotComputed("cells that are not at hand")
        if asked.right - asked.left > 1000:
            raise NotComputed("whole lines")
        found = [block.rows[rows[number]][1] for number in lines]
        return [
            [cells[c] if c < len(cells) else None for c in range(asked.left, asked.right + 1)]
            for cells in found
        ]

    return look
