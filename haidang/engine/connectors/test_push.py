"""The push door, held against its own description; the wire behind it is a plain list."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from haidang.engine.connectors.arrival import BODY_BYTES, INLINE_BYTES, Arrival, Receipt, Refused, Turned
from haidang.engine.connectors.counting import RECORDS
from haidang.engine.connectors.files import FileStore
from haidang.engine.connectors.once import Once
from haidang.engine.connectors.openapi import document
from haidang.engine.connectors.push import IN_FLIGHT_PER_KEY, PushDoor
from haidang.engine.connectors.reasons import ANSWERS
from haidang.engine.connectors.roster import Content, Pass, Roster, Way

SOURCE = "environment.station_readings"
URL = f"/api/v1/sources/{SOURCE}/deliveries"
BODY = b'{"station": "A", "readings": [1, 2]}'
JSON = {"Content-Type": "application/json", "X-Api-Key": "good"}


def _pass(user: str, source: str, key: str) -> Pass:
    return Pass(
        user=user, source=source, password_hash="", key_sha256=hashlib.sha256(key.encode()).hexdigest()
    )


class Bench:
    """A door with everything around it in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.arrivals: list[Arrival] = []
        self.turned: list[Turned] = []
        self.refuse_with = ""
        self.gate: asyncio.Event | None = None
        roster = Roster(folder)
        roster.write(
            Content(
                sources=[
                    Way(address=SOURCE, doors=["push", "mqtt"]),
                    Way(address="environment.air_station_files", doors=["ftp"]),
                    Way(address="economy.monthly_files", doors=["push"], format="sheet"),
                ],
                credentials=[
                    _pass("one", SOURCE, "good"),
                    _pass("another", SOURCE, "another"),
                    _pass("two", "environment.air_station_files", "files"),
                    _pass("three", "economy.monthly_files", "sheets"),
                ],
            )
        )
        self.store = FileStore(folder / "files")
        self.store.prepare()
        self.once = Once(folder / "once.sqlite")
        self.door = PushDoor(
            accept=self.accept, turn_away=self.turned.append, roster=roster, store=self.store, once=self.once,
            outcome=self.outcome, ready=lambda: "", metrics=lambda: b"",
        )  # fmt: skip
        transport = httpx.ASGITransport(app=self.door.application())
        self.client = httpx.AsyncClient(transport=transport, base_url="http://door")

    async def accept(self, arrival: Arrival) -> Receipt:
        if self.gate:
            await self.gate.wait()
        if self.refuse_with:
            raise Refused(self.refuse_with)
        self.arrivals.append(arrival)
        return Receipt(birth=7, seq=len(self.arrivals), part=0)

    async def outcome(self, source: str, receipt: Receipt) -> dict[str, Any] | None:  # noqa: ARG002
        return {"state": "waiting"} if receipt == Receipt(birth=7, seq=1, part=0) else None


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    found = Bench(tmp_path)
    yield found
    await found.client.aclose()
    found.once.close()


def _described(status: int, method: str = "post") -> dict[str, Any]:
    path = URL.replace(SOURCE, "{source}") + ("" if method == "post" else "/{delivery}")
    return document()["paths"][path][method]["responses"][str(status)]


async def test_a_delivery_is_answered_202_with_a_receipt_after_the_wire_has_it(bench: Bench) -> None:
    answer = await bench.client.post(URL, content=BODY, headers=JSON)
    assert answer.status_code == 202
    assert answer.json() == {"delivery": "7.1.0", "received": 2, "outcome": f"{URL}/7.1.0"}
    assert _described(202)
    assert re.fullmatch(
        document()["components"]["schemas"]["Accepted"]["properties"]["delivery"]["pattern"], "7.1.0"
    )
    (arrival,) = bench.arrivals
    assert (arrival.body, arrival.records, arrival.credential, arrival.door) == (BODY, 2, "one", "push")


async def test_a_bearer_key_and_gzip_and_ndjson_are_taken(bench: Bench) -> None:
    headers = {
        "Authorization": "Bearer good",
        "Content-Type": "application/x-ndjson",
        "Content-Encoding": "gzip",
    }
    two_members = gzip.compress(BODY + b"\n") + gzip.compress(BODY)
    answer = await bench.client.post(URL, content=two_members, headers=headers)
    assert (answer.status_code, answer.json()["received"]) == (202, 4)
    assert bench.arrivals[0].body == BODY + b"\n" + BODY


