"""Where the words of a limit stand beside its line: where no measured line runs through them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

# A track is one unbroken line: (thousandths of the width, pixels from the top).
Track = Sequence[tuple[float, float]]

# Pixels: a letter of the words, their height with the gap to the line, and a pane as narrow as a laptop's.
_LETTER, _TALL, _PANE = 7.0, 18.0, 600.0
# From an edge the words reach inwards; on a phone they need up to two thirds of the width.
_FROM_RIGHT = tuple(range(1000, 649, -50))
_FROM_LEFT = tuple(range(0, 351, 50))


@dataclass(frozen=True, slots=True)
class Spot:
    """`x`: thousandths of the width, where the words end or start; above the line or below it."""

    x: int
    ends: bool = True
    above: bool = True


def spot_for(text: str, y: float, tracks: Sequence[Track], *, bottom: float) -> Spot:
    """The spot with the least of the tracks behind it; of equal ones the first, from the right and above."""
    wide = min(650.0, len(text) * _LETTER / _PANE * 1000)
    points = [point for track in tracks for point in _dense(track)]

    def crossed(spot: Spot) -> int:
        left = spot.x - wide if spot.ends else spot.x
        high = y - _TALL if spot.above else y
        return sum(left <= a <= left + wide and high <= b <= high + _TALL for a, b in points)

    spots = [
        Spot(x, ends, above)
        for ends, edges in ((True, _FROM_RIGHT), (False, _FROM_LEFT))
        for x in edges
        for above in (True, False)
        if above or y + _TALL <= bottom
    ]
    return min(spots, key=crossed)


def _dense(track: Track) -> Iterator[tuple[float, float]]:
    """A point at least every five thousandths or two pixels."""
    yield from track[:1]
    for (a, b), (c, d) in pairwise(track):
        steps = max(1, int(abs(c - a) / 5), int(abs(d - b) / 2))
        for n in range(1, steps + 1):
            yield a + (c - a) * n / steps, b + (d - b) * n / steps
