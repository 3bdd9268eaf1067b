"""What every request passes first: a host we serve, headers without tricks, protection on every answer."""

from __future__ import annotations

import time
from typing import Any

from csp.utils import build_policy
from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils.translation import gettext as _
from prometheus_client import Counter, Histogram
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from haidang.config.web import entry

REQUESTS = Counter("haidang_requests_total", "Answers of the web process", ["kind", "status"])
SECONDS = Histogram(
    "haidang_request_seconds",
    "Time to the end of an answer, live streams apart",
    ["kind"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10),
)
KINDS = {"static": "static", "live": "live", "healthz": "health", "readyz": "health", "metrics": "health"}


def _protection() -> dict[str, str]:
    headers = {
        "Content-Security-Policy": build_policy(),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
        "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "geolocation=(self), camera=(self), microphone=(), payment=(), usb=()",
    }
    if settings.SECURE_HSTS_SECONDS:
        headers["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
    return headers


class Guard:
    """The outermost ASGI layer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._headers = _protection()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        first, *rest = scope["path"].split("/")[1:]
        kind = "live" if first == "wall" and rest[1:] == ["live"] else KINDS.get(first, "page")
        started = time.perf_counter()
        status = 500

        async def guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            if self._serves(scope):
                await self.app(_tidied(scope), receive, guarded)
            else:
                await _not_ours(scope)(scope, receive, guarded)
        finally:
            REQUESTS.labels(kind, str(status)).inc()
            if kind != "live":
                SECONDS.labels(kind).observe(time.perf_counter() - started)

    def _serves(self, scope: Scope) -> bool:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1:
            return False
        domain, _ = split_domain_port(hosts[0].decode("latin-1"))
        return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


def _not_ours(scope: Scope) -> PlainTextResponse:
    cookies = next((value for name, value in scope["headers"] if name == b"cookie"), b"")
    with entry.speaking(cookies.decode("latin-1")):
        return PlainTextResponse(_("Máy chủ này không phục vụ tên miền đó.") + "\n", 400)


def _tidied(scope: Scope) -> dict[str, Any]:
    """The WSGI bridge takes `X_Forwarded_For` for `X-Forwarded-For`: such names are not passed on."""
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if b"_" not in name]}
