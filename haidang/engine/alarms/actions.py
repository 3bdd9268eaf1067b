"""What happens to alarms: judgements arrive from rules, people acknowledge, shelve and comment."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.alarms.models import Alarm, Event, OutOfService, instant
from haidang.engine.alarms.suppression import settle
from haidang.engine.assets.models import Asset
from haidang.engine.audit.actions import record
from haidang.engine.contracts.values import microseconds
from haidang.engine.notify.outbox import announce
from haidang.engine.rules.book import Placed
from haidang.engine.rules.evaluation import evaluator
from haidang.engine.rules.judgement import Judgement, OfPlace
from haidang.engine.rules.published import RuleFails
from haidang.engine.rules.standing import standing
from haidang.engine.said import Said, kept
from haidang.engine.store.models import Source

if TYPE_CHECKING:
    from haidang.engine.people.models import Person

LONGEST_SHELF = timedelta(hours=8)


@transaction.atomic
def apply(judgements: Iterable[Judgement], epoch: int | None) -> None:
    """Raise, return and annotate; called in the transaction that stored what was judged."""
    judgements = list(judgements)
    if not judgements:
        return
    rules = evaluator().book.rules
    assets = Asset.objects.in_bulk([j.asset_id for j in judgements if j.asset_id])
    sources = Source.objects.in_bulk([j.source_id for j in judgements if j.source_id])
    silenced = set(OutOfService.objects.filter(ended_at=None).values_list("rule", "subject"))
    corrected: dict[tuple[str, str], list[Judgement]] = defaultdict(list)
    changed: list[str] = []
    for judgement in judgements:
        placed = rules[judgement.rule]
        subject = _subject(judgement)
        asset = assets.get(judgement.asset_id or 0)
        if judgement.kind == "corrected":
            corrected[judgement.rule, subject].append(judgement)
            continue
        if (judgement.rule, subject) in corrected:  # they speak of the alarm as it stands before this
            changed += _annotate(corrected, rules)
            corrected.clear()
        if judgement.kind == "raise":
            if {(judgement.rule, subject), (judgement.rule, "")} & silenced:
                _note(None, judgement, subject, Event.Kind.SILENCED, placed)
                continue
            source = sources.get(judgement.source_id or 0)
            changed.append(_raise(judgement, placed, subject, asset, source, epoch))
        elif judgement.kind == "clear":
            changed += _return(judgement, placed, subject)
        else:
            _note(None, judgement, subject, Event.Kind.LATE, placed)
            changed.append(f"late:{subject}")
    changed += _annotate(corrected, rules)
    changed += settle(rules)
    announce(("alarms", name) for name in changed)


def _subject(judgement: Judgement) -> str:
    """Whom the alarm is about: the station, where a series or the station was judged."""
    return f"asset:{judgement.asset_id}" if judgement.asset_id else judgement.subject


def _raise(
    judgement: Judgement,
    placed: Placed,
    subject: str,
    asset: Asset | None,
    source: Source | None,
    epoch: int | None,
) -> str:
    now = clock.now()
    rule, of_place = placed.rule, judgement.of_place
    limit = rule.limit if of_place is None else of_place.limit
    seen = {
        "rule_sha256": placed.sha256,
        "value": judgement.value,
        "at": instant(judgement.at_us),
        "raised_at": now,
        "epoch": epoch if of_place is None else of_place.epoch,
        "series_id": judgement.series_id,
        "priority": rule.priority,
        "limit": None if limit is None or math.isnan(limit) else limit,
        "period": of_place.period if of_place else "",
    }
    alarm = Alarm.objects.open().select_for_update().filter(rule=judgement.rule, subject=subject).first()
    if alarm is None:
        # A second evaluator that raised the same just now waits at the constraint and fails: its batch runs
        # again.
        alarm = Alarm.objects.create(
            rule=judgement.rule,
            subject=subject,
            domain=placed.address.partition(".")[0],
            asset=asset,
            source=source,
            place_id=asset.place_id if asset else of_place.place_id if of_place else None,
            office_id=_answering(asset, source, of_place),
            title_vi=rule.title.vi,
            title_en=rule.title.en,
            indicator=rule.indicator,
            parameter=rule.parameter,
            unit="phút" if rule.kind == "absence" else rule.unit if rule.unit != "-" else "",
            held_by=[judgement.subject],
            **seen,
        )
        _note(alarm, judgement, subject, Event.Kind.RAISED, placed)
        return str(alarm.pk)
    if alarm.returned_at is not None:
        # It came back before it was closed: the same alarm, active again, and somebody must look again.
        for name, value in seen.items():
            setattr(alarm, name, value)
        alarm.returned_at = alarm.acknowledged_at = alarm.acknowledged_by = None
        alarm.raises += 1
        alarm.held_by = [judgement.subject]
        alarm.save()
        _note(alarm, judgement, subject, Event.Kind.AGAIN, placed)
    elif judgement.subject not in alarm.held_by:
        # Another series of the same station says the same: no second alarm, but this one outlasts the first.
        alarm.held_by.append(judgement.subject)
        alarm.save(update_fields=["held_by"])
        _note(alarm, judgement, subject, Event.Kind.JOINED, placed)
    return str(alarm.pk)


def _answering(asset: Asset | None, source: Source | None, of_place: OfPlace | None) -> int | None:
    """The office that answers for the station, for the source, or for the file a figure stands in."""
    if asset:
        return asset.office_id
    return source.office_id if source else of_place.office_id if of_place else None


def _return(judgement: Judgement, placed: Placed, subject: str) -> list[str]:
    alarm = (
        Alarm.objects.open()
        .select_for_update()
        .filter(rule=judgement.rule, subject=subject, returned_at=None)
        .first()
    )
    if alarm is None or judgement.subject not in alarm.held_by:
        return []
    alarm.held_by.remove(judgement.subject)
    if alarm.held_by:
        alarm.save(update_fields=["held_by"])
        _note(alarm, judgement, subject, Event.Kind.LEFT, placed)
        return [str(alarm.pk)]
    alarm.returned_at = clock.now()
    if alarm.acknowledged_at or alarm.is_suppressed:
        alarm.closed_at = alarm.returned_at
    alarm.save(update_fields=["held_by", "returned_at", "closed_at"])
    _note(alarm, judgement, subject, Event.Kind.RETURNED, placed)
    return [str(alarm.pk)]


def _annotate(corrected: Mapping[tuple[str, str], list[Judgement]], rules: Mapping[str, Placed]) -> list[str]:
    """Corrections, by rule and subject, mark the alarms whose time they fall into, and delete none. The record is asked
    once for all of them: a station sends ten thousand in one file, and hardly any has an alarm to mark.
    """
    if not corrected:
        return []
    times = [judgement.at_us for found in corrected.values() for judgement in found]
    asked = [{pair[part] for pair in corrected} for part in (0, 1)]
    met = Alarm.objects.filter(
        Q(returned_at=None) | Q(returned_at__gte=instant(min(times))),
        rule__in=asked[0], subject__in=asked[1], at__lte=instant(max(times)),
    ).order_by("-raised_at")  # fmt: skip
    hit: list[Alarm] = []
    events: list[Event] = []
    for alarm in met:
        begin = microseconds(alarm.at)
        end = microseconds(alarm.returned_at) if alarm.returned_at else math.inf
        inside = [
            judgement
            for judgement in corrected.get((alarm.rule, alarm.subject), ())
            if begin <= judgement.at_us <= end
            and (judgement.series_id == alarm.series_id or judgement.subject in alarm.held_by)
        ]
        placed = rules[alarm.rule]
        events += [_event(alarm, one, alarm.subject, Event.Kind.CORRECTED, placed) for one in inside]
        hit += [alarm] if inside else []
    Alarm.objects.filter(pk__in=[alarm.pk for alarm in hit]).update(is_corrected=True)
    Event.objects.bulk_create(events)
    return [str(alarm.pk) for alarm in hit]


def _note(alarm: Alarm | None, judgement: Judgement, subject: str, kind: Event.Kind, placed: Placed) -> None:
    _event(alarm, judgement, subject, kind, placed).save()


def _event(
    alarm: Alarm | None, judgement: Judgement, subject: str, kind: Event.Kind, placed: Placed
) -> Event:
    value = None if judgement.value is None or math.isnan(judgement.value) else judgement.value
    return Event(
        alarm=alarm,
        rule=judgement.rule,
        subject=subject,
        asset_id=judgement.asset_id,
        priority=placed.rule.priority,
        kind=kind,
        recorded_at=clock.now(),
        at=instant(judgement.at_us),
        value=value,
        text=placed.rule.title.vi if alarm is None else "",
    )


# --- what people do ---------------------------------------------------------------------------------------
def _changed(alarm: Alarm, kind: Event.Kind, person: Person | None, text: str | Said = "") -> None:
    """Book what was done and tell the screens; the alarm is saved."""
    alarm.save()
    Event.objects.create(
        alarm=alarm,
        rule=alarm.rule,
        subject=alarm.subject,
        asset_id=alarm.asset_id,
        priority=alarm.priority,
        kind=kind,
        recorded_at=clock.now(),
        text=str(text),
        said=kept(text),
        person=person,
    )
    detail = {"rule": alarm.rule, "subject": alarm.subject, "text": str(text)}
    record(person=person, verb=f"alarm.{kind}", object=alarm, detail=detail, actor="" if person else "work")
    announce([("alarms", str(alarm.pk))])


def _locked(alarm: Alarm) -> Alarm:
    return Alarm.objects.select_for_update().get(pk=alarm.pk)


@transaction.atomic
def acknowledge(*, alarm: Alarm, by: Person, note: str = "") -> Alarm:
    """Somebody has seen it. One that has already returned is closed by this. Twice is once."""
    alarm = _locked(alarm)
    if not alarm.needs_acknowledgement:
        return alarm
    alarm.acknowledged_at, alarm.acknowledged_by, alarm.acknowledged_note = clock.now(), by, note[:500]
    if alarm.returned_at:
        alarm.closed_at = alarm.acknowledged_at
    _changed(alarm, Event.Kind.ACKNOWLEDGED, by, note[:500])
    return alarm


@transaction.atomic
def shelve(*, alarm: Alarm, by: Person | None, reason: str | Said, until: datetime) -> Alarm:
    """Put aside for a reason and a time; at most one shift, so that it comes back before people change
    twice.
    """
    now = clock.now()
    text = str(reason).strip()[:500]
    if not text:
        raise ValidationError(_("Nêu lý do tạm gác."))
    if not now < until <= now + LONGEST_SHELF + timedelta(minutes=1):
        raise ValidationError(_("Chỉ tạm gác được tối đa một ca (8 giờ)."))
    alarm = _locked(alarm)
    if alarm.closed_at:
        raise ValidationError(_("Báo động này đã xong, không còn gì để gác."))
    alarm.shelved_until, alarm.shelved_by = until, by
    alarm.shelved_reason, alarm.shelved_said = text, kept(reason)
    _changed(alarm, Event.Kind.SHELVED, by, reason if isinstance(reason, Said) else text)
    return alarm


@transaction.atomic
def unshelve(*, alarm: Alarm, by: Person | None) -> Alarm:
    """Take it back; `by` None when its time is up."""
    alarm = _locked(alarm)
    if alarm.shelved_until is None:
        return alarm
    alarm.shelved_until = alarm.shelved_by = None
    alarm.shelved_reason, alarm.shelved_said = "", None
    if alarm.returned_at and alarm.acknowledged_at:
        alarm.closed_at = clock.now()
    _changed(alarm, Event.Kind.UNSHELVED, by)
    return alarm


@transaction.atomic
def comment(*, alarm: Alarm, by: Person, text: str) -> None:
    if not text.strip():
        raise ValidationError(_("Ghi chú không được để trống."))
    _changed(_locked(alarm), Event.Kind.COMMENT, by, text.strip()[:500])


@transaction.atomic
def take_out_of_service(*, rule: str, subject: str, by: Person, reason: str) -> OutOfService:
    """The rule raises nothing on this subject (empty: anywhere) until it is put back."""
    if not reason.strip():
        raise ValidationError(_("Nêu lý do ngừng dùng."))
    found, _made = OutOfService.objects.get_or_create(
        rule=rule,
        subject=subject,
        ended_at=None,
        defaults={"reason": reason.strip()[:500], "since": clock.now(), "by": by},
    )
    record(
        person=by,
        verb="alarm.out_of_service",
        object=found,
        detail={"rule": rule, "subject": subject, "text": reason},
    )
    announce([("alarms", f"rule:{rule}")])
    return found


@transaction.atomic
def put_into_service(*, entry: OutOfService, by: Person) -> None:
    """The rule raises again; what began meanwhile and still stands raises now. Raises ValidationError where its code fails."""
    placed = evaluator().book.rules.get(entry.rule)
    try:
        told = standing(placed, round(clock.timestamp() * 1e6)) if placed else []
    except RuleFails as error:
        words = _(
            "Quy tắc %(rule)s đang lỗi (%(why)s) nên chưa dùng lại được: sửa mã của quy tắc rồi làm lại."
        )
        raise ValidationError(words % {"rule": entry.rule, "why": error}) from error
    entry.ended_at, entry.ended_by = clock.now(), by
    entry.save(update_fields=["ended_at", "ended_by"])
    apply((judgement for judgement in told if entry.subject in ("", _subject(judgement))), None)
    record(
        person=by,
        verb="alarm.into_service",
        object=entry,
        detail={"rule": entry.rule, "subject": entry.subject},
    )
    announce([("alarms", f"rule:{entry.rule}")])
