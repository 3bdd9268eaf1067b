"""Saying which period a file is for that came without one: the version itself takes its place in that period and is judged
as if it had come with it. Its bytes stay where they are, so there is no second of them.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.people.models import Person
from haidang.engine.submissions import intake
from haidang.engine.submissions.actions import held, note
from haidang.engine.submissions.models import Submission
from haidang.engine.submissions.shelf import shelf

State = Submission.State
NO_PERIOD = "no_period"


def is_asked(row: Submission) -> bool:
    """Whether all that keeps this version from being judged is that nobody has said its period."""
    contract = shelf().contracts.get(row.contract)
    is_periodic = contract is not None and contract.period != "none"
    return is_periodic and row.state == State.UNREADABLE and row.reason == NO_PERIOD


@transaction.atomic
def state_period(
    *, submission: Submission, period: str, why: str, by: Person, request: HttpRequest | None = None
) -> Submission:
    """The office says the period; the version becomes the next number of it and waits to be judged. Raises ValidationError
    where that period has the same file already, PermissionDenied.
    """
    row = held(submission, by, "sheet.submit", State.UNREADABLE)
    if not is_asked(row):
        raise ValidationError(_("Bản này không thiếu kỳ: sửa tệp theo lý do nêu trên rồi gửi lại."))
    words = why.strip()
    if len(words) < 5:
        reason = _("Viết lý do bằng ít nhất 5 chữ cái, ví dụ “trong tệp ghi tháng 10”.")
        raise ValidationError({"why": reason})
    wanted = Period.parse(period)
    if wanted.kind != shelf().contracts[row.contract].period:
        raise ValidationError({"period": _("Biểu này không có kỳ %(period)s.") % {"period": wanted.code}})
    row.period = wanted.code
    last = row.of_the_period().order_by("-number").first()
    number = intake.number_after(last, row.sha256)
    if number is None:
        told = _("Kỳ này đã có đúng tệp này (bản số %(n)d): rút bản này, làm việc với bản đó.")
        raise ValidationError(told % {"n": last.number if last else 0})
    row.number, row.state, row.reason, row.reason_args = number, State.RECEIVED, "", {}
    row.period_said_by, row.period_said_at, row.period_said_why = by, clock.now(), words
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        told = _("Một tệp khác của kỳ này vừa vào cùng lúc: bấm lại để tệp này đứng sau.")
        raise ValidationError(told) from None
    intake.queue(row, priority=intake.FIRST)
    note(row, by, "sheet.state_period", request, {"note": words})
    return row
