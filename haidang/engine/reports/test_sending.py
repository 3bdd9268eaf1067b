"""Schedules: when they are due, what each recipient gets, and that a killed worker sends neither twice nor not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from haidang.engine import clock
from haidang.engine.audit.models import Act
from haidang.engine.boards.statistics.conftest import Reports
from haidang.engine.notify.models import Mail
from haidang.engine.people.models import Grant, Person, Role
from haidang.engine.reports import cycles, pages, sending
from haidang.engine.reports.conftest import NOW, later, reader
from haidang.engine.reports.models import Report, Run, Schedule, Sending
from haidang.engine.reports.unseen import unseen

DAILY, WEEKLY, MONTHLY = Schedule.Cycle.DAILY, Schedule.Cycle.WEEKLY, Schedule.Cycle.MONTHLY
LONG_AGO = datetime(2026, 1, 1, tzinfo=clock.LOCAL)


def schedule_of(owner: Person, *people: Person, cycle: str = DAILY, **more: object) -> Schedule:
    values: dict[str, object] = {
        "title": "Kinh tế", "address": "economy.economy", "starts_at": LONG_AGO, "cycle": cycle, **more,
    }  # fmt: skip
    made = Schedule.objects.create(owner=owner, **values)
    made.recipients.set(people)
    return made


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.LOCAL)


# --- when -----------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_turns_fall_on_working_days_of_the_official_calendar() -> None:
    owner = reader("chu", Role.LEADER)
    daily = schedule_of(owner)
    # Saturday 22/08/2026 is worked for Monday 31/08; then come the National Day and its eve.
    for now, due in (
        ("2026-08-22T08:00", "2026-08-22T07:00"), ("2026-08-23T08:00", "2026-08-22T07:00"), ("2026-08-24T06:59", "2026-08-22T07:00"),
        ("2026-09-02T12:00", "2026-08-28T07:00"), ("2026-09-03T07:00", "2026-09-03T07:00"), ("2026-02-20T09:00", "2026-02-13T07:00"),
    ):  # fmt: skip
        assert cycles.last_turn(daily, at(now)) == (at(due), ""), now
    weekly = schedule_of(owner, cycle=WEEKLY, weekday=1, hour=8)
    assert cycles.last_turn(weekly, at("2026-09-04T12:00")) == (at("2026-09-03T08:00"), "")
    assert cycles.next_turn(weekly, at("2026-09-04T12:00")) == (at("2026-09-07T08:00"), "")
    # The month's files are due on the 20th of the next one; 21/11/2026 is a Saturday, 24/11 a day off.
    monthly = schedule_of(owner, cycle=MONTHLY, days_after=2, address="economy.monthly")
    assert cycles.last_turn(monthly, at("2026-11-25T07:00")) == (at("2026-11-25T07:00"), "2026-10")
    assert cycles.last_turn(monthly, at("2026-11-25T06:00")) == (at("2026-10-22T07:00"), "2026-09")
    monthly.days_after = 0
    assert cycles.last_turn(monthly, at("2026-11-24T12:00")) == (at("2026-11-20T07:00"), "2026-10")
    assert cycles.next_turn(monthly, at("2026-11-24T12:00")) == (at("2026-12-21T07:00"), "2026-11")


@pytest.mark.django_db
def test_nothing_is_sent_for_a_time_before_the_schedule_and_one_turn_after_an_outage() -> None:
    owner = reader("chu", Role.LEADER)
    schedule_of(owner, owner, starts_at=NOW)
    assert sending.plan(NOW + timedelta(hours=1)) == 0
    week_later = at("2026-11-30T09:00")
    assert sending.plan(week_later) == 1
    assert sending.plan(week_later) == 0
    run = Run.objects.get()
    assert clock.local(run.due_at).date() == date(2026, 11, 30)
    schedule_of(owner, owner, is_active=False)
    left = reader("nghi-viec", Role.LEADER)
    schedule_of(left, owner)
    Person.objects.filter(pk=left.pk).update(is_active=False)
    assert sending.plan(week_later) == 0


# --- to whom --------------------------------------------------------------------------------------------------
def test_each_gets_what_he_may_see_and_the_owner_hears_of_the_rest(autumn: Reports) -> None:
    owner = reader("Chủ lịch", Role.LEADER)
    whole = reader("Cả tỉnh", Role.ANALYST)
    other = reader("Môi trường", Role.OFFICER, domain="environment")
    crew = reader("Tổ", Role.CREW)
    gone = reader("Đã nghỉ", Role.LEADER)
    late = reader("Vừa mất quyền", Role.LEADER)
    schedule_of(owner, whole, other, crew, gone, late)
    assert sending.plan() == 1
    # After the turn has begun: what holds is the right of the moment.
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    Grant.objects.filter(person=late).delete()
    assert sending.send_waiting() == 5
    assert sending.send_waiting() == 0
    states = {one.person.name: one for one in Sending.objects.select_related("person", "report")}
    assert {name: one.state for name, one in states.items()} == {
        "Cả tỉnh": "sent", "Môi trường": "refused", "Tổ": "refused", "Đã nghỉ": "refused", "Vừa mất quyền": "refused",
    }  # fmt: skip
    assert Report.objects.get().recipient == whole
    assert "không được xem số nào" in states["Môi trường"].reason
    assert "không có quyền" in states["Đã nghỉ"].reason
    assert (unseen(whole), unseen(owner), unseen(other)) == (1, 4, None)
    assert Act.objects.filter(verb="report.refuse").count() == 4
    client = signed_in(owner)
    page = client.get(states["Tổ"].run.schedule.get_absolute_url()).content.decode()
    assert page.count("không gửi") == 4
    assert "889,2" not in page
    assert unseen(owner) is None


def test_two_readers_of_one_run_get_two_papers(autumn: Reports) -> None:
    owner = reader("Chủ lịch", Role.LEADER)
    both = reader("Hai mảng", Role.OFFICER, domain="environment")
    Grant.objects.create(person=both, role=Role.OFFICER, domain="population")
    schedule_of(owner, owner, both, address="leaders.leaders")
    sending.plan()
    sending.send_waiting()
    mine, theirs = (Report.objects.get(recipient=one) for one in (owner, both))
    assert (mine.denied, theirs.denied) == (0, 5)
    assert any(one.value == 889.2 for one in mine.known.values())
    assert not any(one.indicator.startswith("economy.") for one in theirs.known.values())
    client = signed_in(both)
    assert client.get(mine.get_absolute_url()).status_code == 404
    assert client.get(theirs.get_absolute_url()).status_code == 200
    assert client.get(f"{theirs.get_absolute_url()}tep/").status_code == 200
    assert client.get(f"{mine.get_absolute_url()}tep/").status_code == 404


def test_who_lost_a_right_does_not_open_what_he_was_given(autumn: Reports, leader: Person) -> None:
    schedule_of(leader, leader)
    sending.plan()
    sending.send_waiting()
    report = Report.objects.get()
    client = signed_in(leader)
    assert client.get(f"{report.get_absolute_url()}tep/").status_code == 200
    Grant.objects.filter(person=leader).update(domain="environment")
    assert client.get(f"{report.get_absolute_url()}tep/").status_code == 403
    assert client.get(report.get_absolute_url()).status_code == 403


def test_mail_is_written_once_with_the_paper_in_it(
    autumn: Reports, leader: Person, settings: Settings
) -> None:
    settings.EMAIL_HOST = "mail.tinh.invalid"  # written, not sent: that is `notify.mail`
    schedule_of(leader, leader, by_mail=True, form="docx")
    sending.plan()
    sending.send_waiting()
    mail = Mail.objects.get()
    file = mail.attachments.get()
    report = Report.objects.get()
    assert (mail.to, mail.subject) == (leader.email, report.title)
    with default_storage.open(report.stored_name) as kept:
        assert bytes(file.content) == kept.read()
    assert report.get_absolute_url() in mail.text


# --- by hand --------------------------------------------------------------------------------------------------
def test_an_hour_that_is_changed_sends_nothing_for_a_time_before_the_change(
    autumn: Reports, leader: Person
) -> None:
    """At ten o'clock somebody sets five in the afternoon back to seven: the page says Monday, and so it is."""
    schedule = schedule_of(leader, leader, hour=17, starts_at=NOW - timedelta(hours=1))
    told = {
        "title": "Kinh tế", "address": "economy.economy", "form": "pdf", "cycle": "daily", "hour": "7", "weekday": "1",
        "days_after": "1", "recipients": [leader.pk],
    }  # fmt: skip
    clock.set_source(at("2026-11-23T10:00").timestamp)
    assert signed_in(leader).post(schedule.get_absolute_url(), told).status_code == 302
    schedule.refresh_from_db()
    assert schedule.hour == 7
    assert pages.next_at(schedule) == at("2026-11-25T07:00")  # Tuesday is a day off
    assert sending.plan() == 0


