"""Where the province stands on its sheet, and which corner the inset takes."""

from __future__ import annotations

from functools import lru_cache
from itertools import product

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from haidang.engine.places.chart import inset_box, inset_corners
from haidang.engine.places.labels import Box, Numbers, as_rows
from haidang.engine.places.profiles import Profile
from haidang.engine.places.projection import Projection


def near_and_far(outline: BaseGeometry) -> tuple[BaseGeometry, list[BaseGeometry]]:
    """Islands farther out than 45 % of the mainland's extent would shrink the province to a spot."""
    parts = sorted(getattr(outline, "geoms", [outline]), key=lambda part: -part.area)
    west, south, east, north = parts[0].bounds
    reach = 0.45 * max(east - west, north - south)
    near = [part for part in parts if part.distance(parts[0]) <= reach]
    return unary_union(near), [part for part in parts if part.distance(parts[0]) > reach]


# A rim that runs under something costs as much as a step of its size. It is looked at in steps of a hundredth of the extent.
_TOUCHING, _RIM = 0.94, 0.01


@lru_cache(maxsize=400)
def composed(near: BaseGeometry, profile: Profile) -> tuple[str, Projection]:
    """The corner of the inset, and the province's size and place.

    Nothing laid over the map should hide much of it: a map half as large is worth as much as one with a
    twenty-fourth of the province hidden. The province is weighed by points spread evenly over it.
    """
    inner = profile.frame.grown(-profile.pad)
    corners = inset_corners(profile)
    first = corners[0]
    hidden = {corner: as_rows([*profile.reserved, inset_box(profile, corner).grown(4)]) for corner in corners}
    spread, rim = _spread(near), shapely.get_coordinates(shapely.segmentize(near, _RIM * _extent(near)))
    best = (0.0, first, Projection.fitting(near.bounds, inner))
    for percent, across, down in product(
        range(100, 45, -6), (0.5, 0.25, 0.75, 0.0, 1.0), (0.5, 0.25, 0.75, 0.0, 1.0)
    ):
        projection = _standing(near.bounds, inner, percent / 100, across, down)
        points = _pixels(spread, projection)
        for corner in corners:
            likes = (0.9 if corner != first else 1) - 0.03 * (abs(across - 0.5) + abs(down - 0.5))
            worth = projection.scale * likes
            if worth > best[0] * 1.001:
                worth *= max(0.0, 1 - 12 * _share_inside(points, hidden[corner]))
            if worth > best[0] * 1.001 and _share_inside(_pixels(rim, projection), hidden[corner]):
                worth *= _TOUCHING
            if worth > best[0] * 1.001:
                best = (worth, corner, projection)
    return best[1], best[2]


def _standing(
    bounds: tuple[float, float, float, float], inner: Box, share: float, across: float, down: float
) -> Projection:
    fitted = Projection.fitting(bounds, Box(0, 0, inner.width * share, inner.height * share))
    width = (bounds[2] - bounds[0]) * fitted.stretch * fitted.scale
    height = (bounds[3] - bounds[1]) * fitted.scale
    x = inner.x + (inner.width - width) * across
    y = inner.y + (inner.height - height) * down
    return Projection(fitted.west, fitted.north, fitted.stretch, fitted.scale, x, y)


def _extent(outline: BaseGeometry) -> float:
    west, south, east, north = outline.bounds
    return float(max(east - west, north - south))


def _spread(outline: BaseGeometry) -> Numbers:
    """About 700 points inside, longitude first."""
    west, south, east, north = outline.bounds
    lon, lat = np.meshgrid(np.linspace(west, east, 40), np.linspace(south, north, 40))
    inside = shapely.contains_xy(outline, lon, lat)
    points: Numbers = np.column_stack([lon[inside], lat[inside]])
    return points


def _pixels(points: Numbers, projection: Projection) -> Numbers:
    x = projection.x + (points[:, 0] - projection.west) * projection.stretch * projection.scale
    y = projection.y + (projection.north - points[:, 1]) * projection.scale
    pixels: Numbers = np.column_stack([x, y])
    return pixels


def _share_inside(points: Numbers, boxes: Numbers) -> float:
    x, y = points[:, 0, None], points[:, 1, None]
    inside = (x > boxes[:, 0]) & (x < boxes[:, 2]) & (y > boxes[:, 1]) & (y < boxes[:, 3])
    return float(inside.any(axis=1).mean())
