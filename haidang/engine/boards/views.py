"""Views of the screens: parse, one call, render."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from haidang.engine.boards import panes
from haidang.engine.boards.asof import as_of_from, looks_back
from haidang.engine.boards.content import library
from haidang.engine.boards.definition import Board
from haidang.engine.boards.frame import THEMES
from haidang.engine.boards.tiles import Look
from haidang.engine.notify.shared import shared_fragment
from haidang.engine.people.rights import may, refuse, requires

YEAR = 365 * 86400
OVERVIEW = "environment.overview"


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Day, night or by the hour; kept in a cookie, so it holds before sign-in too."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    response = HttpResponseRedirect(target)
    if (chosen := request.POST.get("theme", "")) in THEMES:
        secure = request.is_secure()
        response.set_cookie("theme", chosen, YEAR, samesite="Lax", httponly=True, secure=secure)
    return response


def _board(address: str) -> Board:
    found = library().boards.get(address)
    if found is None:
        raise Http404(address)
    return found


@require_safe
@requires("overview.see")
@looks_back
def overview(request: HttpRequest) -> HttpResponse:
    """Toàn cảnh."""
    board = _board(OVERVIEW)
    look = Look.at(as_of_from(request), request.user)
    context: dict[str, Any] = {"board": board, "pane_url": reverse("boards:pane", args=[OVERVIEW])}
    for pane in panes.OF_OVERVIEW:
        context |= panes.BUILD[pane](panes.Ask(board, look, request))
    return render(request, "boards/overview.html", context)


@require_safe
@requires("board.see")
@looks_back
def board(request: HttpRequest, address: str) -> HttpResponse:
    """Any board of the content tree."""
    found = _board(address)
    if found.layout == "overview" and address == OVERVIEW:
        return HttpResponseRedirect(reverse("boards:overview"))
    look = Look.at(as_of_from(request), request.user)
    context: dict[str, Any] = {
        "board": found,
        "address": address,
        "pane_url": reverse("boards:pane", args=[address]),
        "boards": panes.siblings(address),
    }
    for pane in panes.OF_BOARD:
        context |= panes.BUILD[pane](panes.Ask(found, look, request, address))
    return render(request, "boards/board.html", context)


@require_safe
@requires("board.see")
@shared_fragment
@looks_back
def pane(request: HttpRequest, address: str) -> HttpResponse:
    """One pane of a board, fetched again when something changed."""
    found = _board(address)
    name = request.GET.get("pane", "")
    if name not in panes.BUILD:
        raise Http404(name)
    if not may(request.user, panes.ACTS.get(name, "board.see")):
        return refuse(request)
    look = Look.at(as_of_from(request), request.user)
    context = panes.BUILD[name](panes.Ask(found, look, request, address))
    context |= {"board": found, "address": address, "pane_url": reverse("boards:pane", args=[address])}
    return render(request, f"boards/tiles/{name}.html", context)


@require_safe
@requires("overview.see")
@shared_fragment
def counts(request: HttpRequest) -> HttpResponse:
    """The header's alarm counts."""
    return render(request, "parts/counts.html")


@require_safe
@requires("station.see")
def search(request: HttpRequest) -> HttpResponse:
    """Stations, places and incidents by name; without tones too."""
    from haidang.engine.boards.searching import find

    return render(request, "boards/search.html", find(request.user, request.GET.get("q", "")))