@pytest.mark.parametrize(
    "kind",
    [
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.ms-excel",
        "application/vnd.ms-excel.sheet.macroEnabled.12",
        "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
        "application/vnd.oasis.opendocument.spreadsheet",
        "text/csv; charset=utf-8",
        "application/octet-stream",
    ],
)
async def test_a_source_of_files_takes_every_form_that_is_read(bench: Bench, kind: str) -> None:
    url = "/api/v1/sources/economy.monthly_files/deliveries?period=2026-10"
    answer = await bench.client.post(
        url, content=b"Xa;Thu\nTan Ninh;5\n", headers={"X-Api-Key": "sheets", "Content-Type": kind}
    )
    assert (answer.status_code, len(bench.arrivals)) == (202, 1), answer.text
    answer = await bench.client.post(url, content=b"{}", headers=JSON | {"X-Api-Key": "sheets"})
    assert (answer.status_code, answer.json()["reason"]) == (415, "wrong_sheet_type")


def _no_key(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name != "X-Api-Key"}


CASES: list[tuple[str, Callable[[], dict[str, Any]]]] = [
    ("no_key", lambda: {"headers": _no_key(JSON), "content": BODY}),
    ("wrong_key", lambda: {"headers": JSON | {"X-Api-Key": "bad"}, "content": BODY}),
    ("wrong_source", lambda: {"headers": JSON | {"X-Api-Key": "files"}, "content": BODY}),
    (
        "unknown_source",
        lambda: {"headers": JSON, "content": BODY, "url": "/api/v1/sources/no.such/deliveries"},
    ),
    (
        "wrong_door",
        lambda: {
            "headers": JSON | {"X-Api-Key": "files"},
            "content": BODY,
            "url": "/api/v1/sources/environment.air_station_files/deliveries",
        },
    ),
    ("empty", lambda: {"headers": JSON, "content": b""}),
    ("broken_gzip", lambda: {"headers": JSON | {"Content-Encoding": "gzip"}, "content": b"no gzip"}),
    (
        "broken_gzip",
        lambda: {"headers": JSON | {"Content-Encoding": "gzip"}, "content": gzip.compress(BODY)[:-4]},
    ),
    ("bad_idempotency_key", lambda: {"headers": JSON | {"Idempotency-Key": "x" * 201}, "content": BODY}),
    ("too_large", lambda: {"headers": JSON | {"Content-Length": str(BODY_BYTES + 1)}, "content": BODY}),
    ("wrong_type", lambda: {"headers": JSON | {"Content-Type": "text/csv"}, "content": BODY}),
    ("wrong_type", lambda: {"headers": JSON | {"Content-Encoding": "br"}, "content": BODY}),
]


@pytest.mark.parametrize(("reason", "request_of"), CASES)
async def test_what_is_wrong_is_named_in_two_languages_counted_and_described(
    bench: Bench, reason: str, request_of: Callable[[], dict[str, Any]]
) -> None:
    call = request_of()
    answer = await bench.client.post(call.pop("url", URL), **call)
    told = answer.json()
    assert (answer.status_code, told["reason"]) == (ANSWERS[reason].status, reason)
    assert _described(answer.status_code)
    assert told["message"] != told["message_en"]
    assert "{" not in told["message"] + told["message_en"]
    assert [turned.reason for turned in bench.turned] == [reason]
    assert not bench.arrivals


