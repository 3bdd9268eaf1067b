"""Pullers of one record: who may run, what is kept of a run."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import msgspec
import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from haidang.engine import clock
from haidang.engine.connectors.arrival import Arrival, Receipt
from haidang.engine.connectors.pull.keeping import Shelf
from haidang.engine.connectors.pull.puller import Puller
from haidang.engine.connectors.pull.run import Kit, run
from haidang.engine.connectors.pull.task import Portion
from haidang.engine.connectors.pull.trial import Bench, Reply, service
from haidang.engine.connectors.roster import Content, Roster, Way

ROWS = {"luc": "2026-11-01T00:00:00Z", "so": 1, "tram": "A"}
FIELDS = {"station": "tram", "at": "luc", "parameter": {"text": "P"}, "value": "so"}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path, internal="127.0.0.0/8")


@pytest.fixture
def database(transactional_db: None) -> str:
    have = connection.settings_dict
    return make_conninfo(dbname=have["NAME"], user=have["USER"], host=have["HOST"], port=have["PORT"] or None)


@pytest.fixture
def kit(bench: Bench, database: str) -> Kit:
    kit = bench.kit()
    kit.shelf = Shelf(database)
    return kit


def states(database: str) -> list[tuple[object, ...]]:
    with psycopg.connect(database) as asked:
        return asked.execute(
            "SELECT address, cursor, failures, reason, detail, records, total, next_at FROM store_pull"
        ).fetchall()


async def test_one_puller_at_a_time_its_place_and_its_trouble_are_kept(
    bench: Bench, kit: Kit, database: str
) -> None:
    """Two pullers of one source: the second stands back. Then a failure, which the next run and the page know of."""
    is_asked, may_answer = asyncio.Event(), asyncio.Event()
    accept = kit.accept

    async def slowly(arrival: Arrival) -> Receipt:
        is_asked.set()
        await may_answer.wait()
        return await accept(arrival)

    kit.accept = slowly
    since = {"field": "so", "parameter": "tu", "form": "key"}
    async with service(lambda _: Reply([ROWS])) as there:
        pull = {"kind": "rest", "url": there.url, "fields": FIELDS, "since": since}
        way = bench.way(pull)
        # The roster tells the puller what there is; a second look while it runs starts nothing.
        roster = Roster(bench.home)
        roster.write(Content(sources=[way, Way(address="c.d", doors=["push"])]))
        assert roster.way("a.b") == way
        puller = Puller(roster, kit)
        assert await puller.look() == ["a.b"]
        await is_asked.wait()
        assert await puller.look() == []
        assert (await run(way, kit)).state == "busy"
        may_answer.set()
        await asyncio.gather(*puller._running.values())
        ((address, cursor, failures, reason, detail, records, total, next_at),) = states(database)
        assert (address, cursor["since"], failures, reason, detail) == ("a.b", 1, 0, "", {})
        assert (records, total) == (1, 1)
        assert timedelta(seconds=50) < next_at - clock.now() <= timedelta(seconds=63)
        assert await puller.look() == []

        there.answer = lambda _: Reply(b"", 401)
        assert (await run(way, kit)).state == "failed"
        assert states(database)[0][1:5] == (
            cursor,
            1,
            "refused_us",
            {"source": "a.b", "host": "127.0.0.1", "status": "401"},
        )
        assert there.asked[-1].query == {"tu": "1"}


async def test_what_a_run_went_on_over_is_kept_until_the_next_one(
    bench: Bench, kit: Kit, database: str
) -> None:
    def notes() -> object:
        with psycopg.connect(database) as asked:
            return asked.execute("SELECT notes, reason FROM store_pull").fetchone()

    note = {"reason": "end_unproven", "detail": {"host": "127.0.0.1", "rows": "1"}}
    paging = {"kind": "page", "parameter": "trang"}
    since = {"field": "so", "parameter": "tu", "form": "key"}
    async with service(lambda asked: Reply([ROWS] if asked.query["trang"] == "1" else [])) as there:
        way = bench.way(
            {"kind": "rest", "url": there.url, "fields": FIELDS, "since": since, "paging": paging}
        )
        assert (await run(way, kit)).state == "done"
        assert notes() == ([note], "")
        there.answer = lambda _: Reply(b"", 401)
        await run(way, kit)
        assert notes() == ([], "refused_us")


async def test_a_slow_system_keeps_the_room_of_its_own_host_and_of_no_other(bench: Bench, kit: Kit) -> None:
    at_the_slow, quick, may_go_on = [0, 0], asyncio.Event(), asyncio.Event()
    accept = kit.accept

    async def accepted(arrival: Arrival) -> Receipt:
        if arrival.source == "quick.one":
            quick.set()
            return await accept(arrival)
        at_the_slow[0] += 1
        at_the_slow[1] = max(at_the_slow)
        await may_go_on.wait()
        at_the_slow[0] -= 1
        return await accept(arrival)

    kit.accept = accepted
    async with (
        service(lambda _: Reply([ROWS])) as slow,
        service(lambda _: Reply([ROWS]), "127.0.0.2") as other,
        asyncio.timeout(60),
    ):
        pull = {"kind": "rest", "url": slow.url, "fields": FIELDS}
        ways = [msgspec.structs.replace(bench.way(pull), address=f"slow.n{n}") for n in range(8)]
        ways.append(msgspec.structs.replace(bench.way(pull | {"url": other.url}), address="quick.one"))
        roster = Roster(bench.home)
        roster.write(Content(sources=ways))
        puller = Puller(roster, kit)
        assert len(await puller.look()) == 9
        running = [*puller._running.values()]
        await quick.wait()
        may_go_on.set()
        await asyncio.gather(*running)
    assert len(bench.arrivals) == 9
    assert at_the_slow[1] <= 2


async def test_files_that_are_done_are_kept_one_by_one_with_the_cursor(database: str) -> None:
    shelf = Shelf(database)
    for done, gone, kept in (
        ({"a": "1:2", "b": "3:4"}, frozenset(), {"a": "1:2", "b": "3:4"}),
        ({"a": "5:6"}, frozenset({"b", "never"}), {"a": "5:6"}),
    ):
        async with shelf.hold("x.y") as held:
            assert held is not None
            await held.move(Portion({"n": 1}, done=done, gone=gone), 3)
        async with shelf.hold("x.y") as held:
            assert held is not None
            assert (held.seen, held.cursor) == (kept, {"n": 1})
