"""In which unit a number stands: what its cell, its line, its heading or the whole table says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from haidang.engine.contracts.sheets.definition import Column
from haidang.engine.contracts.sheets.numerals import counts_by_one, factor, one_of, scaled, unit_of


@dataclass(frozen=True, slots=True)
class Stated:
    """Of one column. `written` is the unit of its heading or, where it is general, of the line over the table."""

    column: Column
    spellings: Mapping[str, str]
    written: str = ""
    general: bool = False
    # Units of all the contract's numbers.
    others: tuple[str, ...] = ()
    # The cell that stated it anew below the headings; empty where headings or a title do.
    at: str = ""
    # The cell over the table that states a general one, or the heading with words that are no unit where one should be; empty
    # where it stands elsewhere.
    over: str = ""
    # A column has thousands of cells and few units.
    _known: dict[tuple[str, str, str], tuple[str, Decimal | None]] = field(
        default_factory=dict, compare=False
    )

    def unit(self, own: str, wanted: str, line: str) -> tuple[str, Decimal | None]:
        """The unit a number is written in, and what turns it into `wanted`; None where it cannot. `own` stands in its
        cell, `line` in its row.
        """
        found = self._known.get((own, wanted, line))
        if found is None:
            found = self._known[own, wanted, line] = self._unit(own, wanted, line)
        return found

    def _unit(self, own: str, wanted: str, line: str) -> tuple[str, Decimal | None]:
        if own:
            return own, factor(own, wanted, self.spellings)
        if self.contradicts(wanted, line):
            return line, None
        if line and (not self.written or self.general or not self.column.unit):
            times = factor(line, wanted, self.spellings)
            # A unit of the line that is not the column's own (“tỷ đồng” beside “%”) is that of its other columns.
            if times is not None or wanted != self.column.unit or not self._fits_some(line):
                return line, times
        return self.written, self.times(wanted)

    def contradicts(self, wanted: str, line: str) -> bool:
        """Whether the heading of the column says another unit than the line, and both fit."""
        if not (line and self.written) or self.general:
            return False
        ours, theirs = (factor(one, wanted, self.spellings) for one in (self.written, line))
        return None not in (ours, theirs) and ours != theirs

    def times(self, wanted: str) -> Decimal | None:
        """By heading and table alone."""
        written = self.written
        if not written:
            return Decimal(1)
        if not wanted:
            return Decimal(1) if unit_of(written) is None or self.general else None
        times = factor(written, wanted, self.spellings)
        if times is not None or not self.general or unit_of(wanted) is not None:
            return times
        # “triệu đồng” over a table says nothing of its shares and counts. “nghìn người” leaves open whether its households
        # are in thousands too; “người” does not.
        clear = unit_of(written) is not None or self.column.type != "whole" or scaled(written)[1] == 1
        return Decimal(1) if clear else None

    def wanted(self) -> str:
        """The unit of the column; where its lines have their own, all of the contract's."""
        return self.column.unit or ", ".join(self.others)

    def fits_nothing(self) -> bool:
        """Whether no number of the column can be read under the unit over the table or the column."""
        wanted = self._all_wanted()
        return bool(self.written and (self.general or self.over) and wanted) and all(
            self.times(one) is None for one in wanted
        )

    def fits_some(self) -> bool:
        """Whether a number of the column can be in the unit over the table, or in one of those."""
        return any(
            factor(one_of(self.written, one, self.spellings), one, self.spellings) is not None
            for one in self._all_wanted()
        )

    def _all_wanted(self) -> tuple[str, ...]:
        return (self.column.unit,) if self.column.unit else self.others

    def in_ones(self, own: str, wanted: str, line: str) -> bool:
        """Whether it counts one by one, so that “1.234” can only be 1234: persons, or đồng, which have no parts."""
        written, times = self.unit(own, wanted, line)
        if self.column.type == "whole" and times in {None, 1}:
            return True
        # “người” or “đồng” over the whole table says nothing of an area or a share.
        if self.general and written == self.written and factor(written, wanted, self.spellings) is None:
            return False
        money = unit_of(written)
        if money is None:
            # “HS” is what the contract calls “hồ sơ”.
            counted = counts_by_one(written) or (times == 1 and counts_by_one(wanted))
            return self.column.type != "whole" and counted
        return money[1] == 1

    def _fits_some(self, unit: str) -> bool:
        return any(factor(unit, one, self.spellings) is not None for one in self.others)
