"""For tests: a real HTTP server on 127.0.0.1 that misbehaves on demand, and a run without a record or a stream."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qsl

import msgspec

from haidang.engine.connectors.arrival import Arrival, Receipt, Turned
from haidang.engine.connectors.files import FileStore
from haidang.engine.connectors.pull.definition import Pull
from haidang.engine.connectors.pull.guard import Guard, Internal
from haidang.engine.connectors.pull.keeping import Held, Shelf
from haidang.engine.connectors.pull.run import Kit, Report, run
from haidang.engine.connectors.pull.sealing import Secret, seal
from haidang.engine.connectors.pull.task import Portion
from haidang.engine.connectors.pull.trouble import Trouble
from haidang.engine.connectors.roster import Way
from haidang.engine.spans import Seconds


@dataclass(frozen=True, slots=True)
class Asked:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]  # names in lower case
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """`cut`: after so many bytes of the body the connection breaks off."""

    body: Any = b""  # other things than bytes are sent as JSON
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None


Handler = Callable[[Asked], Reply]


@dataclass
class Service:
    """One HTTP server. `answer` may be replaced while it runs."""

    answer: Handler
    asked: list[Asked] = field(default_factory=list)
    port: int = 0
    host: str = "127.0.0.1"
    open: dict[asyncio.Task[Any], asyncio.StreamWriter] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - asyncio started one for this connection
        self.open[task] = writer
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while await self._one(reader, writer):
                pass
        writer.close()
        del self.open[task]

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").rstrip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        method, target, _ = head.split(" ")
        path, _, query = target.partition("?")
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        asked = Asked(method, path, dict(parse_qsl(query, keep_blank_values=True)), headers, body)
        self.asked.append(asked)
        reply = self.answer(asked)
        whole = reply.body if isinstance(reply.body, bytes) else msgspec.json.encode(reply.body)
        more = "".join(f"{name}: {value}\r\n" for name, value in reply.headers.items())
        writer.write(f"HTTP/1.1 {reply.status} X\r\nContent-Length: {len(whole)}\r\n{more}\r\n".encode())
        writer.write(whole if reply.cut is None else whole[: reply.cut])
        await writer.drain()
        return reply.cut is None


@asynccontextmanager
async def service(answer: Handler, host: str = "127.0.0.1") -> AsyncIterator[Service]:
    found = Service(answer, host=host)
    server = await asyncio.start_server(found.serve, host, 0)
    found.port = server.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        server.close()
        for writer in found.open.values():
            writer.transport.abort()
        await asyncio.gather(*found.open)


class Lost(BaseException):
    """The process ended here, as far as anybody can tell."""


@dataclass
class _Memory:
    """The lock, the cursor and the credential of one source, without a database."""

    cursor: dict[str, Any] = field(default_factory=dict)
    failures: int = 0
    sealed: bytes | None = None
    seen: dict[str, str] = field(default_factory=dict)
    lost_at_move: int = -1  # this move is not made any more
    moves: int = 0

    @asynccontextmanager
    async def hold(self, address: str) -> AsyncIterator[Held | None]:
        yield _MemoryHeld(
            address, dict(self.cursor), self.failures, self.sealed, dict(self.seen), memory=self
        )


@dataclass(slots=True)
class _MemoryHeld(Held):
    memory: _Memory = field(default_factory=_Memory)

    async def move(self, portion: Portion, records: int) -> None:
        self.memory.moves += 1
        if self.memory.moves == self.memory.lost_at_move:
            raise Lost
        # As PostgreSQL would give it back.
        self.memory.cursor = self.cursor = msgspec.json.decode(msgspec.json.encode(portion.cursor))
        self.memory.seen |= portion.done
        for name in portion.gone:
            del self.memory.seen[name]
        self.records += records

    async def done(self, next_at: datetime, notes: Sequence[Trouble]) -> None:
        del next_at, notes
        self.memory.failures = 0

    async def failed(self, trouble: Trouble, next_at: datetime, notes: Sequence[Trouble]) -> None:
        del trouble, next_at, notes
        self.memory.failures += 1


@dataclass
class Bench:
    """Runs one source; remembers what came to the wire."""

    home: Path
    memory: _Memory = field(default_factory=_Memory)
    arrivals: list[Arrival] = field(default_factory=list)
    turned: list[Turned] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)
    internal: str = "127.0.0.1"
    form: str = "json"
    resolve: Any = None

    def let_in(self, secret: Secret) -> None:
        self.memory.sealed = seal(self.home, secret)

    async def run(self, pull: Mapping[str, Any]) -> Report:
        return await run(self.way(pull), self.kit())

    def way(self, pull: Mapping[str, Any]) -> Way:
        return Way(address="a.b", format=self.form, doors=["pull"], pull=pull_of(pull))

    def kit(self) -> Kit:
        store = FileStore(self.home / "files")
        store.incoming.mkdir(parents=True, exist_ok=True)
        more = {"resolve": self.resolve} if self.resolve else {}
        return Kit(
            accept=self._accept,
            turn_away=self.turned.append,
            guard=Guard(Internal.of(self.internal), **more),
            store=store,
            shelf=cast("Shelf", self.memory),
            home=self.home,
            pause=self._pause,
            random=lambda: 0.5,
        )

    async def _accept(self, arrival: Arrival) -> Receipt:
        self.arrivals.append(arrival)
        return Receipt(seq=len(self.arrivals), part=0)

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)

    def bodies(self) -> list[bytes]:
        """What came to the wire, whether inline or as a file."""
        store = FileStore(self.home / "files")
        return [
            one.body if one.body is not None else store.path(one.file or "").read_bytes()
            for one in self.arrivals
        ]

    def messages(self) -> list[dict[str, Any]]:
        """Every message that came, in order."""
        return [msgspec.json.decode(line) for body in self.bodies() for line in body.splitlines()]

    def values(self) -> list[Any]:
        return [reading["value"] for message in self.messages() for reading in message["readings"]]


def _span(kind: type, value: object) -> object:
    if kind is Seconds and isinstance(value, int | float):
        return Seconds(value)
    raise NotImplementedError(kind)


def pull_of(pull: Mapping[str, Any]) -> Pull:
    """`pull:` as a file would give it; spans in seconds."""
    found: Pull = msgspec.convert({"every": 60, **pull}, Pull, dec_hook=_span)
    assert not list(found.faults()), list(found.faults())  # noqa: S101 - a test's own mistake
    return found
