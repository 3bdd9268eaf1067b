"""Packing, bounds and counting of the publisher; NATS itself is met in tests/."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import msgspec
import nats.errors
import pytest

from haidang.engine.connectors.arrival import Arrival, Refused, Turned
from haidang.engine.wire import publisher as module
from haidang.engine.wire.envelope import Envelope, decode, decode_turnings, encode
from haidang.engine.wire.publisher import Publisher


class _Stream:
    """The two calls of the client that the publisher makes, with a gate in the way."""

    is_connected = True

    def __init__(self) -> None:
        self.stats = {"reconnects": 0}
        self.messages: list[tuple[str, bytes]] = []
        self.poison = b""
        self.gate = asyncio.Event()
        self.gate.set()

    def jetstream(self, **_: Any) -> _Stream:
        return self

    async def publish(self, subject: str, payload: bytes, **_: Any) -> SimpleNamespace:
        await self.gate.wait()
        if self.poison and self.poison in payload:
            raise ZeroDivisionError
        if len(payload) > 1_048_576:
            raise nats.errors.MaxPayloadError
        self.messages.append((subject, payload))
        return SimpleNamespace(seq=len(self.messages))


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> _Stream:
    async def ready(_: Any) -> int:
        return 1

    monkeypatch.setattr(module.stream, "ensure", ready)
    return _Stream()


def _arrival(source: str = "a.b", size: int = 10) -> Arrival:
    return Arrival(source=source, door="push", received_at=0, credential="", body=b"x" * size, size=size)


async def test_what_waits_while_a_message_is_written_travels_together(stream: _Stream) -> None:
    publisher = Publisher(stream)
    stream.gate.clear()
    first = asyncio.create_task(publisher.accept(_arrival()))
    await asyncio.sleep(0.01)
    others = [asyncio.create_task(publisher.accept(_arrival())) for _ in range(50)]
    await asyncio.sleep(0.01)
    stream.gate.set()
    assert (await first).seq == 1
    receipts = await asyncio.gather(*others)
    assert [(receipt.seq, receipt.part) for receipt in receipts] == [(2, part) for part in range(50)]
    assert [len(decode(payload).arrivals) for _, payload in stream.messages] == [1, 50]


async def test_sources_do_not_share_a_message_and_large_ones_are_divided(stream: _Stream) -> None:
    publisher = Publisher(stream)
    await asyncio.gather(
        *(publisher.accept(_arrival("a.b", 200_000)) for _ in range(5)), publisher.accept(_arrival("c.d"))
    )
    assert {subject for subject, _ in stream.messages} == {"wire.in.0.a.b", "wire.in.0.c.d"}
    assert max(len(payload) for _, payload in stream.messages) < module.BATCH_BYTES + 1000


async def test_history_travels_alone_and_does_not_hold_back_what_came_beside_it(stream: _Stream) -> None:
    publisher = Publisher(stream)
    stream.gate.clear()
    sizes = [1, 700, 700, 700, module.BULK_RECORDS + 1, 1, 1]
    tasks = []
    for records in sizes:
        arrival = msgspec.structs.replace(_arrival(), records=records)
        tasks.append(asyncio.create_task(publisher.accept(arrival)))
        await asyncio.sleep(0.01)
    stream.gate.set()
    await asyncio.gather(*tasks)
    found = [
        (subject, [one.records for one in decode(payload).arrivals]) for subject, payload in stream.messages
    ]
    live, bulk = "wire.in.0.a.b", "wire.in.1.a.b"
    assert found == [(live, [1]), (live, [700, 700, 700]), (bulk, [2_001]), (live, [1, 1])]


async def test_a_flood_of_one_source_is_refused_and_leaves_room_for_others(stream: _Stream) -> None:
    publisher = Publisher(stream)
    stream.gate.clear()
    flood = [asyncio.create_task(publisher.accept(_arrival("a.b", 250_000))) for _ in range(100)]
    await asyncio.sleep(0.05)
    full = [task for task in flood if task.done()]
    assert full
    for task in full:
        with pytest.raises(Refused, match="door_busy"):
            task.result()
    other = asyncio.create_task(publisher.accept(_arrival("c.d")))
    await asyncio.sleep(0.01)
    stream.gate.set()
    assert (await other).seq
    await asyncio.gather(*flood, return_exceptions=True)
    assert publisher.waiting_bytes == 0


async def test_without_a_connection_nothing_is_promised(stream: _Stream) -> None:
    stream.is_connected = False
    with pytest.raises(Refused, match="wire_unreachable"):
        await Publisher(stream).accept(_arrival())


async def test_what_is_turned_away_is_told_together_and_kept_while_nobody_listens(stream: _Stream) -> None:
    publisher = Publisher(stream)
    for _ in range(1000):
        publisher.turn_away(Turned(door="push", source="a.b", reason="wrong_key", user="", at=1))
    stream.is_connected = False
    await publisher.tell_turned()
    stream.is_connected = True
    await publisher.tell_turned()
    ((_, payload),) = stream.messages
    (turned,) = decode_turnings(payload).turned
    assert turned.count == 1000


async def test_guessed_names_do_not_fill_the_memory(stream: _Stream) -> None:
    publisher = Publisher(stream)
    for number in range(5000):
        publisher.turn_away(Turned(door="ftp", source="", reason="wrong_login", user=f"u{number}", at=1))
    assert len(publisher._turned) <= module._TURNED_KINDS + 1
    assert sum(turned.count for turned in publisher._turned.values()) == 5000


async def test_a_flood_of_long_names_is_told_to_the_last_one(stream: _Stream) -> None:
    publisher = Publisher(stream)
    for number in range(5000):
        name = f"{number:05}" + "ệ" * 250
        publisher.turn_away(Turned(door="mqtt", source="a.b", reason="wrong_topic", user="", name=name, at=1))
    await publisher.tell_turned()
    told = [turned for _, payload in stream.messages for turned in decode_turnings(payload).turned]
    assert sum(turned.count for turned in told) == 5000
    assert len(stream.messages) > 1
    await publisher.tell_turned()
    assert sum(len(decode_turnings(payload).turned) for _, payload in stream.messages) == len(told)


async def test_what_one_part_of_the_refusals_meets_does_not_lose_the_others(stream: _Stream) -> None:
    publisher = Publisher(stream)
    for number in range(1500):
        name = f"{number:05}" + "ệ" * 250
        publisher.turn_away(Turned(door="mqtt", source="a.b", reason="wrong_topic", user="", name=name, at=1))
    publish = stream.publish

    async def once(subject: str, payload: bytes, **more: Any) -> SimpleNamespace:
        if stream.messages:
            raise nats.errors.TimeoutError
        return await publish(subject, payload, **more)

    stream.publish = once  # type: ignore[method-assign]
    await publisher.tell_turned()
    stream.publish = publish  # type: ignore[method-assign]
    await publisher.tell_turned()
    told = [turned for _, payload in stream.messages for turned in decode_turnings(payload).turned]
    assert sorted(turned.name[:5] for turned in told) == [f"{number:05}" for number in range(1500)]


async def test_credentials_of_many_stations_and_long_names_fit_their_messages(stream: _Stream) -> None:
    publisher = Publisher(stream)
    stream.gate.clear()
    stations = [f"TRẠM-{number:04}" for number in range(1000)]
    ways: list[dict[str, Any]] = [
        {"stations": stations},
        {"name": "ệ" * 255},
        {"stations": [], "file": "f" * 64},
    ]
    arrivals = [
        msgspec.structs.replace(_arrival(), credential="c" * 60, size=1 << 40, records=1 << 30, **way)
        for way in ways
        for _ in range(300)
    ]
    for arrival in arrivals[::300]:
        assert len(encode(Envelope(arrivals=[arrival]))) <= module._weight(arrival)
    calls = [asyncio.create_task(publisher.accept(arrival)) for arrival in arrivals]
    await asyncio.sleep(0.01)
    stream.gate.set()
    await asyncio.gather(*calls)
    assert sum(len(decode(payload).arrivals) for _, payload in stream.messages) == len(arrivals)
    with pytest.raises(Refused, match="too_large"):
        await publisher.accept(msgspec.structs.replace(_arrival(), stations=stations * 100))


async def test_an_arrival_that_cannot_be_published_harms_no_other_and_nobody_waits_for_ever(
    stream: _Stream,
) -> None:
    publisher = Publisher(stream)
    stream.poison = b"poison"
    bad = msgspec.structs.replace(_arrival(), body=b"poison")
    found = await asyncio.gather(
        *(publisher.accept(arrival) for arrival in (_arrival(), bad, _arrival())), return_exceptions=True
    )
    assert [type(one).__name__ for one in found] == ["Receipt", "Refused", "Receipt"]
    assert (await publisher.accept(_arrival())).seq
    assert publisher.waiting_bytes == 0


async def test_a_door_that_closes_leaves_nobody_waiting(stream: _Stream) -> None:
    publisher = Publisher(stream)
    stream.gate.clear()
    calls = [asyncio.create_task(publisher.accept(_arrival(size=200_000))) for _ in range(10)]
    await asyncio.sleep(0.01)
    (lane,) = publisher._lanes.values()
    assert lane.task
    lane.task.cancel()
    found = await asyncio.gather(*calls, return_exceptions=True)
    assert all(isinstance(one, Refused) for one in found)


async def test_a_lane_is_given_up_when_nothing_waits_in_it(stream: _Stream) -> None:
    publisher = Publisher(stream)
    await asyncio.gather(*(publisher.accept(_arrival(f"invented.{number}")) for number in range(100)))
    await asyncio.sleep(0)
    assert not publisher._lanes
    assert (await publisher.accept(_arrival())).birth == 1
