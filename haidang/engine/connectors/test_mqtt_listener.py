"""The MQTT door, met over a socket: real clients for what clients do, bytes of our own for what they must not."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import bcrypt
import paho.mqtt.client as paho
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt.enums import CallbackAPIVersion

from haidang.engine.connectors import mqtt_packets as packets
from haidang.engine.connectors import mqtt_station as module
from haidang.engine.connectors.arrival import Arrival, Receipt, Refused, Turned
from haidang.engine.connectors.files import FileStore
from haidang.engine.connectors.mqtt_listener import MqttListener
from haidang.engine.connectors.mqtt_lobby import Limits
from haidang.engine.connectors.mqtt_station import UNDER_WAY, UNDER_WAY_BYTES, Station
from haidang.engine.connectors.roster import Content, Pass, Roster, Way

SOURCE = "environment.station_readings"
TOPIC = "sources/environment/station_readings"
PASSWORD = "mat-khau-tram"


def a_pass(user: str, source: str = SOURCE, stations: list[str] | None = None) -> Pass:
    secret = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    return Pass(user=user, source=source, password_hash=secret, key_sha256=user, stations=stations)


class Door:
    """A listening door with lists around it; `hold` keeps what comes from being durable."""

    def __init__(self, folder: Path) -> None:
        self.roster, store = Roster(folder), FileStore(folder / "files")
        store.prepare()
        self.content = Content(
            sources=[
                Way(address=SOURCE, doors=["mqtt", "push"]),
                Way(address="environment.air_station_files", format="lines", doors=["ftp"]),
            ],
            credentials=[
                a_pass("all"),
                a_pass("one", stations=["D1"]),
                a_pass("files", source="environment.air_station_files"),
            ],
        )
        self.roster.write(self.content)
        self.arrivals: list[Arrival] = []
        self.turned: list[Turned] = []
        self.hold: asyncio.Event | None = None
        self.window_is_full = asyncio.Event()
        self.refusal = self.trouble = ""
        self.listener = MqttListener(
            accept=self.accept,
            turn_away=self.turned.append,
            roster=self.roster,
            store=store,
            ready=lambda: self.trouble,
            bind="127.0.0.1",
            port=0,
        )

    async def accept(self, arrival: Arrival) -> Receipt:
        self.arrivals.append(arrival)
        if len(self.arrivals) >= UNDER_WAY:
            self.window_is_full.set()
        if self.hold:
            await self.hold.wait()
        if self.refusal:
            raise Refused(self.refusal)
        return Receipt(seq=len(self.arrivals), part=0)


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    made = Door(tmp_path)
    running = asyncio.create_task(made.listener.run())
    await made.listener.opened.wait()
    yield made
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


class Wire:
    """A client that sends what it is told and shows what comes back."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def answer(self, length: int) -> bytes:
        async with asyncio.timeout(10):
            return await self.reader.readexactly(length)

    async def is_closed(self) -> bool:
        async with asyncio.timeout(10):
            return await self.reader.read(1) == b""


def text(value: str) -> bytes:
    return len(value.encode()).to_bytes(2) + value.encode()


def packet(first: int, body: bytes) -> bytes:
    length, head = len(body), bytearray([first])
    while True:
        length, byte = length >> 7, length & 0x7F
        head.append(byte | (0x80 if length else 0))
        if not length:
            return bytes(head) + body


def connect(
    user: str, password: str = PASSWORD, *, level: int = 4, client: str = "c", clean: bool = True
) -> bytes:
    flags = 0xC0 | (2 if clean else 0)
    body = (
        text("MQTT") + bytes([level, flags]) + (60).to_bytes(2) + text(client) + text(user) + text(password)
    )
    return packet(0x10, body)


def publish(mid: int, payload: bytes = b"{}", topic: str = TOPIC, qos: int = 1) -> bytes:
    return packet(0x30 | qos << 1, text(topic) + (mid.to_bytes(2) if qos else b"") + payload)


