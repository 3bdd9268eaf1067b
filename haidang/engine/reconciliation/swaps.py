"""Values that stand in each other's place: two columns over some places, or two places in one column."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import combinations

from haidang.engine.reconciliation.findings import Finding, Kind
from haidang.engine.reconciliation.table import Table


def columns(tables: Sequence[Table]) -> Iterator[Finding]:
    """Each side's value of one pair fits the other side's value of another pair, and the other way round."""
    for one, other in combinations(tables, 2):
        places = [place for place in one.shared & other.shared if _crossed(one, other, place)]
        if places:
            other.open -= set(places)
            yield one.finding(Kind.SWAPPED_COLUMNS, places, other=other.pair.name)


def _crossed(one: Table, other: Table, place: str) -> bool:
    """A number typed into the wrong column is read in that column's unit; either side may be the one that slipped."""
    first, second = one.pair, other.pair
    bare = one.right[place] / first.to_left, other.right[place] / second.to_left
    right_slipped = first.agree(one.left[place], bare[1] * first.to_left) and second.agree(
        other.left[place], bare[0] * second.to_left
    )
    left_slipped = first.agree(other.left[place], one.right[place]) and second.agree(
        one.left[place], other.right[place]
    )
    return right_slipped or left_slipped


def rows(table: Table) -> Iterator[Finding]:
    """Two places of one column hold each other's values."""
    pair = table.pair
    waiting = sorted(table.shared, key=lambda one: (table.right[one], one))
    values = [table.right[place] for place in waiting]
    for place in sorted(waiting):
        if place not in table.open:
            continue
        mine, theirs = table.left[place], table.right[place]
        reach = pair.rounding + max(pair.absolute, pair.relative * abs(mine) * 2)
        start = bisect_left(values, mine - reach)
        partners = []
        for index in range(start, len(values)):
            if values[index] > mine + reach:
                break
            partner = waiting[index]
            if (
                partner != place
                and partner in table.open
                and pair.agree(mine, table.right[partner])
                and pair.agree(table.left[partner], theirs)
            ):
                partners.append((abs(mine - table.right[partner]), partner))
        if partners:
            yield table.finding(Kind.SWAPPED_ROWS, [place, min(partners)[1]])
