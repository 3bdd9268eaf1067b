"""VN_WQI of an hour, the variant for automatic stations. NOT CHECKED against the decision: shown with that label."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from decimal import Decimal
from math import prod
from typing import Any

from haidang.engine.indicators.definition import Result, Step, Window

from ._numbers import averaged, exact, rounded, whole, written

UNCHECKED = {"vi": "chưa đối chiếu", "en": "not checked"}


def compute(window: Window) -> Result:
    data = window.data
    values = {parameter: averaged(hours[0].mean) for parameter, hours in window.hours.items() if 0 in hours}
    used = set(values)
    detail: dict[str, Any] = {"label": UNCHECKED}
    if "DO_pct" not in values and (percent := oxygen_saturation(values, data)):
        values["DO_pct"] = percent
        detail["do_pct_from"] = {"DO": rounded(values["DO"]), "Temp": rounded(values["Temp"])}
    parts = {p: _sub_index(data["points"][p], c) for p, c in values.items() if p in data["points"]}
    groups = {
        name: [parts[parameter] for parameter in members if parameter in parts]
        for name, members in data["groups"].items()
    }
    detail["parameters"] = {
        p: {"index": rounded(parts[p]), "concentration": rounded(values[p], 3)} for p in sorted(parts)
    }
    rests = {"DO", "Temp"} if "do_pct_from" in detail else set()
    lineage = frozenset((parameter, 0) for parameter in used & (set(parts) | rests))
    if not groups["II"]:
        return Result(None, "missing", {**detail, "reason": "no_group_2"}, lineage)
    index = min(Decimal(100), aggregate(groups))
    value = whole(index)
    band = next(band for band in data["scale"] if value <= band["high"])
    detail |= {
        "groups": {name: [rounded(part) for part in members] for name, members in groups.items()},
        "exact": rounded(index),
        "class": band["id"],
        "colour": band["colour"],
        "word": band["title"],
        "deciding": min(parts, key=lambda parameter: (parts[parameter], parameter)),
    }
    flagged = any(window.hours[parameter][0].flagged for parameter, _ in lineage)
    return Result(float(value), "flagged" if flagged else "ok", detail, lineage)


def oxygen_saturation(values: Mapping[str, Decimal], data: Mapping[str, Any]) -> Decimal | None:
    """Dissolved oxygen in % of saturation, from mg/l and the water's temperature."""
    if "DO" not in values or "Temp" not in values:
        return None
    saturated = Decimal(0)
    for term in reversed(data["do_saturation"]):
        saturated = saturated * values["Temp"] + exact(term)
    return values["DO"] / saturated * 100 if saturated > 0 else None


def aggregate(groups: Mapping[str, list[Decimal]]) -> Decimal:
    """`(geometric mean of I)/100 × (mean II² × mean III × mean IV)^(1/4)`; without III or IV the root is lower."""
    factor = Decimal(1)
    if groups["I"]:
        factor = prod(groups["I"], start=Decimal(1)) ** (Decimal(1) / len(groups["I"])) / 100
    means = [sum(members, Decimal(0)) / len(members) for name in ("III", "IV") if (members := groups[name])]
    organic = sum(groups["II"], Decimal(0)) / len(groups["II"])
    return Decimal(factor) * prod([organic, organic, *means], start=Decimal(1)) ** (
        Decimal(1) / (2 + len(means))
    )


def _sub_index(table: Mapping[str, Any], concentration: Decimal) -> Decimal:
    points = [(exact(at), exact(quality)) for at, quality in table["points"]]
    if concentration < points[0][0]:
        return exact(table.get("below", points[0][1]))
    for (low, at_low), (high, at_high) in itertools.pairwise(points):
        if concentration <= high:
            return at_low + (at_high - at_low) * (concentration - low) / (high - low)
    if concentration == points[-1][0]:
        return points[-1][1]
    return exact(table.get("above", points[-1][1]))


def explain(detail: Mapping[str, Any], language: str) -> list[Step]:
    english = language == "en"
    steps = [Step("VN_WQI", "QĐ 1460/QĐ-TCMT", UNCHECKED["en" if english else "vi"])]
    if source := detail.get("do_pct_from"):
        formula = f"DO {written(source['DO'], language)} mg/l, {written(source['Temp'], language)} °C"
        percent = detail["parameters"]["DO_pct"]["concentration"]
        steps.append(Step("DO %", formula, f"{written(percent, language)}%"))
    for parameter, part in detail.get("parameters", {}).items():
        label = f"WQI {parameter}"
        steps.append(
            Step(label, written(part["concentration"], language, 3), written(part["index"], language))
        )
    if "exact" in detail:
        formula = "WQI_I/100 × (II² × III × IV)^(1/n)"
        steps.append(Step("VN_WQI", formula, f"{written(detail['exact'], language)}"))
    elif "reason" in detail:
        text = (
            "no organic or nutrient parameter" if english else "thiếu nhóm bắt buộc (oxy, hữu cơ, dinh dưỡng)"
        )
        steps.append(Step("VN_WQI", text, "–"))
    return steps
