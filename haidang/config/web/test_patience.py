"""Whoever asks while the database stands still is told, and is not answered twice."""

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send

from haidang.config.web.patience import Patience


async def ask(
    app: object, method: str = "GET", longest_s: float = 0.05, path: str = "/"
) -> tuple[int, dict[bytes, bytes], str]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "headers": []}
    await Patience(app, longest_s=longest_s)(scope, receive, send)  # type: ignore[arg-type]
    (begin,) = [m for m in sent if m["type"] == "http.response.start"]
    return begin["status"], dict(begin["headers"]), b"".join(m.get("body", b"") for m in sent).decode()


async def _still(scope: Scope, receive: Receive, send: Send) -> None:
    await asyncio.Event().wait()


async def _slow_to_end(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"a", "more_body": True})
    loop = asyncio.get_running_loop()
    later = loop.create_future()
    loop.call_later(0.2, later.set_result, None)
    await later
    await send({"type": "http.response.body", "body": b"b"})


def test_a_page_that_stands_still_is_answered_and_asked_again() -> None:
    status, headers, text = asyncio.run(ask(_still))
    assert (status, headers[b"refresh"]) == (503, b"10")
    assert "không trả lời" in text


def test_after_an_act_nobody_is_told_that_it_was_done_or_not() -> None:
    status, headers, text = asyncio.run(ask(_still, "POST"))
    assert status == 503
    assert b"refresh" not in headers
    assert "chưa rõ" in text


def test_an_answer_that_has_begun_may_take_its_time() -> None:
    status, _, text = asyncio.run(ask(_slow_to_end))
    assert (status, text) == (200, "ab")


def test_an_error_of_the_page_is_its_own() -> None:
    async def fails(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("bug")

    with pytest.raises(RuntimeError, match="bug"):
        asyncio.run(ask(fails))


@pytest.mark.parametrize("path", ["/xuat/bao-dong/", "/bang/economy.economy/xlsx/"])
def test_a_file_that_takes_long_to_make_is_waited_for(path: str) -> None:
    async def makes(scope: Scope, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        later = loop.create_future()
        loop.call_later(0.2, later.set_result, None)
        await later
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"PK"})

    assert asyncio.run(ask(makes, path=path))[0] == 200
    assert asyncio.run(ask(makes, path="/bang/economy.economy/"))[0] == 503
