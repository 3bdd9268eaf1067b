"""A query on a real PostgreSQL, reached through a relay that can cut the line: nothing missed, nothing changed there."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
import pytest
from psycopg import sql

from haidang.engine.connectors.pull.sealing import Secret
from haidang.engine.connectors.pull.trial import Bench, Lost
from haidang.engine.connectors.pull.trouble import told

FIELDS = {"station": "tram", "at": "luc", "parameter": {"text": "P"}, "value": "so"}


@dataclass
class Relay:
    """The test's own server on a port of 127.0.0.1. `cut_after` bytes from it the line breaks."""

    socket: str
    cut_after: int = 0
    port: int = 0
    came: int = 0
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.came += 1
        task = asyncio.current_task()
        assert task
        self.tasks.add(task)
        there, here = await asyncio.open_unix_connection(self.socket)
        left = [self.cut_after or 1 << 40]

        async def carry(source: asyncio.StreamReader, target: asyncio.StreamWriter, *, counts: bool) -> None:
            while (piece := await source.read(4096)) and left[0] > 0:
                left[0] -= len(piece) if counts else 0
                target.write(piece)
                await target.drain()
            writer.close()
            here.close()

        await asyncio.gather(
            carry(reader, here, counts=False), carry(there, writer, counts=True), return_exceptions=True
        )


@asynccontextmanager
async def relay() -> AsyncIterator[Relay]:
    there = urlsplit(os.environ["DATABASE_URL"])
    found = Relay(f"{unquote(there.hostname or there.netloc.rpartition('@')[2])}/.s.PGSQL.5432")
    server = await asyncio.start_server(found.take, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        server.close()
        # Each line ends when the other side does: then the server behind has let go of its locks.
        await asyncio.wait_for(asyncio.gather(*found.tasks), 10)


@pytest.fixture
def table() -> Iterator[tuple[psycopg.Connection[Any], str]]:
    """A table of theirs, in a schema of its own."""
    name = f"pull_{os.getpid()}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
        connection.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(name)))
        connection.execute("SET lock_timeout = '10s'")
        connection.execute(
            "CREATE TABLE do_man (id bigint, tram text, luc timestamp, so numeric(9, 2), sua timestamptz)"
        )
        try:
            yield connection, name
        finally:
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))


def put(table: tuple[psycopg.Connection[Any], str], first: int, last: int, so: str = "1.50") -> None:
    table[0].execute(
        "INSERT INTO do_man SELECT n, 'A', '2026-11-01'::timestamp + n * interval '1 minute', %s,"
        " '2026-11-01 00:00+07'::timestamptz + n * interval '1 minute' FROM generate_series(%s::int, %s) AS n",
        (so, first, last),
    )


@pytest.fixture
def sql_bench(bench: Bench) -> Bench:
    bench.let_in(Secret(user="haidang", password="geheim"))
    return bench


