"""A board as blocks of a paper: the numbers its reader sees on the screen, in the order of its tiles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from haidang.engine.boards import definition as d
from haidang.engine.boards import tiles, writing
from haidang.engine.boards.statistics import breakdown, by_line, lines, red, reports, stats
from haidang.engine.boards.statistics import panes as statistics
from haidang.engine.boards.statistics.shown import Stat, Tile
from haidang.engine.boards.tiles import Look
from haidang.engine.reports import pictures, scored, stations
from haidang.engine.reports.paper import Block, Column, Paragraph, Row, Run, Table
from haidang.engine.reports.words import number


class Told:
    """One board being written out: `denied` counts numbers its reader may not see, `shown` what he may, empty or not."""

    def __init__(self, board: d.Board, look: Look, address: str) -> None:
        self.board, self.look, self.address = board, look, address
        self.denied = self.shown = 0

    def blocks(self) -> list[Block]:
        found: list[Block] = []
        done: set[type] = set()
        for tile in self.board.tiles:
            kind = type(tile)
            # Single numbers of a board make one table, where the first of them stands.
            if kind in done and kind in (d.StatisticTile, *STATION_NUMBERS):
                continue
            done.add(kind)
            if kind in STATION_NUMBERS:
                done |= set(STATION_NUMBERS)
            build = BUILD.get(kind)
            found += build(self, tile) if build else [_elsewhere(tile)]
        return found


def _elsewhere(tile: d.AnyTile) -> Block:
    said = _("«%(title)s» chỉ xem được trên màn hình.") % {"title": tile.title}
    return Paragraph(runs=[said])


STATION_NUMBERS = (d.FigureTile, d.ReadingTile, d.ShareTile)


# --- statistics -----------------------------------------------------------------------------------------------
def _singles(told: Told, _tile: Any) -> list[Block]:
    known = statistics.statistics(told.board, told.look)["statistics"]
    return [statistic_table(told, _("Chỉ tiêu chính"), [(one.title, one.tile) for one in known])]


def _table(told: Told, tile: d.StatisticTableTile) -> list[Block]:
    known = stats.tiles_of(tile.indicators, told.look)
    return [statistic_table(told, str(tile.title), [(one.title, one) for one in known.values()])]


def statistic_table(told: Told, title: str, named: Sequence[tuple[str, Tile]]) -> Table:
    """Every comparison of each number, as the board's table has them."""
    columns = [
        Column(title=_("STT"), width=0.7, is_number=True), Column(title=_("Chỉ tiêu"), width=4.1),
        Column(title=_("Đơn vị"), width=1.5), Column(title=_("Thực hiện"), width=1.7, is_number=True),
        Column(title=_("Kỳ trước"), width=1.5, is_number=True), Column(title=_("Cùng kỳ"), width=1.5, is_number=True),
        Column(title=_("Lũy kế"), width=1.7, is_number=True), Column(title=_("Kế hoạch năm"), width=1.7, is_number=True),
        Column(title=_("Đạt"), unit="%", width=1.1, is_number=True),
    ]  # fmt: skip
    return Table(
        title=title,
        columns=columns,
        rows=[_statistic(told, str(n), name, tile) for n, (name, tile) in enumerate(named, 1)],
    )


def _statistic(told: Told, order: str, name: str, tile: Tile) -> Row:
    stat = tile.stat
    if stat is None:
        told.denied += tile.is_denied
        told.shown += not tile.is_denied
        said = _("Người nhận chưa được cấp quyền xem số này.") if tile.is_denied else tile.empty
        return Row(cells=[[order], [name]], said=" ".join(filter(None, [said, tile.due and f"({tile.due})"])))
    told.shown += 1
    progress = stat.progress
    cells: list[list[Run]] = [
        [order],
        [name],
        [writing.unit(stat.unit)],
        [number(stat.value, stat.decimals, stat.unit, stat.why_url)],
        *([against(stat, key)] for key in ("last", "year")),
    ]
    if progress:
        cells += [
            [number(progress.done, stat.decimals, stat.unit, progress.why_url)],
            [number(progress.plan, stat.decimals, stat.unit, progress.plan_url)],
            [number(progress.share, 1, "%", progress.why_url)],
        ]
    else:
        cells += [[writing.NONE]] * 3
    return Row(cells=cells, note=note_of(stat))


def against(stat: Stat, key: str) -> Run:
    found = next((one for one in stat.against if one.key == key and one.text), None)
    if found is None:
        return writing.NONE
    return number(found.amount, 1, found.amount_unit, found.why_url, text=found.short)


