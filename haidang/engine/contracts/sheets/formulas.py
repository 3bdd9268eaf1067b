"""Formulas of a workbook: which cells one looks at, and what it comes to where it is made of functions of reports.

Semantics are those of Excel: blanks are 0 or "", sums pass over text, errors pass through. What cannot be said with
certainty – text that would have to become a number, an unknown function, a reference made at run time – is NotComputed.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from functools import partial
from typing import Any, NamedTuple

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token

from haidang.engine.contracts.sheets.book import Error, Value, column_number

LAST_ROW, LAST_COLUMN = 1_048_576, 16_383
# Their cells are known only once they are computed.
_MADE_AT_RUN_TIME = {"OFFSET(", "INDIRECT(", "CELL(", "INFO("}
_CELLS = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?", re.IGNORECASE)
_COLUMNS = re.compile(r"\$?([A-Z]{1,3}):\$?([A-Z]{1,3})", re.IGNORECASE)
_ROWS = re.compile(r"\$?(\d{1,7}):\$?(\d{1,7})")
_BINDING = {"^": 5, "*": 4, "/": 4, "+": 3, "-": 3, "&": 2, "=": 1, "<>": 1, "<": 1, ">": 1, "<=": 1, ">=": 1}
_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge,
}  # fmt: skip


class NotComputed(ValueError):
    """The formula holds what is not computed here."""


class Range(NamedTuple):
    """Rows count from 1, columns from 0; both ends are in."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    def holds(self, sheet: str, row: int, column: int) -> bool:
        return sheet == self.sheet and self.top <= row <= self.bottom and self.left <= column <= self.right


Grid = list[list[Value]]
Result = Value | Grid
Look = Callable[[Range], Grid]


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
    tokens = [t for t in Tokenizer(formula).items if t.type != Token.WSPACE]
    reading = _Reading(tokens, sheet, names, look, array=array)
    found = reading.expression(0)
    if reading.place != len(tokens):
        raise NotComputed(formula)
    return 0.0 if (value := _single(found)) is None else value


@dataclass(slots=True)
class _Reading:
    """Reads a formula from left to right, computing as it goes; operators of one binding go from the left, as in Excel."""

    tokens: list[Token]
    sheet: str
    names: Mapping[str, str]
    look: Look
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

    def expression(self, binding: int) -> Result:
        left = self.operand()
        while (token := self.next()) is not None:
            if token.type == Token.OP_POST:
                self.take()
                left = self.each(left, 100.0, partial(_between, "/"))
            elif token.type == Token.OP_IN and _BINDING.get(token.value, 0) > binding:
                self.take()
                right = self.expression(_BINDING[token.value])
                left = self.each(left, right, partial(_between, token.value))
            elif token.type == Token.OP_IN and token.value not in _BINDING:
                raise NotComputed(token.value)
            else:
                break
        return left

    def operand(self) -> Result:
        token = self.take()
        if token.type == Token.OP_PRE:
            value = self.expression(6)  # −2^2 is 4 in Excel
            return self.each(value, -1.0, partial(_between, "*")) if token.value == "-" else value
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

    def constant(self, token: Token) -> Result:
        if token.subtype == Token.NUMBER:
            return float(token.value)
        if token.subtype == Token.TEXT:
            return str(token.value[1:-1].replace('""', '"'))
        if token.subtype == Token.LOGICAL:
            return bool(token.value.upper() == "TRUE")
        if token.subtype == Token.ERROR:
            return Error(token.value)
        place = range_of(token.value, self.sheet, self.names)
        if place is None:
            raise NotComputed(token.value)
        return self.look(place)

    def function(self, name: str) -> Result:
        outside, self.array = self.array, self.array or name == "SUMPRODUCT"
        given: list[Result] = []
        while (token := self.next()) is not None and token.subtype != Token.CLOSE:
            if token.type == Token.SEP:
                self.take()
                if (after := self.next()) is not None and (
                    after.type == Token.SEP or after.subtype == Token.CLOSE
                ):
                    given.append(None)
                continue
            given.append(self.expression(0))
        self.close()
        self.array = outside
        known = _FUNCTIONS.get(name.removeprefix("_XLFN."))
        if known is None:
            raise NotComputed(name)
        return known(given)

    def each(self, left: Result, right: Result, do: Callable[[Value, Value], Value]) -> Result:
        """An operation on single values, or cell by cell on ranges where the formula is one of arrays."""
        left, right = _unwrapped(left), _unwrapped(right)
        if not isinstance(left, list) and not isinstance(right, list):
            return _through(left, right, do)
        if not self.array:
            raise NotComputed("a range where a value is meant")
        height = max(len(one) for one in (left, right) if isinstance(one, list))
        width = max(len(one[0]) for one in (left, right) if isinstance(one, list))
        return [
            [_through(_at(left, r, c), _at(right, r, c), do) for c in range(width)] for r in range(height)
        ]


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


