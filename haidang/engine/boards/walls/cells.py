"""The parts of a wall. Each is built, drawn and fetched by itself, so that a dead one takes no other with it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from haidang.engine.boards import definition as d
from haidang.engine.boards import mapping, tiles
from haidang.engine.boards.counts import counts_for
from haidang.engine.boards.statistics import breakdown, scorecard, stats
from haidang.engine.boards.tiles import Look
from haidang.engine.boards.walls.calibration import ROWS, STEPS
from haidang.engine.boards.walls.scenes import Scene
from haidang.engine.boards.walls.unnamed import short_name, unnamed
from haidang.engine.incidents.models import Entry, Incident, Order, Step

if TYPE_CHECKING:
    from haidang.engine.people.rights import Anyone

log = logging.getLogger(__name__)
FIGURES = d.FigureTile | d.ReadingTile | d.ShareTile
# A part is fetched again at least this often, so what is older is not what the database says.
FETCHED_WITHIN_S = 180


@dataclass(frozen=True, slots=True)
class Cell:
    """`area` is its place on the sheet, `topics` what it listens to."""

    key: str
    area: str
    topics: str
    element: str = "section"
    tile: d.AnyTile | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a builder may use."""

    scene: Scene
    look: Look
    request: HttpRequest

    @property
    def viewer(self) -> Anyone:
        return self.request.user


def cells_of(scene: Scene) -> list[Cell]:
    """Header, what the board names, footer: in the order of reading."""
    found = [Cell("head", "h", "alarms people", "div")]
    figures = 0
    for tile in scene.board.tiles:
        if isinstance(tile, d.MapTile):
            found.append(Cell("map", "m", "figures alarms incidents", "main", tile))
        elif isinstance(tile, d.CommuneMapTile):
            found.append(Cell("communes", "m", "figures", "main", tile))
        elif isinstance(tile, d.IncidentTile):
            found.append(Cell("incident", "i", "incidents orders", tile=tile))
        elif isinstance(tile, FIGURES | d.StatisticTile | d.ScorecardTile):
            figures += 1
            found.append(Cell(f"f{figures}", "t", "figures readings", tile=tile))
        elif isinstance(tile, d.OrdersTile):
            found.append(Cell("orders", "o", "orders", tile=tile))
    return [*found, Cell("foot", "f", "", "footer")]


def draw(cell: Cell, asked: Asked) -> SafeString:
    """The element of one part. One that fails says so in its place, and the log says why."""
    context: dict[str, Any] = {
        "cell": cell,
        "scene": asked.scene,
        "now": asked.look.now,
        "fetched_within": FETCHED_WITHIN_S,
        "name": asked.request.resolver_match.kwargs["name"] if asked.request.resolver_match else "",
    }
    kind = cell.key
    if isinstance(cell.tile, FIGURES):
        kind = "figure"
    elif isinstance(cell.tile, d.StatisticTile):
        kind = "statistic"
    elif isinstance(cell.tile, d.ScorecardTile):
        kind = "scorecard"
    try:
        context |= BUILD[kind](cell, asked)
        context["inner"] = render_to_string(f"boards/wall/{kind}.html", context, asked.request)
    except Exception:
        log.exception("wall: the part %s of %s could not be drawn", cell.key, asked.scene.address)
        context |= {"inner": "", "failed": _("máy chủ không vẽ được ô này")}
    return render_to_string("boards/wall/cell.html", context, asked.request)


# --- builders ------------------------------------------------------------------------------------------------
def _head(_cell: Cell, asked: Asked) -> dict[str, Any]:
    return {
        "counts": counts_for(asked.viewer),
        "province": mapping.province_name() or "Hải Đăng",
        "title": asked.scene.incident.code if asked.scene.incident else asked.scene.board.title,
    }


def _map(cell: Cell, asked: Asked) -> dict[str, Any]:
    tile = cell.tile
    if not isinstance(tile, d.MapTile):
        return {}
    indicator = asked.look.library.indicators[tile.indicator]
    view = mapping.map_view(tile, asked.look, asked.request, "wall")
    old = bool(view and view.as_of and (asked.look.now - view.as_of).total_seconds() > view.allowed_s)
    return {"map_view": view, "indicator": indicator.title, "is_old": old}


def _figure(cell: Cell, asked: Asked) -> dict[str, Any]:
    view = tiles.views_of([cell.tile] if cell.tile else [], asked.look)[0]
    shown = view.shown
    return {
        "view": view,
        "f": shown,
        "is_old": bool(shown and shown.is_old),
        "bad": (shown.priority or 2) if shown and shown.is_bad else 0,
    }


def _statistic(cell: Cell, asked: Asked) -> dict[str, Any]:
    if not isinstance(cell.tile, d.StatisticTile):
        return {}
    address = cell.tile.indicator
    found = stats.tiles_of([address], asked.look, cell.tile.periods, cell.tile.behind)[address]
    stat = found.stat
    return {
        "tile": found,
        "title": cell.tile.title,
        "s": stat,
        "is_old": bool(stat and stat.is_late),
        "bad": 3 if stat and stat.is_behind else 0,
    }


