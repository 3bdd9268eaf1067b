"""What one person has to do today: orders, reports owed, signatures and differences, only those he may act on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from haidang.engine import clock
from haidang.engine.incidents.models import Extension, Order
from haidang.engine.people.rights import may, sees_all
from haidang.engine.reconciliation.models import Difference
from haidang.engine.submissions import desk
from haidang.engine.tasks.models import Notice

if TYPE_CHECKING:
    from haidang.engine.people.models import Person

LATE, TODAY, DECIDE, CLIMBED, SOON = "late", "today", "decide", "climbed", "soon"
SOON_DAYS = 5  # so many days before it is due a report or an order is told of
MOST = 100  # of one kind
State = Order.State
GROUND = ("incident", "conclusion", "office")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do: `what` it is, what it says, whose or from where, until when, and where it is done. `is_written`:
    somebody of the province wrote what it says; else it is in the language of the screen.
    """

    urgency: str
    key: str
    what: str
    text: str
    of: str
    due: str
    url: str
    at: datetime
    is_written: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    title: str
    items: list[Item]


def sections(person: Person) -> list[Section]:
    """Late first, then what ends today, what waits for this person's word, and what comes up."""
    found = sorted(items(person), key=lambda one: one.at)
    titles = {
        LATE: _("Quá hạn"),
        TODAY: _("Hôm nay"),
        DECIDE: _("Chờ tôi quyết"),
        CLIMBED: _("Báo lên tôi"),
        SOON: _("Sắp đến hạn"),
    }
    return [
        Section(name, title, [one for one in found if one.urgency == name]) for name, title in titles.items()
    ]


def is_cut(found: Iterable[Section]) -> bool:
    """Whether there is more of a kind than a day's page lists: then it says so, and no number pretends to be all."""
    kinds = Counter(one.key.partition("-")[0] for section in found for one in section.items)
    return any(many >= MOST for many in kinds.values())


def items(person: Person) -> Iterator[Item]:
    yield from _orders(person)
    yield from _to_decide(person)
    yield from _owed(person)
    yield from _to_approve(person)
    yield from _differences(person)
    yield from _climbed(person)


# --- orders -----------------------------------------------------------------------------------------------
def _orders(person: Person) -> Iterator[Item]:
    """What this person's offices have to do."""
    if not may(person, "order.receive"):
        return
    mine = Order.objects.for_user(person, "order.receive").unfinished().filter(done_at=None)
    if sees_all(person, "order.receive"):
        mine = mine.filter(office=person.office_id)
    mine = mine.exclude(state=State.REFUSED).select_related(*GROUND)
    for order in mine.order_by("deadline_at", "pk")[:MOST]:
        urgency = urgency_of(order)
        if order.state == State.ISSUED:
            yield _item(order, urgency if urgency in (LATE, TODAY) else DECIDE, _("Nhận lệnh"))
        elif urgency:
            yield _item(order, urgency, _("Làm lệnh"))


def urgency_of(order: Order) -> str:
    """Empty while it is far off."""
    now = clock.now()
    if order.deadline_at < now:
        return LATE
    left = (order.due_on - clock.local(now).date()).days
    return TODAY if left == 0 else SOON if left <= SOON_DAYS else ""


def _to_decide(person: Person) -> Iterator[Item]:
    """Orders this person gave, or answers for, that wait for his word."""
    mine = Q(issued_by=person) | Q(incident__commander=person) | Q(conclusion__registered_by=person)
    if may(person, "order.verify"):
        waiting = Order.objects.for_user(person, "order.verify").filter(mine).select_related(*GROUND)
        for order in waiting.filter(state=State.DONE).exclude(done_by=person).order_by("done_at")[:MOST]:
            yield _item(order, DECIDE, _("Nghiệm thu"))
        asked = Extension.objects.filter(state=Extension.State.ASKED).exclude(asked_by=person)
        for order in waiting.filter(pk__in=asked.values("order")).order_by("deadline_at")[:MOST]:
            yield _item(order, DECIDE, _("Trả lời xin gia hạn"), "extension")
    if may(person, "order.issue"):
        refused = Order.objects.for_user(person, "order.issue").filter(mine, state=State.REFUSED)
        for order in refused.select_related(*GROUND).order_by("issued_at")[:MOST]:
            yield _item(order, DECIDE, _("Giao lại việc không làm được"))


def _item(order: Order, urgency: str, what: str, kind: str = "order") -> Item:
    of = f"{order.office.short_name or order.office.name} · {order.ground.code}"
    key, url = f"{kind}-{order.pk}", order.get_absolute_url()
    return Item(urgency, key, what, order.text, of, due_words(order), url, order.deadline_at, is_written=True)


