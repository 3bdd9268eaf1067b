"""A province's map as SVG, in the look of a sea chart; drawn by the template `places/map.svg.html`.

    drawing = draw("80", markers, profile="desk")      # {% include "places/map.svg.html" with map=drawing %}

Both archipelagos are part of every drawing, whatever its size. The caller gives the same content as a list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import shapely
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from haidang.engine import clock
from haidang.engine.places.chart import Frame, Inset, Rect, Words, frame_of, inset_box, inset_of, number
from haidang.engine.places.labels import Box, Ground
from haidang.engine.places.markers import Drawn, Marker, place_markers
from haidang.engine.places.naming import place_communes, place_neighbours
from haidang.engine.places.outlines import Sheet, Stamp, stamp
from haidang.engine.places.plate import Around, Plate, plate_of
from haidang.engine.places.profiles import PROFILES, Profile
from haidang.engine.places.projection import Projection
from haidang.engine.places.wording import province_in_a_sentence

__all__ = ["Around", "Drawing", "Marker", "draw", "picture", "svg"]


@dataclass(frozen=True, slots=True)
class CellPath:
    path: str
    css: str
    title: str


@dataclass(frozen=True, slots=True)
class FarIsland:
    """An island too far out for the map's extent: named at the edge it lies behind, with its distance."""

    box: Rect
    words: list[Words]


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """Known by identity: `draw` gives the same one for the same things."""

    id: str
    profile: str
    width: str
    height: str
    title: str
    note: Words
    is_schematic: bool
    dot: str
    neighbours: list[str]
    cells: list[CellPath]
    edge: str
    hits: list[str]
    names: list[Words]
    far: list[FarIsland]
    markers: list[Drawn]
    frame: Frame
    inset: Inset


def svg(drawing: Drawing) -> SafeString:
    return render_to_string("places/map.svg.html", {"map": drawing})


def picture(
    province: str,
    markers: Iterable[Marker] = (),
    *,
    profile: str = "desk",
    shades: Mapping[str, int] | None = None,
    shade_titles: Mapping[str, str] | None = None,
    area_url: str = "",
) -> SafeString:
    """Today's map as SVG, ready for a page; the same things are drawn and written once for all screens."""
    return _picture(
        draw(
            province,
            markers,
            profile=profile,
            shades=shades,
            shade_titles=shade_titles,
            area_url=area_url,
        )
    )


@lru_cache(maxsize=64)
def _picture(drawing: Drawing) -> SafeString:
    return svg(drawing)


def draw(
    province: str,
    markers: Iterable[Marker] = (),
    *,
    profile: str = "desk",
    width: float | None = None,
    height: float | None = None,
    day: date | None = None,
    shades: Mapping[str, int] | None = None,
    shade_titles: Mapping[str, str] | None = None,
    hits: Sequence[str] = (),
    around: Around | None = None,
    area_url: str = "",
) -> Drawing:
    """`shades`: commune code → step 0–4 of the one-hue scale; `hits`: communes with a red outline; `around`: a part of
    the province instead of the whole, where markers outside of it are left out; `area_url`: see `place_markers`.

    Raises LookupError for a province that is not one on that day.
    """
    return _drawing(
        province,
        tuple(markers),
        PROFILES[profile].sized(width, height),
        day or clock.local(clock.now()).date(),
        tuple((shades or {}).items()),
        tuple((shade_titles or {}).items()),
        tuple(hits),
        around,
        area_url,
        get_language(),
        stamp(),
    )


@lru_cache(maxsize=64)
def _drawing(
    province: str,
    markers: tuple[Marker, ...],
    measures: Profile,
    day: date,
    shades: tuple[tuple[str, int], ...],
    titles: tuple[tuple[str, str], ...],
    hits: tuple[str, ...],
    around: Around | None,
    area_url: str,
    _language: str | None,
    loaded: Stamp,
) -> Drawing:
    """The same things on the same map are drawn once, however many screens ask."""
    plate = plate_of(province, measures, day, loaded, around)
    sheet, projection = plate.sheet, plate.projection
    if around is not None:
        markers = tuple(one for one in markers if _is_seen(one, measures, projection))
    ground = Ground(measures.frame.grown(-2))
    for box in [*measures.reserved, inset_box(measures, plate.corner)]:
        ground.take(box.grown(3), 6)
    note = _note(sheet, measures, ground, is_whole=around is None)
    frame = frame_of(measures, projection, ground)
    far_islands, moved = _far_islands(sheet, plate.far, measures, projection, ground)
    placed = [_at_edge(one, moved, projection) for one in markers]
    drawn = place_markers(placed, measures, projection, ground, area_url)
    names = place_neighbours(plate.neighbour_names, measures, ground)
    names += place_communes(plate.commune_names, measures, ground)
    return Drawing(
        id=f"map-{province}-{measures.name}",
        profile=measures.name,
        width=f"{measures.width:g}",
        height=f"{measures.height:g}",
        title=_("Sơ đồ %(province)s, có quần đảo Hoàng Sa và quần đảo Trường Sa")
        % {"province": province_in_a_sentence(sheet.kind, sheet.name)},
        note=note,
        is_schematic=sheet.is_schematic,
        dot=f"{measures.dot:g}",
        neighbours=plate.neighbours,
        cells=_cells(plate, dict(shades), dict(titles)),
        edge=plate.edge,
        hits=[cell.path for cell in plate.cells if cell.code in hits],
        names=names,
        far=far_islands,
        markers=drawn,
        frame=frame,
        inset=inset_of(measures, plate.corner, province),
    )


