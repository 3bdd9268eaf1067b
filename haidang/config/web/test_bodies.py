"""A stranger cannot fill the disk, nor hold a thread with a slow hand."""

import asyncio
from collections.abc import Iterator

import httpx
import pytest
from django.urls import reverse
from starlette.types import Message, Receive, Scope, Send

from haidang.config.web.bodies import PAGES, PROOFS, SHEETS, STRANGERS, Bodies
from haidang.config.web.trial import Trial, sign_in
from haidang.engine.people.models import Person

LOGIN, PROVE = "/tai-khoan/dang-nhap/", "/lenh/7/minh-chung/"
HAND_IN = "/so-lieu/gui/"


class Taker:
    """The application behind: what reached it."""

    def __init__(self) -> None:
        self.body: bytes | None = None
        self.length = b""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.length, self.body, more = dict(scope["headers"])[b"content-length"], b"", True
        while more:
            message = await receive()
            self.body += message["body"]
            more = message["more_body"]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


async def post(
    path: str, chunks: list[bytes], *, session: str = "", length: int | None = None, stalls: bool = False
) -> tuple[int, str, Taker]:
    """Status, text of the answer, and what came through; `length` None means a body in chunks."""
    taker, left, sent = Taker(), list(chunks), []

    async def known(given: str) -> bool:
        return given == "duty"

    async def receive() -> Message:
        if not left and stalls:
            await asyncio.Event().wait()
        body = left.pop(0) if left else b""
        return {"type": "http.request", "body": body, "more_body": bool(left) or stalls}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"cookie", f"sessionid={session}".encode())]
    headers += [(b"content-length", str(length).encode())] if length else [(b"transfer-encoding", b"chunked")]
    scope = {"type": "http", "method": "POST", "path": path, "headers": headers}
    await Bodies(taker, known, patience=0.05)(scope, receive, send)
    return sent[0]["status"], b"".join(m.get("body", b"") for m in sent[1:]).decode(), taker


@pytest.mark.parametrize(
    ("path", "session", "most"),
    [
        (LOGIN, "", STRANGERS),
        (PROVE, "", STRANGERS),
        (PROVE, "made up", STRANGERS),
        (LOGIN, "duty", PAGES),
        (PROVE, "duty", PROOFS),
        (HAND_IN, "duty", SHEETS),
        (HAND_IN, "", STRANGERS),
        (f"{HAND_IN}1.1.0/", "duty", PAGES),
    ],
)
async def test_how_much_may_be_sent_depends_on_who_sends_and_where_to(
    path: str, session: str, most: int
) -> None:
    fits = [b"x" * (most // 2), b"x" * (most - most // 2)]
    status, _, taker = await post(path, fits, session=session)
    assert (status, taker.body and len(taker.body), taker.length) == (200, most, str(most).encode())
    for length in (None, most + 1):
        status, text, taker = await post(path, [*fits, b"x"], session=session, length=length)
        assert (status, taker.body) == (413, None)
        assert "quá lớn" in text


async def test_a_length_that_lies_helps_nobody() -> None:
    status, _, taker = await post(LOGIN, [b"x" * STRANGERS, b"x"], length=3)
    assert (status, taker.body) == (413, None)


async def test_a_body_that_never_ends_is_given_up() -> None:
    status, text, taker = await post(LOGIN, [b"a"], stalls=True)
    assert (status, taker.body) == (408, None)
    assert "quá chậm" in text


def test_a_stranger_hears_in_words_why_his_file_was_not_taken(web: Trial) -> None:
    files = {"file": ("big.bin", b"x" * 3_000_000)}
    answer = httpx.post(web.url + reverse("account_login"), files=files)
    assert answer.status_code == 413
    assert "Nội dung gửi quá lớn" in answer.text
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    english = httpx.post(web.url + reverse("account_login"), files=files, cookies={"django_language": "en"})
    assert "Too much was sent" in english.text


def test_a_form_in_chunks_reaches_its_page(web: Trial, operator: Person) -> None:
    def form() -> Iterator[bytes]:
        yield b"theme="
        yield b"night&next=/"

    cookies = {**sign_in(operator), "csrftoken": "a" * 32}
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-CSRFToken": "a" * 32,
        "Origin": web.url,
    }
    answer = httpx.post(web.url + reverse("boards:theme"), content=form(), cookies=cookies, headers=headers)
    assert answer.status_code == 302
    assert "theme=night" in answer.headers["set-cookie"]
