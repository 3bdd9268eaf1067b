"""The table of a file without a contract: where its headings stand and which rows hold its data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from haidang.engine.contracts.sheets.book import Book, Sheet, Unreadable, Value, safely
from haidang.engine.contracts.sheets.heads import DEEPEST, filled, is_title, may_be_heading, unique
from haidang.engine.contracts.sheets.layout import Row
from haidang.engine.contracts.sheets.lettering import clean
from haidang.engine.contracts.sheets.locating import SEARCHED
from haidang.engine.contracts.sheets.numerals import read_number
from haidang.engine.contracts.sheets.row_words import NOTE
from haidang.engine.contracts.sheets.rows import Rows
from haidang.engine.contracts.sheets.totals import is_total
from haidang.engine.contracts.sheets.unit_words import stated_unit
from haidang.engine.contracts.sheets.wording import folded

# So many rows are looked at for a proposal; a contract is about the form of a file, not its length.
MOST_ROWS = 5000


@dataclass(slots=True)
class Table:
    """`headings` has each column's texts from top to bottom; `rows` are data, `totals` say so of themselves."""

    sheet: Sheet
    first: int
    last: int
    headings: dict[int, list[str]]
    rows: list[Row] = field(default_factory=list)
    totals: list[Row] = field(default_factory=list)
    # Texts over the table, the topmost first.
    above: list[str] = field(default_factory=list)
    unit: str = ""
    # There were more rows than were looked at.
    is_cut: bool = False

    def cells(self, column: int) -> list[tuple[int, Value]]:
        """Row number and value of a column's cells of data that are not empty."""
        return [
            (number, cells[column])
            for number, cells in self.rows
            if column < len(cells) and not is_empty(cells[column])
        ]

    @property
    def heading_rows(self) -> list[int]:
        return list(range(self.first, self.last + 1))


def is_empty(value: Value) -> bool:
    return value is None or (isinstance(value, str) and not value.strip(" \u00a0\u200b"))


def is_number(value: Value) -> bool:
    """A number, or a text that is one; a date, a truth value or a dash is none."""
    if isinstance(value, bool):
        return False
    if isinstance(value, str):
        return read_number(value).value is not None
    return isinstance(value, float)


def find_table(book: Book) -> Table:
    """The widest and longest table of the visible sheets; raises Unreadable where there is none."""
    found = [table for sheet in book.sheets if (table := _in_sheet(sheet))]
    if not found:
        names = ", ".join(sheet.name for sheet in book.sheets)
        raise Unreadable(
            "no_header",
            {"wanted": "tiêu đề và ít nhất một dòng số", "sheet": names, "found": "không bảng nào"},
        )
    return max(found, key=lambda one: (one.sheet.visible, len(one.headings) * min(len(one.rows), 20)))


def _in_sheet(sheet: Sheet) -> Table | None:
    rows = [(number, sheet.words(number, cells)) for number, cells in islice(safely(sheet), MOST_ROWS + 1)]
    is_cut = len(rows) > MOST_ROWS
    rows = [(number, [_said(cell) for cell in cells]) for number, cells in rows[:MOST_ROWS]]
    table = _headed(sheet, rows)
    if table is None:
        return None
    table.is_cut = is_cut
    for number, cells in rows:
        if number < table.first:
            table.above += [
                " ".join(cell.split()) for cell in cells if isinstance(cell, str) and cell.strip()
            ]
        if number <= table.last:
            table.unit = next(
                (u for c in cells if isinstance(c, str) and ":" in c and (u := stated_unit(c))), table.unit
            )
        elif kind := _kind(table, cells):
            (table.totals if kind == "total" else table.rows).append((number, cells))
    return table if table.rows else None


def _said(cell: Value) -> Value:
    """A text in Unicode whatever it was written in, without NUL, which no text of a contract may hold; an error of a
    formula stays one.
    """
    return clean(cell)[0].replace("\0", "␀") if type(cell) is str else cell


