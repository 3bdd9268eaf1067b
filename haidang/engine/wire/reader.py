"""The reading side of the stream: what is there, in order, up to a thousand messages, acknowledged when asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.errors import APIError

from haidang.engine.wire import stream


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the stream. `payload` is the packed envelope; decode it with `envelope.decode`."""

    seq: int
    birth: int  # of the stream, see stream.ensure
    subject: str
    payload: bytes
    published_at: float
    raw: Msg


def _message(raw: Msg, birth: int) -> Message:
    about = raw.metadata
    return Message(about.sequence.stream, birth, raw.subject, raw.data, about.timestamp.timestamp(), raw)


class Reader:
    """One durable reader of the stream."""

    def __init__(self, client: Client, durable: str = stream.INGEST, *, batch: int = 1000) -> None:
        self._client = client
        self._durable = durable
        self._batch = batch

    async def batches(self, *, wait_s: float = 5) -> AsyncIterator[list[Message]]:
        """What is there at once, without waiting for more; an empty list after `wait_s` of silence.

        While the caller works on a batch its messages are kept from being sent again, as long as this loop runs.
        """
        subscription, birth = None, 0
        while True:
            try:
                if subscription is None:
                    birth = await stream.wait_for(self._client)
                    js = self._client.jetstream(timeout=5)
                    subscription = await js.pull_subscribe_bind(durable=self._durable, stream=stream.NAME)
                found = await subscription.fetch(self._batch, timeout=wait_s)
            except nats.errors.TimeoutError:
                found = []
            except (nats.errors.Error, APIError, OSError):
                # The server went away or came back without us: bind anew, unless the client is closed for good.
                if self._client.is_closed:
                    raise
                subscription = None
                await asyncio.sleep(0.2)
                continue
            messages = [_message(m, birth) for m in found]
            messages.sort(key=lambda message: message.seq)
            keeping = asyncio.create_task(self._keep(found)) if found else None
            try:
                yield messages
            finally:
                if keeping:
                    keeping.cancel()

    async def _keep(self, messages: list[Msg]) -> None:
        """Tell the server now and then that these are being worked on."""
        while True:
            await asyncio.sleep(stream.ACK_WAIT_S / 2)
            for message in messages:
                await message.in_progress()

    async def done(self, messages: list[Message]) -> None:
        """These are in the record: the stream may forget them. A lost acknowledgement only brings them again."""
        for message in messages:
            if not message.raw.is_acked:
                await message.raw.ack()
        if self._client.is_connected:
            await self._client.flush()
