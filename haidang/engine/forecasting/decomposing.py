"""Who made a change: the change of a sum over communes, taken apart into theirs. The parts add up exactly."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Part(Generic[K]):
    """One commune's part. `share` is per cent of the whole change, None where that is zero; `points` are those of the
    per cent by which the sum changed, None where it was not above zero.
    """

    key: K
    now: float
    before: float
    change: float
    share: float | None
    points: float | None


@dataclass(frozen=True, slots=True)
class Taken(Generic[K]):
    """A change and its parts, the largest first."""

    now: float
    before: float
    change: float
    parts: list[Part[K]]

    def rest(self, most: int) -> float:
        """What all but the first of the parts come to, exactly."""
        return float(sum((_exact(one.change) for one in self.parts[most:]), Fraction(0)))


def take_apart(now: Mapping[K, float], before: Mapping[K, float]) -> Taken[K]:
    """A key that is on one side only came or went with its whole value. Decimals are reckoned as written: no residue."""
    keys = [*now, *(key for key in before if key not in now)]
    exact = {key: (_exact(now.get(key, 0.0)), _exact(before.get(key, 0.0))) for key in keys}
    total_now = sum((one for one, _ in exact.values()), Fraction(0))
    total_before = sum((one for _, one in exact.values()), Fraction(0))
    change = total_now - total_before
    parts = [
        Part(
            key,
            float(one),
            float(other),
            float(one - other),
            float(100 * (one - other) / change) if change else None,
            float(100 * (one - other) / total_before) if total_before > 0 else None,
        )
        for key, (one, other) in exact.items()
    ]
    parts.sort(key=lambda part: -abs(part.change))
    return Taken(float(total_now), float(total_before), float(change), parts)


def _exact(value: float) -> Fraction:
    return Fraction(repr(float(value)))
