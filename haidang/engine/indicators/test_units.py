"""Units of offices: what they are of, and what comes of dividing them."""

from fractions import Fraction

import pytest

from haidang.engine.indicators import expression, units


@pytest.mark.parametrize(
    ("one", "other", "how_many"),
    [
        ("tỷ đồng", "triệu đồng", 1000),
        ("Tỷ đ", "đồng", 10**9),
        ("nghìn tỷ đồng", "tỷ đồng", 1000),
        ("triệu đồng/người", "đồng/người", 10**6),
        ("triệu USD", "USD", 10**6),
        ("nghìn lượt khách", "lượt", 1000),
        ("%", "", Fraction(1, 100)),
        ("km2", "ha", 100),
        ("người/km²", "dân/km2", 1),
        ("ca/100.000 dân", "ca/người", Fraction(1, 100_000)),
        ("tấn", "kg", 1000),
        ("triệu kWh", "MWh", 1000),
    ],
)
def test_units_of_one_quantity_differ_by_a_factor(one, other, how_many):
    assert units.parse(one).fits(units.parse(other))
    assert units.parse(one).scale / units.parse(other).scale == how_many


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tỷ đồng", "triệu USD"),
        ("người", "lượt"),
        ("đồng/người", "đồng"),
        ("hồ sơ", "doanh nghiệp"),
        ("m2", "m3"),
    ],
)
def test_units_of_other_quantities_do_not_fit(one, other):
    assert not units.parse(one).fits(units.parse(other))


def test_a_unit_that_ends_with_a_slash_is_refused():
    with pytest.raises(ValueError, match="ends with a slash"):
        units.parse("đồng/")


UNITS = {
    "economy.export": units.parse("triệu USD"), "economy.import": units.parse("triệu USD"),
    "economy.revenue": units.parse("tỷ đồng"), "economy.revenue@plan": units.parse("tỷ đồng"),
    "tax.revenue": units.parse("triệu đồng"), "population.people": units.parse("người"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("economy.revenue / population.people", "triệu đồng/người"),
        ("economy.export - economy.import", "USD"),
        ("-(economy.import)", "triệu USD"),
        ("economy.revenue / economy.revenue@plan", "%"),
        ("(economy.revenue + tax.revenue) / 2", "đồng"),
    ],
)
def test_a_formula_has_the_unit_its_inputs_make(text, unit):
    assert expression.parse(text).unit(UNITS).fits(units.parse(unit))


def test_what_cannot_be_added_is_named():
    with pytest.raises(expression.FormulaError, match="dong and 1000000 · usd cannot be added"):
        expression.parse("economy.revenue + economy.export").unit(UNITS)


@pytest.mark.parametrize(
    "text",
    [
        "economy.revenue ** 2", "economy.revenue if 1 else 2", "__import__('os').system('true')", "economy.revenue(1)",
        "economy.revenue +", "3 + 4", "economy.revenue * True", "[economy.revenue]", "economy.revenue @ 2", "a" * 500,
        "economy.revenue and 1", "(lambda: economy.revenue)()", "economy.revenue.real", "(" * 300 + "economy.revenue",
    ],
)  # fmt: skip
def test_anything_but_sums_products_and_quotients_is_refused(text):
    with pytest.raises(expression.FormulaError):
        expression.parse(text)


def test_money_is_exact_and_turned_into_the_unit_wanted():
    values = {
        "economy.revenue": (3150.7, UNITS["economy.revenue"]),
        "tax.revenue": (0.1, UNITS["tax.revenue"]),
    }
    got = expression.parse("economy.revenue + tax.revenue").value(values)
    assert got == 3_150_700_100_000
    assert float(got / units.parse("triệu đồng").scale) == 3150700.1
