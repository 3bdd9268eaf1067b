"""Each kind of finding is said in both languages with place, period, both values, units, sources and what to do."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal

import pytest

from haidang.engine.contracts.reading import Text
from haidang.engine.contracts.unit_words import unit_words
from haidang.engine.reconciliation.sentences import REASONS, Speech, Words, number
from haidang.engine.reconciliation.test_comparing import COMMUNES, OLD, PLANTS, Book, Planted, clean

SPEECH = Speech(
    pairs={
        "money": Words(
            Text("Thu ngân sách", "Revenue"), Text("Sở Tài chính", "Department of Finance"),
            Text("Cổng quốc gia", "the national portal"), "tỷ đồng", "triệu đồng",
        ),
        "people": Words(
            Text("Dân số", "Population"), Text("Sở Nội vụ", "Home Affairs"), Text("Thống kê tỉnh", "Statistics"),
            "người", "người",
        ),
        "pupils": Words(
            Text("Học sinh", "Pupils"), Text("Sở Giáo dục", "Education"), Text("Thống kê tỉnh", "Statistics"),
            "học sinh", "học sinh",
        ),
    },
    places={place: f"Xã {place}" for place in (*COMMUNES, *OLD)} | {"80": "Tỉnh Tây Ninh"},
    places_en={"80": "Tây Ninh province"},
)  # fmt: skip


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_sentence_names_what_is_needed_to_act(
    plant: Callable[[Book, random.Random], Planted], language: str
) -> None:
    chance = random.Random(11)  # noqa: S311
    book = clean(chance)
    plant(book, chance)
    (found,) = book.compared()
    words = SPEECH.pairs[found.pair]
    fault, remedy = SPEECH.parts(found, language)
    assert (words.title.en if language == "en" else words.title.vi) in fault
    assert ("October 2026" if language == "en" else "tháng 10/2026") in fault
    where = found.places[0]
    name = SPEECH.places[where]
    assert (SPEECH.places_en.get(where, name) if language == "en" else name) in fault
    assert any((side.en if language == "en" else side.vi) in fault for side in (words.left, words.right))
    assert any(unit_words(unit, language) in fault for unit in (words.left_unit, words.right_unit))
    assert language == "vi" or not {"đồng", "người", "học sinh"} & set(fault.replace(",", " ").split())
    assert len(remedy) > 20
    assert "{" not in fault + remedy
    assert "  " not in fault + remedy


def test_a_slip_of_the_unit_says_which_units_may_have_been_meant() -> None:
    book = clean(random.Random(1))  # noqa: S311
    for one in list(book.left):
        if one.place == "80":
            del book.left[one]
        elif one.indicator == "economy.revenue":
            book.left[one] *= 1000
    (found,) = book.compared()
    fault = SPEECH.told(found)
    assert "và 93 nơi khác" in fault
    assert (
        "lệch đúng 1.000 lần. Có thể Sở Tài chính ghi bằng triệu đồng hoặc Cổng quốc gia ghi bằng tỷ đồng."
        in fault
    )
    assert "lie exactly 1,000 times apart" in SPEECH.told(found, "en")


def test_every_reason_has_both_languages() -> None:
    for reason in REASONS.values():
        assert all((reason.vi, reason.en, reason.remedy_vi, reason.remedy_en))


def test_a_difference_below_nothing_has_the_sign_of_every_other_page() -> None:
    assert number(Decimal("-105976.5"), "vi") == "−105.976,5"
    assert number(Decimal("-105976.5"), "en") == "−105,976.5"
