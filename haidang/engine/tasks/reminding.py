"""Remind of what is owed, climb while nothing happens, stop when it is handed in; by mail once a day to each person.

A notice is unique by person, thing and rung, and is written with the order's timeline in one transaction: run twice,
killed in between or started after days of standstill, each person is told of each rung once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, time

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from haidang.engine import clock
from haidang.engine.incidents.models import Entry, Order
from haidang.engine.incidents.timeline import write
from haidang.engine.notify import mail
from haidang.engine.notify.outbox import announce
from haidang.engine.people.models import Person
from haidang.engine.said import WRITTEN, said
from haidang.engine.submissions import desk
from haidang.engine.submissions.shelf import every_way
from haidang.engine.tasks.ladder import Rung, Thing, rung_of, told
from haidang.engine.tasks.models import Notice

# The digest of a day is written after this: at an office's first hour, never at night.
DIGEST_FROM = time(7, 0)
LONGEST = 60  # lines of one mail; the page has the rest
WRITTEN_DOWN = (Rung.LATE_1, Rung.LATE_3, Rung.LATE_5)


def remind() -> int:
    """One look: new notices, ended ones, and the day's mail. How many notices are new."""
    things = {thing.key: thing for thing in (*orders(), *owed())}
    end_others(set(things))
    today = clock.local(clock.now()).date()
    new = sum(climb(thing, today) for thing in things.values())
    write_digests()
    return new


# --- what is owed -----------------------------------------------------------------------------------------
def orders() -> Iterator[Thing]:
    """Orders that are not reported done; one that was refused waits for who gave it, not for the office."""
    rows = Order.objects.unfinished().filter(done_at=None).exclude(state=Order.State.REFUSED)
    related = ("incident", "conclusion", "office__parent", "addressee", "issued_by")
    for order in rows.select_related(*related).order_by("pk"):
        yield Thing(
            key=f"order:{order.pk}:{order.due_on}",
            text=order.text,
            of=f"{order.office.short_name or order.office.name} · {order.ground.code}",
            office=order.office,
            due_on=order.due_on,
            url=order.get_absolute_url(),
            act="order.see",
            domain=order.ground.domain,
            doers=(order.addressee,) if order.addressee and order.addressee.is_active else (),
            givers=(order.issued_by,),
            order=order.pk,
            calls_desk=True,
            only_late=order.incident_id is not None,
        )


def owed() -> Iterator[Thing]:
    """Files of periods that are due, or soon, and that no office has signed."""
    with override(WRITTEN):
        for row in desk.standings(every_way(), None):
            is_judged = row.newest is None or row.newest.state != desk.State.RECEIVED
            if row.is_done or not is_judged or not row.is_owed:
                continue
            yield Thing(
                key=row.thing,
                text=f"{row.way.title}, {row.period_words}"[:300],
                of=row.office.short_name or row.office.name,
                office=row.office,
                due_on=row.due,
                url=row.url,
                act="sheet.see",
                domain=row.way.source.domain,
            )


# --- the ladder -------------------------------------------------------------------------------------------
@transaction.atomic
def climb(thing: Thing, today: date) -> int:
    """Tell whoever this rung reaches and has not been told; an order's timeline says so once."""
    rung = rung_of(thing, today)
    if rung is None:
        return 0
    now = clock.now()
    known = set(Notice.objects.filter(thing=thing.key, rung=rung).values_list("person", flat=True))
    fresh = {person: level for person, level in told(thing, rung).items() if person.pk not in known}
    made = Notice.objects.bulk_create(
        (
            Notice(
                person=person, thing=thing.key, rung=rung, level=level, text=thing.text, of=thing.of[:200],
                due_on=thing.due_on, url=thing.url, at=now,
            )
            for person, level in fresh.items()
        ),
        ignore_conflicts=True,
    )  # fmt: skip
    if made and not known and thing.order and rung in WRITTEN_DOWN:
        _into_the_timeline(thing.order, rung, sorted(person.name for person in fresh))
    if made:
        announce([("orders", str(thing.order)) if thing.order else ("submissions", thing.key[:120])])
    return len(made)


