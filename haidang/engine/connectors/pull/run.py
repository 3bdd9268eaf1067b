"""One run of one source: fetch a portion, make it durable on the wire, only then move the cursor, until nothing is left."""

from __future__ import annotations

import asyncio
import logging
import random
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from haidang.engine import clock
from haidang.engine.connectors.arrival import Accept, Arrival, Refused, TurnAway, Turned
from haidang.engine.connectors.body import Body, take
from haidang.engine.connectors.files import FileStore
from haidang.engine.connectors.pull.guard import Guard
from haidang.engine.connectors.pull.keeping import Held, Shelf
from haidang.engine.connectors.pull.kinds import portions_of
from haidang.engine.connectors.pull.login import Tokens
from haidang.engine.connectors.pull.sealing import Secret, unseal
from haidang.engine.connectors.pull.task import Pause, Portion, Task
from haidang.engine.connectors.pull.trouble import Trouble, of_refusal
from haidang.engine.connectors.pull.web import Web
from haidang.engine.connectors.roster import Way
from haidang.engine.crashpoint import crashpoint

log = logging.getLogger("haidang.pull")
# From so many failures in a row on a source is asked rarely: the breaker is open.
BREAKER = 5
_FIRST_S, _RARELY_S, _HOPELESS_S, _MOST_S = 30.0, 3600.0, 900.0, 6 * 3600.0
# What is wrong with the content itself is counted as turned away at this door, as at the others.
_TURNED = {"too_large", "too_many_records"}
# A run that takes longer gives its turn to other sources; by a cursor it goes on the next time.
_LONGEST_RUN_S = 3600


@dataclass(slots=True)
class Kit:
    """What every run is given."""

    accept: Accept
    turn_away: TurnAway
    guard: Guard
    store: FileStore
    shelf: Shelf
    home: Path
    pause: Pause = asyncio.sleep
    tokens: Tokens = field(default_factory=Tokens)
    random: Callable[[], float] = random.random


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a run. `state` is done, failed or busy (another puller is at it). `notes`: what happened in it that
    did not end it.
    """

    state: str
    records: int = 0
    deliveries: int = 0
    trouble: Trouble | None = None
    next_at: datetime | None = None
    notes: tuple[Trouble, ...] = ()


def next_after(every_s: float, failures: int, trouble: Trouble | None, chance: float) -> timedelta:
    """How long until the next run; `chance` in [0, 1) spreads those who would all come at once.

    After a success the promised interval. What may pass is tried again soon, then less and less often; what somebody
    must mend first (a refused login, a wrong address) is asked rarely from the start, so that no account is locked
    for it. What is wrong with one file of a folder makes the others wait a little at most. What the other side asked for
    (Retry-After) is kept in any case.
    """
    if trouble is None:
        return timedelta(seconds=every_s * (0.95 + 0.1 * chance))
    if trouble.passes:
        wait_s = min(_FIRST_S, every_s) * 2.0 ** min(failures, 20)
        wait_s = min(wait_s, max(every_s, _RARELY_S))
        if failures + 1 >= BREAKER:
            wait_s = max(wait_s, min(_HOPELESS_S, 60 * every_s))
    else:
        wait_s = min(max(every_s, _HOPELESS_S * 2.0 ** min(failures, 20)), max(every_s, _MOST_S))
    if trouble.is_of_one:
        wait_s = min(wait_s, max(every_s, _HOPELESS_S))
    wait_s *= 0.75 + 0.5 * chance
    return timedelta(seconds=max(wait_s, trouble.wait_s or 0.0))


async def run(way: Way, kit: Kit) -> Report:
    """Pull this source once. Raises psycopg.Error when the record is away; all else ends in the report."""
    assert way.pull is not None  # noqa: S101 - only such ways are run
    async with kit.shelf.hold(way.address) as held:
        if held is None:
            return Report("busy")
        return await _held(way, kit, held)


async def _held(way: Way, kit: Kit, held: Held) -> Report:
    secret, trouble, deliveries = Secret(), None, 0
    notes: list[Trouble] = []
    pull: Any = way.pull
    web = Web(kit.guard, ports=pull.open_ports(), timeout_s=pull.timeout, size_mb=pull.size_mb)
    try:
        if held.sealed is not None:
            secret = unseal(kit.home, held.sealed, way.address)
        task = Task(
            way.address,
            way.format,
            pull,
            held.cursor,
            held.seen,
            secret,
            web,
            kit.guard,
            kit.store,
            kit.pause,
            kit.random,
            notes,
        )
        async with asyncio.timeout(_LONGEST_RUN_S), aclosing(portions_of(task, kit.tokens)) as portions:
            async for portion in portions:
                records = await _deliver(way, kit, portion)
                deliveries += records > 0
                await held.move(portion, records)
                crashpoint("pull.after_move")
    except Trouble as error:
        trouble = error
    except Refused as refused:
        # What is wrong with the content itself is theirs; all else is our own stream or disk.
        trouble = of_refusal(refused, pull.place().host)
    except TimeoutError:
        trouble = Trouble("too_slow", host=pull.place().host, limit_s=_LONGEST_RUN_S)
    except psycopg.Error:
        raise
    except Exception as error:  # noqa: BLE001 - a fault of one source is told, and harms no other
        # Without what its words may hold of a secret, as log.exception would not.
        words = secret.scrub("".join(traceback.format_exception(error)))
        log.error("%s: %s", way.address, words)  # noqa: TRY400
        trouble = Trouble("ours", cause=type(error).__name__)
    finally:
        await web.close()
    return await _end(way, kit, held, trouble, notes, secret, deliveries)


async def _end(
    way: Way,
    kit: Kit,
    held: Held,
    trouble: Trouble | None,
    notes: list[Trouble],
    secret: Secret,
    deliveries: int,
) -> Report:
    pull: Any = way.pull
    for note in notes:
        note.detail = {name: secret.scrub(text) for name, text in note.detail.items()}
        log.info("%s: %s %s", way.address, note.reason, note.detail)
    next_at = clock.now() + next_after(pull.every, held.failures, trouble, kit.random())
    if trouble is None:
        await held.done(next_at, notes)
        return Report("done", held.records, deliveries, None, next_at, tuple(notes))
    detail = {name: secret.scrub(text) for name, text in trouble.detail.items()}
    trouble.detail = {"source": way.address, **detail}
    await held.failed(trouble, next_at, notes)
    if trouble.reason in _TURNED:
        kit.turn_away(
            Turned(door="pull", source=way.address, reason=trouble.reason, user="", at=clock.timestamp())
        )
    log.warning("%s: %s %s; again at %s", way.address, trouble.reason, trouble.detail, next_at.isoformat())
    return Report("failed", held.records, deliveries, trouble, next_at, tuple(notes))


async def _deliver(way: Way, kit: Kit, portion: Portion) -> int:
    """Returns when it is on disk with fsync: how many records it holds."""
    if portion.body is None:
        return 0
    whole = portion.body
    if not isinstance(whole, Body):
        whole = await take(_once(whole), kit.store, gzip=False)
    try:
        body, file, records = await whole.settle(portion.form)
    finally:
        whole.drop()
    arrival = Arrival(
        source=way.address,
        door="pull",
        received_at=clock.timestamp(),
        credential="",
        name=portion.name[:255],
        format=portion.form,
        body=body,
        file=file,
        size=whole.size,
        records=records,
    )
    await kit.accept(arrival)
    crashpoint("pull.after_accept")
    return records


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body
