"""Load everything that is content into the record: units, domains. Only config knows every kind."""

from __future__ import annotations

from collections.abc import Callable

from haidang.engine.boards.definition import Board
from haidang.engine.contracts.standing import words
from haidang.engine.contracts.tree import Tree
from haidang.engine.incidents.procedure import ProcedureDefinition
from haidang.engine.indicators import following, kinds
from haidang.engine.indicators.catalogue import catalogue_of
from haidang.engine.places import register
from haidang.engine.reconciliation import definition as reconciliations
from haidang.engine.reports import definition as reports
from haidang.engine.rules.definition import Rule
from haidang.engine.scorecards import definition as scorecards
from haidang.engine.store.content import load_content, standing_tree
from haidang.engine.workdays import book as workdays

KINDS: dict[str, type] = {
    **kinds.KINDS,
    "rules": Rule,
    "procedures": ProcedureDefinition,
    "boards": Board,
    **workdays.KINDS,
    **scorecards.KINDS,
    **reconciliations.KINDS,
    **reports.KINDS,
}


def whole_tree() -> Tree:
    """Every content file of every domain that holds, or the text loaded before of one that does not."""
    return standing_tree(KINDS)


def problems(tree: Tree) -> list[str]:
    """What does not hold, each with file and line and what it means for the running centre."""
    return [words(tree, problem) for problem in tree.problems]


def load(say: Callable[[str], None]) -> list[str]:
    """Bring the record up to the files; a file that does not hold is named and left as it was. Returns those."""
    say(f"units: {register.ensure_loaded()}")
    tree = whole_tree()
    found = problems(tree)
    for line in found:
        say(f"CONTENT {line}")
    new = load_content(tree)
    say(f"content: {new} new texts")
    if new and (formulas := following.look_through(catalogue_of(tree))):
        say(f"formulas to compute again: {', '.join(formulas)}")
    return found
