"""The way to a VN_AQI figure in words and numbers, for the "Vì sao?" drawer: made when shown, never stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from haidang.engine.indicators.definition import Step

from ._numbers import written

BASES = {
    "hour": ("trung bình 1 giờ", "1-hour mean"),
    "nowcast": ("Nowcast 12 giờ", "12-hour Nowcast"),
    "mean_24h": ("trung bình 24 giờ", "24-hour mean"),
    "max_1h": ("trung bình 1 giờ cao nhất trong ngày", "highest 1-hour mean of the day"),
    "max_8h": ("trung bình 8 giờ cao nhất trong ngày", "highest 8-hour mean of the day"),
}
REASONS = {
    "no_particles": (
        "Không có AQI: phải có ít nhất một trong PM10 và PM2.5.",
        "No AQI: at least one of PM10 and PM2.5 is required.",
    ),
    "no_data": ("Không có số liệu hợp lệ.", "No valid data."),
    "no_recent": (
        "Nowcast cần ít nhất 2 trong 3 giờ gần nhất.",
        "Nowcast needs at least 2 of the last 3 hours.",
    ),
}


def explain(detail: Mapping[str, Any], language: str) -> list[Step]:
    """One step per parameter and mean, then the composite."""
    pick = 1 if language == "en" else 0
    steps: list[Step] = []
    for parameter, part in detail.get("parameters", {}).items():
        steps += _concentration(parameter, part, language)
        steps.append(_sub_index(parameter, part, language))
        if other := part.get("other"):
            steps.append(_sub_index(parameter, other, language))
    for parameter, code in detail.get("missing", {}).items():
        steps.append(Step(parameter, REASONS[code][pick], "–"))
    if "deciding" in detail:
        indices = "; ".join(str(part["index"]) for part in detail["parameters"].values())
        value = detail["parameters"][detail["deciding"]]["index"]
        steps.append(Step("VN_AQI", f"max({indices})", f"{value} ({detail['deciding']})"))
    elif "reason" in detail:
        steps.append(Step("VN_AQI", REASONS[detail["reason"]][pick], "–"))
    return steps


def _concentration(parameter: str, part: Mapping[str, Any], language: str) -> list[Step]:
    basis = BASES[part["basis"]][1 if language == "en" else 0]
    value = f"{written(part['concentration'], language)} µg/m³"
    formula = ""
    if cast := part.get("nowcast"):
        least, most, weight = (
            written(cast[key], language, 4 if key == "weight" else 2) for key in ("least", "most", "weight")
        )
        formula = f"w = max(1/2; {least}/{most}) = {weight};  Σ w^(i−1)·cᵢ / Σ w^(i−1)"
    elif "measured" in part:
        formula = f"{written(part['measured'], language, 3)} mg/m³ × 1000"
    return [Step(f"{parameter}: {basis}", formula, value)]


def _sub_index(parameter: str, part: Mapping[str, Any], language: str) -> Step:
    low, high = (written(point, language) for point in part["breakpoints"])
    bottom, top = part["index_between"]
    value = f"{written(part['exact'], language)} → {part['index']}"
    if low == high:
        return Step(f"AQI {parameter}", f"> {high} µg/m³", value)
    concentration = written(part["concentration"], language, 4)
    formula = f"({top} − {bottom}) / ({high} − {low}) × ({concentration} − {low}) + {bottom}"
    return Step(f"AQI {parameter}", formula, value)
