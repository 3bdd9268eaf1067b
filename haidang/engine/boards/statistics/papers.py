"""The cell a figure was taken from: what stood there and beside it, in which file, and who answers for it."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from haidang.engine.boards import writing
from haidang.engine.boards.content import Library
from haidang.engine.contracts.sheets.book import Book, Unreadable, column_letters
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.contracts.sheets.judging import Examination
from haidang.engine.contracts.sheets.verdict import address, plain
from haidang.engine.store.trace import BytesGone
from haidang.engine.submissions.judging import workbook
from haidang.engine.submissions.models import Cell, Edit, Submission

log = logging.getLogger("haidang.boards")
HIDDEN = "•••"


@dataclass(frozen=True, slots=True)
class Beside:
    """One cell of the row: its letters, the heading above it and what stood there."""

    column: str
    heading: str
    raw: str
    on: bool


@dataclass(frozen=True, slots=True)
class Signature:
    """One act on the way of a file, by whom and when."""

    act: str
    who: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class CellPart:
    """Where a figure stands: `row` is empty where the file's cells can no longer be read, `gone` says why."""

    submission: Submission
    sheet: str
    cell: str
    raw: str
    row: list[Beside]
    way: list[Signature]
    gone: str = ""
    # Of a sum: line, cell and what it says.
    lines: Sequence[tuple[str, str, str]] = ()
    # What people typed into the cell in the grid of earlier versions.
    mended: Sequence[str] = ()


def written(raw: object) -> str:
    """As it stood there: a number with all its digits, a text as it was typed."""
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return _("đúng") if raw else _("sai")
    return writing.number(float(raw), None) if isinstance(raw, int | float) else str(raw)


def part(lib: Library, submission: Submission, detail: Mapping[str, Any]) -> CellPart:
    """The whole of it, for the figure that was asked about."""
    sheet, cell = str(detail.get("sheet", "")), str(detail.get("cell", ""))
    if detail.get("kind") == "summed":
        lines = [(line, where, written(value)) for line, where, value in detail["lines"]]
        return CellPart(submission, sheet, cell, "", [], way_of(submission), lines=lines)
    gone = ""
    row: list[Beside] = []
    try:
        row = _row(submission, lib.sheets.get(submission.contract), sheet, cell)
    except (BytesGone, Unreadable) as error:
        log.warning("the file of submission %d cannot be read again: %s", submission.pk, error)
        gone = _("Tệp gốc không còn đọc được trong kho; số và địa chỉ ô vẫn còn trong sổ.")
    raw = written(detail.get("raw"))
    mended = [_mended(one) for one in submission.mended_before(sheet, cell)]
    return CellPart(submission, sheet, cell, raw, row, way_of(submission), gone, mended=mended)


def _mended(one: Edit) -> str:
    told = {
        "who": one.person.name, "was": written(one.was), "text": one.text, "number": one.submission.number,
        "at": writing.moment(one.at),
    }  # fmt: skip
    return _("%(who)s sửa trong lưới của bản %(number)d: “%(was)s” thành “%(text)s”, %(at)s") % told


def way_of(one: Submission) -> list[Signature]:
    """Who handed it in, signed, approved and published it; what has not happened is left out."""
    acts = [
        Signature(
            _("gửi"), one.handed_in_by.name if one.handed_in_by else _("qua cửa tự động"), one.received_at
        )
    ]
    for word, person, at in (
        (_("ký"), one.signed_by, one.signed_at),
        (_("duyệt"), one.approved_by, one.approved_at),
        (_("công bố"), one.published_by, one.published_at),
    ):
        if person is not None:
            acts.append(Signature(word, person.name, at))
    return acts


Kept = tuple[int, int, Any, str, str]  # row, column, raw, fate, field


def _row(submission: Submission, contract: SheetContract | None, sheet: str, cell: str) -> list[Beside]:
    kept = list(_cells(submission, contract, sheet, cell))
    number = next((row for row, column, *_ in kept if address(row, column) == cell), 0)
    heads: dict[int, list[str]] = {}
    for row, column, raw, fate, _field in kept:
        if fate == "header" and row < number and (word := written(raw).strip()):
            above = heads.setdefault(column, [])
            if word not in above:
                above.append(word)
    private = {n for n, one in contract.columns.items() if one.personal_data != "none"} if contract else set()
    return [
        Beside(
            column_letters(column),
            " / ".join(heads.get(column, [])),
            HIDDEN if field in private else written(raw),
            address(row, column) == cell,
        )
        for row, column, raw, _fate, field in kept
        if row == number and column >= 0
    ]


def _cells(submission: Submission, contract: SheetContract | None, sheet: str, cell: str) -> Iterable[Kept]:
    """Headings of the sheet and the cells of the row of `cell`; of a long list from the file itself."""
    row = int("".join(letter for letter in cell if letter.isdigit()) or 0)
    if not submission.is_long:
        rows = Cell.objects.filter(submission=submission, sheet=sheet)
        yield from (
            (rows.filter(fate="header") | rows.filter(row=row))
            .order_by("row", "column")
            .values_list("row", "column", "raw", "fate", "field")
        )
        return
    if contract is None:
        return
    with workbook(submission) as path, Book(path) as book:
        for one in Examination(contract, submission.when).cells(book):
            if one.sheet != sheet or (one.row != row and one.fate != "header"):
                if one.sheet == sheet and one.row > row:
                    return
                continue
            yield one.row, one.column, plain(one.raw), one.fate, one.field
