"""Ask for a connection, refuse it in writing, and try a file without a trace in the record.

Nghị định 47/2020/NĐ-CP as changed by 194/2025/NĐ-CP: the account of a connection within two working days, or a refusal
in writing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.audit.actions import record
from haidang.engine.contracts.sheets.book import Book, Unreadable
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.contracts.sheets.judging import Examination
from haidang.engine.contracts.sheets.verdict import Cell as Judged
from haidang.engine.contracts.sheets.verdict import Level, Remark
from haidang.engine.incidents import days
from haidang.engine.notify.outbox import announce
from haidang.engine.onboarding.models import Connection, Trial
from haidang.engine.people.masking import masked
from haidang.engine.store.models import Source
from haidang.engine.submissions.grid import is_personal, mask_args
from haidang.engine.submissions.judging import called
from haidang.engine.submissions.shelf import shelf
from haidang.engine.submissions.strays import Stray, Watch

if TYPE_CHECKING:
    from haidang.engine.people.models import Office, Person

TERM_DAYS = 2
SHOWN = 100


@transaction.atomic
def ask(*, source: Source, office: Office, by: Person, reference: str = "") -> Connection:
    """From now on two working days are counted. A source nobody owns yet belongs to this office from now on."""
    # Two who ask at once take turns: the second is told, and does not take the source from the first.
    source = Source.objects.select_for_update(no_key=True).get(pk=source.pk)
    if source.office_id not in (None, office.pk):
        raise ValidationError({"source": _("Nguồn này thuộc cơ quan khác.")})
    if Connection.objects.filter(source=source, office=office, refused_at=None).exists():
        raise ValidationError(_("Cơ quan này đã được mở đấu nối với nguồn này."))
    if source.office_id is None:
        source.office, source.connected_date = office, clock.today()
        source.save(update_fields=["office", "connected_date"])
    now = clock.now()
    found = Connection.objects.create(
        source=source, office=office, reference=reference.strip(), asked_at=now, asked_by=by,
        due_on=days.day_after(now, TERM_DAYS),
    )  # fmt: skip
    detail = {"source": source.address, "office": office.name, "due": f"{found.due_on:%d/%m/%Y}"}
    record(person=by, verb="connection.ask", object=found, detail=detail)
    announce([("sources", source.address)])
    return found


@transaction.atomic
def refuse(*, connection: Connection, by: Person, reason: str) -> Connection:
    """In writing: the reason stands with it, and the office may ask anew."""
    if not reason.strip():
        raise ValidationError({"reason": _("Nêu lý do từ chối.")})
    connection = Connection.objects.select_for_update().get(pk=connection.pk)
    if connection.refused_at:
        raise ValidationError(_("Đề nghị này đã bị từ chối rồi."))
    connection.refused_at, connection.refused_by = clock.now(), by
    connection.refused_why = reason.strip()[:500]
    connection.save(update_fields=["refused_at", "refused_by", "refused_why"])
    record(person=by, verb="connection.refuse", object=connection, detail={"reason": connection.refused_why})
    announce([("sources", connection.source.address)])
    return connection


def try_file(*, connection: Connection, by: Person, body: bytes, name: str, period: str = "") -> Trial:
    """Judge a file as `work` would, cell by cell, and keep what was said. The file itself is not kept."""
    if connection.refused_at:
        raise ValidationError(_("Đề nghị này đã bị từ chối rồi."))
    contract = shelf().sources[connection.source.address].contract
    made = Trial(
        connection=connection, at=clock.now(), by=by, name=name[-255:], size=len(body),
        sha256=hashlib.sha256(body).hexdigest(), period=period, contract_sha256=shelf().editions[contract], is_readable=True,
    )  # fmt: skip
    examination = Examination(shelf().contracts[contract], Period.parse(period) if period else None)
    try:
        with TemporaryDirectory() as folder:
            path = called(name, Path(folder))
            path.write_bytes(body)
            with Book(path) as book:
                _look(made, examination, book)
    except Unreadable as error:
        made.is_readable = False
        said = Judged("", 0, -1, None, "missing", remarks=[Remark(Level.FAULT, error.code, error.arguments)])
        made.remarks = [_remark(said, examination.contract)]
    made.lines, made.faults = examination.records, examination.faults
    with transaction.atomic():
        made.save()
        detail = {
            "source": connection.source.address,
            "name": name,
            "sha256": made.sha256,
            "faults": made.faults,
        }
        record(person=by, verb="connection.try", object=connection, detail=detail)
        announce([("sources", connection.source.address)])
    return made


def _look(made: Trial, examination: Examination, book: Book) -> None:
    watch, told = Watch(), list[Judged]()
    for cell in examination.cells(book):
        watch.see(cell)
        if cell.fate == "value" and isinstance(cell.value, int | float):
            made.numbers += 1
        if not cell.level:
            continue
        made.warnings += cell.level == Level.WARNING
        if len(told) < SHOWN:
            told.append(cell)
    # A column shows what it holds only when all of it has been seen.
    strays = watch.found()
    made.remarks = [_remark(cell, examination.contract, strays) for cell in told]


def _remark(cell: Judged, contract: SheetContract, strays: Iterable[Stray] = ()) -> dict[str, Any]:
    """What was said, kept without the personal data it quotes, of the contract's columns and of columns nobody asked for:
    the file that held them is not kept either.
    """
    if is_personal(cell, contract) or any(one.holds(cell.sheet, cell.row, cell.column) for one in strays):
        cell.remarks = [Remark(one.level, one.code, mask_args(one.args)) for one in cell.remarks]
    elif not cell.field:
        # One number under a table is no column: it is known by its own shape.
        cell.remarks = [
            Remark(one.level, one.code, {name: masked(value) for name, value in one.args.items()})
            for one in cell.remarks
        ]
    return {"cell": cell.address, "level": int(cell.level), "vi": cell.reason("vi"), "en": cell.reason("en")}
