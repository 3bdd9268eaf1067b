"""The tables of a board as sheets: what its reader sees, with units, as-of, source and office."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from haidang.engine.boards import definition as d
from haidang.engine.boards import panes as stations
from haidang.engine.boards import writing
from haidang.engine.boards.export import scored
from haidang.engine.boards.export.heads import told
from haidang.engine.boards.export.shapes import Column, Sheet, Value
from haidang.engine.boards.statistics import breakdown, due_list, scorecard, stats
from haidang.engine.boards.statistics.shown import Stat, Tile
from haidang.engine.boards.tiles import Look


def sheets_of(board: d.Board, look: Look) -> Iterator[Sheet]:
    """One sheet for each table, and one for the single numbers."""
    singles = [one for one in board.tiles if isinstance(one, d.StatisticTile)]
    if singles:
        known = stats.tiles_of([one.indicator for one in singles], look)
        yield _statistics(str(board.title), [(str(one.title), known[one.indicator]) for one in singles], look)
    for tile in board.tiles:
        if isinstance(tile, d.StatisticTableTile):
            found = stats.tiles_of(tile.indicators, look)
            yield _statistics(str(tile.title), [(one.title, one) for one in found.values()], look)
        elif isinstance(tile, d.BreakdownTile) and (view := breakdown.breakdown(tile, look)):
            yield _communes(view, look)
        elif isinstance(tile, d.TableTile):
            yield _stations(tile, look)
        elif isinstance(tile, d.ScorecardTile):
            yield from scored.score_sheets(scorecard.scorecard(tile, look, most=0), look)
        elif isinstance(tile, d.DueListTile):
            yield scored.due_sheet(due_list.due_list(tile, look), look)


def _statistics(title: str, tiles: Iterable[tuple[str, Tile]], look: Look) -> Sheet:
    columns = [
        Column(_("Chỉ tiêu"), width=44), Column(_("Đơn vị"), width=18), Column(_("Kỳ"), width=16),
        Column(_("Thực hiện"), decimals=1), Column(_("So với kỳ trước"), width=22), Column(_("So với cùng kỳ"), width=22),
        Column(_("Lũy kế"), decimals=1), Column(_("Kế hoạch năm"), decimals=1), Column(_("Đạt"), "%", 1),
        Column(_("Kỳ sau"), width=40), Column(_("Nguồn"), width=34), Column(_("Cơ quan"), width=24), Column(_("Ghi chú"), width=34),
    ]  # fmt: skip
    return Sheet(title, told(look), columns, (_line(name, tile) for name, tile in tiles))


def _line(name: str, tile: Tile) -> Sequence[Value]:
    stat = tile.stat
    if stat is None:
        note = _("Bạn chưa được xem số này.") if tile.is_denied else tile.empty
        return [name, "", "", None, "", "", None, None, None, tile.due, "", "", note]
    progress = stat.progress
    return [
        name, writing.unit(stat.unit) or stat.unit, stat.period, stat.value, _against(stat, "last"), _against(stat, "year"),
        stat.since, progress.plan if progress else None, progress.share if progress else None,
        stat.due.text, stat.source, stat.owner, stat.explained or stat.plan_lacks or stat.badge,
    ]  # fmt: skip


def _against(stat: Stat, key: str) -> str:
    return next((one.text for one in stat.against if one.key == key), "")


def _communes(view: breakdown.Breakdown, look: Look) -> Sheet:
    unit = writing.unit(view.unit)
    columns = [
        Column(_("Mã"), width=10), Column(_("Xã, phường"), width=30), Column(_("Thực hiện"), unit, view.decimals),
        Column(_("So với kỳ trước"), width=22), Column(_("So với cùng kỳ"), width=22),
        *([Column(_("Lũy kế / dự toán"), "%", 1)] if view.has_plan else []),
        *([Column(view.volume_title, writing.unit(view.volume_unit), view.volume_decimals)] if view.volume_title else []),
        Column(_("Giải trình"), width=34),
    ]  # fmt: skip
    above = [(_("Kỳ"), view.period), (_("Nguồn"), view.source), (_("Cơ quan"), view.owner)]
    rows = (
        [
            line.place.code, str(line.place), line.value, line.last.text if line.last else "", line.year.text if line.year else "",
            *([line.share] if view.has_plan else []), *([line.volume] if view.volume_title else []), line.explained,
        ]
        for line in view.lines
    )  # fmt: skip
    return Sheet(view.title, told(look, *above), columns, rows)


def _stations(tile: d.TableTile, look: Look) -> Sheet:
    """The stations of a board of stations, with the parameters as it shows them."""
    view = stations.table(tile, look)
    indicator = look.library.indicators[tile.indicator]
    kind = indicator.asset_kind
    readings = {
        (one.asset_id, one.parameter): one
        for one in sorted(look.readings(kind), key=lambda one: -one.precedence)
    }
    columns = [
        Column(_("Mã"), width=14), Column(_("Trạm"), width=34), Column(str(indicator.title), indicator.unit, indicator.decimals),
        Column(_("Mức"), width=16), Column(_("Tính đến"), width=20),
        *(Column(name, writing.unit(unit), look.library.decimals(name)) for name, unit in view.heads),
        Column(_("Cơ quan"), width=26),
    ]  # fmt: skip

    def row(one: stations.Row) -> Sequence[Value]:
        found = [readings.get((one.asset.id, name)) for name in tile.parameters]
        figure = one.figure
        return [
            one.asset.code, one.asset.name, figure.value if figure else None, one.classed.word if one.classed else "",
            figure.at if figure else None, *(cell.value if cell else None for cell in found), one.asset.owner,
        ]  # fmt: skip

    return Sheet(view.title, told(look), columns, (row(one) for one in view.rows))