def _single(value: Result) -> Value:
    if isinstance(value, list):
        if len(value) != 1 or len(value[0]) != 1:
            raise NotComputed("a range where a value is meant")
        return value[0][0]
    return value


def _number(value: Value) -> float:
    if value is None:
        return 0.0
    if isinstance(value, bool | float):
        return float(value)
    if isinstance(value, date):
        from openpyxl.utils.datetime import to_excel

        return float(to_excel(value))  # type: ignore[no-untyped-call]
    raise NotComputed(f"{value!r} is text")


def _between(sign: str, left: Value, right: Value) -> Value:
    if sign in _COMPARED:
        return _COMPARED[sign](*_comparable(left, right))
    if sign == "&":
        return _words(left) + _words(right)
    a, b = _number(left), _number(right)
    if sign == "/":
        return a / b if b else Error("#DIV/0!")
    if sign == "^":
        return _power(a, b)
    return {"+": a + b, "-": a - b, "*": a * b}[sign]


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
    number = _number(value)
    if not number.is_integer() or abs(number) >= 1e15:
        raise NotComputed("a number as text, in the form of the office's Excel")
    return str(int(number))


def _comparable(left: Value, right: Value) -> tuple[tuple[int, Any], tuple[int, Any]]:
    """Numbers come before texts, texts before truth values; a blank is what it is compared with."""

    def rank(value: Value, other: Value) -> tuple[int, Any]:
        if value is None:
            value = "" if isinstance(other, str) else False if isinstance(other, bool) else 0.0
        if isinstance(value, bool):
            return 2, value
        return (1, value.casefold()) if isinstance(value, str) else (0, _number(value))

    return rank(left, right), rank(right, left)


# --- functions ----------------------------------------------------------------------------------------------
def _numbers(given: list[Result]) -> Iterator[float]:
    """The numbers of arguments: those of ranges without texts, truth values and blanks. Raises _Spoiled."""
    for one in given:
        if not isinstance(one, list):
            if isinstance(one, Error):
                raise _Spoiled(one)
            yield _number(one)
            continue
        for value in (value for row in one for value in row):
            if isinstance(value, Error):
                raise _Spoiled(value)
            if isinstance(value, float | date) and not isinstance(value, bool):
                yield _number(value)


class _Spoiled(Exception):
    """An error stands among the arguments: it is what the function comes to."""

    def __init__(self, error: Error) -> None:
        super().__init__(error)
        self.error = error


def _passing(do: Callable[[list[Result]], Value]) -> Callable[[list[Result]], Value]:
    def passing(given: list[Result]) -> Value:
        try:
            return do(given)
        except _Spoiled as spoiled:
            return spoiled.error

    return passing


def _average(given: list[Result]) -> Value:
    found = list(_numbers(given))
    return math.fsum(found) / len(found) if found else Error("#DIV/0!")


def _rounding(way: str) -> Callable[[list[Result]], Value]:
    def rounded(given: list[Result]) -> Value:
        value, places = (_number(_spoiling(one)) for one in (*given, 0.0)[:2])
        # What is shown is rounded: 2,675 becomes 2,68, whatever its binary says.
        return float(Decimal(repr(value)).quantize(Decimal(1).scaleb(-int(places)), way))

    return _passing(rounded)


def _spoiling(one: Result) -> Value:
    value = _single(one)
    if isinstance(value, Error):
        raise _Spoiled(value)
    return value


def _if(given: list[Result]) -> Value:
    test = _spoiling(given[0])
    if isinstance(test, str):
        raise NotComputed("text where true or false is meant")
    chosen = (*given[1:3], False)[0 if test else 1]
    return 0.0 if (value := _single(chosen)) is None else value


def _truths(given: list[Result]) -> list[bool]:
    found = []
    for value in (
        value for one in given for row in (one if isinstance(one, list) else [[one]]) for value in row
    ):
        if isinstance(value, Error):
            raise _Spoiled(value)
        if isinstance(value, bool | float):
            found.append(bool(value))
        elif value is not None:
            raise NotComputed("text where true or false is meant")
    return found


