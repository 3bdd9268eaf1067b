"""Reminders of orders climb by working days, reach each person once, stop when it is done, and go by mail once a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from haidang.engine import clock
from haidang.engine.incidents import order_actions, order_extending
from haidang.engine.incidents.conftest import Cast, add_person
from haidang.engine.incidents.conftest import cast as cast  # noqa: PLC0414 - the cast of the stage before
from haidang.engine.incidents.models import Order
from haidang.engine.incidents.test_conclusions import enter
from haidang.engine.notify import mail
from haidang.engine.notify.models import Mail
from haidang.engine.people.models import Person, Shift
from haidang.engine.tasks import reminding
from haidang.engine.tasks.models import Notice
from haidang.engine.tasks.today import items
from tests.mail_server import MailServer

MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=clock.LOCAL)


def at(day: str, hour: int = 9) -> None:
    clock.set_source(datetime.fromisoformat(day).replace(hour=hour, tzinfo=clock.LOCAL).timestamp)


@pytest.fixture
def order(cast: Cast) -> Iterator[Order]:
    """Of the commune, due on Monday the seventh of December."""
    clock.set_source(MONDAY.timestamp)
    paper = enter(cast)
    order_actions.cancel(order=paper.orders.get(number=2), by=paper.registered_by, reason="một việc là đủ")
    add_person("chu-tich@tayninh.example", "Chủ tịch phường", "leader", cast.commune)
    ends = MONDAY + timedelta(days=60)
    Shift.objects.create(name="Ca", starts_at=MONDAY - timedelta(days=1), ends_at=ends, chief=cast.chief)
    yield paper.orders.get(number=1)
    clock.set_source(None)


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    with MailServer() as started:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", started.port
        settings.EMAIL_USE_TLS = False
        yield started


def who(rung: str) -> set[str]:
    rows = Notice.objects.filter(rung=rung, ended_at=None).select_related("person")
    return {f"{one.person.email.partition('@')[0]}:{one.level}" for one in rows}


DOERS = {"binh:officer", "cuong:officer"}
HEAD = {"chu-tich:head"}
ABOVE = {"truc:above", "lanh:above"}


def test_it_climbs_by_working_days_and_tells_each_person_once(cast: Cast, order: Order) -> None:
    at("2026-12-02")
    assert reminding.remind() == 0
    for day, rung, people in (
        ("2026-12-03", "before", DOERS),
        ("2026-12-06", "before", DOERS),  # a Sunday moves nothing
        ("2026-12-07", "day", DOERS),
        ("2026-12-08", "late1", DOERS | HEAD),
        ("2026-12-10", "late3", DOERS | HEAD | ABOVE),
        ("2026-12-13", "late3", DOERS | HEAD | ABOVE),
        ("2026-12-14", "late5", DOERS | HEAD | ABOVE),
    ):
        at(day)
        reminding.remind()
        assert reminding.remind() == 0
        assert who(rung) == people, day
    told = [one.text for one in order.entries.order_by("pk") if "đã nhắc" in one.text]
    assert [text.partition("trễ từ ")[2][:1] for text in told] == ["1", "3", "5"]
    chief = {one.what: one.text for one in items(cast.chief) if one.urgency == "climbed"}
    assert chief == {"Trễ từ 5 ngày làm việc": order.text}
    client = Client()
    client.force_login(cast.chief)
    assert "Báo lên tôi" in client.get("/viec-cua-toi/").content.decode()


def test_after_a_standstill_of_days_everybody_up_to_the_rung_is_told(cast: Cast, order: Order) -> None:
    at("2026-12-14")
    reminding.remind()
    assert who("late5") == DOERS | HEAD | ABOVE
    assert not who("late3")


def test_a_named_addressee_is_told_and_not_his_colleagues(cast: Cast, order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(addressee=cast.officer)
    at("2026-12-07")
    reminding.remind()
    assert who("day") == {"binh:officer"}


def test_done_or_extended_it_stops_and_a_new_deadline_begins_anew(cast: Cast, order: Order) -> None:
    at("2026-12-08")
    reminding.remind()
    later = order.deadline_at + timedelta(days=7)
    asked = order_extending.ask(order=order, by=cast.officer, until_at=later, reason="mưa")
    order_extending.grant(extension=asked, by=order.issued_by)
    reminding.remind()
    assert not Notice.objects.filter(ended_at=None).exists()
    at("2026-12-14")
    reminding.remind()
    assert who("day") == DOERS
    Order.objects.filter(pk=order.pk).update(needs_proof=False)
    order_actions.finish(order=order, by=cast.officer)
    reminding.remind()
    assert not Notice.objects.filter(ended_at=None).exists()
    at("2026-12-30")
    assert reminding.remind() == 0


def test_an_order_of_an_incident_is_told_of_only_when_it_is_late_by_days(cast: Cast, order: Order) -> None:
    cast.order(text="Đo nhanh")
    assert reminding.remind() == 0
    at("2026-12-01")
    reminding.remind()
    assert {one.text for one in Notice.objects.all()} == {"Đo nhanh"}
    assert who("late1") == DOERS | HEAD


def test_a_person_gets_one_mail_a_day_and_none_at_night(cast: Cast, order: Order, server: MailServer) -> None:
    at("2026-12-08", hour=5)
    reminding.remind()
    assert not Mail.objects.exists()
    at("2026-12-08", hour=7)
    reminding.remind()
    reminding.remind()
    assert mail.send_due() == 3
    assert mail.send_due() == 0
    assert sorted(str(one["To"]) for one in server.taken) == [
        "binh@tayninh.example", "chu-tich@tayninh.example", "cuong@tayninh.example",
    ]  # fmt: skip
    message = next(one for one in server.taken if one["To"] == "binh@tayninh.example")
    text = message.get_body().get_content()  # type: ignore[union-attr]
    assert message["Subject"] == "Hải Đăng: 1 việc cần làm"
    assert "trễ từ 1 ngày làm việc: Dọn điểm rác sau chợ (Trảng Bàng · 215/TB-UBND), hạn 07/12/2026" in text
    # A rung reached later that day waits for tomorrow's mail.
    Order.objects.filter(pk=order.pk).update(deadline_at=order.deadline_at - timedelta(days=4))
    at("2026-12-08", hour=15)
    reminding.remind()
    assert mail.send_due() == 2
    assert {str(one["To"]) for one in server.taken[3:]} == {"truc@tayninh.example", "lanh@tayninh.example"}
    at("2026-12-09", hour=7)
    reminding.remind()
    assert mail.send_due() == 3


def test_a_mail_not_sent_on_its_day_is_told_by_the_next_days_mail_once(
    cast: Cast, order: Order, server: MailServer
) -> None:
    at("2026-12-07")
    reminding.remind()
    assert Mail.objects.count() == 2, "and no mail server takes them that day"
    at("2026-12-08", hour=6)
    reminding.remind()
    assert mail.send_due() == 0
    at("2026-12-08", hour=7)
    reminding.remind()
    assert mail.send_due() == 3
    told = sorted(str(one["To"]) for one in server.taken)
    assert told == ["binh@tayninh.example", "chu-tich@tayninh.example", "cuong@tayninh.example"]
    at("2026-12-09", hour=7)
    reminding.remind()
    assert mail.send_due() == 0, "nothing new, nothing unsent"


def test_what_was_only_in_an_unsent_mail_is_told_the_next_day(
    cast: Cast, order: Order, server: MailServer
) -> None:
    at("2026-12-03")
    reminding.remind()
    assert Mail.objects.count() == 2
    at("2026-12-04", hour=7)
    reminding.remind()
    assert set(Mail.objects.values_list("key", flat=True)) == {
        f"digest:{pk}:2026-12-04" for pk in Notice.objects.values_list("person", flat=True)
    }
    assert mail.send_due() == 2


def test_a_mail_that_waits_is_not_sent_for_what_has_been_done(
    cast: Cast, order: Order, server: MailServer
) -> None:
    at("2026-12-07")
    reminding.remind()
    assert Mail.objects.count() == 2
    Order.objects.filter(pk=order.pk).update(needs_proof=False)
    order_actions.finish(order=order, by=cast.officer)
    reminding.remind()
    assert not Mail.objects.exists()


def test_mail_speaks_the_language_its_reader_chose(cast: Cast, order: Order, server: MailServer) -> None:
    Person.objects.filter(pk=cast.officer.pk).update(language="en")
    at("2026-12-07")
    reminding.remind()
    subjects = dict(Mail.objects.values_list("to", "subject"))
    assert subjects["binh@tayninh.example"] == "Hải Đăng: 1 thing to do"
    assert subjects["cuong@tayninh.example"] == "Hải Đăng: 1 việc cần làm"


def test_without_a_mail_server_the_product_tells_it_all_the_same(
    cast: Cast, order: Order, settings: Settings
) -> None:
    settings.EMAIL_HOST = ""
    at("2026-12-07")
    reminding.remind()
    assert who("day") == DOERS
    assert not Mail.objects.exists()
