"""One station's connection to the MQTT door: what it may say, how much of it at once, and when it is over."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from haidang.engine.connectors import mqtt_packets as mqtt
from haidang.engine.connectors.arrival import Refused
from haidang.engine.crashpoint import crashpoint

if TYPE_CHECKING:
    from haidang.engine.connectors.mqtt_listener import MqttListener
    from haidang.engine.connectors.roster import Pass

log = logging.getLogger("haidang.mqtt")

# One message with its topic; more belongs into several messages, or to the push door.
MOST_BYTES = 1 << 20
# Who has not said yet who he is gets room for a name and a will, not for a message.
MOST_CONNECT_BYTES = 16 << 10
# A connection that has so much under way is not read from until half of it is done.
UNDER_WAY = 512
UNDER_WAY_BYTES = 4 << 20
CONNECT_WITHIN_S = 10
# For a client that takes no answers: then its connection is cut, whatever was still to be said.
CLOSE_WITHIN_S = 10
_WRONG_LOGIN_PAUSE_S = 1.0
# A line that was cut without a word is noticed within minutes, also where a station promised no keepalive.
_LINE_PROBES = ((socket.TCP_KEEPIDLE, 300), (socket.TCP_KEEPINTVL, 60), (socket.TCP_KEEPCNT, 3))
# MQTT cannot say no, and what is not acknowledged comes again for ever: these are counted and let go.
_LET_GO = frozenset({"too_many_records", "too_large"})


@dataclass(slots=True)
class _Taken:
    """A message under way; acknowledged in the order in which messages came (MQTT 3.1.1, 4.6)."""

    mid: int
    qos: int
    is_done: bool = False


def may_publish(topic: str, allowed: Pass) -> bool:
    """On the topics of its source; a key of some stations only below their names."""
    levels = topic.split("/")
    if levels[0] != "sources" or ".".join(levels[1:3]) != allowed.source:
        return False
    return allowed.stations is None or (len(levels) > 3 and levels[3] in allowed.stations)


class Station(asyncio.Protocol):
    """One connection."""

    def __init__(self, door: MqttListener) -> None:
        self._door = door
        self._reader = mqtt.Reader(MOST_CONNECT_BYTES)
        self._transport: asyncio.Transport
        self._loop = asyncio.get_running_loop()
        self._allowed: Pass | None = None
        self._form = "json"
        self._identity = ("", "")
        self._host = ""
        self._level = 4  # of the protocol; MQTT 3.1 is level 3
        self._keepalive_s = 0.0
        self._heard_at = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._login: asyncio.Task[None] | None = None
        self._under_way: deque[_Taken] = deque()
        self._unreleased: set[int] = set()
        self._tasks: dict[asyncio.Task[None], int] = {}  # messages being stored, and their bytes
        self._bytes = 0
        self._takes_no_answers = False
        self._is_paused = False
        self._is_over = False

    # --- asyncio.Protocol --------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._host = str((transport.get_extra_info("peername") or ("",))[0])
        if reason := self._door.lobby.admit(self, self._host):
            self._cut(reason)
            return
        line = transport.get_extra_info("socket")
        if line is not None:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            for option, value in _LINE_PROBES:
                line.setsockopt(socket.IPPROTO_TCP, option, value)
        self._timer = self._loop.call_later(CONNECT_WITHIN_S, self.end)

    def data_received(self, data: bytes) -> None:
        self._heard_at = self._loop.time()
        self._reader.feed(data)
        if self._still_allowed():
            self._go_on()

    def pause_writing(self) -> None:
        """The client asks and does not listen: nothing more is read before it has taken the answers."""
        self._takes_no_answers = True
        self._hold_or_let_go()

    def resume_writing(self) -> None:
        self._takes_no_answers = False
        self._go_on()

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        self._is_over = True
        self._door.lobby.leave(self)
        if self._door.stations.get(self._identity) is self:
            del self._door.stations[self._identity]
        if self._timer is not None:
            self._timer.cancel()
        # Messages under way are finished: they are ours already, only nobody is told.

    @property
    def has_spoken(self) -> bool:
        """It has said who it is; whether that is true is being found out."""
        return self._login is not None

    def turn_out(self) -> None:
        """A silent stranger makes room for another."""
        if self._timer is not None:
            self._timer.cancel()
        self._cut("door_busy")

    def _cut(self, reason: str) -> None:
        self._door.count(reason, "", "", self._host)
        self._is_over = True
        self._transport.abort()

    def end(self) -> None:
        """Close the connection; what was acknowledged before still goes out, to a client that takes it."""
        self._is_over = True
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(CLOSE_WITHIN_S, self._transport.abort)
        self._transport.close()

    def _still_allowed(self) -> bool:
        """Asked once for all that came together: a revoked key ends its connection with the next message."""
        if self._allowed is None:
            return True
        user, source = self._allowed.user, self._allowed.source
        self._allowed = self._door.roster.by_user(user)
        if self._allowed is None:
            self._door.count("wrong_login", user, source)
            self.end()
            return False
        self._form = self._door.form(source)
        return True

    # --- packets -----------------------------------------------------------------------------------------------

    def _go_on(self) -> None:
        """Handle what came, as far as there is room for it; the rest stays where it is."""
        if self._is_over or self._login is not None:
            return
        try:
            if self._allowed is None and not self._reader.begins_with(mqtt.CONNECT):
                raise mqtt.Broken("the first packet is not CONNECT")
            while not self._is_full() and (packet := self._reader.next()) is not None:
                self._handle(packet)
        except mqtt.Broken as broken:
            reason = "too_large" if str(broken) == "too_large" else "broken_request"
            user, source = (self._allowed.user, self._allowed.source) if self._allowed else ("", "")
            self._door.count(reason, user, source)
            self.end()
        self._hold_or_let_go()

    def _handle(self, packet: mqtt.Packet) -> None:
        mqtt.check_flags(packet, self._level)
        if self._allowed is None:
            self._login = self._loop.create_task(self._let_in(mqtt.connect(packet)))
        elif packet.kind == mqtt.PUBLISH:
            self._take(mqtt.publish(packet), self._allowed)
        elif packet.kind == mqtt.PUBREL:
            mid = mqtt.packet_number(packet)
            self._unreleased.discard(mid)
            self._transport.write(mqtt.pubcomp(mid))
        elif packet.kind == mqtt.SUBSCRIBE:
            answer = mqtt.suback_refused(mqtt.packet_number(packet), mqtt.filters(packet))
            self._transport.write(answer) if answer else self.end()
        elif packet.kind == mqtt.UNSUBSCRIBE:
            self._transport.write(mqtt.unsuback(mqtt.packet_number(packet)))
        elif packet.kind == mqtt.PINGREQ:
            self._transport.write(mqtt.PINGRESP)
        elif packet.kind == mqtt.DISCONNECT:
            self.end()
        else:
            raise mqtt.Broken(f"packet of kind {packet.kind}")

    async def _let_in(self, asked: mqtt.Connect) -> None:
        try:
            code = await self._judge(asked)
        except Exception:
            log.exception("whether %s may come in could not be found out", asked.user[:60])
            self._door.count("door_fault", asked.user, "")
            code = mqtt.UNAVAILABLE
        if self._is_over:
            return
        self._transport.write(mqtt.connack(code))
        if code != mqtt.ACCEPTED:
            self.end()
            return
        self._door.lobby.know(self)
        self._level = asked.level
        if self._timer is not None:
            self._timer.cancel()
        if asked.keepalive_s:
            self._keepalive_s = 1.5 * asked.keepalive_s
            self._timer = self._loop.call_later(self._keepalive_s, self._is_it_alive)
        if asked.client_id:
            # The newer of two connections of one station stays (MQTT 3.1.1, 3.1.4).
            self._identity = (asked.user, asked.client_id)
            if older := self._door.stations.get(self._identity):
                older.end()
            self._door.stations[self._identity] = self
        self._login = None
        self._reader.most = MOST_BYTES
        self._go_on()

    async def _judge(self, asked: mqtt.Connect) -> int:
        """The return code; sets who is let in."""
        if not asked.is_known:
            self._door.count("mqtt_version", "", "")
            return mqtt.BAD_VERSION
        allowed = await self._door.passwords.check(asked.user, asked.password)
        if allowed is None:
            known = self._door.roster.by_user(asked.user)
            self._door.count("wrong_login", asked.user, known.source if known else "")
            await asyncio.sleep(_WRONG_LOGIN_PAUSE_S)  # guessing takes time
            return mqtt.BAD_LOGIN
        way = self._door.roster.way(allowed.source)
        if way is None or "mqtt" not in way.doors:
            self._door.count("wrong_door", asked.user, allowed.source)
            return mqtt.NOT_ALLOWED
        if not asked.client_id and not asked.clean:
            return mqtt.BAD_CLIENT_ID
        if self._door.ready():
            return mqtt.UNAVAILABLE
        self._allowed, self._form = allowed, self._door.form(allowed.source)
        return mqtt.ACCEPTED

    def _is_it_alive(self) -> None:
        silent = self._loop.time() - self._heard_at
        if silent >= self._keepalive_s and not self._under_way:
            self.end()
        else:
            wait = max(1.0, self._keepalive_s - silent)
            self._timer = self._loop.call_later(wait, self._is_it_alive)

    # --- messages ----------------------------------------------------------------------------------------------

    def _take(self, message: mqtt.Publish, allowed: Pass) -> None:
        if message.qos == 2 and message.mid in self._unreleased:
            self._transport.write(mqtt.pubrec(message.mid))
            return
        taken = _Taken(message.mid, message.qos)
        if message.qos:
            self._under_way.append(taken)
        if not may_publish(message.topic, allowed):
            # Acknowledged all the same: closing the connection would bring it again and again.
            self._door.count("wrong_topic", allowed.user, allowed.source, message.topic)
            self._done(taken)
            return
        task = self._loop.create_task(self._store(message, allowed, taken))
        self._tasks[task] = len(message.payload)
        self._bytes += len(message.payload)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._bytes -= self._tasks.pop(task)
        if self._is_paused and self._has_room():
            self._go_on()

    async def _store(self, message: mqtt.Publish, allowed: Pass, taken: _Taken) -> None:
        try:
            await self._door.accept(await self._door.arrival(message, allowed, self._form))
        except Refused as refused:
            self._door.count(refused.reason, allowed.user, allowed.source, message.topic)
            if refused.reason not in _LET_GO:
                self._give_back(refused.reason)
                return
        except OSError as error:
            self._door.count("disk_full", allowed.user, allowed.source, message.topic)
            self._give_back(str(error))
            return
        except Exception:
            log.exception("a message on %s was not taken", message.topic)
            self._door.count("door_fault", allowed.user, allowed.source, message.topic)
            self._give_back("door_fault")
            return
        else:
            crashpoint("mqtt.before_ack")
        self._done(taken)

    def _give_back(self, why: str) -> None:
        """Not acknowledged: the sender keeps it, and sends it again when it comes back."""
        if not self._is_over:
            log.warning("not taken (%s): closing the connection of %s", why, self._identity[0])
            self.end()

    def _done(self, taken: _Taken) -> None:
        taken.is_done = True
        if self._is_over:
            return
        answers = bytearray()
        while self._under_way and self._under_way[0].is_done:
            first = self._under_way.popleft()
            if first.qos == 2:
                self._unreleased.add(first.mid)
                answers += mqtt.pubrec(first.mid)
            else:
                answers += mqtt.puback(first.mid)
        if answers:
            self._transport.write(bytes(answers))

    def _is_full(self) -> bool:
        """Nothing more is taken in: the connection is over, somebody is asked for, or enough is under way."""
        return (
            self._is_over
            or self._login is not None
            or self._takes_no_answers
            or len(self._tasks) >= UNDER_WAY
            or self._bytes >= UNDER_WAY_BYTES
        )

    def _has_room(self) -> bool:
        return (
            not self._is_full() and len(self._tasks) <= UNDER_WAY // 2 and self._bytes <= UNDER_WAY_BYTES // 2
        )

    def _hold_or_let_go(self) -> None:
        """Read no further while much is under way: the sender waits, nothing piles up here."""
        if self._transport.is_closing():
            return
        if not self._is_paused and self._is_full():
            self._is_paused = True
            self._transport.pause_reading()
        elif self._is_paused and self._has_room():
            self._is_paused = False
            self._transport.resume_reading()
