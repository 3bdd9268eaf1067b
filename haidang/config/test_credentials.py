"""The doors' roster says what the record says: a slow writer does not bring back what he read before another wrote."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from haidang.config import credentials
from haidang.engine.connectors.roster import Roster
from haidang.engine.store.credentials import issue
from haidang.engine.store.models import Source


@pytest.fixture
def database(transactional_db: None) -> str:
    have = connection.settings_dict
    return make_conninfo(dbname=have["NAME"], user=have["USER"], host=have["HOST"], port=have["PORT"] or None)


def test_keys_given_out_while_another_writes_are_in_the_roster(database: str, tmp_path: Path) -> None:
    source = Source.objects.create(
        address="thu.nguon", domain="thu", title="Nguồn thử", every_s=300, silent_after_s=900
    )
    first = issue(source=source)
    with ThreadPoolExecutor(1) as beside, psycopg.connect(database) as another:
        another.execute(credentials._ALONE)
        written = beside.submit(credentials.write_roster, database, tmp_path)
        waits = (
            "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
            " WHERE d.datname = current_database() AND l.locktype = 'advisory' AND NOT l.granted"
        )
        with psycopg.connect(database, autocommit=True) as looking:
            while not written.done() and looking.execute(waits).fetchone() == (0,):
                pass
        second = issue(source=source)
        another.rollback()
        assert written.result(timeout=60)
    roster = Roster(tmp_path)
    assert roster.by_user(first.user) is not None
    assert roster.by_user(second.user) is not None


def test_doors_that_open_before_the_tables_are_made_wait_without_an_error(
    database: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    # The tables stand in a schema that is made later, as at the first start of a centre.
    ours = make_conninfo(database, options="-c search_path=made_later", application_name="roster first start")
    asked = (
        "SELECT FROM pg_stat_activity WHERE application_name = 'roster first start'"
        " AND state = 'idle' AND query LIKE '%to_regclass%'"
    )

    async def look() -> None:
        following = asyncio.create_task(credentials.follow(ours, tmp_path))
        beside = await psycopg.AsyncConnection.connect(database, autocommit=True)
        async with beside:
            while not caplog.messages and (await (await beside.execute(asked)).fetchall()) == []:
                pass
            async with beside.transaction():
                await beside.execute("CREATE SCHEMA made_later")
                for table in ("store_credential", "store_source", "store_contentfile"):
                    await beside.execute(f"CREATE VIEW made_later.{table} AS TABLE {table}")
            try:
                while not caplog.messages and not Roster(tmp_path).path.exists():
                    await beside.execute("SELECT 1")
            finally:
                following.cancel()
                await asyncio.wait([following])
                await beside.execute("DROP SCHEMA made_later CASCADE")

    with caplog.at_level(logging.WARNING, "haidang.roster"):
        asyncio.run(look())
    assert caplog.messages == []
    assert Roster(tmp_path).way("environment.station_readings") is not None
