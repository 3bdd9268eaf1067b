"""All stations of a simulated province: what each has to say between two instants."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from haidang.demo import faults
from haidang.demo.quantities import OF_KIND, plume, values
from haidang.demo.report import Report, Value
from haidang.demo.rhythm import Floats
from haidang.demo.station import Outside, Station

TOP_UGM3 = 340.0  # PM2.5 an episode adds at its heart: over 250 µg/m³ on raw 5-minute values
SHARE_OF = {"PM2.5": 1.0, "PM10": 1.25}


@dataclass(frozen=True, slots=True)
class Episode:
    """A burst of smoke over one station, or over all that have a share in the planned ones."""

    begins: float
    lasts: float
    top: float = TOP_UGM3
    heart: str = ""

    def share_of(self, station: Station) -> float:
        return float(station.code == self.heart) if self.heart else station.episode


class Province:
    """The simulated world. It has no state but the episodes asked for by hand."""

    def __init__(self, outside: Outside) -> None:
        self.outside = outside
        self.asked: list[Episode] = []

    def episodes(self, at: float) -> list[Episode]:
        hour = at // 3600 * 3600
        planned = [Episode(hour + 60 * begin, 60.0 * (end - begin)) for begin, end in faults.EPISODES]
        return planned + [e for e in self.asked if at - e.begins < 7200]

    def measured(self, station: Station, at: Floats, *, with_episodes: bool = True) -> dict[str, Floats]:
        """True values of every parameter at the instants `at`."""
        found = {}
        for quantity in OF_KIND[station.kind]:
            read = values(self.outside.seed, station.code, station.site, quantity, at)
            weight = SHARE_OF.get(quantity.name, 0.0)
            if with_episodes and weight:
                bursts = {e for moment in at for e in self.episodes(float(moment)) if e.share_of(station)}
                read = read + sum(
                    plume(at, e.begins, e.lasts, e.top * weight * e.share_of(station)) for e in bursts
                )
            found[quantity.name] = np.round(read, quantity.decimals)
        return found

    def report(self, station: Station, at: float) -> Report:
        """What the station says of the instant `at`, with the marks of its own self-test."""
        found = self.measured(station, np.array([at]))
        readings = tuple(Value(q.name, float(found[q.name][0]), q.unit) for q in OF_KIND[station.kind])
        return Report(station.code, at, faults.marked(station, at, readings))

    def reports(self, station: Station, after: float, until: float) -> Iterator[tuple[float, Report]]:
        """(instant of sending, report) of every stamp the station sends within (after, until]."""
        every, offset = station.every_s, station.offset_s
        stamp = (math.floor((after - offset) / every) + 1) * every
        while stamp + offset <= until:
            if not faults.is_dark(station, stamp):
                report = self.report(station, float(stamp))
                yield stamp + offset, faults.clumsy(station, report) or report
                if faults.is_twice(station, float(stamp)):
                    yield stamp + offset + 1, report
            stamp += every
