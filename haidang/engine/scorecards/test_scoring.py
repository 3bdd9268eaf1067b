"""Points are earned from counts that are known; nothing is made of nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.engine.contracts.tree import OURS, load_tree
from haidang.engine.scorecards.definition import KINDS, Example
from haidang.engine.scorecards.ranking import Candidate, ranking
from haidang.engine.scorecards.scoring import Sum, UnknownCount, half_up, score
from haidang.engine.scorecards.trial import differences

CARD = load_tree([OURS], KINDS).of("scorecards")["services.qd_766"].thing
NOW = CARD.on(date(2026, 10, 31))


def test_the_version_in_force_on_the_day_is_taken():
    assert CARD.on(date(2023, 5, 1)).version == "766/2022"
    assert NOW.groups["online"].points == 12
    with pytest.raises(LookupError, match="the first is of 23/06/2022"):
        CARD.on(date(2022, 6, 22))


@pytest.mark.parametrize("version", CARD.versions, ids=lambda version: version.version)
def test_the_points_of_all_groups_are_a_hundred(version):
    assert sum(group.points for group in version.groups.values()) == 100


EXAMPLES = [(version, example) for version in CARD.versions for example in version.examples]


@pytest.mark.parametrize(("version", "example"), EXAMPLES, ids=[e.name for _, e in EXAMPLES])
def test_a_worked_example_comes_out(version, example):
    assert list(differences(version, example)) == []


def test_an_example_that_is_wrong_is_found_out():
    wrong = Example(
        name="sai", counts={"2.1": {"in_time": 9, "handled": 10}}, expect={"rows/2.1": 18.5, "rows/9": 1.0}
    )
    assert list(differences(NOW, wrong)) == [
        "rows/2.1 is 18.0, expected 18.5 / rows/2.1 ra 18.0, mong đợi 18.5",
        "rows/9 names '9', which is not there / rows/9 gọi '9', không có",
    ]


def test_without_any_count_nothing_is_scored_and_nothing_is_zero():
    found = score(NOW, {})
    assert found.total == Sum(Fraction(0), Fraction(0), Fraction(100))
    assert found.total.of_covered is None
    assert {row.status for row in found.rows.values()} == {"missing"}
    assert found.rows["5.4"].lacking == ("overdue", "complained", "dossiers")


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_is_no_number_is_missing(number):
    assert score(NOW, {"2.1": {"in_time": number, "handled": 10}}).rows["2.1"].status == "missing"


@pytest.mark.parametrize(
    ("counts", "why"),
    [
        ({"2.1": {"in_time": -1, "handled": 10}}, "in_time < 0"),
        ({"2.1": {"in_time": 11, "handled": 10}}, "110.00%"),
        ({"4-CT": {"offered": 0.5}}, "0 | 1"),
        ({"3.3": {"with_result": 5, "received": 10, "sync": 80}}, "sync > 1"),
        ({"5.3": {"petitions": 1, "unsatisfied": 1, "repeated": 1, "late": 0, "first": 1}}, "-100.00%"),
    ],
)
def test_counts_that_contradict_each_other_earn_nothing_and_say_why(counts, why):
    (code,) = counts
    row = score(NOW, counts).rows[code]
    assert (row.status, row.score, row.why) == ("contradictory", None, why)


@pytest.mark.parametrize("counts", [{"9.9": {}}, {"2.1": {"on_time": 3}}])
def test_a_count_nobody_knows_is_refused(counts):
    with pytest.raises(UnknownCount, match=r"there are 1\.1|it has in_time, handled"):
        score(NOW, counts)


@given(st.integers(1, 10**6), st.data())
def test_more_in_time_never_earns_less_and_never_more_than_all_points(handled, data):
    fewer = data.draw(st.integers(0, handled))
    more = data.draw(st.integers(fewer, handled))
    for code, part, whole in (("2.1", "in_time", "handled"), ("4.2", "digitised", "dossiers")):
        low, high = (score(NOW, {code: {part: n, whole: handled}}).rows[code].score for n in (fewer, more))
        assert 0 <= low <= high <= NOW.rows[code].points


def test_printed_points_are_rounded_half_up():
    assert half_up(Fraction(1975, 1000)) == Decimal("1.98")
    assert half_up(Fraction(5, 1000)) == Decimal("0.01")
    assert half_up(Fraction(-1, 3)) == Decimal("-0.33")


def candidate(name, in_time, handled, level="commune"):
    return Candidate(name, level, handled, score(NOW, {"2.1": {"in_time": in_time, "handled": handled}}))


def test_a_ranking_keeps_levels_apart_shows_volume_and_ranks_nobody_on_three_dossiers():
    found = ranking(
        [
            candidate("A", 90, 100),
            candidate("B", 900, 1000),
            candidate("C", 3, 3),
            candidate("D", 95, 100),
            candidate("E", 0, 0),
            candidate("F", 80, 100),
            candidate("Sở", 99, 100, "province"),
        ],
        least=30,
    )
    places = [(one.candidate.name, one.rank, one.candidate.volume, one.why) for one in found["commune"]]
    assert places == [
        ("D", 1, 100, ""),
        ("B", 2, 1000, ""),
        ("A", 2, 100, ""),
        ("F", 4, 100, ""),
        ("C", None, 3, "too_few"),
        ("E", None, 0, "nothing_scored"),
    ]
    assert [one.rank for one in found["province"]] == [1]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"group": "nowhere"}, "no group nowhere"),
        ({"counts": {}}, "which counts lacks"),
        ({"numerator": []}, "needs numerator and denominator"),
        ({"kind": "rest"}, "needs shares"),
        ({"kind": "mean"}, "a mean is shown, it has no points"),
        ({"kind": "yes_no"}, "has one count and no formula"),
        ({"points": 30.0}, "its rows have 30 points, the group 20"),
        ({"denominator": ["in_time"]}, "handled stands in no formula"),
    ],
)
def test_a_row_that_cannot_be_computed_is_a_fault_of_the_file(change, words):
    row = msgspec.structs.replace(NOW.rows["2.1"], **change)
    version = msgspec.structs.replace(NOW, rows={**NOW.rows, "2.1": row})
    faults = msgspec.structs.replace(CARD, versions=[version]).faults()
    assert any(words in message for _, message in faults)


def test_all_points_of_a_row_are_earned_from_its_threshold_on():
    row = score(NOW, {"3.5a": {"offered": 80, "with_fee": 100}}).rows["3.5a"]
    assert row.score == 2
