"""Small and large charts as SVG numbers: the shape is computed here, the template only writes it down.

Nothing is drawn where nothing was measured: a gap in time breaks the line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from haidang.engine.boards.shown import Point


@dataclass(frozen=True, slots=True)
class Spark:
    """A line of 150 × 40 units."""

    width: int
    height: int
    lines: list[str]
    areas: list[str]
    end: tuple[str, str] | None
    target_y: str


def holes(points: Sequence[Point]) -> set[datetime]:
    """Where nothing came: the ends of those distances that are longer than one and a half usual steps.

    A series may change its rhythm, hourly history before five minutes live: two such distances in a row, on either
    side, are a rhythm and no hole.
    """
    step = usual_step(points)
    if step is None:
        return set()
    steps = [after.at - before.at for before, after in pairwise(points)]

    def is_rhythm(n: int, side: int) -> bool:
        around = [steps[m] for m in (n + side, n + 2 * side) if 0 <= m < len(steps)]
        return len(around) == 2 and all(one * 1.5 >= steps[n] for one in around)

    return {
        points[n + 1].at
        for n, one in enumerate(steps)
        if one > step * 1.5 and not is_rhythm(n, -1) and not is_rhythm(n, 1)
    }


def runs(points: Sequence[Point]) -> list[list[Point]]:
    """Points in unbroken rows: a missing value or a hole ends a row."""
    ended = holes(points)
    rows: list[list[Point]] = [[]]
    for point in points:
        if point.value is None:
            rows.append([])
            continue
        if point.at in ended:
            rows.append([])
        rows[-1].append(point)
    return [row for row in rows if row]


def usual_step(points: Sequence[Point]) -> timedelta | None:
    """The middle distance between neighbours."""
    steps = sorted(b.at - a.at for a, b in pairwise(points) if b.at > a.at)
    return steps[len(steps) // 2] if steps else None


def spark(
    points: Sequence[Point], *, target: float | None = None, width: int = 150, height: int = 40
) -> Spark | None:
    """None when there is nothing to draw a line of."""
    values = [p.value for p in points if p.value is not None]
    if len(values) < 2:
        return None
    low, high = min(values), max(values)
    if target is not None and (high - low) and low - (high - low) <= target <= high + 2 * (high - low):
        low, high = min(low, target), max(high, target)
    spread = (high - low) or abs(high) or 1.0
    start, end = points[0].at, points[-1].at
    seconds = (end - start).total_seconds() or 1.0
    pad = 6.0

    def x(at: datetime) -> float:
        return 4 + (width - 10) * (at - start).total_seconds() / seconds

    def y(value: float) -> float:
        return pad + (height - 2 * pad) * (1 - (value - low) / spread)

    lines, areas = [], []
    for row in runs(points):
        path = [(x(p.at), y(p.value)) for p in row if p.value is not None]
        if len(path) == 1:
            path.append((path[0][0] + 1, path[0][1]))
        text = " ".join(f"{a:.1f},{b:.1f}" for a, b in path)
        lines.append(text)
        areas.append(f"{path[0][0]:.1f},{height} {text} {path[-1][0]:.1f},{height}")
    last = next(p for p in reversed(points) if p.value is not None)
    inside = target is not None and low <= target <= high
    return Spark(
        width,
        height,
        lines,
        areas,
        (f"{x(last.at):.1f}", f"{y(last.value or 0.0):.1f}"),
        f"{y(target):.1f}" if inside and target is not None else "",
    )
