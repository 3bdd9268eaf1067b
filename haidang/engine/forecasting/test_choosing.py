"""On planted series the better forecast is found, chance is not taken for skill, and nobody looks ahead."""

from __future__ import annotations

import numpy as np
import pytest

from haidang.engine.forecasting import backtest, choosing
from haidang.engine.forecasting.backtest import METHODS, NAIVE, TooShort
from haidang.engine.forecasting.methods import Numbers, is_seasonal


def trend_and_season(seed: int, many: int = 60) -> Numbers:
    """Grows, has a season of twelve that grows with it, and a noise of 3 %."""
    at, noise = np.arange(many), np.random.default_rng(seed).normal(0, 0.03, many)
    grown: Numbers = (500 + 4 * at) * (1 + 0.15 * np.sin(2 * np.pi * at / 12)) * np.exp(noise)
    return grown


def random_walk(seed: int, many: int = 60) -> Numbers:
    """Nothing but its last value says anything about its next."""
    walked: Numbers = 1000 + np.cumsum(np.random.default_rng(seed).normal(0, 10, many))
    return walked


def test_trend_and_season_are_forecast_better_than_naively_and_say_by_how_much() -> None:
    for seed in range(12):
        chosen = choosing.choose(trend_and_season(seed), 12, 3)
        base, ours = (chosen.tested[name].errors for name in (chosen.reference, chosen.shown))
        assert chosen.is_better
        assert chosen.shown in {"theta", "holt_winters"}
        assert ours.mae <= base.mae * (1 - choosing.MARGIN)
        assert chosen.gain == pytest.approx(1 - ours.mae / base.mae)
        assert ours.mase is not None
        assert ours.mase < 1


def test_of_a_random_walk_the_naive_forecast_is_shown() -> None:
    """Of forty walks four may look like something: the test beside the margin is at 90 %."""
    shown = [choosing.choose(random_walk(seed), 12, 3) for seed in range(40)]
    lucky = [one for one in shown if one.is_better]
    assert len(lucky) <= 4, [one.gain for one in lucky]
    for one in shown:
        if not one.is_better:
            assert one.shown == one.reference
            assert one.shown in NAIVE
            assert one.outlook.middle.tolist() == one.naive.middle.tolist()


def test_a_walk_of_seasons_is_beaten_by_nobody_and_its_own_season_comes_again() -> None:
    walks = np.cumsum(np.random.default_rng(5).normal(0, 5, (5, 12)), axis=0)
    values = 200 + walks.ravel()
    chosen = choosing.choose(values, 12, 3)
    assert (chosen.shown, chosen.is_better) == ("seasonal_naive", False)
    assert chosen.outlook.middle == pytest.approx(values[-12:-9])


@pytest.mark.parametrize("name", METHODS)
def test_a_later_value_cannot_change_what_was_said_at_an_earlier_origin(name: str) -> None:
    values = trend_and_season(3)
    plan, tested = backtest.test(values, 12, 3)
    changed = values.copy()
    changed[-14:] *= 7
    other_plan, other = backtest.test(changed, 12, 3)
    assert list(plan.origins) == list(other_plan.origins)
    before = [row for row, origin in enumerate(plan.origins) if origin <= len(values) - 14]
    after = [row for row, origin in enumerate(plan.origins) if origin > len(values) - 14]
    assert len(before) > 10
    assert (tested[name].said[before] == other[name].said[before]).all()
    assert (tested[name].said[after] != other[name].said[after]).any(), "what is known does count"


@pytest.mark.parametrize("name", METHODS)
def test_the_widths_of_an_origin_follow_from_misses_that_were_over_by_then(name: str) -> None:
    """With the last value wrong beyond measure only intervals over the last period may miss it."""
    values = trend_and_season(4)
    plan, tested = backtest.test(values, 12, 3)
    changed = values.copy()
    changed[-1] *= 50
    _plan, other = backtest.test(changed, 12, 3)
    lost = 100 * 3 / (3 * len(plan.origins))  # the last value is looked at from three origins
    for level in backtest.LEVELS:
        there = tested[name].errors.coverage[level]
        assert there - lost - 1e-9 <= other[name].errors.coverage[level] <= there


def test_intervals_hold_about_as_often_as_they_say() -> None:
    found = [choosing.choose(random_walk(seed), 12, 3) for seed in range(20)]
    for level in (80, 95):
        held = np.mean([one.tested[one.shown].errors.coverage[level] for one in found])
        assert level - 4 <= held <= level + 6, (level, held)
        for one in found:
            assert (one.outlook.low[level] <= one.outlook.middle).all()
            assert (one.outlook.middle <= one.outlook.high[level]).all()


def test_too_little_history_is_no_forecast_and_says_how_much_is_lacking() -> None:
    with pytest.raises(TooShort) as raised:
        choosing.choose(random_walk(1, 21), 12, 3)
    assert (raised.value.there, raised.value.needed) == (21, 22)
    assert choosing.choose(random_walk(1, 22), 12, 3).plan.season == 1, "two seasons prove none"
    assert choosing.choose(random_walk(1, 36), 12, 3).plan.season == 12
    with pytest.raises(TooShort):
        choosing.choose(np.empty(0), 1, 1)


@pytest.mark.parametrize(
    "values", [np.full(60, 7.0), np.zeros(60), np.arange(60.0), np.tile([0.0, 0, 0, 5], 15)]
)
def test_series_without_chance_make_numbers(values: Numbers) -> None:
    """Constant, zero, a straight line, mostly zeros: no division by nothing, no warning, no infinity."""
    chosen = choosing.choose(values, 12, 3)
    assert np.isfinite(chosen.outlook.middle).all()
    for level in backtest.LEVELS:
        assert np.isfinite(chosen.outlook.low[level]).all()
        assert np.isfinite(chosen.outlook.high[level]).all()
    if len(set(values)) == 1:
        assert chosen.outlook.middle == pytest.approx(values[:3], abs=1e-12)
        assert not chosen.is_better


def test_what_was_never_below_zero_is_not_forecast_below_it() -> None:
    counts = np.random.default_rng(2).poisson(1.2, 60).astype(float)
    chosen = choosing.choose(counts, 12, 3)
    assert counts.min() == 0
    assert all((chosen.outlook.low[level] >= 0).all() for level in backtest.LEVELS)


def test_a_season_is_seen_where_it_is_and_seldom_where_it_is_not() -> None:
    assert all(is_seasonal(np.log(trend_and_season(seed)), 12) for seed in range(20))
    assert sum(is_seasonal(random_walk(seed), 12) for seed in range(60)) <= 6
