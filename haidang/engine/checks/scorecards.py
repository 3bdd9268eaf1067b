"""Scorecards: points that add up, formulas of known counts, figures that exist, and worked examples that come out."""

from __future__ import annotations

from collections.abc import Iterator

from haidang.engine.both import KINDS_VI, both, english, vietnamese
from haidang.engine.checks.known import Known
from haidang.engine.contracts.reading import Problem, key_line
from haidang.engine.contracts.tree import Entry
from haidang.engine.indicators.statistic import Statistic
from haidang.engine.scorecards.definition import Scorecard
from haidang.engine.scorecards.trial import differences


def problems(known: Known, entry: Entry[Scorecard]) -> Iterator[Problem]:
    """Figures that are not to be had, and examples that do not hold; what a scorecard says of itself the tree has
    checked.
    """
    card, path = entry.thing, entry.path
    if card.volume and (message := _unfit(known, card, card.volume) or _without_parts(known, card.volume)):
        yield Problem(path, key_line(path, "volume"), message)
    for number, version in enumerate(card.versions):
        for code, row in version.rows.items():
            for name, address in row.figures.items():
                if message := _unfit(known, card, address):
                    line = key_line(path, "versions", number, "rows", code, "figures", name)
                    yield Problem(path, line, message)
    if ("scorecards", entry.address) in known.tree.unsound:
        return  # a formula that names what is not there cannot be tried
    for number, version in enumerate(card.versions):
        for place, example in enumerate(version.examples):
            for words in differences(version, example):
                line = key_line(path, "versions", number, "examples", place)
                yield Problem(
                    path,
                    line,
                    both(
                        f"example “{example.name}” does not hold: {english(words)}",
                        f"ví dụ “{example.name}” không đúng: {vietnamese(words)}",
                    ),
                )


def _unfit(known: Known, card: Scorecard, address: str) -> str:
    """Why a scorecard cannot count with an indicator; empty where it can."""
    if message := known.missing("indicators", address):
        return message
    found = known.tree.of("indicators").get(address)
    if found is None:
        return ""  # it does not hold together, which is said at its own file
    if not isinstance(found.thing, Statistic):
        return both(
            f"{address} is of stations, no statistic of offices (kind: statistic)",
            f"{address} là chỉ tiêu của trạm, không phải số liệu của cơ quan (kind: statistic)",
        )
    if found.thing.period != card.period:
        return both(
            f"{address} comes each {found.thing.period}, the scorecard needs each {card.period}",
            f"{address} có theo {KINDS_VI[found.thing.period]}, bảng chấm điểm cần số theo {KINDS_VI[card.period]}",
        )
    return ""


def _without_parts(known: Known, address: str) -> str:
    entry = known.statistics.entries.get(address)
    if entry is None or known.statistics.has_lines(address):
        return ""
    return both(
        f"{address} keeps no numbers of each centre: its way of counting needs `lines`",
        f"{address} không giữ số của từng trung tâm: cần `lines` trong cách đếm",
    )