def wanted(port: int, name: str, step: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    query = f"SELECT *, 100 % 3 AS du FROM {name}.do_man"  # noqa: S608 - and a percent sign is nothing special
    url = f"postgresql://127.0.0.1:{port}/postgres"
    return {
        "kind": "sql",
        "url": url,
        "query": query,
        "fields": FIELDS,
        "batch": 10,
        "tls": "off",
        "step": step,
        **more,
    }


KEY = {"column": "id", "kind": "key"}
TIME = {"column": "luc", "kind": "time", "overlap": 120}


async def test_rows_come_by_key_and_only_new_ones_come_again(sql_bench: Bench, table: Any) -> None:
    put(table, 1, 25)
    async with relay() as there:
        pull = wanted(there.port, table[1], KEY)
        report = await sql_bench.run(pull)
        assert (report.state, report.records, report.deliveries) == ("done", 25, 3)
        assert sql_bench.messages()[0] == {
            "station": "A",
            "readings": [{"parameter": "P", "value": 1.5, "at": "2026-11-01T00:01:00+07:00"}],
            "row": {"tram": "A", "luc": "2026-11-01T00:01:00", "so": "1.50"},
        }
        assert sql_bench.memory.cursor["since"] == 25
        put(table, 26, 27)
        assert (await sql_bench.run(pull)).records == 2
        assert (await sql_bench.run(pull)).records == 0


async def test_a_number_committed_late_is_found_within_the_keys_back(sql_bench: Bench, table: Any) -> None:
    put(table, 1, 4)
    put(table, 6, 9)
    async with relay() as there:
        pull = wanted(there.port, table[1], {**KEY, "keys_back": 5})
        await sql_bench.run(pull)
        put(table, 5, 5, "5")
        assert (await sql_bench.run(pull)).records == 1
    assert sql_bench.values()[-1] == 5.0


@pytest.mark.parametrize("column", ["luc", "sua"])
async def test_rows_come_by_time_with_an_overlap_whether_it_has_a_zone_or_not(
    sql_bench: Bench, table: Any, column: str
) -> None:
    put(table, 1, 25)
    async with relay() as there:
        pull = wanted(there.port, table[1], {**TIME, "column": column})
        assert (await sql_bench.run(pull)).records == 25
        assert sql_bench.memory.cursor["since"] == "2026-10-31T17:25:00+00:00"
        put(table, 24, 24, "24")  # corrected within the overlap
        put(table, 10, 10, "10")  # too late for it
        put(table, 26, 26)
        assert (await sql_bench.run(pull)).records == 2
    assert sql_bench.values()[25:] == [24.0, 1.5]


async def test_a_cut_run_goes_on_from_its_last_batch_without_a_gap(sql_bench: Bench, table: Any) -> None:
    put(table, 1, 35)
    async with relay() as there:
        pull = wanted(there.port, table[1], KEY)
        sql_bench.memory.lost_at_move = 2
        with pytest.raises(Lost):
            await sql_bench.run(pull)
        assert sql_bench.memory.cursor["since"] == 10
        assert (await sql_bench.run(pull)).records == 25
        # 11 to 20 came twice: the wire had them, the cursor did not. None is missing.
        assert len(sql_bench.values()) == 45
        there.cut_after = 1000
        sql_bench.memory.cursor = {}
        report = await sql_bench.run(pull)
    assert report.trouble
    assert report.trouble.reason in ("broken_off", "unreachable")
    assert len({message["readings"][0]["at"] for message in sql_bench.messages()}) == 35


async def test_a_query_without_a_step_gives_what_is_new_or_changed(sql_bench: Bench, table: Any) -> None:
    put(table, 1, 12)
    async with relay() as there:
        pull = wanted(there.port, table[1])
        assert (await sql_bench.run(pull)).records == 12
        table[0].execute("UPDATE do_man SET so = 7 WHERE id = 3")
        assert (await sql_bench.run(pull)).records == 1
    assert sql_bench.values()[12:] == [7.0]


async def test_nothing_can_be_changed_there_and_what_is_wrong_is_told(sql_bench: Bench, table: Any) -> None:
    put(table, 1, 2)
    connection, name = table
    connection.execute(
        sql.SQL(
            "CREATE FUNCTION xoa() RETURNS int LANGUAGE plpgsql AS 'BEGIN DELETE FROM {}.do_man; RETURN 1; END'"
        ).format(sql.Identifier(name))
    )

    async def wrong(port: int, query: str, **more: Any) -> str:
        report = await sql_bench.run(wanted(port, name, query=query, **more))
        assert report.trouble
        return f"{report.trouble.reason}: {report.trouble.detail.get('why', '')}"

    async with relay() as there:
        assert "cannot execute DELETE in a read-only transaction" in await wrong(
            there.port, f"SELECT {name}.xoa()"
        )
        # Whoever leaves the brackets is still in one statement of the same transaction.
        assert "cannot execute DELETE" in await wrong(there.port, f"SELECT 1) AS x, {name}.xoa(")
        mode = "SELECT set_config('transaction_read_only', 'off', false)"
        assert "read-write mode" in await wrong(there.port, mode)
        assert "syntax error" in await wrong(there.port, "SELECT 1) DELETE FROM (x")
        assert "does not exist" in await wrong(there.port, "SELECT * FROM khong_co")
        assert await wrong(there.port, "SELECT pg_sleep(9)", timeout=1) == "too_slow: "
        assert "not exist" in await wrong(
            there.port, "SELECT 1", url=f"postgresql://127.0.0.1:{there.port}/khong-co"
        )
        assert await wrong(there.port, "SELECT 1", tls="encrypt") == "tls: "
        sql_bench.let_in(Secret(user="nguoi-la", password="geheim"))
        assert await wrong(there.port, "SELECT 1") == "refused_us: "
        came = there.came
        sql_bench.internal = ""
        assert await wrong(there.port, "SELECT 1") == "closed_address: "
        assert there.came == came
    (count,) = connection.execute("SELECT count(*) FROM do_man").fetchone() or (0,)
    assert count == 2


async def test_a_row_with_a_value_that_we_have_no_type_for_is_refused_for_it_and_ends_nothing(
    sql_bench: Bench, table: Any
) -> None:
    """Times without end, before Christ or after 9999, a whole batch of them, numbers that are none: each its row only."""
    connection, _ = table
    put(table, 1, 25)
    odd = ["-infinity", "0044-03-15 BC", "0001-01-01", *["infinity"] * 12, "10000-01-01", None]
    for number, time in enumerate(odd, 101):
        connection.execute("INSERT INTO do_man VALUES (%s, 'A', %s, %s, %s)", (number, time, number, time))
    connection.execute(
        "INSERT INTO do_man VALUES (200, 'A', '2026-11-01 00:26', 'NaN', '2026-11-01 00:26+07')"
    )
    async with relay() as there:
        for column in ("luc", "sua"):
            again = Bench(sql_bench.home)
            again.memory.sealed = sql_bench.memory.sealed
            pull = wanted(there.port, table[1], {**TIME, "column": column})
            report = await again.run(pull)
            assert (report.state, report.records) == ("done", 25 + 16 + 1)  # none without a time, as ever
            assert again.memory.cursor["since"] == "2026-10-31T17:26:00+00:00"
            # The latest of the real ones is the mark; only those after it, or none, come again, and they are known.
            connection.execute(
                "INSERT INTO do_man VALUES (300, 'A', '2026-11-01 00:27', 27, '2026-11-01 00:27+07')"
            )
            report = await again.run(pull)
            assert (report.state, report.records) == ("done", 1)
            assert again.memory.cursor["since"] == "2026-10-31T17:27:00+00:00"
            connection.execute("DELETE FROM do_man WHERE id = 300")
            (note,) = report.notes
            assert "times in " + column in told(note.reason, note.detail).en
    stamps = [message["readings"][0]["at"] for message in again.messages()]
    assert (stamps[0], stamps.count("infinity")) == ("-infinity", 12)
    assert "0044-03-15 00:00:00 BC" in stamps
    assert "NaN" in again.values()


@pytest.mark.parametrize("odd", ["infinity", "-infinity", "0001-01-01"])
async def test_a_time_that_is_none_is_no_mark_even_alone(sql_bench: Bench, table: Any, odd: str) -> None:
    table[0].execute("INSERT INTO do_man VALUES (1, 'A', %s, 1, now())", (odd,))
    async with relay() as there:
        pull = wanted(there.port, table[1], TIME)
        assert (await sql_bench.run(pull)).state == "done"
        assert "since" not in sql_bench.memory.cursor
        put(table, 1, 3)
        assert (await sql_bench.run(pull)).records == 3
    assert sql_bench.memory.cursor["since"] == "2026-10-31T17:03:00+00:00"


async def test_other_values_without_a_type_of_ours_and_other_settings_of_theirs(
    sql_bench: Bench, table: Any
) -> None:
    query = (
        "SELECT 'A' AS tram, '24:00'::time AS gio, '1e400'::numeric AS lon, interval '9999999 years' AS lau,"
        " daterange('2026-01-01', 'infinity') AS khoang, ARRAY['infinity'::date] AS ngay, '2026-11-01'::timestamp AS luc,"
        " ('{\"a\": ' || repeat('9', 5000) || '}')::jsonb AS so"
    )
    fields = {**FIELDS, "keep": ["gio", "lau", "khoang", "ngay"]}
    async with relay() as there:
        report = await sql_bench.run(wanted(there.port, table[1], query=query, fields=fields))
    assert (report.state, report.records) == ("done", 1)
    (message,) = sql_bench.messages()
    assert (message["row"]["gio"], message["row"]["ngay"]) == ("24:00:00", ["infinity"])
    assert message["readings"][0]["at"] == "2026-11-01T00:00:00+07:00"


async def test_a_mark_of_another_kind_of_step_is_left(sql_bench: Bench, table: Any) -> None:
    put(table, 1, 3)
    sql_bench.memory.cursor = {"since": "2026-10-31T17:25:00+00:00"}
    async with relay() as there:
        assert (await sql_bench.run(wanted(there.port, table[1], KEY))).records == 3
    assert sql_bench.memory.cursor["since"] == 3
