"""`GET /live?topics=…`: the stream of changes as server-sent events."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor

import msgspec
import psycopg
from django.db import Error
from django.utils.translation import gettext_lazy
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from haidang.config.web import entry
from haidang.config.web.hub import Hub, Screen, message
from haidang.config.web.outbox import Follower
from haidang.engine import clock

log = logging.getLogger(__name__)

PING_EVERY = 15.0
# Signed out, disabled or stripped of a role: the stream ends within this many seconds (and one query).
CHECK_EVERY = 3.0
MOST_SCREENS = 5000


def _event(kind: str, data: object) -> bytes:
    return f"event: {kind}\n".encode() + b"data: " + msgspec.json.encode(data) + b"\n\n"


def _refused(request: Request, status: int, words: object) -> JSONResponse:
    headers = {"Retry-After": "5"} if status == 503 else {}
    with entry.speaking(request.headers.get("cookie", "")):
        return JSONResponse({"error": str(words)}, status, headers)


class Live:
    """The endpoint with its hub, its follower and its own two threads for questions to Django."""

    def __init__(self, parameters: dict[str, object]) -> None:
        self.hub = Hub()
        self.follower = Follower(parameters, self.hub.publish, self._tell_link)
        self.threads = ThreadPoolExecutor(2, thread_name_prefix="live")
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [asyncio.create_task(run()) for run in (self.follower.run, self.hub.run, self._watch)]

    async def stop(self) -> None:
        self.hub.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.threads.shutdown(wait=False, cancel_futures=True)

    async def knows(self, session: str) -> bool:
        """Whether somebody is signed in with this session. Raises django.db.Error while the database is away."""
        person = await asyncio.get_running_loop().run_in_executor(self.threads, entry.person_of, session)
        return person is not None

    def _tell_link(self, connected: bool) -> None:
        self.hub.tell(_pulse(followed=connected))

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(CHECK_EVERY)
            if not self.hub.screens:
                continue
            try:
                gone = await loop.run_in_executor(
                    self.threads, entry.no_longer_admitted, list(self.hub.screens)
                )
            except Error as error:
                # Pages cannot be read either while the database is away; the streams stay open.
                log.warning("live: could not check who is still signed in: %s", error)
                continue
            for screen in gone:
                self.hub.drop(screen, "rights")

    async def answer(self, request: Request) -> Response:
        """The stream of somebody signed in."""
        session = entry.session_in(request.headers.get("cookie", ""))
        return await self._answer(request, lambda asked: entry.admit(session, asked))

    async def answer_wall(self, request: Request) -> Response:
        """The stream of a wall's device, below the path its cookie is kept to."""
        cookies, wall = request.headers.get("cookie", ""), str(request.path_params["name"])
        return await self._answer(request, lambda asked: entry.admit_device(cookies, wall, asked))

    async def _answer(self, request: Request, admit: Callable[[list[str]], Screen]) -> Response:
        if self.hub.closing or len(self.hub.screens) >= MOST_SCREENS:
            return _refused(request, 503, gettext_lazy("Máy chủ đang đầy hoặc đang dừng."))
        asked = [topic for topic in request.query_params.get("topics", "").split(",") if topic]
        loop = asyncio.get_running_loop()
        try:
            screen = await loop.run_in_executor(self.threads, admit, asked)
        except entry.NotSignedIn:
            return _refused(request, 401, gettext_lazy("Chưa đăng nhập."))
        except entry.NotAllowed:
            return _refused(request, 403, gettext_lazy("Bạn chưa được cấp quyền nghe các chủ đề này."))
        except Error:
            return _refused(request, 503, gettext_lazy("Cơ sở dữ liệu đang tạm vắng."))
        seen = request.headers.get("last-event-id") or request.query_params.get("since", "")
        return StreamingResponse(
            self._stream(screen, int(seen) if seen.isascii() and seen.isdigit() else None),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    async def _stream(self, screen: Screen, seen: int | None) -> AsyncIterator[bytes]:
        # Entered before the missed changes are read: what happens in between comes twice rather than never.
        self.hub.enter(screen)
        try:
            hello = {
                "topics": sorted(screen.topics),
                "version": self.follower.last or 0,
                "now": _now_ms(),
                "away": not self.follower.connected,
            }
            yield b"retry: 2000\n" + _event("hello", hello)
            if seen is not None:
                yield await self._missed(screen, seen)
            while True:
                try:
                    async with asyncio.timeout(PING_EVERY):
                        item = await screen.queue.get()
                except TimeoutError:
                    # The comment keeps proxies awake; the event tells the page whether changes reach it.
                    yield b": ping\n" + _pulse(followed=self.follower.connected)
                    continue
                if item is None:
                    return
                yield item
        finally:
            self.hub.leave(screen)

    async def _missed(self, screen: Screen, seen: int) -> bytes:
        try:
            changes = await self.follower.since(seen)
        except (psycopg.Error, OSError) as error:
            log.warning("live: could not read what a screen missed: %s", error)
            changes = None
        if changes is None:
            return _event("reload", None)
        return message((((c.topic, c.object_id), c.id) for c in changes), screen.audience)


def _pulse(*, followed: bool) -> bytes:
    """A beat says: had anything changed, you would know. While the record cannot be read it would be a lie."""
    return _event("beat" if followed else "away", _now_ms())


def _now_ms() -> int:
    return int(clock.timestamp() * 1000)
