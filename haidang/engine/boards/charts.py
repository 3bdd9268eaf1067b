"""Charts over time drawn on the server: axes with unit, gaps left open, marks of calibration and fault, limits.

A chart is an SVG that needs no script; its numbers stand in a table behind it. Heights are pixels, times are
thousandths of the width: the lines stretch with the pane, words and dots keep their size.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from haidang.engine import clock
from haidang.engine.boards import writing
from haidang.engine.boards.labelling import Track, spot_for
from haidang.engine.boards.shown import Point
from haidang.engine.boards.sparkline import holes, runs, usual_step

ACROSS, TOP, BOTTOM = 1000, 10, 26
AHEAD = 8  # number, and so the style, of the first line of what is only expected


@dataclass(frozen=True, slots=True)
class Tick:
    # A height in pixels, or per cent of the width.
    at: str
    text: str
    # A tick of time that begins a day.
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal line: a limit or a class border."""

    y: str
    text: str
    # Where its words stand: per cent of the width, how they lie to it, and how far from the line.
    x: str = "100"
    anchor: str = "end"
    dy: str = "-.35em"


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of time, in per cent, in which the instrument was not measuring, or nothing came."""

    x: str
    width: str
    kind: str


@dataclass(slots=True)
class Line:
    name: str
    number: int
    runs: list[str] = field(default_factory=list)
    band: list[str] = field(default_factory=list)
    dots: list[tuple[str, str]] = field(default_factory=list)
    last: tuple[str, str] | None = None
    flagged: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Chart:
    height: int
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    lines: list[Line]
    rules: list[Rule]
    marks: list[Mark]
    unit: str
    summary: str
    # Limits too far above the line to be drawn, as "value name": said beside the chart.
    beyond: list[str] = field(default_factory=list)

    @property
    def top(self) -> int:
        return TOP

    @property
    def bottom(self) -> int:
        return self.height - BOTTOM


def nice_ticks(low: float, high: float, count: int = 4) -> list[float]:
    """Round numbers that cover low … high."""
    raw = (high - low) / max(1, count) or 1.0
    power = 10 ** math.floor(math.log10(raw))
    step = next((m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw * 0.999), 10 * power)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(n * step, 10) for n in range(first, last + 1)]


def _times(after: datetime, until: datetime, width: int) -> list[tuple[datetime, str, bool]]:
    hours = (until - after).total_seconds() / 3600
    least = hours * 88 / width
    step = next((s for s in (1, 2, 3, 4, 6, 12, 24, 48, 120, 168, 240, 360) if s >= least), 720)
    at = clock.local(after).replace(minute=0, second=0, microsecond=0)
    if step >= 24:
        at = at.replace(hour=0)
    found = []
    while at <= until:
        if at >= after and (at.hour % step == 0 if step < 24 else True):
            strong = at.hour == 0
            found.append((at, f"{at:%d/%m}" if strong or step >= 24 else f"{at:%H:%M}", strong))
            at += timedelta(hours=min(step, 24) if step < 24 else step)
        else:
            at += timedelta(hours=1 if step < 24 else 24)
    return found


def chart(
    rows: Sequence[tuple[str, Sequence[Point]]],
    *,
    after: datetime,
    until: datetime,
    unit: str,
    decimals: int | None = None,
    limits: Sequence[tuple[float, str]] = (),
    width: int = 960,
    height: int = 220,
    from_zero: bool = False,
    times: Sequence[tuple[datetime, str, bool]] | None = None,
    period: str = "",
    ahead: Sequence[tuple[str, Sequence[Point]]] = (),
) -> Chart | None:
    """None when there is no value to draw. `ahead` are lines of what is only expected: drawn, not summed up. `width`: pixels of a usual pane; decides how many times are named, where
    `times` does not name them; `period` is what the newest point is of, where that is no instant.
    """
    values = [p.value for _, points in rows for p in points if p.value is not None]
    if not values:
        return None
    # Where one point stands for several hours its band is drawn too, and has to fit.
    edges = [
        e
        for _, points in [*rows, *ahead]
        for p in points
        for e in (getattr(p, "low", None), getattr(p, "high", None))
    ]
    expected = [p.value for _, points in ahead for p in points if p.value is not None]
    reach = [*values, *expected, *(e for e in edges if e is not None)]
    low, high = (0.0 if from_zero else min(reach)), max(reach)
    # A limit far above everything would press the line flat: it is then named, not drawn.
    near = [
        (value, text) for value, text in limits if value <= high * 1.6 + 1e-9 or value <= high + (high - low)
    ]
    beyond = [f"{writing.number(value)} {text}" for value, text in limits if (value, text) not in near]
    high = max([high, *(value for value, _ in near)])
    if high - low < 1e-9:
        # One number, or always the same: an axis of a tenth of it keeps its own numbers short.
        spread = max(0.5, abs(high) / 20)
        low, high = low - spread, high + spread
    ticks = nice_ticks(low, high)
    low, high = ticks[0], ticks[-1]
    seconds = (until - after).total_seconds()

    def x(at: datetime) -> float:
        return ACROSS * (at - after).total_seconds() / seconds

    def y(value: float) -> float:
        return TOP + (height - TOP - BOTTOM) * (1 - (value - low) / (high - low))

    lines = [_line(name, number, points, x, y) for number, (name, points) in enumerate(rows, 1)]
    lines += [_line(name, number, points, x, y) for number, (name, points) in enumerate(ahead, AHEAD)]
    tracks = [
        [(x(p.at), y(p.value)) for p in run if p.value is not None]
        for _, points in [*rows, *ahead]
        for run in runs([p for p in points if p.mark not in ("calibration", "fault")])
    ]
    newest = max((p for _, points in rows for p in points if p.value is not None), key=lambda p: p.at)
    return Chart(
        height=height,
        x_ticks=[
            Tick(f"{x(at) * 100 / ACROSS:.2f}", text, strong)
            for at, text, strong in (_times(after, until, width) if times is None else times)
        ],
        y_ticks=[Tick(f"{y(v):.1f}", writing.number(v)) for v in ticks],
        lines=lines,
        rules=[_rule(y(value), text, tracks, height - BOTTOM) for value, text in near],
        marks=_marks(rows[0][1], x, until) if len(rows) == 1 else [],
        unit=unit,
        beyond=beyond,
        summary=f"{writing.number(min(values), decimals)}–{writing.number(max(values), decimals)} {unit}, "
        f"{period or writing.moment(newest.at)}: {writing.number(newest.value, decimals)}",
    )


def _rule(y: float, text: str, tracks: Sequence[Track], bottom: float) -> Rule:
    spot = spot_for(text, y, tracks, bottom=bottom)
    return Rule(
        f"{y:.1f}",
        text,
        x=f"{spot.x / 10:g}",
        anchor="end" if spot.ends else "start",
        dy="-.35em" if spot.above else "1.1em",
    )


def _line(name: str, number: int, points: Sequence[Point], x, y) -> Line:  # type: ignore[no-untyped-def]
    line = Line(name, number)
    measuring = [p for p in points if p.mark not in ("calibration", "fault")]
    for run in runs(measuring):
        path = [(x(p.at), y(p.value)) for p in run if p.value is not None]
        if len(path) == 1:
            line.dots.append((f"{path[0][0]:.1f}", f"{path[0][1]:.1f}"))
            continue
        line.runs.append(" ".join(f"{a:.1f},{b:.1f}" for a, b in path))
        lows = [(x(p.at), y(low)) for p in run if (low := getattr(p, "low", None)) is not None]
        highs = [(x(p.at), y(high)) for p in run if (high := getattr(p, "high", None)) is not None]
        if lows and highs:
            line.band.append(" ".join(f"{a:.1f},{b:.1f}" for a, b in highs + lows[::-1]))
    for p in measuring:
        if p.mark == "flagged" and p.value is not None:
            line.flagged.append((f"{x(p.at):.1f}", f"{y(p.value):.1f}"))
    last = next((p for p in reversed(measuring) if p.value is not None), None)
    if last and last.value is not None:
        line.last = (f"{x(last.at):.1f}", f"{y(last.value):.1f}")
    return line


def _marks(points: Sequence[Point], x, until: datetime) -> list[Mark]:  # type: ignore[no-untyped-def]
    """Gaps, calibration and fault as stretches of time."""
    step = usual_step(points)
    if step is None:
        return []
    found: list[Mark] = []
    ended = holes(points)

    def add(start: datetime, end: datetime, kind: str) -> None:
        left, width = x(start) * 100 / ACROSS, (x(end) - x(start)) * 100 / ACROSS
        found.append(Mark(f"{left:.2f}", f"{max(0.3, width):.2f}", kind))

    since: datetime | None = None
    for before, point in zip([None, *points], points, strict=False):
        if before is not None and point.at in ended:
            add(before.at, point.at, "gap")
        if point.mark in ("calibration", "fault") and since is None:
            since = point.at - step
        if since is not None and (point.mark not in ("calibration", "fault") or point is points[-1]):
            kind = before.mark if before is not None and before.mark in ("calibration", "fault") else "fault"
            add(since, point.at, kind)
            since = None
    if points and until - points[-1].at > step * 2.5:
        add(points[-1].at, until, "gap")
    return found
