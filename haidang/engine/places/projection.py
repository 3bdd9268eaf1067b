"""From degrees to pixels: a plane in which a degree of longitude has its true length at the middle latitude."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, radians

from shapely.geometry.base import BaseGeometry

from haidang.engine.places.labels import Box


@dataclass(frozen=True, slots=True)
class Projection:
    west: float
    north: float
    stretch: float
    scale: float  # pixels for a degree of latitude
    x: float
    y: float

    @classmethod
    def fitting(cls, bounds: tuple[float, float, float, float], into: Box) -> Projection:
        """The largest drawing of (west, south, east, north) inside a box, in its middle."""
        west, south, east, north = bounds
        stretch = cos(radians((south + north) / 2))
        width, height = (east - west) * stretch, north - south
        scale = min(into.width / width, into.height / height)
        x = into.x + (into.width - width * scale) / 2
        y = into.y + (into.height - height * scale) / 2
        return cls(west, north, stretch, scale, x, y)

    def point(self, lat: float, lon: float) -> tuple[float, float]:
        return self.x + (lon - self.west) * self.stretch * self.scale, self.y + (
            self.north - lat
        ) * self.scale

    def degrees(self, x: float, y: float) -> tuple[float, float]:
        """Latitude and longitude of a pixel."""
        lon = self.west + (x - self.x) / (self.stretch * self.scale)
        return self.north - (y - self.y) / self.scale, lon

    def seen(self, box: Box) -> tuple[float, float, float, float]:
        """West, south, east and north of what a box shows."""
        north, west = self.degrees(box.x, box.y)
        south, east = self.degrees(box.right, box.bottom)
        return west, south, east, north

    def path(self, outline: BaseGeometry, tolerance: float = 0.5) -> str:
        """SVG path of polygons, simplified to half a pixel."""
        simple = outline.simplify(tolerance / self.scale)
        return "".join(self._rings(simple))

    def _rings(self, outline: BaseGeometry) -> Iterator[str]:
        for polygon in getattr(outline, "geoms", [outline]):
            if polygon.geom_type != "Polygon" or polygon.is_empty:
                continue
            for ring in (polygon.exterior, *polygon.interiors):
                points = (self.point(lat, lon) for lon, lat, *_ in ring.coords[:-1])
                yield "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"
