"""Bản đồ: the province on the offline base map; without WebGL the drawn map stays."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from haidang.engine import clock
from haidang.engine.boards import definition as d
from haidang.engine.boards.asof import as_of_from, looks_back
from haidang.engine.boards.mapping import Area, Listed, Unplaced, listed_of, map_view, markers_of, things_at
from haidang.engine.boards.tiles import Look
from haidang.engine.boards.views import OVERVIEW
from haidang.engine.notify.shared import shared_fragment
from haidang.engine.people.rights import requires
from haidang.engine.places.chart import inset_alone
from haidang.engine.places.outlines import sheet_of
from haidang.engine.places.profiles import DESK, PHONE


def _tile(look: Look) -> d.MapTile | None:
    """The map of the overview board is the map of this page."""
    board = look.library.boards.get(OVERVIEW)
    return next((tile for tile in board.tiles if isinstance(tile, d.MapTile)), None) if board else None


def _listed(look: Look, request: HttpRequest) -> tuple[Listed, Unplaced]:
    tile = _tile(look)
    return listed_of(tile, look, request.user) if tile else (Listed([]), Unplaced())


def _area(request: HttpRequest) -> Area | None:
    """The spot (`lat,lon`) or the area (`south,west,north,east`) whose things are asked for; what cannot be read asks for
    none.
    """
    try:
        degrees = [float(one) for one in request.GET.get("o", "").split(",")]
    except ValueError:
        return None
    if len(degrees) == 2:
        degrees *= 2
    return (degrees[0], degrees[1], degrees[2], degrees[3]) if len(degrees) == 4 else None


def _list(look: Look, request: HttpRequest, area: Area) -> dict[str, Any]:
    """The list of one spot or area: each thing there, and the way back to all."""
    return {
        "spot": ",".join(repr(degree) for degree in (area[:2] if area[:2] == area[2:] else area)),
        "listed": things_at(area, look, request.user),
        "unplaced": Unplaced(),
        "all_url": reverse("boards:map")
        + (f"?{urlencode({'as_of': look.as_of.isoformat()})}" if look.as_of else ""),
    }


def _data_url(look: Look) -> str:
    """Looking back, the map asks for what was known then, not for now."""
    url = reverse("boards:map_data")
    return f"{url}?{urlencode({'as_of': look.as_of.isoformat()})}" if look.as_of else url


@require_safe
@requires("map.see")
@looks_back
def map_page(request: HttpRequest) -> HttpResponse:
    look = Look.at(as_of_from(request), request.user)
    tile = _tile(look)
    view = map_view(tile, look, request, profile="sheet") if tile else None
    listed, unplaced = (view.listed, view.unplaced) if view else _listed(look, request)
    context: dict[str, Any] = {
        "map_view": view, "listed": listed, "unplaced": unplaced, "data_url": _data_url(look),
    }  # fmt: skip
    if area := _area(request):
        context |= _list(look, request, area)
    if view:
        sheet = sheet_of(view.province, clock.local(clock.now()).date())
        context["bounds"] = ",".join(f"{degree:.4f}" for degree in sheet.outline.bounds)
        context["insets"] = [
            ("wide", inset_alone(DESK, view.province)),
            ("hand", inset_alone(PHONE, view.province)),
        ]
    return render(request, "boards/map.html", context)


@require_safe
@requires("map.see")
@shared_fragment
@looks_back
def map_list(request: HttpRequest) -> HttpResponse:
    """The list beside the map: the same things as words."""
    look = Look.at(as_of_from(request), request.user)
    if area := _area(request):
        return render(request, "boards/map_list.html", _list(look, request, area))
    listed, unplaced = _listed(look, request)
    return render(request, "boards/map_list.html", {"listed": listed, "unplaced": unplaced})


@require_safe
@requires("map.see")
@looks_back
def map_data(request: HttpRequest) -> JsonResponse:
    """What stands on the map now, as GeoJSON; the page asks again when its list has changed."""
    look = Look.at(as_of_from(request), request.user)
    tile, features = _tile(look), []
    for one in markers_of(tile, look, request.user) if tile else ():
        properties = {
            "layer": one.layer,
            "kind": one.kind,
            "label": one.label,
            "value": one.value,
            "band": one.band,
            "word": one.word,
            "priority": one.priority,
            "stale": one.stale,
            "url": one.url,
        }
        geometry = {"type": "Point", "coordinates": [one.lon, one.lat]}
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    return JsonResponse({"type": "FeatureCollection", "features": features})
