"""What a request may carry: how much, from whom and how fast, before any thread or disk is spent on it.

Django writes file parts to the disk while it looks for the token of the form, so a stranger could fill it. Here the
body is taken whole, within bounds, and only then handed on; pages never wait for a slow sender.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

from django.db import Error
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from haidang.config.web import entry
from haidang.engine.connectors.arrival import BODY_BYTES
from haidang.engine.incidents import proof

# Whoever is not signed in sends a name, a password, a report of a browser.
STRANGERS = 64 * 1024
PAGES = 1024 * 1024
# The file and what a multipart form writes around it.
PROOFS = proof.LARGEST + 512 * 1024
SHEETS = BODY_BYTES + 512 * 1024
# A body may take this long, and longer as it grows: a photo over a bad line is slow, one byte a second is an attack.
PATIENCE = 15.0
SLOWEST = 8 * 1024
# What is refused is read on for this long and dropped, so that the sender hears the answer and no broken pipe.
LISTEN_ON = 3.0


class _Refused(Exception):
    """With the status of the answer."""

    def __init__(self, status: int) -> None:
        self.status = status


class _Gone(Exception):
    """The sender hung up."""


class Bodies:
    """An ASGI layer; `known` says whether a session is somebody's who is signed in."""

    def __init__(
        self, app: ASGIApp, known: Callable[[str], Awaitable[bool]], *, patience: float = PATIENCE
    ) -> None:
        self.app = app
        self._known = known
        self._patience = patience
        # Where files are sent to, and how much they may be.
        self._files = (
            (re.compile(reverse("incidents:prove", args=[0]).replace("0", r"\d+")), PROOFS),
            (re.compile(re.escape(reverse("submissions:hand_in"))), SHEETS),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _carries(scope):
            await self.app(scope, receive, send)
            return
        try:
            chunks = await self._take(scope, receive)
        except _Refused as refusal:
            await _drop(receive)
            await _answer(scope, refusal.status)(scope, receive, send)
        except _Gone:
            return
        else:
            await self.app(_measured(scope, chunks), _again(chunks, receive), send)

    async def _take(self, scope: Scope, receive: Receive) -> list[bytes]:
        loop = asyncio.get_running_loop()
        started, size, chunks = loop.time(), 0, []
        allowed = await self._allowed(scope, STRANGERS, _declared(scope))
        while True:
            try:
                async with asyncio.timeout_at(started + self._patience + size / SLOWEST):
                    message = await receive()
            except TimeoutError:
                raise _Refused(408) from None
            if message["type"] != "http.request":
                raise _Gone
            chunks.append(message.get("body", b""))
            size += len(chunks[-1])
            allowed = await self._allowed(scope, allowed, size)
            if not message.get("more_body"):
                return chunks

    async def _allowed(self, scope: Scope, allowed: int, size: int) -> int:
        """How much this request may carry, now that it is known to be this big. The database is asked once."""
        if size <= allowed:
            return allowed
        most = next((limit for path, limit in self._files if path.fullmatch(scope["path"])), PAGES)
        if size > most:
            raise _Refused(413)
        session = entry.session_in(_header(scope, b"cookie").decode("latin-1"))
        try:
            if not session or not await self._known(session):
                raise _Refused(413)
        except Error:
            raise _Refused(503) from None
        return most


def _header(scope: Scope, wanted: bytes) -> bytes:
    return next((value for name, value in scope["headers"] if name == wanted), b"")


def _declared(scope: Scope) -> int:
    length = _header(scope, b"content-length")
    return int(length) if length.isdigit() else 0


def _carries(scope: Scope) -> bool:
    return bool(_declared(scope) or _header(scope, b"transfer-encoding"))


def _measured(scope: Scope, chunks: list[bytes]) -> dict[str, Any]:
    """WSGI knows no body without a length: one that came in chunks has one now."""
    ours = (b"content-length", b"transfer-encoding")
    headers = [(name, value) for name, value in scope["headers"] if name not in ours]
    return {**scope, "headers": [*headers, (b"content-length", str(sum(map(len, chunks))).encode())]}


def _again(chunks: list[bytes], receive: Receive) -> Receive:
    """The body that was taken, then whatever comes after it."""
    left = list(reversed(chunks))

    async def next_one() -> Message:
        if not left:
            return await receive()
        return {"type": "http.request", "body": left.pop(), "more_body": bool(left)}

    return next_one


async def _drop(receive: Receive) -> None:
    try:
        async with asyncio.timeout(LISTEN_ON):
            while (message := await receive())["type"] == "http.request" and message.get("more_body"):
                pass
    except TimeoutError:
        return


def _answer(scope: Scope, status: int) -> HTMLResponse:
    with entry.speaking(_header(scope, b"cookie").decode("latin-1")):
        title, text = {
            408: (
                _("Gửi quá chậm"),
                _(
                    "Máy chủ không đợi được phần còn lại, chưa ghi gì cả. Hãy gửi lại khi đường truyền tốt hơn."
                ),
            ),
            413: (
                _("Nội dung gửi quá lớn"),
                _(
                    "Chưa ghi gì cả. Minh chứng tối đa %(n)d MB, tệp số liệu tối đa %(m)d MB; hãy đăng nhập rồi gửi tệp nhỏ hơn."
                )
                % {"n": proof.LARGEST >> 20, "m": BODY_BYTES >> 20},
            ),
            503: (
                _("Máy chủ chưa nhận được lúc này"),
                _("Cơ sở dữ liệu đang tạm vắng, chưa ghi gì cả. Hãy thử lại sau ít phút."),
            ),
        }[status]
        body = render_to_string("refused.html", {"title": title, "text": text})
    return HTMLResponse(body, status, {"Connection": "close", "Cache-Control": "no-store"})
