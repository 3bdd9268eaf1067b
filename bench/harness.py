"""How benchmarks are run and told.

Ratios decide: the measured thing and a bare baseline run in pairs, one after the other in the same minute, in
turning order, so that a noisy machine spoils both alike. Absolute figures are printed beside them. The last line
of each benchmark is JSON: `name, measured, baseline, ratio, unit` (and `must`, `reached`, `pairs`, `spread`).

    from bench.harness import compare

    compare("ingest", measured=ours, baseline=bare_copy, unit="readings/s", must=0.40)

`measured` and `baseline` are functions of no argument that do the work once and return one number. Where a limit
in milliseconds or megabytes is the aim and nothing bare exists to compare with, use `against_limit`.
"""

from __future__ import annotations

import json
import math
import os
import platform
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

LEAST_PAIRS = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one benchmark found. `must` is a floor when more is better, else a ceiling."""

    name: str
    measured: float
    baseline: float
    ratio: float
    unit: str
    must: float | None = None
    higher_is_better: bool = True
    pairs: int = 0
    spread: tuple[float, float] | None = None
    more: dict[str, object] = field(default_factory=dict)

    @property
    def reached(self) -> bool | None:
        if self.must is None:
            return None
        return self.ratio >= self.must if self.higher_is_better else self.ratio <= self.must

    def tell(self) -> None:
        """Words for people, then one line of JSON for machines."""
        sign = "≥" if self.higher_is_better else "≤"
        print(
            f"{self.name}: {_short(self.measured)} {self.unit}, baseline {_short(self.baseline)} {self.unit}"
        )
        spread = f" (from {self.spread[0]:.3f} to {self.spread[1]:.3f})" if self.spread else ""
        aim = (
            f", must be {sign} {self.must:g}: {'reached' if self.reached else 'NOT REACHED'}"
            if self.must
            else ""
        )
        print(f"{self.name}: ratio {self.ratio:.3f}{spread}{aim}")
        document: dict[str, object] = {
            "name": self.name,
            "measured": _rounded(self.measured),
            "baseline": _rounded(self.baseline),
            "ratio": _rounded(self.ratio),
            "unit": self.unit,
            "must": self.must,
            "reached": self.reached,
            **({"pairs": self.pairs} if self.pairs else {}),
            **({"spread": [_rounded(end) for end in self.spread]} if self.spread else {}),
            **self.more,
        }
        print(json.dumps(document, ensure_ascii=False), flush=True)


def compare(
    name: str,
    *,
    measured: Callable[[], float],
    baseline: Callable[[], float],
    unit: str,
    must: float | None = None,
    higher_is_better: bool = True,
    pairs: int = LEAST_PAIRS,
    warm_up: bool = True,
) -> Outcome:
    """Run at least five interleaved pairs and tell the median ratio with its spread."""
    describe_machine()
    if warm_up:
        measured(), baseline()
    ours: list[float] = []
    bare: list[float] = []
    for number in range(max(pairs, LEAST_PAIRS)):
        # Turning the order keeps a trend of the machine (heat, a filling disk) out of the ratio.
        if number % 2:
            bare.append(baseline())
            ours.append(measured())
        else:
            ours.append(measured())
            bare.append(baseline())
        print(
            f"  pair {number + 1}: {_short(ours[-1])} / {_short(bare[-1])} {unit} = {ours[-1] / bare[-1]:.3f}"
        )
    ratios = [a / b for a, b in zip(ours, bare, strict=True)]
    outcome = Outcome(
        name=name,
        measured=statistics.median(ours),
        baseline=statistics.median(bare),
        ratio=statistics.median(ratios),
        unit=unit,
        must=must,
        higher_is_better=higher_is_better,
        pairs=len(ratios),
        spread=(min(ratios), max(ratios)),
    )
    outcome.tell()
    return outcome


def against_limit(name: str, measured: float, *, limit: float, unit: str, **more: object) -> Outcome:
    """For an absolute aim: the limit takes the baseline's place and the ratio must not pass 1."""
    outcome = Outcome(
        name, measured, limit, measured / limit, unit, must=1, higher_is_better=False, more=more
    )
    outcome.tell()
    return outcome


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of the values do not exceed (nearest rank); NaN of nothing."""
    if not values:
        return math.nan
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)]


def describe_machine() -> None:
    """Whoever compares two runs must know on what they ran."""
    load = ", ".join(f"{value:.2f}" for value in os.getloadavg())
    print(f"# {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {load}")


def chosen(argv: Sequence[str] = sys.argv) -> set[str]:
    """Words after the script's name: parts of a benchmark to run alone; empty means all."""
    return {word for word in argv[1:] if not word.startswith("-")}


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _rounded(value: float) -> float:
    return float(f"{value:.5g}")
