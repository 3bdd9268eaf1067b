"""Whether the newest value of a history is unusual: its change against the usual ones, by median and median deviation.

After B. Iglewicz, D. Hoaglin, "How to Detect and Handle Outliers" (1993): a modified z-score above 3.5. Single wild values
of the past do not move the measure, as they would move mean and standard deviation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from haidang.engine.forecasting.methods import Numbers

BORDER = 3.5
SEASONAL, PLAIN = (
    13,
    17,
)  # how many changes must be known to call any of them usual: those of a year and the newest
_TO_SIGMA, _MEAN_TO_SIGMA = 1.4826, 1.2533  # median and mean absolute deviation of a normal law


@dataclass(frozen=True, slots=True)
class Judged:
    """The value beside what was to be expected, and the band around it outside which one calls it unusual.
    `back` is how many periods earlier it was compared with, `changes` how many usual changes that rests on.
    """

    value: float
    expected: float
    low: float
    high: float
    score: float
    back: int
    changes: int

    @property
    def is_unusual(self) -> bool:
        return abs(self.score) >= BORDER


def judge(values: Numbers, season: int, *, in_points: bool = False) -> Judged | None:
    """None where the history is too short, or never changed before. `in_points`: of shares the difference is looked at,
    else the ratio where all values are above zero.
    """
    back = season if season > 1 and len(values) >= season + SEASONAL else 1
    if len(values) < (back + SEASONAL if back > 1 else 1 + PLAIN):
        return None
    ratio = not in_points and bool(values.min() > 0)
    scaled = np.log(values) if ratio else values
    # What is older than some years says little about what is usual now.
    changes = (scaled[back:] - scaled[:-back])[-60 * max(1, season // 12) :]
    usual, newest = changes[:-1], float(changes[-1])
    middle = float(np.median(usual))
    deviation = _TO_SIGMA * float(np.median(np.abs(usual - middle)))
    if deviation < 1e-12:
        deviation = _MEAN_TO_SIGMA * float(np.abs(usual - middle).mean())
    if deviation < 1e-12:
        return None
    start = float(scaled[-1 - back])
    ends = [start + middle + sign * BORDER * deviation for sign in (-1, 0, 1)]
    low, expected, high = (float(np.exp(one)) if ratio else one for one in ends)
    return Judged(float(values[-1]), expected, low, high, (newest - middle) / deviation, back, len(usual))
