"""Judge files that were handed in: every cell with its fate and what is said of it, kept with the submission."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from django.db import InterfaceError, OperationalError, connection, transaction

from haidang.engine import clock
from haidang.engine.connectors.arrival import Arrival
from haidang.engine.contracts.sheets.book import Book, Unreadable
from haidang.engine.contracts.sheets.definition import NUMERIC, SheetContract
from haidang.engine.contracts.sheets.judging import Examination
from haidang.engine.contracts.sheets.origin import HandedIn
from haidang.engine.contracts.sheets.verdict import Cell as Judged
from haidang.engine.contracts.sheets.verdict import Level, plain
from haidang.engine.indicators.catalogue import load_catalogue
from haidang.engine.notify.outbox import announce
from haidang.engine.store import content, trace
from haidang.engine.store.models import Delivery
from haidang.engine.submissions import published
from haidang.engine.submissions.models import Cell, Explanation, Submission
from haidang.engine.submissions.strays import Watch

log = logging.getLogger("haidang.submissions")

# From so many cells on only those with remarks are kept: the others are read from the file when they are asked for.
LONG = 100_000

_CELL = (
    "submission_id", "sheet", "row", '"column"', "raw", "fate", "value", "unit", "field", "item", "level", "remarks",
)  # fmt: skip


def contract_of(submission: Submission) -> SheetContract | None:
    """The contract in force now; None when it left the tree."""
    entry = content.standing_tree().sheets.get(submission.contract)
    return entry.thing if entry else None


@contextmanager
def workbook(submission: Submission) -> Iterator[Path]:
    """The file as it was handed in, somewhere it can be opened. Raises trace.BytesGone."""
    arrival = arrival_of(submission)
    with TemporaryDirectory() as folder:
        path = called(submission.name, Path(folder))
        if arrival.file:
            path.symlink_to(trace.file_of(arrival.file).absolute())
        else:
            path.write_bytes(arrival.body or b"")
        yield path


def called(name: str, folder: Path) -> Path:
    """A path below `folder` by the name the sender gave: reasons quote it, and the sheet of a .csv is called by it."""
    bare = re.sub(r"[\x00/\\\\]", "", name).lstrip(".") or "tep"
    stem, suffix = Path(bare).stem, Path(bare).suffix
    # A file system takes 255 bytes, of which a Vietnamese letter needs up to three.
    return folder / (stem.encode()[:200].decode(errors="ignore") + suffix[:8])


def arrival_of(submission: Submission) -> Arrival:
    """The one of its delivery. A file is one record, so the ordinal is the place among the arrivals."""
    delivery = Delivery.objects.get(pk=submission.delivery_id)
    return trace.arrivals_of(delivery)[submission.ordinal]


def judge_received(most: int = 20) -> int:
    """Judge what waits, oldest first; how many were. One that cannot be judged is told to the log, tried again at the
    next turn, and keeps none behind it from theirs.
    """
    done = 0
    for submission in Submission.objects.filter(state=Submission.State.RECEIVED).order_by("pk"):
        if done == most:
            break
        try:
            judge(submission)
        except (OperationalError, InterfaceError):
            raise  # the record is away, for all of them
        except Exception:
            log.exception("submission %d could not be judged", submission.pk)
        else:
            done += 1
    return done


def judge(submission: Submission) -> Submission:
    """Give every cell its fate, in one transaction; a file that cannot be understood says why and how to mend it."""
    contract = contract_of(submission)
    with transaction.atomic():
        # Two workers may have found it; whoever comes second looks again when the first is done.
        row = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
        if row.state != Submission.State.RECEIVED:
            return row
        try:
            if contract is None:
                raise Unreadable("no_contract", {"name": row.contract})
            if contract.period != "none" and not row.period:
                raise Unreadable("no_period", {"name": row.name or row.contract})
            with transaction.atomic(), workbook(row) as path, Book(path) as book:
                handed_in = HandedIn(
                    row.contract, *((row.office.code, row.office.name) if row.office else ())
                )
                row.compared_epoch = published.last_epoch()
                told = published.beside(row, contract, load_catalogue())
                examination = Examination(contract, row.when, earlier(row, contract), handed_in, told)
                watch = Watch()
                sums = _keep(row, examination.cells(book), watch)
            row.sheet = examination.sheet.name if examination.sheet else ""
            row.lines, row.faults = examination.records, sums.faults
            row.cells, row.numbers, row.warnings, row.is_long = (
                sums.cells, sums.numbers, sums.warnings, sums.is_long,
            )  # fmt: skip
            row.strays = [[sheet_name(one.sheet), *msgspec.to_builtins(one)[1:]] for one in watch.found()]
            row.state = Submission.State.DRAFT
            _carry_explanations(row)
        except Unreadable as error:
            row.state, row.reason = Submission.State.UNREADABLE, error.code
            row.reason_args = msgspec.to_builtins(error.arguments, str_keys=True)
        except trace.BytesGone as error:
            log.exception("the file of submission %d is gone", row.pk)
            row.state, row.reason = Submission.State.UNREADABLE, "bytes_gone"
            row.reason_args = {"name": row.name, "detail": Path(str(error)).name}
        row.judged_at = clock.now()
        row.save()
        announce([("submissions", str(row.pk))])
    return row


def _carry_explanations(row: Submission) -> None:
    """What was explained in the version before holds on for the same cell with the same value and the same warning."""
    same = Submission.objects.filter(contract=row.contract, period=row.period, office=row.office)
    before = same.filter(number__lt=row.number, cells__gt=0).order_by("-number").first()
    if before is None or not row.warnings:
        return
    said = {(one.sheet, one.row, one.column): one for one in before.explanations.order_by("pk")}
    warned = Cell.objects.filter(submission=before, level=1)
    was = (
        {(cell.sheet, cell.row, cell.column): (cell.raw, _undated(cell.remarks)) for cell in warned}
        if said
        else {}
    )
    Explanation.objects.bulk_create(
        Explanation(
            submission=row, sheet=cell.sheet, row=cell.row, column=cell.column,
            text=said[place].text, person=said[place].person, at=said[place].at,
        )
        for cell in Cell.objects.filter(submission=row, level=1)
        if (place := (cell.sheet, cell.row, cell.column)) in said
        and was.get(place) == (cell.raw, _undated(cell.remarks))
    )  # fmt: skip


def _undated(remarks: list[list[Any]]) -> list[list[Any]]:
    """The same warning, whether it stood there from the first or came with a later publication."""
    return [
        [level, code, {name: value for name, value in args.items() if name != "since"}]
        for level, code, args in remarks
    ]


@dataclass(slots=True)
class Sums:
    cells: int = 0
    numbers: int = 0
    faults: int = 0
    warnings: int = 0
    is_long: bool = False


def _keep(row: Submission, cells: Iterator[Judged], watch: Watch) -> Sums:
    """Write the cells; of a long list those with remarks. All pass before `watch`."""
    sums = Sums()
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY submissions_cell ({', '.join(_CELL)}) FROM STDIN") as copy:
            for cell in cells:
                sums.cells += 1
                watch.see(cell)
                level = cell.level
                sums.numbers += cell.fate == "value" and isinstance(cell.value, float)
                sums.faults += level is Level.FAULT
                sums.warnings += level is Level.WARNING
                if sums.cells <= LONG or level:
                    copy.write_row(_as_row(row.pk, cell, level))
        sums.is_long = sums.cells > LONG
        if sums.is_long:
            cursor.execute("DELETE FROM submissions_cell WHERE submission_id = %s AND level = 0", [row.pk])
    return sums


def _as_row(submission_id: int, cell: Judged, level: Level) -> tuple[Any, ...]:
    remarks = [[int(r.level), r.code, r.args] for r in sorted(cell.remarks, key=lambda r: -r.level)]
    return (
        submission_id, _text(cell.sheet, 100), cell.row, cell.column, _json(plain(cell.raw)), cell.fate,
        _json(plain(cell.value)), cell.unit, cell.field, cell.item, int(level), _json(remarks),
    )  # fmt: skip


# NUL as JSON writes it; behind a backslash that is written out it is six letters somebody typed.
_NUL = re.compile(r"((?<!\\)(?:\\\\)*)\\u0000")


def row_of(row: Submission, cell: Judged, remarks: list[list[Any]]) -> Cell:
    """A cell with other remarks than it was judged with, not saved."""
    return Cell(
        submission=row, sheet=sheet_name(cell.sheet), row=cell.row, column=cell.column, raw=plain(cell.raw),
        fate=cell.fate, value=plain(cell.value), unit=cell.unit, field=cell.field, item=cell.item,
        level=max((one[0] for one in remarks), default=0), remarks=remarks,
    )  # fmt: skip


def sheet_name(name: str) -> str:
    """As it is kept."""
    return _text(name, 100)


def _text(text: str, longest: int) -> str:
    return text.replace("\0", "␀")[:longest]


def _json(value: object) -> str | None:
    """As jsonb takes it: it knows no NUL."""
    if value is None:
        return None
    return _NUL.sub(r"\1␀", msgspec.json.encode(value, enc_hook=str).decode())


def earlier(row: Submission, contract: SheetContract) -> dict[tuple[tuple[Any, ...], str], float]:
    """What the same office published for the last period, by line and column; empty where it published nothing."""
    if row.when is None:
        return {}
    last = Submission.objects.filter(
        contract=row.contract,
        office=row.office,
        period=row.when.before.code,
        state=Submission.State.PUBLISHED,
    ).first()
    return {} if last is None or last.is_long else numbers_of(last, contract)


def numbers_of(submission: Submission, contract: SheetContract) -> dict[tuple[tuple[Any, ...], str], float]:
    """The numbers of a judged file, by what names their line and by column."""
    names = [contract.item_column] if contract.items else contract.key
    numeric = {name for name, column in contract.columns.items() if column.type in NUMERIC}
    rows: dict[tuple[str, int], dict[str, Any]] = {}
    kept = Cell.objects.filter(submission=submission, fate__in=("value", "label")).order_by("pk")
    for sheet, number, field, item, value in kept.values_list("sheet", "row", "field", "item", "value"):
        line = rows.setdefault((sheet, number), {})
        line[field] = item if field == contract.item_column and item else value
    found: dict[tuple[tuple[Any, ...], str], float] = {}
    for line in rows.values():
        key = tuple(line[name] for name in names if name in line)
        for name in numeric & line.keys():
            if isinstance(value := line[name], int | float):
                found[key, name] = float(value)
    return found
