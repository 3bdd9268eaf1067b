"""Formulas of a workbook: which cells one looks at, and what it comes to where it is made of functions of reports.

Semantics are those of Excel: blanks are 0 or "", sums pass over text, errors pass through. What cannot be said with
certainty – text that would have to become a number, an unknown function, a reference made at run time – is NotComputed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token

from haidang.engine.contracts.sheets.book import Error, Value, column_number
from haidang.engine.contracts.sheets.functions import (
    COMPARED,
    FUNCTIONS,
    Grid,
    NotComputed,
    Result,
    number,
    single,
)

LAST_ROW, LAST_COLUMN = 1_048_576, 16_383
# Their cells are known only once they are computed.
_MADE_AT_RUN_TIME = {"OFFSET(", "INDIRECT(", "CELL(", "INFO("}
_CELLS = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?", re.IGNORECASE)
_COLUMNS = re.compile(r"\$?([A-Z]{1,3}):\$?([A-Z]{1,3})", re.IGNORECASE)
_ROWS = re.compile(r"\$?(\d{1,7}):\$?(\d{1,7})")
_BINDING = {"^": 5, "*": 4, "/": 4, "+": 3, "-": 3, "&": 2, "=": 1, "<>": 1, "<": 1, ">": 1, "<=": 1, ">=": 1}


class Range(NamedTuple):
    """Rows count from 1, columns from 0; both ends are in."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    def holds(self, sheet: str, row: int, column: int) -> bool:
        return sheet == self.sheet and self.top <= row <= self.bottom and self.left <= column <= self.right


Look = Callable[[Range], Grid]
# What it comes to where cells look like this, so many rows below where it was read.
_Node = Callable[[Look, int], Result]
Computed = Callable[[Look, int], Value]
_QUOTED = re.compile(r"[\"'!\[]")
_RELATIVE = re.compile(r"(?<![\w$.])(\$?[A-Za-z]{1,3})(\d{1,7})(?![\w(.])")


def looked_at(formula: str, sheet: str, names: Mapping[str, str]) -> list[Range] | None:
    """The cells a formula looks at, as far as they lie in this workbook; None where that cannot be told."""
    found = []
    for token in Tokenizer(formula).items:
        if token.type == Token.FUNC and token.value.upper() in _MADE_AT_RUN_TIME:
            return None
        if (
            token.type == Token.OPERAND
            and token.subtype == Token.RANGE
            and "[" not in token.value.partition("!")[0]
        ):
            place = range_of(token.value, sheet, names)
            if place is None:
                return None
            found.append(place)
    return found


def range_of(text: str, sheet: str, names: Mapping[str, str]) -> Range | None:
    """`'Biểu 1'!$A$1:B3`, `A:C`, `2:4` or a name of the workbook; None for anything else."""
    if "!" not in text and text.upper() in names:
        text = names[text.upper()].lstrip("=")
    if "!" in text:
        sheet, _, text = text.rpartition("!")
        sheet = sheet.strip("'").replace("''", "'")
        if ":" in sheet or "!" in sheet:
            return None  # of several sheets
    if cells := _CELLS.fullmatch(text):
        first, top, last, bottom = cells.groups()
        columns = sorted((column_number(first.upper()), column_number((last or first).upper())))
        rows = sorted((int(top), int(bottom or top)))
    elif whole := _COLUMNS.fullmatch(text):
        columns, rows = sorted(column_number(one.upper()) for one in whole.groups()), [1, LAST_ROW]
    elif lines := _ROWS.fullmatch(text):
        columns, rows = [0, LAST_COLUMN], sorted(int(one) for one in lines.groups())
    else:
        return None
    return Range(sheet, rows[0], columns[0], rows[1], columns[1])


def come_to(formula: str, sheet: str, names: Mapping[str, str], look: Look, *, array: bool = False) -> Value:
    """What a formula comes to. Raises NotComputed."""
    return understood(formula, sheet, names, array=array)(look, 0)


