"""The one durable stream between the doors and everything behind them.

Interest retention with two durable readers: `ingest` stores, `tally` counts what came in. A message leaves the
stream when both are done. Without a reader such a stream drops what is published, so both are made before
anything is sent, again after every reconnection.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from datetime import datetime
from typing import Any

import nats
from nats.aio.client import Client
from nats.js import JetStreamContext, api
from nats.js.errors import APIError, NotFoundError

NAME = "WIRE"
REFUSED = "wire.refused"
INGEST = "ingest"
BULK = "ingest-bulk"
TALLY = "tally"
# How long a reader may be silent about a message before it is sent again: after `kill -9` of ingest this is the
# longest stall, so it is short; a reader that takes longer says so (see reader.py).
ACK_WAIT_S = 6.0
_BYTES = 4 << 30
_LEAST_BYTES = 8 << 20

log = logging.getLogger("haidang.wire")


def subject(source: str, partition: int = 0) -> str:
    """`environment.air_station_files` → `wire.in.0.environment.air_station_files`.

    Partition 0 is live; 1 is bulk, which ingest takes when nothing live waits.
    """
    return f"wire.in.{partition}.{source}"


def source_of(subject: str) -> str:
    """The address in a subject made by `subject`."""
    return subject.removeprefix("wire.in.").partition(".")[2]


async def connect(url: str, *, name: str, **options: Any) -> Client:
    """A connection that comes back by itself for ever."""

    last = ""

    async def lost(error: Exception) -> None:
        # While it is away each attempt fails alike, four a second: said once.
        nonlocal last
        if (words := str(error) or "closed") != last:
            log.warning("stream connection: %s", words)
        last = words

    async def back() -> None:
        nonlocal last
        last = ""

    return await nats.connect(
        url,
        name=name,
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.25,
        connect_timeout=3,
        ping_interval=10,
        max_outstanding_pings=2,
        allow_reconnect=True,
        **{"error_cb": lost, "reconnected_cb": back, **options},
    )


async def ensure(client: Client) -> int:
    """Make the stream and its two readers where they are missing; returns the stream's birth.

    The birth (µs since 1970) tells the sequences of a stream that was lost and made anew from those of the one
    before: a delivery is recognised by both.
    """
    js = client.jetstream(timeout=5)
    try:
        info = await js.stream_info(NAME)
    except NotFoundError:
        info = await _create(js)
    for durable, filters in ((INGEST, "wire.in.0.>"), (BULK, "wire.in.1.>"), (TALLY, None)):
        await _reader(js, durable, filters)
    return _microseconds(info.created)


def _microseconds(created: Any) -> int:
    instant = created if isinstance(created, datetime) else datetime.fromisoformat(str(created)[:26])
    return int(instant.timestamp() * 1_000_000)


async def _create(js: JetStreamContext) -> api.StreamInfo:
    size = _BYTES
    while True:
        try:
            return await js.add_stream(
                api.StreamConfig(
                    name=NAME,
                    subjects=["wire.in.>", REFUSED],
                    storage=api.StorageType.FILE,
                    retention=api.RetentionPolicy.INTEREST,
                    discard=api.DiscardPolicy.NEW,
                    max_bytes=size,
                )
            )
        except APIError as error:
            # A small disk: the server reserves what the stream may take, so ask for less.
            if error.err_code not in {10023, 10028, 10047} or size <= _LEAST_BYTES:
                raise
            size //= 2


async def _reader(js: JetStreamContext, durable: str, filter_subject: str | None) -> None:
    with contextlib.suppress(NotFoundError):
        await js.consumer_info(NAME, durable)
        return
    await js.add_consumer(
        NAME,
        api.ConsumerConfig(
            durable_name=durable,
            filter_subject=filter_subject,
            ack_policy=api.AckPolicy.EXPLICIT,
            ack_wait=ACK_WAIT_S,
            max_ack_pending=20_000,
        ),
    )


# Each waits five seconds.
_UNANSWERED = 5


async def wait_for(client: Client) -> int:
    """`ensure` until it succeeds: the server may still be reading its store.

    Raises when this client will not get an answer any more: only a new process gets a new one.
    """
    unanswered = 0
    while True:
        try:
            return await ensure(client)
        except (nats.errors.Error, APIError, OSError) as error:
            # A connection was seen on which nothing was ever answered while others of the same server were.
            unanswered = unanswered + 1 if isinstance(error, nats.errors.TimeoutError) else 0
            if client.is_closed or unanswered >= _UNANSWERED:
                raise
            log.warning("stream not ready: %s", error)
            await asyncio.sleep(0.3)


async def is_full(client: Client) -> bool:
    """Is it at its own bound, with room on the disk? Then it must be read, not restarted."""
    try:
        info = await client.jetstream(timeout=3).stream_info(NAME)
    except (nats.errors.Error, APIError, OSError):
        return False
    return bool(info.config.max_bytes and info.state.bytes > info.config.max_bytes * 0.95)


async def probe(client: Client) -> str:
    """Publish nothing of weight and see it acknowledged; what is wrong, or empty."""
    from haidang.engine.wire.envelope import Turnings, encode

    try:
        await client.jetstream(timeout=5).publish(REFUSED, encode(Turnings(turned=[])))
    except (nats.errors.Error, APIError, OSError) as error:
        return f"{type(error).__name__}: {error}"
    return ""
