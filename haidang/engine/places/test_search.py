"""Searching as people type: without tones, with parents, with kinds; a name alone is never taken for one unit."""

import unicodedata
from datetime import date

import pytest

from haidang.engine.places.search import search, spans_of

pytestmark = pytest.mark.usefixtures("register")
DAY = date(2026, 11, 21)


def names(text: str, **options: object) -> list[str]:
    return [str(place) for place in search(text, **({"day": DAY} | options))]  # type: ignore[arg-type]


def test_without_tones_both_readings_are_found_in_vietnamese_order() -> None:
    found = [place.name for place in search("tan thanh", day=DAY, limit=50) if place.folded == "tan thanh"]
    assert found == sorted(found, key=["Tân Thanh", "Tân Thành", "Tân Thạnh"].index)
    assert {"Tân Thành", "Tân Thạnh"} <= set(found)


def test_the_same_tones_come_first() -> None:
    assert {place.name for place in search("Tân Thạnh", day=DAY)[:3]} == {"Tân Thạnh"}


@pytest.mark.parametrize(
    "typed", ["Hoàng Sa", "hoang sa", "HOANG SA", "dac khu hoang sa", "Đặc khu Hoàng Sa"]
)
def test_hoang_sa_is_found_however_it_is_typed(typed: str) -> None:
    assert names(typed)[0] == "Đặc khu Hoàng Sa"
    assert names(unicodedata.normalize("NFD", typed))[0] == "Đặc khu Hoàng Sa"


def test_the_parent_tells_namesakes_apart() -> None:
    assert {place.parent.name for place in search("tan thanh tay ninh", day=DAY) if place.parent} == {
        "Tây Ninh"
    }


def test_a_province_comes_before_the_communes_of_its_name() -> None:
    assert names("ha noi")[0] == "Thành phố Hà Nội"
    assert names("tp ho chi minh")[0] == "Thành phố Hồ Chí Minh"


def test_a_numbered_ward_is_found_by_its_number_only_in_the_past() -> None:
    assert names("phường 4") == []
    assert names("phuong 4", include_past=True)[0] == "Phường 4"
    assert names("phuong 4", day=date(2025, 1, 1))[0] == "Phường 4"


def test_both_spellings_of_a_tone_find_the_same_unit() -> None:
    assert names("Hoà Khánh") == names("Hòa Khánh") != []


def test_nothing_and_nonsense_find_nothing() -> None:
    assert names("") == names("   ") == names("zzzz") == []


def test_a_code_shows_its_spans_in_order_of_time() -> None:
    assert [span.kind for span in spans_of("26248")] == ["Thị trấn", "Xã", "Phường"]
    assert [span.kind for span in spans_of("26248", day=date(2026, 4, 30))] == ["Phường"]
    assert spans_of("99999") == []
