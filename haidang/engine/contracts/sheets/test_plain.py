"""What is read at once is what the careful reading comes to."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from haidang.engine.contracts.reading import Text
from haidang.engine.contracts.sheets.definition import Column
from haidang.engine.contracts.sheets.figures import Figures
from haidang.engine.contracts.sheets.numerals import factor, read_number, vietnamese
from haidang.engine.contracts.sheets.plain import digits_of, grouped, moved, moved_float, places_moved
from haidang.engine.contracts.sheets.stated import Stated

WRITTEN = st.from_regex(r"-?[0-9]{1,4}(?:[.,][0-9]{1,4}){0,3}", fullmatch=True)


@given(WRITTEN, st.booleans())
def test_a_text_read_at_once_has_the_value_of_the_careful_reading(text, ones):
    digits = digits_of(text, ones=ones)
    found = read_number(text, whole=ones)
    if digits is not None:
        assert Decimal(digits) == found.value
        assert found.fault in {"", "not_whole"}
        assert grouped(digits) == vietnamese(Decimal(digits))


@given(st.decimals(-(10**9), 10**9, places=4, allow_nan=False), st.integers(-12, 12))
def test_moving_the_point_is_what_exact_decimals_come_to(value, places):
    times = Decimal(1).scaleb(places)
    assert places_moved(times) == places
    assert moved(str(value), places) == float(value * times)


@given(st.floats(-1e20, 1e20, allow_nan=False), st.integers(-12, 12))
def test_moving_the_point_of_a_number_in_a_cell_is_too(value, places):
    assert moved_float(value, places) == float(Decimal(repr(value)).scaleb(places))


@given(st.integers(-(2**53), 2**53), st.sampled_from(["đồng", "nghìn đồng", "tỷ đồng", "nghìn tỷ đồng"]))
def test_a_whole_number_in_another_unit_is_what_exact_decimals_come_to(value, written):
    column = Column(title=Text(vi="Thu", en="Revenue"), type="number", unit="triệu đồng")
    figures = Figures.of(column, Stated(column, {}, written))
    (found,) = figures.read([float(value)], {})
    if found is not None:
        times = factor(written, "triệu đồng", {})
        assert times is not None
        assert found == float(value * times)


def test_other_factors_move_no_point():
    assert places_moved(Decimal("0.5")) is places_moved(Decimal(12)) is places_moved(None) is None