def _into_the_timeline(pk: int, rung: Notice.Rung, names: list[str]) -> None:
    order = Order.objects.select_related("incident", "conclusion").get(pk=pk)
    line = said(
        "%(code)s trễ từ %(n)s ngày làm việc, đã nhắc %(names)s",
        code=order.code,
        n=int(rung.value[-1]),
        names=", ".join(names),
    )
    write(order.ground, Entry.Kind.ORDER, line, by=None, order=order, verb="remind")


@transaction.atomic
def end_others(owed_still: set[str]) -> int:
    """Handed in, cancelled, given more time: nobody is reminded of it any more, and a mail not sent yet is made anew."""
    over = Notice.objects.filter(ended_at=None).exclude(thing__in=owed_still)
    people = list(over.values_list("person", flat=True).distinct())
    ended = over.update(ended_at=clock.now())
    for person in people:
        if mail.withdraw(_digest_key(person)):
            _open().filter(person=person, mailed_at__date=_today()).update(mailed_at=None)
    return ended


# --- the mail of a day ------------------------------------------------------------------------------------
def write_digests() -> int:
    """One mail to each person who has something new, at most one a day; how many were written."""
    if not mail.is_on():
        return 0
    _take_back()
    if clock.local(clock.now()).time() < DIGEST_FROM:
        return 0
    new: dict[int, list[int]] = defaultdict(list)
    for pk, told_to in _open().filter(mailed_at=None).values_list("pk", "person"):
        new[told_to].append(pk)
    written = 0
    for person in Person.objects.filter(pk__in=new, is_active=True).order_by("pk"):
        written += _write_digest(person, new[person.pk])
    return written


@transaction.atomic
def _take_back() -> None:
    """What no mail server has taken of an earlier day is told by today's mail: two of them on one morning would say the
    same twice.
    """
    for key in mail.waiting("digest:"):
        _digest, person, day = key.split(":")
        written_on = date.fromisoformat(day)
        if written_on < _today() and mail.withdraw(key):
            _open().filter(person=int(person), mailed_at__date=written_on).update(mailed_at=None)


@transaction.atomic
def _write_digest(person: Person, new: list[int]) -> bool:
    """The new ones first, then what stands from before. All of it leaves the list of new ones with the mail."""
    notices = list(_open().filter(person=person).order_by("due_on", "pk"))
    with override(person.language or WRITTEN):
        subject, text = _digest(person, notices, set(new))
    is_written = mail.post(key=_digest_key(person.pk), to=person.email, subject=subject, text=text)
    if is_written:
        Notice.objects.filter(pk__in=[one.pk for one in notices]).update(mailed_at=clock.now())
    return is_written


def _digest(person: Person, notices: list[Notice], new: set[int]) -> tuple[str, str]:
    """Subject and text; a thing on several rungs is told once, by its highest."""
    by_thing: dict[str, Notice] = {}
    for one in notices:
        by_thing[one.thing] = one  # in the order they were written: the last is the highest
    lines = sorted(by_thing.values(), key=lambda one: (one.pk not in new, one.due_on))
    told = [f"- {one.get_rung_display()}: {one.text} ({one.of}), {_due(one)}" for one in lines[:LONGEST]]
    count = len(lines)
    subject = ngettext("Hải Đăng: %(n)d việc cần làm", "Hải Đăng: %(n)d việc cần làm", count) % {"n": count}
    parts = [
        _("Kính gửi %(name)s,") % {"name": person.name},
        "\n".join(told),
        _("Làm ở đây: %(url)s") % {"url": settings.HAIDANG_PUBLIC_URL + reverse("tasks:today")},
        _("Thư nhắc theo trách nhiệm được giao, mỗi ngày nhiều nhất một thư. Thư dừng khi việc đã nộp."),
    ]
    return subject, "\n\n".join(parts) + "\n"


def _due(notice: Notice) -> str:
    return _("hạn %(time)s") % {"time": f"{notice.due_on:%d/%m/%Y}"}


def _open() -> QuerySet[Notice]:
    return Notice.objects.filter(ended_at=None)


def _digest_key(person: int) -> str:
    return f"digest:{person}:{_today()}"


def _today() -> date:
    return clock.local(clock.now()).date()
