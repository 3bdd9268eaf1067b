"""The drawn map: both archipelagos on every one, words that can be read, nothing the policy forbids."""

import itertools
import re
from datetime import date
from xml.etree import ElementTree as ET

import pytest
import shapely
from django.utils import translation

from haidang.engine.places.chart import inset_box
from haidang.engine.places.composition import near_and_far
from haidang.engine.places.drawing import Around, Drawing, Marker, draw, svg
from haidang.engine.places.labels import Box
from haidang.engine.places.outlines import sheet_of, sketched_provinces, stamp
from haidang.engine.places.plate import plate_of
from haidang.engine.places.profiles import PROFILES

pytestmark = pytest.mark.usefixtures("register")
DAY = date(2026, 11, 21)
SVG = "{http://www.w3.org/2000/svg}"


def parsed(drawing: Drawing) -> ET.Element:
    text = svg(drawing).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return ET.fromstring(text)  # noqa: S314 - our own drawing


def inset_of(root: ET.Element) -> ET.Element:
    (inset,) = [group for group in root.iter(f"{SVG}g") if group.get("class") == "m-inset"]
    return inset


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("province", sorted(sketched_provinces()))
def test_every_map_of_every_size_draws_and_names_both_archipelagos(province: str, profile: str) -> None:
    drawing = draw(province, profile=profile, day=DAY)
    root = parsed(drawing)
    inset = inset_of(root)
    words = {text.text for text in inset.iter(f"{SVG}text")}
    assert {"Hoàng Sa", "TP. Đà Nẵng", "Trường Sa", "Khánh Hòa"} <= words
    names = [title.text or "" for circle in inset.iter(f"{SVG}circle") for title in circle]
    assert sum(name.endswith("Hoàng Sa") for name in names) >= 10
    assert sum(name.endswith("Trường Sa") for name in names) >= 10
    left, top = map(float, re.findall(r"[\d.]+", inset.get("transform") or ""))
    width, height = float(drawing.inset.box.width), float(drawing.inset.box.height)
    assert left + width <= float(drawing.width)
    assert top + height <= float(drawing.height)
    for circle in inset.iter(f"{SVG}circle"):
        assert 0 < float(circle.get("cx") or -1) < width
        assert 0 < float(circle.get("cy") or -1) < height
    assert "không phải địa giới" in drawing.note.text
    inset_place = Box(left, top, width, height)
    assert not any(inset_place.overlaps(box) for box in PROFILES[profile].reserved), (
        "nothing of the page covers it"
    )
    assert list(root)[-1] is inset, "nothing is drawn over the archipelagos"


@pytest.mark.parametrize("profile", PROFILES)
def test_the_outline_of_the_province_does_not_run_under_the_inset(profile: str) -> None:
    measures = PROFILES[profile]
    plate = plate_of("80", measures, DAY, stamp())
    near, _far = near_and_far(plate.sheet.outline)
    inset = inset_box(measures, plate.corner)
    rim = [plate.projection.point(lat, lon) for lon, lat in shapely.get_coordinates(near.segmentize(0.02))]
    assert not [
        (x, y) for x, y in rim if inset.x < x < inset.x + inset.width and inset.y < y < inset.y + inset.height
    ]


def test_a_map_in_english_still_names_both_archipelagos() -> None:
    with translation.override("en"):
        text = svg(draw("80", day=DAY))
    assert "Hoàng Sa" in text
    assert "Trường Sa" in text
    assert not re.search(r'"\d+,\d', text), "coordinates do not follow the language"


def crowd() -> list[Marker]:
    cells = sheet_of("80", DAY).cells
    stations = [
        Marker(lat=cell.lat, lon=cell.lon, label=cell.name, value="128", band=3, word="Kém")
        for cell in cells[:12]
    ]
    spot = cells[3]
    alarm = Marker(lat=spot.lat, lon=spot.lon, label="Khói", kind="alarm", priority=1, word="Khẩn cấp")
    old = Marker(lat=cells[20].lat, lon=cells[20].lon, label="Cần Giuộc", stale="CŨ 48 phút")
    return [*stations, alarm, old]


def test_no_two_symbols_of_a_crowd_cover_each_other() -> None:
    boxes = [
        tuple(float(value) for value in (one.box.x, one.box.y, one.box.width, one.box.height))
        for one in draw("80", crowd(), day=DAY).markers
        if one.box
    ]
    assert len(boxes) == 13
    for (x1, y1, w1, h1), (x2, y2, w2, h2) in itertools.combinations(boxes, 2):
        assert x1 + w1 <= x2 or x2 + w2 <= x1 or y1 + h1 <= y2 or y2 + h2 <= y1


