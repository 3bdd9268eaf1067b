"""A workbook with some cells changed, everything else as it was, and its formulas come to what follows from the change.

openpyxl drops what formulas had come to, so that is put back. Formulas that look at a changed cell, also from another
sheet or by a name, are computed anew (`formulas`); where one cannot be, it is left out, and judging asks for Excel.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.styles.numbers import is_date_format
from openpyxl.worksheet.formula import ArrayFormula

from haidang.engine.contracts.sheets.answer import (
    computed,
    drop_list,
    put_back,
    rebuilt,
    unmark,
    write_safely,
)
from haidang.engine.contracts.sheets.book import Book, Value, column_letters, column_number
from haidang.engine.contracts.sheets.days import read_day
from haidang.engine.contracts.sheets.definition import NUMERIC, Column
from haidang.engine.contracts.sheets.formulas import Range, come_to, looked_at
from haidang.engine.contracts.sheets.functions import NotComputed
from haidang.engine.contracts.sheets.numerals import read_number

# sheet, row from 1, column from 0
Place = tuple[str, int, int]
# Cells of a range that are looked at: `A1:XFD1048576` names them all.
MOST_CELLS = 200_000
_THOUSANDS = re.compile(r"[0#?],+(?:[^0#?,]*(?:;|$))")


class Merged(ValueError):
    """The cell lies inside a merged range, where nothing can be written: `address` names it."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


def value_of(text: str, column: Column | None) -> Value:
    """What somebody typed, as Excel would keep it: a number where it can be read in one way, a day, else the text."""
    text = text.strip()
    if not text:
        return None
    if column is None or column.type in NUMERIC:
        found = read_number(text, whole=column is not None and column.type == "whole")
        if found.value is not None and not found.fault and not found.unit:
            return float(found.value)
    if column is not None and column.type == "date":
        day, _ = read_day(text)
        return day or text
    return text


def write_edited(source: Path, target: Path, changes: Mapping[Place, Value]) -> None:
    """Write the changed copy as .xlsx. Raises Merged."""
    with Book(source) as book:
        own = book.format == "xlsx"
        workbook: Any = load_workbook(source, rich_text=True) if own else rebuilt(book)
        known = computed(book) if own else {}
        values = {sheet.name: dict(sheet.rows()) for sheet in book.sheets} if known else {}
    drop_list(workbook)
    for sheet in workbook.worksheets:
        unmark(sheet)
    for (name, row, column), value in changes.items():
        cell = workbook[name].cell(row, column + 1)
        if isinstance(cell, MergedCell):
            raise Merged(f"{column_letters(column)}{row}")
        # What is typed is in the contract's unit: 40 in a cell shown as percent must not become 4.000 %.
        if isinstance(value, float) and _bends(cell.number_format):
            cell.number_format = "General"
        write_safely(cell, value)
        cell.quotePrefix = False
        known.get(name, {}).pop(f"{column_letters(column)}{row}", None)
    recomputed(workbook, known, values, changes)
    workbook.save(target)
    if known:
        put_back(target, known)


def _bends(form: str) -> bool:
    """Whether a number format shows another number than the cell holds: a share, a day, thousands left out."""
    return "%" in form or bool(is_date_format(form)) or bool(_THOUSANDS.search(form))


def recomputed(
    workbook: Any,
    results: dict[str, dict[str, Value]],
    rows: dict[str, dict[int, list[Value]]],
    changes: Mapping[Place, Value],
) -> None:
    """Bring `results` (sheet → cell → what its formula came to) up to the changes; None for what we cannot compute."""
    computing = _Computing(workbook, results, rows, changes)
    for name, row, column in computing.after():
        place = f"{column_letters(column)}{row}"
        results[name][place] = computing.value(name, row, column)
        form = workbook[name][place].value
        if isinstance(form, ArrayFormula) and form.ref != place and ":" in form.ref:
            # The others of its range hold bare results, which are old now.
            for others in workbook[name][form.ref]:
                for other in others:
                    if other.coordinate != place:
                        other.value = None


class _Computing:
    """The formulas of a workbook whose cells were changed."""

    def __init__(
        self,
        workbook: Any,
        results: dict[str, dict[str, Value]],
        rows: dict[str, dict[int, list[Value]]],
        changes: Mapping[Place, Value],
    ) -> None:
        self._workbook, self._rows, self._changes = workbook, rows, changes
        self._names = {name.upper(): one.attr_text for name, one in workbook.defined_names.items()}
        self._formulas: dict[Place, Any] = {
            (name, *_place(cell)): workbook[name][cell].value
            for name, cells in results.items()
            for cell in cells
        }
        self._waiting: set[Place] = set()
        self._done: dict[Place, Value] = {}

    def after(self) -> list[Place]:
        """The formulas that look at a changed cell, or at one that does."""
        looks = {
            place: looked_at(_words_of(form), place[0], self._names) for place, form in self._formulas.items()
        }
        fresh, found = set(self._changes), set[Place]()
        while fresh:
            fresh = {
                place
                for place, ranges in looks.items()
                if place not in found
                and (ranges is None or any(one.holds(*cell) for one in ranges for cell in fresh))
            }
            found |= fresh
        self._waiting = found
        return sorted(found)

    def value(self, name: str, row: int, column: int) -> Value:
        """What a formula comes to now; None where it cannot be said."""
        place = (name, row, column)
        if place not in self._done:
            self._done[place] = None  # who looks at himself comes to nothing
            form = self._formulas[place]
            try:
                self._done[place] = come_to(
                    _words_of(form), name, self._names, self._look, array=isinstance(form, ArrayFormula)
                )
            except NotComputed:
                self._done[place] = None
        return self._done[place]

    def _look(self, place: Range) -> list[list[Value]]:
        if place.sheet not in self._rows:
            raise NotComputed(place.sheet)
        sheet = self._workbook[place.sheet]
        bottom, right = min(place.bottom, sheet.max_row), min(place.right, sheet.max_column - 1)
        if (bottom - place.top + 1) * (right - place.left + 1) > MOST_CELLS:
            raise NotComputed("a range of too many cells")
        return [
            [self._cell(place.sheet, row, column) for column in range(place.left, max(right, place.left) + 1)]
            for row in range(place.top, max(bottom, place.top) + 1)
        ]

    def _cell(self, name: str, row: int, column: int) -> Value:
        place = (name, row, column)
        if place in self._changes:
            return self._changes[place]
        if place in self._waiting:
            found = self.value(*place)
            if found is None:
                raise NotComputed(f"{name}!{column_letters(column)}{row}")
            return found
        cells = self._rows[name].get(row, [])
        return cells[column] if column < len(cells) else None


def _place(cell: str) -> tuple[int, int]:
    letters = cell.rstrip("0123456789")
    return int(cell[len(letters) :]), column_number(letters)


def _words_of(form: object) -> str:
    """A formula as it is written; a table of data has none, and looks at what nobody knows."""
    if isinstance(form, ArrayFormula):
        return str(form.text)
    return str(form) if isinstance(form, str) else '=INDIRECT("")'
