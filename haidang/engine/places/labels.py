"""Where the words on a map go: no two over each other, none over the frame, each as near its place as it can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
FREE = 0.5  # square pixels: less is rounding, not overlap
_BEAD = 6.0  # pixels
_NARROW = set("ijlrtfI.,:;·'’|!()1 ")
_WIDE = set("mwMWĐQOÔƠ%@–")


def text_width(text: str, size: float, strong: bool = False) -> float:
    """Width of a line of Inter, a little generous: measured words come out up to a tenth narrower."""
    units = 0.0
    for letter in text:
        if letter in _NARROW:
            units += 0.33
        elif letter in _WIDE:
            units += 0.86
        elif letter.isupper():
            units += 0.70
        else:
            units += 0.59
    return units * size * (1.05 if strong else 1.0)


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def overlaps(self, other: Box) -> bool:
        return (
            self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom
        )

    def grown(self, by: float) -> Box:
        return Box(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)


def as_rows(boxes: Sequence[Box]) -> Numbers:
    """Left, top, right, bottom: one row a box."""
    return np.array([(box.x, box.y, box.right, box.bottom) for box in boxes], dtype=float).reshape(-1, 4)


class Ground:
    """What of the picture is taken. Overlap is counted in square pixels, by weight."""

    def __init__(self, bounds: Box) -> None:
        self._frame = as_rows([bounds])
        self._taken = np.empty((64, 5))  # left, top, right, bottom, weight
        self._count = 0

    def take(self, box: Box, weight: float = 1.0) -> None:
        if self._count == len(self._taken):
            self._taken = np.concatenate([self._taken, np.empty_like(self._taken)])
        self._taken[self._count] = (box.x, box.y, box.right, box.bottom, weight)
        self._count += 1

    def cost(self, rows: Numbers) -> Numbers:
        """For each candidate (left, top, right, bottom): what it covers, and ten times what leaves the picture."""
        inside = overlap(rows, self._frame)[:, 0]
        areas = (rows[:, 2] - rows[:, 0]) * (rows[:, 3] - rows[:, 1])
        taken = self._taken[: self._count]
        cost: Numbers = 10 * (areas - inside) + overlap(rows, taken[:, :4]) @ taken[:, 4]
        return cost

    def take_line(self, start: tuple[float, float], end: tuple[float, float], weight: float = 1.0) -> None:
        """A thin line, as a string of small boxes."""
        (x1, y1), (x2, y2) = start, end
        count = max(1, round(max(abs(x2 - x1), abs(y2 - y1)) / _BEAD))
        for at in range(count):
            share = (at + 0.5) / count
            x, y = x1 + (x2 - x1) * share, y1 + (y2 - y1) * share
            self.take(Box(x - _BEAD / 2, y - _BEAD / 2, _BEAD, _BEAD), weight)

    def is_free(self, box: Box) -> bool:
        return bool(self.cost(as_rows([box]))[0] < FREE)


def overlap(rows: Numbers, others: Numbers) -> Numbers:
    """Square pixels: a row for each of these boxes, a column for each of the others."""
    width = np.minimum(rows[:, None, 2], others[None, :, 2]) - np.maximum(
        rows[:, None, 0], others[None, :, 0]
    )
    height = np.minimum(rows[:, None, 3], others[None, :, 3]) - np.maximum(
        rows[:, None, 1], others[None, :, 1]
    )
    square: Numbers = np.clip(width, 0, None) * np.clip(height, 0, None)
    return square
