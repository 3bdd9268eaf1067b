"""Counted twice: an old unit beside its successor, a part in its total, a place in two units after a merger."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from math import isqrt

from haidang.engine.reconciliation.findings import Finding, Kind, Structure
from haidang.engine.reconciliation.table import Table


def old_and_new(table: Table, how: Structure) -> Iterator[Finding]:
    """One side still has lines for units that are no more: beside the figure of their successor, or in place of it."""
    for side, ours, theirs in (("left", table.left, table.right), ("right", table.right, table.left)):
        gone = [
            one for one in sorted(table.open & ours.keys()) if one not in theirs and one in how.successors
        ]
        for old in gone:
            heirs = how.successors[old]
            # Without the old lines the successor is too small by them: nothing is counted twice.
            beside = [new for new in heirs if _is_short(table, new, side, gone, how)]
            if beside or not any(new in ours for new in heirs):
                yield table.finding(Kind.OLD_UNIT, [old, *beside], side=side, part=old)
            else:
                yield table.finding(Kind.DOUBLE_COUNT, [old], side=side, part=old)
        for new in sorted(table.open & theirs.keys()):
            told = any(new in how.successors[old] for old in gone)
            if told and new not in ours and table.pair.agree(_sum_of(table, new, gone, how), theirs[new]):
                table.open.discard(new)  # the same figure, told by its old units


def _is_short(table: Table, new: str, side: str, gone: list[str], how: Structure) -> bool:
    if new not in table.left or new not in table.right:
        return False
    short = -table.difference(new) if side == "left" else table.difference(new)
    lines = _sum_of(table, new, gone, how)
    return lines != 0 and abs(short - lines) <= _slack(table, len(gone))


def _sum_of(table: Table, new: str, gone: list[str], how: Structure) -> Decimal:
    """What the lines of old units bring to their successor."""
    return sum(
        (
            table.left.get(old, table.right.get(old, Decimal(0))) * how.successors[old].get(new, 0)
            for old in gone
        ),
        Decimal(0),
    )


def in_totals(table: Table, how: Structure) -> Iterator[Finding]:
    """A total that differs: because its parts do, or because it holds one part twice."""
    for total in sorted(table.shared & how.parts.keys()):
        parts = [part for part in how.parts[total] if part in table.left or part in table.right]
        if not parts:
            continue
        slack = _slack(table, len(parts))
        apart = table.difference(total)
        from_parts = sum((table.difference(part) for part in parts), Decimal(0))
        spoken = any(part in table.left for part in parts) and any(part in table.right for part in parts)
        if spoken and abs(from_parts) > slack and abs(apart - from_parts) <= slack:
            yield table.finding(Kind.FOLLOWS, [total])
            continue
        if found := _twice(table, total, parts, slack):
            side, part = found
            yield table.finding(Kind.DOUBLE_COUNT, [total], side=side, part=part)


def _twice(table: Table, total: str, parts: list[str], slack: Decimal) -> tuple[str, str] | None:
    """The side whose total is its own sum and one part more, and that part."""
    near = []
    for side, ours in (("left", table.left), ("right", table.right)):
        if any(part not in ours for part in parts):
            continue
        over = ours[total] - sum((ours[part] for part in parts), Decimal(0))
        if abs(over) <= slack:
            continue
        near += [(abs(over - ours[part]), part, side) for part in parts if abs(over - ours[part]) <= slack]
    # Where two parts would fit as well, none is named: the sum then only says that something is wrong.
    near.sort()
    if not near or (len(near) > 1 and near[0][0] == near[1][0]):
        return None
    _, part, side = near[0]
    return side, part


def in_two_units(table: Table, how: Structure) -> Iterator[Finding]:
    """After a merger a place stands in two new units: one is too large by that place, or by its neighbour."""
    yield from _divided(table, how)
    slack, neighbours = table.pair.rounding * 2, how.neighbours()
    former = [old for old in sorted(how.successors) if old in table.left or old in table.right]
    for place in sorted(table.shared):
        apart = table.difference(place)
        side, ours = ("left", table.left) if apart > 0 else ("right", table.right)
        others = [old for old in former if place not in how.successors[old]]
        fitting = []
        for other in [*others, *sorted(neighbours.get(place, ()))]:
            value = ours.get(other, table.left.get(other, table.right.get(other, Decimal(0))))
            if abs(value) > slack and abs(abs(apart) - value) <= slack:
                fitting.append(other)
        if len(fitting) == 1:
            yield table.finding(Kind.DOUBLE_COUNT, [place], side=side, part=fitting[0])


def _divided(table: Table, how: Structure) -> Iterator[Finding]:
    """A divided old unit, counted whole in each of its successors: together they are too large by its value."""
    for old, shares in sorted(how.successors.items()):
        value = table.left.get(old, table.right.get(old))
        heirs = [new for new in shares if new in table.shared]
        if value is None or len(heirs) < 2 or len(heirs) != len(shares):
            continue
        apart = [table.difference(new) for new in heirs]
        expected = [value * (1 - shares[new]) for new in heirs]
        slack = table.pair.rounding * 2
        for side, sign in (("left", 1), ("right", -1)):
            if all(abs(sign * one - want) <= slack for one, want in zip(apart, expected, strict=True)):
                yield table.finding(Kind.DOUBLE_COUNT, heirs, side=side, part=old)
                break


def _slack(table: Table, count: int) -> Decimal:
    """What rounding makes of a sum of `count` parts, as it usually is: the worst case would hide small parts."""
    return table.pair.rounding * (2 + isqrt(count))
