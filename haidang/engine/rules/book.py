"""The rules in force, and which series each of them looks at, as columns that a whole batch is compared
with at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.tree import Entry
from haidang.engine.rules.definition import Rule
from haidang.engine.store.content import standing_tree


@dataclass(frozen=True, slots=True)
class Past:
    """What a computed limit may look at: the period that is judged, its place's figures of earlier periods in the unit of
    the indicator, and the `data` of the rule's limit.
    """

    period: Period
    values: Mapping[Period, float]
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Placed:
    """A rule with its address and the hash of the text it is judged by."""

    address: str
    rule: Rule
    sha256: str
    # `limit` of the file beside it, where the limit is computed.
    compute: Callable[[Past], float | None] | None = None

    @property
    def lookback_us(self) -> int:
        """How far back a reading may still change what is true now."""
        rule = self.rule
        return round((rule.time_to_respond + rule.for_ + rule.clear_for + rule.gap) * 1e6)


@dataclass(frozen=True, slots=True)
class SeriesInfo:
    """What a rule must know of a series."""

    asset_id: int
    asset_kind: str
    parameter: str


def load(folders: Iterable[Path] | None = None) -> list[Placed]:
    """All rules of the content tree. Of a file that does not hold the rule goes on as it was loaded before; a new one
    is left out, and both are among the problems that log, doctor and the page of sources show.
    """
    tree = standing_tree({"rules": Rule}, folders)
    entries: list[Entry[Rule]] = list(tree.of("rules").values())
    return [placed(entry) for entry in entries]


def placed(entry: Entry[Rule]) -> Placed:
    """The rule of a content file with the code beside it."""
    compute = getattr(entry.module, entry.thing.needs) if entry.thing.needs else None
    return Placed(entry.address, entry.thing, entry.sha256, compute)


@dataclass(slots=True)
class Columns:
    """Per series id: the nearest limits of all rules that look at it, and whether any machine on it is not
    at rest.

    One gather per column answers for all rules together, so a quiet batch costs the same with ten rules as
    with one.
    """

    above: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    below: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    watched: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, np.bool_))

    def grow(self, size: int) -> None:
        """Room for ids below `size`. A series not met before counts as beyond every limit, so that it is
        looked up.
        """
        missing = size - len(self.above)
        if missing > 0:
            missing = max(missing, len(self.above) // 2, 1024)
            self.above = np.append(self.above, np.full(missing, -np.inf))
            self.below = np.append(self.below, np.full(missing, np.inf))
            self.watched = np.append(self.watched, np.zeros(missing, np.bool_))


class Book:
    """Rules with their series. `series` fills as batches bring new ones."""

    def __init__(self, rules: Iterable[Placed]) -> None:
        self.rules = {placed.address: placed for placed in rules}
        self.columns = Columns()
        self.series: dict[int, SeriesInfo] = {}
        self._by_series: dict[int, list[Placed]] = {}

    def readings_rules(self) -> list[Placed]:
        return [placed for placed in self.rules.values() if placed.rule.parameter]

    def figure_rules(self, indicator: str) -> list[Placed]:
        return [placed for placed in self.rules.values() if placed.rule.indicator == indicator]

    def statistic_rules(self) -> list[Placed]:
        return [placed for placed in self.rules.values() if placed.rule.kind == "statistic"]

    def absence_rules(self, scope: str) -> list[Placed]:
        return [p for p in self.rules.values() if p.rule.kind == "absence" and p.rule.scope == scope]

    def learn(self, found: dict[int, SeriesInfo]) -> None:
        """Place new series under the rules that look at them."""
        for series_id, info in found.items():
            self.series[series_id] = info
            rules = [
                placed
                for placed in self.readings_rules()
                if placed.rule.parameter == info.parameter and placed.rule.asset_kind in ("", info.asset_kind)
            ]
            self._by_series[series_id] = rules
            self.columns.grow(series_id + 1)
            self.columns.above[series_id] = min(
                (p.rule.ceiling for p in rules if p.rule.ceiling is not None), default=np.inf
            )
            self.columns.below[series_id] = max(
                (p.rule.floor for p in rules if p.rule.floor is not None), default=-np.inf
            )

    def rules_of(self, series_id: int) -> list[Placed]:
        return self._by_series.get(series_id, [])