@pytest.fixture
async def dial(door: Door) -> AsyncIterator[Callable[[bytes], object]]:
    opened: list[asyncio.StreamWriter] = []

    async def dialled(first: bytes) -> Wire:
        reader, writer = await asyncio.open_connection("127.0.0.1", door.listener.port)
        opened.append(writer)
        writer.write(first)
        return Wire(reader, writer)

    yield dialled
    for writer in opened:
        writer.close()
    await asyncio.gather(*(writer.wait_closed() for writer in opened), return_exceptions=True)


def paho_sends(port: int, qos: int) -> None:
    client = paho.Client(CallbackAPIVersion.VERSION2, "tram-1")
    client.username_pw_set("all", PASSWORD)
    client.connect("127.0.0.1", port)
    client.loop_start()
    for number in range(20):
        client.publish(TOPIC, f'{{"n": {number}}}', qos=qos).wait_for_publish(60)
    client.disconnect()
    client.loop_stop()


@pytest.mark.parametrize("qos", [1, 2])
async def test_a_real_client_is_acknowledged_at_both_levels_and_nothing_is_taken_twice(
    door: Door, qos: int
) -> None:
    await asyncio.to_thread(paho_sends, door.listener.port, qos)
    assert [arrival.body for arrival in door.arrivals] == [b'{"n": %d}' % number for number in range(20)]
    assert {(a.credential, a.source, a.door, a.stations) for a in door.arrivals} == {
        ("all", SOURCE, "mqtt", None)
    }


async def test_a_message_is_acknowledged_only_when_it_is_durable_and_in_order(door: Door, dial) -> None:  # type: ignore[no-untyped-def]
    door.hold = asyncio.Event()
    wire = await dial(connect("all") + publish(1) + publish(2, topic="sources/else/where") + publish(3))
    assert await wire.answer(4) == packets.connack(packets.ACCEPTED)
    wire.writer.write(packet(0xC0, b""))
    # Only the ping is answered: message 2 is done, but 1 stands before it.
    assert await wire.answer(2) == packets.PINGRESP
    door.hold.set()
    assert await wire.answer(12) == packets.puback(1) + packets.puback(2) + packets.puback(3)
    assert [turned.reason for turned in door.turned] == ["wrong_topic"]


@pytest.mark.parametrize("reason", ["wire_unreachable", "disk_full", "door_busy"])
async def test_what_cannot_be_kept_is_not_acknowledged_and_the_connection_ends(
    door: Door, dial, reason: str
) -> None:  # type: ignore[no-untyped-def]
    door.refusal = reason
    wire = await dial(connect("all") + publish(1))
    assert await wire.answer(4) == packets.connack(packets.ACCEPTED)
    assert await wire.is_closed()
    assert [turned.reason for turned in door.turned] == [reason]


async def test_a_key_of_all_stations_speaks_below_a_name_for_that_one_only(door: Door, dial) -> None:  # type: ignore[no-untyped-def]
    wire = await dial(connect("all") + publish(1, topic=f"{TOPIC}/D2/pm25") + publish(2))
    await wire.reader.readexactly(4 + 4 + 4)
    assert [arrival.stations for arrival in door.arrivals] == [["D2"], None]


async def test_a_key_of_some_stations_speaks_only_below_their_names(door: Door, dial) -> None:  # type: ignore[no-untyped-def]
    wire = await dial(
        connect("one")
        + publish(1, topic=f"{TOPIC}/D1")
        + publish(2, topic=f"{TOPIC}/D2")
        + publish(3, topic=TOPIC)
    )
    assert await wire.answer(16) == packets.connack(0) + b"".join(packets.puback(mid) for mid in (1, 2, 3))
    assert [arrival.stations for arrival in door.arrivals] == [["D1"]]
    assert [(turned.reason, turned.user) for turned in door.turned] == [("wrong_topic", "one")] * 2


