"""From a point to its commune, and the import of boundaries that makes the answer official."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from haidang.engine.places.boundaries import UnreadableFile, import_boundaries
from haidang.engine.places.drawing import draw
from haidang.engine.places.locating import place_at, point_to_commune
from haidang.engine.places.models import Boundary, Place
from haidang.engine.places.outlines import sketched_provinces

pytestmark = pytest.mark.usefixtures("register")

Write = Callable[..., Path]
LONG_AN = "27694"
SQUARE = [[106.38, 10.5], [106.44, 10.5], [106.44, 10.57], [106.38, 10.57], [106.38, 10.5]]


def feature(code: Any = LONG_AN, ring: Any = None, kind: str = "Polygon") -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"code": code},
        "geometry": {"type": kind, "coordinates": [copy.deepcopy(ring or SQUARE)]},
    }


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def _write(*features: Any, **more: Any) -> Path:
        path = tmp_path / "dia-gioi.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)} | more))
        return path

    return _write


def test_without_boundaries_the_answer_is_a_sketch_and_may_not_route() -> None:
    found = point_to_commune(10.535, 106.41)
    assert found is not None
    assert (found.code, found.province_code) == (LONG_AN, "80")
    assert found.is_schematic
    assert not found.may_route


@pytest.mark.parametrize(
    ("lat", "lon", "code"),
    [(16.568, 112.135, "20333"), (16.83, 112.34, "20333"), (8.64, 111.92, "22736"), (11.43, 114.33, "22736")],
)
def test_points_in_the_archipelagos_are_theirs(lat: float, lon: float, code: str) -> None:
    found = point_to_commune(lat, lon)
    assert found is not None
    assert found.code == code


def test_every_commune_centre_lies_in_its_own_commune() -> None:
    day_of_all = Place.objects.filter(level=Place.Level.COMMUNE, valid_to_date=None).select_related("parent")
    wrong = []
    for commune in day_of_all[::25]:
        found = point_to_commune(commune.lat or 0, commune.lon or 0)
        if found is None or found.code != commune.code:
            wrong.append(commune.code)
    assert len(wrong) <= 2, f"centres within kilometres of a sketched border may fall beyond it: {wrong}"


@pytest.mark.parametrize(("lat", "lon"), [(48.85, 2.35), (11.55, 104.92), (14.0, 111.0)])
def test_points_outside_vietnam_lie_in_no_commune(lat: float, lon: float) -> None:
    assert point_to_commune(lat, lon) is None


@pytest.mark.parametrize(("lat", "lon"), [(106.4, 10.5), (float("nan"), 106.0), (10.0, 1e309)])
def test_what_is_no_point_on_earth_is_refused(lat: float, lon: float) -> None:
    with pytest.raises(ValueError, match="latitude"):
        point_to_commune(lat, lon)


def test_an_imported_boundary_answers_officially_and_is_drawn(write: Write) -> None:
    assert import_boundaries(write(feature())).accepted == 1
    found = point_to_commune(10.51, 106.39)
    assert found is not None
    assert (found.code, found.may_route) == (LONG_AN, True)
    assert point_to_commune(11.3, 106.1).is_schematic  # type: ignore[union-attr]
    assert draw("80").is_schematic, "the others are still a sketch"
    stored = Boundary.objects.get(code=LONG_AN)
    assert stored.source == "dia-gioi.geojson"
    assert len(stored.sha256) == 64


def test_a_thing_is_put_under_the_province_until_a_boundary_says_which_commune(write: Write) -> None:
    assert str(place_at(10.51, 106.39)) == "Tỉnh Tây Ninh"
    import_boundaries(write(feature()))
    assert str(place_at(10.51, 106.39)) == "Phường Long An"
    assert place_at(48.0, 2.0) is None


def test_importing_again_replaces(write: Write) -> None:
    import_boundaries(write(feature()))
    import_boundaries(write(feature(ring=[[x + 0.01, y] for x, y in SQUARE])))
    assert Boundary.objects.count() == 1
    assert point_to_commune(10.51, 106.445).may_route  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (feature(code="99998"), "no province or commune"),
        (feature(code=4), "leading zeros"),
        (feature(code=""), "no code"),
        ({"type": "Feature", "geometry": {}}, "no properties"),
        ("text", "no properties"),
        (feature(kind="Point", ring=[1, 2]), "Polygon or MultiPolygon"),
        (
            feature(ring=[[106.4, 10.5], [106.5, 10.6], [106.5, 10.5], [106.4, 10.6], [106.4, 10.5]]),
            "not valid",
        ),
        (feature(ring=[[y, x] for x, y in SQUARE]), "longitude must come first"),
        (feature(ring=[[x, y + 5] for x, y in SQUARE]), "more than 50 km"),
        (feature(ring=[["a", "b"]]), "cannot be read"),
        (feature(code="01"), "does not touch"),
    ],
)
def test_a_bad_feature_is_refused_with_its_reason_and_harms_no_other(
    write: Write, bad: Any, reason: str
) -> None:
    good = feature()
    result = import_boundaries(write(bad, good))
    assert result.accepted == 1
    (refused,) = result.refused
    assert refused.startswith("feature 1: ")
    assert reason in refused


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"features": []}', "[" * 5000])
def test_a_file_that_is_no_feature_collection_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.geojson"
    path.write_text(content)
    with pytest.raises(UnreadableFile, match="GeoJSON"):
        import_boundaries(path)


def test_another_coordinate_system_is_refused(write: Write) -> None:
    vn2000 = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::9210"}}
    with pytest.raises(UnreadableFile, match="WGS84"):
        import_boundaries(write(feature(), crs=vn2000))


def test_the_34_outlines_are_valid_and_do_not_lie_over_each_other() -> None:
    outlines = list(sketched_provinces().values())
    assert len(outlines) == 34
    assert all(outline.is_valid for outline in outlines)
    shared = sum(a.intersection(b).area for i, a in enumerate(outlines) for b in outlines[i + 1 :])
    assert shared < 0.001
