"""Pages of tiles that need more room than a board has: every row of a scorecard, every open line of lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from haidang.engine.boards import definition as d
from haidang.engine.boards.asof import as_of_from, looks_back
from haidang.engine.boards.content import library
from haidang.engine.boards.statistics import due_list as due_lists
from haidang.engine.boards.statistics import scorecard as scorecards
from haidang.engine.boards.statistics import words
from haidang.engine.boards.statistics.home import home_of
from haidang.engine.boards.tiles import Look
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.indicators import periods
from haidang.engine.paging import number_in
from haidang.engine.people.rights import requires

T = TypeVar("T", bound=d.Tile)
MANY = 50  # lines on a page
BACK = 6  # periods that are offered beside the newest


@dataclass(frozen=True, slots=True)
class Tab:
    title: str
    url: str
    current: bool


def tile_of(address: str, kind: type[T], name: str = "") -> tuple[d.Board, T]:
    """The board and its tile of this kind: the first one, or the scorecard of that address. Raises Http404."""
    board = library().boards.get(address)
    found = [one for one in board.tiles if isinstance(one, kind)] if board and board.layout == "board" else []
    found = [one for one in found if not name or getattr(one, "card", "") == name]
    if board is None or not found:
        raise Http404(address)
    return board, found[0]


def page_url(route: str, address: str, look: Look, **asked: str) -> str:
    """Where the page of a tile is, as known then."""
    told = {key: value for key, value in asked.items() if value}
    told |= {"as_of": look.as_of.isoformat()} if look.as_of else {}
    return reverse(f"boards:{route}", args=[address]) + (f"?{urlencode(told)}" if told else "")


@require_safe
@requires("board.see")
@looks_back
def scorecard(request: HttpRequest, address: str) -> HttpResponse:
    """Every row and every centre, of the newest period or of one that is asked for."""
    board, tile = tile_of(address, d.ScorecardTile, request.GET.get("the", ""))
    look = Look.at(as_of_from(request), request.user)
    period = _period(tile, request.GET.get("ky", ""))
    context = {
        "board": board,
        "board_url": page_url("board", address, look),
        "told": scorecards.scorecard(tile, look, period=period, most=0),
        "periods": _tabs(tile, look, address, period),
        "now": look.now,
    }
    return render(request, "boards/statistics/scorecard_page.html", context)


def _period(tile: d.ScorecardTile, text: str) -> Period | None:
    card = library().scorecards.get(tile.card)
    try:
        found = Period.parse(text)
    except ValueError:
        return None
    return found if card and found.kind == card.period else None


def _tabs(tile: d.ScorecardTile, look: Look, address: str, asked: Period | None) -> list[Tab]:
    card, home = look.library.scorecards.get(tile.card), home_of(look)
    newest: datetime | None = scorecards.newest_end(card, look, home) if card and home else None
    if card is None or newest is None:
        return []
    last = periods.ending(newest, card.period)
    shown = asked or last
    offered = [periods.back(last, number) for number in range(BACK)]
    return [
        Tab(words.period(one), page_url("scorecard", address, look, the=tile.card, ky=one.code), one == shown)
        for one in offered
    ]


@require_safe
@requires("board.see")
@looks_back
def due_list(request: HttpRequest, address: str) -> HttpResponse:
    """Every open line close to its last day, a stretch at a time, of all offices or of one."""
    board, tile = tile_of(address, d.DueListTile)
    look = Look.at(as_of_from(request), request.user)
    group = request.GET.get("noi", "")[:200]
    view = due_lists.due_list(tile, look, group)
    pages = max(1, -(-view.total // MANY))
    page = min(max(1, number_in(request.GET.get("trang", "")) or 1), pages)

    def url(number: int = 0, of: str = group) -> str:
        return page_url("due_list", address, look, noi=of, trang=str(number) if number > 1 else "")

    context = {
        "board": board,
        "board_url": page_url("board", address, look),
        "view": view,
        "lines": view.lines((page - 1) * MANY, page * MANY),
        "first": (page - 1) * MANY + 1,
        "last": min(page * MANY, view.total),
        "group": group,
        "groups": [(one, url(of=one.name)) for one in view.groups],
        "all_url": url(of=""),
        "newer_url": url(page - 1) if page > 1 else "",
        "older_url": url(page + 1) if page < pages else "",
        "xlsx_url": page_url("due_list_xlsx", address, look, noi=group),
    }
    return render(request, "boards/statistics/due_list_page.html", context)