def due_words(order: Order) -> str:
    """`trễ 3 ngày làm việc`, `hạn 05/12/2026`, `hạn 14:30 05/12`."""
    due = clock.local(order.deadline_at)
    if order.deadline_at < clock.now() and order.is_by_day and order.days_late:
        return _("trễ %(n)s ngày làm việc") % {"n": f"{order.days_late:g}".replace(".", ",")}
    if order.deadline_at < clock.now():
        return _("quá hạn %(time)s") % {"time": f"{due:%H:%M %d/%m}"}
    return _("hạn %(time)s") % {"time": f"{due:%d/%m/%Y}" if order.is_by_day else f"{due:%H:%M %d/%m}"}


# --- what offices hand in ---------------------------------------------------------------------------------
def _owed(person: Person) -> Iterator[Item]:
    if not may(person, "sheet.submit"):
        return
    for row in desk.own_rows(person):
        if row.is_done or (row.kind == "waiting" and row.days_left > SOON_DAYS):
            continue
        urgency = LATE if row.days_late else TODAY if row.days_left == 0 else SOON
        due = _("hạn %(time)s") % {"time": f"{row.due:%d/%m/%Y}"}
        if row.days_late:
            due = ngettext("trễ %(n)d ngày", "trễ %(n)d ngày", row.days_late) % {"n": row.days_late}
        of = f"{row.office.short_name or row.office.name} · {row.period_words} · {row.step}"
        key = f"owed-{row.way.contract}-{row.office.pk}-{row.period.code}".replace(".", "-")
        yield Item(urgency, key, row.action, row.way.title, of, due, row.action_url, _noon(row.due))


def _to_approve(person: Person) -> Iterator[Item]:
    if not may(person, "sheet.approve"):
        return
    titles = desk.titles()
    for row in desk.waiting_for(person):
        is_signed = row.state == desk.State.SUBMITTED
        if is_signed and row.signed_by_id == person.pk:
            continue
        what = _("Duyệt số liệu") if is_signed else _("Công bố số liệu")
        office = row.office.short_name or row.office.name if row.office else ""
        signed = row.signed_at or row.received_at
        told = _("ký %(time)s") % {"time": f"{clock.local(signed):%d/%m/%Y}"}
        text = titles.get(row.contract, row.contract)
        yield Item(DECIDE, f"sheet-{row.pk}", what, text, office, told, row.get_absolute_url(), signed)


def _differences(person: Person) -> Iterator[Item]:
    """Those one's own office is a side of and has to explain, or may settle."""
    asked = (
        ("difference.explain", (Difference.State.FOUND, Difference.State.ASKED), _("Giải trình chênh lệch")),
        ("difference.settle", (Difference.State.EXPLAINED,), _("Chốt chênh lệch")),
    )
    for act, states, what in asked:
        if not may(person, act):
            continue
        mine = Difference.objects.for_user(person, act).filter(state__in=states)
        if sees_all(person, act):
            mine = mine.filter(Q(left_office=person.office_id) | Q(right_office=person.office_id))
        mine = mine.filter(Q(first_by=None) | ~Q(first_by=person))
        for one in mine.select_related("place").order_by("due_date", "pk")[:MOST]:
            due = _("hạn %(time)s") % {"time": f"{one.due_date:%d/%m/%Y}"}
            of = f"{one.left_source} · {one.right_source} · {one.when}"
            urgency, key = LATE if one.is_late else DECIDE, f"difference-{one.pk}"
            yield Item(urgency, key, what, one.title, of, due, one.get_absolute_url(), _noon(one.due_date))


def _climbed(person: Person) -> Iterator[Item]:
    """What others have not done in time and has climbed to this person: each thing once, by its highest rung."""
    rows = Notice.objects.filter(person=person, ended_at=None).exclude(level=Notice.Level.OFFICER)
    highest = {one.thing: one for one in rows.order_by("at", "pk")}
    for one in sorted(highest.values(), key=lambda row: (row.due_on, row.pk))[:MOST]:
        due = _("hạn %(time)s") % {"time": f"{one.due_on:%d/%m/%Y}"}
        key, what = f"climbed-{one.pk}", str(one.get_rung_display()).capitalize()
        owed = desk.owed_words(one.thing)
        text = owed or one.text
        yield Item(CLIMBED, key, what, text, one.of, due, one.url, _noon(one.due_on), is_written=not owed)


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=clock.LOCAL) + timedelta(hours=12)