@pytest.mark.parametrize(
    ("first", "code", "reason"),
    [
        (connect("all", "sai"), packets.BAD_LOGIN, "wrong_login"),
        (connect("nobody"), packets.BAD_LOGIN, "wrong_login"),
        (connect("files"), packets.NOT_ALLOWED, "wrong_door"),
        (connect("all", level=5), packets.BAD_VERSION, "mqtt_version"),
    ],
)
async def test_who_may_not_come_in_is_told_and_counted(
    door: Door, dial, monkeypatch: pytest.MonkeyPatch, first: bytes, code: int, reason: str
) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(module, "_WRONG_LOGIN_PAUSE_S", 0)
    wire = await dial(first)
    assert await wire.answer(4) == packets.connack(code)
    assert await wire.is_closed()
    assert [turned.reason for turned in door.turned] == [reason]


async def test_while_nothing_can_be_kept_a_station_is_told_to_come_back(door: Door, dial) -> None:  # type: ignore[no-untyped-def]
    door.trouble = "the stream is not reachable"
    wire = await dial(connect("all"))
    assert await wire.answer(4) == packets.connack(packets.UNAVAILABLE)
    assert await wire.is_closed()


async def test_a_revoked_key_is_out_with_its_next_message(door: Door, dial) -> None:  # type: ignore[no-untyped-def]
    wire = await dial(connect("all") + publish(1))
    assert await wire.answer(8) == packets.connack(0) + packets.puback(1)
    door.content.credentials = [one for one in door.content.credentials if one.user != "all"]
    door.roster.write(door.content)
    wire.writer.write(publish(2))
    assert await wire.is_closed()
    assert len(door.arrivals) == 1


async def test_nobody_listens_here(door: Door, dial) -> None:  # type: ignore[no-untyped-def]
    wire = await dial(
        connect("all") + packet(0x82, b"\x00\x07" + text("sources/#") + b"\x01" + text("#") + b"\x00")
    )
    assert await wire.answer(10) == packets.connack(0) + b"\x90\x04\x00\x07\x80\x80"


async def test_a_second_connection_of_a_station_takes_the_place_of_the_first(door: Door, dial) -> None:  # type: ignore[no-untyped-def]
    first = await dial(connect("all", client="tram"))
    await first.answer(4)
    second = await dial(connect("all", client="tram"))
    await second.answer(4)
    assert await first.is_closed()
    second.writer.write(publish(1))
    assert await second.answer(4) == packets.puback(1)


async def test_a_sender_that_does_not_wait_is_read_no_further_than_a_window(door: Door, dial) -> None:  # type: ignore[no-untyped-def]
    door.hold = asyncio.Event()
    many = 3000
    wire = await dial(connect("all"))
    await wire.answer(4)
    for mid in range(1, many + 1):
        wire.writer.write(publish(mid, b"{" + b" " * 4000 + b"}"))
    await door.window_is_full.wait()
    other = await dial(connect("one", client="other"))
    await other.answer(4)
    assert len(door.arrivals) == UNDER_WAY
    door.hold.set()
    assert await wire.answer(4 * many) == b"".join(map(packets.puback, range(1, many + 1)))
    assert len(door.arrivals) == many


async def test_large_messages_fill_the_window_by_their_bytes(door: Door, dial) -> None:  # type: ignore[no-untyped-def]
    door.hold = asyncio.Event()
    body = b"{" + b" " * 250_000 + b"}"
    window, many = UNDER_WAY_BYTES // len(body) + 1, 40
    wire = await dial(connect("all") + b"".join(publish(mid, body) for mid in range(1, many + 1)))
    await wire.answer(4)
    await until(lambda: len(door.arrivals) >= window)
    other = await dial(connect("one", client="other"))
    await other.answer(4)
    assert len(door.arrivals) == window
    door.hold.set()
    assert await wire.answer(4 * many) == b"".join(map(packets.puback, range(1, many + 1)))


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 - a protocol tells nobody
            await asyncio.sleep(0)


