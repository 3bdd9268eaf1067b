from haidang.engine.indicators.definition import Result, Window

from ._nowcast import nowcast_of
from ._vn_aqi_words import explain

__all__ = ["compute", "explain"]


def compute(window: Window) -> Result:
    return nowcast_of("PM10", window)
