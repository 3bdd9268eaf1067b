"""Functions of Excel that reports are made of, over values and ranges; errors among the arguments are what they come to."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Any

from haidang.engine.contracts.sheets.book import Error, Value

Grid = list[list[Value]]
Result = Value | Grid
COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge,
}  # fmt: skip


class NotComputed(ValueError):
    """The formula holds what is not computed here."""


def single(value: Result) -> Value:
    if isinstance(value, list):
        if len(value) != 1 or len(value[0]) != 1:
            raise NotComputed("a range where a value is meant")
        return value[0][0]
    return value


def number(value: Value) -> float:
    if value is None:
        return 0.0
    if isinstance(value, bool | float):
        return float(value)
    if isinstance(value, date):
        from openpyxl.utils.datetime import to_excel

        return float(to_excel(value))  # type: ignore[no-untyped-call]
    raise NotComputed(f"{value!r} is text")


def _numbers(given: list[Result]) -> Iterator[float]:
    """The numbers of arguments: those of ranges without texts, truth values and blanks. Raises _Spoiled."""
    for one in given:
        if not isinstance(one, list):
            if isinstance(one, Error):
                raise _Spoiled(one)
            yield number(one)
            continue
        for value in (value for row in one for value in row):
            if isinstance(value, Error):
                raise _Spoiled(value)
            if isinstance(value, float | date) and not isinstance(value, bool):
                yield number(value)


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
        value, places = (number(_spoiling(one)) for one in (*given, 0.0)[:2])
        # What is shown is rounded: 2,675 becomes 2,68, whatever its binary says.
        return float(Decimal(repr(value)).quantize(Decimal(1).scaleb(-int(places)), way))

    return _passing(rounded)


def _spoiling(one: Result) -> Value:
    value = single(one)
    if isinstance(value, Error):
        raise _Spoiled(value)
    return value


def _if(given: list[Result]) -> Value:
    test = _spoiling(given[0])
    if isinstance(test, str):
        raise NotComputed("text where true or false is meant")
    chosen = (*given[1:3], False)[0 if test else 1]
    return 0.0 if (value := single(chosen)) is None else value


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
        return lambda value: isinstance(value, float | date) and number(value) == number(wanted)
    found = re.fullmatch(r"(<>|<=|>=|=|<|>)?(.*)", wanted, re.DOTALL)
    sign, text = (found[1] or "=", found[2]) if found else ("=", wanted)
    if re.search(r"[*?~]", text) or not text:
        raise NotComputed("a criterion with placeholders")
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        limit = float(text)
        if sign == "<>":
            return lambda value: not (isinstance(value, float) and value == limit)
        return lambda value: isinstance(value, float) and COMPARED[sign](value, limit)
    if sign not in {"=", "<>"} or any(letter.isdigit() for letter in text):
        raise NotComputed("a criterion that may be a number or a day")
    return lambda value: COMPARED[sign](str(value or "").casefold(), text.casefold())


def _chosen(given: list[Result]) -> list[Value]:
    """Of the cells of the last argument those whose counterpart in the first meets the second."""
    if len(given) < 2 or not isinstance(given[0], list):
        raise NotComputed("a condition over a range")
    of = given[2] if len(given) > 2 else given[0]
    meets = _meets(single(given[1]))
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
    value = single(given[0])
    chosen = single(given[1]) if isinstance(value, Error) else value
    return 0.0 if chosen is None else chosen


FUNCTIONS: dict[str, Callable[[list[Result]], Value]] = {
    "SUM": _passing(lambda given: math.fsum(_numbers(given))),
    "AVERAGE": _passing(_average),
    "MIN": _passing(lambda given: min(_numbers(given), default=0.0)),
    "MAX": _passing(lambda given: max(_numbers(given), default=0.0)),
    "PRODUCT": _passing(lambda given: math.prod(_numbers(given))),
    "COUNT": _count,
    "COUNTA": _count_all,
    "ABS": _passing(lambda given: abs(number(_spoiling(given[0])))),
    "INT": _passing(lambda given: float(math.floor(number(_spoiling(given[0]))))),
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
