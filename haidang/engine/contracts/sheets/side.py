"""Two tables side by side on one sheet: a list that goes on to the right, as offices print it, or another table beside it.

Parts that have the same columns are read one after the other, each from the cells it spans. A part with other columns is
not read, and its cells say so: its lines need not be those of the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from copy import copy
from itertools import chain, islice, pairwise
from typing import NamedTuple

from haidang.engine.contracts.sheets.book import Sheet, Value
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.contracts.sheets.headings import Headings
from haidang.engine.contracts.sheets.heads import filled
from haidang.engine.contracts.sheets.layout import Layout, Row
from haidang.engine.contracts.sheets.table_units import units_below
from haidang.engine.contracts.sheets.wording import folded

# Longer lists are not printed side by side, and parts are held in memory.
MOST_ROWS = 20_000
Keeps = Callable[[int], bool]


class Part(NamedTuple):
    """`other` is the heading of a table beside it that is not read, where there is one: row and column."""

    layout: Layout
    body: Iterator[Row]
    other: tuple[int, int] | None = None


class _Span(NamedTuple):
    """Columns from `start` to before `end`; what those with a heading mean, and which of them say it twice."""

    start: int
    end: int
    columns: dict[int, str]
    twice: dict[int, int]

    def holds(self, column: int) -> bool:
        return self.start <= column < self.end


def parts_of(headings: Headings, layout: Layout, body: Iterator[Row]) -> list[Part]:
    """The tables a layout is made of, from left to right; the layout itself where it is one."""
    contract, sheet = headings.contract, layout.sheet
    head = [(number, sheet.words(number, cells)) for number, cells in layout.head]
    rows = filled(sheet, head)
    spans = _spans(
        headings, layout, [cells for number, cells in rows if layout.first <= number <= layout.last]
    )
    if len(spans) < 2 or _same_lines(contract, layout, spans, head):
        return [Part(layout, body)]
    held = list(islice(body, MOST_ROWS + 1))
    wanted = {name for name, column in contract.columns.items() if column.required}
    told = [_fields(contract, span) for span in spans]
    fit = next((n for n, found in enumerate(told) if wanted <= found), 0)
    alike = [n for n in range(len(spans)) if told[n] == told[fit]] if len(held) <= MOST_ROWS else [fit]
    parts = []
    for n in alike:
        others = [spans[one] for one in alike if one != n]
        # The first sees all but the other parts, so that every cell of the sheet has a fate.
        keeps = (
            spans[n].holds
            if n != alike[0]
            else (lambda c, others=others: not any(o.holds(c) for o in others))
        )
        own = _cut(
            layout, spans[n], keeps, whole=n == alike[0], sheet=_seen(sheet, keeps) if others else sheet
        )
        units_below(
            contract,
            own,
            [(number, {c: v for c, v in cells.items() if spans[n].holds(c)}) for number, cells in rows],
        )
        parts.append(Part(own, _within(chain(held, body), keeps) if not others else _within(held, keeps)))
    if unread := [spans[n] for n in range(len(spans)) if n not in alike]:
        column = min(unread[0].columns, default=unread[0].start)
        parts[0] = parts[0]._replace(other=(layout.titles[column][0], column))
    return parts


def _key(contract: SheetContract) -> str:
    return contract.item_column or next(iter(contract.key), "")


def _fields(contract: SheetContract, span: _Span) -> set[str]:
    """What a part says of its lines; numbers and notes aside."""
    return {name for name in span.columns.values() if contract.columns[name].type not in {"order", "note"}}


def _spans(headings: Headings, layout: Layout, rows: list[dict[int, Value]]) -> list[_Span]:
    """A part begins where what names the lines stands again, or as far before it as the first part does."""
    key = _key(headings.contract)
    named = [c for c, name in layout.columns.items() if name == key]
    named += [c for c, owner in layout.twice.items() if layout.columns.get(owner) == key]
    if len(named) < 2:
        return []
    named.sort()
    before = named[0] - min(c for c in layout.columns if c <= named[0])
    tried: list[list[_Span]] = []
    for gap in (before, 0):
        starts = [0, *(max(column - gap, left + 1) for left, column in pairwise(named))]
        ends = [*starts[1:], max(layout.titles) + 1]
        found = [
            _Span(start, end, *headings.match([_between(cells, start, end) for cells in rows])[:2])
            for start, end in zip(starts, ends, strict=True)
        ]
        told = [_fields(headings.contract, span) for span in found]
        if any(one <= {key} for one in told):
            return []  # a line that is named twice, in columns side by side
        if all(one == told[0] for one in told):
            return found
        tried.append(found)
    return tried[0]


def _between(cells: dict[int, Value], start: int, end: int) -> dict[int, Value]:
    return {column: value for column, value in cells.items() if start <= column < end}


def _same_lines(contract: SheetContract, layout: Layout, spans: list[_Span], head: list[Row]) -> bool:
    """Whether what names the lines is only said again: a wide table repeats it at its right end."""
    key = _key(contract)
    columns = [c for span in spans for c, name in span.columns.items() if name == key]
    below = [cells for number, cells in head if number > layout.last]
    told = [
        [folded(str(cells[c])) for c in columns if c < len(cells) and cells[c] is not None] for cells in below
    ]
    both = [words for words in told if len(words) > 1]
    return bool(both) and all(len(set(words)) == 1 for words in both)


def _seen(sheet: Sheet, keeps: Keeps) -> Sheet:
    """The sheet with what is out of the ordinary in some of its columns: it is forgotten as lines are judged."""
    own = copy(sheet)
    own.marks = {place: mark for place, mark in sheet.marks.items() if keeps(place[1])}
    own.fonts = {
        row: {c: font for c, font in fonts.items() if keeps(c)} for row, fonts in sheet.fonts.items()
    }
    return own


def _cut(layout: Layout, span: _Span, keeps: Keeps, *, whole: bool, sheet: Sheet) -> Layout:
    """The part of a layout in a span of its columns; `whole`: with what stands above the table."""
    head = [(n, cells) for n, cells in layout.head if n < layout.first] if whole else []
    head += _within((row for row in layout.head if row[0] >= layout.first), keeps)
    titles = {column: title for column, title in layout.titles.items() if keeps(column)}
    return Layout(
        sheet, layout.first, layout.last, span.columns, titles, head, span.twice,
        strange={c: text for c, text in layout.strange.items() if keeps(c)}, unit=layout.unit, unit_at=layout.unit_at, second_unit=layout.second_unit if whole else None,
    )  # fmt: skip


def _within(rows: Iterable[Row], keeps: Keeps) -> Iterator[Row]:
    for number, cells in rows:
        kept = [value if keeps(column) else None for column, value in enumerate(cells)]
        while kept and kept[-1] is None:
            kept.pop()
        if kept:
            yield number, kept