def _product_sum(given: list[Result]) -> Value:
    grids = [one if isinstance(one, list) else [[one]] for one in given]
    if len({(len(grid), len(grid[0])) for grid in grids}) > 1:
        return Error("#VALUE!")
    total = []
    for cells in zip(*([value for row in grid for value in row] for grid in grids), strict=True):
        for value in cells:
            if isinstance(value, Error):
                raise _Spoiled(value)
        # Texts and truth values count as nothing here.
        plain = [
            value if isinstance(value, float) and not isinstance(value, bool) else 0.0 for value in cells
        ]
        total.append(math.prod(plain))
    return math.fsum(total)


def _meets(wanted: Value) -> Callable[[Value], bool]:
    """The test a criterion means: `>5`, `<>x`, a number, a text without placeholders."""
    if isinstance(wanted, Error) or wanted is None:
        raise NotComputed("a criterion that is nothing")
    if not isinstance(wanted, str):
        return lambda value: isinstance(value, float | date) and _number(value) == _number(wanted)
    found = re.fullmatch(r"(<>|<=|>=|=|<|>)?(.*)", wanted, re.DOTALL)
    sign, text = (found[1] or "=", found[2]) if found else ("=", wanted)
    if re.search(r"[*?~]", text) or not text:
        raise NotComputed("a criterion with placeholders")
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        limit = float(text)
        if sign == "<>":
            return lambda value: not (isinstance(value, float) and value == limit)
        return lambda value: isinstance(value, float) and _COMPARED[sign](value, limit)
    if sign not in {"=", "<>"} or any(letter.isdigit() for letter in text):
        raise NotComputed("a criterion that may be a number or a day")
    return lambda value: _COMPARED[sign](str(value or "").casefold(), text.casefold())


def _chosen(given: list[Result]) -> list[Value]:
    """Of the cells of the last argument those whose counterpart in the first meets the second."""
    if len(given) < 2 or not isinstance(given[0], list):
        raise NotComputed("a condition over a range")
    of = given[2] if len(given) > 2 else given[0]
    meets = _meets(_single(given[1]))
    if not isinstance(of, list) or (len(of), len(of[0])) != (len(given[0]), len(given[0][0])):
        raise NotComputed("ranges of two sizes")
    return [value for tested, row in zip(given[0], of, strict=True) for test, value in zip(tested, row, strict=True) if meets(test)]  # fmt: skip


def _count(given: list[Result]) -> Value:
    cells = [value for one in given for row in (one if isinstance(one, list) else [[one]]) for value in row]
    return float(sum(isinstance(value, float | date) and not isinstance(value, bool) for value in cells))


def _count_all(given: list[Result]) -> Value:
    cells = [value for one in given for row in (one if isinstance(one, list) else [[one]]) for value in row]
    return float(sum(value is not None for value in cells))


def _if_error(given: list[Result]) -> Value:
    value = _single(given[0])
    chosen = _single(given[1]) if isinstance(value, Error) else value
    return 0.0 if chosen is None else chosen


_FUNCTIONS: dict[str, Callable[[list[Result]], Value]] = {
    "SUM": _passing(lambda given: math.fsum(_numbers(given))),
    "AVERAGE": _passing(_average),
    "MIN": _passing(lambda given: min(_numbers(given), default=0.0)),
    "MAX": _passing(lambda given: max(_numbers(given), default=0.0)),
    "PRODUCT": _passing(lambda given: math.prod(_numbers(given))),
    "COUNT": _count,
    "COUNTA": _count_all,
    "ABS": _passing(lambda given: abs(_number(_spoiling(given[0])))),
    "INT": _passing(lambda given: float(math.floor(_number(_spoiling(given[0]))))),
    "ROUND": _rounding(ROUND_HALF_UP),
    "ROUNDUP": _rounding(ROUND_UP),
    "ROUNDDOWN": _rounding(ROUND_DOWN),
    "IF": _passing(_if),
    "IFERROR": _if_error,
    "AND": _passing(lambda given: all(_truths(given))),
    "OR": _passing(lambda given: any(_truths(given))),
    "NOT": _passing(lambda given: not _truths(given)[0]),
    "SUMPRODUCT": _passing(_product_sum),
    "SUMIF": _passing(lambda given: math.fsum(_numbers([[_chosen(given)]]))),
    "COUNTIF": lambda given: float(len(_chosen(given[:2]))),
}
