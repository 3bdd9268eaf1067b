"""The order and the folding of Vietnamese names, against the golden orders of ICU `vi`."""

import unicodedata

import pytest

from haidang.engine.places.names import comparable, fold, person_sort_key, vn_sort_key

GOLDEN = [
    ["An", "Ăn", "Ân", "ba", "bà", "bả", "bã", "bá", "bạ", "Dũng", "Duy", "Đặng"],
    ["Hà", "Hà Đông", "Hà Giang", "Hạ Long", "Hà Nội", "Hà-Đông", "Hai Bà Trưng", "Hàm Yên"],
]


@pytest.mark.parametrize("names", GOLDEN)
def test_names_sort_as_icu_sorts_them(names: list[str]) -> None:
    assert sorted(sorted(names), key=vn_sort_key) == names


def test_decomposed_text_sorts_like_composed_text() -> None:
    assert vn_sort_key(unicodedata.normalize("NFD", "Hạ Long")) == vn_sort_key("Hạ Long")


def test_small_letters_come_before_capitals() -> None:
    assert sorted(["Ba", "ba"], key=vn_sort_key) == ["ba", "Ba"]


def test_unknown_letters_come_last_and_do_not_fail() -> None:
    assert min(["東", "ß", "Yên"], key=vn_sort_key) == "Yên"


def test_people_sort_by_given_name() -> None:
    people = ["Nguyễn Văn Đặng", "Lê Thị An", "Trần An", "Phạm Duy", "Bùi Dũng"]
    assert sorted(people, key=person_sort_key) == [
        "Lê Thị An",
        "Trần An",
        "Bùi Dũng",
        "Phạm Duy",
        "Nguyễn Văn Đặng",
    ]
    assert person_sort_key("") == vn_sort_key("")
    assert person_sort_key("An") < person_sort_key("Lê Thị An")


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đặng", "dang"),
        ("ĐÀ NẴNG", "da nang"),
        ("Trường  Sa ", "truong sa"),
        (unicodedata.normalize("NFD", "Hoàng Sa"), "hoang sa"),
        ("Hòa Bình", "hoa binh"),
        ("Hoà Bình", "hoa binh"),
        ("Cư M’gar", "cu m'gar"),
    ],
)
def test_folding_strips_marks_and_keeps_words(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_the_two_places_of_a_tone_are_one_word_but_two_tones_are_not() -> None:
    assert comparable("Hòa Bình") == comparable("Hoà bình")
    assert comparable("Tân Thành") != comparable("Tân Thạnh")
    assert fold("Tân Thành") == fold("Tân Thạnh")
