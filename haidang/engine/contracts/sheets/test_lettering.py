"""Text of old fonts becomes Unicode where it is such text, and stays where it is not."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.engine.contracts.sheets.lettering import _TCVN3, _VNI, clean, from_tcvn3, from_vni, is_syllable

WORDS = [
    "Hà",
    "Nội",
    "Tân",
    "Ninh",
    "phường",
    "Trảng",
    "Bàng",
    "Đặng",
    "Thùy",
    "nghĩa",
    "khuyến",
    "nguyễn",
    "thưởng",
    "giấy",
    "quyết",
    "xã",
    "thuế",
    "đường",
    "ưu",
    "ỷ",
    "quỹ",
    "yểu",
    "hoẵng",
]
_BACK = {
    letter: chr(code)
    for code, letter in ((c, chr(n) if isinstance(n, int) else n) for c, n in _TCVN3.items())
}
_BACK_VNI = {new: old for old, new in reversed(_VNI.items())}


def typed(text: str, table: dict[str, str]) -> str:
    return "".join(table.get(letter, letter) for letter in unicodedata.normalize("NFC", text))


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join))
def test_text_typed_in_either_old_font_comes_back(text):
    small = text.lower()
    assert from_tcvn3(typed(small, _BACK)) == small
    assert from_vni(typed(text, _BACK_VNI)) == text
    if not small.isascii():
        assert clean(typed(small, _BACK), ".VnTime")[0] == small
        assert clean(typed(text, _BACK_VNI), "VNI-Times")[0] == text


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join))
def test_unicode_is_left_alone_and_nfd_becomes_nfc(text):
    assert clean(text) == (text, None)
    apart = unicodedata.normalize("NFD", text)
    assert clean(apart)[0] == text


@pytest.mark.parametrize(
    "text",
    [
        "µg/m3",
        "m²",
        "café",
        "Nestlé",
        "10 °C",
        "© 2026",
        "±5",
        "cho bà",
        "lúa",
        "São Paulo",
        "½",
        "Crème",
        "5 ÷ 2",
        "«sic»",
    ],
)
def test_what_is_no_old_vietnamese_stays(text):
    assert clean(text) == (text, None)


@pytest.mark.parametrize(
    ("text", "meant", "form"),
    [
        ("Hµ Néi", "Hà Nội", "TCVN3"),
        ("Tæng céng", "Tổng cộng", "TCVN3"),
        ("Ñaëng Thuøy", "Đặng Thùy", "VNI"),
        ("Haø Noäi", "Hà Nội", "VNI"),
    ],
)
def test_old_text_without_a_known_font_is_found_by_its_syllables(text, meant, form):
    assert clean(text) == (meant, form)


def test_the_font_of_capitals_gives_capitals():
    assert clean("tæng céng", ".VnTimeH") == ("TỔNG CỘNG", "TCVN3")


@given(st.text())
def test_any_text_can_be_cleaned_and_is_clean_then(text):
    assert unicodedata.is_normalized("NFC", clean(text)[0])


@pytest.mark.parametrize(
    ("word", "is_one"),
    [
        ("nghiêng", True),
        ("ơi", True),
        ("ác", True),
        ("àc", False),
        ("ng", False),
        ("Nestle", False),
        ("àá", False),
    ],
)
def test_syllables(word, is_one):
    assert is_syllable(word) is is_one
