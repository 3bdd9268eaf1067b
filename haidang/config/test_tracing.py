"""What cannot be traced is said in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import click
import pytest

from haidang.config.tracing import steps
from haidang.engine import clock
from haidang.engine.alarms.models import Alarm
from haidang.engine.assets.models import Asset
from haidang.engine.indicators.models import Figure
from haidang.engine.ingest.conftest import Sender, reading
from haidang.engine.ingest.conftest import sender as sender  # noqa: PLC0414 - the fixture of the stage before

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
    def send(stamp: str, value: float, now: str) -> None:
        hand[0] = datetime.fromisoformat(f"2026-11-20T{now}+07:00").timestamp()
        sender.conductor.close_hours()
        at = f"2026-11-20T{stamp}:00+07:00"
        sender.send({"station": "KK-1", "readings": [reading("PM2.5", value, at)]})

    send("09:00", 31.2, "09:00:01")
    send("10:00", 210.5, "10:00:01")
    send("11:00", 31.2, "11:00:01")
    ten = datetime.fromisoformat("2026-11-20T10:00:00+07:00")
    judged = Figure.objects.get(indicator=AQI, at=ten, superseded=None)
    station = Asset.objects.get(code="KK-1")
    alarm = Alarm.objects.create(
        rule="environment.aqi", rule_sha256="0" * 64, domain="environment", subject=f"asset:{station.pk}", asset=station,
        priority=2, title_vi="Không khí xấu", indicator=AQI, value=judged.value, at=ten, raised_at=ten, epoch=judged.epoch,
    )  # fmt: skip
    send("10:00", 12.5, "11:20:00")
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


@pytest.mark.parametrize("what", ["delivery:abc", "delivery:", "delivery:1/x", "delivery:-1", "delivery:²"])
def test_a_delivery_that_is_no_number_is_answered_with_how_to_write_one(what: str) -> None:
    with pytest.raises(click.ClickException, match="write delivery:17"):
        steps(what, None, None)


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["delivery:999999999", "delivery:" + "9" * 40, "order:abc", "alarm:²"])
def test_what_does_not_exist_is_said_to_be_missing(what: str) -> None:
    with pytest.raises(click.ClickException, match="does not exist"):
        steps(what, None, None)
