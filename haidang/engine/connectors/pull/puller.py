"""Whose turn it is: every source with `pull:` at its time, a few at once, each at most once."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

import psycopg

from haidang.engine import clock
from haidang.engine.connectors.pull.keeping import Turn
from haidang.engine.connectors.pull.run import Kit, run
from haidang.engine.connectors.roster import Roster, Way

log = logging.getLogger("haidang.pull")
_LOOK_S = 2.0
# Most of a run is waiting for the other side. Who is slow keeps the room of his own system, and leaves the others theirs.
_AT_ONCE = 12
_AT_ONCE_OF_A_HOST = 2
_AWAY_S = 5.0
_FAULT_S = 60.0


class Puller:
    """The loop of the process `pull`. `only` narrows it to one source."""

    def __init__(self, roster: Roster, kit: Kit, *, only: str = "") -> None:
        self._roster, self._kit, self._only = roster, kit, only
        self._running: dict[str, asyncio.Task[None]] = {}
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._room_at: dict[str, asyncio.Semaphore] = {}

    async def run(self) -> None:
        """Until it is cancelled."""
        try:
            while True:
                await self.look()
                await asyncio.sleep(_LOOK_S)
        finally:
            for task in self._running.values():
                task.cancel()
            await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def look(self) -> list[str]:
        """Start what is due and not under way; which those are."""
        ways = [
            way for way in self._roster.ways() if way.pull is not None and self._only in ("", way.address)
        ]
        if not ways:
            return []  # a centre that pulls nothing does not ask its record about it
        try:
            turns = await self._kit.shelf.turns()
        except (psycopg.Error, OSError) as error:
            log.warning("nothing is pulled, the database is away: %s", str(error).partition("\n")[0])
            await asyncio.sleep(_AWAY_S)
            return []
        started = [
            way for way in ways if way.address not in self._running and _is_due(way, turns.get(way.address))
        ]
        for way in started:
            self._running[way.address] = asyncio.create_task(self._one(way))
        return [way.address for way in started]

    async def _one(self, way: Way) -> None:
        try:
            # First that of the host: whoever waits there must not hold what others could use.
            async with self._room_of(way), self._room:
                await run(way, self._kit)
        except (psycopg.Error, OSError) as error:
            # Whatever was taken stands on the wire; the cursor stays behind and what comes again is a duplicate.
            log.warning("%s: the database is away: %s", way.address, str(error).partition("\n")[0])
            await asyncio.sleep(_AWAY_S)
        except Exception:
            # A run tells its troubles itself; this one could not even be begun or kept.
            log.exception("%s: a fault of ours", way.address)
            await asyncio.sleep(_FAULT_S)
        finally:
            self._running.pop(way.address, None)

    def _room_of(self, way: Way) -> asyncio.Semaphore:
        assert way.pull is not None  # noqa: S101 - only such ways are started
        return self._room_at.setdefault(way.pull.place().host, asyncio.Semaphore(_AT_ONCE_OF_A_HOST))


def _is_due(way: Way, turn: Turn | None) -> bool:
    """At the time set after its last run; earlier where all was well and the file promises a shorter interval by now."""
    assert way.pull is not None  # noqa: S101 - only such ways are asked for
    now = clock.now()
    if turn is None or turn.next_at is None or turn.next_at <= now:
        return True
    longest = timedelta(seconds=1.05 * way.pull.every)
    return turn.failures == 0 and turn.ended_at is not None and turn.ended_at + longest <= now
