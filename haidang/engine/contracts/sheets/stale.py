"""Results of formulas that are not what the formula comes to: files written by programs hold a 0 where nothing was computed,
and a workbook set to compute by hand holds what was right before the last change.
"""

from __future__ import annotations

from collections.abc import Mapping

from haidang.engine.contracts.sheets.block import Block
from haidang.engine.contracts.sheets.book import Mark
from haidang.engine.contracts.sheets.formulas import Range, come_to
from haidang.engine.contracts.sheets.functions import Grid, NotComputed

# So many are computed again as long as all are right: reading a formula takes longer than judging a cell.
TRIED = 150


class Stale:
    """Of one file. Only formulas over lines of the same block are looked at; totals are compared with their lines."""

    def __init__(self) -> None:
        self.tried = 0
        self.found = False

    def among(self, block: Block, column: int, marks: Mapping[int, Mark]) -> dict[int, tuple[float, float]]:
        """Place of each line whose result is another in this column → what the file holds, what its formula comes to."""
        rows: dict[int, int] = {}
        wrong: dict[int, tuple[float, float]] = {}
        for place, mark in marks.items():
            raw = block.rows[place][1][column]
            if (
                len(mark.formula) < 2
                or not isinstance(raw, float)
                or (self.tried >= TRIED and not self.found)
            ):
                continue
            self.tried += 1
            rows = rows or {number: at for at, (number, _) in enumerate(block.rows)}

            def look(asked: Range, rows: dict[int, int] = rows) -> Grid:
                lines = range(asked.top, asked.bottom + 1)
                if (
                    asked.sheet != block.sheet.name
                    or len(lines) > len(rows)
                    or any(n not in rows for n in lines)
                ):
                    raise NotComputed("cells that are not at hand")
                found = [block.rows[rows[number]][1] for number in lines]
                if asked.right - asked.left > 1000:
                    raise NotComputed("whole lines")
                return [
                    [cells[c] if c < len(cells) else None for c in range(asked.left, asked.right + 1)]
                    for cells in found
                ]

            try:
                value = come_to(mark.formula, block.sheet.name, {}, look)
            except (NotComputed, ValueError, IndexError):
                continue  # what it comes to cannot be said here: it is believed
            if isinstance(value, float) and abs(value - raw) > 1e-6 * max(1.0, abs(value)):
                wrong[place], self.found = (raw, value), True
        return wrong
