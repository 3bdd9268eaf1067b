"""Small counts are withheld, and as many more as it takes that no sum gives them away.

A count above zero and below the bound is withheld; zero is told. Whoever knows the total of a level (the province's
own figure is another data set) could subtract what is told: so among the units of one level and period at least two
are withheld, whose sum is no small count either; where there are not enough, none of that level is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from haidang.engine.opendata.rows import Line


def withheld(lines: Sequence[Line], bound: int) -> Sequence[Line]:
    """These lines of one period, with the values taken out that may not be told."""
    for level in {line.place_level for line in lines}:
        _one_level([line for line in lines if line.place_level == level], bound)
    return lines


def _one_level(lines: Sequence[Line], bound: int) -> None:
    told = [line for line in lines if line.value is not None]
    small = [line for line in told if 0 < _value(line) < bound]
    if not small:
        return
    out = list(small)
    if len(lines) > 1:
        # The smallest first: of what must go, it tells the least. Sorted by code where they are alike: no chance in it.
        others = sorted(
            (line for line in told if _value(line) >= bound), key=lambda one: (_value(one), one.place_code)
        )
        while (len(out) < 2 or sum(map(_value, out)) < bound) and others:
            out.append(others.pop(0))
        if len(out) < 2 or sum(map(_value, out)) < bound:
            out = told
    for line in out:
        line.value, line.before, line.status = None, None, "withheld"


def _value(line: Line) -> float:
    return line.value or 0.0
