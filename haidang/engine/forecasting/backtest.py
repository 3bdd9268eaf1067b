"""Rolling-origin back-test: what each method would have said at each of many instants of the past, and how wrong it was.

At an origin a method sees the values up to it and nothing later; its interval is widened by the misses that were known
by then. So the coverage told is that of the very procedure that is used for the future.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from haidang.engine.forecasting import methods
from haidang.engine.forecasting.methods import Method, Numbers, Path

NAIVE: dict[str, Method] = {"naive": methods.naive, "seasonal_naive": methods.seasonal_naive}
OTHERS: dict[str, Method] = {"theta": methods.theta, "holt_winters": methods.holt_winters}
METHODS = NAIVE | OTHERS
# Periods in a season, periods looked ahead.
SEASON = {"week": 52, "month": 12, "quarter": 4, "year": 1}
HORIZON = {"week": 4, "month": 3, "quarter": 2, "year": 1}
ORIGINS, FEWEST_ORIGINS = 36, 8
SHORTEST = 12  # periods before the first origin, without a season
LEAST = SHORTEST + FEWEST_ORIGINS  # periods, with a horizon of one: below nothing is forecast
LEVELS = {80: 1.2815515655446004, 95: 1.959963984540054}  # per cent → normal quantile
FEWEST_SCORES = 20


class TooShort(ValueError):
    """There is not enough history to say how wrong a forecast would have been. `needed` periods would do."""

    def __init__(self, there: int, needed: int) -> None:
        super().__init__(f"{there} periods without a gap, {needed} are needed")
        self.there, self.needed = there, needed


@dataclass(frozen=True, slots=True)
class Plan:
    """What a history of this length allows: the season that can be seen in it, and from where it is tested."""

    season: int
    horizon: int
    origins: Sequence[int]  # how many values are known at each

    @classmethod
    def of(cls, many: int, season: int, horizon: int) -> Plan:
        """Raises TooShort. A season is looked for where three of them are known: two before the first origin."""
        for length in (season, 1) if season > 1 else (1,):
            first = max(2 * length + 1, SHORTEST) if length > 1 else SHORTEST
            last = many - horizon
            if last - first + 1 >= FEWEST_ORIGINS:
                return cls(length, horizon, range(max(first, last - ORIGINS + 1), last + 1))
        raise TooShort(many, SHORTEST + horizon + FEWEST_ORIGINS - 1)


@dataclass(frozen=True, slots=True)
class Errors:
    """How wrong a method was. `mae` is in the figure's unit; `mase` in mean steps of the naive forecast before each
    origin, None where there were none; `smape` and the coverages are per cent; `losses` by origin, in such steps.
    """

    mae: float
    mase: float | None
    smape: float
    coverage: dict[int, float]
    by_step: list[float]
    losses: list[float]

    def kept(self) -> dict[str, Any]:
        """As it is stored and printed: without the losses, which only the choice looks at."""
        return {
            "mae": self.mae,
            "mase": self.mase,
            "smape": self.smape,
            "coverage": {str(level): share for level, share in self.coverage.items()},
            "by_step": self.by_step,
        }


@dataclass(frozen=True, slots=True)
class Tested:
    """One method at all origins: what it said (origins × horizon), its errors, and what its intervals missed by."""

    name: str
    said: Numbers
    errors: Errors
    scores: list[float]


@dataclass(frozen=True, slots=True)
class Outlook:
    """The coming periods in the figure's unit: the middle, and for 80 and 95 per cent the low and the high end."""

    middle: Numbers
    low: dict[int, Numbers]
    high: dict[int, Numbers]
    parameters: dict[str, float]


def test(values: Numbers, season: int, horizon: int) -> tuple[Plan, dict[str, Tested]]:
    """Every method that this history allows. Raises TooShort."""
    plan = Plan.of(len(values), season, horizon)
    tried = {
        name: _tested(name, method, values, plan)
        for name, method in METHODS.items()
        if plan.season > 1 or name != "seasonal_naive"
    }
    return plan, {name: one for name, one in tried.items() if one is not None}


