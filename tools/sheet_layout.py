"""What sample files of offices have in common: headings, boxed lines, totals."""

from __future__ import annotations

from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

WARDS = ["Tân Ninh", "Bình Minh", "Ninh Thạnh", "Long Hoa", "Thanh Điền", "Hòa Thành", "Gò Dầu", "Gia Lộc", "Trảng Bàng", "An Tịnh", "Long An", "Tân An", "Khánh Hậu", "Kiến Tường"]  # fmt: skip
_LINE = Side(style="thin")
BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


def sheet_of(title: str) -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101 - a new workbook has one
    sheet.title = title
    return book, sheet


def heading(sheet: Worksheet, rows: list[list[str]], start: int, merges: list[str]) -> None:
    for number, words in enumerate(rows):
        for column, word in enumerate(words, 1):
            cell = sheet.cell(start + number, column, word or None)
            cell.font, cell.border = Font(bold=True), BOX
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    for merge in merges:
        sheet.merge_cells(merge)


def line(sheet: Worksheet, row: int, values: list[Any], form: str = "#,##0.0") -> None:
    for column, value in enumerate(values, 1):
        cell = sheet.cell(row, column, value)
        cell.border = BOX
        if isinstance(value, float):
            cell.number_format = form
        elif isinstance(value, date):
            cell.number_format = "dd/mm/yyyy"


def two_rows(sheet: Worksheet, top: list[tuple[str, list[str]]], start: int) -> None:
    """A heading of two rows: a group stands over its columns, a column without a group takes both rows."""
    upper, lower, merges, column = [], [], [], 1
    for title, parts in top:
        first, width = get_column_letter(column), max(1, len(parts))
        last = get_column_letter(column + width - 1)
        upper += [title, *[""] * (width - 1)]
        lower += parts or [""]
        merges.append(f"{first}{start}:{last}{start}" if parts else f"{first}{start}:{first}{start + 1}")
        column += width
    heading(sheet, [upper, lower], start, merges)


def totals(lines: list[list[Any]], first: int) -> list[Any]:
    """Sums of the columns from `first` on; a text is the number it shows, a dash nothing."""
    sums: list[Any] = []
    for column in zip(*(line[first:] for line in lines), strict=True):
        found = [_number(value) for value in column]
        sums.append(round(sum(found), 1) if any(isinstance(one, float) for one in found) else sum(found))
    return sums


def _number(value: Any) -> float | int:
    if isinstance(value, str):
        return int(value.replace(".", "").strip()) if value.strip("-– ") else 0
    return value or 0
