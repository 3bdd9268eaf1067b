"""A file against its contract: which sheet, which columns, and a fate for every cell that is not empty.

Rows go by in blocks; a block is judged column by column and forgotten, so that a file of any length needs little
memory. Totals and what the whole file lacks are said at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from haidang.engine import clock
from haidang.engine.contracts.sheets.across import (
    Earlier,
    across,
    by_format,
    codes_beside,
    double_keys,
    hidden,
    key_of,
    nameless,
    spare_columns,
    unseen,
)
from haidang.engine.contracts.sheets.beside import above, apart, beside, headings_of, of_sheet
from haidang.engine.contracts.sheets.block import Block, Merged, marks_of
from haidang.engine.contracts.sheets.book import Book, Error, Mark, Sheet, Value
from haidang.engine.contracts.sheets.choosing import choose
from haidang.engine.contracts.sheets.columns import Reader
from haidang.engine.contracts.sheets.communes import communes
from haidang.engine.contracts.sheets.comparative import Beside
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.definition import NUMERIC, SheetContract
from haidang.engine.contracts.sheets.general import DaysOfPeriod, of_general_unit, of_no_units
from haidang.engine.contracts.sheets.headings import Headings
from haidang.engine.contracts.sheets.items import Items
from haidang.engine.contracts.sheets.layout import Layout, Row
from haidang.engine.contracts.sheets.limits import limits
from haidang.engine.contracts.sheets.lines import Lines
from haidang.engine.contracts.sheets.numerals import factor, is_counted, is_known_unit, one_of
from haidang.engine.contracts.sheets.origin import HandedIn, differences, made_for
from haidang.engine.contracts.sheets.restated import Restated
from haidang.engine.contracts.sheets.rows import Rows
from haidang.engine.contracts.sheets.seen import Seen
from haidang.engine.contracts.sheets.side import Part, parts_of
from haidang.engine.contracts.sheets.slips import ask_of_slips
from haidang.engine.contracts.sheets.stale import Stale
from haidang.engine.contracts.sheets.stated import Stated
from haidang.engine.contracts.sheets.sums import Sums, shown_sum
from haidang.engine.contracts.sheets.under import Under
from haidang.engine.contracts.sheets.unit_words import unit_in
from haidang.engine.contracts.sheets.unnamed import Unnamed
from haidang.engine.contracts.sheets.verdict import Cell, Fate, Level, Remark, Say, address

BLOCK = 2000


class Examination:
    """One file under one contract. Iterate `blocks()` once; counts are final after it. `published` says of each
    block what is to be said beside what is published of other periods.
    """

    def __init__(
        self,
        contract: SheetContract,
        period: Period | None,
        earlier: Earlier | None = None,
        handed_in: HandedIn | None = None,
        published: Beside | None = None,
    ) -> None:
        self.contract, self.period, self.earlier = contract, period, earlier or {}
        self.handed_in, self.published = handed_in or HandedIn(), published
        self.headings = Headings(contract, period)
        self.records = self.faults = 0
        self.sheet: Sheet | None = None
        self.fates: dict[str, Fate] = {
            name: {"order": "label", "unit": "label", "note": "note"}.get(column.type, "value")  # type: ignore[misc]
            for name, column in contract.columns.items()
        }
        if contract.item_column:
            self.fates[contract.item_column] = "label"
        self._seen, self._stale = Seen(), Stale()
        self._lines, self._items = Lines(contract), Items(contract, period)
        self._unnamed = Unnamed(contract)

    def cells(self, book: Book) -> Iterator[Cell]:
        """Every cell with its verdict. Raises Unreadable where the table is not found."""
        blocks: Iterable[Block] = self.blocks(book)
        if self.contract.items:
            blocks = list(blocks)  # a line's sum is known when all its parts are; such files are short
        for block in blocks:
            yield from block.cells(self.fates)

    def blocks(self, book: Book) -> Iterator[Block]:
        said = differences(made_for(book), self.contract, self.period, self.handed_in)
        chosen = choose(book, self.contract, self.headings, self.period)
        self.sheet = chosen.layout.sheet
        parts = parts_of(self.headings, chosen.layout, chosen.body)
        sums = Sums({name: self.contract.columns[name] for part in parts for name in part.layout.fields})
        sums.beside = len(parts) > 1
        for number, part in enumerate(parts):
            if number:
                sums.group()
            yield from self._part(part, sums, said, first=not number)
        yield self._counted(self._end(parts[-1].layout, sums))
        for sheet in book.sheets:
            if sheet is not self.sheet:
                yield from map(self._counted, apart(sheet, chosen, self.period, self.contract.columns))

    def _part(self, part: Part, sums: Sums, said: list[Remark], *, first: bool) -> Iterator[Block]:
        """One table of the sheet, above its headings and down to its end."""
        layout, body, other = part
        readers = self._readers(layout)
        places = next((r.communes for r in readers if r.communes and r.name in self.contract.key), None)
        rows = Rows(self.contract, layout, self.headings, places)
        top = Block(layout.sheet, layout, [])
        top.others = above(layout, self.period, self.headings.subject) + headings_of(layout, self.headings)
        headings = [cell for cell in top.others if cell.fate == "header"]
        if first:
            top.others[0].remarks += said
        if layout.second_unit:
            row, column, unit = layout.second_unit
            shown = {"unit": unit, "other": layout.unit, "at": address(*layout.unit_at)}
            next(c for c in top.others if (c.row, c.column) == (row, column)).remarks.append(
                Remark(Level.FAULT, "two_units", shown)
            )
        if said_of_unit := of_general_unit(readers):
            next(c for c in top.others if (c.row, c.column) == layout.unit_at).remarks.append(said_of_unit)
        for reader, told in of_no_units(readers):
            next((c for c in headings if c.field == reader.name), headings[-1]).remarks.append(told)
        if other:
            shown = {"other": address(layout.first, min(layout.columns))}
            beyond = next((c for c in headings if (c.row, c.column) == other), headings[-1])
            beyond.remarks.append(Remark(Level.FAULT, "table_beside", shown))
        if first:
            headings[0].remarks += of_sheet(layout, self.period, top.others)
        # The first lines are kept until so many are there that they tell of one another.
        held, lines = [top], 0
        days = DaysOfPeriod(top, self.contract, self.period)
        for block in self._gathered(layout, rows, body, sums, readers):
            self._judge(block, readers, sums)
            days.look(block)
            lines += len(block.rows)
            if held:
                held.append(block)
                if lines < BLOCK:
                    continue
                ask_of_slips(held, self.contract)
                days.held_back(top)
                yield from map(self._counted, held)
                held.clear()
            else:
                yield self._counted(block)
        asked = days.settle()
        if held:
            ask_of_slips(held, self.contract)
            yield from map(self._counted, held)
        elif asked:
            yield self._counted(Block(layout.sheet, layout, [], others=asked))

    def _counted(self, block: Block) -> Block:
        self.records += len(block.rows)
        self.faults += block.faults()
        return block

    # --- above the data -----------------------------------------------------------------------------------
    def _readers(self, layout: Layout) -> list[Reader]:
        readers = []
        units = self.contract.number_units
        day = self.period.last_day if self.period else clock.local(clock.now()).date()
        for index, name in sorted(layout.columns.items()):
            column = self.contract.columns[name]
            row, title = layout.titles[index]
            own = unit_in(title) if column.type in NUMERIC else ""
            general = one_of(layout.unit, column.unit, self.contract.units)
            at = (row, index) if own else layout.unit_at
            is_unit = is_known_unit(own) or is_counted(own) or factor(own, column.unit, self.contract.units)
            over = (
                address(*at)
                if 0 < at[0] <= layout.last and not (own and (is_unit or not column.unit))
                else ""
            )
            stated = Stated(
                column, self.contract.units, own or general, not own, units,
                address(*at) if at[0] > layout.last else "", over,
            )  # fmt: skip
            readers.append(
                Reader.of(
                    name, column, index, stated=stated, since_1904=layout.sheet.since_1904,
                    communes=communes(self.contract.province, day) if column.type == "place" else None,
                )
            )  # fmt: skip
        return sorted(readers, key=lambda reader: reader.column.type != "unit")

    # --- the lines ----------------------------------------------------------------------------------------
    def _gathered(
        self, layout: Layout, rows: Rows, body: Iterable[Row], sums: Sums, readers: list[Reader]
    ) -> Iterator[Block]:
        """Lines of data in blocks, with everything that is none beside them."""
        block = Block(layout.sheet, layout, [])
        numeric = {c for c, name in layout.columns.items() if self.contract.columns[name].type in NUMERIC}
        unread = {c for c, name in layout.columns.items() if self.contract.columns[name].type == "order"}
        merged = Merged(layout, numeric, rows.anchor, rows.names, unread)
        kind_of = rows.kind
        under = Under(self.contract, rows)
        fonts, restated = layout.sheet.fonts, Restated(self.contract, layout)
        for number, cells in body:
            if not cells:
                continue
            if merged.rows and number in merged.rows:
                merged.fill(number, cells, block)
            words = layout.sheet.words(number, cells) if number in fonts else cells
            kind = kind_of(words)
            under.look(block, number, words, kind)
            if kind == "record":
                if restated.waiting or rows.below is not None:
                    block.others += restated.followed()
                    _ask_of_parts(block, rows, number, words)
                block.rows.append((number, cells))
                if len(block.rows) >= BLOCK:
                    yield self._lines.told(block, rows)
                    block = Block(layout.sheet, layout, [])
            elif kind == "total":
                yield self._lines.told(block, rows)
                block = Block(layout.sheet, layout, [])
                self._total(layout, number, cells, sums, readers, rows.summed(words))
            elif restated.changes(number, cells, words, kind, begun=rows.started):
                yield self._lines.told(block, rows)
                block = Block(layout.sheet, layout, [])
                readers[:] = self._readers(layout)
                if kind == "header_again":
                    block.others += self._again(rows, layout, number, cells, words)
            elif kind == "header_again":
                block.others += self._again(rows, layout, number, cells, words)
            else:
                if kind == "section" and not self.contract.items:
                    yield self._lines.told(block, rows)
                    block = Block(layout.sheet, layout, [])
                    sums.group()
                block.others += beside(self.contract, layout, number, cells, kind, self.period)
        block.others += restated.left()
        yield self._lines.told(block, rows)

    def _again(
        self, rows: Rows, layout: Layout, number: int, cells: list[Value], words: list[Value]
    ) -> list[Cell]:
        """Headings that stand once more, and where they are not those of the columns above."""
        found = beside(self.contract, layout, number, cells, "header_again")
        moved = rows.moved(words)
        for cell in found:
            if cell.column in moved:
                shown = {"raw": str(words[cell.column]), "title": moved[cell.column]}
                cell.remarks = [Remark(Level.FAULT, "columns_moved", shown)]
        return found

    def _total(
        self,
        layout: Layout,
        number: int,
        cells: list[Value],
        sums: Sums,
        readers: list[Reader],
        summed: tuple[str, str],
    ) -> None:
        by_index = {reader.index: reader for reader in readers}
        found: dict[str, Cell] = {}
        for column, raw in enumerate(cells):
            if raw is None:
                continue
            reader = by_index.get(column)
            cell = Cell(layout.sheet.name, number, column, raw, "total", field=layout.columns.get(column, ""))
            if isinstance(raw, Error) and not raw:
                cell.remarks = [Remark(Level.GOOD, "total_uncomputed", {})]
                found[f"{column}"] = cell
            elif reader and reader.column.type in NUMERIC:
                mark = layout.sheet.marks.get((number, column))
                said: list[Remark] = []
                alone = reader.without_bounds()
                (cell.value,) = alone.read([raw], {0: mark} if mark else {}, None, _into(said))
                if alone.figures and alone.figures.told[0]:
                    said += alone.figures.said(0, raw)
                if mark and (told := by_format(mark, raw)):
                    said.append(told)
                if told := unseen(layout.sheet, number, column):
                    said.append(told)
                cell.remarks, cell.unit = said, reader.column.unit
                found[reader.name] = cell
            else:
                cell.remarks = [Remark(Level.GOOD, "total_label", {})]
                found[f"{column}"] = cell
        sums.total(found, *summed)
        self._unnamed.total()

    # --- judging ------------------------------------------------------------------------------------------
    def _judge(self, block: Block, readers: list[Reader], sums: Sums) -> None:
        if not block.rows:
            return
        width = max(reader.index for reader in readers) + 1
        lines: list[list[Value]] = []
        for _, cells in block.rows:
            if len(cells) < width:
                cells.extend([None] * (width - len(cells)))
            lines.append(cells if len(cells) == width else cells[:width])
        raws = list(zip(*lines, strict=True))
        marks = marks_of(block)
        for reader in readers:
            block.values[reader.name] = self._column(block, reader, raws[reader.index], marks)
            block.units[reader.name] = reader.column.unit
            if reader.column.type in NUMERIC and reader.column.additive:
                values = block.values[reader.name]
                sums.add(reader.name, values)
                if None in values and any(
                    values[place] is None
                    and any(
                        r.level is Level.FAULT or r.code == "unit_refused"
                        for r in block.remarks.get((number, reader.index), ())
                    )
                    for place, (number, _) in enumerate(block.rows)
                ):
                    sums.broken.add(reader.name)
        sums.count += len(block.rows)
        for place in readers:
            if place.communes and place.name in self.contract.key:
                codes_beside(block, self.contract, place.communes.codes)
                kinds = place.communes.kinds
                sums.keep([kinds.get(code, "") for code in block.values[place.name]], block.values)
        self._items.look(block)
        self._unnamed.look(block)
        double_keys(block, self.contract, self._seen)
        across(block, self.contract, self.earlier)
        limits(block, self.contract)
        hidden(block, marks)
        spare_columns(block, self.contract, self.published(block) if self.published else ())
        nameless(block, self.contract)
        for number, _ in block.rows if block.sheet.fonts else ():
            block.sheet.fonts.pop(number, None)

    def _column(
        self, block: Block, reader: Reader, raws: tuple[Value, ...], marks: dict[int, dict[int, Mark]]
    ) -> list[Value]:
        numbers, index, remarks = block.rows, reader.index, block.remarks

        def say(place: int, level: Level, code: str, args: dict[str, Any]) -> None:
            remarks.setdefault((numbers[place][0], index), []).append(Remark(level, code, args))

        if reader.name == self.contract.item_column:
            return [line.item_name or None for line in block.lines or []]
        own = marks.get(index, {})
        values = reader.read(raws, own, block.lines, say)
        if reader.figures:
            block.figures[index] = reader.figures
        if own and reader.column.type in NUMERIC:
            for place, (held, right) in self._stale.among(block, index, own).items():
                values[place] = None
                shown = {"formula": own[place].formula, "raw": shown_sum(held), "value": shown_sum(right)}
                say(place, Level.FAULT, "formula_stale", shown)
        return values

    # --- the end ------------------------------------------------------------------------------------------
    def _end(self, layout: Layout, sums: Sums) -> Block:
        block = Block(layout.sheet, layout, [])
        block.others = sums.settle()
        self.faults += self._items.settle()
        block.others += self._items.missing(layout)
        if not self.records:
            lack = Remark(Level.FAULT, "no_rows", {})
            block.others.append(Cell(layout.sheet.name, layout.last, -1, None, "missing", remarks=[lack]))
        return block


def _ask_of_parts(block: Block, rows: Rows, number: int, words: list[Value]) -> None:
    """Lines with strokes between a total and lines without them are perhaps parts of the total."""
    if rows.below is not None and rows.is_bulleted(words):
        rows.below.append(number)
        return
    for row in rows.below or ():
        block.say(row, rows.anchor, Level.WARNING, "like_part", {"next": address(number, rows.anchor)})
    rows.below = None


def _into(said: list[Remark]) -> Say:
    """Keeps what is said of a single cell."""
    return lambda _, level, code, args: said.append(Remark(level, code, args))


def values_of(
    path: Path, contract: SheetContract, period: Period | None
) -> dict[tuple[tuple[Any, ...], str], float]:
    """The good numbers of another period's file, by line and column."""
    examination = Examination(contract, period)
    found: dict[tuple[tuple[Any, ...], str], float] = {}
    with Book(path) as book:
        for block in examination.blocks(book):
            for place in range(len(block.rows)):
                key = key_of(block, place, contract)
                for name, values in block.values.items():
                    if isinstance(value := values[place], float):
                        found[key, name] = value
    return found
