"""Worked examples of what an office states: the cells they name, in the sample beside the contract, say so."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from haidang.engine.both import both, english, vietnamese
from haidang.engine.checks.known import Known
from haidang.engine.checks.sheets import Expected
from haidang.engine.contracts.reading import ContentError, read
from haidang.engine.contracts.sheets.book import Book, Unreadable, column_number
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.judging import Examination
from haidang.engine.contracts.sheets.verdict import address
from haidang.engine.contracts.tree import Entry
from haidang.engine.indicators.statistic import Example, Keys, Origin, Statistic

_SPAN = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})(?::([A-Z]{1,3})([1-9]\d{0,6}))?")


def failures(known: Known, entry: Entry[Statistic]) -> Iterator[tuple[Keys, str]]:
    """Examples with `cells` that do not come out, or that belong to a formula."""
    statistic = entry.thing
    for number, version in enumerate(statistic.versions):
        for place, example in enumerate(version.examples):
            keys: Keys = ("versions", number, "examples", place)
            if not example.cells:
                continue
            if statistic.origin is None:
                yield (
                    keys,
                    both(
                        "`cells` are of a number an office states: a formula has `inputs`",
                        "`cells` là của số do cơ quan báo: công thức dùng `inputs`",
                    ),
                )
            elif why := _wrong(known, statistic.origin, example):
                yield (
                    keys,
                    both(
                        f"example “{example.name}” does not hold: {english(why)}",
                        f"ví dụ “{example.name}” không đúng: {vietnamese(why)}",
                    ),
                )


def _wrong(known: Known, origin: Origin, example: Example) -> str:
    span = _SPAN.fullmatch(example.cells)
    if span is None:
        return both(
            f"cells {example.cells!r} are not written as D14 or D6:D21",
            f"cells {example.cells!r} không viết như D14 hoặc D6:D21",
        )
    cells = _sample(known, origin.contract)
    if cells is None:
        return ""  # what is wrong with the sample is said of the contract
    there = [value for one in _addresses(span) if (value := _value(cells, one, origin)) is not None]
    if not there:
        return both(
            f"no number of column {origin.column} stands in {example.cells} of the sample",
            f"ở {example.cells} của tệp mẫu không có số nào của cột {origin.column}",
        )
    got = math.fsum(there)
    if example.expect is None or not math.isclose(
        got, example.expect, rel_tol=1e-9, abs_tol=example.tolerance + 1e-6
    ):
        return both(
            f"the sample comes to {got!r}, expected {example.expect!r}",
            f"tệp mẫu cho {got!r}, mong đợi {example.expect!r}",
        )
    return ""


def _addresses(span: re.Match[str]) -> Iterator[str]:
    left, top, right, bottom = span[1], int(span[2]), span[3] or span[1], int(span[4] or span[2])
    for row in range(top, min(bottom, top + 100_000) + 1):
        for column in range(column_number(left), column_number(right) + 1):
            yield address(row, column)


def _value(cells: dict[str, tuple[str, str, object]], where: str, origin: Origin) -> float | None:
    field, item, value = cells.get(where, ("", "", None))
    return value if (field, item) == (origin.column, origin.item) and isinstance(value, float) else None


def _sample(known: Known, contract: str) -> dict[str, tuple[str, str, object]] | None:
    """The values of a contract's sample by cell, read once; None where it cannot be read."""
    if contract not in known.samples:
        entry = known.tree.sheets.get(contract)
        if entry is None or not {"sample.xlsx", "expected.json"} <= entry.beside.keys():
            return None
        try:
            text = read(entry.beside["expected.json"], Expected).period
            examination = Examination(entry.thing, Period.parse(text) if text else None)
            with Book(entry.beside["sample.xlsx"]) as book:
                known.samples[contract] = {
                    cell.address: (cell.field, cell.item, cell.value)
                    for cell in examination.cells(book)
                    if cell.fate == "value"
                }
        except (ContentError, ValueError, Unreadable):
            return None
    return known.samples[contract]
