"""What people decide about an incident: open, join alarms, follow the procedure, write, hand over, close."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import override

from haidang.engine import clock
from haidang.engine.alarms.actions import acknowledge
from haidang.engine.alarms.models import Alarm
from haidang.engine.audit.actions import record
from haidang.engine.incidents.models import Entry, Incident, IncidentAlarm, Order, Pin, Step
from haidang.engine.incidents.procedure import Procedure, procedure_for, procedures
from haidang.engine.incidents.timeline import news_of, write
from haidang.engine.notify.outbox import announce
from haidang.engine.said import WRITTEN, Said, said

if TYPE_CHECKING:
    from haidang.engine.people.models import Person
    from haidang.engine.places.models import Place

_NUMBERING = 0x5356  # one taker of the day's next number at a time


def _code(day: date, number: int) -> str:
    """`SV-1130-01`; with its year where an earlier year had the same: the code is what people and papers name it by."""
    short = f"SV-{day:%m%d}-{number:02}"
    return f"SV-{day:%y%m%d}-{number:02}" if Incident.objects.filter(code=short).exists() else short


@transaction.atomic
def open_incident(
    *,
    by: Person,
    title: str,
    priority: int,
    alarms: Sequence[Alarm] = (),
    place: Place | None = None,
    place_text: str = "",
    domain: str = "",
    commander: Person | None = None,
) -> Incident:
    """Open one, from alarms or from a call. Its alarms are acknowledged by whoever opens it, if he may."""
    if not title.strip():
        raise ValidationError(_("Nêu việc gì xảy ra."))
    now = clock.now()
    day = clock.local(now).date()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_NUMBERING])
    number = (Incident.objects.filter(day=day).aggregate(last=Max("number"))["last"] or 0) + 1
    first = alarms[0] if alarms else None
    asset, spot = (first.asset, first.spot) if first else (None, None)
    incident = Incident.objects.create(
        code=_code(day, number),
        day=day,
        number=number,
        title=title.strip()[:200],
        priority=priority,
        domain=domain or (first.domain if first else ""),
        place=place or (first.place if first else None),
        place_text=place_text.strip()[:200] or (asset.name if asset else ""),
        lat=spot[0] if spot else None,
        lon=spot[1] if spot else None,
        office=first.office if first else None,
        commander=commander or by,
        opened_by=by,
        opened_at=now,
    )
    write(incident, Entry.Kind.OPENED, incident.title, by=by, verb="open")
    for alarm in alarms:
        join_alarm(incident=incident, alarm=alarm, by=by)
    if first and (procedure := procedure_for(first.rule)):
        follow(incident=incident, procedure=procedure, by=by)
    return incident


@transaction.atomic
def open_from_alarm(*, alarm: Alarm, by: Person) -> Incident:
    """One key on an alarm. Two people who press it at once open one incident, and both are led to it."""
    locked = Alarm.objects.select_for_update().get(pk=alarm.pk)
    if found := handled_by(locked):
        return found
    title = f"{alarm.title_vi}, {alarm.where}"
    return open_incident(by=by, title=title, priority=alarm.priority, alarms=[alarm])


def handled_by(alarm: Alarm) -> Incident | None:
    """The open incident this alarm belongs to. What stood on after the close is nobody's, and may be opened
    again; an alarm that is over stays with the incident that had it.
    """
    links = IncidentAlarm.objects.filter(alarm=alarm).select_related("incident").order_by("-added_at", "-pk")
    link = (links if alarm.closed_at else links.filter(released_at=None)).first()
    return link.incident if link else None


@transaction.atomic
def join_alarm(*, incident: Incident, alarm: Alarm, by: Person) -> None:
    """The alarm is handled here; an alarm belongs to one open incident. Acknowledged by whoever may do that."""
    must_be_open(incident)
    Alarm.objects.select_for_update().get(pk=alarm.pk)
    if IncidentAlarm.objects.filter(alarm=alarm, released_at=None).exists():
        raise ValidationError(_("Báo động này đã thuộc một sự việc khác."))
    IncidentAlarm.objects.create(incident=incident, alarm=alarm, added_at=clock.now(), added_by=by)
    if Alarm.objects.for_user(by, "alarm.acknowledge").filter(pk=alarm.pk).exists():
        alarm = acknowledge(alarm=alarm, by=by)
    Alarm.objects.filter(pk=alarm.pk).update(incident_code=incident.code)
    announce([("alarms", str(alarm.pk))])
    with override(WRITTEN):
        where = alarm.where
    write(
        incident,
        Entry.Kind.ALARM,
        said("%(alarm)s – %(where)s", alarm={"vi": alarm.title_vi, "en": alarm.title_en}, where=where),
        by=by,
        reference=alarm.rule,
        verb="join_alarm",
    )


@transaction.atomic
def follow(*, incident: Incident, procedure: Procedure, by: Person) -> None:
    """Take over the steps of a procedure; a later edition of it changes nothing here."""
    incident = must_be_open(incident)
    if incident.steps.exists():
        raise ValidationError(_("Sự việc đã theo một quy trình."))
    heading = procedure.said()
    incident.procedure, incident.procedure_title_vi = procedure.address, str(heading)
    incident.procedure_said = heading.kept()
    incident.save(update_fields=["procedure", "procedure_title_vi", "procedure_said"])
    for number, step in enumerate(procedure.definition.steps, 1):
        due = incident.opened_at + timedelta(seconds=step.within) if step.within else None
        Step.objects.create(
            incident=incident,
            number=number,
            text_vi=step.text.vi,
            text_en=step.text.en,
            who_vi=step.who.vi if step.who else "",
            who_en=step.who.en if step.who else "",
            needs_vi=step.needs.vi if step.needs else "",
            needs_en=step.needs.en if step.needs else "",
            due_at=due,
            is_required=step.required,
        )
    write(incident, Entry.Kind.STEP, heading, by=by, reference=procedure.address, verb="follow")


@transaction.atomic
def take_step(
    *, step: Step, by: Person, note: str = "", skip: bool = False, order: Order | None = None
) -> None:
    """Done, or not needed for a reason. A step that asks for something is done when a note says it, or the
    proof of an order shows it.
    """
    incident = must_be_open(step.incident)
    step = Step.objects.select_for_update().get(pk=step.pk)
    note = note.strip()[:300]
    if step.state != Step.State.TODO:
        raise ValidationError(_("Bước này đã được ghi."))
    if skip and not note:
        raise ValidationError({"note": _("Nêu lý do không cần làm bước này.")})
    if order and (order.incident_id != incident.pk or not order.proofs.exists()):
        raise ValidationError({"order": _("Lệnh này chưa có minh chứng.")})
    if step.needs and not skip and not note and not order:
        words = _("Bước này cần: %(needs)s. Ghi điều đã có, hoặc chọn lệnh có minh chứng.")
        raise ValidationError({"note": words % {"needs": step.needs}})
    step.state = Step.State.SKIPPED if skip else Step.State.DONE
    step.at, step.by, step.note = clock.now(), by, note
    step.shown_by = None if skip else order
    step.save()
    parts = {"n": step.number, "step": {"vi": step.text_vi, "en": step.text_en}, "note": note}
    if skip:
        text = said("%(n)s. %(step)s: không cần – %(note)s", **parts)
    elif note:
        text = said("%(n)s. %(step)s: xong – %(note)s", **parts)
    else:
        text = said("%(n)s. %(step)s: xong", **parts)
    shown = step.shown_by.code if step.shown_by else ""
    verb = "skip_step" if skip else "take_step"
    write(incident, Entry.Kind.STEP, text, by=by, reference=shown, verb=verb)


@transaction.atomic
def undo_step(*, step: Step, by: Person) -> None:
    """Ticked by mistake: the step is to be done again. Both lines stay in the timeline."""
    incident = must_be_open(step.incident)
    step = Step.objects.select_for_update().get(pk=step.pk)
    if step.state == Step.State.TODO:
        raise ValidationError(_("Bước này chưa được ghi, không có gì để hoàn tác."))
    step.state, step.note = Step.State.TODO, ""
    step.at = step.by = step.shown_by = None
    step.save()
    text = said("%(n)s. %(step)s: hoàn tác", n=step.number, step={"vi": step.text_vi, "en": step.text_en})
    write(incident, Entry.Kind.STEP, text, by=by, verb="undo_step")


@transaction.atomic
def note(
    *, incident: Incident, by: Person, text: str, decided_by: str = "", is_decision: bool = False
) -> Entry:
    """A note, or a decision: then it must say who decided."""
    if not text.strip():
        raise ValidationError({"text": _("Ghi chú không được để trống.")})
    if is_decision and not decided_by.strip():
        raise ValidationError({"decided_by": _("Quyết định phải có người quyết định.")})
    kind = Entry.Kind.DECISION if is_decision else Entry.Kind.NOTE
    return write(
        incident, kind, text.strip(), by=by, decided_by=decided_by.strip()[:150] if is_decision else ""
    )


@transaction.atomic
def pin(*, entry: Entry, by: Person) -> bool:
    """Pin or unpin; whether it is pinned now. The entry itself stays as it was written."""
    found, made = Pin.objects.get_or_create(entry=entry, defaults={"by": by, "at": clock.now()})
    if not made:
        found.delete()
    record(
        person=by,
        verb="entry.pin" if made else "entry.unpin",
        object=entry,
        detail={"incident": entry.ground.code},
    )
    announce([news_of(entry.ground)])
    return made


@transaction.atomic
def change_command(*, incident: Incident, to: Person, by: Person) -> None:
    incident = must_be_open(incident)
    incident.commander = to
    incident.save(update_fields=["commander"])
    write(incident, Entry.Kind.CHANGE, said("Chỉ huy: %(name)s", name=to.name), by=by, verb="change_command")


@transaction.atomic
def change_priority(*, incident: Incident, priority: int, by: Person) -> None:
    incident = must_be_open(incident)
    incident.priority = priority
    incident.save(update_fields=["priority"])
    text = {1: said("Mức 1 – Khẩn cấp"), 2: said("Mức 2 – Cao"), 3: said("Mức 3 – Thấp")}[priority]
    write(incident, Entry.Kind.CHANGE, text, by=by, verb="change_priority")


def standing_alarms(incident: Incident) -> int:
    """How many of its alarms still stand: they forbid no close, but nobody closes over them unasked."""
    return incident.alarms.filter(closed_at=None, returned_at=None).count()


def what_keeps_open(incident: Incident) -> list[str]:
    """Why it cannot be closed yet, in words; empty when it can."""
    reasons = []
    if orders := incident.unfinished_orders():
        reasons.append(_("còn %(n)s lệnh chưa nghiệm thu") % {"n": orders})
    if steps := incident.steps.filter(state=Step.State.TODO, is_required=True).count():
        reasons.append(_("còn %(n)s bước") % {"n": steps})
    return reasons


@transaction.atomic
def close_incident(
    *, incident: Incident, by: Person, note: str, is_standing: bool = False, why_standing: str = ""
) -> Incident:
    """Only when every order is verified or cancelled and every required step is done or excused. Over an
    alarm that still stands only when somebody says so (`is_standing`) and why; that alarm is then free again.
    """
    incident = must_be_open(incident)
    if reasons := what_keeps_open(incident):
        raise ValidationError(_("Chưa đóng được: %(reasons)s.") % {"reasons": ", ".join(reasons)})
    if not note.strip():
        raise ValidationError({"note": _("Nêu kết quả trước khi đóng.")})
    alarms = list(incident.alarms.filter(closed_at=None).select_for_update(of=("self",)))
    standing = sum(alarm.returned_at is None for alarm in alarms)
    if standing and not is_standing:
        words = _("Còn %(n)s báo động chưa hết. Đánh dấu và nêu lý do nếu vẫn đóng.")
        raise ValidationError({"is_standing": words % {"n": standing}})
    if standing and not why_standing.strip():
        raise ValidationError({"why_standing": _("Nêu lý do đóng khi báo động chưa hết.")})
    incident.closed_at, incident.closed_by, incident.closing_note = clock.now(), by, note.strip()
    incident.save(update_fields=["closed_at", "closed_by", "closing_note"])
    line: str | Said = note.strip()
    if standing:
        line = said(
            "%(note)s – đóng khi %(n)s báo động chưa hết: %(why)s",
            note=note.strip(),
            n=standing,
            why=why_standing.strip(),
        )
    write(incident, Entry.Kind.CLOSED, line, by=by, verb="close")
    _release(incident, alarms)
    return incident


def _release(incident: Incident, alarms: Sequence[Alarm]) -> None:
    """Alarms that are not over may be opened, joined and seen on the map again; the link stays as history."""
    now = clock.now()
    IncidentAlarm.objects.filter(incident=incident, released_at=None).update(released_at=now)
    Alarm.objects.filter(pk__in=[alarm.pk for alarm in alarms]).update(incident_code="")
    announce([("alarms", str(alarm.pk)) for alarm in alarms])


def must_be_open(incident: Incident) -> Incident:
    """The incident, locked. What is closed stays as it was closed."""
    locked = Incident.objects.select_for_update().get(pk=incident.pk)
    if locked.closed_at:
        raise ValidationError(_("Sự việc đã đóng."))
    return locked


def procedure_named(address: str) -> Procedure:
    found = procedures().get(address)
    if found is None:
        raise ValidationError(_("Không có quy trình này."))
    return found
