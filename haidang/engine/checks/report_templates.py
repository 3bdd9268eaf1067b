"""Templates of reports: every figure a sentence names exists and is of the report's period; tiles hold as on a board."""

from __future__ import annotations

from collections.abc import Iterator

from haidang.engine.boards.definition import OfStatistics
from haidang.engine.both import KINDS_VI, both
from haidang.engine.checks import statistic_tiles
from haidang.engine.checks.known import Known
from haidang.engine.contracts.reading import Problem, key_line
from haidang.engine.contracts.tree import Entry
from haidang.engine.indicators.statistic import Statistic
from haidang.engine.reports.definition import ReportTemplate, Section, pieces


def problems(known: Known, entry: Entry[ReportTemplate]) -> Iterator[Problem]:
    """What does not hold in one template."""
    if not entry.thing.sections:
        yield Problem(
            entry.path,
            key_line(entry.path, "sections"),
            both("a report needs at least one section", "báo cáo cần ít nhất một mục"),
        )
    for number, section in enumerate(entry.thing.sections):
        for place, paragraph in enumerate(section.paragraphs):
            for nth, sentence in enumerate(paragraph):
                line = key_line(entry.path, "sections", number, "paragraphs", place, nth)
                yield from (
                    Problem(entry.path, line, said) for said in _of_sentence(known, entry.thing, sentence)
                )
        yield from _of_tiles(known, entry, number, section)


def _of_sentence(known: Known, template: ReportTemplate, sentence: str) -> Iterator[str]:
    for address in dict.fromkeys(piece.address for piece in pieces(sentence) if piece.address):
        found = known.tree.of("indicators").get(address)
        if message := known.missing("indicators", address):
            yield message
        elif found is not None and not isinstance(found.thing, Statistic):
            yield both(
                f"indicator {address} is of stations: a sentence is written of statistics",
                f"{address} là chỉ tiêu của trạm: câu trong báo cáo viết từ số liệu của cơ quan",
            )
        elif found is not None and found.thing.period != template.period:
            yield both(
                f"indicator {address} comes each {found.thing.period}, this report is of a {template.period}",
                f"{address} có số theo {KINDS_VI[found.thing.period]}, báo cáo này theo {KINDS_VI[template.period]}",
            )


def _of_tiles(known: Known, entry: Entry[ReportTemplate], number: int, section: Section) -> Iterator[Problem]:
    for nth, tile in enumerate(section.tiles):
        keys = ("sections", number, "tiles", nth)
        if not isinstance(tile, OfStatistics):
            yield Problem(
                entry.path,
                key_line(entry.path, *keys),
                both("a report has tiles of statistics only", "báo cáo chỉ có ô của số liệu cơ quan"),
            )
            continue
        yield from statistic_tiles.problems(known, entry, nth, tile, keys)