def understood(formula: str, sheet: str, names: Mapping[str, str], *, array: bool = False) -> Computed:
    """A formula read once, to be computed often. Raises NotComputed, now or when it is computed."""
    tokens = [t for t in Tokenizer(formula).items if t.type != Token.WSPACE]
    reading = _Reading(tokens, sheet, names, array=array)
    found = reading.expression(0)
    if reading.place != len(tokens):
        raise NotComputed(formula)

    def value(look: Look, down: int) -> Value:
        result = single(found(look, down))
        return 0.0 if result is None else result

    return value


def alike(formula: str, row: int) -> str:
    """The same for formulas that were filled down: `=C5/B5` on row 5 and `=C6/B6` on row 6. Those with texts or names of sheets
    are only like themselves.
    """
    if _QUOTED.search(formula):
        return f"{row} {formula}"
    return _RELATIVE.sub(lambda found: f"{found[1]}[{int(found[2]) - row}]", formula)


@dataclass(slots=True)
class _Reading:
    """Reads a formula from left to right; operators of one binding go from the left, as in Excel."""

    tokens: list[Token]
    sheet: str
    names: Mapping[str, str]
    array: bool = field(kw_only=True)
    place: int = 0

    def next(self) -> Token | None:
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def take(self) -> Token:
        token = self.next()
        if token is None:
            raise NotComputed("the formula ends too early")
        self.place += 1
        return token

    def expression(self, binding: int) -> _Node:
        left = self.operand()
        while (token := self.next()) is not None:
            if token.type == Token.OP_POST:
                self.take()
                left = _each(left, _always(100.0), "/", array=self.array)
            elif token.type == Token.OP_IN and _BINDING.get(token.value, 0) > binding:
                self.take()
                right = self.expression(_BINDING[token.value])
                left = _each(left, right, token.value, array=self.array)
            elif token.type == Token.OP_IN and token.value not in _BINDING:
                raise NotComputed(token.value)
            else:
                break
        return left

    def operand(self) -> _Node:
        token = self.take()
        if token.type == Token.OP_PRE:
            value = self.expression(6)  # −2^2 is 4 in Excel
            return _each(value, _always(-1.0), "*", array=self.array) if token.value == "-" else value
        if token.type == Token.PAREN and token.subtype == Token.OPEN:
            value = self.expression(0)
            self.close()
            return value
        if token.type == Token.FUNC and token.subtype == Token.OPEN:
            return self.function(token.value[:-1].upper())
        if token.type == Token.OPERAND:
            return self.constant(token)
        raise NotComputed(token.value)

    def close(self) -> None:
        if self.take().subtype != Token.CLOSE:
            raise NotComputed("a bracket is missing")

    def constant(self, token: Token) -> _Node:
        if token.subtype == Token.NUMBER:
            return _always(float(token.value))
        if token.subtype == Token.TEXT:
            return _always(str(token.value[1:-1].replace('""', '"')))
        if token.subtype == Token.LOGICAL:
            return _always(bool(token.value.upper() == "TRUE"))
        if token.subtype == Token.ERROR:
            return _always(Error(token.value))
        place = range_of(token.value, self.sheet, self.names)
        if place is None:
            raise NotComputed(token.value)
        return _looking(place, token.value)

    def function(self, name: str) -> _Node:
        outside, self.array = self.array, self.array or name == "SUMPRODUCT"
        given: list[_Node] = []
        while (token := self.next()) is not None and token.subtype != Token.CLOSE:
            if token.type == Token.SEP:
                self.take()
                if (after := self.next()) is not None and (
                    after.type == Token.SEP or after.subtype == Token.CLOSE
                ):
                    given.append(_always(None))
                continue
            given.append(self.expression(0))
        self.close()
        self.array = outside
        known = FUNCTIONS.get(name.removeprefix("_XLFN."))
        if known is None:
            raise NotComputed(name)
        do = known
        return lambda look, down: do([one(look, down) for one in given])


