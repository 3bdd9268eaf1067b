"""Columns that say something beside the value: the plan, the last period, the sum since January."""

from __future__ import annotations

from haidang.engine.contracts.proposing.measuring import role_of
from haidang.engine.contracts.proposing.proposal import Proposal, ProposedColumn


def measures_of(found: Proposal, value_column: str) -> dict[str, str]:
    """Name → column, where it is clear which value they stand beside: that of items, or the only one that is picked."""
    if found.lines == "items":
        main = found.column(value_column)
    else:
        picked = [one for one in found.columns if one.use and one.figure and one.figure.pick]
        main = picked[0] if len(picked) == 1 and found.lines == "places" else None
    if main is None:
        return {}
    made: dict[str, str] = {}
    for one in found.columns:
        if _stands_beside(one, main):
            made.setdefault(role_of(one.heading), one.key)
    return made


def _stands_beside(one: ProposedColumn, main: ProposedColumn) -> bool:
    is_number = one.use and one.is_numeric and one.type != "percent" and one.key != main.key
    return (
        is_number
        and bool(role_of(one.heading))
        and one.unit == main.unit
        and not (one.figure and one.figure.pick)
    )
