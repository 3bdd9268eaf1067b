"""What the panes of statistics need, beside those of stations in `boards.panes`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from haidang.engine.boards import definition as d
from haidang.engine.boards.statistics import (
    ahead,
    breakdown,
    by_line,
    commune_change,
    due_list,
    lines,
    red,
    reports,
    scorecard,
    stats,
    tile_pages,
    unusual,
)
from haidang.engine.boards.statistics.ahead import Ahead
from haidang.engine.boards.statistics.home import home_of
from haidang.engine.boards.statistics.shown import Tile
from haidang.engine.boards.tiles import Look

Context = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Named:
    """One tile as the board calls it."""

    title: str
    tile: Tile
    ahead: Ahead | None = None


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
    coming = _aheads(board, look, known)
    found = [
        Named(str(one.title), known[one.indicator], coming.get(one.indicator))
        for one in board.tiles
        if isinstance(one, d.StatisticTile)
    ]
    return {"statistics": found, "now": look.now}


def _aheads(board: d.Board, look: Look, known: dict[str, Tile]) -> dict[str, Ahead]:
    """What is expected next of the tiles that say so, and that may be seen."""
    wanted = [
        one.indicator
        for one in board.tiles
        if isinstance(one, d.StatisticTile) and one.forecast and known[one.indicator].stat
    ]
    home = home_of(look)
    if home is None or not wanted:
        return {}
    return ahead.ahead_of(wanted, look, home, stats.known_of(wanted, look, home, 1))


def unusual_lines(board: d.Board, look: Look) -> Context:
    found = [unusual.unusual(one, board, look) for one in board.tiles if isinstance(one, d.UnusualTile)]
    return {"unusuals": found, "now": look.now}


def commune_changes(board: d.Board, look: Look) -> Context:
    found = [
        (one, commune_change.commune_change(one, look))
        for one in board.tiles
        if isinstance(one, d.CommuneChangeTile)
    ]
    return {"commune_changes": found, "now": look.now}


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


def scorecards(board: d.Board, look: Look, address: str) -> Context:
    found = [
        (scorecard.scorecard(one, look), tile_pages.page_url("scorecard", address, look, the=one.card))
        for one in board.tiles
        if isinstance(one, d.ScorecardTile)
    ]
    return {"scorecards": found, "now": look.now}


def due_lists(board: d.Board, look: Look, address: str) -> Context:
    url = tile_pages.page_url("due_list", address, look)
    asked = [one for one in board.tiles if isinstance(one, d.DueListTile)]
    found = [(view, view.lines(0, one.most), url) for one in asked for view in [due_list.due_list(one, look)]]
    return {"due_lists": found}