def note_of(stat: Stat) -> str:
    """Period, who answers for it and by what; what is late or was explained is said too."""
    parts = [stat.period, stat.owner, stat.source]
    if stat.is_late:
        parts.append(stat.due.text)
    if stat.is_behind and stat.progress:
        parts.append(stat.progress.pace)
    if stat.plan_lacks:
        parts.append(stat.plan_lacks)
    if stat.number > 1:
        parts.append(_("bản %(n)d") % {"n": stat.number})
    if stat.explained:
        parts.append(_("giải trình: %(text)s") % {"text": stat.explained})
    return " · ".join(parts)


# --- by commune, by line --------------------------------------------------------------------------------------
def _communes(told: Told, tile: d.BreakdownTile) -> list[Block]:
    view = breakdown.breakdown(tile, told.look)
    if view is None:
        return [
            Table(title=str(tile.title), columns=[], rows=[], empty=_("Chưa công bố số nào theo xã, phường."))
        ]
    told.shown += 1
    columns = [
        Column(title=_("STT"), width=0.7, is_number=True), Column(title=_("Xã, phường"), width=3.6),
        Column(title=_("Thực hiện"), unit=writing.unit(view.unit), width=1.7, is_number=True),
        Column(title=_("Kỳ trước"), width=1.9, is_number=True), Column(title=_("Cùng kỳ"), width=1.9, is_number=True),
        *([Column(title=_("Lũy kế / dự toán"), unit="%", width=1.5, is_number=True)] if view.has_plan else []),
        *([Column(title=view.volume_title, unit=writing.unit(view.volume_unit), width=1.7, is_number=True)]
          if view.volume_title else []),
    ]  # fmt: skip
    rows = [_commune(view, str(n), line) for n, line in enumerate(view.lines, 1)]
    return [Table(title=str(tile.title), columns=columns, rows=rows, told=_told_of(view, view.missing))]


def _commune(view: breakdown.Breakdown, order: str, line: breakdown.Line) -> Row:
    cells: list[list[Run]] = [[order], [str(line.place)]]
    if line.value is None:
        cells.append([_("chưa có số")])
    else:
        cells.append([number(line.value, view.decimals, view.unit, line.why)])
    for step, why in ((line.last, line.last_why), (line.year, line.year_why)):
        cells.append([number(step.amount, 1, step.unit, why, text=step.text) if step else writing.NONE])
    if view.has_plan:
        cells.append([number(line.share, 1, "%", line.plan_why) if line.share is not None else writing.NONE])
    if view.volume_title:
        known = line.volume is not None
        cells.append(
            [
                number(line.volume, view.volume_decimals, view.volume_unit, line.volume_why)
                if known
                else writing.NONE
            ]
        )
    return Row(cells=cells, note=line.explained)


def _told_of(view: breakdown.Breakdown | breakdown.CommuneMap | by_line.LineTable, missing: int = 0) -> str:
    parts = [view.period, view.owner, view.source, view.due.text]
    if missing:
        parts.append(_("%(n)d xã, phường chưa có số") % {"n": missing})
    return " · ".join(parts)


def _lines(told: Told, tile: d.LineTableTile) -> list[Block]:
    view = by_line.line_table(tile, told.look)
    if view is None:
        return [Table(title=str(tile.title), columns=[], rows=[], empty=_("Chưa công bố số nào."))]
    told.shown += 1
    columns = [Column(title=_("STT"), width=0.7, is_number=True), Column(title=str(tile.of), width=3.5)]
    columns += [
        Column(title=one.title, unit=writing.unit(one.unit), width=1.6, is_number=True)
        for one in view.columns
    ]

    def cell(value: float | None, column: by_line.Column, why: str) -> list[Run]:
        return [writing.NONE if value is None else number(value, column.decimals, column.unit, why)]

    rows = [
        Row(cells=[[str(n)], [name], *(cell(*one) for one in cells)])
        for n, (name, cells) in enumerate(view.lines, 1)
    ]
    total = [cell(one.total, one, one.why) for one in view.columns]
    rows.append(Row(cells=[[""], [_("Toàn tỉnh")], *total], is_sum=True))
    return [Table(title=view.title, columns=columns, rows=rows, told=_told_of(view))]


# --- pictures -------------------------------------------------------------------------------------------------
def _map(told: Told, tile: d.CommuneMapTile) -> list[Block]:
    view = breakdown.commune_map(tile, told.look, profile="paper")
    if view is None:
        return [
            Table(title=str(tile.title), columns=[], rows=[], empty=_("Chưa công bố số nào theo xã, phường."))
        ]
    found: list[Block] = [pictures.map_of(view, _told_of(view, view.missing))]
    # The map has the numbers of its list, which is printed where the board has none of its own.
    own = [
        one
        for one in told.board.tiles
        if isinstance(one, d.BreakdownTile) and one.indicator == tile.indicator
    ]
    if not own:
        found += _communes(told, d.BreakdownTile(title=tile.title, indicator=tile.indicator))
    return found


