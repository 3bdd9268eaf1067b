"""A list of dossiers read from an office's file: the lines that can be counted, and those that cannot with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

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
    """A line that is counted nowhere: its row in the file and the columns at fault, in Vietnamese."""

    row: int
    columns: str


@dataclass(slots=True)
class Listing:
    """What one file says, or several together."""

    dossiers: list[Dossier] = field(default_factory=list)
    unusable: list[Unusable] = field(default_factory=list)
    # Dossiers of later files that stand in an earlier one.
    repeated: int = 0

    def add(self, other: Listing) -> None:
        """The lines of another file; a dossier that stands in both is counted once, where it was first."""
        known = {one.code for one in self.dossiers}
        self.dossiers += [one for one in other.dossiers if one.code not in known]
        self.unusable += other.unusable
        self.repeated += sum(one.code in known for one in other.dossiers)


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
                    titles = [contract.columns[name].title.vi for name in str(error).split(", ")]
                    found.unusable.append(Unusable(row, ", ".join(titles)))
    return found


def _at_fault(block: Block, row: int) -> Iterator[str]:
    for column, name in block.layout.columns.items():
        if any(remark.level is Level.FAULT for remark in block.remarks.get((row, column), ())):
            yield name
