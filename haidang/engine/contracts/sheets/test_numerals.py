"""Numbers as offices write them: whatever form, the same number; whatever is unclear, no number."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.engine.contracts.sheets.numerals import factor, read_number, unit_of, vietnamese

AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=2, allow_nan=False, allow_infinity=False)
SPACES = st.sampled_from(["", " ", "\u00a0", "\t"])


def english(value: Decimal) -> str:
    return f"{value:,}"


def swapped(value: Decimal) -> str:
    return english(value).translate(str.maketrans(",.", ".,"))


@given(AMOUNTS, SPACES, SPACES)
def test_every_way_of_writing_two_decimals_means_the_same(value, before, after):
    for text in (
        str(value),
        str(value).replace(".", ","),
        english(value),
        swapped(value),
        swapped(value).replace(".", " "),
    ):
        assert read_number(before + text + after).value == value, text


@given(st.integers(min_value=-(10**12), max_value=10**12), st.sampled_from([",", ".", " ", "\u00a0", "'"]))
def test_a_whole_number_means_the_same_with_any_sign_between_its_thousands(value, sign):
    found = read_number(f"{value:,}".replace(",", sign), whole=True)
    assert (found.value, found.fault) == (value, "")


@given(
    st.integers(min_value=1, max_value=999), st.integers(min_value=0, max_value=999), st.sampled_from(".,")
)
def test_one_sign_before_three_digits_is_asked_in_a_column_of_decimals_and_whole_in_one_of_counts(
    head, tail, sign
):
    text = f"{head}{sign}{tail:03}"
    found = read_number(text)
    assert found.fault == "two_readings"
    assert {found.value, found.other} == {Decimal(head * 1000 + tail), Decimal(f"{head}.{tail:03}")}
    assert read_number(text, whole=True).value == head * 1000 + tail


@given(st.floats(allow_nan=False, allow_infinity=False, width=64))
def test_a_number_written_as_people_here_write_it_is_read_again_unless_it_has_two_readings(value):
    if abs(value) < 1e15 and (not value or abs(value) > 1e-9):
        found = read_number(vietnamese(value))
        assert Decimal(repr(value)) in {found.value, found.other}


@given(st.text())
def test_any_text_is_a_number_or_a_fault_or_nothing_and_never_an_error(text):
    found = read_number(text)
    assert found.value is None or found.value.is_finite()


@pytest.mark.parametrize(
    "text",
    [
        "12O",
        "1.2.3",
        "1,23,456",
        "1 2",
        "12-13",
        "10/2026",
        "1.234,5,6",
        "=1+1",
        "mười",
        "1..5",
        "12 34",
        "(12",
        "1.23.456,7",
    ],
)
def test_what_is_no_number_is_said_to_be_none(text):
    assert read_number(text).fault == "not_a_number"


@pytest.mark.parametrize(("text", "meant"), [("-", "nothing"), ("–", "nothing"), ("…", "unknown"), ("...", "unknown"), ("N/A", "unknown"), ("x", "unknown"), ("không phát sinh", "nothing")])  # fmt: skip
def test_signs_for_no_value_are_not_zero(text, meant):
    found = read_number(text)
    assert (found.value, found.fault, found.unit) == (None, "", meant)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [("1.234,5 tỷ", "1234.5", "tỷ"), ("12 tr.đ", "12", "tr.đ"), ("97,38%", "97.38", "%"), ("1.250.000đ", "1250000", "đ"), ("(1.234,5)", "-1234.5", ""), ("−5,2", "-5.2", ""), ("500 m2", "500", "m2")],
)  # fmt: skip
def test_a_unit_behind_a_number_is_told_from_it(text, value, unit):
    found = read_number(text)
    assert (found.value, found.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    ("text", "unit"),
    [("tr.đ", "triệu đồng"), ("Tr. đồng", "triệu đồng"), ("TỶ ĐỒNG", "tỷ đồng"), ("ty dong", "tỷ đồng"), ("1.000 đồng", "nghìn đồng"), ("ngàn đồng", "nghìn đồng"), ("VNĐ", "đồng"), ("nghìn tỷ", "nghìn tỷ đồng"),
     *((text, "nghìn đồng") for text in ("ngđ", "Ng.đ", "nghđ", "Nghđ.", "1.000đ", "1.000 đ", "1,000 VNĐ", "1000 đồng", "nghìn VNĐ", "ng.đồng")),
     *((text, "triệu đồng") for text in ("trđ", "tr. đ", "Tr.Đ", "triệu đ", "trVNĐ", "tr.VNĐ", "Triệu VND", "(tr.đồng)", "triệu đồng VN", "1.000.000 đ", "10^6 đồng")),
     *((text, "tỷ đồng") for text in ("tỷ đ", "tỷđ", "tỉ đ", "Tỷ VNĐ", "tỷ.đồng")), *((text, "đồng") for text in ("đ", "Đ.", "VN đồng", "đồng Việt Nam"))],
)  # fmt: skip
def test_units_of_money_are_known_by_all_their_spellings(text, unit):
    found = unit_of(text)
    assert found
    assert found[0] == unit


@pytest.mark.parametrize(
    "text", ["tđ", "nđ", "KD", "đồng/người", "tỷ lệ", "TH", "người", "USD", "1.000", "đvt"]
)
def test_what_may_be_another_thing_is_no_unit_of_money(text):
    assert unit_of(text) is None


def test_money_is_converted_and_nothing_else_is():
    assert factor("tr.đ", "tỷ đồng", {}) == Decimal("0.001")
    assert factor("đồng", "triệu đồng", {}) == Decimal("0.000001")
    assert factor("USD", "tỷ đồng", {}) is None
    assert factor("DN", "doanh nghiệp", {"DN": "doanh nghiệp"}) == 1
    assert factor("Tấn", "tấn", {}) == 1
