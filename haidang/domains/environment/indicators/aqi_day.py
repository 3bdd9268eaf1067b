"""AQI^d: particles by their 24-hour mean, gases by their highest hour, O3 also by its highest 8-hour mean.

The day is the hours 01:00 … 00:00 of the next day; the period ends at 00:00, hour 0 back. The 8-hour means of its
first hours reach into the day before, so the window holds 31 hours.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from haidang.engine.indicators.definition import Result, Window

from ._numbers import rounded
from ._vn_aqi import Part, composite, concentrations, entry, mean_8h, sub_index
from ._vn_aqi_words import explain

__all__ = ["compute", "explain"]

DAY = range(24)
Used = set[tuple[str, int]]


def compute(window: Window) -> Result:
    parts: dict[str, Part] = {}
    missing: dict[str, str] = {}
    used: Used = set()
    flagged = False
    for parameter in ("SO2", "CO", "NO2", "O3", "PM10", "PM2.5"):
        values = concentrations(parameter, window)
        today = {back: values[back] for back in DAY if back in values}
        if not today:
            missing[parameter] = "no_data"
            continue
        whole_hours = sum(not window.hours[parameter][back].flagged for back in today)
        flagged |= whole_hours < window.data["least_hours"]["day"]
        part, hours = _part(parameter, values, today, window)
        parts[parameter] = _with(part, hours=len(today))
        used |= hours
    return composite(parts, missing, used, flagged, window)


def _with(part: Part, **more: object) -> Part:
    return replace(part, detail={**part.detail, **more})


def _part(
    parameter: str, values: dict[int, Decimal], today: dict[int, Decimal], window: Window
) -> tuple[Part, Used]:
    used = {(parameter, back) for back in today}
    if parameter in window.data["one_of"]:
        mean = Decimal(sum(today.values())) / len(today)
        return entry(sub_index(parameter, mean, window.data), mean, "mean_24h"), used
    back = max(today, key=lambda hour: (today[hour], -hour))
    highest = today[back]
    column = "O3_1h" if parameter == "O3" else parameter
    more = {"measured": window.hours[parameter][back].mean} if parameter in window.data["to_ugm3"] else {}
    part = entry(sub_index(column, highest, window.data), highest, "max_1h", back=back, **more)
    return _with_8h(part, values, used, window) if parameter == "O3" else (part, used)


def _with_8h(one_hour: Part, values: dict[int, Decimal], used: Used, window: Window) -> tuple[Part, Used]:
    """The larger of the two O3 sub-indices; the other one stays in the detail."""
    least = window.data["least_hours"]["o3_8h"]
    means = {back: mean for back in DAY if (mean := mean_8h(values, back)) and len(mean[1]) >= least}
    listed = [rounded(means[back][0]) if back in means else None for back in reversed(DAY)]
    used |= {("O3", hour) for _, hours in means.values() for hour in hours}
    if not means:
        return _with(one_hour, means_8h=listed), used
    back = max(means, key=lambda hour: (means[hour][0], -hour))
    highest = means[back][0]
    if highest > window.data["o3_8h_limit"]:
        return _with(one_hour, means_8h=listed, max_8h=rounded(highest), above_8h_limit=True), used
    eight = entry(sub_index("O3_8h", highest, window.data), highest, "max_8h", back=back)
    first, second = (eight, one_hour) if eight.value > one_hour.value else (one_hour, eight)
    return _with(first, other=second.detail, means_8h=listed, max_8h=rounded(highest)), used
