"""Scorecards: points that add up, formulas of known counts, and worked examples that come out."""

from __future__ import annotations

from collections.abc import Iterator

from haidang.engine.checks.known import Known
from haidang.engine.contracts.reading import Problem, key_line
from haidang.engine.contracts.tree import Entry
from haidang.engine.scorecards.definition import Scorecard
from haidang.engine.scorecards.trial import differences


def problems(known: Known, entry: Entry[Scorecard]) -> Iterator[Problem]:
    """Examples that do not hold; what a scorecard says of itself the tree has checked."""
    if ("scorecards", entry.address) in known.tree.unsound:
        return  # a formula that names what is not there cannot be tried
    for number, version in enumerate(entry.thing.versions):
        for place, example in enumerate(version.examples):
            for words in differences(version, example):
                line = key_line(entry.path, "versions", number, "examples", place)
                yield Problem(entry.path, line, f"example “{example.name}” does not hold: {words}")
