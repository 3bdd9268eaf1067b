"""Decisions about what was handed in: explain, sign, send back, approve, publish. Whoever signs never approves."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from haidang.engine import clock
from haidang.engine.audit.actions import record
from haidang.engine.indicators import periods, publishing
from haidang.engine.indicators.catalogue import load_catalogue
from haidang.engine.notify.outbox import announce
from haidang.engine.people.models import Person
from haidang.engine.people.rights import may
from haidang.engine.store import epochs
from haidang.engine.submissions import figures, judging, renewing
from haidang.engine.submissions.explaining import unexplained as unexplained  # noqa: PLC0414 - asked before signing
from haidang.engine.submissions.models import Cell, Explanation, Submission

State = Submission.State


@transaction.atomic
def explain(
    *, submission: Submission, cell: Cell, text: str, by: Person, request: HttpRequest | None = None
) -> Explanation:
    """Say why a cell with a warning is right. Raises ValidationError, PermissionDenied."""
    row = held(submission, by, "sheet.submit", State.DRAFT, State.RETURNED)
    words = text.strip()
    if cell.submission_id != row.pk:
        raise ValidationError(_("Ô này thuộc bản số liệu khác."))
    if cell.level != 1:
        raise ValidationError(_("Chỉ giải trình ô có cảnh báo; ô lỗi phải sửa trong tệp rồi gửi lại."))
    if len(words) < 5:
        raise ValidationError(_("Viết lý do bằng ít nhất 5 chữ cái, ví dụ “nộp bù thuế quý trước”."))
    said = Explanation.objects.create(
        submission=row,
        sheet=cell.sheet,
        row=cell.row,
        column=cell.column,
        text=words,
        person=by,
        at=clock.now(),
    )
    note(row, by, "sheet.explain", request, {"row": cell.row, "column": cell.column, "note": words})
    return said


@transaction.atomic
def sign(*, submission: Submission, by: Person, request: HttpRequest | None = None) -> Submission:
    """The office answers for it. Raises ValidationError while a cell is at fault or a warning unexplained."""
    row = held(submission, by, "sheet.submit", State.DRAFT, State.RETURNED)
    must_be_newest(row)
    if row.faults:
        words = _("Còn %(n)d ô lỗi: sửa trong tệp rồi gửi lại, ô lỗi không ký được.")
        raise ValidationError(words % {"n": row.faults})
    if pending := row.pending_edits():
        words = _("%(n)d ô đã sửa trên lưới chưa chấm lại: bấm Chấm lại trước khi ký.")
        raise ValidationError(words % {"n": len(pending)})
    renewing.renew(row)
    if left := unexplained(row):
        words = _("Còn %(n)d ô cảnh báo chưa giải trình.")
        raise ValidationError(words % {"n": len(left)})
    row.state, row.signed_by, row.signed_at = State.SUBMITTED, by, clock.now()
    row.save(update_fields=["state", "signed_by", "signed_at"])
    note(row, by, "sheet.sign", request)
    return row


@transaction.atomic
def send_back(
    *, submission: Submission, why: str, by: Person, request: HttpRequest | None = None
) -> Submission:
    """Back to the office, with the reason."""
    row = held(submission, by, "sheet.approve", State.SUBMITTED, State.APPROVED)
    words = why.strip()
    if len(words) < 5:
        raise ValidationError({"why": _("Viết lý do trả lại bằng ít nhất 5 chữ cái.")})
    row.state, row.returned_by, row.returned_at, row.returned_why = State.RETURNED, by, clock.now(), words
    # Both answer anew for what comes of it.
    row.signed_by = row.signed_at = row.approved_by = row.approved_at = None
    row.save()
    note(row, by, "sheet.send_back", request, {"note": words})
    return row


@transaction.atomic
def approve(*, submission: Submission, by: Person, request: HttpRequest | None = None) -> Submission:
    """Another person than the signer finds it right. Raises ValidationError where what was published since gives it a
    warning nobody has seen.
    """
    row = held(submission, by, "sheet.approve", State.SUBMITTED)
    must_be_newest(row)
    if row.signed_by_id == by.pk:
        raise PermissionDenied(_("Người ký gửi không tự duyệt: cần người khác duyệt bản này."))
    if news := renewing.renew(row):
        words = ngettext(
            "Số của kỳ khác vừa được công bố: thêm %(n)d ô cảnh báo. Đọc rồi duyệt lại.",
            "Số của kỳ khác vừa được công bố: thêm %(n)d ô cảnh báo. Đọc rồi duyệt lại.",
            news,
        )
        raise ValidationError(words % {"n": news})
    row.state, row.approved_by, row.approved_at = State.APPROVED, by, clock.now()
    row.save(update_fields=["state", "approved_by", "approved_at"])
    note(row, by, "sheet.approve", request)
    return row


@transaction.atomic
def publish(
    *, submission: Submission, by: Person, request: HttpRequest | None = None
) -> publishing.Published:
    """What was approved becomes figures, in one epoch; the version published before is corrected by it, and stays.

    Raises ValidationError where a line's place is not known, where the lines of another office are published as those of
    the whole province, or where a newer version stands.
    """
    row = held(submission, by, "sheet.approve", State.APPROVED)
    must_be_newest(row)
    contract = judging.contract_of(row)
    if contract is None:
        raise ValidationError(_("Hợp đồng %(name)s không còn hiệu lực.") % {"name": row.contract})
    catalogue = load_catalogue()
    values = figures.stated(row, contract, catalogue)
    former = Submission.objects.select_for_update(of=("self",)).filter(
        contract=row.contract, period=row.period, office=row.office, state=State.PUBLISHED
    )
    corrects = None
    for old in former:
        if row.when:
            corrects = publishing.Correction(old.pk, row.contract, periods.end_of(row.when))
        old.state = State.CORRECTED
        old.save(update_fields=["state"])
    row.epoch = epochs.take("submissions")
    figures.must_be_alone(row, values)
    done = publishing.publish(catalogue, values, row.epoch, corrects=corrects)
    row.state, row.published_by, row.published_at = State.PUBLISHED, by, clock.now()
    row.save(update_fields=["state", "published_by", "published_at", "epoch"])
    counts = {"figures": len(done.stated), "derived": len(done.derived), "unchanged": done.unchanged}
    note(row, by, "sheet.publish", request, counts)
    announce(
        ("figures", f"place:{place}") for place in sorted({f.place_id for f in [*done.stated, *done.derived]})
    )
    return done


def held(submission: Submission, by: Person, act: str, *states: str) -> Submission:
    """The row, locked, when `by` may do this to it now. Raises PermissionDenied, ValidationError for another state."""
    row = Submission.objects.select_for_update(of=("self",)).select_related("office").get(pk=submission.pk)
    if not may(by, act, office=row.office, domain=row.domain):
        raise PermissionDenied(_("Bạn không có quyền làm việc này với số liệu của cơ quan khác."))
    if row.state not in states:
        words = _("Bản này đang ở bước “%(state)s”, không làm được việc này.")
        raise ValidationError(words % {"state": row.get_state_display()})
    return row


def must_be_newest(row: Submission) -> None:
    """Of those that can be used: a file that cannot be read, or was taken back, takes the place of none."""
    newer = row.of_the_period().filter(number__gt=row.number).exclude(state__in=Submission.NEVER_STANDS)
    if last := newer.order_by("-number").first():
        words = _("Đã có bản số %(n)d mới hơn của kỳ này; làm việc với bản đó.")
        raise ValidationError(words % {"n": last.number})


def note(
    row: Submission,
    by: Person,
    verb: str,
    request: HttpRequest | None,
    detail: Mapping[str, object] | None = None,
) -> None:
    about = {"contract": row.contract, "period": row.period, "number": row.number}
    record(person=by, verb=verb, object=row, detail={**about, **(detail or {})}, request=request)
    announce([("submissions", str(row.pk))])
