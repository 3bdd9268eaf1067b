"""A server that takes the connection and never answers: the process must end, a new one gets another connection."""

from __future__ import annotations

import asyncio

import nats.errors
import pytest

from haidang.engine.wire import stream

INFO = b'INFO {"server_id":"x","version":"2.15.1","proto":1,"max_payload":1048576,"headers":true,"jetstream":true}\r\n'


async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Greets, answers the first PING as the protocol wants, and no question."""
    writer.write(INFO)
    while line := await reader.readline():
        if line.startswith(b"PING"):
            writer.write(b"PONG\r\n")
    writer.close()


async def test_a_connection_without_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "_UNANSWERED", 1)
    server = await asyncio.start_server(deaf, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        client = await stream.connect(f"nats://127.0.0.1:{port}", name="test")
        try:
            with pytest.raises(nats.errors.TimeoutError):
                await stream.wait_for(client)
        finally:
            await client.close()
