"""More time for an order: asked with a reason, granted or denied by whoever gave it, never by who asked."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.incidents.models import Entry, Extension, Order
from haidang.engine.incidents.timeline import write
from haidang.engine.said import said

if TYPE_CHECKING:
    from haidang.engine.people.models import Person

State = Order.State
UNDER_WAY = (State.ISSUED, State.RECEIVED, State.ARRIVED)


def _locked(order: Order) -> Order:
    found = (
        Order.objects.select_for_update(of=("self",))
        .select_related("incident", "conclusion", "office")
        .get(pk=order.pk)
    )
    if found.state not in UNDER_WAY:
        raise ValidationError(
            _("Lệnh %(code)s đang ở trạng thái “%(state)s”, không làm việc này được nữa.")
            % {"code": found.code, "state": found.get_state_display()}
        )
    return found


def _day(order: Order, instant: datetime) -> str:
    return f"{clock.local(instant):{'%d/%m/%Y' if order.is_by_day else '%H:%M %d/%m/%Y'}}"


@transaction.atomic
def ask(*, order: Order, by: Person, until_at: datetime, reason: str) -> Extension:
    """One question at a time; a later deadline than the present one."""
    order = _locked(order)
    if not reason.strip():
        raise ValidationError({"reason": _("Nêu lý do xin gia hạn.")})
    if until_at <= max(order.deadline_at, clock.now()):
        raise ValidationError({"deadline_day": _("Hạn mới phải sau hạn đang có và sau lúc này.")})
    if order.extensions.filter(state=Extension.State.ASKED).exists():
        raise ValidationError(_("Đã có một đề nghị gia hạn đang chờ."))
    asked = Extension.objects.create(
        order=order, until_at=until_at, reason=reason.strip()[:500], asked_at=clock.now(), asked_by=by
    )
    line = said(
        "%(code)s xin gia hạn đến %(time)s: %(reason)s",
        code=order.code,
        time=_day(order, until_at),
        reason=asked.reason,
    )
    write(order.ground, Entry.Kind.RECEIPT, line, by=by, order=order, verb="ask_extension")
    return asked


@transaction.atomic
def grant(*, extension: Extension, by: Person) -> Order:
    """The order is due later from now on; what it was due first is kept."""
    order = _locked(extension.order)
    extension = _open(extension, by)
    if extension.until_at <= clock.now():
        raise ValidationError(_("Hạn đã xin nay đã qua. Đơn vị xin lại với hạn khác."))
    _decide(extension, by, Extension.State.GRANTED)
    order.first_deadline_at = order.first_deadline_at or order.deadline_at
    order.deadline_at = extension.until_at
    order.save(update_fields=["first_deadline_at", "deadline_at"])
    line = said("%(code)s được gia hạn đến %(time)s", code=order.code, time=_day(order, extension.until_at))
    write(order.ground, Entry.Kind.ORDER, line, by=by, order=order, verb="grant_extension")
    return order


@transaction.atomic
def deny(*, extension: Extension, by: Person, reason: str) -> Order:
    if not reason.strip():
        raise ValidationError({"reason": _("Nêu lý do không gia hạn.")})
    order = _locked(extension.order)
    extension = _open(extension, by)
    _decide(extension, by, Extension.State.DENIED, reason.strip()[:500])
    line = said("%(code)s không gia hạn: %(reason)s", code=order.code, reason=extension.decided_why)
    write(order.ground, Entry.Kind.ORDER, line, by=by, order=order, verb="deny_extension")
    return order


def _open(extension: Extension, by: Person) -> Extension:
    found = Extension.objects.select_for_update().get(pk=extension.pk)
    if found.state != Extension.State.ASKED:
        raise ValidationError(_("Đề nghị gia hạn này đã được trả lời."))
    if found.asked_by_id == by.pk:
        raise ValidationError(_("Người xin không tự cho mình gia hạn được."))
    return found


def _decide(extension: Extension, by: Person, state: Extension.State, why: str = "") -> None:
    extension.state, extension.decided_by, extension.decided_at = state, by, clock.now()
    extension.decided_why = why
    extension.save(update_fields=["state", "decided_by", "decided_at", "decided_why"])