def test_an_alarm_stands_on_its_spot_and_a_moved_station_has_a_leader() -> None:
    drawing = draw("80", crowd(), day=DAY)
    (alarm,) = [one for one in drawing.markers if one.shape]
    assert alarm.lead is None
    moved = [one for one in drawing.markers if one.lead]
    assert moved
    assert all(one.dot for one in moved)


def test_an_alarm_of_a_station_stands_on_it_however_many_dots_there_are() -> None:
    spot = sheet_of("80", DAY).cells[3]
    station = Marker(lat=spot.lat, lon=spot.lon, label="Trạm", value="48", band=1)
    alarm = Marker(lat=spot.lat, lon=spot.lon, label="Khói", kind="alarm", priority=1, word="Khẩn cấp")
    for profile in PROFILES:
        leads = {
            one.marker.kind: one.lead
            for one in draw("80", [station, alarm], profile=profile, day=DAY).markers
        }
        assert leads["alarm"] is None
        assert leads["station"] is not None


def test_an_alarm_is_shape_number_and_word_a_station_class_number_and_word() -> None:
    text = svg(draw("80", crowd(), day=DAY))
    assert re.search(r'class="m-p1"', text)
    assert "1 Khẩn cấp" in text
    assert re.search(r'class="f3"', text)
    assert " · Kém" in text
    assert "Cần Giuộc CŨ 48 phút" in text
    assert 'class="m-hatch"' in text


def test_an_acknowledged_alarm_is_drawn_in_outline() -> None:
    spot = sheet_of("80", DAY).cells[0]
    alarm = Marker(
        lat=spot.lat, lon=spot.lon, label="Khói", kind="alarm", priority=2, word="Cao", is_acknowledged=True
    )
    assert 'class="m-p2 open"' in svg(draw("80", [alarm], day=DAY))


def test_the_drawing_obeys_the_content_policy_and_escapes_names() -> None:
    evil = Marker(
        lat=11.0, lon=106.2, label="<script>alert(1)</script>", value="44", band=1, word="Tốt", url="/tram/x/"
    )
    text = svg(draw("80", [evil], day=DAY))
    assert "style=" not in text
    assert "<script" not in text
    assert "javascript:" not in text


def test_an_island_far_out_is_named_with_its_distance_and_takes_its_stations() -> None:
    con_dao = Marker(lat=8.69, lon=106.61, label="Côn Đảo", value="44", band=1, word="Tốt")
    drawing = draw("79", [con_dao], day=DAY)
    ((island),) = drawing.far
    assert island.words[0].text == "Côn Đảo"
    assert re.fullmatch(r"cách \d+ km", island.words[1].text)
    (station,) = drawing.markers
    assert station.box is not None
    assert 0 < float(station.box.y) < float(drawing.height)


def test_hits_and_shades_mark_communes_by_code() -> None:
    code = sheet_of("80", DAY).cells[0].code
    drawing = draw("80", shades={code: 4}, hits=[code, "99999"], day=DAY)
    assert sum(cell.css == "m-c m-c4" for cell in drawing.cells) == 1
    assert len(drawing.hits) == 1


def test_a_code_that_is_no_province_is_refused_with_a_way_to_find_it() -> None:
    with pytest.raises(LookupError, match="haidang places search"):
        draw("72", day=DAY)


def test_a_part_of_a_province_shows_what_lies_around_a_spot_and_both_archipelagos() -> None:
    whole = draw("80", profile="sheet")
    spot, far_off = Marker(lat=11.05, lon=106.35, label="Gần"), Marker(lat=10.6, lon=106.6, label="Xa")
    part = draw("80", [spot, far_off], profile="sheet", around=Around(11.05, 106.35, 12))
    assert [drawn.marker.label for drawn in part.markers] == ["Gần"]
    assert 0 < len(part.cells) < len(whole.cells)
    texts = " ".join(words.text for words in part.inset.words)
    assert "Hoàng Sa" in texts
    assert "Trường Sa" in texts
    xs = [float(x) for cell in part.cells for x in re.findall(r"[ML](-?[\d.]+) ", cell.path)]
    assert min(xs) >= 0, "lines run out of the sheet"
    assert max(xs) <= float(part.width)
