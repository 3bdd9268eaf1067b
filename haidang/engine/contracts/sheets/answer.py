"""The office's own file back: red cells with the reason in a comment, and a list of them on a sheet of its own.

Values, formats and formulas stay as they were; openpyxl drops what formulas had come to, so that is put back.
"""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill

from haidang.engine.contracts.sheets.book import Book, Clock, Error, Value, column_letters
from haidang.engine.contracts.sheets.verdict import (
    LIST,
    LIST_HEADS,
    Cell,
    Level,
    is_list,
    is_ours,
    without_ours,
)

AUTHOR = "Hải Đăng"
_FILLS = {Level.FAULT: "FFFF9B9B", Level.WARNING: "FFFFE699"}
_COMPUTED = re.compile(r'<c r="([A-Z]+)(\d+)"([^>]*)>(<f\b.*?(?:</f>|/>))<v ?(?:/>|></v>)</c>', re.DOTALL)


def write_answer(source: Path, target: Path, cells: Iterable[Cell]) -> None:
    """Write the annotated copy. Another format than .xlsx comes back as .xlsx with its values."""
    with Book(source) as book:
        own = book.format == "xlsx"
        workbook = load_workbook(source, rich_text=True) if own else rebuilt(book)
        results = computed(book) if own else {}
    drop_list(workbook)
    names = {name: number for number, name in enumerate(workbook.sheetnames, 1)}
    for sheet in workbook.worksheets if own else ():
        unmark(sheet)
    marked = sorted(
        (cell for cell in cells if cell.level > Level.GOOD),
        key=lambda cell: (names.get(cell.sheet, 0), cell.row, cell.column),
    )
    for cell in marked:
        if cell.row and cell.column >= 0 and cell.sheet in names:
            _mark(workbook[cell.sheet], cell)
    _list(workbook, marked)
    workbook.save(target)
    if results:
        put_back(target, results)


def drop_list(workbook: Any) -> None:
    """Take out the list of an earlier answer, and no sheet of the office's that is called so."""
    for sheet in workbook.worksheets:
        if is_list(sheet.title) and is_ours(sheet.title, [cell.value for cell in sheet[1]]):
            workbook.remove(sheet)


def unmark(sheet: Any) -> None:
    """Take back what an earlier answer put on the file: it may be mended since."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.comment and (kept := without_ours(cell.comment.text)) != cell.comment.text:
                cell.comment = Comment(kept, cell.comment.author) if kept else None
                if cell.fill.fgColor.rgb in _FILLS.values():
                    cell.fill = PatternFill()


def _mark(sheet: Any, cell: Cell) -> None:
    there = sheet.cell(cell.row, cell.column + 1)
    if isinstance(there, MergedCell):
        return  # its anchor is marked, or the list says it
    there.fill = PatternFill("solid", fgColor=_FILLS[cell.level])
    earlier = f"{there.comment.text}\n– – –\n" if there.comment else ""
    words = ILLEGAL_CHARACTERS_RE.sub("", f"{earlier}{str(cell.level).upper()}: {cell.reason()}")
    there.comment = Comment(
        words, AUTHOR, width=360, height=40 + 18 * (len(words) // 45 + words.count("\n") + 1)
    )


def _list(workbook: Any, marked: list[Cell]) -> None:
    sheet = workbook.create_sheet(LIST)
    sheet.append(LIST_HEADS)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for one in marked:
        row = sheet.max_row + 1
        place = one.address if one.column >= 0 else f"dòng {one.row}"
        for column, value in enumerate((one.sheet, place, one.raw, str(one.level), one.reason()), 1):
            write_safely(sheet.cell(row, column), value)
        sheet.cell(row, 4).fill = PatternFill("solid", fgColor=_FILLS[one.level])
        sheet.cell(row, 5).alignment = Alignment(wrap_text=True, vertical="top")
    for letters, width in zip("ABCDE", (18, 8, 22, 12, 100), strict=True):
        sheet.column_dimensions[letters].width = width
    sheet.freeze_panes = "A2"


def write_safely(cell: Any, value: Value) -> None:
    """Put a value into a cell so that a text stays a text, whatever it begins with."""
    if isinstance(value, Clock):
        cell.value = value.held
    elif isinstance(value, Error):
        cell.value = str(value)
        cell.data_type = "e" if value else "s"
    elif isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"
        if value[:1] in {"=", "+", "-", "@", "\t", "\r"}:
            cell.quotePrefix = True
    else:
        cell.value = value


def rebuilt(book: Book) -> Any:
    workbook = Workbook()
    del workbook[workbook.sheetnames[0]]
    for sheet in book.sheets:
        copy = workbook.create_sheet(sheet.name)
        for number, cells in sheet.rows():
            for column, value in enumerate(cells, 1):
                if value is not None:
                    write_safely(copy.cell(number, column), value)
    return workbook


def computed(book: Book) -> dict[str, dict[str, Value]]:
    """Sheet → cell → what its formula had come to."""
    found: dict[str, dict[str, Value]] = {}
    for sheet in book.sheets:
        sheet.prepare()
        rows = dict(sheet.rows())
        for (row, column), mark in sheet.marks.items():
            if mark.formula:
                found.setdefault(sheet.name, {})[f"{column_letters(column)}{row}"] = rows[row][column]
    return found


def put_back(path: Path, results: dict[str, dict[str, Value]]) -> None:
    from openpyxl.utils.datetime import to_excel

    parts = {
        f"xl/worksheets/sheet{n}.xml": name
        for n, name in enumerate(load_workbook(path, read_only=True).sheetnames, 1)
    }

    def with_result(known: dict[str, Value], found: re.Match[str]) -> str:
        letters, row, attributes, formula = found.groups()
        value = known.get(letters + row)
        if value is None or value == "":
            return found[0]
        attributes = re.sub(r' t="\w*"', "", attributes)
        kind = ""
        if isinstance(value, Error):
            kind, text = ' t="e"', str(value)
        elif isinstance(value, str):
            kind, text = ' t="str"', html.escape(value, quote=False)
        elif isinstance(value, bool):
            kind, text = ' t="b"', str(int(value))
        else:
            text = repr(to_excel(value) if isinstance(value, date) else value)  # type: ignore[no-untyped-call]
        return f'<c r="{letters}{row}"{attributes}{kind}>{formula}<v>{text}</v></c>'

    copy = path.with_name(path.name + ".new")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part)
            known = results.get(parts.get(part.filename, ""), {})
            if known:
                text = data.decode("utf-8")
                data = _COMPUTED.sub(lambda found: with_result(known, found), text).encode()  # noqa: B023
            new.writestr(part, data)
    copy.replace(path)
