"""How far each source has been pulled, in the record: read and moved under a lock that only one puller holds.

The cursor stands in PostgreSQL and not beside the stream, so that a restored centre goes on from where its record
ends. While the database is away nothing is pulled; the other side keeps what it has.
"""

from __future__ import annotations

import contextlib
import zlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from haidang.engine import clock
from haidang.engine.connectors.pull.task import Cursor, Portion
from haidang.engine.connectors.pull.trouble import Trouble

_NAMESPACE = 0x50554C  # first key of our advisory locks; the second is the address
_MAKE = "INSERT INTO store_pull (address) VALUES (%s) ON CONFLICT DO NOTHING"
_READ = "SELECT cursor, failures FROM store_pull WHERE address = %s"
_BEGIN = "UPDATE store_pull SET started_at = %s, records = 0 WHERE address = %s"
_MOVE = "UPDATE store_pull SET cursor = %s, records = records + %s, total = total + %s, moved_at = %s WHERE address = %s"
_DONE = (
    "UPDATE store_pull SET ended_at = %s, succeeded_at = %s, next_at = %s, failures = 0, reason = '', detail = '{}',"
    " notes = %s WHERE address = %s"
)
_FAILED = (
    "UPDATE store_pull SET ended_at = %s, next_at = %s, failures = failures + 1, reason = %s, detail = %s,"
    " notes = %s WHERE address = %s"
)
_FILES = "SELECT name, mark FROM store_pulledfile WHERE address = %s"
_DONE_FILE = (
    "INSERT INTO store_pulledfile (address, name, mark) VALUES (%s, %s, %s)"
    " ON CONFLICT (address, name) DO UPDATE SET mark = excluded.mark"
)
_GONE = "DELETE FROM store_pulledfile WHERE address = %s AND name = ANY(%s)"
_SECRET = "SELECT sealed FROM store_pullcredential WHERE address = %s"  # noqa: S105 - a query


@dataclass(slots=True)
class Held:
    """The state of one source while we hold its lock."""

    address: str
    cursor: Cursor
    failures: int
    sealed: bytes | None
    seen: dict[str, str]
    records: int = 0
    _connection: psycopg.AsyncConnection[Any] | None = None

    async def move(self, portion: Portion, records: int) -> None:
        """Where the next run goes on; only after what lies before it is durable."""
        assert self._connection is not None  # noqa: S101 - given by hold
        async with self._connection.transaction():
            await self._do(_MOVE, Jsonb(portion.cursor), records, records, clock.now())
            for name, mark in portion.done.items():
                await self._connection.execute(_DONE_FILE, (self.address, name, mark))
            if portion.gone:
                await self._connection.execute(_GONE, (self.address, list(portion.gone)))
        self.cursor = portion.cursor
        self.records += records

    async def done(self, next_at: datetime, notes: Sequence[Trouble]) -> None:
        now = clock.now()
        await self._do(_DONE, now, now, next_at, _kept(notes))

    async def failed(self, trouble: Trouble, next_at: datetime, notes: Sequence[Trouble]) -> None:
        detail = Jsonb(trouble.detail)
        await self._do(_FAILED, clock.now(), next_at, trouble.reason, detail, _kept(notes))

    async def _do(self, statement: str, *values: object) -> None:
        assert self._connection is not None  # noqa: S101 - given by hold
        await self._connection.execute(statement.encode(), (*values, self.address))


def _kept(notes: Sequence[Trouble]) -> Jsonb:
    return Jsonb([{"reason": note.reason, "detail": note.detail} for note in notes])


@dataclass(frozen=True, slots=True)
class Turn:
    """When a source was pulled last, and when it is to be next."""

    ended_at: datetime | None
    next_at: datetime | None
    failures: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """The states of all sources."""

    database: str

    async def _connect(self) -> psycopg.AsyncConnection[Any]:
        return await psycopg.AsyncConnection.connect(
            self.database, autocommit=True, connect_timeout=5, application_name="haidang pull"
        )

    @asynccontextmanager
    async def hold(self, address: str) -> AsyncIterator[Held | None]:
        """None while another puller, here or on another machine, is at this source. A killed one lets go at once."""
        async with await self._connect() as connection:
            key = zlib.crc32(address.encode()) - 2**31
            row = await (
                await connection.execute("SELECT pg_try_advisory_lock(%s, %s)", (_NAMESPACE, key))
            ).fetchone()
            if not row or not row[0]:
                yield None
                return
            await connection.execute(_MAKE, (address,))
            await connection.execute(_BEGIN, (clock.now(), address))
            state = await (await connection.execute(_READ, (address,))).fetchone()
            sealed = await (await connection.execute(_SECRET, (address,))).fetchone()
            files = await (await connection.execute(_FILES, (address,))).fetchall()
            assert state is not None  # noqa: S101 - made above
            kept = bytes(sealed[0]) if sealed else None
            try:
                yield Held(address, dict(state[0]), int(state[1]), kept, dict(files), _connection=connection)
            finally:
                # The end of a session is noticed a moment later than the next run may ask.
                with contextlib.suppress(psycopg.Error):
                    await connection.execute("SELECT pg_advisory_unlock(%s, %s)", (_NAMESPACE, key))

    async def turns(self) -> dict[str, Turn]:
        """Of each source that was ever pulled."""
        async with await self._connect() as connection:
            cursor = await connection.execute("SELECT address, ended_at, next_at, failures FROM store_pull")
            return {str(address): Turn(*rest) for address, *rest in await cursor.fetchall()}
