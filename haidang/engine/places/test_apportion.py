"""Figures move between the units of two days: over the real register, to the last unit."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.plugin import DjangoDbBlocker

from haidang.engine.places.apportion import NotAdditive, apportion, average
from haidang.engine.places.lineage import Descent, Flow, Lineage, Step, Unit, Weights, read_lineage
from haidang.engine.places.register import ensure_loaded
from haidang.engine.places.resolving import Resolver
from haidang.engine.places.restating import Line, Question, Restated, restate
from haidang.engine.places.unplaced import REASONS

OLD, FIRST, NOW = date(2025, 6, 30), date(2025, 7, 1), date(2026, 11, 1)


@pytest.fixture(scope="module")
def lineage(register_once: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Lineage]:
    """The real register, read once; nothing here asks the database again."""
    with django_db_blocker.unblock():
        ensure_loaded()
        yield read_lineage()


@pytest.fixture(scope="module")
def resolver(lineage: Lineage) -> Resolver:
    return Resolver(lineage, OLD)


def lines_for(units: list[Unit], values: dict[str, Decimal]) -> list[Line]:
    return [Line(n, unit.code, "", "", values[unit.code]) for n, unit in enumerate(units, 2)]


def random_lines(lineage: Lineage, level: str, day: date, decimals: int) -> list[Line]:
    chance = random.Random(20250701)  # noqa: S311 - a fixed seed, not a secret
    units = lineage.smallest(level, day)
    return lines_for(units, {u.code: Decimal(chance.randrange(-50, 10**6)).scaleb(-decimals) for u in units})


def one(groups: list[Restated]) -> Restated:
    (group,) = groups
    return group


# --- the real register -------------------------------------------------------------------------------------
def test_every_old_commune_goes_to_new_ones_and_no_unit_of_the_sum_is_lost(lineage: Lineage) -> None:
    decimals = 3
    lines = random_lines(lineage, "commune", OLD, decimals)
    assert len(lines) == 10035 + 5  # the five islands were districts without communes
    group = one(restate(lineage, lines, Question(OLD, NOW, decimals=decimals)))
    assert group.left_out == []
    assert len(group.rows) == 3321
    assert sum(row.value for row in group.rows) == sum(line.value or 0 for line in lines) == group.given
    assert group.closes
    assert not any(row.lacking for row in group.rows)
    assert all(-row.value.as_tuple().exponent == decimals for row in group.rows)  # type: ignore[operator]
    divided = {part.source for row in group.rows for part in row.parts if part.is_estimate}
    assert len(divided) == 453
    assert all(part.bases and part.share < 1 for row in group.rows for part in row.parts if part.is_estimate)


def test_the_same_from_696_districts_and_marks_what_no_act_divides(lineage: Lineage) -> None:
    lines = random_lines(lineage, "district", OLD, 0)
    assert len(lines) == 696
    group = one(restate(lineage, lines, Question(OLD, NOW)))
    assert (group.left_out, len(group.rows)) == ([], 3321)
    assert sum(row.value for row in group.rows) == group.given
    island = next(row for row in group.rows if lineage.units[row.target].code == "26732")
    assert not island.is_estimate
    estimates = {
        basis for row in group.rows for part in row.parts if part.is_estimate for basis in part.bases
    }
    assert "ước: mỗi xã cũ của huyện tính như nhau" in estimates


def test_communes_districts_and_provinces_make_the_same_34_sums_without_any_estimate(
    lineage: Lineage,
) -> None:
    communes = random_lines(lineage, "commune", OLD, 0)
    by_level: dict[str, dict[str, Decimal]] = {"district": {}, "province": {}}
    for line in communes:
        unit = lineage.span("commune", line.code, OLD) or lineage.span("district", line.code, OLD)
        assert unit
        for level, sums in by_level.items():
            above = lineage.over(unit, level, OLD)
            assert above
            sums[above.code] = sums.get(above.code, Decimal(0)) + (line.value or 0)
    answers = []
    tables = [communes, *(lines_for(lineage.standing(level, OLD), sums) for level, sums in by_level.items())]
    for lines in tables:
        group = one(restate(lineage, lines, Question(OLD, NOW, level="province")))
        assert (len(group.rows), group.left_out) == (34, [])
        assert not any(row.is_estimate for row in group.rows)
        answers.append({lineage.units[row.target].code: row.value for row in group.rows})
    assert answers[0] == answers[1] == answers[2]


def test_the_way_back_places_unions_and_lists_the_rest(lineage: Lineage) -> None:
    lines = random_lines(lineage, "commune", NOW, 0)
    group = one(restate(lineage, lines, Question(NOW, OLD)))
    assert group.closes
    assert {one.why for one in group.left_out} == {"merged"}
    assert len(group.left_out) == 3321 - 140  # 140 new communes were made of one old unit
    assert not any(row.is_estimate for row in group.rows)
    districts = one(restate(lineage, lines, Question(NOW, OLD, level="district")))
    assert districts.closes
    assert len(districts.left_out) == 305  # communes made of parts of several districts
    provinces = one(restate(lineage, lines, Question(NOW, OLD, level="province")))
    # Nine new communes were made across a border between two old provinces; all others lay in one.
    assert (provinces.closes, len(provinces.rows), len(provinces.left_out)) == (True, 63, 9)


def test_a_weight_divides_what_was_merged_and_its_name_is_the_basis(lineage: Lineage) -> None:
    sizes = {unit.id: Decimal(1 + int(unit.code) % 97) for unit in lineage.smallest("commune", OLD)}
    weights = Weights("dân số 01/04/2019", sizes)
    lines = random_lines(lineage, "commune", NOW, 2)
    group = one(restate(lineage, lines, Question(NOW, OLD, decimals=2, weights=weights)))
    assert (group.left_out, group.closes) == ([], True)
    assert sum(row.value for row in group.rows) == sum(line.value or 0 for line in lines)
    assert any("dân số 01/04/2019" in b for row in group.rows for part in row.parts for b in part.bases)


def test_chains_pass_the_changes_of_2026(lineage: Lineage) -> None:
    old = lineage.span("commune", "26293", OLD)
    assert old
    for day, kind in (
        (FIRST, "Xã"),
        (date(2026, 4, 29), "Xã"),
        (date(2026, 4, 30), "Phường"),
        (NOW, "Phường"),
    ):
        (flow,) = lineage.descent(old, OLD, day).flows
        assert (lineage.units[flow.target].code, lineage.units[flow.target].kind) == ("26248", kind)
        assert "237/NQ-UBTVQH16" in "".join(flow.bases) or kind == "Xã"
    back = one(restate(lineage, [Line(2, "26248", "", "", Decimal(9))], Question(NOW, FIRST)))
    assert [lineage.units[row.target].kind for row in back.rows] == ["Xã"]
    province = one(restate(lineage, [Line(2, "75", "", "", Decimal(1))], Question(FIRST, NOW)))
    assert [str(lineage.units[row.target]) for row in province.rows] == ["Thành phố Đồng Nai"]


# --- traps in names ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "name", "parent", "expected"),
    [
        ("", "Phường 4", "Tân An, Long An", "27691"),
        ("", "Phường 4, Tây Ninh, Tây Ninh", "", "25462"),
        ("", "Phường 4", "", "no_parent"),
        ("", "Phường 4", "Châu Thành", "unknown_name"),
        ("", "Tân Thành", "Tân Thạnh, Long An", "27850"),
        ("", "Tân Thạnh", "Tân Thạnh, Long An", "27826"),
        ("", "tan thanh", "tan thanh, long an", "ambiguous"),
        ("", "Tan Thanh", "80", "ambiguous"),
        ("", "Yên Viên", "Gia Lâm", "ambiguous"),
        ("", "Xã Yên Viên", "Gia Lâm", "00532"),
        ("00532", "Xã Yên Viên", "Gia Lâm, Hà Nội", "00532"),
        ("00532", "Xã Yên Thường", "", "disagrees"),
        ("00532", "", "Đông Anh", "disagrees"),
        ("532", "Yên Viên", "", "disagrees"),
        ("4", "", "", "unknown_code"),
        ("99999", "", "", "unknown_code"),
        ("", "", "", "no_code"),
    ],
)
def test_a_name_alone_never_decides(
    resolver: Resolver, code: str, name: str, parent: str, expected: str
) -> None:
    meant = resolver.meant(code, name, parent)
    assert (meant.unit.code if meant.unit else meant.why) == expected


def test_a_code_out_of_its_days_is_named_with_the_span_it_had(lineage: Lineage) -> None:
    meant = Resolver(lineage, NOW).meant("26293")
    assert (meant.unit, meant.why) == (None, "not_on_day")
    assert [unit.name for unit in meant.candidates] == ["Giang Điền"]
    district = Resolver(lineage, NOW).meant("755")
    assert district.why == "not_on_day"


def test_chau_thanh_of_two_old_provinces_stays_two(resolver: Resolver) -> None:
    assert (
        resolver.meant("", "Châu Thành", "Long An").unit != resolver.meant("", "Châu Thành", "Tây Ninh").unit
    )
    assert resolver.meant("", "Huyện Châu Thành").why == "no_parent"


def test_what_is_left_out_keeps_its_figure_and_its_line(lineage: Lineage) -> None:
    lines = [
        Line(2, "00532", "", "", Decimal(10)),
        Line(3, "", "Phường 4", "", Decimal(20)),
        Line(4, "00565", "", "", Decimal(30)),
        Line(5, "00565", "", "", Decimal(40)),
        Line(6, "00568", "", "", None, raw="1O"),
        Line(7, "018", "", "", Decimal(500)),
    ]
    group = one(restate(lineage, lines, Question(OLD, NOW)))
    assert {(left.line.number, left.why) for left in group.left_out} == {
        (3, "no_parent"), (4, "twice"), (5, "twice"), (6, "not_a_number"), (7, "contains_others"),
    }  # fmt: skip
    assert (group.given, group.placed, group.unplaced) == (600, 10, 590)
    assert {left.why for left in group.left_out} <= REASONS.keys()
    (row,) = group.rows
    assert row.lacking  # the other old communes of the new one have no figure here


# --- pure arithmetic ---------------------------------------------------------------------------------------
@st.composite
def descents(draw: st.DrawFn) -> tuple[dict[int, Decimal], dict[int, Descent]]:
    values, found = {}, {}
    for source in range(draw(st.integers(1, 12))):
        sizes = draw(st.lists(st.integers(1, 9), min_size=1, max_size=5))
        lost = draw(st.integers(0, 3))
        total = sum(sizes) + lost
        flows = (Flow(t, Fraction(size, total), len(sizes) > 1, ("x",)) for t, size in enumerate(sizes))
        found[source] = Descent(tuple(flows), Fraction(lost, total), "share_missing" if lost else "")
        values[source] = draw(st.decimals(-(10**30), 10**30, places=4, allow_nan=False, allow_infinity=False))
    return values, found


@given(descents())
def test_input_is_placed_plus_unplaced_for_any_shares(
    given: tuple[dict[int, Decimal], dict[int, Descent]],
) -> None:
    values, found = given
    done = apportion(values, found, decimals=4)
    assert done.closes
    for placed in done.placed:
        for part in placed.parts:
            assert abs(Fraction(part.amount) - Fraction(part.value) * part.share) < Fraction(1, 10**4)


def test_more_decimals_than_said_are_refused_not_rounded() -> None:
    with pytest.raises(ValueError, match="more than 1 decimals"):
        apportion({1: Decimal("0.25")}, {1: Descent((Flow(2, Fraction(1), False, ()),))}, decimals=1)


def test_means_are_refused_or_weighted_by_a_named_size(lineage: Lineage) -> None:
    line = [Line(2, "00577", "", "", Decimal(10))]
    for how in ("mean", "weighted", "last", "none"):
        with pytest.raises(NotAdditive):
            restate(lineage, line, Question(OLD, NOW, over_places=how))
    half = Flow(9, Fraction(1, 2), is_estimate=True, bases=("x",))
    found = {
        1: Descent((half, Flow(8, Fraction(1, 2), is_estimate=True, bases=("x",)))),
        2: Descent((half,), Fraction(1, 2), "merged"),
    }
    done = average(
        {1: Decimal(10), 2: Decimal("20.5")}, found, decimals=1,
        weights=Weights("dân số", {1: Decimal(100), 2: Decimal(300)}),
    )  # fmt: skip
    assert {placed.target: placed.value for placed in done.placed} == {9: Decimal("17.9"), 8: Decimal("10.0")}
    assert (done.given, done.unplaced_sum, done.closes, done.by) == (400, 150, True, "dân số")


def test_broken_successions_lose_nothing() -> None:
    units = [
        Unit(1, "commune", "00001", "Xã", "Một", None, None, OLD),
        Unit(2, "commune", "00002", "Xã", "Hai", None, None, OLD),
        Unit(3, "commune", "00003", "Xã", "Ba", None, None, OLD),
        Unit(9, "commune", "00009", "Xã", "Mới", None, FIRST, None),
    ]
    steps = [Step(1, 9, Fraction(4, 5)), Step(2, 9, Fraction(3, 2))]
    tree = Lineage(units, steps)
    lines = [Line(n, f"0000{n}", "", "", Decimal(10)) for n in (1, 2, 3)]
    group = one(restate(tree, lines, Question(OLD, NOW)))
    assert {(left.line.number, left.amount, left.why) for left in group.left_out} == {
        (1, Decimal(2), "share_missing"), (2, Decimal(10), "shares_above_one"), (3, Decimal(10), "no_successor"),
    }  # fmt: skip
    assert group.closes
