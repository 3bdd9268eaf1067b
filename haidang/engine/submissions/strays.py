"""Columns nobody asked for that seem to hold personal data: an office's own list brings identity numbers along with what its
contract asks for. They are used for nothing, and masked as the contract's own personal columns are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import msgspec

from haidang.engine.contracts.proposing.personal import personal_in
from haidang.engine.contracts.sheets.book import Value, column_letters
from haidang.engine.contracts.sheets.verdict import Cell

# So many cells of a column tell its shape; its heading stands among the first texts, below a letterhead at most.
_LOOKED_AT = 80
_HEADINGS = 12
_LONGEST_HEADING = 80


class Stray(msgspec.Struct, frozen=True, array_like=True):
    """One such column: what stands below `row` (0: from the first) is masked. `column` 0 is A."""

    sheet: str
    column: int
    row: int
    heading: str

    @property
    def name(self) -> str:
        """As people find it: `J “Số CCCD”`."""
        return (
            f"{column_letters(self.column)} “{self.heading}”" if self.heading else column_letters(self.column)
        )

    def holds(self, sheet: str, row: int, column: int) -> bool:
        return (sheet, column) == (self.sheet, self.column) and row > self.row


@dataclass(slots=True)
class Watch:
    """Looks at the cells of a file as they are judged."""

    _asked: set[tuple[str, int]] = field(default_factory=set)
    _others: dict[tuple[str, int], list[tuple[int, Value]]] = field(default_factory=lambda: defaultdict(list))

    def see(self, cell: Cell) -> None:
        place = cell.sheet, cell.column
        if cell.field:
            self._asked.add(place)
        elif cell.raw is not None and cell.column >= 0 and len(kept := self._others[place]) < _LOOKED_AT:
            kept.append((cell.row, cell.raw))

    def found(self) -> list[Stray]:
        """In the order of the file."""
        columns = (
            (place, cells) for place, cells in sorted(self._others.items()) if place not in self._asked
        )
        return [one for place, cells in columns for one in _told(*place, cells)]


def _told(sheet: str, column: int, cells: list[tuple[int, Value]]) -> Iterator[Stray]:
    for index, (row, value) in enumerate(cells[:_HEADINGS]):
        is_heading = isinstance(value, str) and len(value) <= _LONGEST_HEADING
        below = [one for _row, one in cells[index + 1 :]]
        # One cell below is a line of a letterhead, not a column.
        if is_heading and len(below) > 1 and personal_in(str(value), below):
            yield Stray(sheet, column, row, str(value))
            return
    if personal_in("", [value for _row, value in cells]):
        yield Stray(sheet, column, 0, "")


def strays_of(kept: Iterable[list[object]]) -> tuple[Stray, ...]:
    """As they are kept with a version."""
    return msgspec.convert(list(kept), tuple[Stray, ...])
