"""Statistics by the lines they were added up from: offices, hospitals, stations; the largest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote

from haidang.engine.boards import definition as d
from haidang.engine.boards.statistics import breakdown, due, values, words
from haidang.engine.boards.statistics.home import Home, home_of
from haidang.engine.boards.statistics.stats import why_url
from haidang.engine.boards.tiles import Look
from haidang.engine.indicators import periods
from haidang.engine.indicators.by_line import Lines, lines_of
from haidang.engine.indicators.figure_rows import Subject
from haidang.engine.indicators.statistic import Statistic


@dataclass(frozen=True, slots=True)
class Column:
    """One statistic; `total` is that of the province, `why` leads to its cells, `line_why` of a line wants its name."""

    title: str
    unit: str
    decimals: int
    total: float | None
    why: str
    line_why: str


class Cell(NamedTuple):
    """One line's number; `why` leads to its own cell, lines or inputs. None where the line has none."""

    value: float | None
    column: Column
    why: str


@dataclass(frozen=True, slots=True)
class LineTable:
    """Line → a cell for each column."""

    title: str
    columns: Sequence[Column]
    lines: Sequence[tuple[str, Sequence[Cell]]]
    period: str
    source: str
    owner: str
    due: due.Due


def line_table(tile: d.LineTableTile, look: Look) -> LineTable | None:
    """Of the newest period of the first indicator. None where nothing was published, or may be seen."""
    home, entries = home_of(look), look.library.statistics.entries
    seen = [
        one
        for one in tile.indicators
        if one in entries and home and look.sees(one.partition(".")[0], home.place.pk)
    ]
    at = values.newest_end(seen[0], home.ids, look.epoch, look.until) if home and seen else None
    if home is None or at is None:
        return None
    places = values.by_place(seen, home.ids, [at], look.epoch)
    columns, parts = [], []
    for address in seen:
        column, lines = _column(address, look, home, at, places.get((address, at), {}))
        columns.append(column)
        parts.append(lines)
    first = parts[0]
    names = sorted(first, key=lambda name: -first[name])
    first_statistic = entries[seen[0]].statistic
    source, owner, following = breakdown.told(seen[0], look, first_statistic, at)
    return LineTable(
        title=str(tile.title),
        columns=columns,
        lines=[
            (
                name,
                [_cell(lines.get(name), column, name) for lines, column in zip(parts, columns, strict=True)],
            )
            for name in names
        ],
        period=words.period(periods.ending(at, first_statistic.period)),
        source=source,
        owner=owner,
        due=following,
    )


def _cell(value: float | None, column: Column, line: str) -> Cell:
    return Cell(value, column, f"{column.line_why}&dong={quote(line)}" if value is not None else "")


def _column(
    address: str, look: Look, home: Home, at: datetime, there: dict[int, values.Value]
) -> tuple[Column, Lines]:
    statistic: Statistic = look.library.statistics.entries[address].statistic
    place = next((key for key, one in there.items() if one.value is not None), home.place.pk)
    total = there[place].value if place in there else None
    why = why_url(look, address, place, at) if total is not None else ""
    column = Column(
        str(statistic.title),
        statistic.unit,
        statistic.decimals,
        total,
        why,
        why_url(look, address, place, at),
    )
    return column, lines_of(look.library.statistics, Subject(address, place, at), look.epoch)
