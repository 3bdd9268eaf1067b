"""The same figures from two sources, place by place: what differs, and what the difference looks like.

A plain function of two sets of values. What agrees within tolerance and rounding is never found; of the rest each
figure is explained once, by the strongest evidence first (`Kind` is in that order).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from haidang.engine.contracts.sheets.days import Period
from haidang.engine.reconciliation import counting, months, swaps
from haidang.engine.reconciliation.findings import Finding, Key, Kind, Pair, Side, Structure
from haidang.engine.reconciliation.table import SLIPS, TELLING, Table, level_of


def compare(
    pairs: Sequence[Pair], left: Side, right: Side, structure: Structure | None = None
) -> list[Finding]:
    """All differences between two sources. Raises ValueError where the units of a pair do not fit."""
    how = structure or Structure()
    found: list[Finding] = []
    for tables in _by_period(pairs, left, right):
        for table in tables:
            found += _late_revisions(table, left, right)
        found += swaps.columns(tables)
        for table in tables:
            found += swaps.rows(table)
            found += _unit_slips(table)
            found += months.in_sums(table, right)
            found += counting.old_and_new(table, how)
            found += _missing(table)
            found += counting.in_totals(table, how)
            found += counting.in_two_units(table, how)
            found += [table.finding(Kind.PLAIN, [place]) for place in sorted(table.open)]
    return found


def _by_period(pairs: Sequence[Pair], left: Side, right: Side) -> Iterator[list[Table]]:
    """Pairs side by side for each period of which both sources speak; a source that is late has no differences yet."""
    sides = [_sorted_out(left), _sorted_out(right)]
    periods: dict[Period, list[Table]] = defaultdict(list)
    for pair in pairs:
        ours, theirs = sides[0].get(pair.left.indicator, {}), sides[1].get(pair.right.indicator, {})
        for period in ours.keys() & theirs.keys():
            converted = {place: value * pair.to_left for place, value in theirs[period].items()}
            both = ours[period].keys() & converted.keys()
            coarse = {place: _coarse(pair, place, period, left, right) for place in both}
            table = Table(pair, period, ours[period], converted, coarse=coarse)
            table.open = {one for one in both if not table.agree(one)}
            table.open |= _one_sided(table.left, table.right) | _one_sided(table.right, table.left)
            periods[period].append(table)
    for period in sorted(periods, key=lambda one: (one.year, one.kind, one.number)):
        yield periods[period]


def _coarse(pair: Pair, place: str, period: Period, left: Side, right: Side) -> Decimal:
    ours = left.coarse.get(Key(pair.left.indicator, place, period), Decimal(0))
    theirs = right.coarse.get(Key(pair.right.indicator, place, period), Decimal(0))
    return ours + theirs * pair.to_left


def _sorted_out(side: Side) -> dict[str, dict[Period, dict[str, Decimal]]]:
    found: dict[str, dict[Period, dict[str, Decimal]]] = defaultdict(lambda: defaultdict(dict))
    for key, value in side.values.items():
        found[key.indicator][key.period][key.place] = value
    return found


def _one_sided(spoken: Mapping[str, Decimal], silent: Mapping[str, Decimal]) -> set[str]:
    """Places one side leaves out; a source that speaks of provinces alone owes nobody its communes."""
    levels = {level_of(place) for place in silent}
    return {place for place in spoken if place not in silent and level_of(place) in levels}


def _late_revisions(table: Table, left: Side, right: Side) -> Iterator[Finding]:
    """One side still holds what the other said before it revised its figure."""
    pair = table.pair
    for name, holder, reviser, own in (
        ("left", table.left, right, pair.right),
        ("right", table.right, left, pair.left),
    ):
        scale = pair.to_left if own is pair.right else Decimal(1)
        held: dict[datetime, list[str]] = defaultdict(list)
        for place in table.shared:
            earlier = reviser.earlier.get(Key(own.indicator, place, table.period), ())
            version = next((one for one in earlier if pair.same(holder[place], one.value * scale)), None)
            if version:
                # By the second: what a desk publishes in one go has an instant of its own for each file.
                held[version.recorded_at.replace(microsecond=0)].append(place)
        for recorded_at, places in sorted(held.items()):
            yield table.finding(Kind.LATE_REVISION, places, side=name, recorded_at=recorded_at)


def _unit_slips(table: Table) -> Iterator[Finding]:
    """One value is the other times a power of ten people slip by; places with the same slip are one finding."""
    slipped: dict[Decimal, list[str]] = defaultdict(list)
    for place in table.shared:
        times = _slip(table.pair, table.left[place], table.right[place])
        if times:
            slipped[times].append(place)
    for times, places in sorted(slipped.items()):
        yield table.finding(Kind.UNIT_SLIP, places, times=times)


def _slip(pair: Pair, left: Decimal, right: Decimal) -> Decimal | None:
    """`times` with right = times × left, where both values say enough to tell."""
    steps = (Decimal(1).scaleb(-pair.left.decimals), Decimal(1).scaleb(-pair.right.decimals) * pair.to_left)
    if min(abs(left) / steps[0], abs(right) / steps[1]) < TELLING:
        return None
    for times in SLIPS:
        allowed = max(
            pair.relative * max(abs(left * times), abs(right)), pair.absolute * min(times, Decimal(1))
        )
        rounding = (steps[0] * times + steps[1]) / 2
        if abs(left * times - right) <= allowed + rounding:
            return times
    return None


def _missing(table: Table) -> Iterator[Finding]:
    """Places of which one side says nothing although it speaks of others in this period."""
    for side, silent, other in (("left", table.left, table.right), ("right", table.right, table.left)):
        places = [place for place in table.open if place in other and place not in silent]
        if places:
            yield table.finding(Kind.MISSING, places, side=side)
