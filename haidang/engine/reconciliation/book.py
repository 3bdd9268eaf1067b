"""The pairs in force, from the content tree, side by side where they come from the same two sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

import msgspec

from haidang.engine.contracts.reading import Text
from haidang.engine.contracts.sheets.days import Period, PeriodName
from haidang.engine.contracts.tree import Tree
from haidang.engine.indicators import kinds, units
from haidang.engine.indicators.catalogue import Catalogue, catalogue_of
from haidang.engine.indicators.statistic import Statistic, bare
from haidang.engine.reconciliation.definition import KINDS, Reconciliation, Teller
from haidang.engine.reconciliation.findings import Column, Pair
from haidang.engine.reconciliation.past import SUMS, TITLES, looked_at
from haidang.engine.reconciliation.sentences import Words
from haidang.engine.store.content import standing_tree
from haidang.engine.submissions.record import MEASURES


@dataclass(frozen=True, slots=True)
class Entry:
    """One pair with what the comparison needs of it. Of a contract's pairs the address goes on with the measure that is
    stated: `economy.monthly_past:economy.firms@cumulative`.
    """

    address: str
    domain: str
    definition: Reconciliation
    period: PeriodName
    pair: Pair
    words: Words

    @property
    def over(self) -> str:
        """Of which other periods the right side is; empty where both sides are of the same one."""
        return self.definition.right.over or ""

    def pair_in(self, period: Period) -> Pair:
        """The pair with what rounding makes of the sum of that period."""
        if self.over not in SUMS:
            return self.pair
        return replace(self.pair, right=replace(self.pair.right, parts=len(looked_at(self.over, period))))


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
        entry_of(pair, content.domain, definition, catalogue)
        for address, content in sorted(tree.of("reconciliations").items())
        if ("reconciliations", address) not in tree.unsound
        for pair, definition in pairs_of(address, content.thing, catalogue)
        if definition.left.indicator in catalogue and definition.right.indicator in catalogue
    ]
    return grouped(entries)


def content_of(pair: str) -> str:
    """The address of the file a pair comes from."""
    return pair.partition(":")[0]


def pairs_of(
    address: str, definition: Reconciliation, catalogue: Catalogue
) -> Iterator[tuple[str, Reconciliation]]:
    """The pairs of one file with their addresses: itself, or one for each measure by which its contract's indicators
    state another period. A sum of what does not add up over time is none.
    """
    if not definition.left.contract:
        yield address, definition
        return
    for indicator, entry in catalogue.entries.items():
        statistic = entry.statistic
        if statistic.origin is None or statistic.origin.contract != definition.left.contract:
            continue
        for name in statistic.measures:
            over = next((one for one in definition.left.states if one == MEASURES.get(name)), None)
            if over is None or (over in SUMS and statistic.over_time != "sum"):
                continue
            stated = f"{indicator}@{name}"
            left = msgspec.structs.replace(definition.left, indicator=stated, contract="", states=[])
            right = msgspec.structs.replace(definition.right, indicator=indicator, over=over)
            title = _titled(statistic.title, TITLES[over])
            yield (
                f"{address}:{stated}",
                msgspec.structs.replace(definition, title=title, left=left, right=right),
            )


def _titled(title: Text, over: Text) -> Text:
    return Text(vi=f"{title.vi}: {over.vi}", en=f"{title.en}: {over.en}" if title.en else "")


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
    left, right = (
        _column(teller, catalogue, is_past=bool(definition.right.over))
        for teller in (definition.left, definition.right)
    )
    tolerance = definition.tolerance
    pair = Pair(
        address, left, right, Decimal(repr(tolerance.absolute)), Decimal(repr(tolerance.relative)) / 100
    )
    words = Words(
        definition.title, definition.left.source, definition.right.source, left.unit, right.unit,
        definition.right.over or "",
    )  # fmt: skip
    period = catalogue.entries[bare(definition.left.indicator)].statistic.period
    return Entry(address, domain, definition, period, pair, words)


def _column(teller: Teller, catalogue: Catalogue, *, is_past: bool) -> Column:
    """A figure of another period stands under a name of its own beside the one of this period."""
    statistic = catalogue.entries[bare(teller.indicator)].statistic
    unit = catalogue.unit_text(teller.indicator)
    name = f"{teller.indicator} {teller.over}" if teller.over else teller.indicator
    is_counted = _is_told_exactly(statistic, unit) if is_past else _is_counted(statistic, unit)
    return Column(name, unit, statistic.decimals, is_counted=is_counted)


def _is_counted(statistic: Statistic, unit: str) -> bool:
    """One by one: out of a list, or by an office that states deaths, schools, dossiers as whole numbers which add up. What
    is measured (m, kg, kWh) or stated by the thousand was rounded by whoever stated it.
    """
    if statistic.counts:
        return not any(one.sum for _, one in statistic.counts)
    is_stated = statistic.origin is not None and "sum" in (statistic.over_places, statistic.over_time)
    return is_stated and _is_told_exactly(statistic, unit) and not units.parse(unit).is_measured


def _is_told_exactly(statistic: Statistic, unit: str) -> bool:
    """Cases, persons: an office that repeats them or adds them up rounds nothing."""
    return statistic.decimals == 0 and units.parse(unit).scale == 1
