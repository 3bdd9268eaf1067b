"""Pack what arrives, publish it, and let every sender know when it is on disk.

The stream pays one fsync per message. So while one message of a lane (one source and door) is being written,
whatever else arrives there waits and goes out together as the next one; an idle lane sends at once. Lanes do not
wait for each other, and each holds only its share: a flood from one source cannot fill the room of the others.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Iterable, Iterator

import nats.errors
from nats.aio.client import Client
from nats.js.errors import APIError

from haidang.engine import clock
from haidang.engine.connectors.arrival import Arrival, Receipt, Refused, Turned
from haidang.engine.crashpoint import crashpoint
from haidang.engine.wire import stream
from haidang.engine.wire.envelope import Envelope, Turnings, encode

BATCH_BYTES = 512 * 1024
# The server takes no larger message (config.broker.MAX_PAYLOAD, which is also its default); some is left for headers.
MESSAGE_BYTES = 1_000_000
BATCH_ARRIVALS = 1000
LANE_BYTES = 16 << 20
LANE_ARRIVALS = 20_000
ALL_BYTES = 96 << 20
# A delivery of more records is history: it travels alone and waits behind the readings of the moment.
BULK_RECORDS = 2_000
_TURNED_KINDS = 2_000
# Names and numbers of the fields of one arrival or refusal, with the headers of its texts.
_OVERHEAD = 260

log = logging.getLogger("haidang.wire")
_Waiting = tuple[Arrival, "asyncio.Future[Receipt]"]


def _length(text: str | None) -> int:
    return 0 if text is None else len(text) if text.isascii() else len(text.encode())


def _weight(arrival: Arrival) -> int:
    """Bytes it takes in a message, at the most: a credential of a thousand stations names them in each arrival."""
    texts = (arrival.source, arrival.credential, arrival.name, arrival.original, arrival.file)
    stations = sum(_length(code) + 5 for code in arrival.stations or ())
    return _OVERHEAD + len(arrival.body or b"") + stations + sum(map(_length, texts))


def _told(turned: Iterable[Turned]) -> Iterator[list[Turned]]:
    """In parts that fit a message, none left out."""
    part: list[Turned] = []
    size = 0
    for one in turned:
        weight = _OVERHEAD + sum(map(_length, (one.door, one.source, one.reason, one.user, one.name)))
        if part and size + weight > BATCH_BYTES:
            yield part
            part, size = [], 0
        part.append(one)
        size += weight
    if part:
        yield part


def _is_bulk(arrival: Arrival) -> bool:
    return arrival.records > BULK_RECORDS


class _Lane:
    """What waits for one source and door."""

    def __init__(self, key: tuple[str, str]) -> None:
        self.key = key
        self.waiting: deque[_Waiting] = deque()
        self.bytes = 0
        self.task: asyncio.Task[None] | None = None

    def take(self) -> list[_Waiting]:
        batch: list[_Waiting] = []
        size = 0
        while self.waiting and len(batch) < BATCH_ARRIVALS:
            first = self.waiting[0][0]
            weight = _weight(first)
            if batch and (size + weight > BATCH_BYTES or _is_bulk(first)):
                break
            size += weight
            batch.append(self.waiting.popleft())
            if _is_bulk(first):
                break
        self.bytes -= size
        return batch


def _tell(batch: list[_Waiting], wrong: Refused) -> None:
    for _, done in batch:
        if not done.done():
            # Each its own: an exception raised in several tasks would gather their tracebacks.
            done.set_exception(Refused(wrong.reason, **wrong.detail))


class Publisher:
    """`accept` is the `Accept` of the connectors."""

    def __init__(self, client: Client, *, birth: int = 0, timeout_s: float = 10) -> None:
        self._client = client
        self._js = client.jetstream(timeout=timeout_s)
        self._timeout = timeout_s
        self._lanes: dict[tuple[str, str], _Lane] = {}
        self._turned: dict[tuple[str, str, str, str, str], Turned] = {}
        self._bytes = 0
        self.birth = birth  # of the stream that is published to
        self._ready_at = -1
        self._ensuring = asyncio.Lock()
        # Since when the stream, though connected, has taken nothing; None while it does.
        self.failing_since: float | None = None
        self.messages = 0
        self.arrivals = 0
        self.refused = 0

    @property
    def waiting_bytes(self) -> int:
        return self._bytes

    async def accept(self, arrival: Arrival) -> Receipt:
        """Returns when the arrival is on disk; raises Refused when it is not known to be."""
        weight = _weight(arrival)
        if weight > MESSAGE_BYTES:
            raise Refused("too_large", limit_mb=1)
        key = (arrival.source, arrival.door)
        lane = self._lanes.get(key) or _Lane(key)
        if (
            lane.bytes + weight > LANE_BYTES
            or len(lane.waiting) >= LANE_ARRIVALS
            or self._bytes + weight > ALL_BYTES
        ):
            self.refused += 1
            raise Refused("door_busy")
        done: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._lanes[key] = lane
        lane.waiting.append((arrival, done))
        lane.bytes += weight
        self._bytes += weight
        if lane.task is None:
            lane.task = asyncio.create_task(self._drain(lane))
        try:
            return await done
        finally:
            self._bytes -= weight

    async def _drain(self, lane: _Lane) -> None:
        """Send what waits; at the end nobody waits any more, whatever happened, and the lane is given up."""
        try:
            # One turn of the loop: requests that were read together travel together.
            await asyncio.sleep(0)
            while batch := lane.take():
                await self._settle(batch)
        finally:
            self._lanes.pop(lane.key, None)
            lane.task = None
            for _, done in lane.waiting:
                if not done.done():
                    done.set_exception(Refused("wire_unreachable", cause="the door closes"))

    async def _settle(self, batch: list[_Waiting]) -> None:
        """Send one message and tell each of its senders."""
        wrong: Refused | None = None
        try:
            birth, seq = await self._send([arrival for arrival, _ in batch])
        except Refused as refused:
            wrong = refused
        except asyncio.CancelledError:
            _tell(batch, Refused("wire_unreachable", cause="the door closes"))
            raise
        except Exception as error:
            if len(batch) > 1:
                # One of them cannot be sent at all: the others must not suffer for it.
                for one in batch:
                    await self._settle([one])
                return
            log.exception("a delivery of %s cannot be published", batch[0][0].source)
            wrong = Refused("door_fault", name=batch[0][0].name or batch[0][0].source, cause=str(error))
        if wrong is not None:
            self.refused += len(batch)
            _tell(batch, wrong)
            return
        for part, (_, done) in enumerate(batch):
            if not done.done():
                done.set_result(Receipt(birth=birth, seq=seq, part=part))

    async def _send(self, arrivals: list[Arrival]) -> tuple[int, int]:
        payload = encode(Envelope(arrivals=arrivals))
        crashpoint("wire.before_publish")
        seq = await self._publish(stream.subject(arrivals[0].source, int(_is_bulk(arrivals[0]))), payload)
        crashpoint("wire.after_publish")
        self.messages += 1
        self.arrivals += len(arrivals)
        return self.birth, seq

    async def _publish(self, subject: str, payload: bytes) -> int:
        if not self._client.is_connected:
            raise Refused("wire_unreachable")
        try:
            # The first time and after each reconnection: a stream without readers would drop what it acknowledges.
            if self._ready_at != self._client.stats["reconnects"]:
                async with self._ensuring:
                    reconnects = self._client.stats["reconnects"]
                    if self._ready_at != reconnects:
                        self.birth = await stream.ensure(self._client)
                        self._ready_at = reconnects
            seq = (await self._js.publish(subject, payload, timeout=self._timeout)).seq
        except APIError as error:
            log.warning("the stream refuses: %s", error.description)
            self._fails()
            raise Refused("wire_full", cause=error.description or "") from error
        except (nats.errors.Error, OSError) as error:
            # Perhaps it was stored and only the answer was lost: the sender sends again, storing is idempotent.
            self._ready_at = -1
            self._fails()
            raise Refused("wire_unreachable", cause=str(error)) from error
        self.failing_since = None
        return seq

    def _fails(self) -> None:
        if self.failing_since is None:
            self.failing_since = clock.timestamp()

    async def probe(self) -> bool:
        """Does the stream take a message of no weight? After a full disk it may refuse until it is restarted,
        while its own health page says ok."""
        try:
            await self._publish(stream.REFUSED, encode(Turnings(turned=[])))
        except Refused:
            return False
        return True

    def turn_away(self, turned: Turned) -> None:
        """Count something that was not acknowledged; told to the record within a second, alike ones together."""
        key = (turned.door, turned.source, turned.reason, turned.user, turned.name)
        if (known := self._turned.get(key)) is None and len(self._turned) >= _TURNED_KINDS:
            # Someone guesses names: keep the count, drop what tells the guesses apart.
            key = (turned.door, "", turned.reason, "", "")
            known = self._turned.get(key)
            turned = Turned(door=turned.door, source="", reason=turned.reason, user="", at=turned.at)
        count = (known.count if known else 0) + turned.count
        self._turned[key] = Turned(
            door=turned.door, source=turned.source, reason=turned.reason, user=turned.user, at=turned.at,
            name=turned.name, count=count,
        )  # fmt: skip

    async def tell_turned(self) -> None:
        """Publish what was turned away since the last time; keeps it when the stream cannot take it."""
        sent, self._turned = self._turned, {}
        for part in _told(sent.values()):
            try:
                await self._publish(stream.REFUSED, encode(Turnings(turned=part)))
            except Refused:
                for turned in part:
                    self.turn_away(turned)

    async def tell_turned_for_ever(self, every_s: float = 1) -> None:
        while True:
            await asyncio.sleep(every_s)
            await self.tell_turned()
