"""A station's own file names: the whole name counts, and a pattern that would take others' files is refused."""

import pytest
from django.core.exceptions import ValidationError

from haidang.engine.assets.actions import register_station
from haidang.engine.assets.file_names import fits, why_refused
from haidang.engine.assets.models import Asset


@pytest.mark.parametrize(
    ("pattern", "name", "taken"),
    [
        (r"KK1_\d{14}\.txt", "KK1_20261121100500.txt", True),
        (r"KK1_\d{14}", "KK1_20261121100500.txt", True),  # the ending may be left out
        (r"KK1_\d{14}", "AKK1_20261121100500.txt", False),
        (r"^KK", "KK2_20261121100500.txt", False),
        (r"(?i)xuong7-.{1,30}\.dat", "XUONG7-ca-sang.dat", True),
        (r"[", "[", False),
    ],
)
def test_a_pattern_covers_the_whole_name(pattern, name, taken):
    assert fits(pattern, name, "KK1") is taken


@pytest.mark.parametrize(
    "pattern", [r"(a+)+", r"KK1_(\d+)*x", r"(a|ab)*c", r"(?:\w+\s?){1,30}!", r".*K.*K.*1", r"K(\w+)\1+.*.*"]
)
def test_a_pattern_that_can_run_for_ever_is_refused(pattern):
    assert "treo" in why_refused(pattern, "KK-1", {})


@pytest.mark.parametrize("pattern", [r".*", r".+_\d{14}\.txt", r"\w+", r"KK-\d_\d+"])
def test_a_pattern_that_takes_files_of_another_station_is_refused(pattern):
    assert "trạm khác" in why_refused(pattern, "KK-1", {"KK-2": ""})


@pytest.mark.parametrize(
    "pattern", [r"KK-1_\d{14}\.txt", r"(?i)kk-?1(_\d{2}){3,7}", r"TRAM 7 - \d{4}\.\d\d\..*"]
)
def test_a_pattern_of_one_station_is_taken(pattern):
    assert why_refused(pattern, "KK-1", {"KK-2": "", "KK-10": ""}) == ""


def test_stations_of_one_maker_share_a_pattern_that_names_the_station_and_each_gets_its_own_files():
    pattern = r"TN_KCN_(?P<station>[A-Z0-9-]+)-\d{14}\.txt"
    assert why_refused(pattern, "KK-2", {"KK-1": pattern}) == ""
    assert fits(pattern, "TN_KCN_KK-2-20261121100500.txt", "kk-2")
    assert not fits(pattern, "TN_KCN_KK-2-20261121100500.txt", "KK-1")


def test_one_pattern_for_two_stations_that_does_not_tell_them_apart_is_refused():
    assert "Trạm KK-1" in why_refused(r"TN_\d{14}", "KK-2", {"KK-1": r"TN_\d{14}"})


@pytest.mark.parametrize(
    ("pattern", "words"), [("[", "biểu thức chính quy"), (".*", "trạm khác"), ("(a+)+", "treo")]
)
def test_registration_says_what_is_wrong_with_a_pattern(db, pattern, words):
    with pytest.raises(ValidationError, match=words):
        register_station(
            code="KK-1", name="Trạm 1", kind="air", lat=11.3, lon=106.1, file_name_pattern=pattern
        )
    assert not Asset.objects.exists()


def test_a_station_registered_again_keeps_what_is_not_said_anew(db):
    at = {"kind": "air", "lat": 11.3, "lon": 106.1}
    register_station(code="KK-1", name="Trạm 1", file_name_pattern=r"XUONG1_\d{8}", is_demo=True, **at)
    station, is_new = register_station(code="KK-1", name="Trạm Tân Ninh", **at)
    assert (station.name, station.file_name_pattern, station.is_demo) == (
        "Trạm Tân Ninh",
        r"XUONG1_\d{8}",
        True,
    )
    assert not is_new
    station, _ = register_station(code="KK-1", name="Trạm Tân Ninh", file_name_pattern="", **at)
    assert station.file_name_pattern == ""


def test_a_code_that_differs_only_in_capitals_is_refused(db):
    register_station(code="KK-1", name="Trạm 1", kind="air", lat=11.3, lon=106.1)
    with pytest.raises(ValidationError, match="Đã có trạm KK-1"):
        register_station(code="kk-1", name="Trạm 1", kind="air", lat=11.3, lon=106.1)


def test_the_place_follows_the_coordinates_unless_one_is_given(register):
    station, _ = register_station(code="KK-1", name="Trạm 1", kind="air", lat=11.31, lon=106.10)
    assert station.place.name == "Tây Ninh"
    given = station.place
    station, _ = register_station(code="KK-1", name="Trạm 1", kind="air", lat=10.78, lon=106.70)
    assert station.place.name == "Hồ Chí Minh"
    station, _ = register_station(code="KK-1", name="Trạm 1", kind="air", lat=10.9, lon=106.7, place=given)
    station, _ = register_station(code="KK-1", name="Trạm mới", kind="air", lat=10.9, lon=106.7)
    assert station.place == given
