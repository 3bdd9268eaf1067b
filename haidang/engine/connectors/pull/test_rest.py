"""A JSON service with pages, logins and every fault we know: no gap, and nothing twice but what storing tells apart."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from haidang.engine.connectors.pull import rest
from haidang.engine.connectors.pull.trial import Asked, Bench, Lost, Reply, service
from haidang.engine.connectors.pull.trouble import told

FIELDS = {
    "station": "tram.ma",
    "at": "luc",
    "parameter": {"text": "PM2.5"},
    "value": "so",
    "unit": {"text": "µg/m3"},
}
START = datetime(2026, 11, 1, tzinfo=UTC)


def row(number: int) -> dict[str, Any]:
    return {
        "id": number, "tram": {"ma": "CONG_TRA"}, "luc": (START + timedelta(minutes=number)).isoformat(), "so": number,
    }  # fmt: skip


ROWS = [row(number) for number in range(23)]


def paged(rows: list[dict[str, Any]], asked: Asked, size: int = 5) -> list[dict[str, Any]]:
    """Pages counted from 1, or rows left out."""
    first = int(asked.query["bo"]) if "bo" in asked.query else (int(asked.query.get("trang", 1)) - 1) * size
    return rows[first : first + size]


def wanted(**more: Any) -> dict[str, Any]:
    return {"kind": "rest", "fields": FIELDS, "rows": "data.items", **more}


def items(rows: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {"data": {"items": rows, **more}}


PAGE = {"kind": "page", "parameter": "trang"}
OFFSET = {"kind": "offset", "parameter": "bo"}


async def test_a_row_becomes_a_message_and_is_kept_beside_it(bench: Bench) -> None:
    async with service(lambda _: Reply(items([ROWS[7], {"tram": None, "so": "1,5"}, 3]))) as there:
        report = await bench.run(wanted(url=f"{there.url}/api?loai=khi"))
    assert (report.state, report.records, report.deliveries) == ("done", 3, 1)
    first, second, third = bench.messages()
    assert first == {
        "station": "CONG_TRA",
        "readings": [{"parameter": "PM2.5", "value": 7, "unit": "µg/m3", "at": "2026-11-01T00:07:00+00:00"}],
        "row": {"tram.ma": "CONG_TRA", "luc": "2026-11-01T00:07:00+00:00", "so": 7},
    }
    # What is not understood is sent on, to be refused with its reason.
    assert second["readings"] == [{"parameter": "PM2.5", "value": "1,5", "unit": "µg/m3"}]
    assert "station" not in second
    assert third == {"row": 3, "readings": []}
    (arrival,) = bench.arrivals
    assert (arrival.source, arrival.door, arrival.format, arrival.records) == ("a.b", "pull", "ndjson", 3)
    assert there.asked[0].query == {"loai": "khi"}


@pytest.mark.parametrize(
    "paging",
    [
        PAGE,
        {**PAGE, "size_parameter": "cỡ", "size": 5},
        {**PAGE, "total": "data.total"},
        OFFSET,
        {**OFFSET, "total": "data.total"},
    ],
)
async def test_all_pages_are_taken_and_again_nothing(bench: Bench, paging: dict[str, Any]) -> None:
    async with service(lambda asked: Reply(items(paged(ROWS, asked), total=len(ROWS)))) as there:
        pull = wanted(url=there.url, paging=paging)
        assert (await bench.run(pull)).state == "done"
        assert bench.values() == list(range(23))
        # The same rows again are known; a corrected one is not.
        assert (await bench.run(pull)).records == 0
        there.answer = lambda asked: Reply(
            items(paged([*ROWS[:9], {**ROWS[9], "so": 99}, *ROWS[10:]], asked), total=23)
        )
        assert (await bench.run(pull)).records == 1
    assert bench.values()[23:] == [99]


async def test_a_total_that_is_no_number_is_as_none(bench: Bench) -> None:
    async with service(lambda asked: Reply(items(paged(ROWS, asked), total="²"))) as there:
        assert (
            await bench.run(wanted(url=there.url, paging={**PAGE, "total": "data.total"}))
        ).state == "done"
    assert bench.values() == list(range(23))


async def test_the_end_may_be_a_page_that_does_not_exist(bench: Bench) -> None:
    def answer(asked: Asked) -> Reply:
        rows = paged(ROWS[:10], asked)
        return Reply(items(rows)) if rows else Reply(b"Invalid page", 404)

    async with service(answer) as there:
        assert (await bench.run(wanted(url=there.url, paging=PAGE))).state == "done"
    assert bench.values() == list(range(10))


@pytest.mark.parametrize("kind", ["cursor", "link", "header"])
async def test_pages_by_token_go_on_after_a_cut_where_they_were(bench: Bench, kind: str) -> None:
    def answer(asked: Asked) -> Reply:
        first = int(asked.query.get("tiep", "0"))
        rows, after = ROWS[first : first + 5], str(first + 5) if first + 5 < len(ROWS) else None
        where = f"{there.url}/api?tiep={after}" if after else None
        if kind == "header":
            link = (
                f'<{there.url}/api>; rel="first", <{where}>; rel="next"'
                if after
                else f'<{there.url}>; rel="first"'
            )
            return Reply(items(rows), headers={"Link": link})
        return Reply(items(rows, next=after if kind == "cursor" else where))

    paging = {"kind": "link"} if kind == "header" else {"kind": kind, "next": "data.next"}
    if kind == "cursor":
        paging["parameter"] = "tiep"
    async with service(answer) as there:
        pull = wanted(url=f"{there.url}/api", paging=paging)
        bench.memory.lost_at_move = 3
        with pytest.raises(Lost):
            await bench.run(pull)
        assert bench.values() == list(range(15))  # the third page is on the wire, its cursor is not
        assert (await bench.run(pull)).state == "done"
    # From the third page on again: what comes twice is what storing tells apart.
    assert bench.values() == [*range(15), *range(10, 23)]
    assert bench.memory.cursor.keys() == {"recent"}


async def test_a_token_that_has_ended_starts_the_round_anew(bench: Bench) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.query.get("tiep") == "old":
            return Reply(b"", 410)
        return Reply(items(ROWS[:3]))

    bench.memory.cursor = {"token": "old", "fingerprint": "00"}
    async with service(answer) as there:
        pull = wanted(url=there.url, paging={"kind": "cursor", "parameter": "tiep", "next": "next"})
        assert (await bench.run(pull)).state == "done"
    assert bench.values() == [0, 1, 2]


async def test_rows_that_move_between_pages_are_not_missed(bench: Bench) -> None:
    """After the second page of the first round the service sorts anew: without a second look rows would be lost."""
    count = 0

    def answer(asked: Asked) -> Reply:
        nonlocal count
        count += 1
        return Reply(items(paged(ROWS if count <= 2 else ROWS[::-1], asked)))

    for paging in (PAGE, OFFSET):
        count = 0
        again = Bench(bench.home)
        async with service(answer) as there:
            assert (await again.run(wanted(url=there.url, paging=paging))).state == "done"
        assert sorted(again.values()) == list(range(23))


async def test_a_row_taken_away_while_we_read_hides_none_of_the_others(bench: Bench) -> None:
    """With an offset the overlapping row is missing; with page numbers the service's own count shows it."""
    count = 0

    def answer(asked: Asked) -> Reply:
        nonlocal count
        count += 1
        rows = ROWS if count == 1 else ROWS[2:]
        return Reply(items(paged(rows, asked), total=len(rows)))

    for paging in ({**PAGE, "total": "data.total"}, OFFSET):
        count = 0
        again = Bench(bench.home)
        async with service(answer) as there:
            assert (await again.run(wanted(url=there.url, paging=paging))).state == "done"
        assert sorted(again.values()) == list(range(23))