@pytest.mark.parametrize("size", [RECORDS + 1, BODY_BYTES // 2])
async def test_too_many_records_are_refused_and_leave_nothing(bench: Bench, size: int) -> None:
    headers = JSON | {"Content-Type": "application/x-ndjson"}
    answer = await bench.client.post(URL, content=b"1\n" * size, headers=headers)
    assert (answer.status_code, answer.json()["reason"]) == (413, "too_many_records")
    assert [turned.reason for turned in bench.turned] == ["too_many_records"]
    assert not bench.arrivals
    assert not list(bench.store.incoming.iterdir())


@pytest.mark.parametrize("reason", ["door_busy", "wire_full", "wire_unreachable", "disk_full"])
async def test_a_stream_that_does_not_take_it_is_a_503_with_a_time_to_come_again(
    bench: Bench, reason: str
) -> None:
    bench.refuse_with = reason
    answer = await bench.client.post(URL, content=BODY, headers=JSON)
    assert (answer.status_code, answer.json()["reason"]) == (503, reason)
    assert int(answer.headers["Retry-After"]) > 0


async def test_a_gzip_bomb_is_refused_and_leaves_nothing(bench: Bench) -> None:
    bomb = gzip.compress(b"\0" * (BODY_BYTES + 1), 9)
    answer = await bench.client.post(URL, content=bomb, headers=JSON | {"Content-Encoding": "gzip"})
    assert (len(bomb) < 100_000, answer.status_code) == (True, 413)
    assert not list(bench.store.incoming.iterdir())


async def test_a_large_body_travels_as_a_file_named_by_its_hash(bench: Bench) -> None:
    body = b'{"station": "A", "readings": [' + b",".join([b"10"] * (INLINE_BYTES // 2)) + b"]}"
    answer = await bench.client.post(URL, content=body, headers=JSON)
    assert answer.json()["received"] == INLINE_BYTES // 2
    (arrival,) = bench.arrivals
    assert arrival.body is None
    assert arrival.file == hashlib.sha256(body).hexdigest()
    assert bench.store.path(arrival.file).read_bytes() == body
    assert not list(bench.store.incoming.iterdir())


async def test_the_same_key_and_body_get_the_same_receipt_once_stored_also_after_a_restart(
    bench: Bench,
) -> None:
    headers = JSON | {"Idempotency-Key": "k1"}
    first = await bench.client.post(URL, content=BODY, headers=headers)
    again = Once(bench.folder / "once.sqlite")
    bench.door._once = again
    second = await bench.client.post(URL, content=BODY, headers=headers)
    again.close()
    assert (first.json(), len(bench.arrivals)) == (second.json(), 1)
    assert second.headers["Idempotency-Replayed"] == "true"


async def test_the_same_key_for_another_body_is_refused(bench: Bench) -> None:
    headers = JSON | {"Idempotency-Key": "k1"}
    await bench.client.post(URL, content=BODY, headers=headers)
    answer = await bench.client.post(URL, content=BODY + b" ", headers=headers)
    assert (answer.status_code, answer.json()["reason"]) == (422, "key_reused")
    assert _described(422)


async def test_keys_of_two_credentials_of_one_source_do_not_meet(bench: Bench) -> None:
    headers = JSON | {"Idempotency-Key": "k1"}
    first = await bench.client.post(URL, content=BODY, headers=headers)
    same = await bench.client.post(URL, content=BODY, headers=headers | {"X-Api-Key": "another"})
    own = await bench.client.post(URL, content=BODY, headers=headers | {"X-Api-Key": "another"})
    assert [answer.json()["delivery"] for answer in (first, same, own)] == ["7.1.0", "7.2.0", "7.2.0"]
    other = headers | {"Idempotency-Key": "k2"}
    assert (await bench.client.post(URL, content=BODY, headers=other)).status_code == 202
    differs = await bench.client.post(URL, content=BODY + b" ", headers=other | {"X-Api-Key": "another"})
    assert (differs.status_code, len(bench.arrivals)) == (202, 4)


async def test_two_requests_with_one_key_at_once_are_stored_once(bench: Bench) -> None:
    headers = JSON | {"Idempotency-Key": "k1"}
    answers = await asyncio.gather(*(bench.client.post(URL, content=BODY, headers=headers) for _ in range(8)))
    assert {answer.json()["delivery"] for answer in answers} == {"7.1.0"}
    assert len(bench.arrivals) == 1


async def test_one_key_cannot_take_all_the_room(bench: Bench) -> None:
    bench.gate = asyncio.Event()
    calls = [
        asyncio.create_task(bench.client.post(URL, content=BODY, headers=JSON))
        for _ in range(IN_FLIGHT_PER_KEY + 3)
    ]
    done, _ = await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
    assert {call.result().status_code for call in done} == {429}
    bench.gate.set()
    answers = await asyncio.gather(*calls)
    assert sorted(answer.status_code for answer in answers)[-3:] == [429] * 3
    assert _described(429)


@pytest.mark.parametrize(
    "name",
    [
        "7.2.0",
        "8.1.0",
        "x",
        "1",
        "1.0",
        "7.-1.0",
        "7.1.-1",
        "７.１.０",
        "7." + "9" * 30 + ".0",
        "7.1_0.0",
        "7.1.0.0",
    ],
)
async def test_an_unknown_delivery_is_404_and_a_waiting_one_says_so(bench: Bench, name: str) -> None:
    answer = await bench.client.get(f"{URL}/{name}", headers=JSON)
    assert (answer.status_code, answer.json()["reason"]) == (404, "not_found")
    assert _described(404, "get")
    waiting = await bench.client.get(f"{URL}/7.1.0", headers=JSON)
    assert (waiting.status_code, waiting.json()["state"]) == (200, "waiting")
    assert (await bench.client.get(f"{URL}/7.1.0")).status_code == 401


def test_the_description_names_every_route_and_only_known_reasons() -> None:
    described = document()
    assert set(described["paths"]) == {
        "/api/v1/sources/{source}/deliveries",
        "/api/v1/sources/{source}/deliveries/{delivery}",
    }
    statuses = {
        int(code)
        for path in described["paths"].values()
        for act in ("post", "get")
        if act in path
        for code in path[act]["responses"]
    }
    assert statuses >= {202, 400, 401, 403, 404, 413, 415, 422, 429, 503}
    for answer in ANSWERS.values():
        assert re.search(r"[À-ỹ]", answer.vi)
