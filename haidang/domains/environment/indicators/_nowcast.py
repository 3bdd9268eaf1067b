"""Nowcast as a figure of its own: the number AQI^h rests on."""

from __future__ import annotations

from haidang.engine.indicators.definition import Result, Window

from ._numbers import exact, rounded
from ._vn_aqi import nowcast_entry


def nowcast_of(parameter: str, window: Window) -> Result:
    """The Nowcast of this parameter in µg/m³."""
    found = nowcast_entry(parameter, window)
    if found is None:
        reason = "no_recent" if window.hours.get(parameter) else "no_data"
        return Result(None, "missing", {"parameters": {}, "missing": {parameter: reason}})
    part, used = found
    flagged = any(window.hours[parameter][back].flagged for _, back in used)
    detail = {"parameters": {parameter: part.detail}}
    value = rounded(exact(part.detail["concentration"]))
    return Result(value, "flagged" if flagged else "ok", detail, frozenset(used))
