"""The pairs in force, from the content tree, side by side where they come from the same two sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from haidang.engine.contracts.tree import Tree
from haidang.engine.indicators import kinds
from haidang.engine.indicators.catalogue import Catalogue, catalogue_of
from haidang.engine.indicators.statistic import PeriodName, bare
from haidang.engine.reconciliation.definition import KINDS, Reconciliation, Teller
from haidang.engine.reconciliation.findings import Column, Pair
from haidang.engine.reconciliation.sentences import Words
from haidang.engine.store.content import standing_tree


@dataclass(frozen=True, slots=True)
class Entry:
    """One pair with what the comparison needs of it."""

    address: str
    domain: str
    definition: Reconciliation
    period: PeriodName
    pair: Pair
    words: Words


@dataclass(frozen=True, slots=True)
class Group:
    """Pairs of the same two sources and the same length of period: columns of one table."""

    entries: tuple[Entry, ...]

    @property
    def period(self) -> PeriodName:
        return self.entries[0].period

    @property
    def indicators(self) -> frozenset[str]:
        return frozenset(
            teller.indicator
            for entry in self.entries
            for teller in (entry.definition.left, entry.definition.right)
        )


def groups_of(tree: Tree) -> list[Group]:
    """Groups of a loaded tree; a pair whose indicators cannot be computed is left out, and among its problems."""
    catalogue = catalogue_of(tree)
    entries = [
        entry_of(address, content.domain, content.thing, catalogue)
        for address, content in sorted(tree.of("reconciliations").items())
        if ("reconciliations", address) not in tree.unsound
        and content.thing.left.indicator in catalogue
        and content.thing.right.indicator in catalogue
    ]
    return grouped(entries)


def grouped(entries: Iterable[Entry]) -> list[Group]:
    """Pairs of the same two sources and length of period together."""
    found: dict[tuple[str, ...], list[Entry]] = defaultdict(list)
    for entry in entries:
        sources = entry.words.left.vi, entry.words.right.vi
        found[*sources, entry.period].append(entry)
    return [Group(tuple(those)) for those in found.values()]


def load_groups() -> list[Group]:
    """Groups of all domains."""
    return groups_of(standing_tree({**kinds.KINDS, **KINDS}))


def entry_of(address: str, domain: str, definition: Reconciliation, catalogue: Catalogue) -> Entry:
    """One pair with its units and decimals from the catalogue. Raises KeyError, ValueError where these do not fit."""
    left, right = (_column(teller, catalogue) for teller in (definition.left, definition.right))
    tolerance = definition.tolerance
    pair = Pair(
        address, left, right, Decimal(repr(tolerance.absolute)), Decimal(repr(tolerance.relative)) / 100
    )
    words = Words(definition.title, definition.left.source, definition.right.source, left.unit, right.unit)
    period = catalogue.entries[bare(definition.left.indicator)].statistic.period
    return Entry(address, domain, definition, period, pair, words)


def _column(teller: Teller, catalogue: Catalogue) -> Column:
    statistic = catalogue.entries[bare(teller.indicator)].statistic
    is_counted = bool(statistic.counts) and not any(one.sum for _, one in statistic.counts)
    unit = catalogue.unit_text(teller.indicator)
    return Column(teller.indicator, unit, statistic.decimals, is_counted=is_counted)
