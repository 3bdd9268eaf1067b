"""Shapes on the map: provinces, neighbours, the islands of both archipelagos, and the cells of communes.

The outlines are a sketch from Natural Earth; where the province imported official boundaries, those are used.
Shapes are shapely geometries in degrees, longitude first.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import cos, radians

import shapely
from shapely import affinity
from shapely.geometry import MultiPoint, Point, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from haidang.engine.places.models import Boundary, LoadedData, Place
from haidang.engine.places.register import DATA

Stamp = tuple[tuple[str, str], ...]
HOANG_SA, TRUONG_SA = "20333", "22736"
ARCHIPELAGOS = (HOANG_SA, TRUONG_SA)


@dataclass(frozen=True, slots=True)
class Island:
    archipelago: str
    code: str
    name: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Cell:
    """One commune's part of the map: an imported boundary, or a schematic cell around its centre."""

    code: str
    name: str
    kind: str
    lat: float
    lon: float
    outline: BaseGeometry
    is_schematic: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A province as it stood on a day."""

    code: str
    name: str
    kind: str
    outline: BaseGeometry
    cells: tuple[Cell, ...]

    @property
    def is_schematic(self) -> bool:
        return any(cell.is_schematic for cell in self.cells)


def _features(name: str) -> list[tuple[dict[str, str], BaseGeometry]]:
    collection = json.loads((DATA / name).read_text(encoding="utf-8"))
    return [(feature["properties"], shape(feature["geometry"])) for feature in collection["features"]]


@lru_cache(maxsize=1)
def sketched_provinces() -> dict[str, BaseGeometry]:
    return {properties["code"]: outline for properties, outline in _features("provinces.geojson")}


@lru_cache(maxsize=1)
def countries() -> dict[str, BaseGeometry]:
    return {properties["name"]: outline for properties, outline in _features("countries.geojson")}


@lru_cache(maxsize=1)
def vietnam() -> BaseGeometry:
    """The mainland and near islands, coarse: for the inset."""
    return unary_union([outline.buffer(0.004) for outline in sketched_provinces().values()]).simplify(0.03)


@lru_cache(maxsize=1)
def islands() -> tuple[Island, ...]:
    with (DATA / "archipelagos.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Island(line["archipelago"], line["code"], line["name"], float(line["lat"]), float(line["lon"]))
            for line in csv.DictReader(file)
        )


def stamp() -> Stamp:
    """Names the versions of what is loaded; whoever keeps shapes in memory keeps them under this."""
    return tuple(LoadedData.objects.order_by("name").values_list("name", "version"))


def sheet_of(province: str, day: date) -> Sheet:
    """The province's outline and communes on a day; kept in memory while the loaded data stay the same.

    Raises LookupError for a code that is no province on that day.
    """
    return _sheet(province, day, stamp())


@lru_cache(maxsize=40)
def _sheet(province: str, day: date, _stamp: Stamp) -> Sheet:
    unit = Place.objects.on(day).filter(level=Place.Level.PROVINCE, code=province).first()
    if unit is None or province not in sketched_provinces():
        raise LookupError(f"{province!r} is not a province on {day}; see: haidang places search NAME")
    communes = [
        one for one in Place.objects.communes_of(province, day) if one.lat is not None and one.lon is not None
    ]
    official = {
        boundary.code: shape(boundary.geometry)
        for boundary in Boundary.objects.filter(
            level=Place.Level.COMMUNE, code__in=[commune.code for commune in communes]
        )
    }
    own = Boundary.objects.filter(level=Place.Level.PROVINCE, code=province).first()
    outline = shape(own.geometry) if own else sketched_provinces()[province]
    sketch = cells_of(outline, [(one.code, one.lat or 0.0, one.lon or 0.0) for one in communes])
    cells = []
    for one in communes:
        part = official.get(one.code) or sketch.get(one.code)
        if part is not None and not part.is_empty:
            place = (one.code, one.name, one.kind, one.lat or 0.0, one.lon or 0.0)
            cells.append(Cell(*place, outline=part, is_schematic=one.code not in official))
    return Sheet(province, unit.name, unit.kind, outline, tuple(cells))


def cells_of(outline: BaseGeometry, centres: Iterable[tuple[str, float, float]]) -> dict[str, BaseGeometry]:
    """Voronoi cells of commune centres within an outline: a sketch, never a boundary.

    The archipelagos have no cell: they are drawn island by island. Distances are taken on a plane in which a
    degree of longitude has its true length at the province's latitude.
    """
    centres = [centre for centre in centres if centre[0] not in ARCHIPELAGOS]
    stretch = cos(radians(outline.centroid.y))
    plane = affinity.scale(outline, xfact=stretch, yfact=1, origin=(0, 0))
    points = {code: Point(lon * stretch, lat) for code, lat, lon in centres}
    if len(points) < 2:
        return dict.fromkeys(points, outline)
    diagram = shapely.voronoi_polygons(MultiPoint(list(points.values())), extend_to=plane.envelope)
    tree = shapely.STRtree(list(diagram.geoms))
    cells: dict[str, BaseGeometry] = {}
    for code, point in points.items():
        found = tree.query(point, predicate="intersects")
        part = diagram.geoms[int(found[0])].intersection(plane)
        cells[code] = affinity.scale(part, xfact=1 / stretch, yfact=1, origin=(0, 0))
    return cells