def _scorecard(cell: Cell, asked: Asked) -> dict[str, Any]:
    if not isinstance(cell.tile, d.ScorecardTile):
        return {}
    found = scorecard.scorecard(cell.tile, asked.look)
    return {"told": found, "v": found.view, "is_old": bool(found.view and found.view.due.is_late), "bad": 0}


def _communes(cell: Cell, asked: Asked) -> dict[str, Any]:
    if not isinstance(cell.tile, d.CommuneMapTile):
        return {}
    view = breakdown.commune_map(cell.tile, asked.look, wall=True)
    return {"view": view, "is_old": bool(view and view.due.is_late)}


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order as a wall tells it: what and which office, never who. `over_s` is negative before the deadline."""

    priority: int
    text: str
    office: str
    over_s: float
    left_s: float
    state: str


def _lines(orders: Any, now: datetime, most: int) -> list[OrderLine]:
    listed = []
    for one in orders.select_related("office")[:most]:
        over = (now - one.deadline_at).total_seconds()
        done = one.state in (Order.State.DONE, *Order.FINISHED)
        state = str(Order.State(one.state).label)
        listed.append(
            OrderLine(
                one.priority, unnamed(one.text), one.office.short_name, 0 if done else over, -over, state
            )
        )
    return listed


def late_orders(viewer: Anyone, now: datetime, most: int) -> tuple[int, list[OrderLine]]:
    """Orders past their deadline that this viewer may see: how many, and the urgent and oldest of them."""
    found = Order.objects.for_user(viewer).unfinished().filter(deadline_at__lt=now, done_at=None)
    return found.count(), _lines(found.order_by("priority", "deadline_at"), now, most)


def _orders(cell: Cell, asked: Asked) -> dict[str, Any]:
    most = min(cell.tile.most, rows_of(asked.scene)) if isinstance(cell.tile, d.OrdersTile) else 0
    incident = asked.scene.incident
    if incident is None:
        count, lines = late_orders(asked.viewer, asked.look.now, most)
    else:
        own = Order.objects.for_user(asked.viewer).filter(incident=incident).unfinished()
        count, lines = own.count(), _lines(own.order_by("deadline_at"), asked.look.now, most)
    return {"tile": cell.tile, "count": count, "lines": lines, "of_incident": incident is not None}


def _incident(cell: Cell, asked: Asked) -> dict[str, Any]:
    found = asked.scene.incident
    if found is None or not isinstance(cell.tile, d.IncidentTile):
        return {"tile": cell.tile, "incident": None}
    incident = Incident.objects.select_related("commander", "place").get(pk=found.pk)
    steps = list(incident.steps.order_by("number"))
    kinds = (Entry.Kind.NOTE, Entry.Kind.CHANGE)
    told_here = Entry.objects.for_user(asked.viewer).filter(incident=incident)
    entries = told_here.exclude(kind__in=kinds).order_by("-at", "-pk")[: cell.tile.lines]
    return {
        "tile": cell.tile,
        "incident": incident,
        "title": unnamed(incident.title),
        "place_words": unnamed(incident.where),
        "commander": short_name(incident.commander.name),
        "steps": len(steps),
        "steps_done": sum(step.state != Step.State.TODO for step in steps),
        "step": next((unnamed(step.text) for step in steps if step.state == Step.State.TODO), ""),
        "entries": [_public(entry) for entry in entries],
        "bad": incident.priority,
    }


@dataclass(frozen=True, slots=True)
class Line:
    at: datetime
    kind: str
    text: SafeString


def _public(entry: Entry) -> Line:
    return Line(entry.at, str(entry.get_kind_display()), mark_safe(unnamed(entry.told_html)))  # noqa: S308 - escaped; names are shortened


def _foot(_cell: Cell, asked: Asked) -> dict[str, Any]:
    tile = next((t for t in asked.scene.board.tiles if isinstance(t, d.MapTile)), None)
    screen = asked.scene.screen
    return {
        "scale": asked.look.library.scale(tile.indicator) if tile else [],
        "screen": screen,
        "measures": screen.calibration if screen else None,
    }


def rows_of(scene: Scene) -> int:
    """How many orders there is room for at this size of type."""
    measures = scene.screen.calibration if scene.screen else None
    return ROWS[measures.step or STEPS[-1]] if measures else ROWS[STEPS[0]]


BUILD: dict[str, Callable[[Cell, Asked], dict[str, Any]]] = {
    "head": _head, "map": _map, "figure": _figure, "orders": _orders, "incident": _incident, "foot": _foot,
    "statistic": _statistic, "communes": _communes, "scorecard": _scorecard,
}  # fmt: skip


def asked_for(scene: Scene, request: HttpRequest) -> Asked:
    return Asked(scene, Look.at(None, request.user), request)
