"""The doors' roster says what the record says: a slow writer does not bring back what he read before another wrote."""

from __future__ import annotations

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
