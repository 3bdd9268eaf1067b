"""What stands in each pane of a board: name of the pane → what its template needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.alarms.listing import listing
from haidang.engine.alarms.models import Event
from haidang.engine.alarms.past import Past, by_state, open_at
from haidang.engine.boards import definition as d
from haidang.engine.boards import feed, mapping, queries, tiles, writing
from haidang.engine.boards.charts import chart
from haidang.engine.boards.rail import AHEAD, BACK, rail
from haidang.engine.boards.statistics import panes as statistics
from haidang.engine.boards.tiles import Look
from haidang.engine.people.rights import Anyone, within
from haidang.engine.tasks import by_office

Context = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ask:
    """What a pane is built from."""

    board: d.Board
    look: Look
    request: HttpRequest
    address: str = ""


Builder = Callable[[Ask], Context]


def figures(ask: Ask) -> Context:
    return {"figures": tiles.gravest_first(tiles.views_of(ask.board.tiles, ask.look))}


def log(ask: Ask) -> Context:
    most = next((t.lines for t in ask.board.tiles if isinstance(t, d.LogTile)), 5)
    return {"log": feed.log_lines(ask.request.user, ask.look.now, most)}


def sources(ask: Ask) -> Context:
    most = next((t.most for t in ask.board.tiles if isinstance(t, d.SourcesTile)), 3)
    health = feed.source_health(ask.request.user, ask.look.now, ask.look.as_of, most)
    return {"sources": health, "now": ask.look.now}


def timeline(ask: Ask) -> Context:
    """The rail spans the day around now, whatever instant is looked at."""
    now = clock.now()
    allowed = within(
        ask.request.user, "alarm.see", office="alarm__office", place="alarm__place", domain="alarm__domain"
    )
    raised = Event.objects.filter(
        allowed,
        alarm__isnull=False,
        kind__in=(Event.Kind.RAISED, Event.Kind.AGAIN),
        recorded_at__gt=now - BACK,
        recorded_at__lt=now + AHEAD,
    )
    marks = raised.order_by("priority", "-recorded_at").values_list("recorded_at", "priority")[:60]
    return {"rail": rail(reverse("boards:overview"), now, ask.look.as_of, marks)}


@dataclass(frozen=True, slots=True)
class Row:
    """One station of a table."""

    asset: queries.AssetRow
    figure: queries.FigureRow | None
    classed: Any
    is_old: bool
    allowed_s: float
    url: str
    why: str
    cells: str


@dataclass(frozen=True, slots=True)
class TableView:
    title: str
    unit: str
    heads: list[tuple[str, str]]
    rows: list[Row]
    scale: list[Any]
    caution: str
    address: str


def table(tile: d.TableTile, look: Look) -> TableView:
    """Stations worst first; those without a figure at the end, never left out."""
    indicator = look.library.indicators[tile.indicator]
    allowed = tiles.PERIOD_S[indicator.period]
    figures = {row.asset.id: row for row in look.figures(tile.indicator)}
    readings = {
        (r.asset_id, r.parameter): r
        for r in sorted(look.readings(indicator.asset_kind), key=lambda r: -r.precedence)
    }
    units = {r.parameter: r.unit for r in readings.values()}
    rows = []
    for asset in look.assets(indicator.asset_kind):
        found = figures.get(asset.id)
        cells = [_cell(name, readings.get((asset.id, name)), look) for name in tile.parameters]
        rows.append(
            Row(
                asset=asset,
                figure=found,
                classed=look.library.classify(tile.indicator, found.value) if found else None,
                is_old=bool(found and (look.now - found.at).total_seconds() > allowed),
                allowed_s=allowed,
                url=tiles.station_url(look, asset.code),
                why=tiles.why_url(look, indicator=tile.indicator, asset=asset.code, at=found.at.isoformat())
                if found
                else "",
                cells=mark_safe("".join(cells)),  # noqa: S308 - each part is escaped where it is written
            )
        )
    sign = 1 if indicator.direction == "up_is_good" else -1

    def order(row: Row) -> tuple[bool, bool, float]:
        value = row.figure.value if row.figure else None
        return (value is None, row.is_old, sign * (value or 0.0))

    newest = max((r.at for r in figures.values()), default=look.now)
    return TableView(
        title=str(tile.title),
        unit=indicator.unit,
        heads=[(name, units.get(name, "")) for name in tile.parameters],
        rows=sorted(rows, key=order),
        scale=look.library.scale(tile.indicator),
        caution=tiles.caution_of(indicator, newest),
        address=tile.indicator,
    )


def _cell(name: str, row: queries.ReadingRow | None, look: Look) -> str:
    """One parameter of one station, written out: a table has hundreds of these, and a template tag each is dear."""
    if row is None:
        return f'<td class="num" data-h="{escape(name)}">{writing.NONE}</td>'
    is_old = (look.now - row.at).total_seconds() > row.silent_after_s
    mark = {1: _("hc"), 2: _("lỗi")}.get(row.status, "")
    number = writing.number(row.value, look.library.decimals(row.parameter))
    if row.value is not None:
        why = escape(tiles.why_url(look, series=str(row.series_id), at=row.at.isoformat()))
        number = f'<a class="why-a" href="{why}" hx-get="{why}" hx-target="#drawer">{number}</a>'
    note = f'<span class="note"> {escape(mark)}</span>' if mark else ""
    head = escape(f"{name} {writing.unit(row.unit)}")
    return f'<td class="num{" muted" if is_old or mark else ""}" data-h="{head}">{number}{note}</td>'


@dataclass(frozen=True, slots=True)
class ChartView:
    title: str
    chart: Any
    table: list[tuple[datetime, list[str]]]
    names: list[str]
    unit: str
    decimals: int
    has_flagged: bool


def chart_view(tile: d.ChartTile, look: Look) -> ChartView:
    """The worst few stations over time, and the same numbers by hour."""
    indicator = look.library.indicators[tile.indicator]
    sign = 1 if indicator.direction == "up_is_good" else -1
    known = [row for row in look.figures(tile.indicator) if row.value is not None]
    worst = sorted(known, key=lambda row: sign * (row.value or 0.0))[: tile.lines]
    after = look.now - timedelta(hours=tile.hours)
    points = queries.figure_points(
        tile.indicator, [row.asset.id for row in worst], after, look.now, look.epoch
    )
    rows = [(row.asset.name, points.get(row.asset.id, [])) for row in worst]
    drawn = chart(
        rows, after=after, until=look.now, unit=indicator.unit, decimals=indicator.decimals, height=260
    )
    hours = sorted({p.at for _, line in rows for p in line}, reverse=True)
    by_line = [{p.at: p.value for p in line} for _, line in rows]
    body = [(at, [writing.number(line.get(at), indicator.decimals) for line in by_line]) for at in hours]
    names = [name for name, _ in rows]
    has_flagged = bool(drawn and any(line.flagged for line in drawn.lines))
    return ChartView(str(tile.title), drawn, body, names, indicator.unit, indicator.decimals, has_flagged)


def table_pane(ask: Ask) -> Context:
    return {
        "tables": [table(t, ask.look) for t in ask.board.tiles if isinstance(t, d.TableTile)],
        "now": ask.look.now,
    }


def chart_pane(ask: Ask) -> Context:
    return {"charts": [chart_view(t, ask.look) for t in ask.board.tiles if isinstance(t, d.ChartTile)]}


@dataclass(frozen=True, slots=True)
class Sibling:
    title: str
    url: str
    current: bool


def siblings(address: str) -> list[Sibling]:
    """The tabs above a board: those of its domain, and beside what offices report the first pages of other such domains."""
    from haidang.engine.boards.content import library

    known, domain = library().boards, address.partition(".")[0]
    # The one that is called as its domain is its first page.
    first = f"{domain}.{domain}"
    mine = [
        name
        for name in sorted(known, key=lambda name: (name != first, name))
        if name.startswith(f"{domain}.")
    ]
    shown = mine + (_first_pages(known, domain) if _is_reported(known[address]) else [])
    return [
        Sibling(str(known[name].title), reverse("boards:board", args=[name]), name == address)
        for name in shown
        if known[name].layout == "board"
    ]


def _is_reported(board: d.Board) -> bool:
    return any(isinstance(tile, d.ReportsTile) for tile in board.tiles)


def _first_pages(known: Mapping[str, d.Board], domain: str) -> list[str]:
    """Of the other domains whose offices report."""
    return [
        name
        for name, board in sorted(known.items())
        if (parts := name.split("."))[0] == parts[-1] != domain and _is_reported(board)
    ]


OF_OVERVIEW = ("alarms", "figures", "log", "sources", "rail", "map")
OF_BOARD = (
    "figures", "charts", "tables", "statistics", "statistic_tables", "breakdowns", "line_tables", "communes", "commune_change", "periods", "unusual", "reports", "red",
    "order_tables", "scorecards", "due_lists",
)  # fmt: skip


def alarms(ask: Ask) -> Context:
    if ask.look.as_of is not None:
        return {"past": past_alarms(ask.request.user, ask.look.as_of)}
    return {"listing": listing(ask.request.user)}


def map_pane(ask: Ask) -> Context:
    tile = next((t for t in ask.board.tiles if isinstance(t, d.MapTile)), None)
    return {"map_view": mapping.map_view(tile, ask.look, ask.request) if tile else None, "now": ask.look.now}


@dataclass(frozen=True, slots=True)
class PastGroup:
    """Alarms of one state as it was then: the first of them, and how many there were."""

    word: str
    total: int
    rows: list[Past]


def past_alarms(person: Anyone, then: datetime) -> list[PastGroup]:
    """Alarms that were open at that instant, in all their states."""
    groups = by_state(open_at(person, then))
    return [PastGroup(word, len(rows), rows[:PAST_ALARMS]) for word, rows in groups]


GROUNDS = {"": "", "documents": "van-ban", "incidents": "su-viec"}


def order_tables(ask: Ask) -> Context:
    """Of this year. Orders are not told again as of an earlier instant: then it says so."""
    asked = [tile for tile in ask.board.tiles if isinstance(tile, d.OrderTableTile)]
    if ask.look.as_of is not None:
        return {"order_tables": [(tile, None) for tile in asked]}
    year = clock.local(ask.look.now).year
    found = [
        (tile, by_office.table(ask.request.user, ground=GROUNDS[tile.ground], year=year)) for tile in asked
    ]
    return {"order_tables": found}


PAST_ALARMS = 60
# What a pane asks for beyond the board it stands on.
ACTS = {"alarms": "alarm.see", "order_tables": "order.see", "rail": "alarm.see", "sources": "source.see"}
BUILD: dict[str, Builder] = {
    "alarms": alarms,
    "figures": figures,
    "log": log,
    "sources": sources,
    "rail": timeline,
    "map": map_pane,
    "tables": table_pane,
    "charts": chart_pane,
    "statistics": lambda ask: statistics.statistics(ask.board, ask.look),
    "statistic_tables": lambda ask: statistics.tables(ask.board, ask.look),
    "breakdowns": lambda ask: statistics.breakdowns(ask.board, ask.look),
    "line_tables": lambda ask: statistics.line_tables(ask.board, ask.look),
    "communes": lambda ask: statistics.maps(ask.board, ask.look),
    "periods": lambda ask: statistics.charts(ask.board, ask.look),
    "order_tables": order_tables,
    "red": lambda ask: statistics.in_red(ask.board, ask.look),
    "unusual": lambda ask: statistics.unusual_lines(ask.board, ask.look),
    "commune_change": lambda ask: statistics.commune_changes(ask.board, ask.look),
    "scorecards": lambda ask: statistics.scorecards(ask.board, ask.look, ask.address),
    "due_lists": lambda ask: statistics.due_lists(ask.board, ask.look, ask.address),
    "reports": lambda ask: statistics.due_reports(ask.board, ask.look, ask.address.partition(".")[0]),
}
