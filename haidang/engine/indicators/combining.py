"""How several figures make one: sums, means, weighted means, the last of them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from haidang.engine.indicators.statistic import Rule, Weighted


class CannotCombine(ValueError):
    """These figures make no common one: the rule is `none`, or its weights are of nobody."""


def combine(rule: Rule, values: Sequence[float], weights: Sequence[float] = ()) -> float:
    """Of values in the order of their periods; sums are exact decimals. Raises CannotCombine."""
    exact = [Fraction(repr(value)) for value in values]
    if not exact:
        raise CannotCombine("no value")
    if rule == "sum":
        return float(sum(exact, Fraction(0)))
    if rule == "mean":
        return float(sum(exact, Fraction(0)) / len(exact))
    if rule == "last":
        return values[-1]
    if isinstance(rule, Weighted):
        counts = [Fraction(repr(weight)) for weight in weights]
        total = sum(counts, Fraction(0))
        if not total:
            raise CannotCombine("the weights add up to zero")
        return float(
            sum((one * count for one, count in zip(exact, counts, strict=True)), Fraction(0)) / total
        )
    raise CannotCombine("the rule is none")
