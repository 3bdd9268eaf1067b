"""Follows the outbox of changes: one connection per worker, woken by NOTIFY, resuming where it stood."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from typing import Any

import psycopg
from prometheus_client import Counter, Gauge, Histogram

from haidang.config.web.hub import Change
from haidang.engine import clock
from haidang.engine.notify.outbox import CHANNEL

log = logging.getLogger(__name__)

CONNECTED = Gauge("haidang_live_listening", "1 while the outbox of changes is followed")
RECONNECTS = Counter("haidang_live_reconnects_total", "Times the connection to the outbox was lost")
LAG = Histogram(
    "haidang_live_lag_seconds",
    "From a change's announcement to its fan-out",
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
)

# Numbers are given before commit, so a smaller one may appear later. A gap is asked for again for this long.
GAP_PATIENCE = 60.0
GAPS_KEPT = 2000
# Even without a wake-up the outbox is read this often: a lost NOTIFY costs seconds, not a screen.
IDLE_READ = 5.0
BATCH = 5000
# A database that does not answer for this long is away, though its connection stands: stopped, or out of reach.
ANSWERS_WITHIN = 2.0
# After this long the connection itself is given up.
GIVES_UP_AFTER = 30.0
# What a returning screen is told again, before the last change it saw: commits may have overtaken each other.
RESUME_OVERLAP = "10 seconds"
RESUME_LIMIT = 1000


class Follower:
    """Reads new lines of the outbox and hands them to `publish`, in this event loop.

    `tell` hears when it can no longer say whether something changed, and when it can again.
    """

    def __init__(
        self,
        parameters: dict[str, Any],
        publish: Callable[[Sequence[Change]], None],
        tell: Callable[[bool], None] = lambda _connected: None,
    ) -> None:
        self._parameters = {k: v for k, v in parameters.items() if k not in ("context", "cursor_factory")}
        self._parameters["application_name"] = "haidang live"
        self._publish = publish
        self._tell = tell
        self._gaps: dict[int, float] = {}
        self.last: int | None = None
        self.connected = False

    async def _connect(self) -> psycopg.AsyncConnection[Any]:
        return await psycopg.AsyncConnection.connect(**self._parameters, autocommit=True)

    async def run(self) -> None:
        """Follow for ever; a lost database is waited for, and what was missed is read afterwards."""
        pause = 0.2
        while True:
            try:
                async with await self._connect() as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    await self._read_in_time(connection)
                    pause = 0.2
                    while True:
                        async for _ in connection.notifies(timeout=IDLE_READ, stop_after=1):
                            pass
                        await self._read_in_time(connection)
            except (psycopg.Error, OSError, TimeoutError) as error:
                self._mark(connected=False)
                RECONNECTS.inc()
                log.warning("live: outbox lost, trying again in %.1f s: %s", pause, str(error).strip())
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)

    def _mark(self, *, connected: bool) -> None:
        CONNECTED.set(int(connected))
        if connected is not self.connected:
            self.connected = connected
            self._tell(connected)

    async def _read_in_time(self, connection: psycopg.AsyncConnection[Any]) -> None:
        late = asyncio.get_running_loop().call_later(ANSWERS_WITHIN, lambda: self._mark(connected=False))
        try:
            async with asyncio.timeout(GIVES_UP_AFTER):
                await self._read(connection)
        finally:
            late.cancel()
        self._mark(connected=True)

    async def _read(self, connection: psycopg.AsyncConnection[Any]) -> None:
        if self.last is None:
            cursor = await connection.execute("SELECT coalesce(max(id), 0) FROM notify_change")
            self.last = (await cursor.fetchone() or (0,))[0]
            return
        while True:
            cursor = await connection.execute(
                "SELECT id, topic, object_id, extract(epoch FROM at)::float8 FROM notify_change"
                " WHERE id > %s OR id = ANY(%s) ORDER BY id LIMIT %s",
                [self.last, list(self._gaps), BATCH],
            )
            rows = await cursor.fetchall()
            self._note_gaps([row[0] for row in rows])
            if rows:
                LAG.observe(max(0.0, clock.timestamp() - rows[-1][3]))
                self._publish([Change(row[0], row[1], row[2]) for row in rows])
            if len(rows) < BATCH:
                return

    def _note_gaps(self, numbers: list[int]) -> None:
        """Remember numbers that were jumped over, and forget those that came or never will."""
        assert self.last is not None  # noqa: S101 - set by the first read
        now = time.monotonic()
        for number in numbers:
            if number <= self.last:
                self._gaps.pop(number, None)
                continue
            # A jump wider than we keep means numbers given out in bulk; the newest are the likely ones.
            for gap in range(max(self.last + 1, number - GAPS_KEPT), number):
                self._gaps[gap] = now + GAP_PATIENCE
            self.last = number
        for gap in [gap for gap, until in self._gaps.items() if until < now]:
            del self._gaps[gap]
        while len(self._gaps) > GAPS_KEPT:
            del self._gaps[next(iter(self._gaps))]

    async def since(self, number: int) -> list[Change] | None:
        """What a screen that last saw `number` may have missed; `None` when too much or too long ago."""
        async with await self._connect() as connection:
            cursor = await connection.execute(
                "SELECT max(id), topic, object_id FROM notify_change WHERE at >="
                " (SELECT at - %s::interval FROM notify_change WHERE id = %s)"
                " GROUP BY topic, object_id ORDER BY 1 LIMIT %s",
                [RESUME_OVERLAP, number, RESUME_LIMIT + 1],
            )
            rows = await cursor.fetchall()
        if not rows or len(rows) > RESUME_LIMIT:
            return None
        return [Change(*row) for row in rows]
