"""Run the worked examples a statistic's formula carries: the same formula and units as in production."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from haidang.engine.both import both
from haidang.engine.indicators import expression, units
from haidang.engine.indicators.statistic import Example, Keys, Statistic


def failures(statistic: Statistic, known: Mapping[str, units.Unit]) -> Iterator[tuple[Keys, str]]:
    """Where an example does not hold, and why. `known` has the unit of every address that the formulas name."""
    for number, version in enumerate(statistic.versions):
        text = version.formula or statistic.formula
        if not text:
            continue
        formula = expression.parse(text)
        if not version.examples:
            yield (
                ("versions", number),
                both(
                    f"version {version.version} has no worked example",
                    f"bản {version.version} chưa có ví dụ tính tay",
                ),
            )
        for place, example in enumerate(version.examples):
            keys: Keys = ("versions", number, "examples", place)
            if set(example.inputs) != set(formula.inputs):
                yield (
                    keys,
                    both(
                        f"example “{example.name}” must give {', '.join(formula.inputs)} and nothing else",
                        f"ví dụ “{example.name}” phải cho đúng {', '.join(formula.inputs)}, không thừa không thiếu",
                    ),
                )
                continue
            got = run(example, formula, known, units.parse(statistic.unit))
            if not _alike(got, example):
                yield (
                    keys,
                    both(
                        f"example “{example.name}” does not hold: it comes to {got!r}, expected {example.expect!r}",
                        f"ví dụ “{example.name}” không đúng: ra {got!r}, mong đợi {example.expect!r}",
                    ),
                )


def run(
    example: Example, formula: expression.Formula, known: Mapping[str, units.Unit], wanted: units.Unit
) -> float | None:
    """What the formula makes of an example's inputs; None where one is missing or it divides by zero."""
    there = {address: value for address, value in example.inputs.items() if value is not None}
    if len(there) < len(example.inputs):
        return None
    try:
        got = formula.value({address: (value, known[address]) for address, value in there.items()})
    except ZeroDivisionError:
        return None
    return float(got / wanted.scale)


def _alike(got: float | None, example: Example) -> bool:
    if got is None or example.expect is None:
        return got is example.expect
    # Decimal notation in both: 1e-9 is the noise of binary fractions, not a tolerance.
    return math.isclose(got, example.expect, rel_tol=1e-12, abs_tol=example.tolerance + 1e-9)