async def test_pages_that_never_hold_still_move_no_cursor(bench: Bench) -> None:
    turn = 0

    def answer(asked: Asked) -> Reply:
        nonlocal turn
        turn += 1
        return Reply(items(paged(ROWS[turn:] + ROWS[:turn], asked)))

    bench.memory.cursor = {"since": "2026-01-01T00:00:00+00:00"}
    async with service(answer) as there:
        report = await bench.run(wanted(url=there.url, paging=OFFSET))
    assert report.trouble
    assert report.trouble.reason == "unstable_pages"
    assert bench.memory.cursor == {"since": "2026-01-01T00:00:00+00:00"}
    assert len(there.asked) >= rest.ROUNDS


async def test_a_service_that_ignores_the_page_is_told_from_one_that_repeats_it_once(bench: Bench) -> None:
    async with service(lambda _: Reply(items(ROWS[:5]))) as there:
        report = await bench.run(wanted(url=there.url, paging=PAGE))
    assert report.trouble
    assert report.trouble.reason == "endless_pages"
    stale = True

    def cached(asked: Asked) -> Reply:
        nonlocal stale
        if asked.query["trang"] == "2" and stale:
            stale = False
            return Reply(items(ROWS[:5]))
        return Reply(items(paged(ROWS, asked)))

    again = Bench(bench.home)
    async with service(cached) as there:
        assert (await again.run(wanted(url=there.url, paging=PAGE))).state == "done"
    assert again.values() == list(range(23))


async def test_only_what_is_new_is_asked_for_with_an_overlap(bench: Bench) -> None:
    rows = list(ROWS)

    def answer(asked: Asked) -> Reply:
        since = datetime.fromisoformat(asked.query["tu"])
        return Reply(items([one for one in rows if datetime.fromisoformat(one["luc"]) >= since]))

    since = {"field": "luc", "parameter": "tu", "overlap": 120, "start": "2026-11-01T00:00:00+00:00"}
    async with service(answer) as there:
        pull = wanted(url=there.url, since=since)
        await bench.run(pull)
        assert bench.memory.cursor["since"] == "2026-11-01T00:22:00+00:00"
        # One is written late within the overlap, one is new, and one has a clock that runs years ahead.
        rows += [{**row(21), "so": 210}, row(30), {**row(31), "luc": "2099-01-01T00:00:00+00:00"}]
        assert (await bench.run(pull)).records == 3
        assert bench.memory.cursor["since"] == "2026-11-01T00:30:00+00:00"
        assert (await bench.run(pull)).records == 0
    assert there.asked[1].query["tu"] == "2026-11-01T07:20:00+07:00"


