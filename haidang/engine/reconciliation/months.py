"""A stated sum that is off by one of the periods it is made of: added twice, left out, or slipped by a unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from haidang.engine.contracts.sheets.days import Period
from haidang.engine.reconciliation.findings import Finding, Key, Kind, Side
from haidang.engine.reconciliation.table import SLIPS, TELLING, Table


class _Slip(NamedTuple):
    """What explains the difference of one place; `times`: the stated sum holds the period so many times."""

    kind: Kind
    of: Period
    times: Decimal | None = None


def in_sums(table: Table, right: Side) -> Iterator[Finding]:
    """One finding for all places with the same slip; a place that two of its periods would explain has none."""
    found: dict[_Slip, list[str]] = defaultdict(list)
    for place in sorted(table.shared):
        parts = right.parts.get(Key(table.pair.right.indicator, place, table.period), ())
        fitting = list(_fitting(table, table.difference(place), parts)) if len(parts) > 1 else []
        if len(fitting) == 1:
            found[fitting[0]].append(place)
    for slip, places in found.items():
        yield table.finding(slip.kind, places, side="left", of=slip.of, times=slip.times)


def _fitting(table: Table, apart: Decimal, parts: tuple[tuple[Period, Decimal], ...]) -> Iterator[_Slip]:
    pair = table.pair
    least = max(TELLING * Decimal(1).scaleb(-pair.right.decimals) * pair.to_left, 2 * pair.rounding)
    for period, value in parts:
        told = value * pair.to_left
        if abs(told) < least:
            continue
        if abs(apart - told) <= pair.rounding:
            yield _Slip(Kind.DOUBLE_COUNT, period)
        elif abs(apart + told) <= pair.rounding:
            yield _Slip(Kind.MISSING, period)
        else:
            for times in SLIPS:
                if abs(apart - told * (times - 1)) <= pair.rounding * max(Decimal(1), times):
                    yield _Slip(Kind.UNIT_SLIP, period, times)
