"""Scheduled reports: each recipient gets what he may see at that moment, once, or a sentence says why not.

A turn becomes a run with one sending for each recipient, all of one instant of knowledge. A sending is done in one
transaction with its report, so a worker that is killed before leaves it waiting and one that is killed after finds it
done; the file that was drawn meanwhile is named by its hash and stored once.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.audit.actions import record
from haidang.engine.crashpoint import crashpoint
from haidang.engine.notify import mail
from haidang.engine.notify.outbox import announce
from haidang.engine.people.models import Person
from haidang.engine.people.rights import may
from haidang.engine.reports import actions, cycles
from haidang.engine.reports.making import NotToBeMade, Wanted
from haidang.engine.reports.models import Report, Run, Schedule, Sending
from haidang.engine.reports.words import moment_text, public

log = logging.getLogger("haidang.work")
ACTOR = "work"
PATIENCE = timedelta(days=1)
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def plan(now: datetime | None = None) -> int:
    """Begin the turns that are due; how many. A turn is begun once, whoever asks and however often."""
    then, begun = now or clock.now(), 0
    for schedule in Schedule.objects.filter(is_active=True, owner__is_active=True).select_related(
        "owner__office"
    ):
        if not may(schedule.owner, "report.schedule"):
            continue
        try:
            turn = cycles.last_turn(schedule, then)
        except NotToBeMade as error:
            log.warning("schedule %d (%s): %s", schedule.pk, schedule.title, error)
            continue
        if turn:
            begun += begin(schedule, turn)
    return begun


@transaction.atomic
def begin(schedule: Schedule, turn: cycles.Turn) -> bool:
    """The run of a turn with all its sendings; False where it is there already."""
    run, is_new = Run.objects.get_or_create(
        schedule=schedule, due_at=turn.due_at, defaults={"period": turn.period, "as_of": clock.now()}
    )
    if is_new:
        Sending.objects.bulk_create(
            Sending(run=run, person=person) for person in schedule.recipients.order_by("pk")
        )
    return is_new


@transaction.atomic
def send_now(*, schedule: Schedule, by: Person, request: HttpRequest | None = None) -> bool:
    """A turn of its own beside the regular ones, of the newest figures; False while the last one is not sent yet."""
    Schedule.objects.select_for_update().get(pk=schedule.pk)
    if Sending.objects.filter(run__schedule=schedule, state=Sending.State.WAITING).exists():
        return False
    begin(schedule, cycles.Turn(clock.now(), ""))
    people = list(schedule.recipients.order_by("pk").values_list("name", flat=True))
    detail = {"title": schedule.title, "address": schedule.address, "for": people}
    record(person=by, verb="report.send_now", object=schedule, detail=detail, request=request)
    return True


def send_waiting() -> int:
    """Every sending that is not done; how many were done now. One that fails is logged and waits for the next turn."""
    done = 0
    for key in (
        Sending.objects.filter(state=Sending.State.WAITING).order_by("pk").values_list("pk", flat=True)
    ):
        try:
            done += send(key)
        except Exception:
            log.exception("sending %d failed; it will be tried again", key)
            done += _give_up(key)
    return done


@transaction.atomic
def _give_up(key: int) -> bool:
    """What could not be made for a day is news to its owner; until then a disk may have been full."""
    waiting = Sending.objects.filter(
        pk=key, state=Sending.State.WAITING, run__as_of__lt=clock.now() - PATIENCE
    )
    sending = waiting.select_for_update(of=("self",)).select_related("run__schedule", "person").first()
    if sending is None:
        return False
    with translation.override("vi"):
        _refuse(
            sending, _("Một ngày liền không lập được: lỗi của hệ thống, báo quản trị xem nhật ký của work.")
        )
    return True


def send(key: int) -> bool:
    """Draw up and give one report; whether this call did it.

    It is drawn before the row is locked: setting a paper takes a second, and what it reads must not be held so long.
    """
    waiting = Sending.objects.filter(pk=key, state=Sending.State.WAITING)
    sending = waiting.select_related("run__schedule", "person").first()
    if sending is None:
        return False
    run, schedule = sending.run, sending.run.schedule
    made: actions.Drawn | None = None
    reason = ""
    try:
        wanted = Wanted(schedule.address, schedule.unit, run.period)
        made = actions.drawn(wanted, sending.person, schedule.form, run.as_of)
    except NotToBeMade as error:
        reason = str(error)
    crashpoint("reports.drawn")
    with transaction.atomic():
        if not waiting.select_for_update(of=("self",)).exists():
            return False
        if made is None:
            _refuse(sending, reason)
        else:
            _give(sending, made)
        crashpoint("reports.given")
    crashpoint("reports.sent")
    return True


def _give(sending: Sending, made: actions.Drawn) -> None:
    report = actions.keep(made, by=None, actor=ACTOR)
    sending.state, sending.report, sending.done_at = Sending.State.SENT, report, clock.now()
    sending.save(update_fields=["state", "report", "done_at"])
    if sending.run.schedule.by_mail:
        _mail(sending, report, made.body)


def _refuse(sending: Sending, reason: str) -> None:
    """Its owner is told, not the one who may not see it."""
    sending.state, sending.reason, sending.done_at = Sending.State.REFUSED, reason[:300], clock.now()
    sending.save(update_fields=["state", "reason", "done_at"])
    detail = {"schedule": sending.run.schedule_id, "for": sending.person.name, "reason": reason}
    record(person=None, actor=ACTOR, verb="report.refuse", object=sending, detail=detail)
    announce([("reports", f"refused-{sending.pk}")])


def _mail(sending: Sending, report: Report, body: bytes) -> None:
    """Written in this transaction, sent after it; its key names the sending, so it is written once."""
    with translation.override("vi"):
        text = _(
            "%(title)s\n\nSố liệu như đã biết lúc %(at)s (mốc %(epoch)d), theo quyền xem của bạn.\n"
            "Xem trên hệ thống: %(url)s\n"
        ) % {
            "title": report.title,
            "at": moment_text(report.as_of),
            "epoch": report.epoch,
            "url": public(reverse("reports:report", args=[report.pk]), report.epoch).split("?")[0],
        }
    mail.post(
        key=f"report:{sending.pk}",
        to=sending.person.email,
        subject=report.title,
        text=text,
        files=[mail.File(report.file_name, TYPES[report.form], body)],
    )
