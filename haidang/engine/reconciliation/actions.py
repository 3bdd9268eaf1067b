"""Decisions about a difference: ask the offices, explain, settle. Two people of two offices sign what is settled."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.audit.actions import record
from haidang.engine.notify.outbox import announce
from haidang.engine.people.models import Person
from haidang.engine.reconciliation.models import Difference, Note

State = Difference.State
SHORTEST = 5


@transaction.atomic
def ask(*, difference: Difference, text: str, by: Person, request: HttpRequest | None = None) -> Difference:
    """Ask both offices what lies behind it. Raises ValidationError, PermissionDenied."""
    row = _held(difference, by, "difference.settle", State.FOUND, State.ASKED)
    words = _words(text, _("Viết điều cần hỏi bằng ít nhất %(n)d chữ cái."))
    row.state = State.ASKED
    row.save(update_fields=["state"])
    _note(row, Note.Kind.ASKED, words, by, request)
    return row


@transaction.atomic
def explain(
    *, difference: Difference, text: str, by: Person, request: HttpRequest | None = None
) -> Difference:
    """An office says why its figure is what it is. What had one signature is signed anew."""
    row = _held(difference, by, "difference.explain", *Difference.OPEN)
    words = _words(text, _("Viết lời giải trình bằng ít nhất %(n)d chữ cái."))
    row.state = State.EXPLAINED
    _unsign(row)
    row.save()
    _note(row, Note.Kind.EXPLAINED, words, by, request)
    return row


@transaction.atomic
def settle(
    *, difference: Difference, outcome: str, text: str, by: Person, request: HttpRequest | None = None
) -> Difference:
    """Sign an outcome. The first signature proposes it; a second one, of another person and office, settles it.

    Signed with another outcome, the proposal is replaced and waits for the other side again.
    """
    row = _held(difference, by, "difference.settle", State.EXPLAINED)
    words = _words(text, _("Viết kết luận bằng ít nhất %(n)d chữ cái."))
    if outcome not in Difference.Outcome.values:
        raise ValidationError({"outcome": _("Chọn một kết luận.")})
    if by.office is None:
        raise ValidationError(_("Tài khoản của bạn chưa gắn cơ quan: chữ ký phải là của một cơ quan."))
    now = clock.now()
    if row.first_by is None or row.outcome != outcome:
        row.outcome, row.settlement = outcome, words
        row.first_by, row.first_office, row.first_at = by, by.office, now
        row.save()
        _note(row, Note.Kind.SIGNED, words, by, request, outcome)
        return row
    if row.first_by_id == by.pk:
        raise ValidationError(_("Bạn đã ký; cần người của cơ quan khác ký thứ hai."))
    if row.first_office_id == by.office_id:
        raise ValidationError(_("Cơ quan bạn đã ký; cần người của cơ quan khác ký thứ hai."))
    row.second_by, row.second_office, row.second_at = by, by.office, now
    row.state = State.SETTLED
    row.save()
    _note(row, Note.Kind.SETTLED, words, by, request, outcome)
    return row


def _held(difference: Difference, by: Person, act: str, *states: str) -> Difference:
    """The row, locked, when `by` may do this to it now."""
    if not Difference.objects.for_user(by, act).filter(pk=difference.pk).exists():
        raise PermissionDenied(_("Bạn không có quyền làm việc này với chênh lệch của cơ quan khác."))
    row = Difference.objects.select_for_update(of=("self",)).get(pk=difference.pk)
    if row.state not in states:
        words = _("Chênh lệch này đang ở bước “%(state)s”, không làm được việc này.")
        raise ValidationError(words % {"state": row.get_state_display()})
    return row


def _words(text: str, refusal: str) -> str:
    words = text.strip()
    if len(words) < SHORTEST:
        raise ValidationError({"text": refusal % {"n": SHORTEST}})
    return words


def _unsign(row: Difference) -> None:
    row.outcome = row.settlement = ""
    row.first_by = row.first_office = row.first_at = None


def _note(
    row: Difference, kind: Note.Kind, text: str, by: Person, request: HttpRequest | None, outcome: str = ""
) -> None:
    Note.objects.create(
        difference=row, kind=kind, at=clock.now(), text=text, person=by, office=by.office, outcome=outcome
    )
    detail = {"pair": row.pair, "period": row.period, "kind": row.kind, "note": text}
    if outcome:
        detail["outcome"] = outcome
    record(person=by, verb=f"difference.{kind.value}", object=row, detail=detail, request=request)
    announce([("differences", str(row.pk))])
