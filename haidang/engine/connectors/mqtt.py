"""The MQTT door: an ordinary client of whatever broker the province has.

The broker's PUBACK to a station waits for the disk only when a persistent QoS 1 session is subscribed, and what
that session has not acknowledged comes again. So: clean_session off, manual acknowledgement, and a message is
acknowledged only after the stream has it. paho runs in its own thread; everything else stays in the event loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import socket
import threading
from collections import deque
from typing import cast
from urllib.parse import unquote, urlsplit

import msgspec
import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from haidang.engine import clock
from haidang.engine.connectors.arrival import INLINE_BYTES, Accept, Arrival, Refused, TurnAway, Turned
from haidang.engine.connectors.counting import admit
from haidang.engine.connectors.files import FileStore
from haidang.engine.connectors.roster import Roster
from haidang.engine.crashpoint import crashpoint

log = logging.getLogger("haidang.mqtt")
TOPICS = "sources/#"
# What an address can look like; anything else could not even be a subject of the stream.
_SOURCE = re.compile(r"[a-z0-9_-]{1,50}\.[a-z0-9_-]{1,60}")
# MQTT cannot say no, and what is not acknowledged comes again for ever: these are counted and let go.
_LET_GO = frozenset({"too_many_records", "too_large", "wrong_topic", "wrong_door", "unknown_source"})
# Sources that do not exist (yet): this many are handed on, to be kept as refused and replayed when they do. More
# are inventions of somebody, and each would have its own counts for ever.
_UNKNOWN_KEPT = 50
_Came = tuple[paho.MQTTMessage, int, float]


def arrival_of(topic: str, body: bytes, at: float, roster: Roster) -> Arrival:
    """A message as an arrival; `sources/<domain>/<source>/<station>/…` says all the broker knows of it.

    Refused when the topic names no source, one without this door, or when it holds too much.
    """
    levels = topic.split("/")
    source = ".".join(levels[1:3])
    station = levels[3] if len(levels) > 3 else ""
    way = roster.way(source)
    if (way is None and not _SOURCE.fullmatch(source)) or (len(levels) > 3 and not station):
        raise Refused("wrong_topic", name=topic[:255])
    if way is not None and "mqtt" not in way.doors:
        raise Refused("wrong_door", source=source, door="mqtt", doors=", ".join(way.doors))
    form = "lines" if way and way.format == "lines" else "json"
    return Arrival(
        source=source,
        door="mqtt",
        received_at=at,
        credential="",
        # The broker does not say who published. It lets a key made for some stations speak only below their names, so
        # a message there speaks for that station and no other, whatever became of the key meanwhile.
        stations=[station] if station else None,
        name=topic[:255],
        format=form,
        body=body,
        size=len(body),
        records=admit(body, form),
    )


def _topic(message: paho.MQTTMessage) -> str:
    """As text, also when a foreign broker lets through what is none."""
    try:
        return str(message.topic)
    except UnicodeDecodeError:
        return message._topic.decode("utf-8", "replace")


class MqttDoor:
    """`run` for ever; `connected` for the health page."""

    def __init__(
        self,
        url: str,
        *,
        accept: Accept,
        turn_away: TurnAway,
        roster: Roster,
        store: FileStore,
        client_id: str,
    ) -> None:
        self._url = urlsplit(url)
        self._accept, self._turn_away = accept, turn_away
        self._roster, self._store = roster, store
        self._client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id,
            clean_session=False,
            protocol=paho.MQTTv311,
            manual_ack=True,
        )
        self._client.username_pw_set(unquote(self._url.username or ""), unquote(self._url.password or ""))
        if self._url.scheme == "mqtts":
            self._client.tls_set()
        self._client.reconnect_delay_set(1, 5)
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._client.on_message = self._on_message
        # A packet id means something only within one connection: an acknowledgement that is late by one
        # connection would confirm another message, so it must never be sent.
        self._connection = 0
        self._guard = threading.Lock()
        self._came: deque[_Came] = deque()
        self._wake = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._at_work: set[asyncio.Task[None]] = set()
        self._unknown: set[str] = set()
        self.connected = False

    async def run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._client.connect_async(self._url.hostname or "127.0.0.1", self._url.port or 1883, keepalive=20)
        self._client.loop_start()
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                while self._came:
                    task = asyncio.create_task(self._take(*self._came.popleft()))
                    self._at_work.add(task)
                    task.add_done_callback(self._at_work.discard)
        finally:
            self._client.disconnect()
            await asyncio.to_thread(self._client.loop_stop)

    # --- in paho's thread ------------------------------------------------------------------------------------

    def _on_connect(
        self, client: paho.Client, _data: object, _flags: object, reason: object, _more: object
    ) -> None:
        if reason != "Success":
            log.warning("the broker does not let us in: %s", reason)
            return
        client.subscribe(TOPICS, qos=1)
        self.connected = True

    def _on_disconnect(
        self, _client: paho.Client, _data: object, _flags: object, reason: object, _more: object
    ) -> None:
        with self._guard:
            self._connection += 1
        self.connected = False
        log.warning("connection to the broker lost: %s", reason)

    def _on_message(self, _client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        first = not self._came
        self._came.append((message, self._connection, clock.timestamp()))
        if first and self._loop:
            self._loop.call_soon_threadsafe(self._wake.set)

    # --- in the event loop -----------------------------------------------------------------------------------

    async def _take(self, message: paho.MQTTMessage, connection: int, at: float) -> None:
        if connection != self._connection:
            return  # it comes again
        try:
            await self._accept(await self._arrival(message, at))
        except Refused as refused:
            if refused.reason == "door_fault":
                self._count(refused.reason, message, at)  # as below
                return
            if refused.reason not in _LET_GO:
                self._give_back(refused, connection)
                return
            self._count(refused.reason, message, at)
        except OSError as error:
            self._give_back(Refused("disk_full", cause=str(error)), connection)
            return
        except Exception:
            # Not acknowledged: the broker keeps it, and it comes again with the next connection.
            log.exception("a message on %s was not taken", _topic(message))
            self._count("door_fault", message, at)
            return
        else:
            crashpoint("mqtt.before_ack")
        with self._guard:
            if connection == self._connection and message.qos:
                self._client.ack(message.mid, message.qos)

    def _count(self, reason: str, message: paho.MQTTMessage, at: float) -> None:
        topic = _topic(message)
        source = ".".join(topic.split("/")[1:3])
        known = source if self._roster.way(source) else ""
        self._turn_away(Turned(door="mqtt", source=known, reason=reason, user="", name=topic[:255], at=at))

    async def _arrival(self, message: paho.MQTTMessage, at: float) -> Arrival:
        arrival = arrival_of(_topic(message), bytes(message.payload), at, self._roster)
        # Before the first roster is written nothing is known, and all is handed on.
        if self._roster.way(arrival.source) is None and self._roster.stamp():
            self._unknown.add(arrival.source)
            if len(self._unknown) > _UNKNOWN_KEPT:
                self._unknown.discard(arrival.source)
                raise Refused("unknown_source", source=arrival.source)
        if arrival.size > INLINE_BYTES and arrival.body is not None:
            file = await asyncio.to_thread(self._store.keep, arrival.body)
            arrival = msgspec.structs.replace(arrival, body=None, file=file)
        return arrival

    def _give_back(self, refused: Refused, connection: int) -> None:
        """The stream cannot take it: let go of the connection, so that all of it comes again later.

        Not every broker sends again within a connection, and holding on would fill the memory.
        """
        with self._guard:
            if connection != self._connection:
                return
            self._connection += 1
        log.warning("not taken (%s): asking the broker again in a moment", refused.reason)
        sock = self._client.socket()
        if sock is not None:
            with contextlib.suppress(OSError):  # already gone
                cast("socket.socket", sock).shutdown(socket.SHUT_RDWR)
