"""The moving epidemic method: seasons by hand, and what must hold of any of them."""

import math
from statistics import NormalDist, fmean, stdev

import pytest

from haidang.domains.health.rules._moving_epidemic import TooFewSeasons, epidemic_of, seasons_of, thresholds
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.indicators import periods

# Ten quiet weeks of one case, an epidemic of six weeks, ten quiet weeks: 500 cases of 520.
SEASON = [1.0] * 10 + [40, 80, 160, 120, 70, 30] + [1.0] * 10


def test_the_epidemic_is_the_shortest_run_to_which_a_week_more_adds_little():
    # One week more than the six adds 1 of 520 cases, 0.2 %; the sixth adds 30, 5.8 %.
    assert epidemic_of(SEASON) == slice(10, 16)
    assert epidemic_of([0.0] * 52) == slice(0, 0)
    # With a step of 7 % the week with 30 cases is no more of it.
    assert epidemic_of(SEASON, step=7) == slice(10, 15)


def test_thresholds_are_limits_of_the_highest_weeks_before_and_within():
    grown = [[value * factor for value in SEASON] for factor in (1.0, 1.1, 0.9, 1.2, 0.8)]
    found = thresholds(grown)
    # 30 / 5: six weeks of each season, of which before the epidemic all are alike.
    before = [factor for factor in (1.0, 1.1, 0.9, 1.2, 0.8) for _ in range(6)]
    logs = [math.log(value * factor) for factor in (1.0, 1.1, 0.9, 1.2, 0.8) for value in SEASON[10:16]]
    assert found.epidemic == pytest.approx(fmean(before) + 1.6448536 * stdev(before))
    expected = [math.exp(fmean(logs) + NormalDist().inv_cdf(p) * stdev(logs)) for p in (0.4, 0.9, 0.975)]
    assert [found.medium, found.high, found.very_high] == pytest.approx(expected)
    assert found.seasons == 5
    assert [found.level(one) for one in (1.0, 5.0, 70.0, 160.0, 400.0)] == [
        "baseline", "low", "medium", "high", "very_high",
    ]  # fmt: skip


def test_a_scale_changes_the_thresholds_and_no_level():
    seasons = [[value * factor for value in SEASON] for factor in (1.0, 1.3, 0.7, 1.1, 0.9, 1.2)]
    cases, rates = thresholds(seasons), thresholds([[value / 30 for value in season] for season in seasons])
    assert rates.epidemic == pytest.approx(cases.epidemic / 30)
    assert rates.very_high == pytest.approx(cases.very_high / 30)


def test_too_little_past_makes_no_threshold():
    with pytest.raises(TooFewSeasons, match="4 seasons"):
        thresholds([SEASON] * 4)
    with pytest.raises(TooFewSeasons, match="0 seasons"):
        thresholds([[0.0] * 52] * 6)  # nothing happened, so nothing is learned


def test_seasons_are_whole_over_and_begin_in_their_week():
    first = Period("week", 2024, 14)
    weekly = {periods.back(first, -number): float(number) for number in range(3 * 52)}
    found = seasons_of(weekly, 14, Period("week", 2026, 30))
    assert list(found) == [Period("week", 2024, 14), Period("week", 2025, 14)]
    assert found[first] == [float(number) for number in range(52)]
    del weekly[Period("week", 2024, 20)]
    assert list(seasons_of(weekly, 14, Period("week", 2026, 30))) == [Period("week", 2025, 14)]
    assert list(seasons_of(weekly, 14, Period("week", 2026, 10))) == [], "the second is not over"
