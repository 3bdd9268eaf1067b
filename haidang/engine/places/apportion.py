"""Figures of the units of one day shown on the units of another; nothing is lost and nothing is made up.

Sums: each old unit's figure is dealt out by largest remainder in its own last decimal, so that input = placed +
unplaced to the last unit. Means and rates do not add up: they are refused, or averaged by a named weight.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from haidang.engine.places.lineage import Descent, Weights


class NotAdditive(ValueError):
    """Such a figure has no sum over places, and no weight was named."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one source unit brings: `amount` of its `value`."""

    source: int
    value: Decimal
    amount: Decimal
    share: Fraction
    is_estimate: bool
    bases: tuple[str, ...]


@dataclass(slots=True)
class Placed:
    """The figure of one unit of the other day. `lacking`: units that lie in it and have no figure."""

    target: int
    value: Decimal = Decimal(0)
    parts: list[Part] = field(default_factory=list)
    lacking: list[int] = field(default_factory=list)

    @property
    def is_estimate(self) -> bool:
        return any(part.is_estimate for part in self.parts)


@dataclass(frozen=True, slots=True)
class Unplaced:
    """What of a unit's figure has no place there. `why` is a key of `unplaced.REASONS`."""

    source: int
    value: Decimal
    amount: Decimal
    why: str


@dataclass(frozen=True, slots=True)
class Apportioned:
    """`given` = Σ placed parts + Σ unplaced, in the figure itself, or in the weight named `by`."""

    placed: list[Placed]
    unplaced: list[Unplaced]
    given: Decimal
    by: str = ""

    @property
    def placed_sum(self) -> Decimal:
        return exact_sum(part.amount for one in self.placed for part in one.parts)

    @property
    def unplaced_sum(self) -> Decimal:
        return exact_sum(one.amount for one in self.unplaced)

    @property
    def closes(self) -> bool:
        return self.given == exact_sum([self.placed_sum, self.unplaced_sum])


def require_additive(over_places: str, weights: Weights | None) -> None:
    """Raises NotAdditive unless the figure is a sum, or a weight was named for one that is not."""
    if over_places == "sum" or (over_places in {"mean", "weighted"} and weights is not None):
        return
    if over_places in {"mean", "weighted"}:
        raise NotAdditive(
            "Means and rates have no sum over places: name the weight they are averaged by (for example population)."
        )
    raise NotAdditive(f"A figure that adds up over places as {over_places!r} is not shown on other units.")


def apportion(
    values: Mapping[int, Decimal], descents: Mapping[int, Descent], *, decimals: int
) -> Apportioned:
    """Deals out each unit's figure. Raises ValueError for a figure with more than `decimals` decimals.

    `descents` holds all units of the day, also those without figures: so it is known what is lacking.
    """
    placed: dict[int, Placed] = {}
    unplaced: list[Unplaced] = []
    for source, value in values.items():
        descent = descents[source]
        amounts = _dealt(_in_last_decimals(value, decimals), descent)
        for flow, amount in zip(descent.flows, amounts, strict=False):
            part = Part(source, value, _decimal(amount, decimals), flow.share, flow.is_estimate, flow.bases)
            placed.setdefault(flow.target, Placed(flow.target)).parts.append(part)
        if descent.lost:
            unplaced.append(Unplaced(source, value, _decimal(amounts[-1], decimals), descent.why))
    for one in placed.values():
        one.value = exact_sum(part.amount for part in one.parts)
    _note_lacking(placed, values, descents)
    return Apportioned(list(placed.values()), unplaced, exact_sum(values.values()))


def average(
    values: Mapping[int, Decimal], descents: Mapping[int, Descent], *, decimals: int, weights: Weights
) -> Apportioned:
    """Means weighted by a size of the source units, rounded half up; what adds up is the size."""
    placed: dict[int, Placed] = {}
    unplaced: list[Unplaced] = []
    sums: dict[int, tuple[Fraction, Fraction]] = defaultdict(lambda: (Fraction(0), Fraction(0)))
    given: list[Decimal] = []
    for source, value in values.items():
        weight, descent = weights.by_unit.get(source), descents[source]
        if weight is None:
            unplaced.append(Unplaced(source, value, Decimal(0), "no_weight"))
            continue
        given.append(weight)
        places = max(0, -int(weight.as_tuple().exponent))
        amounts = _dealt(_in_last_decimals(weight, places), descent)
        for flow, amount in zip(descent.flows, amounts, strict=False):
            part = Part(source, value, _decimal(amount, places), flow.share, flow.is_estimate, flow.bases)
            placed.setdefault(flow.target, Placed(flow.target)).parts.append(part)
            above, below = sums[flow.target]
            portion = Fraction(weight) * flow.share
            sums[flow.target] = above + portion * Fraction(value), below + portion
        if descent.lost:
            unplaced.append(Unplaced(source, value, _decimal(amounts[-1], places), descent.why))
    for target in list(placed):
        above, below = sums[target]
        if below:
            placed[target].value = _rounded(above / below, decimals)
        else:
            empty = placed.pop(target)
            unplaced += [Unplaced(part.source, part.value, part.amount, "no_weight") for part in empty.parts]
    _note_lacking(placed, values, descents)
    return Apportioned(list(placed.values()), unplaced, exact_sum(given), weights.name)


def _dealt(total: int, descent: Descent) -> list[int]:
    """`total` in whole units over the flows, and what is lost last; by largest remainder, ties to the first."""
    shares = [flow.share for flow in descent.flows] + ([descent.lost] if descent.lost else [])
    exact = [abs(total) * share for share in shares]
    amounts = [int(one) for one in exact]
    by_remainder = sorted(range(len(exact)), key=lambda place: (amounts[place] - exact[place], place))
    for place in by_remainder[: abs(total) - sum(amounts)]:
        amounts[place] += 1
    return [-amount for amount in amounts] if total < 0 else amounts


def _note_lacking(
    placed: Mapping[int, Placed], values: Mapping[int, Decimal], descents: Mapping[int, Descent]
) -> None:
    for source, descent in descents.items():
        if source not in values:
            for flow in descent.flows:
                if flow.target in placed:
                    placed[flow.target].lacking.append(source)


def exact_sum(values: Iterable[Decimal]) -> Decimal:
    """The sum with every digit: the context of Decimal would round beyond 28."""
    numbers = list(values)
    places = max((max(0, -int(one.as_tuple().exponent)) for one in numbers), default=0)
    return _decimal(sum(_in_last_decimals(one, places) for one in numbers), places)


def _in_last_decimals(value: Decimal, decimals: int) -> int:
    exact = Fraction(value) * int(10**decimals)
    if exact.denominator != 1:
        raise ValueError(f"{value} has more than {decimals} decimals")
    return exact.numerator


def _decimal(whole: int, decimals: int) -> Decimal:
    return Decimal((whole < 0, tuple(int(digit) for digit in str(abs(whole))), -decimals))


def _rounded(value: Fraction, decimals: int) -> Decimal:
    scaled = abs(value) * 10**decimals
    whole = int(scaled + Fraction(1, 2))
    return _decimal(-whole if value < 0 else whole, decimals)
