"""What is proposed of a file. Everything can be written as JSON, shown with its reasons, and changed by a person."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from haidang.engine.contracts.reading import Text
from haidang.engine.contracts.sheets.days import PeriodName
from haidang.engine.contracts.sheets.definition import NUMERIC, ColumnType, PersonalData

# What a line of the table is: a commune, a thing with a name (an office, a facility), or an indicator of its own.
Lines = Literal["places", "names", "items"]


class Figure(msgspec.Struct, kw_only=True):
    """A statistic that a column of numbers, or in a table of items each line, can become."""

    pick: bool
    direction: str
    over_places: str
    over_time: str
    why: dict[str, Text] = {}


class ProposedColumn(msgspec.Struct, kw_only=True):
    """One column of the file. `why` has the reason of each proposal by the name of its field."""

    index: int
    letter: str
    heading: str
    use: bool
    key: str
    title: Text
    type: ColumnType
    unit: str = ""
    aliases: list[str] = []
    in_key: bool = False
    required: bool = False
    min: float | None = None
    max: float | None = None
    decimals: int = 1
    choices: list[str] = []
    pattern: str = ""
    # Keys of columns whose sum it is.
    parts: list[str] = []
    additive: bool = True
    personal_data: PersonalData = "none"
    examples: list[str] = []
    figure: Figure | None = None
    why: dict[str, Text] = {}

    @property
    def is_numeric(self) -> bool:
        return self.type in NUMERIC


class ProposedItem(msgspec.Struct, kw_only=True):
    """A line that is an indicator of its own."""

    row: int
    key: str
    title: Text
    label: str
    aliases: list[str] = []
    unit: str = ""
    min: float | None = None
    max: float | None = None
    figure: Figure | None = None


class TotalRow(msgspec.Struct, kw_only=True):
    """A row that calls itself a total, and whether it is the sum of the lines: key of the column → so."""

    row: int
    label: str
    agrees: dict[str, bool]


class Proposal(msgspec.Struct, kw_only=True):
    """A contract as the file itself suggests it."""

    file: str
    sheet: str
    heading_rows: list[int]
    rows: int
    lines: Lines
    domain: str
    contract: str
    title: Text
    period: PeriodName
    sample_period: str
    due_days: int
    province: str = ""
    key: list[str] = []
    item_column: str = ""
    columns: list[ProposedColumn]
    items: list[ProposedItem] = []
    totals: list[TotalRow] = []
    why: dict[str, Text] = {}
    # What a person should know before he confirms.
    notes: list[Text] = []

    def column(self, key: str) -> ProposedColumn | None:
        return next((one for one in self.columns if one.key == key), None)

    def as_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = msgspec.to_builtins(self)
        return found
