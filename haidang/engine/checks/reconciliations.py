"""A pair of a contract: its files state what it compares."""

from __future__ import annotations

from collections.abc import Iterator

from haidang.engine.both import both
from haidang.engine.checks.known import Known
from haidang.engine.contracts.reading import Problem, key_line
from haidang.engine.contracts.tree import Entry
from haidang.engine.reconciliation.book import pairs_of
from haidang.engine.reconciliation.definition import Reconciliation


def problems(known: Known, entry: Entry[Reconciliation]) -> Iterator[Problem]:
    """What is to be compared and no indicator of the contract states."""
    left = entry.thing.left
    if not left.contract or left.contract not in known.tree.sheets:
        return  # the tree has said so
    there = {pair.right.over for _, pair in pairs_of(entry.address, entry.thing, known.statistics)}
    for number, over in enumerate(left.states):
        if over not in there:
            message = both(
                f"no indicator of {left.contract} has a measure {over} that can be compared: "
                f"name the column under `measures` of its indicators, or leave {over} out",
                f"không chỉ tiêu nào của {left.contract} có số đo {over} để so: "
                f"ghi tên cột trong `measures` của các chỉ tiêu đó, hoặc bỏ {over}",
            )
            yield Problem(entry.path, key_line(entry.path, "left", "states", number), message)