def test_a_turn_by_hand_is_begun_once_and_stands_in_the_log_with_who_asked_for_it(
    autumn: Reports, leader: Person
) -> None:
    schedule = schedule_of(leader, leader, is_active=False)
    client = signed_in(leader)
    for click in range(2):
        later(click / 10)
        assert client.post(f"{schedule.get_absolute_url()}gui-ngay/").status_code == 302
    assert Run.objects.count() == 1
    act = Act.objects.get(verb="report.send_now")
    assert (act.person_id, act.object_type, act.object_id) == (
        leader.pk,
        "reports.schedule",
        str(schedule.pk),
    )
    assert sending.send_waiting() == 1
    later(1)
    assert client.post(f"{schedule.get_absolute_url()}gui-ngay/").status_code == 302
    assert Run.objects.count() == 2


def test_what_cannot_be_made_for_a_day_is_told_to_its_owner_and_tried_no_more(
    autumn: Reports, leader: Person, settings: Settings, tmp_path: Path
) -> None:
    blocked = tmp_path / "no-folder"
    blocked.write_text("a file where the papers should lie")
    kept = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": blocked}}
    settings.STORAGES = settings.STORAGES | {"default": kept}
    schedule_of(leader, leader)
    sending.plan()
    assert sending.send_waiting() == 0
    assert Sending.objects.get().state == "waiting"
    later(25 * 60)
    assert sending.send_waiting() == 1
    found = Sending.objects.get()
    assert (found.state, found.report) == ("refused", None)
    assert "lỗi của hệ thống" in found.reason
    assert unseen(leader) == 1
    assert sending.send_waiting() == 0