async def test_a_time_field_that_none_of_the_rows_has_is_a_mistake_and_not_a_standstill(bench: Bench) -> None:
    async with service(lambda _: Reply(items(ROWS))) as there:
        report = await bench.run(wanted(url=there.url, since={"field": "sai", "parameter": "tu"}))
    assert report.trouble
    assert "pull.since.field “sai”" in told(report.trouble.reason, report.trouble.detail).en


async def test_faults_that_pass_are_tried_again_and_those_that_stay_end_the_run_without_a_loss(
    bench: Bench,
) -> None:
    def faults() -> Iterator[Reply]:
        yield Reply(b"oops", 500)
        yield Reply(items(ROWS[:5]), cut=20)
        yield Reply(items(ROWS[:5]))
        yield Reply(b"", 503, {"Retry-After": "7"})
        yield Reply(items(ROWS[5:10]))
        while True:
            yield Reply(b"", 502)

    script = faults()
    async with service(lambda _: next(script)) as there:
        report = await bench.run(wanted(url=there.url, paging=PAGE))
        assert report.trouble
        assert (report.trouble.reason, report.records) == ("server_error", 10)
        assert bench.pauses == [0.5, 2.0, 7.0, 0.5, 2.0]
        assert bench.memory.cursor == {}
        there.answer = lambda asked: Reply(items(paged(ROWS, asked)))
        assert (await bench.run(wanted(url=there.url, paging=PAGE))).state == "done"
    assert set(bench.values()) == set(range(23))


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(b"<html>", 200), "not_as_expected"), (Reply({"data": None}), "not_as_expected"),
        (Reply(b'{"data": {"items": [1', 200), "not_as_expected"), (Reply(b"\xff\xfe{", 200), "not_as_expected"),
        (Reply(b"", 401), "refused_us"), (Reply(b"", 403), "refused_us"), (Reply(b"", 400), "client_error"),
        (Reply(b"", 429, {"Retry-After": "900"}), "asked_to_wait"), (Reply(b"", 204), "client_error"),
        (Reply(b"[" * 100_000, 200), "not_as_expected"),
    ],
)  # fmt: skip
async def test_what_cannot_be_used_is_told_and_nothing_moves(bench: Bench, reply: Reply, reason: str) -> None:
    async with service(lambda _: reply) as there:
        report = await bench.run(wanted(url=there.url))
    assert report.trouble
    assert report.trouble.reason == reason
    assert (report.records, bench.memory.cursor, bench.memory.failures) == (0, {}, 1)


async def test_messages_of_ours_are_taken_as_they_are_and_once(bench: Bench) -> None:
    body = msgspec.json.encode({"station": "A", "readings": [{"parameter": "P", "at": "x"}] * 2})
    etag = '"1"'

    def answer(asked: Asked) -> Reply:
        if asked.headers.get("if-none-match") == etag:
            return Reply(b"", 304)
        return Reply(gzip.compress(body), headers={"ETag": etag, "Content-Encoding": "gzip"})

    async with service(answer) as there:
        pull = {"kind": "rest", "url": f"{there.url}/ra/so.json"}
        assert (await bench.run(pull)).records == 2
        assert (await bench.run(pull)).records == 0
        etag = '"2"'  # made anew, with the same content
        assert (await bench.run(pull)).records == 0
        body = body.replace(b'"A"', b'"B"')
        etag = '"3"'
        assert (await bench.run(pull)).records == 2
    assert [(one.format, one.name) for one in bench.arrivals] == [("json", "so.json")] * 2
    assert bench.bodies()[1] == body


async def test_a_large_page_becomes_a_file_and_too_large_a_one_is_turned_away(bench: Bench) -> None:
    many = [row(number) for number in range(3_000)]
    async with service(lambda _: Reply(items(many))) as there:
        assert (await bench.run(wanted(url=there.url))).records == 3_000
        assert bench.arrivals[0].file
        assert len(bench.messages()) == 3_000
        there.answer = lambda _: Reply(b"x" * (1 << 20) + b"y")
        report = await bench.run(wanted(url=there.url, size_mb=1))
    assert report.trouble
    assert report.trouble.reason == "too_large"
    assert [(one.door, one.reason, one.source) for one in bench.turned] == [("pull", "too_large", "a.b")]
    assert not list((bench.home / "files" / "incoming").iterdir())


@pytest.mark.parametrize("token", ["a\0b", "x" * 5_000])
async def test_a_token_the_record_could_not_keep_is_refused(bench: Bench, token: str) -> None:
    async with service(lambda _: Reply(items(ROWS[:5], next=token))) as there:
        paging = {"kind": "cursor", "parameter": "p", "next": "data.next"}
        report = await bench.run(wanted(url=there.url, paging=paging))
    assert report.trouble
    assert report.trouble.detail["why"] == "no_next"
    assert bench.memory.cursor == {}
