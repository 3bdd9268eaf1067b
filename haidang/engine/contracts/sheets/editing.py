"""A workbook with some cells changed, everything else as it was, and its formulas come to what follows from the change.

openpyxl drops what formulas had come to. Those that add, subtract, multiply and divide cells are computed here; of the
others the old result is put back, unless it looks at a changed cell: then it is left out, and judging asks for Excel.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.styles.numbers import is_date_format

from haidang.engine.contracts.sheets.answer import LIST, computed, put_back, rebuilt, unmark, write_safely
from haidang.engine.contracts.sheets.book import Book, Value, column_letters, column_number
from haidang.engine.contracts.sheets.days import read_day
from haidang.engine.contracts.sheets.definition import NUMERIC, Column
from haidang.engine.contracts.sheets.numerals import read_number

# sheet, row from 1, column from 0
Place = tuple[str, int, int]
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")
_ELSEWHERE = re.compile(r"(?:'[^']*'|[\w.]+)!\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?")
_THOUSANDS = re.compile(r"[0#?],+(?:[^0#?,]*(?:;|$))")
_SUM = re.compile(r"\bSUM\(([^()]*)\)", re.IGNORECASE)
_OPERATORS: dict[type[ast.AST], Callable[..., float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.USub: operator.neg, ast.UAdd: operator.pos,
}  # fmt: skip
DEEPEST = 60
# Rows of a range that are looked at: `A1:A1048576` names a column.
LONGEST = 200_000


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
        values = {sheet.name: dict(sheet.rows()) for sheet in book.sheets if sheet.name in known}
    if LIST in workbook.sheetnames:
        del workbook[LIST]
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
    for name, results in known.items():
        _compute(workbook[name], name, results, values[name], changes)
    workbook.save(target)
    if known:
        put_back(target, known)


def _bends(form: str) -> bool:
    """Whether a number format shows another number than the cell holds: a share, a day, thousands left out."""
    return "%" in form or bool(is_date_format(form)) or bool(_THOUSANDS.search(form))


def _compute(
    sheet: Any,
    name: str,
    results: dict[str, Value],
    rows: dict[int, list[Value]],
    changes: Mapping[Place, Value],
) -> None:
    """Bring `results` (cell → what its formula came to) up to the changes."""
    now = {(row, column): value for (one, row, column), value in changes.items() if one == name}
    touched = {f"{column_letters(column)}{row}" for row, column in now}
    arithmetic = _Arithmetic(sheet, rows, now)
    while True:
        again = [cell for cell in results if cell not in touched and touched & set(_named(sheet[cell].value))]
        if not again:
            return
        for cell in again:
            touched.add(cell)
            results[cell] = arithmetic.of(cell)


def _named(formula: object) -> Iterator[str]:
    """The cells a formula looks at on its own sheet."""
    for found in _REFERENCE.finditer(_ELSEWHERE.sub(" ", str(formula))):
        yield from _cells(found)


def _cells(found: re.Match[str]) -> Iterator[str]:
    first, top, last, bottom = found.groups()
    low, high = sorted((column_number(first), column_number(last or first)))
    for row in range(int(top), min(int(bottom or top), int(top) + LONGEST) + 1):
        for column in range(low, high + 1):
            yield f"{column_letters(column)}{row}"


class _Arithmetic:
    """Formulas of one sheet that are sums and the four operations; what is anything else comes to None."""

    def __init__(
        self, sheet: Any, rows: dict[int, list[Value]], now: Mapping[tuple[int, int], Value]
    ) -> None:
        self._sheet, self._rows, self._now = sheet, rows, now

    def of(self, cell: str, depth: int = 0) -> float | None:
        formula = self._sheet[cell].value
        if not isinstance(formula, str) or not formula.startswith("=") or "!" in formula or depth > DEEPEST:
            return None

        def added(found: re.Match[str]) -> str:
            numbers = [
                self._number(one, depth) for part in re.split("[;,]", found[1]) for one in _named(part)
            ]
            return repr(sum(number for number in numbers if number is not None))

        try:
            plain = _SUM.sub(added, formula[1:])
            plain = _REFERENCE.sub(
                lambda found: repr(self._number(found[0].replace("$", ""), depth) or 0.0), plain
            )
            return _evaluated(ast.parse(plain.replace("%", "/100"), mode="eval").body)
        except (SyntaxError, ZeroDivisionError, ValueError):
            return None

    def _number(self, cell: str, depth: int) -> float | None:
        found = _REFERENCE.fullmatch(cell)
        if found is None:
            return None
        row, column = int(found[2]), column_number(found[1])
        if (row, column) in self._now:
            value = self._now[row, column]
        elif str(self._sheet[cell].value).startswith("="):
            return self.of(cell, depth + 1)
        else:
            cells = self._rows.get(row, [])
            value = cells[column] if column < len(cells) else None
        return value if isinstance(value, float) else None


def _evaluated(node: ast.AST) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_evaluated(node.left), _evaluated(node.right))
    if isinstance(node, ast.UnaryOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_evaluated(node.operand))
    raise ValueError("no plain arithmetic")
