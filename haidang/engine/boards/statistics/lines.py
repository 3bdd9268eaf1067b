"""Charts over periods: one unit, the plan as a line, and the numbers in a table behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from haidang.engine.boards import definition as d
from haidang.engine.boards import writing
from haidang.engine.boards.charts import Chart, chart
from haidang.engine.boards.shown import Point
from haidang.engine.boards.statistics import ahead, stats, words
from haidang.engine.boards.statistics.ahead import Ahead
from haidang.engine.boards.statistics.home import home_of
from haidang.engine.boards.tiles import Look
from haidang.engine.indicators import periods


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    why: str
    value: float | None = None


@dataclass(frozen=True, slots=True)
class PeriodChart:
    title: str
    unit: str
    chart: Chart | None
    names: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    is_denied: bool = False
    ahead: Ahead | None = None


def period_chart(tile: d.PeriodChartTile, look: Look) -> PeriodChart:
    home = home_of(look)
    catalogue = look.library.statistics
    seen = [
        one
        for one in tile.indicators
        if one in catalogue.entries and home and look.sees(one.partition(".")[0], home.place.pk)
    ]
    if home is None or not seen:
        return PeriodChart(str(tile.title), "", None, [], [], is_denied=home is not None)
    known = stats.known_of(seen, look, home, tile.periods)
    first = catalogue.entries[seen[0]].statistic
    newest = max((one.newest for one in known.values() if one.newest), default=None)
    if newest is None:
        return PeriodChart(str(tile.title), first.unit, None, [], [])
    last = periods.ending(newest, first.period)
    ends = [periods.end_of(periods.back(last, n)) for n in range(tile.periods - 1, -1, -1)]
    first_known = min(at for one in known.values() for at in one.figures)
    ends = [at for at in ends if at >= first_known]  # a young record is no empty half
    lines = [
        (
            str(known[one].statistic.title),
            [Point(at, known[one].number(at)) for at in ends if at in known[one].figures],
        )
        for one in seen
    ]
    limits = _plans(known, seen) if tile.plan else []
    coming = ahead.ahead_of(seen[:1], look, home, known).get(seen[0]) if tile.forecast else None
    expected = _expected(coming, known[seen[0]])
    drawn_ends = [*ends, *(point.at for _name, line in expected[:1] for point in line[1:])]
    drawn = chart(
        lines, after=ends[0] - timedelta(days=1), until=drawn_ends[-1] + timedelta(days=1), unit=writing.unit(first.unit),
        decimals=first.decimals, limits=limits, times=_times(drawn_ends, first.period), height=260, period=words.period(last),
        ahead=expected,
    )  # fmt: skip
    rows = [
        (words.period(periods.ending(at, first.period)), _cells(look, known, seen, at)) for at in ends[::-1]
    ]
    return PeriodChart(
        str(tile.title), first.unit, drawn, [name for name, _points in lines], rows, ahead=coming
    )


def _expected(coming: Ahead | None, known: stats.Known) -> list[tuple[str, Sequence[Point]]]:
    """Lines that go on from the newest number."""
    if coming is None or known.newest is None:
        return []
    return ahead.lines_of(coming, Point(known.newest, known.number(known.newest)))


def _cells(look: Look, known: dict[str, stats.Known], seen: Sequence[str], at: datetime) -> list[Cell]:
    found = []
    for address in seen:
        one = known[address].figures.get(at)
        text = writing.number(one.value if one else None, known[address].statistic.decimals)
        why = stats.why_url(look, address, one.place_id, at) if one else ""
        found.append(Cell(text, why, one.value if one else None))
    return found


def _plans(known: dict[str, stats.Known], seen: Sequence[str]) -> list[tuple[float, str]]:
    """The plan of a year in even parts, where the number adds up over a year; of other numbers the plan itself."""
    found = []
    for address in seen[:1]:
        statistic, plan = known[address].statistic, known[address].measures.get(stats.PLAN)
        if plan is None or plan.value is None:
            continue
        parts = 12 // periods.MONTHS[statistic.period] if statistic.over_time == "sum" else 1
        goal = writing.number(plan.value / parts, statistic.decimals)
        text = _("kế hoạch năm chia đều: %(n)s") if parts > 1 else _("kế hoạch: %(n)s")
        found.append((plan.value / parts, text % {"n": goal}))
    return found


def _times(ends: Sequence[datetime], kind: Any) -> list[tuple[datetime, str, bool]]:
    """Names of every third month where there are many; the first of a year stands out."""
    found = []
    for at in ends:
        period = periods.ending(at, kind)
        if kind == "month" and len(ends) > 6 and period.number % 3 != 1:
            continue
        found.append((at, words.short_period(period), period.number <= 1))
    return found
