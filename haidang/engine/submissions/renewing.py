"""What is not decided yet is compared again when another period is published or corrected after it was judged.

Only what is said beside published figures is said anew; every other remark stays as it was judged.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from haidang.engine import clock
from haidang.engine.audit.actions import record
from haidang.engine.contracts.sheets.book import Book, Unreadable
from haidang.engine.contracts.sheets.comparative import DIFFERS
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.contracts.sheets.judging import Examination
from haidang.engine.contracts.sheets.verdict import Cell as Judged
from haidang.engine.contracts.sheets.verdict import Level, plain
from haidang.engine.indicators import periods
from haidang.engine.indicators.catalogue import load_catalogue
from haidang.engine.notify.outbox import announce
from haidang.engine.store import trace
from haidang.engine.submissions import judging, published
from haidang.engine.submissions.models import Cell, Submission

log = logging.getLogger("haidang.submissions")

State = Submission.State
ACTOR = "submissions"
# What the record says of a cell; what it says of none of them is that the cell is not used.
BY_THE_RECORD = DIFFERS | {"stated_agrees", "not_compared", "line_not_kept", "unused", "unused_column"}
UNDECIDED = (State.DRAFT, State.RETURNED, State.SUBMITTED)
Place = tuple[str, int, int]


def renew_all() -> int:
    """Bring every undecided version up to what is published now; how many got a warning more."""
    rows = list(Submission.objects.filter(state__in=UNDECIDED).exclude(period="").standing().order_by("pk"))
    since = min((row.compared_epoch or 0 for row in rows), default=0)
    told: dict[str, dict[str, int]] = defaultdict(dict)
    later = Submission.objects.filter(epoch__gt=since, contract__in={row.contract for row in rows})
    for contract, period, epoch in later.order_by("epoch").values_list("contract", "period", "epoch"):
        told[contract][period] = epoch or 0
    return sum(renew(row) > 0 for row in rows if _is_behind(row, told[row.contract]))


def _is_behind(row: Submission, told: Mapping[str, int]) -> bool:
    """`told`: period → the epoch of its last publication."""
    if row.when is None or not told:
        return False
    return any(told.get(one.code, 0) > (row.compared_epoch or 0) for one in looked_at(row.when))


def newer(row: Submission) -> datetime | None:
    """When a period this version may speak of was published after it was compared; None where none was."""
    if row.state not in UNDECIDED or row.when is None:
        return None
    said_of = [one.code for one in looked_at(row.when)]
    same = Submission.objects.filter(contract=row.contract, period__in=said_of)
    later = same.filter(epoch__gt=row.compared_epoch or 0).aggregate(at=Max("published_at"))
    found: datetime | None = later["at"]
    return found


def looked_at(period: Period) -> set[Period]:
    """The periods a file may repeat or compare itself with."""
    last_year = periods.year_before(period)
    return {
        periods.back(period, 1), last_year, *periods.since_january(period)[:-1], *periods.since_january(last_year),
    }  # fmt: skip


@transaction.atomic
def renew(submission: Submission) -> int:
    """Say anew what the record says of its cells; how many cells have a warning that was not there before."""
    row = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    since, contract = newer(row), judging.contract_of(row)
    if since is None or contract is None or contract.period == "none":
        return 0
    row.compared_epoch = published.last_epoch()
    warned = 0
    try:
        with transaction.atomic():
            warned = _said_anew(row, _examined(row, contract), since)
    except (Unreadable, trace.BytesGone, OSError):
        # What was judged stays; the log says that the file cannot be looked into any more.
        log.exception("submission %d could not be compared again", row.pk)
    levels = Cell.objects.filter(submission=row, level=Level.WARNING)
    row.warnings = levels.count()
    row.renewed_at = since if warned else row.renewed_at
    row.save(update_fields=["compared_epoch", "warnings", "renewed_at"])
    if warned:
        detail = {
            "contract": row.contract, "period": row.period, "number": row.number, "cells": warned,
        }  # fmt: skip
        record(person=None, actor=ACTOR, verb="sheet.compare_again", object=row, detail=detail)
    announce([("submissions", str(row.pk))])
    return warned


def _examined(row: Submission, contract: SheetContract) -> Mapping[Place, Judged]:
    """Cells of the file of which the record says something now."""
    told = published.beside(row, contract, load_catalogue())
    with judging.workbook(row) as path, Book(path) as book:
        examination = Examination(contract, row.when, published=told)
        return {
            (judging.sheet_name(cell.sheet), cell.row, cell.column): cell
            for cell in examination.cells(book)
            if any(one.code in BY_THE_RECORD for one in cell.remarks)
        }


def _said_anew(row: Submission, fresh: Mapping[Place, Judged], since: datetime) -> int:
    changed, warned, there = [], 0, set()
    kept = Cell.objects.filter(submission=row)
    for cell in kept.iterator():
        place = cell.sheet, cell.row, cell.column
        judged = fresh.get(place)
        there.add(place)
        was = [one for one in cell.remarks if one[1] in BY_THE_RECORD]
        now = _remarks(judged, was, since) if judged else []
        if now == was:
            continue
        warned += _is_news(now, was)
        cell.remarks = sorted([*_others(cell.remarks), *now], key=lambda one: -one[0])
        cell.level = max((one[0] for one in cell.remarks), default=0)
        changed.append(cell)
    Cell.objects.bulk_update(changed, ["remarks", "level"], batch_size=500)
    for place in fresh.keys() - there:  # of a long list the cells without remarks are not kept
        cell = judging.row_of(row, fresh[place], _remarks(fresh[place], [], since))
        if cell.level:
            warned += 1
            cell.save()
    return warned


def _others(remarks: Iterable[list[Any]]) -> list[list[Any]]:
    return [one for one in remarks if one[1] not in BY_THE_RECORD]


def _remarks(judged: Judged, was: list[list[Any]], since: datetime) -> list[list[Any]]:
    """As they are kept; a warning that stood before keeps since when, a new one says it."""
    known = {(code, _key(args)): args for _level, code, args in was}
    found: list[list[Any]] = []
    for level, code, args in judged.remarks:
        if code not in BY_THE_RECORD:
            continue
        same = known.get((code, _key(args)))
        if same is None and level is Level.WARNING:
            found.append([int(level), code, {**args, "since": clock.local(since).isoformat()}])
        else:
            found.append([int(level), code, dict(args) if same is None else same])
    return sorted(found, key=lambda one: -one[0])


def _key(args: Mapping[str, Any]) -> str:
    return repr(sorted((name, plain(value)) for name, value in args.items() if name != "since"))


def _is_news(now: list[list[Any]], was: list[list[Any]]) -> bool:
    warnings = [one for one in now if one[0] == Level.WARNING]
    return any(one not in was for one in warnings)
