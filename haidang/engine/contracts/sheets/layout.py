"""The table of a contract in a sheet: its rows of headings and which column is which."""

from __future__ import annotations

from dataclasses import dataclass, field

from haidang.engine.contracts.sheets.book import Sheet, Value

Row = tuple[int, list[Value]]


@dataclass(slots=True)
class Layout:
    """`columns` names the field of each column that has one; `titles` what stands over each column."""

    sheet: Sheet
    first: int
    last: int
    columns: dict[int, str]
    titles: dict[int, tuple[int, str]]
    head: list[Row]
    # Fields found twice: column → the column that has it.
    twice: dict[int, int] = field(default_factory=dict)
    # Columns under a group of headings nobody knows → what it says.
    strange: dict[int, str] = field(default_factory=dict)
    unit: str = ""
    unit_at: tuple[int, int] = (0, 0)
    # Where another unit of the same kind stands over the table, and which.
    second_unit: tuple[int, int, str] | None = None
    # Columns of no field whose heading is asked about, for all their cells.
    asked: set[int] = field(default_factory=set)
    # Words nobody knows in a row of units, over counts that are read all the same: column → row, words.
    odd_units: dict[int, tuple[int, str]] = field(default_factory=dict)
    # A column of units, where the contract has none.
    unit_column: int | None = None

    @property
    def fields(self) -> set[str]:
        return set(self.columns.values())
