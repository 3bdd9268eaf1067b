"""Files a page hands out are sent from the event loop: a slow reader must not hold one of the few threads of the pages."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import FileResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from haidang.engine.opendata.views import HANDED

# The file itself says how long it is.
OWN = ("content-length", HANDED.lower())


class Handed:
    """An ASGI layer before the pages: an answer that names a file is that file, with Range and HEAD."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        named: FileResponse | None = None

        async def sent(message: Message) -> None:
            nonlocal named
            if message["type"] == "http.response.start":
                named = _named(message)
            if named is None:
                await send(message)

        await self.app(scope, receive, sent)
        if named is not None:
            await named(scope, receive, send)


def _named(start: Message) -> FileResponse | None:
    headers = Headers(raw=start["headers"])
    path = headers.get(HANDED)
    if path is None:
        return None
    kept = {name: value for name, value in headers.items() if name not in OWN}
    return FileResponse(path, start["status"], kept)
