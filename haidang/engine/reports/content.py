"""Templates of the content tree."""

from __future__ import annotations

from functools import cache

from haidang.engine.boards.definition import Board
from haidang.engine.indicators.kinds import KINDS as INDICATORS
from haidang.engine.reports.definition import KINDS, ReportTemplate
from haidang.engine.store.content import standing_tree


@cache
def templates() -> dict[str, ReportTemplate]:
    """By address: the content this process started with."""
    tree = standing_tree({**INDICATORS, "boards": Board, **KINDS})
    return {address: entry.thing for address, entry in tree.of("reports").items()}
