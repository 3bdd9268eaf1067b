"""What goes wrong in files of offices: a slip of the unit, words among numbers, two columns under each other's heading."""

from __future__ import annotations

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from haidang.demo.sheets.economy import LINES

FIRST_LINE = 8  # under two header rows
SLIPPED, WORDS = "retail", "visitors"
PLAN, NOW, MONTH_PERCENT = "D", "F", "H"


def cell_of(name: str, column: str) -> str:
    return f"{column}{FIRST_LINE + list(LINES).index(name)}"


def spoil(book: Workbook) -> Workbook:
    """A monthly set handed in in a hurry: retail in triệu đồng where tỷ đồng is asked, visitors in words, and the plan
    and the comparison with the last month each under the other's heading.
    """
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101 - `monthly` made one
    slipped = sheet[cell_of(SLIPPED, NOW)]
    slipped.value = float(str(slipped.value)) * 1000
    sheet[cell_of(WORDS, NOW)].value = "khoảng hơn 600"
    for name in LINES:
        one, other = sheet[cell_of(name, PLAN)], sheet[cell_of(name, MONTH_PERCENT)]
        one.value, other.value = other.value, one.value
    return book