def _periods(told: Told, tile: d.PeriodChartTile) -> list[Block]:
    # A report states what was published: a forecast that is made after it would change its picture.
    view = lines.period_chart(msgspec.structs.replace(tile, forecast=False), told.look)
    if view.chart is None:
        told.denied += view.is_denied
        said = (
            _("Người nhận chưa được cấp quyền xem số này.") if view.is_denied else _("Chưa công bố số nào.")
        )
        return [Table(title=view.title, columns=[], rows=[], empty=said)]
    told.shown += 1
    columns = [Column(title=_("Kỳ"), width=2)] + [
        Column(title=name, unit=writing.unit(view.unit), width=2, is_number=True) for name in view.names
    ]
    rows = [
        Row(cells=[[period], *([_point(cell, view.unit)] for cell in cells)]) for period, cells in view.rows
    ]
    return [pictures.chart_of(view.title, view.chart), Table(title="", columns=columns, rows=rows)]


def _point(cell: lines.Cell, unit: str) -> Run:
    return number(cell.value, None, unit, cell.why, text=cell.text) if cell.why else cell.text


# --- who reports, what is red ---------------------------------------------------------------------------------
def _reports(told: Told, tile: d.ReportsTile) -> list[Block]:
    view = reports.reports(tile, told.look, told.address.partition(".")[0])
    columns = [
        Column(title=_("STT"), width=0.7, is_number=True), Column(title=_("Báo cáo"), width=4),
        Column(title=_("Cơ quan"), width=2.5), Column(title=_("Đã công bố"), width=2.2), Column(title=_("Hạn"), width=3.2),
    ]  # fmt: skip
    rows = [
        Row(cells=[[str(n)], [one.title], [one.office], [_last(one)], [one.awaited]])
        for n, one in enumerate(view.rows, 1)
    ]
    return [
        Table(
            title=view.title,
            columns=columns,
            rows=rows,
            empty="" if rows else _("Chưa có nguồn báo cáo nào."),
        )
    ]


def _last(one: reports.Report) -> str:
    if not one.last:
        return _("chưa công bố kỳ nào")
    return _("%(period)s, bản %(n)d") % {"period": one.last, "n": one.number}


def _red(told: Told, tile: d.RedTile) -> list[Block]:
    known = statistics.statistics(told.board, told.look)["statistics"]
    view = red.red(tile, told.look, [(one.title, one.tile) for one in known])
    columns = [
        Column(title=_("Mức"), width=0.8, is_number=True), Column(title=_("Việc"), width=7), Column(title=_("Nơi, cơ quan"), width=4),
    ]  # fmt: skip
    rows = [Row(cells=[[str(one.priority)], [one.text], [one.of]]) for one in view.lines]
    told_text = view.note
    if view.total > len(view.lines):
        told_text = " ".join(
            [_("%(n)d việc trong %(total)d.") % {"n": len(rows), "total": view.total}, view.note]
        )
    return [
        Table(
            title=view.title,
            columns=columns,
            rows=rows,
            told=told_text,
            empty="" if rows else _("Không có việc đỏ."),
        )
    ]


# --- stations -------------------------------------------------------------------------------------------------
def _station_numbers(told: Told, _tile: Any) -> list[Block]:
    views = tiles.views_of(told.board.tiles, told.look)
    told.shown += any(one.shown for one in views)
    return [stations.numbers_table(views)]


def _station_table(told: Told, tile: d.TableTile) -> list[Block]:
    told.shown += 1
    return [stations.table(tile, told.look)]


def _station_chart(told: Told, tile: d.ChartTile) -> list[Block]:
    return stations.chart(tile, told.look)


BUILD: dict[type, Callable[[Told, Any], list[Block]]] = {
    d.StatisticTile: _singles,
    d.StatisticTableTile: _table,
    d.BreakdownTile: _communes,
    d.LineTableTile: _lines,
    d.CommuneMapTile: _map,
    d.PeriodChartTile: _periods,
    d.ReportsTile: _reports,
    d.ScorecardTile: scored.points,
    d.DueListTile: scored.due_lines,
    d.RedTile: _red,
    d.FigureTile: _station_numbers,
    d.ReadingTile: _station_numbers,
    d.ShareTile: _station_numbers,
    d.TableTile: _station_table,
    d.ChartTile: _station_chart,
}
# Orders keep no versions to be told again from: a report of them could not be made again, so it says where they are. What
# is unusual and who made a change are hints for whoever looks into a number, not what an office states.
ON_SCREENS_ONLY = frozenset({d.OrderTableTile, d.UnusualTile, d.CommuneChangeTile})
