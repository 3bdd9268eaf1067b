"""Puts the web process together and runs it."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

import uvicorn
from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from haidang.config import descriptors
from haidang.config.web.bodies import Bodies
from haidang.config.web.files import Files
from haidang.config.web.guard import Guard
from haidang.config.web.handing import Handed
from haidang.config.web.health import Readiness, csp_report, healthz, metrics
from haidang.config.web.live import Live
from haidang.config.web.patience import Patience
from haidang.config.web.shared import SharedFragments

# Pages at once. Each thread holds one database connection; more threads only share the same cores.
PAGE_THREADS = 6
STOP_WITHIN = 2


def build() -> tuple[ASGIApp, Live]:
    """The application of one worker. Django must be set up."""
    live = Live(connection.get_connection_params())
    pages = WSGIMiddleware(get_wsgi_application(), workers=PAGE_THREADS)  # type: ignore[arg-type]
    probes = ThreadPoolExecutor(1, thread_name_prefix="probe")

    @contextlib.asynccontextmanager
    async def life(_app: Starlette) -> AsyncIterator[None]:
        live.start()
        yield
        await live.stop()
        probes.shutdown(wait=False, cancel_futures=True)

    application = Starlette(
        routes=[
            Route("/live", live.answer),
            Route("/wall/{name}/live", live.answer_wall),
            Route("/healthz", healthz),
            Route("/readyz", Readiness(live.follower, probes).answer),
            Route("/metrics", metrics),
            Route("/csp-report", csp_report, methods=["POST"]),
            Mount(settings.STATIC_URL.rstrip("/"), Files()),
            Mount("/", Bodies(Handed(Patience(pages)), live.knows)),  # type: ignore[arg-type]
        ],
        lifespan=life,
    )
    return SharedFragments(Guard(application), live.hub), live


class _Server(uvicorn.Server):
    """uvicorn waits for open answers before it stops; live streams never end by themselves."""

    def __init__(self, config: uvicorn.Config, live: Live) -> None:
        super().__init__(config)
        self._live = live

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._live.hub.close()
        await super().shutdown(sockets)


def serve(host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT; then stop within three seconds, open streams included."""
    descriptors.take_all()
    app, live = build()
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        backlog=2048,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=STOP_WITHIN,
    )
    _Server(config, live).run()
