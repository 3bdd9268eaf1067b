"""Which commune a point lies in, and how sure that is.

With imported boundaries the answer is the law's; without them it is the nearest commune centre within the
province's outline, marked as schematic: good for a list's order, never for deciding who is responsible.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import cos, radians

import shapely
from shapely.geometry import MultiPoint, Point, shape
from shapely.geometry.base import BaseGeometry

from haidang.engine.places.models import Boundary, Place
from haidang.engine.places.outlines import Stamp, islands, sketched_provinces, stamp
from haidang.engine.places.search import today

_NEAR_COAST = 0.06  # degrees: a point this close to the sketched outline still counts as inside it
_NEAR_ISLAND = 0.3


@dataclass(frozen=True, slots=True)
class Located:
    code: str
    name: str
    kind: str
    province_code: str
    is_schematic: bool

    @property
    def may_route(self) -> bool:
        """Only an imported boundary may decide who is responsible."""
        return not self.is_schematic


@dataclass(frozen=True, slots=True)
class _Areas:
    tree: shapely.STRtree
    shapes: list[BaseGeometry]
    codes: list[str]

    @classmethod
    def of(cls, areas: dict[str, BaseGeometry]) -> _Areas:
        shapes = list(areas.values())
        return cls(shapely.STRtree(shapes), shapes, list(areas))

    def holding(self, point: Point) -> str | None:
        found = sorted(int(index) for index in self.tree.query(point, predicate="intersects"))
        return self.codes[found[0]] if found else None

    def nearest(self, point: Point, within: float) -> str | None:
        index = self.tree.nearest(point)
        if index is None or self.shapes[int(index)].distance(point) > within:
            return None
        return self.codes[int(index)]


def point_to_commune(lat: float, lon: float, *, day: date | None = None) -> Located | None:
    """The commune at a point, or None outside Vietnam. Raises ValueError for what is no point on Earth."""
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError(
            f"{lat}, {lon} is no point on Earth; give latitude (−90…90), then longitude (−180…180)."
        )
    at, point, loaded = day or today(), Point(lon, lat), stamp()
    code = _official(loaded).holding(point)
    is_schematic = code is None
    if code is None:
        code = _archipelago_at(point) or _nearest_centre(lat, lon, at, loaded)
    if code is None:
        return None
    units = Place.objects.on(at).filter(level=Place.Level.COMMUNE, code=code).select_related("parent")
    unit = units.first()
    if unit is None:
        return None
    province = unit.parent.code if unit.parent else ""
    return Located(unit.code, unit.name, unit.kind, province, is_schematic)


def place_at(lat: float, lon: float) -> Place | None:
    """The unit a thing may be put under without asking: the commune by an imported boundary, else the province.

    A schematic cell never decides; the province's sketch does, for kilometres at a border matter less there.
    """
    found = point_to_commune(lat, lon)
    if found is None:
        return None
    code = found.code if found.may_route else found.province_code
    level = Place.Level.COMMUNE if found.may_route else Place.Level.PROVINCE
    return Place.objects.on(today()).filter(level=level, code=code).first()


@lru_cache(maxsize=2)
def _official(_stamp: Stamp) -> _Areas:
    boundaries = Boundary.objects.filter(level=Place.Level.COMMUNE).order_by("code")
    return _Areas.of({boundary.code: shape(boundary.geometry) for boundary in boundaries})


@lru_cache(maxsize=1)
def _provinces() -> _Areas:
    return _Areas.of(sketched_provinces())


@lru_cache(maxsize=1)
def _archipelagos() -> dict[str, BaseGeometry]:
    """The waters of each archipelago: what its islands enclose, and a little around."""
    points: dict[str, list[Point]] = {}
    for island in islands():
        points.setdefault(island.code, []).append(Point(island.lon, island.lat))
    return {code: MultiPoint(found).convex_hull.buffer(_NEAR_ISLAND) for code, found in points.items()}


def _archipelago_at(point: Point) -> str | None:
    return next((code for code, waters in _archipelagos().items() if waters.contains(point)), None)


def _nearest_centre(lat: float, lon: float, day: date, loaded: Stamp) -> str | None:
    point = Point(lon, lat)
    province = _provinces().holding(point) or _provinces().nearest(point, _NEAR_COAST)
    if province is None:
        return None
    centres = _centres(province, day, loaded)
    stretch = cos(radians(lat))
    return (
        min(centres, key=lambda one: (one[1] - lat) ** 2 + ((one[2] - lon) * stretch) ** 2, default=("",))[0]
        or None
    )


@lru_cache(maxsize=80)
def _centres(province: str, day: date, _stamp: Stamp) -> tuple[tuple[str, float, float], ...]:
    communes = Place.objects.communes_of(province, day).exclude(lat=None)
    return tuple((one.code, one.lat or 0.0, one.lon or 0.0) for one in communes)
