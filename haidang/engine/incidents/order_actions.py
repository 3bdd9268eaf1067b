"""The way of an order: issued, received, arrived, done with proof, verified – or refused, sent back,
cancelled.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import IO, TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.incidents import days
from haidang.engine.incidents import proof as proofs
from haidang.engine.incidents.models import Conclusion, Entry, Incident
from haidang.engine.incidents.orders import Order, Proof
from haidang.engine.incidents.timeline import write
from haidang.engine.said import Said, said

if TYPE_CHECKING:
    from haidang.engine.people.models import Office, Person

State = Order.State
# An order nobody receives: how long until it is late, by priority, then how often we remind before it climbs.
RECEIVE_WITHIN = {1: timedelta(minutes=5), 2: timedelta(minutes=15), 3: timedelta(minutes=60)}
REMIND_EVERY = timedelta(minutes=5)
REMINDERS = 2
# From which states an act may be done; everything else is answered with where the order stands.
FROM = {
    "receive": (State.ISSUED,),
    "arrive": (State.ISSUED, State.RECEIVED),
    "refuse": (State.ISSUED, State.RECEIVED, State.ARRIVED),
    "report": (State.ISSUED, State.RECEIVED, State.ARRIVED, State.DONE),
    "prove": (State.ISSUED, State.RECEIVED, State.ARRIVED, State.DONE),
    "finish": (State.RECEIVED, State.ARRIVED),
    "verify": (State.DONE,),
    "send_back": (State.DONE,),
    "cancel": (State.ISSUED, State.RECEIVED, State.ARRIVED, State.REFUSED),
    "reissue": (State.REFUSED, State.ISSUED),
}


def _at(order: Order, act: str) -> Order:
    """The order, locked, when it stands where this act may be done."""
    locked = (
        Order.objects.select_for_update(of=("self",))
        .select_related("incident", "conclusion", "office")
        .get(pk=order.pk)
    )
    if locked.state not in FROM[act]:
        raise ValidationError(
            _("Lệnh %(code)s đang ở trạng thái “%(state)s”, không làm việc này được nữa.")
            % {"code": locked.code, "state": locked.get_state_display()}
        )
    return locked


@transaction.atomic
def issue_order(
    *,
    by: Person,
    office: Office,
    text: str,
    deadline_at: datetime,
    incident: Incident | None = None,
    conclusion: Conclusion | None = None,
    needs: str = "",
    needs_proof: bool = True,
    addressee: Person | None = None,
    helpers: Sequence[Office] = (),
    is_by_day: bool = False,
    priority: int | None = None,
    reissue_of: Order | None = None,
) -> Order:
    """Tell an office what to do by when. The number follows on within the incident or document."""
    ground = _ground(incident, conclusion)
    now = clock.now()
    if not text.strip():
        raise ValidationError({"text": _("Nêu việc phải làm.")})
    if deadline_at <= now:
        raise ValidationError({"deadline": _("Hạn phải ở sau lúc giao.")})
    if addressee and addressee.office_id != office.pk:
        raise ValidationError({"addressee": _("Người nhận không thuộc cơ quan này.")})
    if office in helpers:
        raise ValidationError({"helpers": _("Cơ quan chủ trì không phối hợp với chính mình.")})
    level = priority or ground.priority
    order = Order.objects.create(
        incident=ground if isinstance(ground, Incident) else None,
        conclusion=ground if isinstance(ground, Conclusion) else None,
        number=(ground.orders.aggregate(last=Max("number"))["last"] or 0) + 1,
        office=office,
        addressee=addressee,
        text=text.strip()[:300],
        needs=needs.strip(),
        needs_proof=needs_proof,
        priority=level,
        deadline_at=deadline_at,
        is_by_day=is_by_day,
        receipt_due_at=min(_receipt_due(ground, now, level), deadline_at),
        issued_at=now,
        issued_by=by,
        reissue_of=reissue_of,
    )
    order.helpers.set(helpers)
    write(ground, Entry.Kind.ORDER, _issued_line(order, now, helpers), by=by, order=order, verb="issue")
    return order


def _ground(incident: Incident | None, conclusion: Conclusion | None) -> Incident | Conclusion:
    """What the order is to stand on, locked: numbers follow on."""
    if conclusion is not None:
        return Conclusion.objects.select_for_update().get(pk=conclusion.pk)
    if incident is None:
        raise ValueError("an order stands on an incident or on a document")
    locked = Incident.objects.select_for_update().get(pk=incident.pk)
    if locked.closed_at:
        raise ValidationError(_("Sự việc đã đóng, không giao thêm lệnh được."))
    return locked


def _receipt_due(ground: Incident | Conclusion, now: datetime, level: int) -> datetime:
    """An incident does not wait; a document is received by the end of the next working day."""
    if isinstance(ground, Incident):
        return now + RECEIVE_WITHIN[level]
    return days.end_of(days.day_after(now, 1))


def _issued_line(order: Order, now: datetime, helpers: Sequence[Office]) -> Said:
    due, day = clock.local(order.deadline_at), clock.local(now).date()
    # The line is read on later days too: a date stands where the hour alone would mean another day.
    time = f"{due:%H:%M}" if due.date() == day else f"{due:%H:%M %d/%m/%Y}"
    parts = {
        "code": order.code, "text": order.text, "office": _short(order.office),
        "time": f"{due:%d/%m/%Y}" if order.is_by_day else time,
    }  # fmt: skip
    if helpers:
        names = ", ".join(_short(one) for one in helpers)
        return said(
            "%(code)s %(text)s → %(office)s, phối hợp: %(helpers)s, hạn %(time)s", **parts, helpers=names
        )
    return said("%(code)s %(text)s → %(office)s, hạn %(time)s", **parts)


def _short(office: Office) -> str:
    return office.short_name or office.name


@transaction.atomic
def receive(*, order: Order, by: Person) -> Order:
    """“Đã nhận lệnh”. Pressed twice, or by two people, it is received once."""
    order = (
        Order.objects.select_for_update(of=("self",))
        .select_related("incident", "conclusion", "office")
        .get(pk=order.pk)
    )
    if order.received_at:
        return order
    order = _at(order, "receive")
    order.state, order.received_at, order.received_by = State.RECEIVED, clock.now(), by
    order.save(update_fields=["state", "received_at", "received_by"])
    name = order.office.short_name or order.office.name
    text = said("%(code)s %(office)s đã nhận", code=order.code, office=name)
    write(order.ground, Entry.Kind.RECEIPT, text, by=by, order=order, verb="receive")
    return order


@transaction.atomic
def arrive(*, order: Order, by: Person) -> Order:
    """At the place. Counts as received too; pressed twice, or by two people, one arrives once."""
    order = receive(order=order, by=by)
    if order.arrived_at and order.state in (State.ARRIVED, State.DONE):
        return order
    order = _at(order, "arrive")
    order.state, order.arrived_at = State.ARRIVED, clock.now()
    order.save(update_fields=["state", "arrived_at"])
    line = said("%(code)s đã tới nơi, bắt đầu làm", code=order.code)
    write(order.ground, Entry.Kind.FIELD, line, by=by, order=order, verb="arrive")
    return order


@transaction.atomic
def report(*, order: Order, by: Person, text: str) -> Order:
    """A word from the field about how it goes."""
    if not text.strip():
        raise ValidationError({"text": _("Ghi chú không được để trống.")})
    order = _at(order, "report")
    line = said("%(code)s %(text)s", code=order.code, text=text.strip())
    write(order.ground, Entry.Kind.FIELD, line, by=by, order=order, verb="report")
    return order


@transaction.atomic
def refuse(*, order: Order, by: Person, reason: str) -> Order:
    """“Không làm được”, and why: the issuer gives it to another or changes it."""
    if not reason.strip():
        raise ValidationError({"reason": _("Nêu lý do không làm được.")})
    order = _at(order, "refuse")
    order.state, order.ended_reason = State.REFUSED, reason.strip()[:500]
    order.save(update_fields=["state", "ended_reason"])
    text = said("%(code)s không làm được: %(reason)s", code=order.code, reason=order.ended_reason)
    write(order.ground, Entry.Kind.RECEIPT, text, by=by, order=order, verb="refuse")
    return order


@transaction.atomic
def add_proof(*, order: Order, by: Person, file: IO[bytes], name: str) -> Proof:
    """A photo or file; the hash of what was sent stands in the timeline. The same file twice is one proof."""
    order = _at(order, "prove")
    taken = proofs.take(file, name)
    known = order.proofs.filter(sha256=taken.sha256).first()
    if known:
        return known
    found = Proof.objects.create(
        order=order,
        kind=taken.kind,
        name=taken.name,
        content_type=taken.content_type,
        size=taken.size,
        sha256=taken.sha256,
        served_sha256=taken.served_sha256,
        width=taken.width,
        height=taken.height,
        at=clock.now(),
        by=by,
    )
    text = said("%(code)s tệp %(name)s", code=order.code, name=taken.name)
    if found.kind == Proof.Kind.PHOTO:
        text = said("%(code)s ảnh %(name)s", code=order.code, name=taken.name)
    write(
        order.ground,
        Entry.Kind.PROOF,
        text,
        by=by,
        order=order,
        reference=f"SHA-256 {taken.sha256}",
        verb="prove",
    )
    return found


@transaction.atomic
def finish(*, order: Order, by: Person, note: str = "") -> Order:
    """Done, with the proof the order asks for."""
    if order.state == State.ISSUED:
        order = receive(order=order, by=by)
    order = _at(order, "finish")
    if order.needs_proof and not order.proofs.exists():
        raise ValidationError(_("Lệnh này cần minh chứng: gửi ít nhất một ảnh hoặc tệp trước khi báo xong."))
    order.state, order.done_at, order.done_by, order.done_note = State.DONE, clock.now(), by, note.strip()
    order.save(update_fields=["state", "done_at", "done_by", "done_note"])
    text = said("%(code)s báo xong", code=order.code)
    if note.strip():
        text = said("%(code)s báo xong: %(note)s", code=order.code, note=note.strip())
    write(order.ground, Entry.Kind.FIELD, text, by=by, order=order, verb="finish")
    return order


@transaction.atomic
def verify(*, order: Order, by: Person) -> Order:
    """The issuer has looked at the proof and closes the order. Nobody verifies his own work."""
    order = _at(order, "verify")
    if order.done_by_id == by.pk:
        raise ValidationError(_("Người báo xong không tự nghiệm thu được."))
    order.state, order.verified_at, order.verified_by = State.VERIFIED, clock.now(), by
    order.save(update_fields=["state", "verified_at", "verified_by"])
    text = said("%(code)s đã nghiệm thu", code=order.code)
    write(order.ground, Entry.Kind.VERIFIED, text, by=by, order=order, verb="verify")
    return order


@transaction.atomic
def send_back(*, order: Order, by: Person, reason: str) -> Order:
    """Not yet: the proof does not show it. The order is under way again."""
    if not reason.strip():
        raise ValidationError({"reason": _("Nêu chỗ chưa đạt.")})
    order = _at(order, "send_back")
    order.state = State.ARRIVED if order.arrived_at else State.RECEIVED
    order.done_at = order.done_by = None
    order.save(update_fields=["state", "done_at", "done_by"])
    text = said("%(code)s chưa đạt: %(reason)s", code=order.code, reason=reason.strip())
    write(order.ground, Entry.Kind.ORDER, text, by=by, order=order, verb="send_back")
    return order


@transaction.atomic
def cancel(*, order: Order, by: Person, reason: str) -> Order:
    if not reason.strip():
        raise ValidationError({"reason": _("Nêu lý do hủy.")})
    order = _at(order, "cancel")
    order.state, order.ended_reason = State.CANCELLED, reason.strip()[:500]
    order.save(update_fields=["state", "ended_reason"])
    text = said("%(code)s hủy: %(reason)s", code=order.code, reason=order.ended_reason)
    write(order.ground, Entry.Kind.ORDER, text, by=by, order=order, verb="cancel")
    return order


@transaction.atomic
def reissue(
    *, order: Order, by: Person, office: Office, deadline_at: datetime, addressee: Person | None = None
) -> Order:
    """Give what was refused (or never received) to another office. Each of the two orders says so in its own
    way, so that whoever had the old one sees why nobody waits for him any more.
    """
    order = _at(order, "reissue")
    order.state = State.REISSUED
    order.save(update_fields=["state"])
    new = issue_order(
        incident=order.incident,
        conclusion=order.conclusion,
        by=by,
        office=office,
        text=order.text,
        deadline_at=deadline_at,
        needs=order.needs,
        needs_proof=order.needs_proof,
        addressee=addressee,
        helpers=[one for one in order.helpers.all() if one != office],
        is_by_day=order.is_by_day,
        priority=order.priority,
        reissue_of=order,
    )
    name = office.short_name or office.name
    text = said("%(code)s giao lại cho %(office)s thành %(new)s", code=order.code, office=name, new=new.code)
    write(order.ground, Entry.Kind.ORDER, text, by=by, order=order, verb="reissue")
    return new


def _next_reminder(order: Order, now: datetime) -> datetime:
    if order.incident_id is not None:
        return now + REMIND_EVERY
    return days.end_of(days.day_after(now, 1))


@transaction.atomic
def remind_overdue() -> int:
    """Remind of orders not received in time, and after two reminders tell the office above. Called by
    `work`.
    """
    now = clock.now()
    waiting = (
        Order.objects.waiting_for_receipt()
        .filter(climbed_at=None)
        .select_related("incident", "conclusion", "office__parent")
    )
    found = list(waiting.select_for_update(of=("self",), skip_locked=True))
    for order in found:
        order.reminders += 1
        if order.reminders <= REMINDERS:
            order.receipt_due_at = _next_reminder(order, now)
            text = said(
                "%(code)s nhắc lần %(n)s, %(office)s chưa nhận",
                code=order.code, n=order.reminders, office=order.office.short_name,
            )  # fmt: skip
        else:
            order.climbed_at = now
            above = order.office.parent or order.office
            text = said(
                "%(code)s không ai nhận, lên tuyến %(office)s", code=order.code, office=above.short_name
            )
        order.save(update_fields=["reminders", "receipt_due_at", "climbed_at"])
        write(order.ground, Entry.Kind.ORDER, text, by=None, order=order, verb="remind")
    return len(found)
