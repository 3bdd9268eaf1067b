"""Mending in the grid: each change is recorded; together they become the next version, which goes the way of every file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.http import HttpRequest
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.connectors.arrival import Receipt
from haidang.engine.contracts.sheets.book import Unreadable
from haidang.engine.contracts.sheets.verdict import address
from haidang.engine.people.models import Person
from haidang.engine.store import trace
from haidang.engine.submissions import actions, judging, sending
from haidang.engine.submissions.models import Cell, Edit, Submission
from haidang.engine.submissions.shelf import shelf, ways

MOST = 5000
TOLD = 20
# Of a sheet as spreadsheet programs know it.
LAST_ROW, LAST_COLUMN = 1_048_576, 16_383


class Change(NamedTuple):
    """What somebody typed into one cell; column 0 is A."""

    row: int
    column: int
    text: str


@transaction.atomic
def edit(
    *,
    submission: Submission,
    sheet: str,
    changes: Sequence[Change],
    by: Person,
    request: HttpRequest | None = None,
) -> list[Edit]:
    """Record changes of cells. Raises ValidationError, PermissionDenied."""
    row = actions.held(submission, by, "sheet.submit", Submission.State.DRAFT, Submission.State.RETURNED)
    actions.must_be_newest(row)
    if not changes or len(changes) > MOST:
        raise ValidationError(_("Sửa từ 1 đến %(n)d ô mỗi lần.") % {"n": MOST})
    if not Cell.objects.filter(submission=row, sheet=sheet).exists():
        raise ValidationError(_("Tệp không có trang tính “%(sheet)s”.") % {"sheet": sheet})
    _must_be_near(row, sheet, changes)
    kept = Cell.objects.filter(submission=row, sheet=sheet, row__in={one.row for one in changes})
    raws = {(cell.row, cell.column): cell.raw for cell in kept}
    now = clock.now()
    made = Edit.objects.bulk_create(
        Edit(
            submission=row, sheet=sheet, row=one.row, column=one.column, text=one.text.replace("\0", "␀")[:2000],
            was=raws.get((one.row, one.column)), person=by, at=now,
        )
        for one in changes
    )  # fmt: skip
    cells = [address(one.row, one.column) for one in changes[:TOLD]]
    actions.note(row, by, "sheet.edit", request, {"count": len(changes), "cells": ", ".join(cells)})
    return made


def _must_be_near(row: Submission, sheet: str, changes: Sequence[Change]) -> None:
    """Lines may be added below a table, not beyond what a sheet can hold. Of a long list not every row is kept."""
    last = Cell.objects.filter(submission=row, sheet=sheet).aggregate(last=Max("row"))["last"]
    until = LAST_ROW if row.is_long else min(last + MOST, LAST_ROW)
    far = [one for one in changes if not (1 <= one.row <= until and 0 <= one.column <= LAST_COLUMN)]
    if far:
        words = _(
            "Không có ô ở dòng %(row)d, cột thứ %(column)d: trang tính này dùng được các dòng từ 1 đến %(until)d."
        )
        told = {"row": far[0].row, "column": far[0].column + 1, "until": until}
        raise ValidationError(words % told)


def judge_again(*, submission: Submission, by: Person, request: HttpRequest | None = None) -> Receipt:
    """The file with its recorded changes, handed in as the next number. Raises ValidationError, PermissionDenied."""
    row = submission
    pending = row.pending_edits()
    if row.state not in (Submission.State.DRAFT, Submission.State.RETURNED) or not pending:
        raise ValidationError(_("Chưa có ô nào được sửa trên bản này."))
    actions.must_be_newest(row)
    way = next((one for one in ways(by, "sheet.submit") if one.source.pk == row.source_id), None)
    if way is None:
        raise PermissionDenied(_("Bạn không gửi được số liệu cho cơ quan này."))
    name = f"{Path(row.name).stem or row.contract}.xlsx"
    return sending.send(
        way=way,
        period=row.period,
        body=_composed(row),
        name=name,
        by=by,
        mended_from=row.number,
        request=request,
    )


def _composed(row: Submission) -> bytes:
    # What writes workbooks takes a tenth of a second to come, and pages do without it.
    from haidang.engine.contracts.sheets.editing import Merged, value_of, write_edited

    contract = shelf().contracts.get(row.contract)
    fields = {
        (sheet, column): field
        for sheet, column, field in Cell.objects.filter(submission=row)
        .exclude(field="")
        .values_list("sheet", "column", "field")
        .distinct()
    }
    changes = {
        place: value_of(
            one.text, contract.columns.get(fields.get((place[0], place[2]), "")) if contract else None
        )
        for place, one in row.pending_edits().items()
    }
    try:
        with judging.workbook(row) as path, TemporaryDirectory(prefix="haidang-") as folder:
            target = Path(folder) / "edited.xlsx"
            write_edited(path, target, changes)
            return target.read_bytes()
    except Merged as error:
        words = _("Ô %(cell)s nằm trong vùng gộp: sửa ô đầu của vùng, hoặc sửa trong Excel.")
        raise ValidationError(words % {"cell": error.address}) from None
    except (Unreadable, trace.BytesGone, FileNotFoundError) as error:
        raise ValidationError(_("Không mở lại được tệp gốc để sửa (%(why)s).") % {"why": error}) from error
