"""On public series: errors beside the naive forecast's are printed, and our methods are held against statsmodels'."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.forecasting.theta import ThetaModel

from haidang.engine.forecasting import backtest, choosing, methods, public_series
from haidang.engine.forecasting.methods import Numbers


@pytest.mark.parametrize("name", public_series.SERIES)
def test_the_back_test_prints_every_error_beside_the_naive_one(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    series, values = public_series.load(name)
    chosen = choosing.choose(values, backtest.SEASON[series.period], backtest.HORIZON[series.period])
    base = chosen.tested[chosen.reference].errors
    with capsys.disabled():
        print(f"\n  {name}: {len(values)} × {series.period}, {len(chosen.plan.origins)} origins")
        for method, one in chosen.tested.items():
            cover = "/".join(f"{share:.0f}" for share in one.errors.coverage.values())
            mark = "→" if method == chosen.shown else " "
            print(
                f"  {mark} {method:15} MAE {one.errors.mae:9.4g}  {one.errors.mae / base.mae:5.2f} × naive"
                f"  MASE {one.errors.mase:.3f}  sMAPE {one.errors.smape:5.1f} %  held {cover} %"
            )
    shown = chosen.tested[chosen.shown].errors
    if chosen.is_better:
        assert shown.mae <= base.mae * (1 - choosing.MARGIN)
    else:
        assert chosen.shown == chosen.reference
    assert all(low <= shown.coverage[level] for level, low in ((80, 65), (95, 80)))


def _ours_and_theirs(name: str, every: int) -> list[Numbers]:
    """What our Theta and theirs, our damped Holt–Winters and their ETS say at every so-many-th origin, and the truth."""
    series, values = public_series.load(name)
    season, horizon = backtest.SEASON[series.period], backtest.HORIZON[series.period]
    plan = backtest.Plan.of(len(values), season, horizon)
    found: list[list[Numbers]] = [[], [], [], []]
    truths: list[Numbers] = []
    for origin in plan.origins[::every]:
        past, truth = np.log(values[:origin]), values[origin : origin + horizon]
        seasonal = methods.is_seasonal(past, plan.season)
        model = ThetaModel(
            pd.Series(past), period=season, deseasonalize=seasonal, use_test=False, method="additive"
        )
        ets = ETSModel(
            pd.Series(past), error="add", trend="add", damped_trend=True,
            seasonal="add" if seasonal else None, seasonal_periods=season if seasonal else None,
        )  # fmt: skip
        said = [
            methods.theta(past, plan.season, horizon).middle,
            np.asarray(model.fit().forecast(horizon)),
            methods.holt_winters(past, plan.season, horizon).middle,
            np.asarray(ets.fit(disp=False).forecast(horizon)),
        ]
        for kept, middle in zip(found, said, strict=True):
            kept.append(np.exp(middle))
        truths.append(truth)
    return [np.array(one) for one in [*found, truths]]


@pytest.mark.parametrize(("name", "every"), [("elnino", 17), ("realgdp", 6), ("nile", 7)])
def test_our_theta_says_what_statsmodels_says_and_our_smoothing_misses_by_no_more(
    name: str, every: int
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # theirs say so where a fit does not converge
        theta, their_theta, smoothing, their_ets, truth = _ours_and_theirs(name, every)
    assert theta == pytest.approx(their_theta, rel=0.002)
    ours, theirs = (float(np.abs(one - truth).mean()) for one in (smoothing, their_ets))
    assert ours <= 1.15 * theirs


def test_without_the_package_or_the_series_it_says_so() -> None:
    with pytest.raises(public_series.NotThere, match="elnino, co2"):
        public_series.load("gdp-of-nowhere")
