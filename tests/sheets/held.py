"""A workbook that stands in memory: what a file holds, without writing and reading one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from haidang.engine.contracts.sheets.book import Sheet, Value, column_number
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.contracts.sheets.judging import Examination
from haidang.engine.contracts.sheets.verdict import Cell

PERIODS = {"month": "2026-10", "week": "2026-W44", "year": "2026"}


@dataclass(slots=True)
class HeldSheet(Sheet):
    held: list[list[Any]] = field(default_factory=list)

    def prepare(self) -> None:
        """Nothing stands around the rows but what was given."""

    def rows(self) -> Iterator[tuple[int, list[Value]]]:
        for number, cells in enumerate(self.held, 1):
            values = [float(cell) if type(cell) is int else cell for cell in cells]
            while values and values[-1] is None:
                values.pop()
            if values:
                yield number, values


class HeldBook:
    """What an examination asks of a book."""

    def __init__(self, rows: list[list[Any]], merges: str = "", name: str = "Biểu") -> None:
        ranges = []
        for one in merges.split():
            (left, top), (right, bottom) = (_place(end) for end in one.split(":"))
            ranges.append((top, left, bottom, right))
        self.sheets: list[Sheet] = [HeldSheet(name, merges=ranges, held=rows)]


def _place(where: str) -> tuple[int, int]:
    letters = where.rstrip("0123456789")
    return column_number(letters), int(where[len(letters) :])


def examined(contract: SheetContract, book: HeldBook) -> tuple[Examination, list[Cell]]:
    examination = Examination(contract, Period.parse(PERIODS[contract.period]))
    return examination, list(examination.cells(book))  # type: ignore[arg-type]
