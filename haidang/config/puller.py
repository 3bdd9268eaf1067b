"""The process "pull": fetches from others' systems what they do not send, and publishes it like any door."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import click
from nats.aio.client import Client

from haidang.config import addresses, settings
from haidang.engine.connectors.files import FileStore
from haidang.engine.connectors.pull.guard import Guard, Internal
from haidang.engine.connectors.pull.keeping import Shelf
from haidang.engine.connectors.pull.puller import Puller
from haidang.engine.connectors.pull.run import Kit, Report, run
from haidang.engine.connectors.roster import Roster, Way
from haidang.engine.wire import stream
from haidang.engine.wire.publisher import Publisher

log = logging.getLogger("haidang.pull")
_PATIENCE_S = 10


def guard() -> Guard:
    try:
        return Guard(Internal.of(settings.HAIDANG_PULL_INTERNAL))
    except ValueError as error:
        raise SystemExit(f"HAIDANG_PULL_INTERNAL: {error}; write so.tinh.local, 10.12.0.5:5432.") from None


async def _connect(home: Path) -> Client:
    """The stream's server may start after us."""
    while True:
        if url := addresses.nats_url(home):
            with contextlib.suppress(OSError, TimeoutError):
                return await stream.connect(url, name="pull")
        await asyncio.sleep(0.2)


@asynccontextmanager
async def kit(home: Path, *, patience_s: float | None = None) -> AsyncIterator[tuple[Kit, Publisher]]:
    """All a run needs, with a connection to the stream that closes with it. Raises TimeoutError when its server has
    not answered within `patience_s`.
    """
    judge = guard()
    async with asyncio.timeout(patience_s):
        client = await _connect(home)
    try:
        publisher = Publisher(client, birth=await stream.wait_for(client))
        store = FileStore(home / "files", "incoming-pull")
        store.incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield (
            Kit(
                accept=publisher.accept,
                turn_away=publisher.turn_away,
                guard=judge,
                store=store,
                shelf=Shelf(addresses.database_url(home)),
                home=home,
            ),
            publisher,
        )
        await publisher.tell_turned()
    finally:
        await client.close()


async def serve(home: Path, *, only: str = "") -> None:
    """Until SIGTERM, or until the stream's connection is of no use any more: then the process is started anew."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    work = asyncio.create_task(_serve(home, only))
    stop = asyncio.create_task(stopping.wait())
    done, _ = await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
    work.cancel()
    stop.cancel()
    await asyncio.gather(work, stop, return_exceptions=True)
    if work in done:
        work.result()


async def _serve(home: Path, only: str) -> None:
    async with kit(home) as (given, publisher):
        parts: list[Coroutine[Any, Any, None]] = [
            Puller(Roster(home), given, only=only).run(),
            publisher.tell_turned_for_ever(),
        ]
        async with asyncio.TaskGroup() as group:
            for part in parts:
                group.create_task(part)


async def once(home: Path, way: Way) -> Report:
    """One run of one source, now. Raises ClickException when the stream's server does not answer."""
    try:
        async with kit(home, patience_s=_PATIENCE_S) as (given, _):
            return await run(way, given)
    except TimeoutError:
        raise click.ClickException(
            f"The stream does not answer; start the centre with haidang up (home: {home})."
        ) from None


def way_of(home: Path, address: str) -> Way:
    """What the doors know of this source. Raises ClickException."""
    way = Roster(home).way(address)
    if way is None:
        raise click.ClickException(f"There is no source {address}; see haidang source list.")
    if way.pull is None:
        raise click.ClickException(f"{address} is not pulled: its YAML has no `pull:`.")
    return way
