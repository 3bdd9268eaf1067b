"""`/healthz`, `/readyz`, `/metrics` and `/csp-report`."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import os
import secrets
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

import anyio
import msgspec
from django.db import DatabaseError, close_old_connections, connection
from prometheus_client import CONTENT_TYPE_LATEST, Counter, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from haidang.config.web.outbox import Follower

log = logging.getLogger(__name__)

REPORTS = Counter("haidang_csp_reports_total", "What browsers say the security policy stopped", ["directive"])
LONGEST_REPORT = 16_384
# Labels of a metric are kept for ever, so only names we know become one.
DIRECTIVES = frozenset(
    f"{kind}-src{part}" for kind in ("script", "style") for part in ("", "-elem", "-attr")
) | {
    *("default-src", "img-src", "worker-src", "connect-src", "font-src", "object-src", "media-src"),
    *("base-uri", "form-action", "frame-ancestors"),
}


async def healthz(_request: Request) -> Response:
    """The process answers."""
    return PlainTextResponse("ok\n")


def _unapplied_migrations() -> list[str]:
    from django.db.migrations.executor import MigrationExecutor

    close_old_connections()
    executor = MigrationExecutor(connection)
    return [str(migration) for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def _database_answers() -> None:
    close_old_connections()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


class Readiness:
    """Can serve: the database answers, its tables are of this version, changes are being followed."""

    def __init__(self, follower: Follower, threads: Executor) -> None:
        self._follower = follower
        self._threads = threads
        self._migrated = False

    async def answer(self, _request: Request) -> Response:
        parts: dict[str, str] = {}
        parts["database"] = await self._ask(_database_answers)
        if not self._migrated and parts["database"] == "ok":
            parts["migrations"] = await self._ask(_unapplied_migrations)
            self._migrated = parts["migrations"] == "ok"
        elif self._migrated:
            parts["migrations"] = "ok"
        parts["changes"] = "ok" if self._follower.connected else "not followed yet"
        ready = all(state == "ok" for state in parts.values())
        return JSONResponse({"ready": ready, **parts}, 200 if ready else 503, {"Cache-Control": "no-store"})

    async def _ask(self, question: Callable[[], Any]) -> str:
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._threads, question)
        except DatabaseError as error:
            log.warning("readyz: %s", error)
            return "unreachable"
        return f"{len(found)} not applied" if found else "ok"


async def metrics(request: Request) -> Response:
    """Prometheus; for this machine only, or for whoever carries HAIDANG_METRICS_TOKEN."""
    token = os.environ.get("HAIDANG_METRICS_TOKEN", "")
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if not (_is_loopback(request) or (token and secrets.compare_digest(given.encode(), token.encode()))):
        return PlainTextResponse("Only from this machine, or with a token.\n", 403)
    return Response(await anyio.to_thread.run_sync(generate_latest), media_type=CONTENT_TYPE_LATEST)


def _is_loopback(request: Request) -> bool:
    # A proxy on this machine speaks from loopback for somebody else.
    if request.client is None or "x-forwarded-for" in request.headers or "forwarded" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


async def csp_report(request: Request) -> Response:
    """Counted and logged; whatever cannot be read is counted as `other`."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_REPORT:
            REPORTS.labels("other").inc()
            return Response(status_code=413)
    try:
        report = msgspec.json.decode(bytes(body))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        report = {}
    found = report.get("csp-report") if isinstance(report, dict) else None
    found = found if isinstance(found, dict) else {}
    directive = str(found.get("effective-directive") or found.get("violated-directive") or "").split(" ")[0]
    REPORTS.labels(directive if directive in DIRECTIVES else "other").inc()
    log.warning("csp: %s stopped %r on %r", directive, found.get("blocked-uri"), found.get("document-uri"))
    return Response(status_code=204)
