"""Official boundaries a province loads: checked one by one, the bad ones refused with a reason."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from shapely.errors import ShapelyError
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from haidang.engine import clock
from haidang.engine.places.models import Boundary, Place
from haidang.engine.places.outlines import sketched_provinces
from haidang.engine.places.register import mark_loaded
from haidang.engine.places.search import today

# Names under which files carry the code of a unit; the first that is there counts.
CODE_FIELDS = ("code", "ma", "ma_xa", "maxa", "ma_tinh", "ward_code", "province_code", "gid")
MAX_BYTES = 400_000_000
_SEAS = (102.0, 6.0, 118.5, 24.0)  # Vietnam with its seas
_TOO_FAR = 0.5  # degrees from the province's sketch


@dataclass(slots=True)
class Imported:
    accepted: int = 0
    refused: list[str] = field(default_factory=list)


class UnreadableFile(ValueError):
    """The whole file cannot be used; its words say why and what to do."""


def import_boundaries(path: Path) -> Imported:
    """Reads a GeoJSON FeatureCollection in WGS84. What is accepted replaces what was there for that code."""
    if path.stat().st_size > MAX_BYTES:
        raise UnreadableFile(f"{path.name} is larger than {MAX_BYTES // 10**6} MB; split it by province.")
    content = path.read_bytes()
    try:
        collection = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"{path.name} is not JSON: {error}. Export it as GeoJSON, UTF-8.") from error
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list) or not features:
        raise UnreadableFile(f"{path.name} holds no features; a GeoJSON FeatureCollection is needed.")
    if crs := _other_crs(collection):
        raise UnreadableFile(f"{path.name} is in {crs}; convert it to WGS84 (EPSG:4326), longitude first.")
    known = _known_units()
    result, rows, digest = Imported(), {}, hashlib.sha256(content).hexdigest()
    for number, feature in enumerate(features, 1):
        checked = _checked(feature, known)
        if isinstance(checked, str):
            result.refused.append(f"feature {number}: {checked}")
        elif checked in rows:
            result.refused.append(f"feature {number}: code {checked[1]} is there twice; the first one counts")
        else:
            rows[checked] = Boundary(
                level=checked[0],
                code=checked[1],
                geometry=feature["geometry"],
                source=path.name[:200],
                sha256=digest,
                imported_at=clock.now(),
            )
    with transaction.atomic():
        Boundary.objects.bulk_create(
            rows.values(),
            update_conflicts=True,
            unique_fields=["level", "code"],
            update_fields=["geometry", "source", "sha256", "imported_at"],
            batch_size=200,
        )
        result.accepted = len(rows)
        if rows:
            mark_loaded("boundaries", hashlib.sha256(f"{digest}{clock.timestamp()}".encode()).hexdigest())
    return result


def _known_units() -> dict[str, Place]:
    """Today's provinces and communes by code; their codes differ in length."""
    units = Place.objects.on(today()).exclude(level=Place.Level.DISTRICT).select_related("parent")
    return {unit.code: unit for unit in units}


def _other_crs(collection: dict[str, Any]) -> str | None:
    name = str(((collection.get("crs") or {}).get("properties") or {}).get("name") or "")
    return name if name and "CRS84" not in name and "4326" not in name else None


def _checked(feature: Any, known: dict[str, Place]) -> tuple[str, str] | str:
    """(level, code), or why the feature is refused."""
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        return "it has no properties; the unit's code is needed as “code”"
    properties = {str(key).lower(): value for key, value in feature["properties"].items()}
    code = next((str(properties[name]) for name in CODE_FIELDS if properties.get(name) not in (None, "")), "")
    if not code:
        return f"it has no code; expected one of {', '.join(CODE_FIELDS)}"
    unit = known.get(code) or known.get(code.zfill(5)) or known.get(code.zfill(2))
    if unit is None:
        return f"{code} is no province or commune of today; codes are text with leading zeros (00004)"
    if unit.code != code:
        return f"code {code} lost its leading zeros ({unit.code}); write codes as text"
    outline = _polygon(feature.get("geometry"))
    if isinstance(outline, str):
        return f"{unit.code} {unit}: {outline}"
    if misplaced := _misplaced(unit, outline):
        return f"{unit.code} {unit}: {misplaced}"
    return unit.level, unit.code


def _polygon(geometry: Any) -> BaseGeometry | str:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        return f"its geometry is {kind or 'missing'}; Polygon or MultiPolygon is needed"
    try:
        outline = shape(geometry)
    except (ShapelyError, ValueError, TypeError, IndexError, KeyError) as error:
        return f"its coordinates cannot be read: {error}"
    if not outline.is_valid:
        return f"its outline is not valid: {explain_validity(outline)}"
    if outline.is_empty or not outline.area:
        return "its outline is empty"
    return outline


def _misplaced(unit: Place, outline: BaseGeometry) -> str | None:
    west, south, east, north = outline.bounds
    if not (west >= _SEAS[0] and south >= _SEAS[1] and east <= _SEAS[2] and north <= _SEAS[3]):
        swapped = west >= _SEAS[1] and east <= _SEAS[3] and south >= _SEAS[0]
        hint = "; longitude must come first" if swapped else ""
        return f"it lies outside Vietnam ({west:.2f}, {south:.2f} to {east:.2f}, {north:.2f}){hint}"
    centre = Point(unit.lon, unit.lat) if unit.lon is not None and unit.lat is not None else None
    if unit.level == Place.Level.COMMUNE and centre is not None and outline.distance(centre) > _TOO_FAR:
        return "it lies more than 50 km from where this commune is; the code may be another unit's"
    sketch = sketched_provinces().get(unit.code) if unit.level == Place.Level.PROVINCE else None
    if sketch is not None and not outline.intersects(sketch):
        return "it does not touch this province's sketch; the code may be another unit's"
    return None
