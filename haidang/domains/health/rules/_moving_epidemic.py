"""Thresholds of a disease by the moving epidemic method: when an epidemic begins, and how intense a week of it is.

Vega T. et al., "Influenza surveillance in Europe: establishing epidemic thresholds by the moving epidemic method",
Influenza and Other Respiratory Viruses 7 (2013) 546-558, and "… comparing the intensity …", the same 9 (2015) 234-246;
used by WHO for the severity of influenza (PISA, 2017). Made for influenza; for other seasonal diseases it is a
convention of the centre. A season is any scale of weekly numbers: cases, or cases for 100,000 people.

1. The epidemic of a season is the shortest run of weeks such that one week more would add less than `STEP` per cent of the
   season's cases.
2. The epidemic threshold is the upper limit of the one-sided 95 % interval of a point (mean + 1.645 standard deviations)
   over the highest weeks before the epidemics.
3. The intensity thresholds are the same limits at 40, 90 and 97.5 % over the highest weeks within them, of the logarithms.
   Of each season the `30 / seasons` highest weeks count, so that about thirty decide.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from statistics import NormalDist, fmean, stdev
from typing import Literal

from haidang.engine.contracts.sheets.days import Period
from haidang.engine.indicators import periods
from haidang.engine.rules.book import Past

STEP = 2.8  # per cent of a season's cases
LEAST, MOST = 5, 10  # seasons
DECIDING = 30  # weeks
WEEKS = 52

Level = Literal["baseline", "low", "medium", "high", "very_high"]
LEVELS: tuple[Level, ...] = ("baseline", "low", "medium", "high", "very_high")


class TooFewSeasons(ValueError):
    """Less past than the method needs: no threshold is better than a wrong one."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """In the unit of the seasons. An epidemic has begun at `epidemic`; from each of the others on it is that intense."""

    epidemic: float
    medium: float
    high: float
    very_high: float
    seasons: int

    def level(self, value: float) -> Level:
        """How intense a week with this value is."""
        limits = (self.epidemic, self.medium, self.high, self.very_high)
        return LEVELS[max((n for n, limit in enumerate(limits, 1) if value >= limit), default=0)]


def epidemic_of(season: Sequence[float], step: float = STEP) -> slice:
    """The weeks of a season's epidemic; an empty slice where nothing happened."""
    total = math.fsum(season)
    if total <= 0:
        return slice(0, 0)
    sums = [0.0, *accumulate(season)]
    best = [_fullest(sums, length) for length in range(1, len(season) + 1)]
    shares = [100 * (sums[start + length] - sums[start]) / total for length, start in enumerate(best, 1)]
    length = next((n for n in range(1, len(shares)) if shares[n] - shares[n - 1] < step), len(shares))
    return slice(best[length - 1], best[length - 1] + length)


def _fullest(sums: Sequence[float], length: int) -> int:
    """Where the run of so many weeks with the most cases begins; the first of several."""
    return max(range(len(sums) - length), key=lambda start: (sums[start + length] - sums[start], -start))


def thresholds(seasons: Sequence[Sequence[float]]) -> Thresholds:
    """From past seasons, the oldest first; the last ten count. Raises TooFewSeasons below five with an epidemic and weeks
    before it.
    """
    usable = [(season, found) for season in seasons if (found := epidemic_of(season)).start > 0][-MOST:]
    if len(usable) < LEAST:
        raise TooFewSeasons(f"{len(usable)} seasons with an epidemic and weeks before it; {LEAST} are needed")
    each = max(1, round(DECIDING / len(usable)))
    before = [one for season, found in usable for one in _highest(season[: found.start], each)]
    within = [one for season, found in usable for one in _highest(season[found], each)]
    # A week without a case has no logarithm: then one is added to all of them and taken off again.
    shift = 0.0 if min(within) > 0 else 1.0
    logs = [math.log(one + shift) for one in within]
    medium, high, very_high = (math.exp(_limit(logs, share)) - shift for share in (0.40, 0.90, 0.975))
    return Thresholds(_limit(before, 0.95), medium, high, very_high, len(usable))


def _highest(weeks: Iterable[float], most: int) -> list[float]:
    return sorted(weeks, reverse=True)[:most]


def _limit(values: Sequence[float], share: float) -> float:
    """Upper limit of the one-sided interval of a point."""
    return fmean(values) + NormalDist().inv_cdf(share) * (stdev(values) if len(values) > 1 else 0.0)


def seasons_of(weekly: Mapping[Period, float], first_week: int, before: Period) -> dict[Period, list[float]]:
    """First week → the 52 weeks from it on, of the seasons that are over before this week and whole, the oldest first."""
    found = {}
    for year in range(min((week.year for week in weekly), default=before.year), before.year + 1):
        first = Period("week", year, first_week)
        weeks = [periods.back(first, -number) for number in range(WEEKS)]
        if periods.end_of(weeks[-1]) < periods.end_of(before) and all(week in weekly for week in weeks):
            found[first] = [weekly[week] for week in weeks]
    return found


def limit(past: Past) -> float | None:
    """The epidemic threshold of a rule; None with too few seasons. `data` says in which ISO week seasons begin."""
    seasons = seasons_of(past.values, int(past.data["season_starts"]), past.period)
    try:
        return thresholds(list(seasons.values())).epidemic
    except TooFewSeasons:
        return None
