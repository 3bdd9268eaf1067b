"""The indicators of stations in force, from the content tree; what offices report: `catalogue`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from haidang.engine.contracts.tree import Tree
from haidang.engine.indicators.definition import Formula, Indicator, Version
from haidang.engine.indicators.kinds import KINDS
from haidang.engine.store.content import standing_tree


@dataclass(frozen=True, slots=True)
class Entry:
    """One indicator with its formula and the hash that a figure cites."""

    address: str
    indicator: Indicator
    formula: Formula
    sha256: str

    def version_on(self, day: date) -> Version | None:
        """The version in force on that day; None before the first."""
        valid = [version for version in self.indicator.versions if version.valid_from <= day]
        return max(valid, key=lambda version: version.valid_from, default=None)


class Book:
    """All indicators of stations by address."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries: Mapping[str, Entry] = {entry.address: entry for entry in entries}

    def for_kind(self, asset_kind: str) -> list[Entry]:
        """Indicators of one kind of asset."""
        return [entry for entry in self.entries.values() if entry.indicator.asset_kind == asset_kind]

    def touched_by(self, asset_kind: str, parameters: set[str]) -> list[Entry]:
        """Indicators of one kind of asset that look at any of these parameters."""
        return [entry for entry in self.for_kind(asset_kind) if parameters & set(entry.indicator.parameters)]


def book_of(tree: Tree) -> Book:
    """Indicators of a loaded tree; one without a formula is left out, and among the tree's problems."""
    entries = []
    for address, content in tree.of("indicators").items():
        formula: Any = getattr(content.module, "compute", None)
        if formula is not None and isinstance(content.thing, Indicator):
            entries.append(Entry(address, content.thing, formula, content.sha256))
    return Book(entries)


def load_book() -> Book:
    """Indicators of all domains."""
    return book_of(standing_tree(KINDS))
