"""The back-test over what the demo's offices send: errors beside the naive forecast's, printed; naive where not better.

The numbers are those of the demo's own files, five years of the monthly set and of hospitals' lines, without waiting for
a centre to receive them.
"""

from __future__ import annotations

import numpy as np
import pytest

from haidang.demo.sheets import care
from haidang.demo.sheets.economy import LINES, Economy
from haidang.demo.sheets.months import Month
from haidang.engine.forecasting import choosing
from haidang.engine.forecasting.methods import Numbers

OCTOBER = Month.of(2026, 10)


def months(many: int) -> list[Month]:
    found = [OCTOBER]
    while len(found) < many:
        found.append(found[-1].before)
    return found[::-1]


def demo() -> dict[str, Numbers]:
    """Every line of the monthly set, and two sums over the hospitals."""
    economy = Economy(7, "Tây Ninh")
    series = {name: [economy.value(name, month) for month in months(60)] for name in LINES}
    sums: dict[str, list[float]] = {"visits": [], "insured": []}
    for month in months(60):
        sheet = care.facilities(7, "Tây Ninh", month).active
        total = next(row for row in sheet.iter_rows(values_only=True) if row[1] == "Tổng số")
        sums["visits"].append(total[2])
        sums["insured"].append(total[3])
    return {name: np.array(values, dtype=np.float64) for name, values in (series | sums).items()}


def test_over_the_demo_the_error_stands_beside_the_naive_one(capsys: pytest.CaptureFixture[str]) -> None:
    chosen = {name: choosing.choose(values, 12, 3) for name, values in demo().items()}
    with capsys.disabled():
        print(
            f"\n  {'demo, 60 months':24} {'naive':15} {'MAE':>9}   {'best other':13} {'MAE':>9}  {'× naive':>7}  shown"
        )
        for name, one in chosen.items():
            base, ours = (one.tested[key].errors.mae for key in (one.reference, one.best))
            print(
                f"  {name:24} {one.reference:15} {base:9.4g}   {one.best:13} {ours:9.4g}  {ours / base:7.2f}  {one.shown}"
            )
    assert len(chosen) >= 18
    for name, one in chosen.items():
        base, ours = (one.tested[key].errors.mae for key in (one.reference, one.best))
        if one.is_better:
            assert ours <= base * (1 - choosing.MARGIN), name
            assert one.shown == one.best
        else:
            assert one.shown == one.reference, name
            assert one.outlook.middle.tolist() == one.naive.middle.tolist()
    assert 0 < sum(one.is_better for one in chosen.values()) < len(chosen), "both are shown somewhere"
