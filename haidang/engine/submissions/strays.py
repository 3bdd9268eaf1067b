"""What a file holds beside what its contract asks for and seems personal: an office's own list brings identity numbers and
names along. They are used for nothing, and masked as the contract's own personal columns are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from haidang.engine.contracts.proposing.personal import has_shape, heading_of
from haidang.engine.contracts.sheets.book import Value, column_letters
from haidang.engine.contracts.sheets.verdict import Cell, Level

_LONGEST_HEADING = 80
# So many cells below a heading or of one shape are a column; one is a line of a letterhead or of a signature.
_LEAST = 2
# So large a part of the cells from the first one on must look alike.
_MOST = 0.6


class Stray(msgspec.Struct, frozen=True, array_like=True):
    """One such column, from below `row` on. `column` 0 is A."""

    sheet: str
    column: int
    row: int
    heading: str

    @property
    def name(self) -> str:
        """As people find it: `J “Số CCCD”`."""
        letters = column_letters(self.column)
        return f"{letters} “{self.heading}”" if self.heading else letters

    def holds(self, sheet: str, row: int, column: int) -> bool:
        return (sheet, column) == (self.sheet, self.column) and row > self.row


@dataclass(slots=True)
class _Column:
    """What was seen of one column outside of what the contract asks for."""

    heading: str = ""
    heading_row: int = -1
    below: int = 0  # cells under the heading
    above: tuple[int, str] = (0, "")  # the last text before the first of a shape
    hits: int = 0
    since: int = 0  # cells from the first of a shape on

    def see(self, row: int, raw: Value) -> None:
        self.below += self.heading_row >= 0
        if self.heading_row < 0 and _is_heading(raw):
            self.heading_row, self.heading = row, str(raw).strip()
        if has_shape(raw):
            self.hits += 1
        if self.hits:
            self.since += 1
        elif isinstance(raw, str) and raw.strip():
            self.above = row, raw.strip()[:_LONGEST_HEADING]

    def stray(self, sheet: str, column: int) -> Stray | None:
        if self.heading_row >= 0 and self.below >= _LEAST:
            return Stray(sheet, column, self.heading_row, self.heading)
        if self.hits >= _LEAST and self.hits >= _MOST * self.since:
            return Stray(sheet, column, *self.above)
        return None


def _is_heading(raw: Value) -> bool:
    """“Điện thoại: 0276 3822 345” is a letterhead: a heading has neither what stands behind a colon nor digits."""
    if not isinstance(raw, str) or len(raw) > _LONGEST_HEADING:
        return False
    return not any(sign.isdigit() or sign == ":" for sign in raw) and heading_of(raw) is not None


@dataclass(slots=True)
class Watch:
    """Looks at the cells of a file as they are judged: those no column of the contract takes, and those it refused, for a
    list of persons may stand below the table.
    """

    _columns: dict[tuple[str, int], _Column] = field(default_factory=dict)

    def see(self, cell: Cell) -> None:
        if cell.raw is None or cell.column < 0 or (cell.field and cell.level is not Level.FAULT):
            return
        place = cell.sheet, cell.column
        if place not in self._columns:
            self._columns[place] = _Column()
        self._columns[place].see(cell.row, cell.raw)

    def found(self) -> list[Stray]:
        """In the order of the file."""
        strays = (column.stray(*place) for place, column in sorted(self._columns.items()))
        return [one for one in strays if one is not None]


def strays_of(kept: Iterable[list[object]] | None) -> tuple[Stray, ...] | None:
    """As they are kept with a version; None of one whose cells nobody has looked at so."""
    return None if kept is None else msgspec.convert(list(kept), tuple[Stray, ...])
