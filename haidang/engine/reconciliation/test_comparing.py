"""Clean tables give no finding; each planted difference is found, named rightly, and alone."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.unit_words import unit_words
from haidang.engine.reconciliation.comparing import compare
from haidang.engine.reconciliation.findings import (
    Column,
    Finding,
    Key,
    Kind,
    Pair,
    Side,
    Structure,
    Version,
)
from haidang.engine.reconciliation.units import factor, unit_by

OCTOBER = Period("month", 2026, 10)
COMMUNES = tuple(f"{25400 + n:05}" for n in range(96))
# Old units of the first three new ones; one of them was divided between the second and the third.
OLD = {
    "25000": {COMMUNES[0]: Decimal(1)},
    "25003": {COMMUNES[0]: Decimal(1)},
    "25006": {COMMUNES[1]: Decimal("0.5"), COMMUNES[2]: Decimal("0.5")},
    "25009": {COMMUNES[4]: Decimal(1)},
}
STRUCTURE = Structure(parts={"80": COMMUNES}, successors=OLD)
MONEY = Pair(
    "money",
    Column("economy.revenue", "tỷ đồng", 3),
    Column("portal.revenue", "triệu đồng", 0),
    absolute=Decimal("0.002"),
    relative=Decimal("0.001"),
)
PEOPLE = Pair("people", Column("office.people", "người"), Column("statistics.people", "người"))
PUPILS = Pair("pupils", Column("office.pupils", "học sinh"), Column("statistics.pupils", "học sinh"))
PAIRS = (MONEY, PEOPLE, PUPILS)


def rounded(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals))


@dataclass
class Book:
    """Two sides that tell one truth, each in its unit and rounding."""

    left: dict[Key, Decimal] = field(default_factory=dict)
    right: dict[Key, Decimal] = field(default_factory=dict)
    left_earlier: dict[Key, tuple[Version, ...]] = field(default_factory=dict)
    right_earlier: dict[Key, tuple[Version, ...]] = field(default_factory=dict)

    def compared(self, structure: Structure = STRUCTURE) -> list[Finding]:
        left, right = Side(self.left, self.left_earlier), Side(self.right, self.right_earlier)
        return compare(PAIRS, left, right, structure)


def key(column: Column, place: str) -> Key:
    return Key(column.indicator, place, OCTOBER)


def clean(chance: random.Random) -> Book:
    """96 communes and their province; the sides differ by rounding and, in money, by noise within tolerance."""
    book = Book()
    for pair in PAIRS:
        sums = [Decimal(0), Decimal(0)]
        for place in COMMUNES:
            truth = Decimal(chance.randrange(10**6, 10**8)) / (10**4 if pair is MONEY else 10**3)
            noise = Decimal(chance.randrange(-10, 11)) / 10**4 if pair is MONEY else Decimal(0)
            left = rounded(truth, pair.left.decimals)
            right = rounded((truth + noise) / pair.to_left, pair.right.decimals)
            book.left[key(pair.left, place)], book.right[key(pair.right, place)] = left, right
            sums = [sums[0] + left, sums[1] + right]
        book.left[key(pair.left, "80")], book.right[key(pair.right, "80")] = sums
    return book


def without(values: dict[Key, Decimal], total: Key) -> None:
    """The side tells no total, so that a change in a part is the only difference."""
    del values[total]


@pytest.mark.parametrize("seed", range(40))
def test_thousands_of_clean_pairs_give_no_finding(seed: int) -> None:
    book = clean(random.Random(seed))  # noqa: S311
    assert len(book.left) == 3 * 97
    assert book.compared() == []


# --- one planted difference each: (book, chance) → (kind, pair, places) ------------------------------------
Planted = tuple[Kind, str, set[str]]


def some(chance: random.Random, count: int = 1, start: int = 5) -> list[str]:
    return chance.sample(COMMUNES[start:], count)


def no_totals(book: Book) -> None:
    for pair in PAIRS:
        without(book.left, key(pair.left, "80"))


def unit_slip(book: Book, chance: random.Random) -> Planted:
    no_totals(book)
    pair, places = chance.choice(PAIRS), some(chance, chance.choice([1, 3, 91]))
    times = chance.choice([Decimal(10) ** power for power in (2, 3, 6, 9, -2, -3)])
    if times < 1 and pair is not MONEY:
        times = 1 / times
    for place in places:
        book.right[key(pair.right, place)] *= times
    return Kind.UNIT_SLIP, pair.name, set(places)


def swapped_columns(book: Book, chance: random.Random) -> Planted:
    no_totals(book)
    places = some(chance, chance.choice([1, 2, 91]))
    values, one, other = (
        (book.left, PEOPLE.left, PUPILS.left)
        if chance.random() < 0.5
        else (book.right, PEOPLE.right, PUPILS.right)
    )
    for place in places:
        first, second = key(one, place), key(other, place)
        values[first], values[second] = values[second], values[first]
    return Kind.SWAPPED_COLUMNS, "people", set(places)


def swapped_columns_of_two_units(book: Book, chance: random.Random) -> Planted:
    no_totals(book)
    places = some(chance, 3)
    for place in places:
        first, second = key(MONEY.right, place), key(PEOPLE.right, place)
        book.right[first], book.right[second] = book.right[second], book.right[first]
    return Kind.SWAPPED_COLUMNS, "money", set(places)


def swapped_rows(book: Book, chance: random.Random) -> Planted:
    pair, (one, other) = chance.choice(PAIRS), some(chance, 2)
    values, column = (book.left, pair.left) if chance.random() < 0.5 else (book.right, pair.right)
    values[key(column, one)], values[key(column, other)] = (
        values[key(column, other)],
        values[key(column, one)],
    )
    return Kind.SWAPPED_ROWS, pair.name, {one, other}


def late_revision(book: Book, chance: random.Random) -> Planted:
    no_totals(book)
    pair, (place,) = chance.choice(PAIRS), some(chance)
    before = book.right[key(pair.right, place)]
    book.right[key(pair.right, place)] = rounded(before * Decimal("1.0321"), pair.right.decimals)
    book.right_earlier[key(pair.right, place)] = (Version(before, datetime(2026, 11, 5, tzinfo=UTC)),)
    if pair is MONEY:  # noise within tolerance is no proof: the holder took over the very figure
        book.left[key(pair.left, place)] = before * pair.to_left
    return Kind.LATE_REVISION, pair.name, {place}


def missing(book: Book, chance: random.Random) -> Planted:
    pair, places = chance.choice(PAIRS), some(chance, chance.choice([1, 4]))
    values, column = (book.left, pair.left) if chance.random() < 0.5 else (book.right, pair.right)
    for place in places:
        del values[key(column, place)]
    return Kind.MISSING, pair.name, set(places)


def part_twice_in_total(book: Book, chance: random.Random) -> Planted:
    pair, (place,) = chance.choice(PAIRS[1:]), some(chance)
    book.left[key(pair.left, "80")] += book.left[key(pair.left, place)]
    return Kind.DOUBLE_COUNT, pair.name, {"80"}


def old_beside_new(book: Book, chance: random.Random) -> Planted:
    book.right[key(PEOPLE.right, "25000")] = Decimal(chance.randrange(500, 900))
    return Kind.DOUBLE_COUNT, "people", {"25000"}


def divided_place_whole_in_both(book: Book, chance: random.Random) -> Planted:
    no_totals(book)
    size = Decimal(chance.randrange(500, 900)) * 2
    for values, column in ((book.left, PEOPLE.left), (book.right, PEOPLE.right)):
        values[key(column, "25006")] = size  # both tell the old unit too: not the difference
    for place in COMMUNES[1:3]:
        book.left[key(PEOPLE.left, place)] += size / 2
    return Kind.DOUBLE_COUNT, "people", set(COMMUNES[1:3])


def place_of_another_unit(book: Book, chance: random.Random) -> Planted:
    no_totals(book)
    size = Decimal(chance.randrange(500, 900))
    for values, column in ((book.left, PEOPLE.left), (book.right, PEOPLE.right)):
        values[key(column, "25009")] = size
    book.right[key(PEOPLE.right, COMMUNES[3])] += size
    return Kind.DOUBLE_COUNT, "people", {COMMUNES[3]}


def old_in_place_of_new(book: Book, chance: random.Random) -> Planted:
    no_totals(book)
    whole = book.left.pop(key(PEOPLE.left, COMMUNES[4]))
    book.left[key(PEOPLE.left, "25009")] = whole
    return Kind.OLD_UNIT, "people", {"25009"}


def plain(book: Book, chance: random.Random) -> Planted:
    no_totals(book)
    pair, (place,) = chance.choice(PAIRS), some(chance)
    book.right[key(pair.right, place)] = rounded(
        book.right[key(pair.right, place)] * Decimal("1.37"), pair.right.decimals
    )
    return Kind.PLAIN, pair.name, {place}


PLANTS: list[Callable[[Book, random.Random], Planted]] = [
    unit_slip, swapped_columns, swapped_columns_of_two_units, swapped_rows, late_revision, missing,
    part_twice_in_total, old_beside_new, divided_place_whole_in_both, place_of_another_unit, old_in_place_of_new, plain,
]  # fmt: skip


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_each_planted_difference_is_found_alone_and_by_its_name(
    plant: Callable[[Book, random.Random], Planted],
) -> None:
    for seed in range(12):
        chance = random.Random(seed)  # noqa: S311
        book = clean(chance)
        kind, pair, places = plant(book, chance)
        (found,) = book.compared()
        assert (found.kind, found.pair, set(found.places)) == (kind, pair, places), seed


def test_a_part_that_differs_explains_its_total() -> None:
    book = clean(random.Random(7))  # noqa: S311
    place = COMMUNES[50]
    for one in (place, "80"):
        book.right[key(PEOPLE.right, one)] += 777
    kinds = {found.kind: found.places for found in book.compared()}
    assert kinds == {Kind.PLAIN: (place,), Kind.FOLLOWS: ("80",)}


def test_what_two_parts_would_explain_as_well_names_neither() -> None:
    book = clean(random.Random(9))  # noqa: S311
    for values, column in ((book.left, PEOPLE.left), (book.right, PEOPLE.right)):
        before = values[key(column, COMMUNES[60])]
        values[key(column, COMMUNES[60])] = values[key(column, COMMUNES[61])]
        values[key(column, "80")] += values[key(column, COMMUNES[61])] - before
    book.left[key(PEOPLE.left, "80")] += book.left[key(PEOPLE.left, COMMUNES[60])]
    (found,) = book.compared()
    assert (found.kind, found.places, found.part) == (Kind.PLAIN, ("80",), "")


def test_a_whole_country_of_differences_is_compared_in_one_go() -> None:
    chance = random.Random(2)  # noqa: S311
    places = [f"{n:05}" for n in range(3321)]
    left = {key(PEOPLE.left, place): Decimal(chance.randrange(10**4, 10**6)) for place in places}
    right = {key(PEOPLE.right, one.place): value + 3 for one, value in left.items()}
    how = Structure(successors={f"{n:05}′": {places[n]: Decimal(1)} for n in range(3321)})
    found = compare([PEOPLE], Side(left), Side(right), how)
    assert {one.kind for one in found} <= {Kind.PLAIN, Kind.SWAPPED_ROWS}
    assert sum(len(one.places) for one in found) == 3321


def test_many_differences_at_once_do_not_hide_each_other() -> None:
    book = clean(random.Random(3))  # noqa: S311
    no_totals(book)
    a, b, c, d, e, f = (key(PEOPLE.right, place) for place in COMMUNES[10:16])
    book.right[a] *= 1000
    book.right[b], book.right[c] = book.right[c], book.right[b]
    del book.right[d]
    book.right[e] += 5
    book.right[f] = Decimal(0)
    found = [(one.kind, set(one.places)) for one in book.compared()]
    assert found == [
        (Kind.SWAPPED_ROWS, {b.place, c.place}),
        (Kind.UNIT_SLIP, {a.place}),
        (Kind.MISSING, {d.place}),
        (Kind.PLAIN, {e.place}),
        (Kind.PLAIN, {f.place}),
    ]


def test_a_source_that_is_late_or_speaks_of_provinces_alone_owes_nothing() -> None:
    book = clean(random.Random(5))  # noqa: S311
    book.right = {one: value for one, value in book.right.items() if one.place == "80"}
    assert book.compared() == []
    book.right = {}
    assert book.compared() == []


def test_zero_is_a_figure_and_nothing_is_none() -> None:
    left = Side({key(PEOPLE.left, "25400"): Decimal(0), key(PEOPLE.left, "25401"): Decimal(0)})
    right = Side({key(PEOPLE.right, "25400"): Decimal(0)})
    (found,) = compare([PEOPLE], left, right)
    assert (found.kind, found.side, found.places) == (Kind.MISSING, "right", ("25401",))


numbers = st.decimals(0, 10**9, places=3, allow_nan=False, allow_infinity=False)


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(COMMUNES), numbers), st.randoms(use_true_random=False))
def test_rounding_is_never_a_difference(truth: dict[str, Decimal], chance: random.Random) -> None:
    left = {key(MONEY.left, place): rounded(value, 3) for place, value in truth.items()}
    right = {
        key(MONEY.right, place): rounded(value * 1000 + Decimal(chance.randrange(-49, 50)) / 100, 0)
        for place, value in truth.items()
    }
    assert compare([MONEY], Side(left), Side(right), STRUCTURE) == []


# --- units -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("written", "wanted", "expected"),
    [
        ("triệu đồng", "tỷ đồng", "0.001"),
        ("đồng", "tr.đ", "0.000001"),
        ("nghìn người", "người", "1000"),
        ("Người", "người", "1"),
        ("ha", "km2", "0.01"),
        ("tấn", "kg", "1000"),
        ("nghìn tấn", "tấn", "1000"),
        ("%", "phần trăm", "1"),
    ],
)
def test_units_of_one_thing_are_compared(written: str, wanted: str, expected: str) -> None:
    assert factor(written, wanted) == Decimal(expected)


def test_units_of_different_things_are_refused() -> None:
    with pytest.raises(ValueError, match="do not measure the same thing"):
        factor("người", "tỷ đồng")


@pytest.mark.parametrize(
    ("unit", "times", "expected"),
    [
        ("tỷ đồng", "0.001", "triệu đồng"),
        ("triệu đồng", "1000", "tỷ đồng"),
        ("người", "1000", "nghìn người"),
        ("nghìn người", "0.001", "người"),
        ("ha", "100", "km²"),
        ("%", "100", ""),
        ("lượt khách", "1000", "nghìn lượt khách"),
    ],
)
def test_the_unit_that_was_meant_has_a_name(unit: str, times: str, expected: str) -> None:
    assert unit_by(unit, Decimal(times)) == expected


def test_units_are_said_in_english_where_we_know_the_word() -> None:
    said = {
        "nghìn tỷ đồng": "trillion dong",
        "nghìn lượt khách": "thousand visitors",
        "ha": "ha",
        "mũi": "mũi",
    }
    assert {unit: unit_words(unit, "en") for unit in said} == said
    assert unit_words("tỷ đồng", "vi") == "tỷ đồng"
