"""The ingest process: read what is there, store it, acknowledge it, and close the hours in between."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

from django.db import InterfaceError, OperationalError, close_old_connections, connection

from haidang.engine.crashpoint import crashpoint
from haidang.engine.indicators import kinds
from haidang.engine.indicators.book import book_of
from haidang.engine.ingest.bulk import Bulk
from haidang.engine.ingest.conduct import Conductor
from haidang.engine.ingest.incoming import Incoming, pick
from haidang.engine.ingest.turn import Turn, TurnLost
from haidang.engine.standby import standing_by
from haidang.engine.store import partitions
from haidang.engine.store.content import sheet_terms_of, standing_tree, terms_of
from haidang.engine.wire import reader, stream

log = logging.getLogger("haidang.ingest")
# How often one that stands by looks whether the other is gone.
_LOOK_S = 1.0
T = TypeVar("T")


def incoming(message: reader.Message) -> Incoming:
    """What ingest needs of a message of the stream."""
    source = stream.source_of(message.subject)
    return Incoming(message.seq, message.payload, message.birth, source, message.published_at)


def conductor() -> Conductor:
    """A conductor over the content of all domains."""
    tree = standing_tree(kinds.KINDS)
    return Conductor(terms_of(tree), book_of(tree), sheet_terms_of(tree))


class Lane:
    """One reader with its next batch under way; what it holds is kept from being sent again until it is taken."""

    def __init__(self, source: reader.Reader) -> None:
        self.reader = source
        self._batches = source.batches(wait_s=0.5)
        self.go_on()

    def go_on(self) -> None:
        """Fetch the next batch."""
        self.next: asyncio.Task[list[reader.Message]] = asyncio.ensure_future(anext(self._batches))

    def take(self) -> list[reader.Message]:
        """The batch that has come."""
        return self.next.result()


class Process:
    """One worker. All database work runs in one thread, so that it keeps one connection."""

    def __init__(self, nats_url: str, run: Path) -> None:
        self.nats_url = nats_url
        self._run_folder = run
        self._turn = Turn()
        self.conductor = conductor()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ingest")
        self._stopping = asyncio.Event()
        self._look_again_at = 0.0
        self._bulk: Bulk | None = None  # the message that is being stored in slices

    async def run(self) -> None:
        """Until SIGTERM; the batch or slice in hand is finished first. Stands by while another ingest works on this record."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stopping.set)
        try:
            if await self._wait_for_turn():
                await self._work()
        except TurnLost:
            raise SystemExit("another ingest took over while the database was away: starting anew") from None
        finally:
            self._thread.shutdown()

    async def _wait_for_turn(self) -> bool:
        """True when it is ours; False when we are stopped before."""
        if await self._patiently(self._turn.take):
            return True
        log.warning("another ingest works on this record: standing by")
        with standing_by(self._run_folder, "ingest"):
            while not self._stopping.is_set():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), _LOOK_S)
                if not self._stopping.is_set() and await self._patiently(self._turn.take):
                    log.warning("the other ingest has ended: this one works now")
                    return True
        return False

    async def _work(self) -> None:
        client = await stream.connect(self.nats_url, name="ingest")
        try:
            await self._patiently(self._in_turn(partitions.ensure_months))
            await self._read(Lane(reader.Reader(client)), Lane(reader.Reader(client, stream.BULK, batch=1)))
        finally:
            await client.close()

    def _in_turn(self, work: Callable[[], T]) -> Callable[[], T]:
        """The same work, on a session that has the turn."""

        def guarded() -> T:
            self._turn.keep()
            return work()

        return guarded

    async def _read(self, live: Lane, bulk: Lane) -> None:
        """Live messages first; one slice of a bulk message whenever nothing live waits."""
        try:
            await self._read_on(live, bulk)
        finally:
            for lane in (live, bulk):
                lane.next.cancel()

    async def _read_on(self, live: Lane, bulk: Lane) -> None:
        while not self._stopping.is_set():
            if bulk.next.done():
                await asyncio.sleep(0)  # what live messages came during the last slice is seen now
            else:
                await asyncio.wait({live.next, bulk.next}, return_when=asyncio.FIRST_COMPLETED)
            if live.next.done():
                await self._store(live)
            else:
                await self._store_slice(bulk)
            await self._patiently(self._in_turn(partial(self._between, live)))

    async def _store(self, lane: Lane) -> None:
        """The batch that has come."""
        messages = lane.take()
        for group in pick([incoming(message) for message in messages]):
            await self._patiently(self._in_turn(partial(self.conductor.take, group)))
            crashpoint("ingest.before_ack")
            done = {one.seq for one in group}
            await lane.reader.done([m for m in messages if m.seq in done])
        lane.go_on()

    async def _store_slice(self, lane: Lane) -> None:
        """Some more of the message that has come; it stays in hand until all of it is stored."""
        for message in lane.take():
            if self._bulk is None:
                self._bulk = Bulk(self.conductor, incoming(message))
            if await self._patiently(self._in_turn(self._bulk.go_on)):
                return
            crashpoint("ingest.before_ack")
            await lane.reader.done([message])
            self._bulk = None
        lane.go_on()

    def _between(self, live: Lane) -> None:
        self.conductor.close_hours()
        if time.monotonic() >= self._look_again_at:
            self._look_again_at = time.monotonic() + 2
            self.conductor.notice_changes()
        # Figures of old history wait here, some each time; a quarter of a second at most, and no longer when a live
        # message has come.
        until = time.monotonic() + 0.25
        while self.conductor.compute_due() and time.monotonic() < until and not live.next.done():
            pass

    async def _patiently(self, work: Callable[[], T]) -> T:
        """Run in the database thread; wait as long as the database is away. What waits is not acknowledged."""
        loop = asyncio.get_running_loop()
        pause = 0.2
        while True:
            try:
                return await loop.run_in_executor(self._thread, work)
            except (OperationalError, InterfaceError) as error:
                log.warning(
                    "database away, trying again: %s", str(error).splitlines()[0] if str(error) else error
                )
                await loop.run_in_executor(self._thread, _drop_connection)
                if self._stopping.is_set():
                    raise
                await asyncio.sleep(pause)
                pause = min(pause * 2, 2)


def _drop_connection() -> None:
    connection.close()
    close_old_connections()