@pytest.fixture
async def deaf(door: Door) -> AsyncIterator[tuple[Wire, Station]]:
    """A station whose line holds little, and that asks much without listening: until nothing more is read from it."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.connect(("127.0.0.1", door.listener.port))
    line.setblocking(False)
    reader, writer = await asyncio.open_connection(sock=line, limit=1)
    wire = Wire(reader, writer)
    writer.write(connect("all"))
    await wire.answer(4)
    station = next(iter(door.listener.lobby.open))
    station._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    writer.write(packet(0xC0, b"") * MANY_PINGS)
    await until(lambda: station._is_paused)
    yield wire, station
    writer.close()
    await asyncio.gather(writer.wait_closed(), return_exceptions=True)


MANY_PINGS = 400_000


async def test_who_takes_no_answers_is_read_no_further_and_gets_all_of_them_later(
    deaf: tuple[Wire, Station],
) -> None:
    wire, station = deaf
    # What is read in one piece is answered in one piece.
    assert station._transport.get_write_buffer_size() < 2 * (256 << 10)
    assert await wire.answer(2 * MANY_PINGS) == packets.PINGRESP * MANY_PINGS


async def test_who_takes_no_answers_cannot_keep_a_connection_from_ending(
    door: Door, deaf: tuple[Wire, Station], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, station = deaf
    monkeypatch.setattr(module, "CLOSE_WITHIN_S", 0)
    station.end()
    await until(lambda: not door.listener.lobby.open)


async def test_one_connection_too_many_is_turned_away_and_counted(door: Door, dial) -> None:  # type: ignore[no-untyped-def]
    door.listener.lobby.limits = Limits(connections=1)
    await (await dial(connect("all"))).answer(4)
    late = await dial(b"")
    with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
        await late.answer(1)
    assert [turned.reason for turned in door.turned] == ["door_busy"]


async def test_a_stranger_has_no_room_for_more_than_a_name(door: Door, dial) -> None:  # type: ignore[no-untyped-def]
    wire = await dial(connect("all", "x" * 20_000)[:64])
    assert await wire.is_closed()
    assert [turned.reason for turned in door.turned] == ["too_large"]


async def test_while_keys_cannot_be_read_a_station_is_told_to_come_back(door: Door, dial) -> None:  # type: ignore[no-untyped-def]
    door.roster.path.write_text("{")
    wire = await dial(connect("all"))
    assert await wire.answer(4) == packets.connack(packets.UNAVAILABLE)
    assert await wire.is_closed()
    assert [turned.reason for turned in door.turned] == ["door_fault"]


async def test_a_message_no_stream_can_hold_is_counted_and_does_not_come_again(door: Door, dial) -> None:  # type: ignore[no-untyped-def]
    door.refusal = "too_large"
    wire = await dial(connect("all") + publish(1))
    assert await wire.answer(8) == packets.connack(0) + packets.puback(1)
    assert [turned.reason for turned in door.turned] == ["too_large"]


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        connect("all") + b"\x30\xff\xff\xff\xff\x7f",
        connect("all") + packet(0x32, text("sources/#") + b"\x00\x01{}"),
        connect("all") + packet(0x32, b"\x00\xff" + b"x"),
        connect("all") + packet(0x36, text(TOPIC) + b"\x00\x01{}"),
        connect("all") + connect("all"),
        connect("all") + packet(0x32, b"\x00\x02\xff\xfe\x00\x01{}"),
        # Reserved bits of the first byte: DUP, QoS and RETAIN where they mean nothing, and their want where they must be.
        b"\x11" + connect("all")[1:],
        connect("all") + packet(0x80, b"\x00\x07" + text("#") + b"\x01"),
        connect("all") + packet(0x8A, b"\x00\x07" + text("#") + b"\x01"),
        connect("all") + packet(0xA0, b"\x00\x07" + text("#")),
        connect("all") + packet(0x60, b"\x00\x07"),
        connect("all") + packet(0xC1, b""),
        connect("all") + packet(0xE8, b""),
    ],
)
async def test_what_is_not_mqtt_ends_the_connection_and_harms_no_other(door: Door, dial, sent: bytes) -> None:  # type: ignore[no-untyped-def]
    other = await dial(connect("one", client="other"))
    await other.answer(4)
    broken = await dial(sent)
    async with asyncio.timeout(10):
        await broken.reader.read()
    assert "broken_request" in [turned.reason for turned in door.turned] or "too_large" in [
        turned.reason for turned in door.turned
    ]
    other.writer.write(publish(9, topic=f"{TOPIC}/D1"))
    assert await other.answer(4) == packets.puback(9)


async def test_an_old_logger_may_set_the_bits_its_version_left_open(door: Door, dial) -> None:  # type: ignore[no-untyped-def]
    body = text("MQIsdp") + b"\x03\xc2\x00\x3c" + text("old") + text("all") + text(PASSWORD)
    wire = await dial(packet(0x19, body) + publish(1, qos=2) + packet(0x6A, b"\x00\x01") + packet(0xC9, b""))
    answers = packets.connack(0) + packets.PINGRESP
    assert sorted(await wire.answer(14)) == sorted(answers + packets.pubrec(1) + packets.pubcomp(1))


async def test_a_silent_stranger_makes_room_for_a_station_and_no_station_for_a_stranger(
    door: Door, dial
) -> None:  # type: ignore[no-untyped-def]
    door.listener.lobby.limits = Limits(strangers_of_address=2)
    known = await dial(connect("all"))
    await known.answer(4)
    strangers = [await dial(b"")]
    await until(lambda: len(door.listener.lobby.open) == 2)
    strangers.append(await dial(b""))
    await until(lambda: len(door.listener.lobby.open) == 3)
    strangers.append(await dial(connect("one", client="third")[:1]))
    await until(lambda: door.turned)
    station = await dial(connect("one", client="other"))
    assert await station.answer(4) == packets.connack(packets.ACCEPTED)
    assert [await gone(stranger) for stranger in strangers[:2]] == [True, True]
    assert {(turned.reason, turned.name) for turned in door.turned} == {("door_busy", "127.0.0.1")}
    strangers[2].writer.write(connect("one", client="third")[1:])
    known.writer.write(publish(1))
    assert await known.answer(4) == packets.puback(1)


async def gone(wire: Wire) -> bool:
    """Was it cut, with or without a word?"""
    try:
        return await wire.is_closed()
    except ConnectionResetError:
        return True


async def test_one_address_holds_no_more_than_its_share(door: Door, dial) -> None:  # type: ignore[no-untyped-def]
    door.listener.lobby.limits = Limits(of_address=2)
    stations = [await dial(connect("all", client=name)) for name in "ab"]
    for station in stations:
        await station.answer(4)
    assert await gone(await dial(connect("all", client="c")))
    assert [(turned.reason, turned.name) for turned in door.turned] == [("address_full", "127.0.0.1")]
    stations[0].writer.close()
    await until(lambda: len(door.listener.lobby.open) == 1)
    late = await dial(connect("all", client="c"))
    assert await late.answer(4) == packets.connack(packets.ACCEPTED)


@given(st.lists(st.binary(max_size=200), max_size=8))
def test_any_bytes_give_packets_or_are_broken(pieces: list[bytes]) -> None:
    reader = packets.Reader(1000)
    whole = packets.Reader(1000)
    whole.feed(b"".join(pieces))

    def drained(source: packets.Reader) -> list[packets.Packet]:
        found = []
        try:
            while (one := source.next()) is not None:
                found.append(one)
        except packets.Broken:
            found.append(packets.Packet(0, 0, b"broken"))
        return found

    found: list[packets.Packet] = []
    for piece in pieces:
        reader.feed(piece)
        found += drained(reader)
        if found and found[-1].body == b"broken":
            break
    expected = drained(whole)
    assert [p.kind for p in found] == [p.kind for p in expected]
