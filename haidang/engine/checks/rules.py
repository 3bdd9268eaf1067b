"""Rules: what they look at exists, and their own tests come out."""

from __future__ import annotations

from collections.abc import Iterator

from haidang.engine.both import KINDS_VI, both
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
                path,
                key_line(path, "unit"),
                both(
                    f"{rule.parameter} is stored in {unit}, not {rule.unit}",
                    f"{rule.parameter} lưu bằng {unit}, không phải {rule.unit}",
                ),
            )
    if rule.kind == "statistic":
        yield from _statistics(known, entry)
    elif rule.indicator:
        yield from _indicator(known, entry)
    for number, other in enumerate(rule.suppressed_by):
        if message := known.missing("rules", other):
            yield Problem(path, key_line(path, "suppressed_by", number), message)
    if not rule.basis.strip():
        yield Problem(
            path,
            key_line(path, "basis"),
            both(
                "basis is empty: name the law or the decision of the centre",
                "basis trống: ghi văn bản pháp luật hoặc quyết định của trung tâm",
            ),
        )
    if ("rules", entry.address) in known.tree.unsound:
        return  # without its code, which the tree has missed, no test can run
    for words in trial.failures(placed(entry)):
        yield Problem(path, _test_line(entry, words), words)


def _indicator(known: Known, entry: Entry[Rule]) -> Iterator[Problem]:
    rule, line = entry.thing, key_line(entry.path, "indicator")
    if message := known.missing("indicators", rule.indicator):
        yield Problem(entry.path, line, message)
    if rule.indicator not in known.tree.of("indicators"):
        return
    indicator = known.tree.of("indicators")[rule.indicator].thing
    if not isinstance(indicator, Indicator):
        yield Problem(
            entry.path,
            line,
            both(
                f"indicator {rule.indicator} is of places: a rule on it is of `kind: statistic`",
                f"{rule.indicator} là chỉ tiêu theo địa bàn: quy tắc trên đó có `kind: statistic`",
            ),
        )
        return
    if rule.asset_kind and indicator.asset_kind != rule.asset_kind:
        message = both(
            f"indicator {rule.indicator} is of assets of kind {indicator.asset_kind}, not {rule.asset_kind}",
            f"{rule.indicator} là chỉ tiêu của loại {indicator.asset_kind}, không phải {rule.asset_kind}",
        )
        yield Problem(entry.path, line, message)
    if not all(version.verified for version in indicator.versions):
        message = both(
            f"indicator {rule.indicator} is not verified: no alarm may rest on it",
            f"chỉ tiêu {rule.indicator} chưa được kiểm chứng: không báo động nào được dựa vào đó",
        )
        yield Problem(entry.path, line, message)


def _statistics(known: Known, entry: Entry[Rule]) -> Iterator[Problem]:
    """Whether what it looks at is published for places, each period, in the unit it names."""
    rule, path = entry.thing, entry.path
    side = "above" if rule.above is not None else "below"
    for address in rule.looks_at:
        own = address == rule.indicator
        line = key_line(path, "indicator") if own else key_line(path, side, "indicator")
        if missing := known.missing("indicators", bare(address)):
            yield Problem(path, line, missing)
        elif address not in known.statistics:
            if bare(address) in known.tree.of("indicators"):
                yield Problem(
                    path,
                    line,
                    both(
                        f"{address} is no statistic of places with that measure",
                        f"{address} không phải số liệu theo địa bàn có số đo đó",
                    ),
                )
        else:
            for message in _misfits(known, rule, address):
                yield Problem(path, line, message)


def _misfits(known: Known, rule: Rule, address: str) -> Iterator[str]:
    statistic = known.statistics.entries[bare(address)].statistic
    if statistic.period != rule.period:
        yield both(
            f"{address} is of each {statistic.period}, not of each {rule.period}",
            f"{address} có số theo {KINDS_VI[statistic.period]}, không theo {KINDS_VI[rule.period]}",
        )
    if known.statistics.unit_text(address) != rule.unit:
        yield both(
            f"{address} is in {known.statistics.unit_text(address)}, not in {rule.unit or 'nothing'}",
            f"{address} tính bằng {known.statistics.unit_text(address)}, quy tắc ghi {rule.unit or '(trống)'}",
        )
    level = known.statistics.level(address)
    if rule.level == "commune" and level == "province":
        yield both(f"{address} is known for the province only", f"{address} chỉ có số toàn tỉnh")
    if is_counted(known.statistics, address) and (rule.level == "province" or _of_province(known, rule)):
        yield both(
            f"{address} is published for communes: their sum is no figure a rule could look at, write a formula of it",
            f"{address} công bố theo xã: tổng các xã không phải một số để quy tắc xét, viết một công thức từ đó",
        )
    if not all(version.verified for version in statistic.versions):
        yield both(
            f"{address} is not verified: no alarm may rest on it",
            f"{address} chưa được kiểm chứng: không báo động nào được dựa vào đó",
        )


def _of_province(known: Known, rule: Rule) -> bool:
    """Whether the rule judges figures that only the province has."""
    return rule.indicator in known.statistics and known.statistics.level(rule.indicator) == "province"


def _test_line(entry: Entry[Rule], words: str) -> int:
    for number, test in enumerate(entry.thing.tests):
        if f"“{test.name}”" in words:
            return key_line(entry.path, "tests", number)
    return key_line(entry.path, "tests")
