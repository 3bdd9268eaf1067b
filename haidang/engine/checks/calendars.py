"""Calendars: hours that are hours, days that stand once, and no two files that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator

from haidang.engine.checks.known import Known
from haidang.engine.contracts.reading import Problem, key_line
from haidang.engine.contracts.tree import Entry
from haidang.engine.workdays.book import clashes


def problems(known: Known, entry: Entry) -> Iterator[Problem]:
    """What does not hold between this file and the others; what it says of itself the tree has checked."""
    for clash in clashes(known.tree.of("calendars")):
        if clash.address == entry.address:
            yield Problem(entry.path, key_line(entry.path, *clash.keys), clash.message)
