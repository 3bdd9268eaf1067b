"""Lines of a file that are judged together, with what was said of their cells."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from haidang.engine.contracts.sheets.amounts import Line
from haidang.engine.contracts.sheets.book import Mark, Sheet, Value
from haidang.engine.contracts.sheets.figures import Figures
from haidang.engine.contracts.sheets.layout import Layout, Row
from haidang.engine.contracts.sheets.lettering import clean
from haidang.engine.contracts.sheets.numerals import read_number
from haidang.engine.contracts.sheets.verdict import Cell, Fate, Level, Remark, address


@dataclass(slots=True)
class Block:
    """Lines that are judged: values by field in the order of `rows`, and what is to be said of single cells."""

    sheet: Sheet
    layout: Layout
    rows: list[Row]
    values: dict[str, list[Value]] = field(default_factory=dict)
    remarks: dict[tuple[int, int], list[Remark]] = field(default_factory=dict)
    lines: list[Line] | None = None
    units: dict[str, str] = field(default_factory=dict)
    others: list[Cell] = field(default_factory=list)
    # Column → those of its numbers that say themselves what was done to them.
    figures: dict[int, Figures] = field(default_factory=dict)

    def say(self, row: int, column: int, level: Level, code: str, args: dict[str, Any]) -> None:
        self.remarks.setdefault((row, column), []).append(Remark(level, code, args))

    def faults(self) -> int:
        fault = Level.FAULT
        own = sum(
            said[0].level is fault or (len(said) > 1 and any(r.level is fault for r in said))
            for said in self.remarks.values()
            if said
        )
        return own + sum(cell.level is Level.FAULT for cell in self.others)

    def cells(self, fates: Mapping[str, Fate]) -> Iterator[Cell]:
        """Every cell of these lines that is not empty, or must not be."""
        yield from self.others
        for place, (number, raws) in enumerate(self.rows):
            line = self.lines[place] if self.lines else None
            for column, raw in enumerate(raws):
                remarks = self.remarks.get((number, column), [])
                if (figures := self.figures.get(column)) and figures.told[place]:
                    remarks = figures.said(place, raw) + remarks
                if raw is None and not remarks:
                    continue
                name = self.layout.columns.get(column, "")
                value = self.values[name][place] if name else None
                fate: Fate = "missing" if raw is None else fates.get(name, "ignored")
                unit = self.units.get(name, "") or (
                    line.item.unit if line and line.item and fate == "value" else ""
                )
                item = line.item_name if line else ""
                numeric = isinstance(value, float)
                yield Cell(
                    self.sheet.name,
                    number,
                    column,
                    raw,
                    fate,
                    value,
                    unit if numeric else "",
                    name,
                    item,
                    remarks,
                )


class Merged:
    """Merged cells among the lines: words hold for all their rows, a number for one only."""

    def __init__(
        self,
        layout: Layout,
        numeric: Collection[int],
        anchor: int,
        names: Callable[[str], bool],
        unread: Collection[int] = (),
    ) -> None:
        """`unread`: columns of which nothing is kept, as that of running numbers."""
        self.anchor, self.names = anchor, names
        # Rows whose name is merged over the cells before it: row → where it stands.
        self.named = {
            r1: c1
            for r1, c1, r2, c2 in layout.sheet.merges
            if r1 == r2 and c1 < anchor <= c2 and r1 > layout.last
        }
        self.ranges = [
            m
            for m in layout.sheet.merges
            if m[0] > layout.last
            and m[1] in layout.columns
            and m[1] not in unread
            and (m[2] > m[0] or sum(m[1] <= column <= m[3] for column in numeric) > 1)
        ]
        self.numeric = numeric
        self.rows = {row for r1, _, r2, _ in self.ranges for row in range(r1, min(r2, r1 + 10_000) + 1)}
        self.rows |= self.named.keys()
        self.values: dict[tuple[int, int], Value] = {}

    def fill(self, number: int, cells: list[Value], block: Block) -> None:
        start = self.named.get(number)
        name = cells[start] if start is not None and len(cells) > self.anchor else None
        if isinstance(name, str) and cells[self.anchor] is None and self.names(name):
            cells[self.anchor] = name
            words = f"{address(number, start or 0)}:{address(number, self.anchor)}"
            block.say(number, self.anchor, Level.GOOD, "filled", {"range": words})
        for r1, c1, r2, c2 in self.ranges:
            words = f"{address(r1, c1)}:{address(r2, c2)}"
            if number == r1:
                value = cells[c1] if c1 < len(cells) else None
                self.values[r1, c1] = value
                if isinstance(value, float) or (c1 in self.numeric and _says_a_number(value)):
                    self.values[r1, c1] = None
                    code = "merged_value" if r2 > r1 else "merged_across"
                    block.say(number, c1, Level.FAULT, code, {"range": words})
            elif r1 < number <= r2 and isinstance(value := self.values.get((r1, c1)), str):
                if len(cells) <= c1:
                    cells.extend([None] * (c1 + 1 - len(cells)))
                cells[c1] = value
                block.say(number, c1, Level.GOOD, "filled", {"range": words})


def _says_a_number(value: Value) -> bool:
    return isinstance(value, str) and read_number(clean(value)[0]).value is not None


def marks_of(block: Block) -> dict[int, dict[int, Mark]]:
    """Column → place → mark, taken from the sheet so that none is kept."""
    if not block.sheet.marks:
        return {}
    places = {number: place for place, (number, _) in enumerate(block.rows)}
    found: dict[int, dict[int, Mark]] = {}
    for row, column in [key for key in block.sheet.marks if key[0] in places]:
        found.setdefault(column, {})[places[row]] = block.sheet.marks.pop((row, column))
    return found
