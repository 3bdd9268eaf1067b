"""A running centre takes content that is new: the record, what this process remembers, and the others by a restart.

The processes that read content once at their start are asked to start again; the supervisor does so within a second, and
what comes meanwhile waits in the stream. Pages are not interrupted.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import transaction

from haidang.engine.boards.content import library
from haidang.engine.boards.sources import content as sources
from haidang.engine.checks.walk import KINDS
from haidang.engine.incidents import procedure
from haidang.engine.indicators import following
from haidang.engine.indicators.catalogue import catalogue_of
from haidang.engine.reports import content as reports
from haidang.engine.store.content import load_content, standing_tree
from haidang.engine.submissions.shelf import shelf

# They hold terms of sources and indicators from their start on.
READ_ONCE = ("ingest", "work", "pull")


def load() -> int:
    """Bring the record up to the files, in the running transaction; returns how many texts are new."""
    tree = standing_tree(KINDS)
    new = load_content(tree)
    if new:
        following.look_through(catalogue_of(tree))
    transaction.on_commit(make_known)
    return new


def make_known() -> None:
    """Every process reads the content again: this one at once."""
    forget()
    run = Path(settings.HAIDANG_HOME) / "run"
    run.mkdir(parents=True, exist_ok=True)
    for name in READ_ONCE:
        (run / f"restart-{name}").touch()


def forget() -> None:
    """What this process has read before."""
    for remembered in (library, shelf, sources.tree, procedure.procedures, reports.templates):
        remembered.cache_clear()
