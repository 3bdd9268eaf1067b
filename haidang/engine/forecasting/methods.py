"""Forecasting methods: the two naive ones, Theta, and damped Holt–Winters. Each sees the past only.

Small on purpose, and held against statsmodels by the tests (docs/decisions/0020): a month's figures of a whole province
are forecast again in seconds, without pandas and SciPy in the process.

Sources: V. Assimakopoulos, K. Nikolopoulos, "The theta model", Int. J. Forecasting 16 (2000); R. Hyndman, B. Billah,
"Unmasking the Theta method", ibid. 19 (2003); R. Hyndman, A. Koehler, J. Ord, R. Snyder, "Forecasting with Exponential
Smoothing" (2008), table 6.1 for the variances.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Path:
    """What comes next: the middle and the standard deviation of each of the coming periods, on the fitted scale."""

    middle: Numbers
    sigma: Numbers
    parameters: Mapping[str, float] = field(default_factory=dict)


Method = Callable[[Numbers, int, int], Path]
SEASON_IS_SURE = 2.326  # one-sided 99 %


def naive(values: Numbers, season: int, horizon: int) -> Path:
    """The last value goes on."""
    del season
    step = _root_mean_square(np.diff(values))
    return Path(np.repeat(values[-1], horizon), step * np.sqrt(np.arange(1, horizon + 1)))


def seasonal_naive(values: Numbers, season: int, horizon: int) -> Path:
    """The same period of the last season comes again."""
    step = _root_mean_square(values[season:] - values[:-season])
    ahead = np.arange(horizon)
    return Path(values[len(values) - season + ahead % season], step * np.sqrt(ahead // season + 1))


def theta(values: Numbers, season: int, horizon: int) -> Path:
    """Simple exponential smoothing with half the slope of the past; the season, where there is one, taken out first."""
    pattern = seasonal_pattern(values, season) if is_seasonal(values, season) else np.zeros(season)
    many = len(values)
    plain = values - pattern[np.arange(many) % season]
    slope = float(np.polyfit(np.arange(many), plain, 1)[0])
    alpha, level, errors = _smoothed(plain)
    ahead = np.arange(1, horizon + 1)
    drift = slope / 2 * (ahead - 1 + (1 - (1 - alpha) ** many) / alpha)
    middle = level + drift + pattern[(many + ahead - 1) % season]
    sigma = _root_mean_square(errors) * np.sqrt(1 + (ahead - 1) * alpha**2)
    return Path(middle, sigma, {"alpha": alpha, "slope": slope, "seasonal": float(pattern.any())})


def _smoothed(values: Numbers) -> tuple[float, float, Numbers]:
    """The smoothing whose one-step errors are least: alpha, the last level, the errors."""
    low, high = 0.01, 0.99
    best = low
    for _ in range(3):  # a grid, then two finer ones around its best
        grid = np.linspace(low, high, 25)
        errors, _levels = _smooth_all(values, grid)
        best = float(grid[int(np.argmin((errors**2).sum(axis=0)))])
        step = (high - low) / 24
        low, high = max(0.01, best - step), min(0.99, best + step)
    errors, levels = _smooth_all(values, np.array([best]))
    return best, float(levels[0]), errors[:, 0]


def _smooth_all(values: Numbers, alphas: Numbers) -> tuple[Numbers, Numbers]:
    level = np.repeat(values[: max(1, min(4, len(values)))].mean(), len(alphas))
    errors = np.empty((len(values), len(alphas)))
    for number, value in enumerate(values):
        errors[number] = value - level
        level = level + alphas * errors[number]
    return errors, level


# Smoothing of level, slope and season, and the damping of the slope: every combination is tried.
_ALPHA, _BETA = (0.02, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 0.98), (0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.7, 0.95)
_GAMMA, _PHI = (0.0, 0.05, 0.1, 0.2, 0.4), (0.8, 0.9, 0.95, 0.98)


def _grid(gammas: tuple[float, ...]) -> Numbers:
    """The usual region: the slope is not corrected by more than the level, the season by no more than the level leaves."""
    every = product(_ALPHA, _BETA, gammas, _PHI)
    return np.array([(a, b, c, phi) for a, b, c, phi in every if b <= a and c <= 1 - a]).T


_GRID, _GRID_PLAIN = _grid(_GAMMA), _grid((0.0,))


def holt_winters(values: Numbers, season: int, horizon: int) -> Path:
    """Additive exponential smoothing with a damped slope and, where there is one, a season: ETS(A,Ad,A) or (A,Ad,N)."""
    has_season = is_seasonal(values, season)
    alpha, beta, gamma, phi = _GRID if has_season else _GRID_PLAIN
    length = season if has_season else 1
    pattern = seasonal_pattern(values, season) if has_season else np.zeros(1)
    level, slope = _begin(values, pattern)
    seasons = np.repeat(pattern[:, None], len(alpha), axis=1)
    levels, slopes = np.repeat(level, len(alpha)), np.repeat(slope, len(alpha))
    squares = np.zeros(len(alpha))
    for number, value in enumerate(values):
        at = number % length
        before = levels + phi * slopes
        error = value - before - seasons[at]
        squares += error**2
        levels = before + alpha * error
        slopes = phi * slopes + beta * error
        seasons[at] = seasons[at] + gamma * error
    best = int(np.argmin(squares))
    damped = np.cumsum(phi[best] ** np.arange(1, horizon + 1))
    ahead = (len(values) + np.arange(horizon)) % length
    middle = levels[best] + damped * slopes[best] + seasons[ahead, best]
    weights = alpha[best] + beta[best] * damped[:-1]
    weights = weights + gamma[best] * (np.arange(1, horizon) % length == 0) * has_season
    sigma = math.sqrt(squares[best] / len(values)) * np.sqrt(
        1 + np.concatenate([[0.0], np.cumsum(weights**2)])
    )
    names = ("alpha", "beta", "gamma", "phi")
    return Path(middle, sigma, dict(zip(names, map(float, _one(best, alpha, beta, gamma, phi)), strict=True)))


def _one(best: int, *grids: Numbers) -> list[float]:
    return [grid[best] for grid in grids]


def _begin(values: Numbers, pattern: Numbers) -> tuple[float, float]:
    """Level before the first period and slope, of the first two seasons (at least eight periods) without their pattern."""
    many = min(len(values), max(8, 2 * len(pattern)))
    plain = values[:many] - pattern[np.arange(many) % len(pattern)]
    slope, level = np.polyfit(np.arange(1, many + 1), plain, 1)
    return float(level), float(slope)


# --- the season ---------------------------------------------------------------------------------------------
def is_seasonal(values: Numbers, season: int) -> bool:
    """Whether the periods of a season differ by more than chance: the F test of what remains beside the moving mean,
    at 99 %. Its quantile is Paulson's approximation (Ann. Math. Statist. 13, 1942), good to two digits from 10 values on.
    """
    if season < 2 or len(values) < 2 * season + 1:
        return False
    rest, at = _beside_mean(values, season)
    groups = [rest[at == one] for one in range(season)]
    within = float(sum(((one - one.mean()) ** 2).sum() for one in groups))
    between = float(sum(len(one) * (one.mean() - rest.mean()) ** 2 for one in groups))
    free, freer = season - 1, len(rest) - season
    if freer < 1 or between < 1e-18 * max(1.0, float(values @ values)):
        return False
    if within < 1e-12 * between:
        return True
    root = ((between / free) / (within / freer)) ** (1 / 3)
    one, other = 2 / (9 * free), 2 / (9 * freer)
    return bool(((1 - other) * root - (1 - one)) / math.sqrt(other * root**2 + one) > SEASON_IS_SURE)


def _beside_mean(values: Numbers, season: int) -> tuple[Numbers, NDArray[np.int_]]:
    """What each value differs from the moving mean of a whole season, and which period of the season it is."""
    weights = np.ones(season + 1 if season % 2 == 0 else season) / season
    if season % 2 == 0:
        weights[[0, -1]] /= 2
    half = len(weights) // 2
    rest = values[half : len(values) - half] - np.convolve(values, weights, mode="valid")
    return rest, (np.arange(len(rest)) + half) % season


def seasonal_pattern(values: Numbers, season: int) -> Numbers:
    """What each period of a season differs from the moving mean of a whole one; adds up to zero."""
    rest, at = _beside_mean(values, season)
    means = np.array([rest[at == one].mean() for one in range(season)])
    centred: Numbers = means - means.mean()
    return centred


def _root_mean_square(errors: Numbers) -> float:
    return math.sqrt(float(np.mean(errors**2))) if len(errors) else 0.0
