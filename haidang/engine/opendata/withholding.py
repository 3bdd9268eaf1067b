"""Small counts are withheld, and as many more as it takes that no sum gives them away, in no edition and between none.

A count above zero and below the bound is withheld; zero is told. Whoever knows the total of a level (the province's
own figure is another data set) could subtract what is told: so among the units of one level and period at least two
are withheld, whose sum is no small count either; where there are not enough, none of that level is told.

Editions stay public, so whoever has several could compare them. What one withholds is withheld in every later one. Where
a later one has to withhold what an earlier one told, none of its level is told: that the others are still what they were
would give it away. And withheld lines all carry the last revision of any of them, so that none of them is seen to be the one
that was corrected.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from haidang.engine.opendata.rows import Line

Value = float | None


def withheld(lines: Sequence[Line], bound: int, opened: int = 0) -> Sequence[Line]:
    """These lines of one period, with the values taken out that may not be told. `opened`: the epoch of the first
    edition that was public.
    """
    for level in {line.place_level for line in lines}:
        _one_level([line for line in lines if line.place_level == level], bound, opened)
    return lines


def _one_level(lines: Sequence[Line], bound: int, opened: int) -> None:
    hidden: set[int] = set()
    told: set[int] = set()
    for epoch in _editions(lines, opened):
        values = [_value_at(line, epoch) for line in lines]
        out = _out(values, hidden, bound, [line.place_code for line in lines])
        there = {number for number, value in enumerate(values) if value is not None}
        if out & told:
            out = there
        hidden |= out
        told |= there - out
    taken = [lines[number] for number in sorted(hidden) if lines[number].value is not None]
    last = max(taken, key=lambda line: line.epoch, default=None)
    revision = max((line.revision for line in taken), default=0)
    for line in taken:
        line.value, line.before, line.status = None, None, "withheld"
        if last is not None:
            line.revision, line.epoch, line.since = revision, last.epoch, last.since


def _editions(lines: Sequence[Line], opened: int) -> list[int]:
    """Epochs of the public editions up to this one, the first first. Where a level has one line there is no sum to compare."""
    found = {max(epoch, opened) for line in lines for epoch, _ in _changes(line)}
    return sorted(found)[-1:] if len(lines) == 1 else sorted(found)


def _changes(line: Line) -> Sequence[tuple[int, Value]]:
    return line.changes or [(line.epoch, line.value)]


def _value_at(line: Line, epoch: int) -> Value:
    return next((value for since, value in reversed(_changes(line)) if since <= epoch), None)


def _out(values: Sequence[Value], hidden: set[int], bound: int, codes: Sequence[str]) -> set[int]:
    """Which of these go: the small ones, those that are `hidden` already, and what it takes beside them."""
    there = {number: value for number, value in enumerate(values) if value is not None}
    small = {number for number, value in there.items() if 0 < value < bound}
    out = small | (hidden & there.keys())
    if not small or len(values) == 1:
        return out
    # The smallest first: of what must go, it tells the least. Sorted by code where they are alike: no chance in it.
    others = sorted(
        (number for number in there if number not in out and there[number] >= bound),
        key=lambda number: (there[number], codes[number]),
    )
    while (len(out) < 2 or sum(there[number] for number in out) < bound) and others:
        out.add(others.pop(0))
    enough = len(out) >= 2 and sum(there[number] for number in out) >= bound
    return out if enough else set(there)
