"""Taking a version back, and turning to an earlier delivery of the same period. Nothing is deleted, and the log keeps both."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.people.models import Person
from haidang.engine.submissions.actions import held, note
from haidang.engine.submissions.models import Submission

State = Submission.State
# What the office may take back; what is taken back already is not, and keeps who did it and why.
TAKEN_BACK = tuple(state for state in Submission.AT_THE_OFFICE if state != State.WITHDRAWN)


@transaction.atomic
def withdraw(
    *, submission: Submission, why: str, by: Person, request: HttpRequest | None = None
) -> Submission:
    """The office takes back what it has not signed: the version before stands again. Raises ValidationError,
    PermissionDenied.
    """
    row = held(submission, by, "sheet.submit", *TAKEN_BACK)
    words = why.strip()
    if len(words) < 5:
        reason = _("Viết lý do rút bằng ít nhất 5 chữ cái, ví dụ “gửi nhầm tệp của quý”.")
        raise ValidationError({"why": reason})
    return _withdrawn(row, words, by, request)


@transaction.atomic
def use_again(*, submission: Submission, by: Person, request: HttpRequest | None = None) -> Submission:
    """An earlier delivery stands again; drafts sent after it are taken back. Raises ValidationError where a later one is
    signed or published, PermissionDenied.
    """
    # The later ones are locked too, in one order for everybody: nobody signs one of them meanwhile.
    same = submission.of_the_period().select_for_update(of=("self",)).order_by("pk")
    later = [one for one in same if one.number > submission.number]
    row = held(submission, by, "sheet.submit", *State)
    if reason := refused(row, later):
        raise ValidationError(reason)
    for one in later:
        if one.state in (State.RECEIVED, State.DRAFT, State.RETURNED):
            # i18n: data – kept as a reason that somebody might have written
            _withdrawn(one, f"Dùng lại bản số {row.number}.", by, request)
    if row.state == State.WITHDRAWN:
        row.state = State.RETURNED if row.returned_at else State.DRAFT if row.judged_at else State.RECEIVED
        row.withdrawn_by, row.withdrawn_at, row.withdrawn_why = None, None, ""
        row.save()
    note(row, by, "sheet.use_again", request)
    return row


def refused(row: Submission, later: list[Submission]) -> str:
    """Why this version cannot be turned to, with `later` ones of its period; empty when it can."""
    if row.reason:
        return _("Bản này không đọc được nên không dùng lại được: sửa tệp rồi gửi lại.")
    if row.state not in (State.DRAFT, State.RETURNED, State.WITHDRAWN):
        words = _("Bản này đang ở bước “%(state)s”: muốn nộp lại nội dung này thì gửi lại tệp gốc.")
        return words % {"state": row.get_state_display()}
    for one in later:
        if one.state not in Submission.AT_THE_OFFICE:
            words = _(
                "Bản số %(n)d gửi sau đang ở bước “%(state)s”: đề nghị người duyệt trả lại bản đó trước."
            )
            return words % {"n": one.number, "state": one.get_state_display()}
    if row.state != State.WITHDRAWN and not any(one.state not in Submission.NEVER_STANDS for one in later):
        return _("Bản này đang dùng cho kỳ này rồi.")
    return ""


def _withdrawn(row: Submission, why: str, by: Person, request: HttpRequest | None) -> Submission:
    row.state, row.withdrawn_by, row.withdrawn_at, row.withdrawn_why = State.WITHDRAWN, by, clock.now(), why
    row.save(update_fields=["state", "withdrawn_by", "withdrawn_at", "withdrawn_why"])
    note(row, by, "sheet.withdraw", request, {"note": why})
    return row
