"""AQI^h: gases by their 1-hour mean, particles by Nowcast."""

from __future__ import annotations

from haidang.engine.indicators.definition import Result, Window

from ._vn_aqi import Part, composite, concentrations, entry, nowcast_entry, sub_index
from ._vn_aqi_words import explain

__all__ = ["compute", "explain"]

GASES = {"SO2": "SO2", "CO": "CO", "NO2": "NO2", "O3": "O3_1h"}
PARTICLES = ("PM10", "PM2.5")


def compute(window: Window) -> Result:
    parts: dict[str, Part] = {}
    missing: dict[str, str] = {}
    used: set[tuple[str, int]] = set()
    for parameter, column in GASES.items():
        value = concentrations(parameter, window).get(0)
        if value is None:
            missing[parameter] = "no_data"
            continue
        more = {"measured": window.hours[parameter][0].mean} if parameter in window.data["to_ugm3"] else {}
        parts[parameter] = entry(sub_index(column, value, window.data), value, "hour", **more)
        used.add((parameter, 0))
    for parameter in PARTICLES:
        if found := nowcast_entry(parameter, window):
            parts[parameter] = found[0]
            used |= found[1]
        else:
            missing[parameter] = "no_recent" if window.hours.get(parameter) else "no_data"
    flagged = any(window.hours[parameter][back].flagged for parameter, back in used)
    return composite(parts, missing, used, flagged, window)
