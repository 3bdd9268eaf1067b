"""What is unusual, and whose doing a change is: said where it is so, and nothing where too little is known."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.engine.forecasting.decomposing import take_apart
from haidang.engine.forecasting.test_choosing import random_walk, trend_and_season
from haidang.engine.forecasting.unusual import judge


def test_a_fall_out_of_season_is_unusual_and_the_season_itself_is_not() -> None:
    values = trend_and_season(1)
    usual = judge(values, 12)
    assert usual is not None
    assert not usual.is_unusual
    assert usual.low < usual.value < usual.high
    values[-1] *= 0.7
    fallen = judge(values, 12)
    assert fallen is not None
    assert fallen.is_unusual
    assert fallen.score < 0
    assert fallen.value < fallen.low < fallen.expected
    assert fallen.expected == pytest.approx(usual.expected), "one's own value is not part of what is usual"
    assert (fallen.back, fallen.changes) == (12, 47)


def test_wild_values_of_the_past_do_not_hide_a_wild_one_of_today() -> None:
    values = trend_and_season(2)
    values[[20, 30, 41]] *= 5
    values[-1] *= 1.6
    found = judge(values, 12)
    assert found is not None
    assert found.is_unusual


def test_seldom_is_chance_called_unusual() -> None:
    found = [judge(random_walk(seed), 12) for seed in range(200)]
    assert sum(one is not None and one.is_unusual for one in found) <= 12


@pytest.mark.parametrize(("many", "season"), [(17, 12), (24, 52), (2, 1), (0, 12)])
def test_with_too_little_history_nothing_is_said(many: int, season: int) -> None:
    found = judge(random_walk(1, many), season)
    assert (found is None) == (many < 18)


def test_of_what_never_changed_nothing_is_said_and_shares_are_judged_in_points() -> None:
    assert judge(np.full(60, 4.0), 12) is None
    shares = 50 + np.random.default_rng(1).normal(0, 1, 60)
    shares[-1] = 20
    found = judge(shares, 12, in_points=True)
    assert found is not None
    assert found.is_unusual
    assert 40 < found.expected < 60


decimals = st.integers(-(10**9), 10**9).map(lambda number: number / 10)


@given(st.dictionaries(st.integers(0, 30), st.tuples(decimals, decimals), min_size=1))
def test_the_parts_of_a_change_add_up_to_it_exactly(known: dict[int, tuple[float, float]]) -> None:
    now = {key: one for key, (one, _) in known.items() if key % 5}
    before = {key: one for key, (_, one) in known.items() if key % 7}
    found = take_apart(now, before)
    assert sum(Fraction(repr(part.change)) for part in found.parts) == Fraction(repr(found.change))
    assert {part.key for part in found.parts} == now.keys() | before.keys()
    sizes = [abs(part.change) for part in found.parts]
    assert sizes == sorted(sizes, reverse=True)
    first = sum((Fraction(repr(part.change)) for part in found.parts[:3]), Fraction(0))
    assert first + Fraction(repr(found.rest(3))) == Fraction(repr(found.change))
    if found.change:
        shares = [part.share or 0.0 for part in found.parts]
        assert sum(shares) == pytest.approx(100, abs=1e-9 * max(1.0, sum(map(abs, shares))))
