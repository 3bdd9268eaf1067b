"""Procedures: the rules they answer exist."""

from __future__ import annotations

from collections.abc import Iterator

from haidang.engine.both import both
from haidang.engine.checks.known import Known
from haidang.engine.contracts.reading import Problem, key_line
from haidang.engine.contracts.tree import Entry
from haidang.engine.incidents.procedure import ProcedureDefinition


def problems(known: Known, entry: Entry[ProcedureDefinition]) -> Iterator[Problem]:
    """What does not hold in one procedure."""
    for number, rule in enumerate(entry.thing.rules):
        if message := known.missing("rules", rule):
            yield Problem(entry.path, key_line(entry.path, "rules", number), message)
    if not entry.thing.steps:
        yield Problem(
            entry.path,
            key_line(entry.path, "steps"),
            both("a procedure needs at least one step", "quy trình cần ít nhất một bước"),
        )
