"""What cannot be traced is said in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import click
import pytest

from haidang.config.tracing import steps
from haidang.engine import clock
from haidang.engine.alarms.models import Alarm
from haidang.engine.assets.models import Asset
from haidang.engine.incidents import actions as incidents
from haidang.engine.indicators.models import Figure
from haidang.engine.ingest.conftest import Sender, reading
from haidang.engine.ingest.conftest import sender as sender  # noqa: PLC0414 - the fixture of the stage before
from haidang.engine.people.models import Grant, Person, Role
from haidang.engine.store.models import Delivery, Observation

AQI = "environment.aqi_hour"


@pytest.fixture
def hand() -> Iterator[list[float]]:
    """A clock set by hand: the test moves its only entry."""
    at = [0.0]
    clock.set_source(lambda: at[0])
    yield at
    clock.set_source(None)


def test_an_alarm_on_a_figure_is_walked_to_the_lines_of_that_version(
    sender: Sender, hand: list[float]
) -> None:
    def send(stamp: str, value: float, now: str) -> Delivery:
        hand[0] = datetime.fromisoformat(f"2026-11-20T{now}+07:00").timestamp()
        sender.conductor.close_hours()
        at = f"2026-11-20T{stamp}:00+07:00"
        return sender.send({"station": "KK-1", "readings": [reading("PM2.5", value, at)]})

    send("09:00", 31.2, "09:00:01")
    high = send("10:00", 210.5, "10:00:01")
    send("11:00", 31.2, "11:00:01")
    ten = datetime.fromisoformat("2026-11-20T10:00:00+07:00")
    judged = Figure.objects.get(indicator=AQI, at=ten, superseded=None)
    station = Asset.objects.get(code="KK-1")
    alarm = Alarm.objects.create(
        rule="environment.aqi", rule_sha256="0" * 64, domain="environment", subject=f"asset:{station.pk}", asset=station,
        priority=2, title_vi="Không khí xấu", indicator=AQI, value=judged.value, at=ten, raised_at=ten, epoch=judged.epoch,
    )  # fmt: skip
    correction = send("10:00", 12.5, "11:20:00")
    send("12:00", 31.2, "12:00:01")

    def told(found: list[dict[str, object]]) -> tuple[str, set[object]]:
        (shown,) = [str(one["text"]) for one in found if one["what"] == "figure"]
        return shown, {one["value"] for one in found if one["what"] == "reading"}

    then, lines = told(steps(f"alarm:{alarm.pk}", None, None))
    now, corrected = told(steps(AQI, "KK-1", ten))
    assert 210.5 in lines
    assert 12.5 not in lines
    assert 12.5 in corrected
    assert 210.5 not in corrected
    assert then != now
    # Also those the rules themselves raised; the correction came after what was judged.
    assert ids_of(high, "alarm") == {str(one) for one in Alarm.objects.values_list("pk", flat=True)}
    assert str(alarm.pk) not in ids_of(correction, "alarm")


def ids_of(delivery: Delivery, what: str) -> set[object]:
    return {one["id"] for one in steps(f"delivery:{delivery.pk}", None, None) if one["what"] == what}


def what_of(named: str) -> list[object]:
    return [one["what"] for one in steps(named, None, None)]


def test_a_delivery_is_walked_on_to_its_alarms_and_what_was_done(sender: Sender) -> None:
    at = clock.now().replace(microsecond=0) - timedelta(minutes=5)
    body = {
        "station": "KK-1",
        "readings": [reading("PM10", 310.5, at.isoformat()), reading("PM2.5", 8.0, at.isoformat())],
    }
    made = sender.send(body)
    seen = Observation.objects.get(series__parameter="PM10")
    calm = Observation.objects.get(series__parameter="PM2.5")
    station = Asset.objects.get(code="KK-1")
    alarm = Alarm.objects.create(
        rule="environment.pm10", rule_sha256="0" * 64, domain="environment", subject=f"asset:{station.pk}", asset=station,
        series_id=seen.series_id, priority=2, title_vi="Bụi cao", parameter="PM10", value=310.5, at=seen.at,
        raised_at=clock.now(), epoch=seen.epoch,
    )  # fmt: skip
    operator = Person.objects.create(email="an@tinh.invalid", name="Lê Ẩn")
    Grant.objects.create(person=operator, role=Role.OPERATOR)
    incidents.open_from_alarm(alarm=alarm, by=operator)
    whole = steps(f"delivery:{made.pk}", None, None)
    assert [(one["what"], one["depth"]) for one in whole] == [("delivery", 0), ("alarm", 1), ("incident", 2)]
    assert what_of(f"delivery:{made.pk}/{seen.ordinal}") == ["delivery", "alarm", "incident"]
    if calm.ordinal != seen.ordinal:
        assert what_of(f"delivery:{made.pk}/{calm.ordinal}") == ["delivery"]
    (beyond,) = steps(f"delivery:{made.pk}/7", None, None)
    assert "không có bản ghi 7" in str(beyond["text"])
    assert "nội dung gốc" not in str(beyond["text"])


@pytest.mark.parametrize("what", ["delivery:abc", "delivery:", "delivery:1/x", "delivery:-1", "delivery:²"])
def test_a_delivery_that_is_no_number_is_answered_with_how_to_write_one(what: str) -> None:
    with pytest.raises(click.ClickException, match="write delivery:17"):
        steps(what, None, None)


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["delivery:999999999", "delivery:" + "9" * 40, "order:abc", "alarm:²"])
def test_what_does_not_exist_is_said_to_be_missing(what: str) -> None:
    with pytest.raises(click.ClickException, match="does not exist"):
        steps(what, None, None)
