"""What the MQTT door does with a message it cannot take; no broker is needed for that."""

from __future__ import annotations

from pathlib import Path

import paho.mqtt.client as paho
import pytest

from haidang.engine.connectors import mqtt as module
from haidang.engine.connectors.arrival import Arrival, Receipt, Refused, Turned
from haidang.engine.connectors.counting import RECORDS
from haidang.engine.connectors.files import FileStore
from haidang.engine.connectors.mqtt import MqttDoor
from haidang.engine.connectors.roster import Content, Roster, Way

TOPIC = "sources/environment/station_readings/D1"


class Bench:
    """A door with lists around it."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.turned: list[Turned] = []
        self.arrivals: list[Arrival] = []
        self.acknowledged: list[int] = []
        roster, store = Roster(folder), FileStore(folder / "files")
        ways = [
            Way(address="environment.station_readings", doors=["mqtt"]),
            Way(address="environment.air_station_files", doors=["ftp"]),
        ]
        roster.write(Content(sources=ways))
        store.prepare()
        self.door = MqttDoor(
            "mqtt://127.0.0.1:1", accept=self.accept, turn_away=self.turned.append, roster=roster, store=store,
            client_id="bench",
        )  # fmt: skip
        monkeypatch.setattr(self.door._client, "ack", lambda mid, _qos: self.acknowledged.append(mid))

    async def accept(self, arrival: Arrival) -> Receipt:
        if arrival.body == b"fault":
            raise ZeroDivisionError
        if arrival.body == b"late":
            raise Refused("wire_unreachable")
        self.arrivals.append(arrival)
        return Receipt(seq=1, part=0)

    async def take(self, mid: int, payload: bytes, topic: str | bytes = TOPIC) -> None:
        message = paho.MQTTMessage(mid, topic.encode() if isinstance(topic, str) else topic)
        message.payload, message.qos = payload, 1
        await self.door._take(message, 0, 0.0)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(tmp_path, monkeypatch)


async def test_a_fault_is_told_counted_and_not_acknowledged(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    await bench.take(1, b"fault")
    await bench.take(2, b"{}")
    assert bench.acknowledged == [2]
    assert [(turned.reason, turned.source, turned.name) for turned in bench.turned] == [
        ("door_fault", "environment.station_readings", TOPIC)
    ]
    assert "ZeroDivisionError" in caplog.text


async def test_too_many_records_are_counted_and_do_not_come_again(bench: Bench) -> None:
    await bench.take(1, b"[" + b"1," * RECORDS + b"1]")
    assert bench.acknowledged == [1]
    assert [turned.reason for turned in bench.turned] == ["too_many_records"]


POISON = [
    ("sources", "wrong_topic"),
    ("sources/", "wrong_topic"),
    ("sources/environment", "wrong_topic"),
    ("sources/a b/c", "wrong_topic"),
    ("sources/a/b.c", "wrong_topic"),
    ("sources/a/>", "wrong_topic"),
    ("sources/a/" + "x" * 900, "wrong_topic"),
    ("sources/môi-trường/nguồn", "wrong_topic"),
    (b"sources/\xff/x", "wrong_topic"),
    ("sources/environment/station_readings//D1", "wrong_topic"),
    ("sources/environment/air_station_files/D1", "wrong_door"),
]


@pytest.mark.parametrize(("topic", "reason"), POISON)
async def test_a_topic_of_no_source_of_this_door_is_counted_acknowledged_and_dropped(
    bench: Bench, topic: str | bytes, reason: str
) -> None:
    await bench.take(1, b"{}", topic)
    assert (bench.acknowledged, bench.arrivals) == ([1], [])
    assert [turned.reason for turned in bench.turned] == [reason]


async def test_sources_that_do_not_exist_are_handed_on_to_be_kept_but_not_without_end(bench: Bench) -> None:
    for number in range(module._UNKNOWN_KEPT + 10):
        await bench.take(number, b"{}", f"sources/new/one{number}")
    await bench.take(99, b"{}", "sources/new/one1")
    assert len(bench.acknowledged) == module._UNKNOWN_KEPT + 11
    assert len(bench.arrivals) == module._UNKNOWN_KEPT + 1
    assert [turned.reason for turned in bench.turned] == ["unknown_source"] * 10


async def test_without_a_roster_everything_is_handed_on(bench: Bench, tmp_path: Path) -> None:
    bench.door._roster = Roster(tmp_path / "none")
    for number in range(module._UNKNOWN_KEPT + 10):
        await bench.take(number, b"{}", f"sources/new/one{number}")
    assert len(bench.arrivals) == module._UNKNOWN_KEPT + 10


async def test_what_the_stream_cannot_take_now_is_not_acknowledged(bench: Bench) -> None:
    await bench.take(1, b"late")
    assert (bench.acknowledged, bench.turned) == ([], [])


@pytest.mark.parametrize(
    ("below", "stations"), [("", None), ("/D1", ["D1"]), ("/D1/pm25", ["D1"]), ("/Trạm 1", ["Trạm 1"])]
)
async def test_a_topic_below_a_station_speaks_for_that_station_only(
    bench: Bench, below: str, stations: list[str] | None
) -> None:
    await bench.take(1, b"{}", f"sources/environment/station_readings{below}")
    assert [arrival.stations for arrival in bench.arrivals] == [stations]
