"""What stations tell, as blocks of a paper."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.boards import definition as d
from haidang.engine.boards import panes, tiles, writing
from haidang.engine.boards.queries import ReadingRow
from haidang.engine.boards.shown import Shown
from haidang.engine.boards.tiles import FigureView, Look
from haidang.engine.reports import pictures
from haidang.engine.reports.paper import Block, Column, Row, Run, Table
from haidang.engine.reports.words import number


def numbers_table(views: Sequence[FigureView]) -> Table:
    """Single numbers with their class and what they are measured against."""
    columns = [
        Column(title=_("STT"), width=0.7, is_number=True), Column(title=_("Số liệu"), width=5), Column(title=_("Đơn vị"), width=2),
        Column(title=_("Giá trị"), width=1.6, is_number=True), Column(title=_("Mức, đích"), width=3), Column(title=_("Tính đến"), width=2.4),
    ]  # fmt: skip
    rows = [_number(str(n), view) for n, view in enumerate(views, 1)]
    return Table(title=_("Số đo của trạm"), columns=columns, rows=rows)


def _number(order: str, view: FigureView) -> Row:
    shown = view.shown
    if shown is None:
        return Row(cells=[[order], [view.title]], said=view.empty)
    value: Run = writing.number(shown.value, shown.decimals)
    if why := shown.why_url or shown.list_url:
        value = number(shown.value, shown.decimals, shown.unit, why)
    return Row(
        cells=[[order], [view.title], [writing.unit(shown.unit)], [value], [_measured(shown)], [_at(shown)]],
        note=f"{shown.source} · {shown.owner}",
    )


def _measured(shown: Shown) -> str:
    parts = [shown.classed.word] if shown.classed else []
    if shown.target is not None:
        parts.append(f"{shown.target_word} {writing.number(shown.target, shown.decimals)}, {shown.gap_words}")
    return " · ".join(parts) or writing.NONE


def _at(shown: Shown) -> str:
    at = f"{clock.local(shown.as_of):%H:%M %d/%m/%Y}"
    return _("%(at)s, CŨ") % {"at": at} if shown.is_old else at


def table(tile: d.TableTile, look: Look) -> Table:
    """Stations as the board lists them, with the parameters it shows."""
    view = panes.table(tile, look)
    indicator = look.library.indicators[tile.indicator]
    readings = {
        (one.asset_id, one.parameter): one
        for one in sorted(look.readings(indicator.asset_kind), key=lambda one: -one.precedence)
    }
    columns = [
        Column(title=_("STT"), width=0.7, is_number=True), Column(title=_("Trạm"), width=3.4),
        Column(title=str(indicator.title), unit=indicator.unit, width=1.4, is_number=True), Column(title=_("Mức"), width=1.7),
        *(Column(title=name, unit=writing.unit(unit), width=1.2, is_number=True) for name, unit in view.heads),
    ]  # fmt: skip
    rows = [_station(str(n), one, tile, look, readings) for n, one in enumerate(view.rows, 1)]
    return Table(title=view.title, columns=columns, rows=rows, told=view.caution)


def _station(
    order: str, one: panes.Row, tile: d.TableTile, look: Look, readings: dict[tuple[int, str], ReadingRow]
) -> Row:
    figure = one.figure
    decimals = look.library.indicators[tile.indicator].decimals
    value: Run = writing.NONE
    if figure:
        value = number(figure.value, decimals, "", one.why)
    note = f"{one.asset.code} · {tiles.owner_of(one.asset)}"
    if figure:
        note += f" · {clock.local(figure.at):%H:%M %d/%m/%Y}"
    cells: list[list[Run]] = [[order], [one.asset.name], [value], [one.classed.word if one.classed else ""]]
    for name in tile.parameters:
        found = readings.get((one.asset.id, name))
        cells.append([_reading(found, one.asset.code, look) if found else writing.NONE])
    return Row(cells=cells, note=note + (_(" · CŨ") if one.is_old else ""))


def _reading(found: ReadingRow, code: str, look: Look) -> Run:
    why = tiles.why_url(look, series=str(found.series_id), at=found.at.isoformat())
    return number(found.value, look.library.decimals(found.parameter), found.unit, why, of=code)


def chart(tile: d.ChartTile, look: Look) -> list[Block]:
    """The indicator over time at the worst stations."""
    view = panes.chart_view(tile, look)
    if view.chart is None:
        return [Table(title=view.title, columns=[], rows=[], empty=_("Chưa có số đo nào."))]
    return [pictures.chart_of(view.title, view.chart)]
