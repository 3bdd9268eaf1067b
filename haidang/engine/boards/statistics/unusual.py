"""“Điều bất thường”: which of a board's statistics changed in an unusual way, in words; silence where too little is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.utils.translation import gettext as _

from haidang.engine.boards import definition as d
from haidang.engine.boards import writing
from haidang.engine.boards.statistics import stats, words
from haidang.engine.boards.statistics.home import Home, home_of
from haidang.engine.boards.tiles import Look
from haidang.engine.forecasting.backtest import SEASON
from haidang.engine.forecasting.history import without_gap
from haidang.engine.forecasting.unusual import Judged, judge
from haidang.engine.indicators import periods, units
from haidang.engine.indicators.statistic import Statistic

PERIODS = 75  # six years of months behind the newest; of weeks a season and half a year
RECENT = 2  # periods: what is older than the last two is no news


@dataclass(frozen=True, slots=True)
class Line:
    """One finding. The numbers of its sentence lead to their reasons: the value, and what it is compared with."""

    title: str
    at: datetime
    period: str
    value: str
    unit: str
    head: str  # “cao hơn 18,2% so với mức thường thấy”
    expected: str
    reach: str
    before: str
    before_period: str
    sign: words.Sign
    is_good: bool | None
    why_url: str
    before_url: str
    score: float
    changes: int
    detail: str


@dataclass(frozen=True, slots=True)
class Unusual:
    """`looked` statistics were judged; of `silent` too little is known to call anything unusual."""

    title: str
    lines: Sequence[Line]
    total: int
    looked: int
    silent: int
    is_denied: bool = False


def unusual(tile: d.UnusualTile, board: d.Board, look: Look) -> Unusual:
    home, named = home_of(look), list(tile.indicators or statistics_of(board))
    entries = look.library.statistics.entries
    seen = [
        one for one in named if one in entries and home and look.sees(one.partition(".")[0], home.place.pk)
    ]
    if home is None or not seen:
        return Unusual(str(tile.title), [], 0, 0, 0, is_denied=bool(named) and home is not None)
    known = look.once(("unusual", tuple(seen)), lambda: stats.known_of(seen, look, home, PERIODS))
    found, looked = [], 0
    for address in seen:
        one = known[address]
        judged = _judged(one)
        if judged is None:
            continue
        looked += 1
        if judged.is_unusual and _is_news(one, look.now):
            found.append(_line(address, one, judged, look, home))
    found.sort(key=lambda line: -abs(line.score))
    return Unusual(str(tile.title), found[: tile.most], len(found), looked, len(seen) - looked)


def statistics_of(board: d.Board) -> list[str]:
    """Every statistic of the province that stands on a board, each once."""
    found: list[str] = []
    for tile in board.tiles:
        if isinstance(tile, d.StatisticTile):
            found.append(tile.indicator)
        elif isinstance(tile, d.StatisticTableTile | d.PeriodChartTile):
            found += tile.indicators
    return list(dict.fromkeys(found))


def _judged(one: stats.Known) -> Judged | None:
    kind = one.statistic.period
    history = without_gap(kind, {at: v.value for at, v in one.figures.items() if v.value is not None})
    if not history.ends:
        return None
    return judge(np.asarray(history.values), SEASON[kind], in_points=_is_share(one.statistic))


def _is_share(statistic: Statistic) -> bool:
    return not units.parse(statistic.unit).powers


def _is_news(one: stats.Known, now: datetime) -> bool:
    kind = one.statistic.period
    oldest = periods.end_of(periods.back(periods.holding(now, kind), RECENT + 1))
    return one.newest is not None and one.newest >= oldest


def _line(address: str, one: stats.Known, judged: Judged, look: Look, home: Home) -> Line:
    if one.newest is None:
        raise LookupError(address)
    statistic, at = one.statistic, one.newest
    period = periods.ending(at, statistic.period)
    earlier = periods.back(period, judged.back)
    before_at = periods.end_of(earlier)
    before = one.figures.get(before_at)
    decimals, unit = statistic.decimals, writing.unit(statistic.unit)
    step = words.change(judged.value, judged.expected, statistic.unit, decimals)
    told = {"by": _size(step, decimals)}
    head = (
        _("cao hơn %(by)s so với mức thường thấy")
        if judged.score > 0
        else _("thấp hơn %(by)s so với mức thường thấy")
    ) % told
    good = {"up_is_good": judged.score > 0, "down_is_good": judged.score < 0}.get(statistic.direction)
    return Line(
        title=str(statistic.title),
        at=at,
        period=words.of_period(period),
        value=writing.number(judged.value, decimals),
        unit=unit,
        head=head,
        expected=writing.number(judged.expected, decimals),
        reach=f"{writing.number(judged.low, decimals)} – {writing.number(judged.high, decimals)}",
        before=writing.number(before.value if before else None, decimals),
        before_period=words.of_period(earlier),
        sign="up" if judged.score > 0 else "down",
        is_good=good,
        why_url=stats.why_url(look, address, one.figures[at].place_id, at),
        before_url=stats.why_url(look, address, before.place_id if before else home.place.pk, before_at),
        score=judged.score,
        changes=judged.changes,
        detail=_("theo %(n)d lần thay đổi trước đây, lệch %(times)s độ lệch thường")
        % {"n": judged.changes, "times": writing.number(abs(judged.score), 1)},
    )


def _size(step: words.Change, decimals: int) -> str:
    digits = 1 if step.unit == "%" else decimals
    space = "" if step.unit == "%" else " "
    return f"{writing.number(abs(step.amount), digits)}{space}{step.unit}".rstrip()
