"""Hiccups of a service that pages: an empty page that is no end, a page token that leads nowhere. No row is passed over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from haidang.engine.connectors.pull.test_rest import OFFSET, PAGE, ROWS, items, row, wanted
from haidang.engine.connectors.pull.trial import Asked, Bench, Reply, service
from haidang.engine.connectors.pull.trouble import told

SINCE = {"field": "luc", "parameter": "tu", "overlap": 60}
SIZED = {**PAGE, "size_parameter": "size", "size": 5}
CAPPED = {**PAGE, "size_parameter": "size", "size": 500}
TOKEN = {"kind": "cursor", "parameter": "tiep", "next": "data.next"}
LINK = {"kind": "link", "next": "data.next"}


class Newest:
    """Rows from the newest to the oldest, five or as many as wanted on a page, and `is_empty` pages among them."""

    def __init__(self, count: int = 23, *, sizes: bool = True, end: int = 200) -> None:
        self.rows = [row(number) for number in range(count)]
        self.sizes, self.end = sizes, end
        self.is_empty: Callable[[int], bool] = lambda _: False

    def __call__(self, asked: Asked) -> Reply:
        since = datetime.fromisoformat(asked.query.get("tu", "2000-01-01T00:00:00Z"))
        rows = [one for one in self.rows[::-1] if datetime.fromisoformat(one["luc"]) >= since]
        size = min(5, int(asked.query.get("size", 5)))
        if size != 5 and not self.sizes:
            return Reply(b"", 400)
        first = int(asked.query["bo"]) if "bo" in asked.query else (int(asked.query["trang"]) - 1) * size
        found = rows[first : first + size]
        if not found or self.is_empty(first):
            return Reply(items([]), 200 if first == 0 else self.end)
        return Reply(items(found))


def reasons(report: Any) -> list[str]:
    return [note.reason for note in report.notes]


@pytest.mark.parametrize("end", [200, 404])
@pytest.mark.parametrize("paging", [PAGE, SIZED, CAPPED, OFFSET])
async def test_an_empty_page_in_the_middle_is_asked_for_again(
    bench: Bench, paging: dict[str, Any], end: int
) -> None:
    answer, met = Newest(end=end), set[int]()

    def once(first: int) -> bool:
        is_new = first > 0 and first not in met
        met.add(first)
        return is_new

    answer.is_empty = once
    async with service(answer) as there:
        report = await bench.run(wanted(url=there.url, paging=paging, since=SINCE))
    assert (report.state, report.notes) == ("done", ())
    assert bench.values() == list(range(22, -1, -1))
    assert bench.memory.cursor["since"] == ROWS[-1]["luc"]


@pytest.mark.parametrize("end", [200, 404])
@pytest.mark.parametrize("before", [None, ROWS[2]["luc"]])
@pytest.mark.parametrize("paging", [PAGE, SIZED, CAPPED, OFFSET])
async def test_where_all_further_pages_are_empty_for_a_while_the_mark_passes_nothing(
    bench: Bench, paging: dict[str, Any], before: str | None, end: int
) -> None:
    answer = Newest(end=end)
    answer.is_empty = lambda first: first > 0
    bench.memory.cursor = {"since": before} if before else {}
    async with service(answer) as there:
        pull = wanted(url=there.url, paging=paging, since=SINCE)
        report = await bench.run(pull)
        assert (report.state, reasons(report)) == ("done", ["end_unproven"])
        assert bench.values() == [22, 21, 20, 19, 18]
        assert bench.memory.cursor.get("since") == before
        assert "after 5 rows in full pages" in told("end_unproven", report.notes[0].detail).en
        answer.is_empty = lambda _: False
        report = await bench.run(pull)
    assert (report.state, report.notes) == ("done", ())
    # Down to the minute of the overlap, and none of the five once more.
    assert bench.values() == list(range(22, 0 if before else -1, -1))
    assert bench.memory.cursor["since"] == ROWS[-1]["luc"]


@pytest.mark.parametrize(
    ("paging", "count", "sizes", "is_proven"),
    [
        (SIZED, 23, False, True),  # the last page is not full
        (SIZED, 20, True, True), (SIZED, 5, True, True), (CAPPED, 5, True, True), (CAPPED, 20, True, True),
        (SIZED, 1, True, True), (SIZED, 2, True, True), (SIZED, 25, True, True), (OFFSET, 20, True, True),
        (SIZED, 20, False, False), (PAGE, 20, True, False),
    ],
)  # fmt: skip
async def test_an_end_after_full_pages_is_proven_by_pages_of_another_size(
    bench: Bench, paging: dict[str, Any], count: int, sizes: bool, is_proven: bool
) -> None:
    async with service(Newest(count, sizes=sizes)) as there:
        report = await bench.run(wanted(url=there.url, paging=paging, since=SINCE))
    assert (report.state, reasons(report)) == ("done", [] if is_proven else ["end_unproven"])
    assert bench.values() == list(range(count - 1, -1, -1))
    assert ("since" in bench.memory.cursor) is is_proven
    assert bench.pauses == ([] if is_proven else [0.5, 2.0])


async def test_a_page_that_is_not_full_ends_a_later_run_by_what_a_full_one_was(bench: Bench) -> None:
    answer = Newest()
    async with service(answer) as there:
        pull = wanted(url=there.url, paging=PAGE, since=SINCE)
        await bench.run(pull)
        answer.rows.append(row(23))
        asked = len(there.asked)
        report = await bench.run(pull)
        assert (report.records, report.notes, len(there.asked) - asked) == (1, (), 2)
    assert bench.memory.cursor["since"] == row(23)["luc"]


async def test_a_page_that_stays_empty_before_others_is_no_end_and_holds_up_none_of_them(
    bench: Bench,
) -> None:
    answer = Newest()
    answer.is_empty = lambda first: first == 10
    async with service(answer) as there:
        pull = wanted(url=there.url, paging=PAGE, since=SINCE)
        report = await bench.run(pull)
        assert report.trouble
        assert (report.trouble.reason, report.trouble.detail["page"]) == ("hole_in_pages", "3")
        assert len(bench.values()) == 18
        assert bench.memory.cursor == {}
        answer.is_empty = lambda _: False
        assert (await bench.run(pull)).state == "done"
    assert set(bench.values()) == set(range(23))


async def test_a_page_that_came_in_part_is_not_taken_for_a_whole_one(bench: Bench) -> None:
    """Three of its five rows, once: the page after it begins two rows too late."""
    count, answer = 0, Newest()

    def partly(asked: Asked) -> Reply:
        nonlocal count
        count += 1
        reply = answer(asked)
        return Reply(items(reply.body["data"]["items"][:3])) if count == 2 else reply

    async with service(partly) as there:
        assert (await bench.run(wanted(url=there.url, paging=PAGE, since=SINCE))).state == "done"
    assert sorted(bench.values()) == list(range(23))


async def test_a_first_answer_without_rows_is_asked_for_again_and_then_holds(bench: Bench) -> None:
    count = 0

    def answer(_: Asked) -> Reply:
        nonlocal count
        count += 1
        return Reply(items([] if count < 3 else ROWS[:2]))

    async with service(answer) as there:
        assert (await bench.run(wanted(url=there.url))).records == 2
        there.answer = lambda _: Reply(items([]))
        assert (await bench.run(wanted(url=there.url))).state == "done"
    assert bench.pauses == [0.5, 2.0, 0.5, 2.0]


class ByToken:
    """Three pages of three rows. First the third cannot be had; later its tokens are others, and what came before is
    answered with `ended`.
    """

    def __init__(self, ended: Reply) -> None:
        self.ended, self.later = ended, ""

    def __call__(self, asked: Asked) -> Reply:
        token = asked.query.get("tiep", "")
        if token in ("", self.later + "1"):
            first = 3 if token else 0
            return Reply(items(ROWS[first : first + 3], next=f"/?tiep={self.later}{2 if token else 1}"))
        if token == self.later + "2":
            return Reply(items(ROWS[6:9], next=None)) if self.later else Reply(b"", 503)
        return self.ended


@pytest.mark.parametrize(
    ("ended", "why"),
    [
        (Reply(b"", 410), "answers 410"), (Reply(b"", 500), "answers 500"), (Reply(b"", 403), "answers 403"),
        (Reply({"error": "token expired"}), "cannot be used"), (Reply(b"<html>"), "cannot be used"),
        (Reply(items([], next=None)), "other rows stand there"), (Reply(items(ROWS[:3], next="/?tiep=1")), "other rows"),
        (Reply(items([], next="http://other.example/")), "other rows"),
    ],
)  # fmt: skip
async def test_a_token_of_the_last_run_that_has_ended_is_left_however_that_is_told(
    bench: Bench, ended: Reply, why: str
) -> None:
    answer = ByToken(ended)
    async with service(answer) as there:
        pull = wanted(url=there.url, paging=LINK, since=SINCE)
        assert (await bench.run(pull)).records == 6
        assert bench.memory.cursor["token"] == "/?tiep=1"
        answer.later = "b"
        report = await bench.run(pull)
    assert (report.state, reasons(report)) == ("done", ["begun_anew"])
    assert why in told("begun_anew", report.notes[0].detail).en
    assert set(bench.values()) == set(range(9))
    assert bench.memory.cursor["since"] == ROWS[8]["luc"]
    assert "token" not in bench.memory.cursor


async def test_a_token_that_is_the_number_of_a_page_skips_nothing_when_the_pages_have_moved(
    bench: Bench,
) -> None:
    """The second page was not full when its token was kept; by the next run it is, and what follows begins later."""
    rows, is_down = ROWS[:7], True

    def answer(asked: Asked) -> Reply:
        first = int(asked.query.get("tiep", 0))
        if first == 10 and is_down:
            return Reply(b"", 503)
        return Reply(items(rows[first : first + 5], next=str(first + 5) if rows[first:] else None))

    async with service(answer) as there:
        pull = wanted(url=there.url, paging=TOKEN, since=SINCE)
        assert (await bench.run(pull)).records == 7
        rows, is_down = ROWS, False
        report = await bench.run(pull)
    assert (report.state, reasons(report)) == ("done", ["begun_anew"])
    assert set(bench.values()) == set(range(23))


async def test_a_service_that_is_down_altogether_leaves_the_token_where_it_was(bench: Bench) -> None:
    kept = {"token": "7", "fingerprint": "00", "high": None}
    bench.memory.cursor = kept
    async with service(lambda _: Reply(b"", 503)) as there:
        report = await bench.run(wanted(url=there.url, paging=TOKEN, since=SINCE))
    assert report.trouble
    assert (report.trouble.reason, report.notes) == ("server_error", ())
    assert bench.memory.cursor == kept


@pytest.mark.parametrize("kept", [{}, {"token": "http://other.example/?cur=3", "high": None}])
async def test_a_link_to_another_machine_is_told_and_never_kept(bench: Bench, kept: dict[str, Any]) -> None:
    bench.memory.cursor = kept
    count = 0

    def answer(asked: Asked) -> Reply:
        nonlocal count
        count += 1
        if "cur" in asked.query:
            return Reply(items(ROWS[3:6]))
        where = "http://other.example/?cur=3" if count == 1 else "/?cur=3"
        return Reply(items(ROWS[:3], next=where))

    async with service(answer) as there:
        pull = wanted(url=there.url, paging=LINK)
        report = await bench.run(pull)
        assert report.trouble
        assert report.trouble.reason == "other_place"
        assert bench.values() == [0, 1, 2]
        assert "token" not in bench.memory.cursor
        assert (await bench.run(pull)).state == "done"
    assert set(bench.values()) == {0, 1, 2, 3, 4, 5}


async def test_tokens_that_go_round_are_left_so_that_the_next_run_is_not_caught_in_them(bench: Bench) -> None:
    async with service(lambda _: Reply(items(ROWS[:3], next="x"))) as there:
        pull = wanted(url=there.url, paging=TOKEN)
        report = await bench.run(pull)
        assert report.trouble
        assert report.trouble.reason == "endless_pages"
    assert bench.memory.cursor == {}


async def test_a_last_page_by_token_without_rows_moves_the_mark_only_after_one_that_was_not_full(
    bench: Bench,
) -> None:
    """Some services know that they are at their end only when they find no row; others answer so when they are ill."""

    def answer(asked: Asked) -> Reply:
        first = int(asked.query.get("tiep", 0))
        found = ROWS[::-1][first : first + 5] if first < until else []
        return Reply(items(found, next=str(first + 5) if found else None))

    until = 10
    async with service(answer) as there:
        pull = wanted(url=there.url, paging=TOKEN, since=SINCE)
        report = await bench.run(pull)
        assert (report.state, report.records, reasons(report)) == ("done", 10, ["end_unproven"])
        assert "since" not in bench.memory.cursor
        until = 100
        report = await bench.run(pull)
    assert (report.state, report.records, reasons(report)) == ("done", 13, [])
    assert bench.memory.cursor["since"] == ROWS[-1]["luc"]


async def test_a_number_that_json_has_no_word_for_takes_its_row_only(bench: Bench) -> None:
    body = b'{"data": {"items": [{"so": NaN}, {"so": 1e999}, {"so": -Infinity}, {"so": 1.5, "luc": "infinity"}]}}'
    async with service(lambda _: Reply(body)) as there:
        report = await bench.run(wanted(url=there.url))
    assert (report.state, report.records) == ("done", 4)
    assert bench.values() == ["NaN", "1e999", "-Infinity", 1.5]
    assert bench.messages()[3]["readings"][0]["at"] == "infinity"
