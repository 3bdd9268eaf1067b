"""A .csv as a workbook: every field as the text that stands there, nothing guessed of separators or days."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from haidang.engine.contracts.sheets.book import Unreadable

ENDINGS = (".csv", ".tsv", ".txt")
# As many letters as a cell of a workbook holds. The library's own bound is one for the whole process, and others set it.
_LONGEST = 32_767
_SEPARATORS = ";\t,|"


def workbook_of(body: bytes, name: str) -> bytes:
    """The same cells as .xlsx. Raises Unreadable where the text cannot be read."""
    # The endings above are known to every process with pages; what writes workbooks takes a tenth of a second to come.
    import openpyxl
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    text = _decoded(body, name)
    if "\0" in text:
        raise Unreadable("not_a_sheet", {"name": name})
    # Signs that no workbook may hold, such as the vertical tab some programs end a line of a cell with.
    text = ILLEGAL_CHARACTERS_RE.sub(" ", text)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=_separator(text)))
    except csv.Error:
        raise Unreadable("text_file", {"name": name}) from None
    if any(len(field) > _LONGEST for row in rows for field in row):
        raise Unreadable("text_file", {"name": name})
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(Path(name).stem[:31].translate(str.maketrans("", "", r"[]:*?/\\")) or "Trang 1")
    for row in rows:
        cells = [WriteOnlyCell(sheet, field.strip() or None) for field in row]
        for cell in cells:
            if cell.data_type == "f":
                cell.data_type = "s"  # `=1+2` is the text that stands there
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _decoded(body: bytes, name: str) -> str:
    for encoding in ("utf-16",) if body[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1258"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("text_file", {"name": name})


def _separator(text: str) -> str:
    """The one that cuts most lines into the same number of fields."""
    lines = [line for line in text.splitlines()[:50] if line.strip()]

    def even(separator: str) -> tuple[int, int]:
        counts = [
            count for line in lines if (count := len(next(csv.reader([line], delimiter=separator))) - 1)
        ]
        common = max(set(counts), key=counts.count) if counts else 0
        return counts.count(common) if common else 0, common

    return max(_SEPARATORS, key=even)
