"""One rendering of a fragment for all screens with the same rights.

A thousand screens hear of one change and ask for the same fragment. The first question goes to Django; who
asks the same with the same rights, language and version gets a copy. Only views that declare it
(`haidang.engine.notify.shared.shared_fragment`) are shared, without cookies and without the tokens of forms.
"""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass

from prometheus_client import Counter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from haidang.config.web import entry
from haidang.config.web.hub import Hub
from haidang.engine.notify.shared import SHARED_HEADER

# Long enough for every screen's turn in the second, short enough that nothing old is handed out.
KEPT_FOR = 3.0
MOST_KEPT = 500
VERSION_HEADER = b"x-live-version"

_ASKED = Counter("haidang_fragments_total", "Fragments asked for by live screens", ["answer"])
RENDERED, COPIES = _ASKED.labels("rendered"), _ASKED.labels("copied")

OWN_HEADERS = (b"set-cookie", b"content-length", b"transfer-encoding")
MARK = SHARED_HEADER.lower().encode()
TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]*')

Key = tuple[str, ...]


@dataclass(slots=True)
class Answer:
    """What Django said, once, as it goes to the others."""

    start: Message
    body: Message


def _shareable(start: Message | None, body: bytes) -> Answer | None:
    """For somebody else: without cookies and form tokens (the page fills its own in when it sends a form)."""
    if start is None or start["status"] != 200:
        return None
    headers = [(name.lower(), value) for name, value in start["headers"]]
    if not any(name == MARK for name, _ in headers):
        return None
    body = TOKEN.sub(rb"\1", body)
    kept = [(name, value) for name, value in headers if name not in OWN_HEADERS]
    kept.append((b"content-length", str(len(body)).encode()))
    return Answer({**start, "headers": kept}, {"type": "http.response.body", "body": body})


class SharedFragments:
    """The outermost ASGI layer: what it repeats was let through and protected by those below it."""

    def __init__(self, app: ASGIApp, hub: Hub) -> None:
        self.app = app
        self.hub = hub
        self._answers: dict[Key, tuple[float, asyncio.Future[Answer | None]]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = self._key(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        if key is None:
            await self.app(scope, receive, send)
            return
        self._forget()
        if key in self._answers:
            # A renderer that dies gives its future None; then everybody asks for himself.
            answer = await asyncio.shield(self._answers[key][1])
            if answer is not None:
                COPIES.inc()
                await send(answer.start)
                await send(answer.body)
                return
            await self.app(scope, receive, send)
            return
        await self._render(key, scope, receive, send)

    async def _render(self, key: Key, scope: Scope, receive: Receive, send: Send) -> None:
        RENDERED.inc()
        future: asyncio.Future[Answer | None] = asyncio.get_running_loop().create_future()
        self._answers[key] = (time.monotonic() + KEPT_FOR, future)
        start: Message | None = None
        body = bytearray()

        async def keep(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
            else:
                body.extend(message.get("body", b""))
            await send(message)

        answer = None
        try:
            await self.app(scope, receive, keep)
            answer = _shareable(start, bytes(body))
        finally:
            if answer is None:
                self._answers.pop(key, None)
            future.set_result(answer)

    def _key(self, scope: Scope) -> Key | None:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        version = headers.get(VERSION_HEADER)
        if not version:
            return None
        cookies = headers.get(b"cookie", b"").decode("latin-1")
        rights = self.hub.scope_of(entry.session_in(cookies))
        if rights is None:
            return None
        language = entry.language_in(cookies) or headers.get(b"accept-language", b"").decode("latin-1")
        target = headers.get(b"hx-target", b"").decode("latin-1")
        query = scope["query_string"].decode("latin-1")
        host = headers.get(b"host", b"").decode("latin-1")
        return (rights, language, host, scope["path"], query, target, version.decode("latin-1"))

    def _forget(self) -> None:
        now = time.monotonic()
        while self._answers:
            oldest = next(iter(self._answers))
            until, future = self._answers[oldest]
            if until > now and len(self._answers) < MOST_KEPT:
                return
            if not future.done():
                return
            del self._answers[oldest]
