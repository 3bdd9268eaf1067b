"""Run the worked examples an indicator carries: the same formula as in production, on the hours of the example."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from haidang.engine.clock import LOCAL
from haidang.engine.indicators.definition import (
    Example,
    Formula,
    HourValue,
    Indicator,
    Result,
    Window,
    checked,
)

# Any full local hour would do: formulas see hours back, not dates. Midnight also ends a day.
PERIOD_END = datetime(2026, 11, 21, tzinfo=LOCAL)


def failures(indicator: Indicator, formula: Formula) -> list[tuple[str, str]]:
    """Name of each example that does not hold, and what came out instead."""
    wrong = []
    for version in indicator.versions:
        for example in version.examples:
            try:
                result = run(example, formula, version.data)
            except Exception as error:  # noqa: BLE001 - a formula that raises is a failing example, whatever it raises
                wrong.append((example.name, f"{type(error).__name__}: {error}"))
                continue
            wrong += [(example.name, words) for words in _differences(example, result)]
    return wrong


def run(example: Example, formula: Formula, data: Mapping[str, Any]) -> Result:
    """The formula's answer on the hours of an example; lists end with the hour that ends the period."""
    hours = {
        parameter: {
            back: HourValue(value) for back, value in enumerate(reversed(values)) if value is not None
        }
        for parameter, values in example.hours.items()
    }
    return checked(formula(Window(PERIOD_END, {p: h for p, h in hours.items() if h}, data)))


def found(result: Result, path: str) -> Any:
    """`value`, `status` or the entry of the detail at a path such as `parameters/PM2.5/index`."""
    if path in {"value", "status"}:
        return getattr(result, path)
    here: Any = result.detail
    for key in path.split("/"):
        if not isinstance(here, Mapping) or key not in here:
            return None
        here = here[key]
    return here


def _differences(example: Example, result: Result) -> list[str]:
    return [
        f"{path} is {got!r}, expected {wanted!r}"
        for path, wanted in example.expect.items()
        if not _alike(got := found(result, path), wanted, example.tolerance)
    ]


def _alike(got: Any, wanted: Any, tolerance: float) -> bool:
    if isinstance(wanted, list):
        return (
            isinstance(got, list)
            and len(got) == len(wanted)
            and all(_alike(one, other, tolerance) for one, other in zip(got, wanted, strict=True))
        )
    if isinstance(wanted, float) and isinstance(got, (int, float)):
        # Decimal notation in both: 1e-9 is the noise of binary fractions, not a tolerance.
        return math.isclose(got, wanted, rel_tol=0, abs_tol=tolerance + 1e-9)
    return bool(got == wanted)
