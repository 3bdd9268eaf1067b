"""What the panes of statistics need, beside those of stations in `boards.panes`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from haidang.engine.boards import definition as d
from haidang.engine.boards.statistics import breakdown, by_line, lines, red, reports, stats
from haidang.engine.boards.statistics.shown import Tile
from haidang.engine.boards.tiles import Look

Context = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Named:
    """One tile as the board calls it."""

    title: str
    tile: Tile


@dataclass(frozen=True, slots=True)
class TableView:
    title: str
    tiles: Sequence[Tile]


def _all(board: d.Board, look: Look) -> dict[str, Tile]:
    """Every statistic of a board, asked for at once."""
    singles = [one for one in board.tiles if isinstance(one, d.StatisticTile)]
    tables = [one for one in board.tiles if isinstance(one, d.StatisticTableTile)]
    wanted = [*(one.indicator for one in singles), *(name for one in tables for name in one.indicators)]
    most = max((one.periods for one in singles), default=13)
    behind = min((one.behind for one in singles), default=10.0)
    return look.once("statistics", lambda: stats.tiles_of(wanted, look, most, behind))


def statistics(board: d.Board, look: Look) -> Context:
    known = _all(board, look)
    found = [
        Named(str(one.title), known[one.indicator]) for one in board.tiles if isinstance(one, d.StatisticTile)
    ]
    return {"statistics": found, "now": look.now}


def tables(board: d.Board, look: Look) -> Context:
    known = _all(board, look)
    found = [
        TableView(str(one.title), [known[name] for name in one.indicators])
        for one in board.tiles
        if isinstance(one, d.StatisticTableTile)
    ]
    return {"statistic_tables": found, "now": look.now}


def breakdowns(board: d.Board, look: Look) -> Context:
    found = [(one, breakdown.breakdown(one, look)) for one in board.tiles if isinstance(one, d.BreakdownTile)]
    return {"breakdowns": found, "now": look.now}


def line_tables(board: d.Board, look: Look) -> Context:
    found = [(one, by_line.line_table(one, look)) for one in board.tiles if isinstance(one, d.LineTableTile)]
    return {"line_tables": found}


def maps(board: d.Board, look: Look) -> Context:
    found = [
        (one, breakdown.commune_map(one, look)) for one in board.tiles if isinstance(one, d.CommuneMapTile)
    ]
    return {"commune_maps": found, "now": look.now}


def charts(board: d.Board, look: Look) -> Context:
    found = [lines.period_chart(one, look) for one in board.tiles if isinstance(one, d.PeriodChartTile)]
    return {"period_charts": found}


def in_red(board: d.Board, look: Look) -> Context:
    known = _all(board, look)
    told = [(str(one.title), known[one.indicator]) for one in board.tiles if isinstance(one, d.StatisticTile)]
    found = [red.red(one, look, told) for one in board.tiles if isinstance(one, d.RedTile)]
    return {"reds": found}


def due_reports(board: d.Board, look: Look, domain: str) -> Context:
    found = [reports.reports(one, look, domain) for one in board.tiles if isinstance(one, d.ReportsTile)]
    return {"reports": found}
