"""HTTP behind the guard: one request at a time, with bounds on time, size, redirects and decompression."""

from __future__ import annotations

import asyncio
import ssl
import zlib
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cache
from importlib.metadata import version
from typing import Any
from urllib.parse import urljoin

import httpcore

from haidang.engine import clock
from haidang.engine.connectors.body import Gunzip
from haidang.engine.connectors.pull.guard import Guard, Place, place_of
from haidang.engine.connectors.pull.trouble import Trouble

REDIRECTS = 5
_CONNECT_S = 10
_SILENCE_S = 30
# What a Retry-After may ask for at the most.
_LONGEST_WAIT_S = 24 * 3600.0
_AGENT = f"HaiDang/{version('haidang')}"


@cache
def _tls() -> ssl.SSLContext:
    """The machine's own authorities; `SSL_CERT_FILE` adds those of the province."""
    return ssl.create_default_context()


class _Pinned(httpcore.AsyncNetworkBackend):
    """Connects to the addresses the guard names; the name itself only goes into TLS and the Host header."""

    def __init__(self, guard: Guard, ports: frozenset[int]) -> None:
        self._guard, self._ports = guard, ports
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        # The scheme has been judged with the address; here only who may be connected to matters.
        scheme = "http" if port == 80 else "https"
        place = Place(scheme, host.strip("[]"), port)
        last: Exception | None = None
        for address in await self._guard.addresses(place, self._ports):
            try:
                return await self._inner.connect_tcp(
                    str(address), port, timeout=timeout, socket_options=socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        raise Trouble("unreachable", host=host, port=port, cause=_cause(last)) from None

    async def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        raise NotImplementedError

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


@dataclass(slots=True)
class Answer:
    """Of one request: its head, and its body as it comes, unpacked and bounded."""

    status: int
    headers: Mapping[str, str]  # names in lower case
    place: Place
    pieces: AsyncIterator[bytes]

    async def whole(self) -> bytes:
        return b"".join([piece async for piece in self.pieces])


class Web:
    """For one run of one source; closed with it."""

    def __init__(self, guard: Guard, *, ports: frozenset[int], timeout_s: float, size_mb: int) -> None:
        self._guard, self._ports = guard, ports
        self._timeout_s, self._size = timeout_s, size_mb << 20
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=_tls(),
            network_backend=_Pinned(guard, ports),
            max_connections=2,
            keepalive_expiry=30,
        )

    async def close(self) -> None:
        await self._pool.aclose()

    @asynccontextmanager
    async def ask(
        self,
        url: str,
        headers: Mapping[str, str],
        *,
        secret_headers: Mapping[str, str] | None = None,
        form: bytes | None = None,
        good: frozenset[int] = frozenset(),
    ) -> AsyncIterator[Answer]:
        """GET, or POST of a form. Other answers than 200 and `good` are a Trouble; `secret_headers` go to the scheme,
        host and port of `url` only, wherever it redirects to.
        """
        place = place_of(url, {"http", "https"})
        origin, host = place.origin, place.host
        try:
            async with asyncio.timeout(self._timeout_s):
                for _ in range(REDIRECTS + 1):
                    mine = (secret_headers or {}) if place.origin == origin else {}
                    async with self._one(place, {**headers, **mine}, form) as answer:
                        if answer.status not in (301, 302, 303, 307, 308):
                            yield _judged(answer, good)
                            return
                        place = self._next(place, answer, form)
                raise Trouble("redirect", host=host, why="too_often", most=REDIRECTS)
        except TimeoutError:
            raise Trouble("too_slow", host=place.host, limit_s=round(self._timeout_s)) from None
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise _told(error, place) from None

    @asynccontextmanager
    async def _one(
        self, place: Place, headers: Mapping[str, str], form: bytes | None
    ) -> AsyncIterator[Answer]:
        self._guard.admit(place, self._ports)
        sent = {"User-Agent": _AGENT, "Accept-Encoding": "gzip", **headers}
        if form is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        async with self._pool.stream(
            "GET" if form is None else "POST",
            place.url,
            headers={name.encode(): value.encode() for name, value in sent.items()},
            content=form,
            extensions={
                "timeout": {"connect": _CONNECT_S, "read": _SILENCE_S, "write": _SILENCE_S, "pool": 5}
            },
        ) as response:
            found = {
                name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers
            }
            yield Answer(response.status, found, place, self._pieces(response, found, place))

    async def _pieces(
        self, response: httpcore.Response, headers: Mapping[str, str], place: Place
    ) -> AsyncIterator[bytes]:
        coding = headers.get("content-encoding", "identity").strip().lower()
        if coding not in ("identity", "", "gzip", "x-gzip"):
            raise Trouble("encoding", host=place.host, found=coding)
        unzip = Gunzip() if coding.endswith("gzip") else None
        taken = 0
        try:
            async for raw in response.aiter_stream():
                for piece in unzip.pieces(raw) if unzip else (raw,):
                    taken += len(piece)
                    if taken > self._size:
                        raise Trouble("too_large", host=place.host, limit_mb=self._size >> 20)
                    yield piece
            if unzip:
                unzip.end()
        except zlib.error:
            raise Trouble("broken_off", host=place.host, cause="gzip") from None

    def _next(self, place: Place, answer: Answer, form: bytes | None) -> Place:
        where = answer.headers.get("location", "")
        if form is not None:
            raise Trouble("redirect", host=place.host, why="of_a_post")
        if not where:
            raise Trouble("redirect", host=place.host, why="nowhere")
        found = place_of(urljoin(place.url, where), {"http", "https"})
        if place.scheme == "https" and found.scheme == "http":
            raise Trouble("redirect", host=place.host, why="downgrade")
        return found


def _judged(answer: Answer, good: frozenset[int]) -> Answer:
    status, host = answer.status, answer.place.host
    if status == 200 or status in good:
        return answer
    wait_s = retry_after(answer.headers.get("retry-after", ""))
    if status == 429 or (status == 503 and wait_s is not None):
        raise Trouble("asked_to_wait", wait_s=wait_s, host=host, status=status)
    reason = "refused_us" if status in (401, 403) else "server_error" if status >= 500 else "client_error"
    raise Trouble(reason, wait_s=wait_s, host=host, status=status)


def retry_after(text: str) -> float | None:
    """Seconds, of a number of seconds or a date; None when it is neither."""
    try:
        wait_s = float(int(text)) if text.isascii() and text.isdigit() else _until(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(wait_s, 0.0), _LONGEST_WAIT_S)


def _until(text: str) -> float:
    return parsedate_to_datetime(text).timestamp() - clock.timestamp()


def _told(error: Exception, place: Place) -> Trouble:
    if isinstance(error, httpcore.ConnectError | httpcore.ConnectTimeout):
        cause = error.__cause__ or error.__context__ or error
        is_tls = isinstance(cause, ssl.SSLError) or "certificate" in str(error).lower() or "SSL" in str(error)
        if is_tls:
            return Trouble(
                "tls", host=place.host, cause=getattr(cause, "verify_message", "") or _cause(error)
            )
        return Trouble("unreachable", host=place.host, port=place.port, cause=_cause(error))
    if isinstance(error, httpcore.TimeoutException):
        return Trouble("too_slow", host=place.host, limit_s=_SILENCE_S)
    return Trouble("broken_off", host=place.host, cause=type(error).__name__)


def _cause(error: BaseException | None) -> str:
    return str(error).partition("\n")[0][:100] or type(error).__name__
