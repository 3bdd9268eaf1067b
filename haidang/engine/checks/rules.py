"""Rules: what they look at exists, and their own tests come out."""

from __future__ import annotations

from collections.abc import Iterator

from haidang.engine.checks.known import Known
from haidang.engine.contracts.reading import Problem, key_line
from haidang.engine.contracts.tree import Entry
from haidang.engine.indicators.definition import Indicator
from haidang.engine.indicators.gathering import is_counted
from haidang.engine.indicators.statistic import bare
from haidang.engine.rules import trial
from haidang.engine.rules.book import placed
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
    if rule.kind == "statistic":
        yield from _statistics(known, entry)
    elif rule.indicator:
        yield from _indicator(known, entry)
    for number, other in enumerate(rule.suppressed_by):
        if not known.exists("rules", other):
            yield Problem(path, key_line(path, "suppressed_by", number), f"rule {other} does not exist")
    if not rule.basis.strip():
        yield Problem(
            path, key_line(path, "basis"), "basis is empty: name the law or the decision of the centre"
        )
    if ("rules", entry.address) in known.tree.unsound:
        return  # without its code, which the tree has missed, no test can run
    for words in trial.failures(placed(entry)):
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
            entry.path, line, f"indicator {rule.indicator} is of places: a rule on it is of `kind: statistic`"
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


def _statistics(known: Known, entry: Entry[Rule]) -> Iterator[Problem]:
    """Whether what it looks at is published for places, each period, in the unit it names."""
    rule, path = entry.thing, entry.path
    side = "above" if rule.above is not None else "below"
    for address in rule.looks_at:
        own = address == rule.indicator
        line = key_line(path, "indicator") if own else key_line(path, side, "indicator")
        if not known.exists("indicators", bare(address)):
            yield Problem(path, line, f"indicator {address} does not exist")
        elif address not in known.statistics:
            if bare(address) in known.tree.of("indicators"):
                yield Problem(path, line, f"{address} is no statistic of places with that measure")
        else:
            for message in _misfits(known, rule, address):
                yield Problem(path, line, message)


def _misfits(known: Known, rule: Rule, address: str) -> Iterator[str]:
    statistic = known.statistics.entries[bare(address)].statistic
    if statistic.period != rule.period:
        yield f"{address} is of each {statistic.period}, not of each {rule.period}"
    if known.statistics.unit_text(address) != rule.unit:
        yield f"{address} is in {known.statistics.unit_text(address)}, not in {rule.unit or 'nothing'}"
    level = known.statistics.level(address)
    if rule.level == "commune" and level == "province":
        yield f"{address} is known for the province only"
    if is_counted(known.statistics, address) and (rule.level == "province" or _of_province(known, rule)):
        yield f"{address} is published for communes: their sum is no figure a rule could look at, write a formula of it"
    if not all(version.verified for version in statistic.versions):
        yield f"{address} is not verified: no alarm may rest on it"


def _of_province(known: Known, rule: Rule) -> bool:
    """Whether the rule judges figures that only the province has."""
    return rule.indicator in known.statistics and known.statistics.level(rule.indicator) == "province"


def _test_line(entry: Entry[Rule], words: str) -> int:
    for number, test in enumerate(entry.thing.tests):
        if f"“{test.name}”" in words:
            return key_line(entry.path, "tests", number)
    return key_line(entry.path, "tests")
