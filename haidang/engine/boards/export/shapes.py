"""What a workbook is written from. Apart from the writing, which brings a library that pages do without."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

Value = float | int | str | datetime | date | None


@dataclass(frozen=True, slots=True)
class Column:
    """`unit` stands below the head; `decimals` are how many are shown, the number itself is kept whole."""

    title: str
    unit: str = ""
    decimals: int | None = None
    width: int = 16


@dataclass(frozen=True, slots=True)
class Sheet:
    """`told` stands above the table: as of when, from whom, for what."""

    title: str
    told: Sequence[tuple[str, str]]
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]