def _always(value: Value) -> _Node:
    return lambda _look, _down: value


def _looking(place: Range, text: str) -> _Node:
    """The cells of a reference; rows without a $ go down with the formula."""
    if not (cells := _CELLS.fullmatch(text.rpartition("!")[2])):
        return lambda look, _down: look(place)
    ends = [(int(cells[2]), "$" not in cells[0].partition(":")[0].lstrip("$"))]
    if cells[4]:
        ends.append((int(cells[4]), "$" not in cells[0].partition(":")[2].lstrip("$")))
    sheet, _, left, _, right = place
    if len(ends) == 1 and ends[0][1]:
        row = ends[0][0]
        return lambda look, down: look(Range(sheet, row + down, left, row + down, right))

    def node(look: Look, down: int) -> Result:
        rows = [row + down if relative else row for row, relative in ends]
        return look(Range(sheet, min(rows), left, max(rows), right))

    return node


def _each(left: _Node, right: _Node, sign: str, *, array: bool) -> _Node:
    """An operation on single values, or cell by cell on ranges where the formula is one of arrays."""
    do = partial(_between, sign)

    def node(look: Look, down: int) -> Result:
        a, b = _unwrapped(left(look, down)), _unwrapped(right(look, down))
        if not isinstance(a, list) and not isinstance(b, list):
            return _through(a, b, do)
        if not array:
            raise NotComputed("a range where a value is meant")
        height = max(len(one) for one in (a, b) if isinstance(one, list))
        width = max(len(one[0]) for one in (a, b) if isinstance(one, list))
        return [[_through(_at(a, r, c), _at(b, r, c), do) for c in range(width)] for r in range(height)]

    return node


def _unwrapped(one: Result) -> Result:
    return one[0][0] if isinstance(one, list) and len(one) == len(one[0]) == 1 else one


def _at(one: Result, row: int, column: int) -> Value:
    if not isinstance(one, list):
        return one
    row, column = (0 if len(one) == 1 else row), (0 if len(one[0]) == 1 else column)
    if row >= len(one) or column >= len(one[0]):
        return Error("#N/A")
    return one[row][column]


def _through(left: Value, right: Value, do: Callable[[Value, Value], Value]) -> Value:
    for one in (left, right):
        if isinstance(one, Error):
            return one
    return do(left, right)


def _between(sign: str, left: Value, right: Value) -> Value:
    if sign in COMPARED:
        return COMPARED[sign](*_comparable(left, right))
    if sign == "&":
        return _words(left) + _words(right)
    a, b = number(left), number(right)
    if sign == "/":
        return a / b if b else Error("#DIV/0!")
    if sign == "^":
        return _power(a, b)
    return a + b if sign == "+" else a - b if sign == "-" else a * b


def _power(a: float, b: float) -> Value:
    if (not a and b <= 0) or (a < 0 and not b.is_integer()):
        return Error("#NUM!") if a or not b else Error("#DIV/0!")
    try:
        return float(a**b)
    except OverflowError:
        return Error("#NUM!")


def _words(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return value
    found = number(value)
    if not found.is_integer() or abs(found) >= 1e15:
        raise NotComputed("a number as text, in the form of the office's Excel")
    return str(int(found))


def _comparable(left: Value, right: Value) -> tuple[tuple[int, Any], tuple[int, Any]]:
    """Numbers come before texts, texts before truth values; a blank is what it is compared with."""

    def rank(value: Value, other: Value) -> tuple[int, Any]:
        if value is None:
            value = "" if isinstance(other, str) else False if isinstance(other, bool) else 0.0
        if isinstance(value, bool):
            return 2, value
        return (1, value.casefold()) if isinstance(value, str) else (0, number(value))

    return rank(left, right), rank(right, left)
