"""Rules: what they look at exists, and their own tests come out."""

from __future__ import annotations

from collections.abc import Iterator

from haidang.engine.checks.known import Known
from haidang.engine.contracts.reading import Problem, key_line
from haidang.engine.contracts.tree import Entry
from haidang.engine.indicators.definition import Indicator
from haidang.engine.rules import trial
from haidang.engine.rules.book import Placed
from haidang.engine.rules.definition import Rule


def problems(known: Known, entry: Entry[Rule]) -> Iterator[Problem]:
    """What does not hold in one rule. That it has both tests is seen when it is read."""
    rule, path = entry.thing, entry.path
    if message := known.missing_kind(rule.asset_kind):
        yield Problem(path, key_line(path, "asset_kind"), message)
    elif rule.parameter:
        unit = known.unit(rule.asset_kind, rule.parameter)
        if message := known.missing_parameter(rule.asset_kind, rule.parameter):
            yield Problem(path, key_line(path, "parameter"), message)
        elif rule.unit and unit is not None and rule.unit != unit:
            yield Problem(
                path, key_line(path, "unit"), f"{rule.parameter} is stored in {unit}, not {rule.unit}"
            )
    if rule.indicator:
        yield from _indicator(known, entry)
    for number, other in enumerate(rule.suppressed_by):
        if not known.exists("rules", other):
            yield Problem(path, key_line(path, "suppressed_by", number), f"rule {other} does not exist")
    if not rule.basis.strip():
        yield Problem(
            path, key_line(path, "basis"), "basis is empty: name the law or the decision of the centre"
        )
    for words in trial.failures(Placed(entry.address, rule, entry.sha256)):
        yield Problem(path, _test_line(entry, words), words)


def _indicator(known: Known, entry: Entry[Rule]) -> Iterator[Problem]:
    rule, line = entry.thing, key_line(entry.path, "indicator")
    if not known.exists("indicators", rule.indicator):
        yield Problem(entry.path, line, f"indicator {rule.indicator} does not exist")
    if rule.indicator not in known.tree.of("indicators"):
        return
    indicator = known.tree.of("indicators")[rule.indicator].thing
    if not isinstance(indicator, Indicator):
        yield Problem(
            entry.path, line, f"indicator {rule.indicator} is of no stations: no rule can look at it"
        )
        return
    if rule.asset_kind and indicator.asset_kind != rule.asset_kind:
        message = (
            f"indicator {rule.indicator} is of assets of kind {indicator.asset_kind}, not {rule.asset_kind}"
        )
        yield Problem(entry.path, line, message)
    if not all(version.verified for version in indicator.versions):
        message = f"indicator {rule.indicator} is not verified: no alarm may rest on it"
        yield Problem(entry.path, line, message)


def _test_line(entry: Entry[Rule], words: str) -> int:
    for number, test in enumerate(entry.thing.tests):
        if f"“{test.name}”" in words:
            return key_line(entry.path, "tests", number)
    return key_line(entry.path, "tests")
