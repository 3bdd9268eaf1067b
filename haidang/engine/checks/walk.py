"""Walk a tree of content and say of each file that does not hold together where, why and how to mend it.

The same structures, formulas, rules and checks run here as in production, on the samples and tests that the
content carries itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from haidang.engine.boards.definition import Board
from haidang.engine.checks import (
    boards,
    calendars,
    contracts,
    folders,
    indicators,
    procedures,
    reconciliations,
    report_templates,
    rules,
    scorecards,
    sheets,
    sources,
    statistics,
    texts,
)
from haidang.engine.checks.known import Known
from haidang.engine.contracts.reading import Problem
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.contracts.tree import OURS, Entry, Tree, default_folders, load_tree, templates
from haidang.engine.incidents.procedure import ProcedureDefinition
from haidang.engine.indicators import kinds
from haidang.engine.indicators.statistic import Statistic
from haidang.engine.reconciliation import definition as reconciliation
from haidang.engine.reports import definition as reports
from haidang.engine.rules.definition import Rule
from haidang.engine.scorecards import definition as scorecard
from haidang.engine.workdays import book as workdays

KINDS: dict[str, type] = {
    **kinds.KINDS,
    "rules": Rule,
    "procedures": ProcedureDefinition,
    "boards": Board,
    **workdays.KINDS,
    **scorecard.KINDS,
    **reconciliation.KINDS,
    **reports.KINDS,
}
_CHECKS: dict[str, Callable[[Known, Entry], Iterator[Problem]]] = {
    "contracts": contracts.problems,
    "sources": sources.problems,
    "indicators": indicators.problems,
    "rules": rules.problems,
    "procedures": procedures.problems,
    "boards": boards.problems,
    "calendars": calendars.problems,
    "scorecards": scorecards.problems,
    "reconciliations": reconciliations.problems,
    "reports": report_templates.problems,
}


@dataclass(frozen=True, slots=True)
class Counted:
    """Of what was looked at: content files (.yml), and the files beside them – samples, templates, what is expected,
    code – which are part of what the content file of their stem says.
    """

    content: int
    beside: int


def counted(tree: Tree, folder: Path | None) -> Counted:
    """The files of `folder`, or of all domains of this centre."""
    mine = [
        entry
        for entry in [*tree.domains.values(), *tree.all()]
        if folder is None or entry.path.is_relative_to(folder.absolute())
    ]
    return Counted(len(mine), len({path for entry in mine for path in entry.beside.values()}))


def check(folder: Path | None = None) -> tuple[list[Problem], Tree]:
    """All problems in `folder` (one domain, or a folder of domains), or in all domains of this centre.

    A folder is read together with our own domains, so that its boards and rules may name our indicators; only its
    own files are blamed.
    """
    if folder is None:
        tree = load_tree([*default_folders(), *templates(OURS)], KINDS)
    else:
        folder = folder.absolute()
        named = [OURS, *templates(OURS)] if folder == OURS else [OURS, folder]
        tree = load_tree(named, KINDS)
    found = list(tree.problems)
    known = Known(tree)
    for entry in [*tree.domains.values(), *tree.all()]:
        if folder is not None and not entry.path.is_relative_to(folder):
            continue
        found += texts.problems(entry)
        if isinstance(entry.thing, SheetContract):
            found += sheets.problems(entry)
        elif isinstance(entry.thing, Statistic):
            found += statistics.problems(known, entry)
        elif entry.kind in _CHECKS:
            found += _CHECKS[entry.kind](known, entry)
    found += folders.problems(default_folders() if folder is None else [folder])
    mine = [p for p in found if folder is None or p.path.is_relative_to(folder) or p.path == folder]
    return sorted(set(mine), key=lambda p: (str(p.path), p.line, p.message)), tree
