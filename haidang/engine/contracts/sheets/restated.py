"""A unit that is stated anew among the lines: in a row of its own, or where the headings stand once more.

It governs the lines below it. Where it contradicts what the heading of a column says, or no line follows, nobody knows
what it is about, and the file is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from haidang.engine.contracts.sheets.book import Value
from haidang.engine.contracts.sheets.definition import NUMERIC, SheetContract
from haidang.engine.contracts.sheets.layout import Layout
from haidang.engine.contracts.sheets.numerals import factor, one_of
from haidang.engine.contracts.sheets.unit_words import stated_unit, unit_beside, unit_in
from haidang.engine.contracts.sheets.verdict import Cell, Level, Remark


@dataclass(slots=True)
class Restated:
    """Keeps the units of a layout as they stand at the row at hand."""

    contract: SheetContract
    layout: Layout
    # Cells of a row that names a unit, until a line follows.
    waiting: list[Cell] = field(default_factory=list)

    def changes(
        self, number: int, cells: list[Value], words: list[Value], kind: str, *, begun: bool = True
    ) -> bool:
        """Whether from here on columns are in another unit; its row is kept back in `waiting`. `begun`: lines stand above."""
        if kind == "header_again":
            return self._by_headings(number, words)
        there = [(column, word) for column, word in enumerate(words) if word is not None]
        if kind not in {"note", "section", "stray"} or not 0 < len(there) < 3:
            return False
        column, word = there[-1]
        if len(there) > 1:
            unit = (unit_beside(there, self.contract) or (0, ""))[1]
        else:
            unit = stated_unit(word) if isinstance(word, str) else ""
        if not unit or not self._is_another(unit):
            return False
        # Where no unit stood above, the lines above may have been meant in this one too: that is asked.
        level, code = (
            (Level.GOOD, "unit_told") if self.layout.unit or not begun else (Level.WARNING, "unit_from_here")
        )
        for before, _ in there[:-1]:
            note = [Remark(Level.GOOD, "note", {})]
            self.waiting.append(
                Cell(self.layout.sheet.name, number, before, cells[before], "note", remarks=note)
            )
        cell = Cell(self.layout.sheet.name, number, column, cells[column], "note")
        cell.remarks = [Remark(level, code, {"unit": unit, "before": self._before(unit)})]
        self.waiting.append(cell)
        self.layout.unit, self.layout.unit_at = unit, (number, column)
        return True

    def followed(self) -> list[Cell]:
        """The row that was waiting, now that lines stand under it."""
        found, self.waiting = self.waiting, []
        return found

    def left(self) -> list[Cell]:
        """The row no line stood under."""
        for cell in (one for one in self.waiting if "unit" in one.remarks[0].args):
            told = cell.remarks[0].args
            shown = {"unit": told["unit"], "wanted": told["before"]}
            cell.remarks = [Remark(Level.FAULT, "unit_below", shown)]
        return self.followed()

    def _numeric(self) -> list[tuple[int, str, str]]:
        """Column, the contract's unit, and the one its heading gives; where the contract has a unit."""
        found = []
        for column, name in self.layout.columns.items():
            known = self.contract.columns[name]
            if known.type in NUMERIC and known.unit:
                found.append((column, known.unit, unit_in(self.layout.titles[column][1])))
        return found

    def _is_another(self, unit: str) -> bool:
        """Whether a unit is another than that of a column it fits; never against the unit of a heading."""
        another = False
        for _, wanted, own in self._numeric():
            times = factor(one_of(unit, wanted, self.contract.units), wanted, self.contract.units)
            now = own or one_of(self.layout.unit, wanted, self.contract.units)
            if times is None or times == (factor(now, wanted, self.contract.units) if now else 1):
                continue
            if own:
                return False  # `beside` says so
            another = True
        return another

    def _before(self, unit: str) -> str:
        fits = (
            wanted
            for _, wanted, _ in self._numeric()
            if factor(one_of(unit, wanted, self.contract.units), wanted, self.contract.units) is not None
        )
        return self.layout.unit or next(fits, "")

    def _by_headings(self, number: int, words: list[Value]) -> bool:
        changed = False
        for column, wanted, own in self._numeric():
            word = words[column] if column < len(words) else None
            unit = unit_in(word) if isinstance(word, str) else ""
            now = own or one_of(self.layout.unit, wanted, self.contract.units) or wanted
            if unit and factor(unit, wanted, self.contract.units) != factor(now, wanted, self.contract.units):
                self.layout.titles[column] = (number, str(word))
                changed = True
        return changed
