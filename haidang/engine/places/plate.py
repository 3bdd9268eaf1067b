"""What of a map does not depend on what stands on it: made once for a province, a size and a day, then kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import cos, radians

import shapely
from shapely.geometry.base import BaseGeometry

from haidang.engine.places import outlines
from haidang.engine.places.composition import composed, near_and_far
from haidang.engine.places.labels import Box
from haidang.engine.places.naming import CommuneName, Lines, commune_names, neighbour_names
from haidang.engine.places.outlines import Sheet, Stamp, sheet_of
from haidang.engine.places.profiles import Profile
from haidang.engine.places.projection import Projection

KM_PER_DEGREE = 111.2  # of latitude, near enough for a map


@dataclass(frozen=True, slots=True)
class Around:
    """A spot and how far the map reaches from it, towards its nearer edge."""

    lat: float
    lon: float
    km: float

    def projection(self, frame: Box) -> Projection:
        north = self.km / KM_PER_DEGREE
        east = north / cos(radians(self.lat))
        bounds = (self.lon - east, self.lat - north, self.lon + east, self.lat + north)
        return Projection.fitting(bounds, frame)


@dataclass(frozen=True, slots=True)
class CellShape:
    code: str
    path: str
    title: str


@dataclass(frozen=True, slots=True)
class Plate:
    sheet: Sheet
    far: list[BaseGeometry]
    corner: str
    projection: Projection
    neighbours: list[str]
    cells: list[CellShape]
    edge: str
    neighbour_names: list[list[Lines]]
    commune_names: list[CommuneName]


@lru_cache(maxsize=64)
def plate_of(
    province: str, profile: Profile, day: date, _loaded: Stamp, around: Around | None = None
) -> Plate:
    """The whole province, or what lies around a spot. Raises LookupError for a province that is not one on that day."""
    sheet = sheet_of(province, day)
    near, far = near_and_far(sheet.outline)
    if around is None:
        corner, projection = composed(near, profile)
    else:
        corner, projection, far = profile.inset_first, around.projection(profile.frame), []
    # Under the frame's band nobody sees where a line ends.
    seen = shapely.box(*projection.seen(profile.frame.grown(4)))
    near = sheet.outline.intersection(seen) if around else near
    return Plate(
        sheet=sheet,
        far=far,
        corner=corner,
        projection=projection,
        neighbours=_neighbours(sheet, profile, projection),
        cells=[
            CellShape(cell.code, projection.path(outline), f"{cell.kind} {cell.name}")
            for cell in sheet.cells
            if (outline := cell.outline.intersection(seen) if around else cell.outline)
        ],
        edge=projection.path(near),
        neighbour_names=neighbour_names(sheet, profile, projection),
        commune_names=commune_names(sheet, profile, projection),
    )


def _neighbours(sheet: Sheet, profile: Profile, projection: Projection) -> list[str]:
    view = shapely.box(*projection.seen(profile.frame.grown(4)))
    others = [one for code, one in outlines.sketched_provinces().items() if code != sheet.code]
    paths = (projection.path(one.intersection(view)) for one in [*others, *outlines.countries().values()])
    return [path for path in paths if path]
