"""The wall itself: one page, and each of its parts to be fetched alone. It only looks."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from haidang.engine import clock
from haidang.engine.boards.walls import cells, scenes
from haidang.engine.boards.walls.door import opens_wall, viewer_of
from haidang.engine.boards.walls.scenes import Scene

# The page reads it from each answer: another value means that another scene hangs here now.
SCENE_HEADER = "X-Wall-Scene"


def _scene(request: HttpRequest, name: str) -> Scene:
    address = scenes.address_of(name)
    if not address:
        raise Http404(name)
    device = viewer_of(request)
    if device:
        return scenes.on_screen(device.screen, device, clock.now())
    return scenes.plain(address, request.user)


@require_safe
@opens_wall
def wall(request: HttpRequest, name: str) -> HttpResponse:
    """What hangs here now, each part drawn by itself."""
    scene = _scene(request, name)
    asked = cells.asked_for(scene, request)
    drawn = [cells.draw(cell, asked) for cell in cells.cells_of(scene)]
    measures = scene.screen.calibration if scene.screen else None
    context = {"scene": scene, "name": name, "head": drawn[0], "cells": drawn[1:], "measures": measures}
    return render(request, "boards/wall.html", context)


@require_safe
@opens_wall
def cell(request: HttpRequest, name: str, key: str) -> HttpResponse:
    """One part, fetched again when something changed or a minute has gone."""
    scene = _scene(request, name)
    found = next((one for one in cells.cells_of(scene) if one.key == key), None)
    if found is None:
        # The part of a scene that no longer hangs here; the header says which does.
        return HttpResponse(status=204, headers={SCENE_HEADER: scene.key})
    response = HttpResponse(cells.draw(found, cells.asked_for(scene, request)))
    response[SCENE_HEADER] = scene.key
    return response
