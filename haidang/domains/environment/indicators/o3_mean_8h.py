"""The 8-hour mean of O3 that ends with an hour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from haidang.engine.indicators.definition import Result, Step, Window

from ._numbers import rounded, written
from ._vn_aqi import concentrations, mean_8h


def compute(window: Window) -> Result:
    found = mean_8h(concentrations("O3", window), 0)
    if found is None:
        return Result(None, "missing", {"reason": "no_data"})
    mean, hours = found
    flagged = len(hours) < window.data["least_hours"]["o3_8h"] or any(
        window.hours["O3"][back].flagged for back in hours
    )
    used = frozenset(("O3", back) for back in hours)
    return Result(
        rounded(mean), "flagged" if flagged else "ok", {"hours": len(hours), "mean": rounded(mean)}, used
    )


def explain(detail: Mapping[str, Any], language: str) -> list[Step]:
    if "mean" not in detail:
        return [Step("O3", "Không có số liệu hợp lệ." if language != "en" else "No valid data.", "–")]
    label = "O3: trung bình 8 giờ" if language != "en" else "O3: 8-hour mean"
    return [Step(label, f"Σ cᵢ / {detail['hours']}", f"{written(detail['mean'], language)} µg/m³")]