def _is_seen(marker: Marker, profile: Profile, projection: Projection) -> bool:
    west, south, east, north = projection.seen(profile.frame.grown(-profile.font))
    return west < marker.lon < east and south < marker.lat < north


def _cells(plate: Plate, shades: Mapping[str, int], titles: Mapping[str, str]) -> list[CellPath]:
    return [
        CellPath(cell.path, f"m-c m-c{shades.get(cell.code, 0)}", titles.get(cell.code) or cell.title)
        for cell in plate.cells
    ]


def _note(sheet: Sheet, profile: Profile, ground: Ground, *, is_whole: bool) -> Words:
    """What kind of map this is, in words on the map itself: an export must not lose it."""
    text = (
        _("%(count)s xã, phường – sơ đồ, không phải địa giới")
        if sheet.is_schematic and is_whole and profile.width > 600
        else _("sơ đồ, không phải địa giới")
        if sheet.is_schematic
        else _("%(count)s xã, phường")
    ) % {"count": len(sheet.cells)}
    inner = profile.frame.grown(-profile.pad)
    y = inner.bottom - profile.scale[1] - (profile.font * 0.5 if profile.scale[1] else profile.font * 0.1)
    ground.take(Box(inner.x, y - profile.font * 1.1, profile.font * 0.57 * len(text), profile.font * 1.5), 3)
    return Words(text, number(inner.x), number(y), css="m-co")


def _far_islands(
    sheet: Sheet, far: list[BaseGeometry], profile: Profile, projection: Projection, ground: Ground
) -> tuple[list[FarIsland], list[tuple[BaseGeometry, float, float]]]:
    """Boxes at the edge for far islands, and where markers on them go: (island, x, y)."""
    islands, moved = [], []
    inner, font = profile.frame.grown(-profile.pad), profile.font
    for part in far:
        centre = part.centroid
        cell = min(sheet.cells, key=lambda one: one.outline.distance(centre), default=None)
        if cell is None:
            continue
        km = round(111 * part.distance(max(sheet.outline.geoms, key=lambda one: one.area)))
        lines = [cell.name, _("cách %(km)s km") % {"km": km}]
        wide = max(len(line) for line in lines) * font * 0.6 + font
        x, y = projection.point(centre.y, centre.x)
        box = _free_spot(Box(x - wide / 2, y - font * 1.5, wide, font * 3), inner, ground)
        ground.take(box.grown(3), 4)
        middle = box.x + box.width / 2
        words = [
            Words(lines[0], number(middle), number(box.y + font * 1.25), "middle", "b"),
            Words(lines[1], number(middle), number(box.y + font * 2.5), "middle", "mu"),
        ]
        islands.append(FarIsland(Rect.of(box), words))
        moved.append((part, middle, box.y - font))
    return islands, moved


def _free_spot(wanted: Box, inner: Box, ground: Ground) -> Box:
    """The free place along the inner edge nearest to the wanted one."""
    width, height = wanted.width, wanted.height
    spare_x, spare_y = inner.width - width, inner.height - height
    steps = [step / 24 for step in range(25)]
    ends = [(x, y) for x in steps for y in (0.0, 1.0)] + [(x, y) for y in steps for x in (0.0, 1.0)]
    spots = [Box(inner.x + spare_x * x, inner.y + spare_y * y, width, height) for x, y in ends]
    far = [abs(spot.x - wanted.x) + abs(spot.y - wanted.y) for spot in spots]
    order = sorted(range(len(spots)), key=far.__getitem__)
    return next((spots[i] for i in order if ground.is_free(spots[i])), spots[order[0]])


def _at_edge(
    marker: Marker, moved: list[tuple[BaseGeometry, float, float]], projection: Projection
) -> Marker:
    """A marker on a far island is drawn at that island's box."""
    point = shapely.Point(marker.lon, marker.lat)
    for island, x, y in moved:
        if island.distance(point) < 0.1:
            lat, lon = projection.degrees(x, y)
            return replace(marker, lat=lat, lon=lon, home=(marker.lat, marker.lon))
    return marker
