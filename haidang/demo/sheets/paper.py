"""A workbook as an office makes it: bold headings with lines around them, merged titles, notes; the same bytes every time."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

_LINE = Side(style="thin")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_BOLD = Font(bold=True)
_MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
MADE_UP = "Ghi chú: số liệu mô phỏng, không phải số liệu thật."


def new(title: str, widths: Sequence[float]) -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101 - a new workbook has one
    sheet.title = title
    for letter, width in zip("ABCDEFGHIJKLMN", widths, strict=False):
        sheet.column_dimensions[letter].width = width
    return book, sheet


def titles(sheet: Worksheet, office: str, lines: Sequence[str], last: str) -> None:
    """The office in the corner, the titles merged over all columns up to the letter `last`."""
    sheet["A1"] = office
    for row, words in enumerate(lines, 2):
        sheet.cell(row, 1, words).font = _BOLD
        sheet.cell(row, 1).alignment = _MIDDLE
        sheet.merge_cells(f"A{row}:{last}{row}")


def headings(sheet: Worksheet, row: int, rows: Sequence[Sequence[str]], merges: Sequence[str] = ()) -> None:
    """One header row or two; `merges` as Excel writes them."""
    for number, words in enumerate(rows):
        for column, word in enumerate(words, 1):
            cell = sheet.cell(row + number, column, word or None)
            cell.font, cell.border, cell.alignment = _BOLD, _BOX, _MIDDLE
    for merge in merges:
        sheet.merge_cells(merge)


def line(sheet: Worksheet, row: int, values: Sequence[Any], forms: Sequence[str] = ()) -> None:
    """One row with lines around it; `forms` are the number formats of its columns."""
    for column, value in enumerate(values, 1):
        cell = sheet.cell(row, column, value)
        cell.border = _BOX
        if isinstance(value, date):
            cell.number_format = "dd/mm/yyyy"
        elif isinstance(value, int | float) and column <= len(forms) and forms[column - 1]:
            cell.number_format = forms[column - 1]


def signed(sheet: Worksheet, row: int, column: int, source: str, title: str) -> None:
    """Under the table: where it comes from, that it is made up, and who signs."""
    sheet.cell(row, 2, source)
    sheet.cell(row + 1, 2, MADE_UP)
    sheet.cell(row + 3, column, title).font = _BOLD


def as_bytes(book: Workbook, day: date) -> bytes:
    """The file as if saved on `day`: openpyxl writes the present moment into it, and a file sent again must be the same."""
    draft = io.BytesIO()
    book.save(draft)
    made, stamp = io.BytesIO(), (max(day.year, 1980), day.month, day.day, 9, 0, 0)
    with zipfile.ZipFile(draft) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as fresh:
        for name in old.namelist():
            body = old.read(name)
            if name == "docProps/core.xml":
                body = _STAMP.sub(rb"\g<1>" + f"{day:%Y-%m-%d}T02:00:00Z".encode(), body)
            fresh.writestr(zipfile.ZipInfo(name, stamp), body, zipfile.ZIP_DEFLATED)
    return made.getvalue()
