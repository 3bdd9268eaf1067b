"""Outlines of the 34 provinces, of the neighbouring countries and of the world's land, small and simplified.

Natural Earth still has the borders of before 2004 and 2008 in places (Than Uyên, Mê Linh). Where communes stand
well inside a neighbour's polygon, their part of it is moved over; islands it does not know become discs.
"""

from __future__ import annotations

import json
import pathlib
from collections import Counter, defaultdict
from itertools import pairwise
from typing import Any

import shapely
from shapely.geometry import MultiPoint, Point, Polygon, mapping, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

KM = 1 / 111  # one kilometre in degrees, near enough for a sketch
MOVED_FROM = 3 * KM
COUNTRIES = {"418": "Lào", "116": "Cam-pu-chia", "156": "Trung Quốc", "764": "Thái Lan"}
AROUND = shapely.box(98, 5, 113, 26)
# Islands that Natural Earth gives to another province: Cát Bà, Côn Đảo
ISLANDS = [(Point(107.0, 20.79), "31"), (Point(106.6115, 8.6981), "79")]
ARCHIPELAGOS = {"20333", "22736"}  # drawn from archipelagos.csv, never as discs


def write(sources: pathlib.Path, data: pathlib.Path, communes: list[dict[str, Any]]) -> None:
    provinces = _provinces(sources, communes)
    _dump(
        data / "provinces.geojson",
        [({"code": code}, shape_) for code, shape_ in sorted(provinces.items())],
        3,
    )
    vietnam = unary_union([outline.buffer(0.002) for outline in provinces.values()]).buffer(-0.002)
    rim = vietnam.buffer(0.12).difference(vietnam)
    world = json.loads((sources / "world/package/countries-50m.json").read_text())
    countries = []
    for feature in world["objects"]["countries"]["geometries"]:
        if name := COUNTRIES.get(str(feature.get("id"))):
            outline = _decoded(world, feature).intersection(AROUND).simplify(0.02)
            # The two maps differ by some kilometres along the border: there the country reaches up to ours.
            outline = outline.union(outline.buffer(0.08).intersection(rim)).difference(vietnam)
            countries.append(({"name": name}, _without_slivers(outline)))
    _dump(data / "countries.geojson", countries, 3)
    land = json.loads((sources / "world/package/land-110m.json").read_text())
    outlines = [_decoded(land, part) for part in land["objects"]["land"]["geometries"]]
    _dump(data / "land.geojson", [({}, unary_union(outlines).simplify(0.05))], 1)


def _provinces(sources: pathlib.Path, communes: list[dict[str, Any]]) -> dict[str, BaseGeometry]:
    homes = {unit["wardCode"]: unit["provinceCode"] for unit in communes}
    points = {unit["wardCode"]: Point(unit["wardLon"], unit["wardLat"]) for unit in communes}
    parts: dict[str, list[BaseGeometry]] = defaultdict(list)
    for file in sorted((sources / "regions/package/data/regions").glob("VN-*.json")):
        region = shape(json.loads(file.read_text())["geometry"])
        inside = {code: point for code, point in points.items() if region.contains(point)}
        if inside:
            home = Counter(homes[code] for code in inside).most_common(1)[0][0]
            for part in getattr(region, "geoms", [region]):
                for code, shape_ in _shared_out(part, inside, homes, home):
                    parts[code].append(shape_)
    provinces = {code: _without_slivers(unary_union(shapes).buffer(0)) for code, shapes in parts.items()}
    for unit in communes:
        point, home = points[unit["wardCode"]], unit["provinceCode"]
        at_sea = all(outline.distance(point) > MOVED_FROM for outline in provinces.values())
        if at_sea and unit["wardCode"] not in ARCHIPELAGOS:
            radius = max(1.5, (unit["wardAreaKm2"] / 3.14) ** 0.5) * KM
            provinces[home] = provinces[home].union(point.buffer(radius, quad_segs=3))
    return provinces


def _shared_out(
    part: Polygon, inside: dict[str, Point], homes: dict[str, str], home: str
) -> list[tuple[str, BaseGeometry]]:
    """One polygon by today's province: all of it, but for communes deep inside that belong elsewhere."""
    for point, province in ISLANDS:
        if part.distance(point) < KM and part.area < 0.1:
            return [(province, part)]
    inside = {code: point for code, point in inside.items() if part.contains(point)}
    if inside and all(homes[code] != home for code in inside):  # an island with its communes
        return [(homes[next(iter(inside))], part)]
    edge = part.boundary
    strangers = {
        code for code, point in inside.items() if homes[code] != home and edge.distance(point) > MOVED_FROM
    }
    if not strangers:
        return [(home, part)]
    cells = shapely.voronoi_polygons(MultiPoint(list(inside.values())), extend_to=part).geoms
    given: dict[str, list[BaseGeometry]] = defaultdict(list)
    for cell in cells:
        code = next(code for code, point in inside.items() if cell.covers(point))
        given[homes[code]].append(cell.intersection(part))
    print(f"{home}: their part of the outline goes along with {', '.join(sorted(strangers))}")
    return [(code, unary_union(shapes)) for code, shapes in given.items()]


def _without_slivers(outline: BaseGeometry) -> BaseGeometry:
    parts = [part for part in getattr(outline, "geoms", [outline]) if part.geom_type == "Polygon"]
    largest = max(part.area for part in parts)
    kept = [
        Polygon(part.exterior, [ring for ring in part.interiors if Polygon(ring).area > 2e-3])
        for part in parts
    ]
    return unary_union([part for part in kept if part.area > min(2e-4, largest / 50)])


def _decoded(topology: dict[str, Any], geometry: dict[str, Any]) -> BaseGeometry:
    (scale_x, scale_y), (move_x, move_y) = topology["transform"]["scale"], topology["transform"]["translate"]

    def arc(index: int) -> list[tuple[float, float]]:
        x = y = 0
        points = []
        for dx, dy in topology["arcs"][index if index >= 0 else ~index]:
            x, y = x + dx, y + dy
            points.append((x * scale_x + move_x, y * scale_y + move_y))
        return points if index >= 0 else points[::-1]

    def ring(indexes: list[int]) -> list[tuple[float, float]]:
        return [point for index in indexes for point in arc(index)]

    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    shapes = [Polygon(ring(rings[0]), [ring(hole) for hole in rings[1:]]).buffer(0) for rings in polygons]
    return unary_union(shapes)


def _dump(path: pathlib.Path, features: list[tuple[dict[str, Any], BaseGeometry]], digits: int) -> None:
    """One feature a line, few digits: small, and a change shows in a diff."""
    lines = []
    for properties, outline in features:
        geometry = mapping(shapely.set_precision(outline, 10**-digits))
        geometry = {"type": geometry["type"], "coordinates": _rounded(geometry["coordinates"], digits)}
        feature = {"type": "Feature", "properties": properties, "geometry": geometry}
        lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    text = ",\n".join(lines)
    path.write_text('{"type":"FeatureCollection","features":[\n' + text + "\n]}\n", encoding="utf-8")


def _rounded(value: Any, digits: int) -> Any:
    if isinstance(value[0], int | float):
        return [round(value[0], digits), round(value[1], digits)]
    inner = [_rounded(one, digits) for one in value]
    if isinstance(inner[0][0], int | float):  # a ring: neighbours that became one point are one point
        inner = [inner[0], *(b for a, b in pairwise(inner) if a != b)]
    return inner
