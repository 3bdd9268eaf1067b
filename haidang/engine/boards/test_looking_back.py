"""What a screen shows of a past instant is what stood then; and the map counts what there is, now as then."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from haidang.engine import clock
from haidang.engine.alarms import actions as alarms
from haidang.engine.alarms.conftest import DANGEROUS, HIGH, Desk
from haidang.engine.alarms.conftest import desk as desk  # noqa: PLC0414 - the station and cast of the stage before
from haidang.engine.boards import mapping
from haidang.engine.boards.feed import source_health
from haidang.engine.boards.mapping import events_of
from haidang.engine.boards.tiles import Look
from haidang.engine.incidents import actions as incidents
from haidang.engine.store.models import Pulse, Source

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    _at(0)
    yield
    clock.set_source(None)


def _at(minutes: float) -> datetime:
    now = NOON + timedelta(minutes=minutes)
    clock.set_source(now.timestamp)
    return now


@pytest.fixture
def browser(desk: Desk) -> Client:
    desk.station.lat, desk.station.lon = 11.31, 106.10
    desk.station.save()
    client = Client()
    client.force_login(desk.operator, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_two_alarms_of_a_station_are_two_in_the_legend_and_both_can_be_reached(
    desk: Desk, browser: Client
) -> None:
    desk.hear(desk.judge("raise", DANGEROUS, 300), desk.judge("raise", "environment.o3_limit", 400))
    found = events_of(Look.at(None, desk.operator), desk.operator)
    assert (found.alarms, len(found.marks)) == (2, 1)
    assert found.marks[0].priority == 1
    assert "(2)" in found.marks[0].word
    assert found.marks[0].url == "/tram/KK-1/"
    page = browser.get("/tram/KK-1/").content.decode()
    for alarm in desk.station.alarms.all():
        assert alarm.get_absolute_url() in page


def test_two_incidents_at_one_place_are_two_lines_of_the_list(
    desk: Desk, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = [
        incidents.open_incident(by=desk.operator, title=title, priority=priority)
        for title, priority in (("Cháy kho", 1), ("Cây đổ", 3))
    ]
    for one in opened:
        one.lat, one.lon = 11.31, 106.10
        one.save()
    found = events_of(Look.at(None, desk.operator), desk.operator)
    assert (found.incidents, len(found.marks), len(found.listed.markers)) == (2, 1, 2)
    addresses = "/ban-do/danh-sach/", "/ban-do/danh-sach/?o=11.31,106.1"
    for address in addresses:
        listed = browser.get(address).content.decode()
        assert all(one.get_absolute_url() in listed for one in opened)
    monkeypatch.setattr(mapping, "LISTED", 1)
    for address in addresses:
        listed = browser.get(address).content.decode()
        assert [one.get_absolute_url() in listed for one in opened] == [True, False]
        assert '<a class="link" href="/su-viec/">và 1 sự việc nữa</a>' in listed


def test_what_has_no_position_is_said_beside_the_map_now_and_then(desk: Desk, browser: Client) -> None:
    desk.hear(desk.judge("raise", HIGH))
    _at(10)
    desk.station.lat = desk.station.lon = None
    desk.station.save()
    desk.hear(desk.judge("raise", DANGEROUS, 300))
    incidents.open_incident(by=desk.operator, title="Ngộ độc ở bếp ăn", priority=2)
    _at(20)
    found = events_of(Look.at(None, desk.operator), desk.operator)
    assert (found.unplaced.incidents, found.unplaced.alarms) == (1, 1), "the lesser alarm is suppressed"
    then = events_of(Look.at(NOON + timedelta(minutes=5), desk.operator), desk.operator)
    assert (then.unplaced.incidents, then.unplaced.alarms) == (0, 1)
    page = browser.get("/ban-do/danh-sach/").content.decode()
    said = page.split('class="unplaced"')[1]
    assert '<a class="link" href="/su-viec/">1 sự việc không có vị trí</a>' in said
    assert '<a class="link" href="/bao-dong/">1 báo động không có vị trí</a>' in said
    desk.station.lat, desk.station.lon = 11.31, 106.10
    desk.station.save()
    found = events_of(Look.at(None, desk.operator), desk.operator)
    assert (found.alarms, found.unplaced.alarms) == (1, 0)


def test_the_map_of_a_past_instant_shows_what_was_open_then(desk: Desk) -> None:
    desk.hear(desk.judge("raise", HIGH))
    _at(10)
    one = incidents.open_incident(by=desk.operator, title="Cháy kho", priority=2, alarms=[desk.open(HIGH)])
    one.lat, one.lon = 11.31, 106.10
    one.save()
    desk.station.lat, desk.station.lon = 11.31, 106.10
    desk.station.save()
    _at(20)
    desk.hear(desk.judge("clear", HIGH, 80))
    _at(25)
    one.closed_at = clock.now()
    one.save()
    _at(40)

    def numbers(minutes: float) -> tuple[int, int]:
        found = events_of(Look.at(NOON + timedelta(minutes=minutes), desk.operator), desk.operator)
        return found.incidents, found.alarms

    assert [numbers(minutes) for minutes in (-1, 5, 15, 22, 30)] == [(0, 0), (0, 1), (1, 0), (1, 0), (0, 0)]


def test_the_list_of_a_past_instant_has_every_state(desk: Desk, browser: Client) -> None:
    desk.hear(desk.judge("raise", HIGH), desk.judge("raise", DANGEROUS, 300))
    _at(10)
    alarms.shelve(
        alarm=desk.open(DANGEROUS),
        by=desk.operator,
        reason="đang hàn",
        until=clock.now() + timedelta(hours=1),
    )
    then = _at(15)
    _at(16)
    alarms.unshelve(alarm=desk.open(DANGEROUS), by=desk.operator)
    _at(30)
    page = browser.get("/", {"as_of": clock.local(then).isoformat()}).content.decode()
    left = page.split('id="h-past"')[1].split("</section>")[0]
    assert re.findall(r'class="grp">([^<]+?) <', left) == ["Tạm gác", "Chặn theo thiết kế"]
    assert "đang hàn" in left


def test_a_source_is_judged_by_what_it_had_sent_then(desk: Desk) -> None:
    source = Source.objects.get()
    Source.objects.update(last_received_at=NOON)
    for back in (0, 60, 180):
        Pulse.objects.create(source=source, minute=NOON - timedelta(minutes=back), stored=1)

    def late(minutes_back: int) -> int | None:
        then = NOON - timedelta(minutes=minutes_back)
        found = source_health(desk.operator, then, then, 5)
        return len(found.late) if found and found.all else None

    # It may be silent for twenty minutes.
    assert [late(back) for back in (0, 30, 50, 170, 190)] == [0, 1, 0, 0, None]


@pytest.mark.parametrize("asked", ["0001-01-01", "9999-12-31T23:59:59-12:00", "1999-12-31", "hôm qua"])
def test_an_instant_nobody_can_mean_is_answered_with_a_sentence(browser: Client, asked: str) -> None:
    answer = browser.get("/", {"as_of": asked})
    assert answer.status_code == 200
    assert "Không hiểu thời điểm" in answer.content.decode()
    assert browser.get("/vi-sao/", {"series": "1", "at": asked}).status_code == 404


def test_links_of_a_past_page_ask_about_the_same_instant(desk: Desk, browser: Client) -> None:
    from haidang.engine.boards.stations import Value, trends
    from haidang.engine.boards.test_stations import value

    then = NOON - timedelta(hours=1)
    asked: Value = value(desk.series.pk, 1)
    (trend,) = trends([[asked]], "24h", Look.at(then, desk.operator))
    assert "as_of=2026-11-21T04" in trend.table_url
    (trend,) = trends([[asked]], "24h", Look.at(None, desk.operator))
    assert "as_of" not in trend.table_url
