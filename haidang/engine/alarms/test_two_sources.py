"""Rules judge series and alarms are kept for stations: two sources of one station share one alarm."""

from __future__ import annotations

import pytest

from haidang.engine import clock
from haidang.engine.alarms import actions
from haidang.engine.alarms.conftest import HIGH, Desk, browser
from haidang.engine.alarms.ending import endings
from haidang.engine.alarms.models import Alarm, Event
from haidang.engine.rules import evaluation
from haidang.engine.rules.evaluation import Evaluator
from haidang.engine.rules.memory import Memory
from haidang.engine.rules.trial import Store, batch_of
from haidang.engine.store.models import Series, Source


class Feed:
    """Two sources of the desk's station in front of an evaluator with its real memory."""

    def __init__(self, desk: Desk) -> None:
        source = Source.objects.create(
            address="environment.second", domain="environment", title="Nguồn thứ hai", every_s=300,
            silent_after_s=1200,
        )  # fmt: skip
        self.a = desk.series.pk
        self.b = Series.objects.create(
            source=source, asset=desk.station, parameter="PM2.5", unit="µg/m3", every_s=300
        ).pk
        self.store = Store()
        self.evaluator = Evaluator(evaluation.evaluator().book, Memory(), history=self.store.history)

    def send(self, series: int, value: float, ago_min: float) -> None:
        """One reading of so many minutes ago, stored, judged and applied as one batch."""
        now_us = round(clock.timestamp() * 1e6)
        at_us = now_us - round(ago_min * 60e6)
        self.store.put(f"series:{series}", at_us, value, 0)
        actions.apply(self.evaluator.evaluate(batch_of([(series, at_us, value, 0, False)], now_us)), 1)


@pytest.fixture
def feed(desk: Desk) -> Feed:
    return Feed(desk)


def kinds(rule: str = HIGH) -> list[str]:
    return list(Event.objects.filter(rule=rule).order_by("pk").values_list("kind", flat=True))


def test_an_alarm_returns_when_the_last_source_that_holds_it_has_ended(desk: Desk, feed: Feed) -> None:
    feed.send(feed.a, 171, 28)
    feed.send(feed.b, 180, 27)
    for ago_min in (25, 9):
        feed.send(feed.a, 20, ago_min)
    alarm = desk.open()
    assert (alarm.state, alarm.held_by) == ("unacked", [f"series:{feed.b}"])
    for ago_min in (24, 5):
        feed.send(feed.b, 20, ago_min)
    assert desk.open().state == "returned"
    assert kinds() == ["raised", "joined", "left", "returned"]
    assert Alarm.objects.filter(rule=HIGH).count() == 1


@pytest.mark.parametrize("scope", ["station", "everywhere"])
def test_what_began_while_its_rule_was_out_of_service_raises_when_it_is_put_back(
    desk: Desk, feed: Feed, scope: str
) -> None:
    subject = f"asset:{desk.station.pk}" if scope == "station" else ""
    entry = actions.take_out_of_service(rule=HIGH, subject=subject, by=desk.operator, reason="bảo trì")
    feed.send(feed.a, 171, 28)
    feed.send(feed.b, 180, 27)
    for ago_min in (25, 9):
        feed.send(feed.b, 20, ago_min)
    assert not Alarm.objects.exists()
    actions.put_into_service(entry=entry, by=desk.operator)
    alarm = desk.open()
    assert (alarm.state, alarm.value, alarm.held_by) == ("unacked", 171.0, [f"series:{feed.a}"])
    feed.send(feed.a, 190, 8)
    assert kinds() == ["silenced", "silenced", "raised"]
    for ago_min in (7, 0):
        feed.send(feed.a, 20, ago_min)
    feed.send(feed.a, 20, -9)
    assert desk.open().state == "returned"


def test_an_alarm_that_stood_before_is_not_raised_twice(desk: Desk, feed: Feed) -> None:
    feed.send(feed.a, 171, 28)
    entry = actions.take_out_of_service(rule=HIGH, subject="", by=desk.operator, reason="bảo trì")
    actions.put_into_service(entry=entry, by=desk.operator)
    assert (desk.open().raises, kinds()) == (1, ["raised"])


def waiting(desk: Desk) -> str:
    return endings([desk.open()])[desk.open().pk].kind


def test_an_alarm_says_what_it_waits_for_before_it_ends(desk: Desk, feed: Feed) -> None:
    feed.send(feed.a, 171, 28)
    assert waiting(desk) == "beyond"
    feed.send(feed.a, 130, 20)  # below the limit of 150, above the 120 that ends it
    assert waiting(desk) == "near"
    feed.send(feed.a, 40, 10)
    feed.send(feed.a, 40, 5)
    alarm = desk.open()
    found = endings([alarm])[alarm.pk]
    assert (found.kind, found.wait_s, found.is_within) == ("quiet", 900, True)
    assert found.since is not None
    assert round((clock.now() - found.since).total_seconds() / 60) == 10


def test_a_second_source_that_is_still_beyond_is_what_counts(desk: Desk, feed: Feed) -> None:
    feed.send(feed.a, 171, 28)
    feed.send(feed.b, 180, 27)
    feed.send(feed.a, 40, 10)
    assert waiting(desk) == "beyond"
    feed.send(feed.b, 40, 9)
    assert waiting(desk) == "quiet"


def test_of_silence_and_of_what_no_machine_holds_nothing_is_claimed(desk: Desk) -> None:
    desk.hear(desk.judge("raise"))
    assert waiting(desk) == "unknown"


def test_its_page_does_not_call_beyond_what_is_back_within_the_limit(desk: Desk, feed: Feed) -> None:
    feed.send(feed.a, 171, 28)
    url, client = desk.open().get_absolute_url(), browser(desk.operator)
    assert "vẫn vượt" in client.get(url).content.decode()
    feed.send(feed.a, 40, 10)
    page = client.get(url).content.decode()
    assert "vẫn vượt" not in page
    assert "chờ đủ 15 phút" in page
