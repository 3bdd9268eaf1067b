"""VN_AQI of QĐ 1459/QĐ-TCMT: sub-index, Nowcast, 8-hour means, the composite of an hour and of a day.

Concentrations are µg/m³ throughout; `window.data` is the table `vn_aqi` with the version's own data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from haidang.engine.indicators.definition import HourValue, Result, Window

from ._numbers import averaged, exact, rounded, whole

Hours = Mapping[int, HourValue]
Detail = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SubIndex:
    """Index of one parameter, and the breakpoints between which its concentration lies."""

    value: Decimal
    between: tuple[Decimal, Decimal]
    index_between: tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Part:
    """One parameter's sub-index, and what is told of it. Which of two is the larger is asked of the unrounded value."""

    value: Decimal
    detail: Detail


@dataclass(frozen=True, slots=True)
class Nowcast:
    """The weighted mean of twelve hours, and what it was weighted with."""

    value: Decimal
    weight: Decimal
    least: Decimal
    most: Decimal
    used: frozenset[int]


def sub_index(column: str, concentration: Decimal, data: Mapping[str, Any]) -> SubIndex:
    """`AQIx = (I[i+1] − I[i]) / (BP[i+1] − BP[i]) × (C − BP[i]) + I[i]`; above the last breakpoint its index."""
    points = [Decimal(point) for point in data["breakpoints"][column]]
    index = [Decimal(value) for value in data["index"]]
    for number in range(len(points) - 1):
        low, high = points[number], points[number + 1]
        if concentration <= high:
            bottom, top = index[number], index[number + 1]
            # Divided last: what comes out even is then exact.
            value = (top - bottom) * (concentration - low) / (high - low) + bottom
            return SubIndex(value, (low, high), (bottom, top))
    last = index[len(points) - 1]
    return SubIndex(last, (points[-1], points[-1]), (last, last))


def concentrations(parameter: str, window: Window) -> dict[int, Decimal]:
    """Hourly means in µg/m³ by hours back."""
    factor = Decimal(window.data["to_ugm3"].get(parameter, 1))
    return {back: averaged(hour.mean) * factor for back, hour in window.hours.get(parameter, {}).items()}


def nowcast(values: Mapping[int, Decimal], data: Mapping[str, Any]) -> Nowcast | None:
    """Nowcast over c1 (0 hours back) … c12; None when fewer than two of c1, c2, c3 are there.

    The decision prints `Σ (1/2)^i·ci` for w = 1/2. Those weights do not sum to one (0.99976 with all twelve values,
    0.4998 without c1), so the normalised form stands for every w.
    """
    rule = data["nowcast"]
    seen = {back: value for back, value in values.items() if 0 <= back < rule["hours"]}
    if sum(back < rule["recent"] for back in seen) < rule["recent_least"]:
        return None
    least, most = min(seen.values()), max(seen.values())
    floor = exact(rule["least_weight"])
    weight = max(floor, least / most) if most > 0 else floor
    total = sum(weight**back * value for back, value in seen.items())
    weights = sum(weight**back for back in seen)
    return Nowcast(Decimal(total) / weights, weight, least, most, frozenset(seen))


def mean_8h(values: Mapping[int, Decimal], back: int) -> tuple[Decimal, frozenset[int]] | None:
    """Mean of the hourly means of the eight hours that end `back` hours ago, of those that are there."""
    used = frozenset(hour for hour in range(back, back + 8) if hour in values)
    if not used:
        return None
    return Decimal(sum(values[hour] for hour in used)) / len(used), used


def entry(sub: SubIndex, concentration: Decimal, basis: str, **more: Any) -> Part:
    """One parameter's part of the composite."""
    detail = {
        "index": whole(sub.value),
        "exact": rounded(sub.value),
        "concentration": rounded(concentration, 4),
        "basis": basis,
        "breakpoints": [float(point) for point in sub.between],
        "index_between": [int(value) for value in sub.index_between],
        **more,
    }
    return Part(sub.value, detail)


def nowcast_entry(parameter: str, window: Window) -> tuple[Part, set[tuple[str, int]]] | None:
    """A particle parameter by its Nowcast."""
    cast = nowcast(concentrations(parameter, window), window.data)
    if cast is None:
        return None
    weights = {
        "weight": rounded(cast.weight, 4),
        "least": rounded(cast.least),
        "most": rounded(cast.most),
        "hours": len(cast.used),
    }
    part = entry(sub_index(parameter, cast.value, window.data), cast.value, "nowcast", nowcast=weights)
    return part, {(parameter, back) for back in cast.used}


def scale_class(value: int, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The class of the scale this value falls into."""
    return next((band for band in data["scale"] if value <= band["high"]), data["scale"][-1])


def composite(
    parts: Mapping[str, Part],
    missing: Mapping[str, str],
    used: set[tuple[str, int]],
    flagged: bool,
    window: Window,
) -> Result:
    """`AQI = max(AQIx)` over what is there. Without one of PM10 and PM2.5 there is no AQI, whatever else is."""
    details = {parameter: part.detail for parameter, part in parts.items()}
    detail: Detail = {"parameters": details, "missing": dict(missing)}
    if not any(parameter in parts for parameter in window.data["one_of"]):
        detail["reason"] = "no_particles" if parts else "no_data"
        return Result(None, "missing", detail, frozenset(used))
    # At equal indices the first in the decision's own order decides, so the answer does not depend on arrival.
    deciding = max(parts, key=lambda parameter: parts[parameter].value)
    value = details[deciding]["index"]
    band = scale_class(value, window.data)
    detail |= {
        "deciding": deciding,
        "exact": details[deciding]["exact"],
        "class": band["id"],
        "colour": band["colour"],
        "word": band["title"],
        "advice": band["id"],
    }
    return Result(float(value), "flagged" if flagged else "ok", detail, frozenset(used))
