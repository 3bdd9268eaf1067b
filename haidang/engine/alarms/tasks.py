"""Alarms that no arriving row can raise or end: silence, what is published, the end of a shelf, chattering."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Exists, OuterRef

from haidang.engine import clock
from haidang.engine.alarms import actions
from haidang.engine.alarms.models import Alarm, Event
from haidang.engine.jobs.schedule import every
from haidang.engine.rules import published
from haidang.engine.rules.absence import Silence, judge_silence, stations_heard
from haidang.engine.rules.evaluation import evaluator
from haidang.engine.rules.memory import Memory
from haidang.engine.said import said

CHATTER_IN, CHATTER_TIMES = timedelta(minutes=30), 5
CHATTER_SHELF = timedelta(hours=1)

# When this process began to listen. What was not heard while nobody listened is not a station's silence.
_since_us = round((clock.timestamp() - time.process_time()) * 1e6)


@every("* * * * * */15", "alarms.watch_silence")
def watch_silence() -> int:
    """Judge who has stopped speaking; how many judgements came of it."""
    book = evaluator().book
    with transaction.atomic():
        memory = Memory()
        memory.load()
        now_us = round(clock.timestamp() * 1e6)
        silence = Silence(stations_heard(), memory.tracks, memory.touch, _since_us, now_us)
        rules = {scope: book.absence_rules(scope) for scope in ("door", "source", "asset")}
        judgements = judge_silence(rules, silence)
        memory.save()
        actions.apply(judgements, None)
    return len(judgements)


@every("* * * * * */5", "alarms.judge_published")
def judge_published() -> int:
    """Rules over figures of places, as they are published; how many judgements came of it. Nobody's publication waits."""
    with transaction.atomic():
        judgements = published.judge_news(evaluator().book.statistic_rules())
        actions.apply(judgements, None)
    return len(judgements)


@every("* * * * * */20", "alarms.end_shelves")
def end_shelves() -> int:
    """What was put aside comes back when its time is up."""
    due = Alarm.objects.open().filter(shelved_until__lte=clock.now())
    for alarm in due:
        actions.unshelve(alarm=alarm, by=None)
    return len(due)


@every("* * * * *", "alarms.calm_chattering")
def calm_chattering() -> int:
    """Put an alarm that comes and goes aside for an hour, counted and with its reason; never an urgent one."""
    now = clock.now()
    calmed = 0
    for row in _chattering(now):
        alarm = (
            Alarm.objects.open().filter(rule=row["rule"], subject=row["subject"], shelved_until=None).first()
        )
        if alarm is None or alarm.priority == Alarm.Priority.URGENT:
            continue
        minutes = round(CHATTER_IN.total_seconds() / 60)
        reason = said(
            "tự gác: chập chờn, nổi %(n)s lần trong %(minutes)s phút", n=row["times"], minutes=minutes
        )
        try:
            actions.shelve(alarm=alarm, by=None, reason=reason, until=now + CHATTER_SHELF)
        except ValidationError:
            continue  # closed since it was read; the others are still to be calmed
        calmed += 1
    return calmed


def _chattering(now: datetime) -> Iterable[Mapping[str, Any]]:
    """`rule`, `subject` and `times` of what was raised too often. Whoever takes an alarm off its shelf wants to
    see it: only what was raised after that counts.
    """
    since = now - CHATTER_IN
    taken_back = Event.objects.filter(
        kind=Event.Kind.UNSHELVED,
        person__isnull=False,
        rule=OuterRef("rule"),
        subject=OuterRef("subject"),
        recorded_at__gte=OuterRef("recorded_at"),
    )
    raised = Event.objects.filter(kind__in=(Event.Kind.RAISED, Event.Kind.AGAIN), recorded_at__gte=since)
    counted = raised.filter(~Exists(taken_back)).values("rule", "subject").annotate(times=Count("pk"))
    return counted.filter(times__gte=CHATTER_TIMES)
