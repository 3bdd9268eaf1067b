"""The time rail under the map: one day, every hour a link to what was known then.

Places are shares of its length, so that words and marks keep their size however wide the pane is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from haidang.engine import clock

FIRST, LAST = 3.0, 97.5  # per cent of its length
# What the word of the present takes, half of it and half of its neighbour: on a wide rail, and on a narrow one.
CLEAR, CLEAR_NARROW = 7.0, 14.5
BACK, AHEAD = timedelta(hours=18), timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Hour:
    x: str
    hit: str
    url: str
    text: str
    label: str
    # "spare": the label has no room on a narrow rail.
    css: str


@dataclass(frozen=True, slots=True)
class Mark:
    x: str
    priority: int


@dataclass(frozen=True, slots=True)
class Rail:
    here: str
    text: str
    anchor: str
    hours: list[Hour]
    marks: list[Mark]
    hit_width: str
    back_url: str
    now_url: str


def _address(path: str, at: datetime) -> str:
    return f"{path}?{urlencode({'as_of': clock.local(at).isoformat(timespec='minutes')})}"


def rail(path: str, now: datetime, as_of: datetime | None, raised: Iterable[tuple[datetime, int]]) -> Rail:
    """`raised` are alarms as (instant, priority); those outside the rail are left out."""
    start, end = now - BACK, now + AHEAD
    scale = (LAST - FIRST) / (end - start).total_seconds()

    def x(at: datetime) -> float:
        return FIRST + (at - start).total_seconds() * scale

    here = as_of or now
    shown = max(x(here), FIRST)
    width = 3600 * scale
    at, hours = clock.hour_end(start), []
    while at <= end:
        local = clock.local(at)
        if at < now:
            away = abs(x(at) - shown)
            label = f"{local:%H:%M}" if local.hour % 3 == 0 and away > CLEAR else ""
            css = "spare" if local.hour % 6 or away < CLEAR_NARROW else ""
            hours.append(
                Hour(
                    f"{x(at):.2f}",
                    f"{x(at) - width / 2:.2f}",
                    _address(path, at),
                    f"{local:%H:%M}",
                    label,
                    css,
                )
            )
        at += timedelta(hours=1)
    seen = [(when, priority) for when, priority in raised if start <= when <= here]
    # The gravest last: it is drawn over the others.
    marks = [Mark(f"{x(when):.2f}", priority) for when, priority in sorted(seen, key=lambda one: -one[1])]
    return Rail(
        here=f"{shown:.2f}",
        text=f"{clock.local(here):%H:%M}",
        anchor="start" if shown < 6 else "middle",
        hours=hours,
        marks=marks,
        hit_width=f"{width:.2f}",
        back_url=_address(path, here - timedelta(hours=6)),
        now_url=path,
    )
