"""Lists of dossiers: those of an office's file, or the published ones as they are counted; the lines that can be
counted, and those that cannot with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from haidang.domains.services.dossiers import NEEDED, Dossier, Incomplete, dossier
from haidang.engine.contracts.sheets.block import Block
from haidang.engine.contracts.sheets.book import Book
from haidang.engine.contracts.sheets.centres import Centres
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.contracts.sheets.judging import Examination
from haidang.engine.contracts.sheets.verdict import Level

# A wrong day of return is not “still open”; a wrong fee is one that is not known.
_MUST_HOLD = frozenset({*NEEDED, "returned"})


class Unusable(NamedTuple):
    """A line that is counted nowhere: its row in the file and the columns at fault or lacking, in Vietnamese."""

    row: int
    columns: str


@dataclass(slots=True)
class Listing:
    """What one file says, or the published lists together."""

    dossiers: list[Dossier] = field(default_factory=list)
    unusable: list[Unusable] = field(default_factory=list)


def published(
    period: Period, contract: SheetContract, centres: Centres, lines: Iterator[tuple[int, Mapping[str, Any]]]
) -> Listing:
    """The dossiers received in a period, from lines as counts read them (row and values; days as 2026-10-31): of a dossier
    in several lists the one that was taken in last is among them, and no other.
    """
    found = Listing()
    first, last = period.before.last_day.isoformat(), period.last_day.isoformat()
    for row, values in lines:
        received = values.get("received")
        if received is None or not first < received <= last:
            continue
        try:
            found.dossiers.append(dossier({name: _day(values, name, contract) for name in values}, centres))
        except Incomplete as error:
            found.unusable.append(Unusable(row, _titles(contract, str(error))))
    return found


def _day(values: Mapping[str, Any], name: str, contract: SheetContract) -> Any:
    column = contract.columns.get(name)
    return date.fromisoformat(values[name]) if column and column.type == "date" else values[name]


def _titles(contract: SheetContract, columns: str) -> str:
    return ", ".join(contract.columns[name].title.vi for name in columns.split(", "))


def read_list(path: Path, contract: SheetContract, period: Period, centres: Centres) -> Listing:
    """Judge the file as `haidang import` does and take its good lines. Raises Unreadable where no table is found."""
    found = Listing()
    examination = Examination(contract, period)
    with Book(path) as book:
        for block in examination.blocks(book):
            for place, (row, _) in enumerate(block.rows):
                bad = set(_at_fault(block, row))
                try:
                    if bad & _MUST_HOLD:
                        raise Incomplete(", ".join(sorted(bad & _MUST_HOLD)))
                    found.dossiers.append(
                        dossier({name: values[place] for name, values in block.values.items()}, centres)
                    )
                except Incomplete as error:
                    found.unusable.append(Unusable(row, _titles(contract, str(error))))
    return found


def _at_fault(block: Block, row: int) -> Iterator[str]:
    for column, name in block.layout.columns.items():
        if any(remark.level is Level.FAULT for remark in block.remarks.get((row, column), ())):
            yield name
