"""A file as an office makes it, cell by cell, beside what is meant by it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from haidang.engine.contracts.sheets.lettering import _TCVN3, _VNI
from haidang.engine.contracts.sheets.verdict import address

_TO_TCVN3 = {new: chr(old) for old, new in _TCVN3.items()}
_TO_TCVN3 = {(chr(n) if isinstance(n, int) else n): o for n, o in _TO_TCVN3.items()}
_TO_VNI = {new: old for old, new in reversed(_VNI.items())}


def tcvn3(text: str) -> str:
    """As typed in a .VnTime font, small letters."""
    return "".join(_TO_TCVN3.get(letter, letter) for letter in unicodedata.normalize("NFC", text).lower())


def vni(text: str) -> str:
    return "".join(_TO_VNI.get(letter, letter) for letter in unicodedata.normalize("NFC", text))


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


@dataclass
class Draft:
    """One sheet; `truth` is what each cell of data means, `faults` the codes that must be said of cells."""

    name: str
    contract: str
    period: str = "2026-10"
    sheet: str = "Biểu 1"
    cells: dict[tuple[int, int], Any] = field(default_factory=dict)
    formats: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    comments: dict[tuple[int, int], str] = field(default_factory=dict)
    truth: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    warnings: dict[str, str] = field(default_factory=dict)
    others: dict[str, list[list[Any]]] = field(default_factory=dict)
    hidden_sheets: set[str] = field(default_factory=set)
    unreadable: str = ""

    def put(self, row: int, column: int, value: Any, meant: Any = None, **style: Any) -> str:
        """Write a cell; `meant` is its value where it is one of data. Rows from 1, columns from 0."""
        self.cells[row, column] = value
        if style:
            self.formats[row, column] = style
        where = address(row, column)
        if meant is not None:
            self.truth[where] = meant
        return where

    def spoil(self, row: int, column: int, value: Any, code: str, **style: Any) -> None:
        """Put something wrong where a value was."""
        where = address(row, column)
        self.cells[row, column] = value
        self.formats.pop((row, column), None)
        if style:
            self.formats[row, column] = style
        self.truth.pop(where, None)
        self.faults[where] = code

    def save(self, path: Path) -> None:  # noqa: C901 - one branch for each kind of cell
        """As Excel writes it: shared strings, styles, results beside formulas."""
        book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
        sheet = book.add_worksheet(self.sheet)
        made: dict[str, Any] = {}

        def style(place: tuple[int, int]) -> Any:
            wanted = self.formats.get(place)
            return made.setdefault(repr(wanted), book.add_format(wanted)) if wanted else None

        for (row, column), value in sorted(self.cells.items()):
            look = style((row, column))
            if (row, column) in self.formulas:
                sheet.write_formula(row - 1, column, self.formulas[row, column], look, value)
            elif isinstance(value, date):
                sheet.write_datetime(
                    row - 1, column, value, look or book.add_format({"num_format": "dd/mm/yyyy"})
                )
            elif isinstance(value, str):
                sheet.write_string(row - 1, column, value, look)
            elif isinstance(value, bool):
                sheet.write_boolean(row - 1, column, value, look)
            elif value is not None:
                sheet.write_number(row - 1, column, value, look)
        for r1, c1, r2, c2 in self.merges:
            value = self.cells.get((r1, c1))
            sheet.merge_range(r1 - 1, c1, r2 - 1, c2, "", style((r1, c1)))
            if isinstance(value, str):
                sheet.write_string(r1 - 1, c1, value, style((r1, c1)))
            elif value is not None:
                sheet.write_number(r1 - 1, c1, value, style((r1, c1)))
        for row in self.hidden_rows:
            sheet.set_row(row - 1, None, None, {"hidden": True})
        for column in self.hidden_columns:
            sheet.set_column(column, column, None, None, {"hidden": True})
        for (row, column), text in self.comments.items():
            sheet.write_comment(row - 1, column, text)
        for title, rows in self.others.items():
            other = book.add_worksheet(title)
            for number, values in enumerate(rows):
                other.write_row(number, 0, values)
            if title in self.hidden_sheets:
                other.hide()
        book.close()
