"""What is said of a table once, at its heading or above it: of a unit that fits none of its numbers, of days of another period."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from haidang.engine.contracts.sheets.block import Block
from haidang.engine.contracts.sheets.columns import Reader
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.definition import NUMERIC, SheetContract
from haidang.engine.contracts.sheets.numerals import is_known_unit
from haidang.engine.contracts.sheets.verdict import Cell, Level, Remark

# Fewer lines may all be left over from before.
_FEWEST = 3


def of_general_unit(readers: Iterable[Reader]) -> Remark | None:
    """A fault where columns cannot be in it; a warning where no column is, though each may be read without it."""
    numeric = [one for one in readers if one.column.type in NUMERIC and one.stated.general]
    refused = [one for one in numeric if one.stated.over and one.stated.fits_nothing()]
    if refused:
        shown = {
            "unit": refused[0].stated.written,
            "title": ", ".join(f"“{one.column.title.vi}”" for one in refused),
            "wanted": ", ".join(dict.fromkeys(one.stated.wanted() for one in refused)),
        }
        return Remark(Level.FAULT, "unit_over", shown)
    general = [one for one in numeric if one.stated.over]
    # “người” over a table of cases says what they are.
    if not general or not is_known_unit(general[0].stated.written):
        return None
    if any(one.stated.fits_some() for one in general):
        return None
    wanted = ", ".join(dict.fromkeys(one.stated.wanted() for one in general))
    return Remark(Level.WARNING, "unit_idle", {"unit": general[0].stated.written, "wanted": wanted})


def of_no_units(readers: Iterable[Reader]) -> Iterator[tuple[Reader, Remark]]:
    """A fault for each column whose heading has words where its unit should be: “Kỳ này (chưa gồm SDĐ)”."""
    for one in readers:
        if one.stated.over and not one.stated.general and one.stated.fits_nothing():
            shown = {
                "unit": one.stated.written, "title": f"“{one.column.title.vi}”", "wanted": one.stated.wanted(),
            }  # fmt: skip
            yield one, Remark(Level.FAULT, "no_unit", shown)


@dataclass(slots=True)
class _Days:
    """Those of one column: the first, the last, how many, and whether one is in the period."""

    heading: Cell
    title: str
    first: date = date.max
    last: date = date.min
    count: int = 0
    inside: bool = False


class DaysOfPeriod:
    """Whether a list has a day in its period: kept as its lines go by, and asked at the heading when all have."""

    def __init__(self, top: Block, contract: SheetContract, period: Period | None) -> None:
        """`top` holds the headings of the table."""
        self._period = period
        self._of: dict[str, _Days] = {}
        for cell in top.others if period else ():
            if cell.fate == "header" and cell.field and contract.columns[cell.field].of_period:
                self._of[cell.field] = _Days(cell, contract.columns[cell.field].title.vi)

    def look(self, block: Block) -> None:
        for name, known in self._of.items():
            if self._period is None or not (
                days := [v for v in block.values.get(name, ()) if isinstance(v, date)]
            ):
                continue
            known.first, known.last = min(known.first, *days), max(known.last, *days)
            known.count += len(days)
            before, end = self._period.before.last_day, self._period.last_day
            known.inside = known.inside or any(before < day <= end for day in days)

    def held_back(self, top: Block) -> None:
        """Take out the headings that may still be asked about: they are told with `settle`."""
        waiting = {id(known.heading) for known in self._of.values()}
        top.others = [cell for cell in top.others if id(cell) not in waiting]

    def settle(self) -> list[Cell]:
        """The headings, those of columns without a day in the period with a question."""
        for known in self._of.values():
            if self._period and known.count >= _FEWEST and not known.inside:
                shown = {
                    "title": known.title,
                    "first": f"{known.first:%d/%m/%Y}",
                    "last": f"{known.last:%d/%m/%Y}",
                    "wanted": str(self._period),
                    "wanted_en": self._period.words("en"),
                }
                known.heading.remarks.append(Remark(Level.WARNING, "no_day_of_period", shown))
        return [known.heading for known in self._of.values()]
