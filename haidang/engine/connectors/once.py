"""Idempotency keys: what was acknowledged for which key, remembered over `kill -9`.

A small SQLite file with full syncs; several keys that wait together are written by one commit. A key is written
after its delivery is in the stream and before the 202: a crash between the two makes the sender repeat and the
rows count as duplicates, never twice. Keys belong to the credential that sent them: two stations of one source may
count alike, and neither may read the other's receipt.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec

from haidang.engine import clock
from haidang.engine.connectors.arrival import Receipt

KEPT_S = 48 * 3600


class Known(msgspec.Struct, kw_only=True, frozen=True):
    """The answer that was given."""

    digest: bytes  # SHA-256 of the body
    receipt: Receipt
    records: int


_Row = tuple[str, str, str, bytes, int, int, int, int, float]


class Once:
    """Keys by source and credential. One file per doors process."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS given (source TEXT, user TEXT, key TEXT, digest BLOB, birth INTEGER,"
            " seq INTEGER, part INTEGER, records INTEGER, at REAL, PRIMARY KEY (source, user, key)) WITHOUT ROWID"
        )
        self._db.execute("CREATE INDEX IF NOT EXISTS given_at ON given (at)")
        # Of versions that did not tell credentials apart. Who repeats over the change counts as duplicate.
        self._db.execute("DROP TABLE IF EXISTS known")
        self._waiting: list[tuple[_Row, asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None
        self._held: dict[
            tuple[str, str, str], tuple[asyncio.Lock, int]
        ] = {}  # and how many hold or wait for it

    @contextlib.asynccontextmanager
    async def hold(self, source: str, user: str, key: str) -> AsyncIterator[None]:
        """Two requests with one key go one after the other."""
        name = (source, user, key)
        lock, users = self._held.get(name) or (asyncio.Lock(), 0)
        self._held[name] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            _, users = self._held.pop(name)
            if users > 1:
                self._held[name] = (lock, users - 1)

    def find(self, source: str, user: str, key: str) -> Known | None:
        row = self._db.execute(
            "SELECT digest, birth, seq, part, records FROM given"
            " WHERE source = ? AND user = ? AND key = ? AND at > ?",
            (source, user, key, clock.timestamp() - KEPT_S),
        ).fetchone()
        if row is None:
            return None
        digest, birth, seq, part, records = row
        return Known(digest=digest, receipt=Receipt(birth=birth, seq=seq, part=part), records=records)

    async def remember(self, source: str, user: str, key: str, known: Known) -> None:
        """Returns when it is on disk; raises sqlite3.Error when it is not."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        given = known.receipt
        place = (given.birth, given.seq, given.part)
        row = (source, user, key, known.digest, *place, known.records, clock.timestamp())
        self._waiting.append((row, done))
        if self._task is None:
            self._task = asyncio.create_task(self._drain())
        await done

    async def _drain(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                await asyncio.to_thread(self._write, [row for row, _ in batch])
            except sqlite3.Error as error:
                for _, done in batch:
                    if not done.done():
                        done.set_exception(error)
            else:
                for _, done in batch:
                    if not done.done():
                        done.set_result(None)
        self._task = None

    def _write(self, rows: list[_Row]) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            self._db.executemany("INSERT OR REPLACE INTO given VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
            self._db.execute("DELETE FROM given WHERE at < ?", (clock.timestamp() - KEPT_S,))
        except sqlite3.Error:
            with contextlib.suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def close(self) -> None:
        self._db.close()
