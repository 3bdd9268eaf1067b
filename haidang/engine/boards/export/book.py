"""A workbook written row by row: real numbers and instants, texts that stay texts, and memory that does not grow.

The first rows of each sheet say what it is, as of when, from whom; then the heads with their units, then the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from haidang.engine import clock
from haidang.engine.boards.export.shapes import Column, Sheet, Value

# With these a text would be read as a formula, here or in whatever the sheet is saved as later.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
LONGEST = 32_767  # letters in a cell
_BOLD = Font(bold=True)


def write(target: IO[bytes], sheets: Iterable[Sheet]) -> int:
    """How many rows were written; none is kept in memory."""
    book = Workbook(write_only=True)
    written, names = 0, set[str]()
    for sheet in sheets:
        page = book.create_sheet(_name(sheet.title, names))
        page.freeze_panes = f"A{len(sheet.told) + 4}"
        for number, column in enumerate(sheet.columns, 1):
            page.column_dimensions[get_column_letter(number)].width = column.width
        page.append([_text(page, sheet.title, bold=True)])
        for word, value in sheet.told:
            page.append([_text(page, word), _text(page, value)])
        page.append([_text(page, column.title, bold=True) for column in sheet.columns])
        page.append([_text(page, column.unit) for column in sheet.columns])
        cells = [_writer(page, column) for column in sheet.columns]
        for row in sheet.rows:
            page.append([cell(value) for cell, value in zip(cells, row, strict=True)])
            written += 1
    book.save(target)
    return written


def _name(title: str, taken: set[str]) -> str:
    """As Excel takes it: 31 letters, none of its own signs, none twice."""
    plain = "".join(letter for letter in title if letter not in "[]:*?/\\").strip("' ")[:28] or "1"
    name = plain
    for number in range(2, 100):
        if name.lower() not in taken:
            break
        name = f"{plain} {number}"
    taken.add(name.lower())
    return name


def _writer(page: Any, column: Column) -> Callable[[Value], Any]:
    """What becomes of the values of a column. A row is written at once, so one cell serves all of them: a cell of its
    own for each would take three times as long.
    """
    number, instant, day = (WriteOnlyCell(page) for _kind in range(3))
    instant.number_format, day.number_format = "dd/mm/yyyy hh:mm:ss", "dd/mm/yyyy"
    if column.decimals is not None:
        number.number_format = "#,##0" + ("." + "0" * column.decimals if column.decimals else "")

    def cell(value: Value) -> Any:
        if value is None or value == "":
            return None
        if isinstance(value, str):
            return _text(page, value) if value.startswith(FORMULA) else _plain(value)
        if isinstance(value, datetime):
            # Excel knows no zones: the wall's clock in Việt Nam.
            instant.value = clock.local(value).replace(tzinfo=None)
            return instant
        found = day if isinstance(value, date) else number
        found.value = value
        return found

    return cell


def _plain(text: str) -> str:
    return ILLEGAL_CHARACTERS_RE.sub("␀", text)[:LONGEST]


def _text(page: Any, text: str, *, bold: bool = False) -> Any:
    """A text, also where it looks like a formula: its type says so, and the mark of a text stands before it."""
    cell = WriteOnlyCell(page, _plain(text))
    cell.data_type = "s"
    if text.startswith(FORMULA):
        cell.quotePrefix = True
    if bold:
        cell.font = _BOLD
    return cell
