"""Long lists say how long they are, and have a way to their end."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client, RequestFactory

from haidang.engine import clock
from haidang.engine.alarms.models import Alarm, Event
from haidang.engine.incidents import order_actions
from haidang.engine.incidents.conftest import Cast
from haidang.engine.incidents.conftest import cast as cast  # noqa: PLC0414 - the cast of the stage before
from haidang.engine.incidents.models import Entry, Order
from haidang.engine.paging import number_in, stretch


def test_a_number_of_an_address_is_read_or_is_none_and_never_a_fault() -> None:
    assert [number_in(text) for text in ("0", "17", "999999999")] == [0, 17, 999_999_999]
    for strange in ("", " 1", "-1", "1.0", "²", "١", "1000000000", "9" * 5000, "x"):
        assert number_in(strange) is None, strange[:9]


def test_a_stretch_says_which_of_how_many_and_keeps_the_question(cast: Cast) -> None:
    alarm = cast.incident.alarms.get()
    Event.objects.bulk_create(
        Event(alarm=alarm, rule="r", subject="s", kind="comment", recorded_at=clock.now()) for _ in range(7)
    )
    rows = Event.objects.filter(kind="comment").order_by("pk")
    ask = RequestFactory()
    first = stretch(rows, ask.get("/", {"state": "all"}), 3)
    assert (first.first, first.last, first.total, first.newer_url) == (1, 3, 7, "")
    assert first.older_url == "?state=all&trang=2"
    last = stretch(rows, ask.get("/", {"trang": "99"}), 3)
    assert (last.first, last.last, last.older_url) == (7, 7, "")
    assert stretch(rows, ask.get("/", {"trang": "-1"}), 3).first == 1
    assert not stretch(rows, ask.get("/"), 7).is_part


def test_the_pages_of_alarm_and_incident_count_all_and_lead_to_the_oldest(cast: Cast) -> None:
    alarm, now = Alarm.objects.get(), clock.now()
    Event.objects.bulk_create(
        Event(alarm=alarm, rule="r", subject="s", kind="comment", text=f"dòng {n:03}",
              recorded_at=now + timedelta(seconds=n))
        for n in range(100)
    )  # fmt: skip
    Entry.objects.bulk_create(
        Entry(
            incident=cast.incident, at=now + timedelta(seconds=n), kind="note", text=f"ghi {n:03}", actor="An"
        )
        for n in range(250)
    )
    client = Client()
    client.force_login(cast.operator, backend="allauth.account.auth_backends.AuthenticationBackend")
    for url, name, oldest, total in (
        (alarm.get_absolute_url(), "dien-bien", "dòng 000", Event.objects.filter(alarm=alarm).count()),
        (cast.incident.get_absolute_url(), "dong", "ghi 000", cast.incident.entries.count()),
    ):
        page = client.get(url).content.decode()
        assert f"trong {total}" in page
        assert oldest not in page
        assert oldest in client.get(url, {name: "2"}).content.decode()


def test_an_order_given_to_another_is_not_waited_for(cast: Cast) -> None:
    order = cast.order()
    order_actions.receive(order=order, by=cast.officer)
    order_actions.cancel(order=cast.order(), by=cast.operator, reason="nhầm cơ quan")
    assert Order.objects.count() == 2
    client = Client()
    client.force_login(cast.operator, backend="allauth.account.auth_backends.AuthenticationBackend")
    context = client.get(cast.incident.get_absolute_url()).context
    assert (context["received"], context["live"]) == (1, 1)