def look_ahead(name: str, values: Numbers, plan: Plan, scores: Sequence[float]) -> Outlook | None:
    """What this method says after the last value, with intervals as wide as its misses ask for."""
    scale, path = _path(METHODS[name], values, plan)
    if path is None:
        return None
    floor = 0.0 if values.min() >= 0 else -math.inf
    low, high = {}, {}
    for level, quantile in LEVELS.items():
        reach = path.sigma * widened(level, quantile, scores)
        low[level] = np.maximum(scale.back(path.middle - reach), floor)
        high[level] = scale.back(path.middle + reach)
    middle = np.maximum(scale.back(path.middle), floor)
    return Outlook(middle, low, high, dict(path.parameters) | {"log": float(scale.is_log)})


def widened(level: int, quantile: float, scores: Sequence[float]) -> float:
    """The normal quantile, or what so many of the past misses stayed below, in their own standard deviations."""
    if len(scores) < FEWEST_SCORES:
        return quantile
    rank = min(len(scores), math.ceil((len(scores) + 1) * level / 100))
    return max(quantile, sorted(scores)[rank - 1])


# --- one method at its origins ------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Scale:
    """Values above zero are forecast by their logarithms: seasons of what grows grow with it."""

    is_log: bool

    def there(self, values: Numbers) -> Numbers:
        return np.log(values) if self.is_log else values

    def back(self, values: Numbers) -> Numbers:
        return np.exp(np.minimum(values, 700.0)) if self.is_log else values


def _path(method: Method, values: Numbers, plan: Plan) -> tuple[_Scale, Path | None]:
    scale = _Scale(bool(values.min() > 0))
    path = method(scale.there(values), plan.season, plan.horizon)
    holds = bool(np.isfinite(path.middle).all() and np.isfinite(path.sigma).all())
    return scale, path if holds else None


def _tested(name: str, method: Method, values: Numbers, plan: Plan) -> Tested | None:
    said = np.empty((len(plan.origins), plan.horizon))
    inside: dict[int, list[bool]] = {level: [] for level in LEVELS}
    # Origin and score of every miss: at a later origin only those of periods that were over by then are known.
    known: list[tuple[int, float]] = []
    for row, origin in enumerate(plan.origins):
        scale, path = _path(method, values[:origin], plan)
        if path is None:
            return None
        truth = values[origin : origin + plan.horizon]
        said[row] = scale.back(path.middle)
        past = [score for over, score in known if over <= origin]
        for level, quantile in LEVELS.items():
            reach = path.sigma * widened(level, quantile, past)
            low, high = scale.back(path.middle - reach), scale.back(path.middle + reach)
            slack = 1e-9 * np.abs(truth)
            inside[level] += ((low - slack <= truth) & (truth <= high + slack)).tolist()
        known += _misses(scale, path, truth, origin)
    return Tested(name, said, _errors(said, values, plan, inside), [score for _, score in known])


def _misses(scale: _Scale, path: Path, truth: Numbers, origin: int) -> list[tuple[int, float]]:
    """When each period was over, and by how many standard deviations it was missed."""
    if scale.is_log and truth.min() <= 0:
        return []
    sigma = np.maximum(path.sigma, 1e-12)
    scores = np.abs(scale.there(truth) - path.middle) / sigma
    return [(origin + step + 1, float(score)) for step, score in enumerate(scores)]


def _errors(said: Numbers, values: Numbers, plan: Plan, inside: dict[int, list[bool]]) -> Errors:
    truth = np.array([values[one : one + plan.horizon] for one in plan.origins])
    missed = np.abs(said - truth)
    steps = np.array([_usual_step(values[:origin], plan.season) for origin in plan.origins])
    scaled = missed.mean(axis=1) / steps if steps.min() > 0 else None
    size = np.abs(said) + np.abs(truth)
    symmetric = np.divide(2 * missed, size, out=np.zeros_like(missed), where=size > 0)
    return Errors(
        mae=float(missed.mean()),
        mase=None if scaled is None else float(scaled.mean()),
        smape=100 * float(symmetric.mean()),
        coverage={level: 100 * float(np.mean(those)) for level, those in inside.items()},
        by_step=[float(one) for one in missed.mean(axis=0)],
        losses=[float(one) for one in (missed.mean(axis=1) if scaled is None else scaled)],
    )


def _usual_step(values: Numbers, season: int) -> float:
    """Mean error of the (seasonal) naive forecast one step ahead, within the values: the measure of MASE."""
    return float(np.abs(values[season:] - values[:-season]).mean())
