"""The statistics in force, from the content tree: where each comes from, and in which order formulas follow."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from graphlib import CycleError, TopologicalSorter
from typing import Literal

from haidang.engine.contracts.tree import Tree
from haidang.engine.indicators import expression, units
from haidang.engine.indicators.count import Count
from haidang.engine.indicators.kinds import KINDS
from haidang.engine.indicators.statistic import Rule, Statistic, bare, measure_of
from haidang.engine.store.content import standing_tree

log = logging.getLogger("haidang.indicators")

Level = Literal["province", "commune"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One statistic with the hash that a figure cites."""

    address: str
    statistic: Statistic
    sha256: str

    def way_on(self, day: date) -> tuple[str, expression.Formula] | None:
        """Version and formula in force on that day; None before the first, and where it is taken from a sheet."""
        version = self.statistic.version_on(day)
        text = (version.formula or self.statistic.formula) if version else ""
        return (version.version, expression.parse(text)) if version and text else None

    def rule_on(self, day: date) -> tuple[str, Count] | None:
        """Version and way of counting in force on that day; None before the first, and where nothing is counted."""
        version = self.statistic.version_on(day)
        rule = (version.count or self.statistic.count) if version else None
        return (version.version, rule) if version and rule else None

    @property
    def inputs(self) -> list[str]:
        """Addresses its formulas look at, in any version."""
        found = [expression.parse(text).inputs for _, text in self.statistic.formulas]
        return list(dict.fromkeys(address for inputs in found for address in inputs))


class Catalogue:
    """All statistics by address. Those that cannot be computed are left out: `circular` names them."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        every = {entry.address: entry for entry in entries}
        self.circular = _circular(every)
        self.entries: Mapping[str, Entry] = _whole(every, self.circular)
        needs = {
            address: {bare(one) for one in entry.inputs if bare(one) in self.entries}
            for address, entry in self.entries.items()
        }
        # Formulas after what they look at.
        self.order = [address for address in TopologicalSorter(needs).static_order() if needs[address]]
        self._levels: dict[str, Level] = {}
        for address in TopologicalSorter(needs).static_order():
            entry = self.entries[address]
            inputs = [self._levels[one] for one in needs[address]]
            origin, counts = entry.statistic.origin, entry.statistic.counts
            stated = origin is not None and not origin.item and not origin.lines
            everywhere = stated if origin else all(level == "commune" for level in inputs)
            if counts:
                everywhere = all(one.place for _, one in counts)
            self._levels[address] = "commune" if everywhere else "province"

    def __contains__(self, address: str) -> bool:
        entry = self.entries.get(bare(address))
        return entry is not None and (
            not measure_of(address) or measure_of(address) in entry.statistic.measures
        )

    def unit(self, address: str) -> units.Unit:
        """Raises KeyError."""
        return units.parse(self.unit_text(address))

    def unit_text(self, address: str) -> str:
        """Of the value, or of the measure. Raises KeyError."""
        return self.entries[bare(address)].statistic.unit_of(measure_of(address))

    def over_places(self, address: str) -> Rule:
        """How figures of communes make one of the province. A measure of another unit (a share) makes none."""
        statistic = self.entries[bare(address)].statistic
        fits = self.unit(address).fits(units.parse(statistic.unit))
        return statistic.over_places if fits else "none"

    def over_time(self, address: str) -> Rule:
        """How figures of months make one of the year. A measure makes none: the plan is of the whole year already."""
        return "none" if measure_of(address) else self.entries[address].statistic.over_time

    def level(self, address: str) -> Level:
        """Whether its figures are of each commune, or of the province only."""
        return self._levels[bare(address)]

    def adds_lines(self, address: str) -> bool:
        """Whether its figure is the sum of all lines of a file, those of facilities or offices."""
        origin = self.entries[bare(address)].statistic.origin
        return origin is not None and bool(origin.lines)

    def has_lines(self, address: str) -> bool:
        """Whether its figure of the province keeps what each facility or office is of it."""
        counts = self.entries[bare(address)].statistic.counts
        return self.adds_lines(address) or (bool(counts) and all(one.lines for _, one in counts))

    def counted_from(self, contract: str = "") -> list[Entry]:
        """What is counted out of the lines of a contract; of any where none is named."""
        return [
            entry
            for entry in self.entries.values()
            if any(not contract or one.contract == contract for _, one in entry.statistic.counts)
        ]

    def cells_of(self, contract: str) -> dict[tuple[str, str], list[str]]:
        """Of one contract: item (empty in the line of a place, facility or office) and column → the addresses that its
        cell states, or that it is added to (`adds_lines`).
        """
        found: dict[tuple[str, str], list[str]] = {}
        for address, entry in self.entries.items():
            statistic, origin = entry.statistic, entry.statistic.origin
            if origin is None or origin.contract != contract:
                continue
            found.setdefault((origin.item, origin.column), []).append(address)
            for name in statistic.measures:
                cell = origin.item, statistic.measure(name).column
                found.setdefault(cell, []).append(f"{address}@{name}")
        return found

    def after(self, changed: Iterable[str]) -> list[Entry]:
        """The formulas that look at any of these, directly or through others, in the order to compute them."""
        reached = {bare(address) for address in changed}
        found = []
        for address in self.order:
            if reached & {bare(one) for one in self.entries[address].inputs}:
                reached.add(address)
                found.append(self.entries[address])
        return found


def _circular(entries: Mapping[str, Entry]) -> list[str]:
    """Formulas that follow from themselves."""
    needs = {
        address: {bare(one) for one in entry.inputs if bare(one) in entries}
        for address, entry in entries.items()
    }
    found: list[str] = []
    while True:
        try:
            TopologicalSorter(needs).prepare()
        except CycleError as error:
            ring = list(dict.fromkeys(error.args[1]))
            found += ring
            needs = {address: those - set(ring) for address, those in needs.items() if address not in ring}
        else:
            return sorted(found)


def _whole(entries: Mapping[str, Entry], circular: list[str]) -> dict[str, Entry]:
    """Without those in a circle, and without those that look at what is not there."""
    left = {address: entry for address, entry in entries.items() if address not in circular}
    while True:
        lost = {
            address
            for address, entry in left.items()
            if any(
                bare(one) not in left
                or (measure_of(one) or None) not in {None, *left[bare(one)].statistic.measures}
                for one in entry.inputs
            )
        }
        if not lost:
            return left
        log.error("left out for want of what they look at: %s", ", ".join(sorted(lost)))
        left = {address: entry for address, entry in left.items() if address not in lost}


def catalogue_of(tree: Tree) -> Catalogue:
    """Statistics of a loaded tree; one whose formula cannot be read is left out, and among the tree's problems."""
    return Catalogue(
        Entry(address, content.thing, content.sha256)
        for address, content in tree.of("indicators").items()
        if isinstance(content.thing, Statistic) and not list(content.thing.faults())
    )


def load_catalogue() -> Catalogue:
    """Statistics of all domains."""
    return catalogue_of(standing_tree(KINDS))
