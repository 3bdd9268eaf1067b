"""Bring the doors' roster in the home up to the record, at start and whenever keys change."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

import psycopg

from haidang.engine.connectors.roster import Content, Pass, Roster, Way
from haidang.engine.contracts.standing import stand
from haidang.engine.contracts.tree import Place, load_tree

log = logging.getLogger("haidang.roster")
CHANNEL = "haidang_credentials"
_VALID = """
SELECT c."user", s.address, c.password_hash, c.key_sha256, c.stations, c.label
FROM store_credential c JOIN store_source s ON s.id = c.source_id
WHERE c.revoked_at IS NULL AND s.is_active ORDER BY c.id
"""
# To ask for a row of a table that is not there would be an error in the server's log.
_TABLE = "SELECT to_regclass('store_credential')"
_IN_FORCE = "SELECT kind, address, body FROM store_contentfile WHERE superseded_at IS NULL"


def ways(database: str) -> list[Way]:
    """What the doors must know of each source, from the content files; where one does not hold, as it was before."""

    def earlier() -> dict[Place, str]:
        with psycopg.connect(database, connect_timeout=5) as connection:
            found = connection.execute(_IN_FORCE).fetchall()
        return {(kind, address): body for kind, address, body in found}

    return [
        Way(address=address, format=entry.thing.format, doors=list(entry.thing.doors), pull=entry.thing.pull)
        for address, entry in sorted(stand(load_tree(), {}, earlier).sources.items())
    ]


def _content(known: list[Way], rows: list[tuple[str, str, str, str, list[str] | None, str]]) -> Content:
    credentials = [
        Pass(user=user, source=source, password_hash=password, key_sha256=key, stations=stations, label=label)
        for user, source, password, key, stations, label in rows
    ]
    return Content(sources=known, credentials=credentials)


# Whoever writes reads under this lock: what was read before another wrote must not take the place of what he wrote, or
# a key that was just given out would be a stranger's again for a moment.
_ALONE = "SELECT pg_advisory_xact_lock(1212238149)"


def write_roster(database: str, home: Path) -> bool:
    """Once, now; says whether anything changed."""
    found = ways(database)
    with psycopg.connect(database, connect_timeout=5) as connection:
        connection.execute(_ALONE)
        return Roster(home).write(_content(found, connection.execute(_VALID).fetchall()))


async def _prepared(connection: psycopg.AsyncConnection[Any]) -> bool:
    """Are the tables there? A centre that starts for the first time opens its doors before."""
    return (await (await connection.execute(_TABLE)).fetchone()) != (None,)


async def follow(database: str, home: Path) -> None:
    """For ever: read when told, and every half minute in case a notice was missed."""
    roster = Roster(home)
    while True:
        try:
            connection = await psycopg.AsyncConnection.connect(database, autocommit=True, connect_timeout=5)
            async with connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                while True:
                    if not await _prepared(connection):
                        async for _ in connection.notifies(timeout=1, stop_after=1):
                            break
                        continue
                    # The content first: it takes longest, and keys given out meanwhile are read after it.
                    found = await asyncio.to_thread(ways, database)
                    async with connection.transaction():
                        await connection.execute(_ALONE)
                        rows = await (await connection.execute(_VALID)).fetchall()
                        content = _content(found, rows)
                        is_new = roster.write(content)
                    if is_new:
                        log.info("roster: %d credentials", len(content.credentials))
                    async for _ in connection.notifies(timeout=30, stop_after=1):
                        break
        except (psycopg.Error, OSError) as error:
            log.warning("keys stay as they were, the database is away: %s", str(error).partition("\n")[0])
            await asyncio.sleep(1)
