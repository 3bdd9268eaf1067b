"""The sample beside a contract: the file as the office made it, without what the contract leaves out."""

from __future__ import annotations

import io
from itertools import islice
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter

from haidang.engine.contracts.proposing.proposal import Proposal
from haidang.engine.contracts.sheets.book import Book, Sheet, Value, safely

# A list of a hundred thousand lines needs no sample of as many.
MOST_ROWS = 400


def sample_of(path: Path, found: Proposal) -> bytes:
    """Values of the proposed sheet at their places, merged as they were. A column that is not used, and what stands
    in it from the headings down, is left out: it may name persons. Text in old fonts is written in Unicode.
    """
    left_out = {column.index for column in found.columns if not column.use}
    book, out = Workbook(), io.BytesIO()
    target: Any = book.active
    with Book(path) as opened:
        sheet = next(one for one in opened.sheets if one.name == found.sheet)
        target.title = sheet.name[:31]
        for number, cells in islice(safely(sheet), MOST_ROWS):
            below = number >= found.heading_rows[0]
            for column, value in enumerate(sheet.words(number, cells)):
                if value is not None and not (below and column in left_out):
                    _write(target.cell(number, column + 1), sheet, (number, column), value)
        for r1, c1, r2, c2 in sheet.merges:
            if r2 <= MOST_ROWS and not (r1 >= found.heading_rows[0] and left_out & set(range(c1, c2 + 1))):
                target.merge_cells(start_row=r1, start_column=c1 + 1, end_row=r2, end_column=c2 + 1)
    for column in range(1, min(target.max_column, 60) + 1):
        target.column_dimensions[get_column_letter(column)].width = 18
    book.save(out)
    return out.getvalue()


def _write(cell: Any, sheet: Sheet, place: tuple[int, int], value: Value) -> None:
    mark = sheet.marks.get(place)
    # What no workbook of ours may hold, as the vertical tab of an old Excel file, was white space to whoever wrote it.
    cell.value = ILLEGAL_CHARACTERS_RE.sub(" ", value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"  # a text that begins with = is no formula
    if mark and mark.percent:
        cell.number_format = "0.00%"
    elif mark and mark.thousands:
        cell.number_format = "#,##0" + "," * mark.thousands