def _headed(sheet: Sheet, rows: list[Row]) -> Table | None:
    """The block of headings that tells most columns of data apart, with the fewest rows, highest up."""
    top = filled(sheet, rows[:SEARCHED])
    best: tuple[tuple[int, int, int], int, int, dict[int, list[str]]] | None = None
    for start, (number, cells) in enumerate(top):
        if is_title(cells, top[start + 1 : start + 2]):
            continue
        for block in _blocks(top[start : start + DEEPEST]):
            last = block[-1][0]
            data = [cells for at, cells in rows if at > last and _is_data(cells)]
            columns = {c for cells in data[:200] for c, cell in enumerate(cells) if not is_empty(cell)}
            headings = {c: texts for c in sorted(columns) if (texts := _texts(block, c))}
            distinct = len({tuple(map(folded, texts)) for texts in headings.values()})
            # Of equal ones the topmost: headings may be repeated further down, on each page.
            rank = (distinct, -len(block), -number)
            if distinct >= 2 and data and _near(rows, last) and (best is None or rank > best[0]):
                best = rank, number, last, headings
    return _with_groups(sheet, top, best) if best else None


def _blocks(top: list[tuple[int, dict[int, Value]]]) -> Iterator[list[tuple[int, dict[int, Value]]]]:
    """The first row, the first two, …, as long as each can be part of a heading."""
    block: list[tuple[int, dict[int, Value]]] = []
    for number, cells in top:
        if (block and number - block[-1][0] > 1) or not may_be_heading(cells):
            return
        if Rows.numbers_columns(list(cells.values())) or all(map(_is_no_word, cells.values())):
            return
        block = [*block, (number, cells)]
        yield block


def _is_no_word(cell: Value) -> bool:
    return not isinstance(cell, str) or is_number(cell)


def _texts(block: list[tuple[int, dict[int, Value]]], column: int) -> list[str]:
    words = [cells[column] for _, cells in block if column in cells]
    return unique([_written(word) for word in words if not is_empty(word)])


def _written(word: Value) -> str:
    """A heading as text; a year stands there as a number."""
    return str(int(word)) if isinstance(word, float) else " ".join(str(word).split())


def _near(rows: list[Row], last: int) -> bool:
    """Whether data begins soon under these headings: only numbers of columns, names of sections and gaps between."""
    below = [cells for number, cells in rows if number > last]
    return any(_is_data(cells) for cells in below[:4])


def _is_data(cells: list[Value]) -> bool:
    return any(is_number(cell) for cell in cells) and not Rows.numbers_columns(cells)


def _with_groups(
    sheet: Sheet,
    top: list[tuple[int, dict[int, Value]]],
    best: tuple[tuple[int, int, int], int, int, dict[int, list[str]]],
) -> Table:
    """Takes in the row above where a heading is merged down from it: it names the group."""
    _, first, last, headings = best
    by_number = dict(top)
    while any(r1 < first <= r2 <= last for r1, _, r2, _ in sheet.merges) and first - 1 in by_number:
        first -= 1
        block = [(number, by_number[number]) for number in range(first, last + 1) if number in by_number]
        headings = {column: _texts(block, column) for column in headings}
    while last + 1 in by_number and _is_of_units(by_number[last + 1]):
        last += 1
        headings = {c: [*texts, *_texts([(last, by_number[last])], c)] for c, texts in headings.items()}
    block = [(number, by_number[number]) for number in range(first, last + 1) if number in by_number]
    # A heading over nothing yet is a promise too: “Ghi chú”.
    spare = {column for _, cells in block for column in cells} - headings.keys()
    headings |= {column: texts for column in sorted(spare) if (texts := _texts(block, column))}
    return Table(sheet, first, last, headings)


def _is_of_units(cells: dict[int, Value]) -> bool:
    """A row that says nothing but the units of what stands over it."""
    return all(isinstance(cell, str) and re.fullmatch(r"\s*[(\[].*[)\]]\s*", cell) for cell in cells.values())


def _kind(table: Table, cells: list[Value]) -> str:
    """`data`, `total`, or empty for what is neither: notes, signatures, headings again, names of sections."""
    mine = [c for c in table.headings if c < len(cells) and not is_empty(cells[c])]
    if len(mine) < 2 or Rows.numbers_columns(cells):
        return ""
    texts = [(c, str(cells[c])) for c in mine if isinstance(cells[c], str)]
    again = sum(folded(text) in {folded(word) for word in table.headings[c]} for c, text in texts)
    if texts and again * 2 > len(mine):
        return ""
    if not any(is_number(cells[c]) or isinstance(cells[c], bool) for c in mine):
        words = any(NOTE.search(folded(text)) for _, text in texts)
        return "data" if not words and len(mine) * 2 >= len(table.headings) else ""
    first = next((c for c in mine if is_number(cells[c]) and c > mine[0]), len(cells))
    return "total" if any(is_total(text) for c, text in texts if c < first) else "data"
