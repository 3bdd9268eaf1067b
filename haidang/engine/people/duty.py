"""Who is on duty."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from haidang.engine.people.models import Person, Shift


def on_duty(now: datetime) -> Shift | None:
    """The shift of this moment, with its chief; of two that overlap, the one that began later. `None` is a gap."""
    return _running(now).select_related("chief").prefetch_related("members").first()


def shift_of(person: Person, now: datetime) -> Shift | None:
    """The running shift this person sits in, as chief or at a desk."""
    return _running(now).filter(Q(chief=person) | Q(members=person)).first()


def _running(now: datetime) -> QuerySet[Shift]:
    return Shift.objects.filter(starts_at__lte=now, ends_at__gt=now).order_by("-starts_at", "-pk")


def next_after(now: datetime) -> Shift | None:
    """The next shift that has not begun."""
    return Shift.objects.filter(starts_at__gt=now).select_related("chief").order_by("starts_at").first()


def gaps(shifts: list[Shift], now: datetime) -> list[tuple[datetime, datetime]]:
    """Spans between now and the last shift in which nobody is on duty."""
    found, covered = [], now
    for shift in sorted(shifts, key=lambda one: one.starts_at):
        if shift.starts_at > covered:
            found.append((covered, shift.starts_at))
        covered = max(covered, shift.ends_at)
    return found
