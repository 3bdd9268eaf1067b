"""What screens read of the content tree: boards, indicators with their scales, names of parameters and limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from haidang.engine.boards.definition import Board
from haidang.engine.boards.shown import Class
from haidang.engine.contracts.definition import Parameter
from haidang.engine.contracts.tables import Limit, Table
from haidang.engine.contracts.tree import Tree
from haidang.engine.indicators.book import book_of
from haidang.engine.indicators.catalogue import catalogue_of
from haidang.engine.indicators.definition import Indicator, Step
from haidang.engine.indicators.kinds import KINDS
from haidang.engine.scorecards.definition import KINDS as SCORECARDS
from haidang.engine.scorecards.definition import Scorecard
from haidang.engine.store.content import standing_tree
from haidang.engine.workdays.book import KINDS as WORKDAYS
from haidang.engine.workdays.book import Book as Workdays

Explain = Callable[[Mapping[str, Any], str], list[Step]]


@dataclass(frozen=True, slots=True)
class Bound:
    """One limit of a regulation, with the regulation's name."""

    limit: Limit
    title: str
    basis: str


class Library:
    """Content by address, as screens ask for it."""

    def __init__(self, tree: Tree) -> None:
        self.boards: dict[str, Board] = {a: e.thing for a, e in tree.of("boards").items()}
        # Those of stations; what offices report is in `statistics`.
        self.indicators: dict[str, Indicator] = {
            a: e.thing for a, e in tree.of("indicators").items() if isinstance(e.thing, Indicator)
        }
        self.statistics = catalogue_of(tree)
        self.scorecards: dict[str, Scorecard] = {
            a: e.thing for a, e in tree.of("scorecards").items() if ("scorecards", a) not in tree.unsound
        }
        self.book = book_of(tree)
        # Which days are worked, and by which office.
        self.workdays = Workdays(tree)
        # Formulas may tell how they came to a value: `explain(detail, language) -> list[Step]`.
        self.explain: dict[str, Explain] = {
            a: found
            for a, e in tree.of("indicators").items()
            if (found := getattr(e.module, "explain", None))
        }
        self.tables: dict[str, Table] = {a: e.thing for a, e in tree.of("tables").items()}
        self.source_titles = {a: e.thing.title for a, e in tree.sources.items()}
        self.sources = {a: e.thing for a, e in tree.sources.items()}
        self.contracts = {a: e.thing for a, e in tree.contracts.items()}
        # What offices send as files.
        self.sheets = {a: e.thing for a, e in tree.sheets.items()}
        self.domains = {a: e.thing for a, e in tree.domains.items()}
        self.parameters: dict[str, Parameter] = {}
        for address in sorted(tree.contracts):
            for name, parameter in tree.contracts[address].thing.parameters.items():
                self.parameters.setdefault(name, parameter)

    def classify(self, indicator: str, value: float | None) -> Class | None:
        """Class, word and legal colour of a value; None where the indicator has no scale."""
        known = self.indicators.get(indicator)
        table = self.tables.get(known.scale) if known else None
        if value is None or known is None or table is None or not table.scale:
            return None
        steps = sorted(table.scale, key=lambda s: s.low)
        whole = round(value)
        at = max((n for n, step in enumerate(steps) if whole >= step.low), default=0)
        # The two mild classes are a strip beside the number, from the third on the number stands on its colour.
        severity = at if known.direction != "up_is_good" else len(steps) - 1 - at
        return Class(steps[at].colour, str(steps[at].title), full=severity >= 2)

    def scale(self, indicator: str) -> list[tuple[int, Class]]:
        """Lower bound and class of each step, from low to high: what a legend draws."""
        known = self.indicators.get(indicator)
        table = self.tables.get(known.scale) if known else None
        steps = sorted(table.scale, key=lambda s: s.low) if table else []
        return [(step.low, Class(step.colour, str(step.title))) for step in steps]

    def bounds(self, parameter: str, mean: str = "1h") -> list[Bound]:
        """Limits of law for one parameter and averaging time, of every regulation in the tree."""
        return [
            Bound(limit, str(table.title), table.basis)
            for _, table in sorted(self.tables.items())
            for limit in table.limits
            if limit.parameter == parameter and limit.mean == mean
        ]

    def kind_title(self, kind: str) -> str:
        """What people call this kind of asset."""
        return next((str(d.asset_kinds[kind]) for d in self.domains.values() if kind in d.asset_kinds), kind)

    def parameter_title(self, name: str) -> str:
        known = self.parameters.get(name)
        return str(known.title) if known else name

    def decimals(self, name: str) -> int:
        known = self.parameters.get(name)
        return known.decimals if known else 2


@cache
def library() -> Library:
    """The content this process started with."""
    return Library(standing_tree({**KINDS, **SCORECARDS, **WORKDAYS, "boards": Board}))
