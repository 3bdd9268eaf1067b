"""One ingest at a time: a second stands by, says so, and takes over."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from haidang.engine import standby
from haidang.engine.ingest import process as module
from haidang.engine.ingest import turn
from haidang.engine.ingest.process import Process
from haidang.engine.ingest.turn import Turn, TurnLost


@pytest.fixture
def other(transactional_db: None) -> Iterator[psycopg.Connection]:
    """The session of another ingest."""
    have = connection.settings_dict
    database = make_conninfo(
        dbname=have["NAME"], user=have["USER"], host=have["HOST"], port=have["PORT"] or None
    )
    with psycopg.connect(database, autocommit=True) as found:
        yield found
    connection.close()


def _lock(other: psycopg.Connection) -> None:
    other.execute("SELECT pg_advisory_lock(%s)", [turn._LOCK])


def _unlock(other: psycopg.Connection) -> None:
    other.execute("SELECT pg_advisory_unlock(%s)", [turn._LOCK])


def test_a_turn_is_taken_when_it_is_free_and_held_over_many_transactions(other: psycopg.Connection) -> None:
    _lock(other)
    mine = Turn()
    assert not mine.take()
    _unlock(other)
    assert mine.take()
    assert mine.take()
    row = other.execute("SELECT pg_try_advisory_lock(%s)", [turn._LOCK]).fetchone()
    assert row == (False,)


def test_a_lost_session_takes_its_turn_again_unless_another_has_it(other: psycopg.Connection) -> None:
    mine = Turn()
    mine.keep()
    connection.close()
    mine.keep()
    connection.close()
    _lock(other)
    with pytest.raises(TurnLost):
        mine.keep()


async def test_a_second_process_stands_by_says_so_and_takes_over(
    other: psycopg.Connection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(module, "_LOOK_S", 0.02)
    monkeypatch.setattr(module, "conductor", lambda: None)
    await asyncio.to_thread(_lock, other)
    process = Process("nats://nowhere", tmp_path)
    waiting = asyncio.create_task(process._wait_for_turn())
    async with asyncio.timeout(20):
        while not standby.found(tmp_path):  # noqa: ASYNC110 - a file tells it
            await asyncio.sleep(0.01)
        (row,) = standby.found(tmp_path)
        assert (row["name"], row["state"]) == ("ingest", "standby")
        await asyncio.to_thread(_unlock, other)
        assert await waiting
    assert standby.found(tmp_path) == []
    assert "standing by" in caplog.text
    assert "works now" in caplog.text
    await asyncio.get_running_loop().run_in_executor(process._thread, module._drop_connection)
    process._thread.shutdown()


async def test_one_that_stands_by_ends_when_it_is_told_to(
    other: psycopg.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "conductor", lambda: None)
    await asyncio.to_thread(_lock, other)
    process = Process("nats://nowhere", tmp_path)
    waiting = asyncio.create_task(process._wait_for_turn())
    async with asyncio.timeout(20):
        while not standby.found(tmp_path):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        process._stopping.set()
        assert not await waiting
    await asyncio.get_running_loop().run_in_executor(process._thread, module._drop_connection)
    process._thread.shutdown()


def test_a_note_of_a_dead_process_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "standby-ingest-1").write_text("{}")
    assert standby.found(tmp_path) == []
    assert list(tmp_path.iterdir()) == []
