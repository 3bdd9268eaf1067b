"""A page that cannot begin to answer says so: a database that stands still must not leave a screen waiting for ever."""

from __future__ import annotations

import asyncio
import re

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from haidang.config.web import entry

# Far beyond the slowest page of a busy centre: whoever waits longer waits for something that stands still.
LONGEST_S = 25.0
AGAIN_S = 10
# A file of a hundred thousand rows is made whole before it is sent: on a busy machine that takes minutes.
LONGEST_FOR_FILES_S = 600.0
_FILES = re.compile(r"/(?:xuat/|bang/[^/]+/xlsx/)")


class Patience:
    """An ASGI layer before the pages. Only the beginning of an answer is waited for; a long one may take its time."""

    def __init__(
        self, app: ASGIApp, *, longest_s: float = LONGEST_S, longest_for_files_s: float = LONGEST_FOR_FILES_S
    ) -> None:
        self.app = app
        self._longest_s, self._longest_for_files_s = longest_s, longest_for_files_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        longest_s = self._longest_for_files_s if _FILES.match(scope["path"]) else self._longest_s
        begun, given_up = asyncio.Event(), False

        async def sent(message: Message) -> None:
            if given_up:
                return  # the thread behind came back; its sender has been answered
            begun.set()
            await send(message)

        answer = asyncio.ensure_future(self.app(scope, receive, sent))
        waiting = asyncio.ensure_future(begun.wait())
        await asyncio.wait({answer, waiting}, timeout=longest_s, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if not begun.is_set() and not answer.done():
            given_up = True
            # Not awaited: the thread behind it cannot be interrupted and ends when the database answers or is gone.
            answer.cancel()
            await _stands_still(scope)(scope, receive, send)
            return
        await answer


def _stands_still(scope: Scope) -> HTMLResponse:
    cookies = next((value for name, value in scope["headers"] if name == b"cookie"), b"")
    read_only = scope["method"] in ("GET", "HEAD")
    with entry.speaking(cookies.decode("latin-1")):
        if read_only:
            text = _("Cơ sở dữ liệu không trả lời. Số liệu gửi tới vẫn được nhận và giữ. Trang tự tải lại.")
        else:
            text = _(
                "Cơ sở dữ liệu không trả lời, chưa rõ việc vừa làm đã được ghi chưa. Mở lại trang để xem rồi hãy làm lại."
            )
        body = render_to_string("refused.html", {"title": _("Máy chủ đang đứng"), "text": text})
    headers = {"Retry-After": str(AGAIN_S), "Cache-Control": "no-store"}
    if read_only:
        headers["Refresh"] = str(AGAIN_S)
    return HTMLResponse(body, 503, headers)
