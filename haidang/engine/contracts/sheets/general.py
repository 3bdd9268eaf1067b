"""What is said of a table once, at its heading or above it: of a unit that fits none of its numbers, of days of another period."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from haidang.engine.contracts.sheets.block import Block
from haidang.engine.contracts.sheets.columns import Reader
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.definition import NUMERIC, SheetContract
from haidang.engine.contracts.sheets.numerals import is_known_unit
from haidang.engine.contracts.sheets.verdict import Level, Remark

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


def ask_of_days(blocks: Sequence[Block], contract: SheetContract, period: Period | None) -> None:
    """Where no line of a list has its day in the period; `blocks` are all of the table, the first holds its headings."""
    if period is None:
        return
    headings = {cell.field: cell for cell in blocks[0].others if cell.fate == "header" and cell.field}
    for name, heading in headings.items():
        if not contract.columns[name].of_period:
            continue
        days = [v for block in blocks for v in block.values.get(name, ()) if isinstance(v, date)]
        if len(days) < _FEWEST or any(period.before.last_day < day <= period.last_day for day in days):
            continue
        shown = {
            "title": contract.columns[name].title.vi,
            "first": f"{min(days):%d/%m/%Y}",
            "last": f"{max(days):%d/%m/%Y}",
            "wanted": str(period),
            "wanted_en": period.words("en"),
        }
        heading.remarks.append(Remark(Level.WARNING, "no_day_of_period", shown))
