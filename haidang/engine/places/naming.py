"""Names of neighbours, spaced and grey, and of communes, where the markers leave room."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from haidang.engine.places import outlines
from haidang.engine.places.chart import Words, number
from haidang.engine.places.labels import FREE, Box, Ground, as_rows, text_width
from haidang.engine.places.models import Place
from haidang.engine.places.outlines import Sheet
from haidang.engine.places.profiles import Profile
from haidang.engine.places.projection import Projection

SEA = "BIỂN ĐÔNG"
_LETTER_SPACE = 1.26  # the letters of neighbours stand apart


@dataclass(frozen=True, slots=True)
class Lines:
    """A name and the places where it would stand inside its neighbour, the best first."""

    texts: tuple[str, ...]
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class CommuneName:
    text: str
    x: float
    y: float
    box: Box


@dataclass(frozen=True, slots=True)
class _Area:
    name: str
    outline: BaseGeometry


def neighbour_names(sheet: Sheet, profile: Profile, projection: Projection) -> list[list[Lines]]:
    """For each neighbour, the largest first: its name in one line or two, with places for it."""
    view = shapely.box(*projection.seen(profile.frame.grown(-profile.font * 0.4)))
    areas = [_Area(name, outline) for name, outline in outlines.countries().items()]
    names = _province_names()
    for code, outline in outlines.sketched_provinces().items():
        if code != sheet.code and code in names:
            areas.append(_Area(names[code], outline))
    areas = [
        _Area(area.name, area.outline.intersection(view)) for area in areas if area.outline.intersects(view)
    ]
    land = unary_union([sheet.outline, *(area.outline for area in areas)])
    areas.append(_Area(SEA, view.difference(land.buffer(0.02))))
    areas.sort(key=lambda one: -one.outline.area)
    return [_choices(area, sheet.outline, profile, projection) for area in areas]


def _province_names() -> dict[str, str]:
    """Today's short names; a neighbour's name does not depend on the day of the map."""
    units = Place.objects.filter(level=Place.Level.PROVINCE, valid_to_date=None)
    short = {"79": "TP. Hồ Chí Minh"}
    return {unit.code: short.get(unit.code, unit.name) for unit in units}


def _choices(area: _Area, own: BaseGeometry, profile: Profile, projection: Projection) -> list[Lines]:
    parts = [part for part in getattr(area.outline, "geoms", [area.outline]) if part.area > 0]
    if not parts:
        return []
    part = max(parts, key=lambda one: one.area)
    shapely.prepare(own)
    choices = []
    for texts in _broken(area.name.upper()):
        width = max(text_width(text, profile.font) for text in texts) * _LETTER_SPACE
        height = _line(profile) * len(texts)
        boxes = [Box(x - width / 2, y - height / 2, width, height) for x, y in _spots(part, projection)]
        shown = [shapely.box(*projection.seen(box)) for box in boxes]
        inside = shapely.area(shapely.intersection(part, shown)) > 0.8 * shapely.area(shown)
        fits = inside & ~shapely.intersects(own, shown)
        choices.append(Lines(texts, tuple(box for box, fit in zip(boxes, fits, strict=True) if fit)))
    return choices


def _line(profile: Profile) -> float:
    return profile.font * 1.45


def _broken(name: str) -> list[tuple[str, ...]]:
    words = name.split()
    middle = (len(words) + 1) // 2
    in_two = [(" ".join(words[:middle]), " ".join(words[middle:]))] if len(words) > 1 else []
    return [(name,), *in_two]


def _spots(part: BaseGeometry, projection: Projection) -> list[tuple[float, float]]:
    """The middle of the widest circle first, then a coarse grid over the part."""
    circle = shapely.maximum_inscribed_circle(part, tolerance=0.02)
    lon, lat = circle.coords[0][:2]
    spots = [projection.point(lat, lon)]
    west, south, east, north = part.bounds
    steps = [step / 10 for step in range(1, 10)]
    grid = [(south + (north - south) * i, west + (east - west) * j) for i in steps for j in steps]
    spots += [projection.point(lat, lon) for lat, lon in grid]
    x, y = spots[0]
    return sorted(spots, key=lambda spot: abs(spot[0] - x) + abs(spot[1] - y))


def place_neighbours(names: Iterable[list[Lines]], profile: Profile, ground: Ground) -> list[Words]:
    """Each neighbour once, where it is free; one too small or too crowded for its name has none."""
    words: list[Words] = []
    for choices in names:
        found = next(((lines, box) for lines in choices if (box := _first_free(lines, ground))), None)
        if found:
            lines, box = found
            ground.take(box)
            x, y = box.x + box.width / 2, box.y + profile.font * 1.1
            words += [
                Words(text, number(x), number(y + index * _line(profile)), "middle", "m-nbt")
                for index, text in enumerate(lines.texts)
            ]
    return words


def _first_free(lines: Lines, ground: Ground) -> Box | None:
    if not lines.boxes:
        return None
    free = np.flatnonzero(ground.cost(as_rows([box.grown(2) for box in lines.boxes])) < FREE)
    return lines.boxes[int(free[0])] if len(free) else None


def commune_names(sheet: Sheet, profile: Profile, projection: Projection) -> list[CommuneName]:
    """The roomiest communes first, at their centre."""
    names, font = [], profile.font
    for cell in sorted(sheet.cells, key=lambda cell: -cell.outline.area) if profile.commune_names else []:
        width = text_width(cell.name, font)
        x, y = projection.point(cell.lat, cell.lon)
        names.append(CommuneName(cell.name, x, y, Box(x - width / 2, y - font * 0.65, width, font * 1.3)))
    return names


def place_communes(names: Sequence[CommuneName], profile: Profile, ground: Ground) -> list[Words]:
    """As many as the profile wants, while there is a free place for the whole name."""
    words: list[Words] = []
    font = profile.font
    if not names:
        return words
    cost = ground.cost(as_rows([name.box.grown(font * 0.25) for name in names]))
    for name in (name for name, taken in zip(names, cost, strict=True) if taken < FREE):
        if len(words) >= profile.commune_names:
            break
        if ground.is_free(name.box.grown(font * 0.25)):
            ground.take(name.box.grown(font * 0.6))
            words.append(Words(name.text, number(name.x), number(name.y + font * 0.35), "middle", "m-pl s"))
    return words