# --- killed ---------------------------------------------------------------------------------------------------
WORK = """
import django; django.setup()
from haidang.engine import clock
clock.set_source(lambda: {now})
from haidang.engine.reports import tasks
tasks.sending.plan(); tasks.sending.send_waiting()
"""


@pytest.fixture
def emptied(transactional_db: None) -> Iterator[None]:
    """Django empties only the tables of managed models between tests."""
    yield
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE store_delivery, store_observation, store_hour, store_closing, indicators_figure, indicators_due"
        )


def test_a_killed_worker_sends_neither_twice_nor_not_at_all(
    emptied: None, autumn: Reports, settings: Settings, tmp_path: Path
) -> None:
    owner = reader("Chủ lịch", Role.LEADER)
    people = [reader(f"Người {n}", Role.LEADER) for n in range(2)]
    for place in ("reports.drawn", "reports.given", "reports.sent"):
        schedule = schedule_of(owner, *people)
        sendings = Sending.objects.filter(run__schedule=schedule)
        killed = worker(settings, tmp_path, HAIDANG_CRASH=place)
        assert killed.returncode == -9, killed.stderr
        done = sendings.filter(state="sent").count()
        assert done == (1 if place == "reports.sent" else 0), place
        for _turn in range(2):
            ended = worker(settings, tmp_path)
            assert ended.returncode == 0, ended.stderr
        given = Report.objects.filter(sending__in=sendings).values_list("recipient__name", flat=True)
        assert sorted(given) == ["Người 0", "Người 1"], place
        assert sendings.filter(state="sent").count() == 2
        assert Run.objects.filter(schedule=schedule).count() == 1
    assert Report.objects.count() == Act.objects.filter(verb="report.make").count() == 6


def worker(settings: Settings, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """`work` at its turn, in a process of its own that can be killed."""
    known = connection.settings_dict
    host = quote(str(known["HOST"]), safe="")
    url = f"postgresql://{known['USER']}:{known['PASSWORD']}@{host}:{known['PORT']}/{known['NAME']}"
    given = os.environ | {
        "DJANGO_SETTINGS_MODULE": "haidang.config.settings",
        "DATABASE_URL": url,
        "HAIDANG_HOME": str(home),
        **environment,
    }
    code = WORK.format(now=NOW.timestamp())
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], env=given, capture_output=True, text=True, check=False
    )


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
