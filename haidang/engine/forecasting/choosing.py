"""Which forecast is shown: another one than the naive only where the past says that it is better, by a stated margin."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from haidang.engine.forecasting import backtest
from haidang.engine.forecasting.backtest import NAIVE, OTHERS, Outlook, Plan, Tested
from haidang.engine.forecasting.methods import Numbers

MARGIN = 0.05  # of the naive forecast's mean absolute error
_NORMAL = 1.2815515655446004  # one-sided 90 %: an advantage of chance shall not count


@dataclass(frozen=True, slots=True)
class Choice:
    """`best` of the other methods beside `reference`, the better of the naive forecasts; which of them is `shown`."""

    plan: Plan
    tested: dict[str, Tested]
    reference: str
    best: str
    is_better: bool
    gain: float  # of the naive error, by the best other method: 0.12 is 12 % less
    sureness: float  # the statistic of Diebold and Mariano over the origins
    outlook: Outlook
    naive: Outlook

    @property
    def shown(self) -> str:
        return self.best if self.is_better else self.reference


def choose(values: Numbers, season: int, horizon: int) -> Choice:
    """Test every method on the past and look ahead with the one that is shown. Raises TooShort."""
    plan, tested = backtest.test(values, season, horizon)
    reference = _least([name for name in NAIVE if name in tested], tested)
    best = _least([name for name in OTHERS if name in tested] or [reference], tested)
    base, ours = tested[reference].errors, tested[best].errors
    gain = (base.mae - ours.mae) / base.mae if base.mae > 0 else 0.0
    sureness = _diebold_mariano(base.losses, ours.losses, horizon)
    is_better = gain >= MARGIN and sureness >= needed_sureness(len(plan.origins))
    ahead = {name: backtest.look_ahead(name, values, plan, tested[name].scores) for name in {reference, best}}
    naive = ahead[reference]
    if naive is None:
        raise ValueError("the naive forecast is not finite")
    chosen = ahead[best] if is_better else naive
    return Choice(
        plan,
        tested,
        reference,
        best,
        is_better and chosen is not None,
        gain,
        sureness,
        chosen or naive,
        naive,
    )


def needed_sureness(origins: int) -> float:
    """The quantile of Student's t at 90 %, by the first term of its expansion (Fisher, Cornish): few origins prove less."""
    return _NORMAL + (_NORMAL**3 + _NORMAL) / (4 * (origins - 1))


def _least(names: Sequence[str], tested: dict[str, Tested]) -> str:
    return min(names, key=lambda name: tested[name].errors.mae)


def _diebold_mariano(base: Sequence[float], ours: Sequence[float], horizon: int) -> float:
    """How sure it is that ours loses less: mean difference over its standard error, with the covariances of overlapping
    horizons and the correction for few origins by Harvey, Leybourne and Newbold (1997).
    """
    difference = np.array(base) - np.array(ours)
    many, mean = len(difference), float(difference.mean())
    rest = difference - mean
    variance = float(rest @ rest) / many
    # Bartlett's weights: with plain covariances the variance of few origins may come out below zero.
    for lag in range(1, min(horizon, many)):
        weight = 1 - lag / horizon
        variance += 2 * weight * float(rest[lag:] @ rest[:-lag]) / many
    if variance <= 1e-18:
        return math.inf if mean > 1e-12 else 0.0
    shrink = math.sqrt(max(0.0, (many + 1 - 2 * horizon + horizon * (horizon - 1) / many) / many))
    return shrink * mean / math.sqrt(variance / many)
