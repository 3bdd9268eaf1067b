"""The push API: a request is answered 202 when its bytes are in the stream or a file, with fsync."""

from __future__ import annotations

import hashlib
import logging
import re
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from haidang.engine import clock
from haidang.engine.connectors.arrival import BODY_BYTES, Accept, Arrival, Receipt, Refused, TurnAway, Turned
from haidang.engine.connectors.body import Body, take
from haidang.engine.connectors.files import FileStore
from haidang.engine.connectors.once import Known, Once
from haidang.engine.connectors.openapi import document
from haidang.engine.connectors.reasons import ANSWERS, RETRY_S, sentences
from haidang.engine.connectors.roster import Pass, Roster
from haidang.engine.crashpoint import crashpoint

log = logging.getLogger("haidang.push")
FORMS = {
    "application/json": "json",
    "application/x-ndjson": "ndjson",
    "application/ndjson": "ndjson",
    "application/jsonl": "ndjson",
}
# A month, a quarter, a week or a year, as `?period=` says it.
PERIOD = re.compile(r"\d{4}(-(0[1-9]|1[0-2])|-Q[1-4]|-W(0[1-9]|[1-4]\d|5[0-3]))?")
# What people keep in Excel, for sources of such files.
SHEETS = frozenset(
    {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.ms-excel",
        "application/vnd.ms-excel.sheet.macroenabled.12",
        "application/vnd.ms-excel.sheet.binary.macroenabled.12",
        "application/vnd.oasis.opendocument.spreadsheet",
        "text/csv",
        "application/octet-stream",
    }
)
IN_FLIGHT_PER_KEY = 128
_UNCOUNTED = {"not_found"}
Outcome = Callable[[str, Receipt], Awaitable[dict[str, Any] | None]]
"""(source, receipt) → what became of a delivery, None when nothing of it is known."""


def _json(status: int, value: object, headers: dict[str, str] | None = None) -> Response:
    return Response(msgspec.json.encode(value), status, headers, "application/json")


class PushDoor:
    """One Starlette application; knows the wire only as `accept`."""

    def __init__(
        self,
        *,
        accept: Accept,
        turn_away: TurnAway,
        roster: Roster,
        store: FileStore,
        once: Once,
        outcome: Outcome,
        ready: Callable[[], str],
        metrics: Callable[[], bytes],
    ) -> None:
        self._accept, self._turn_away = accept, turn_away
        self._roster, self._store, self._once = roster, store, once
        self._outcome, self._ready, self._metrics = outcome, ready, metrics
        self._in_flight: Counter[str] = Counter()

    def application(self) -> Starlette:
        deliveries = "/api/v1/sources/{source}/deliveries"
        return Starlette(
            routes=[
                Route(deliveries, self.deliver, methods=["POST"]),
                Route(deliveries + "/{delivery}", self.look, methods=["GET"]),
                Route("/api/v1/openapi.json", self.openapi, methods=["GET"]),
                Route("/healthz", self.healthz, methods=["GET"]),
                Route("/readyz", self.readyz, methods=["GET"]),
                Route("/metrics", self.metrics, methods=["GET"]),
            ]
        )

    # --- the requests ----------------------------------------------------------------------------------------

    async def deliver(self, request: Request) -> Response:
        """POST: take one body."""
        source = request.path_params["source"]
        try:
            allowed = self._may(request, source, delivering=True)
        except Refused as refused:
            return self._refuse(refused, source)
        self._in_flight[allowed.user] += 1
        try:
            if self._in_flight[allowed.user] > IN_FLIGHT_PER_KEY:
                raise Refused("too_many")
            return await self._take(request, source, allowed)
        except ClientDisconnect:
            return self._refuse(Refused("broken_request"), source, allowed.user)
        except Refused as refused:
            return self._refuse(refused, source, allowed.user)
        finally:
            self._in_flight[allowed.user] -= 1
            if not self._in_flight[allowed.user]:
                del self._in_flight[allowed.user]

    async def _take(self, request: Request, source: str, allowed: Pass) -> Response:
        way = self._roster.way(source)
        form = _form(request, of_sheets=way is not None and way.format == "sheet")
        about = _about(request) if form == "sheet" else {}
        key = _idempotency_key(request)
        if int(request.headers.get("content-length") or 0) > BODY_BYTES:
            raise Refused("too_large", limit_mb=BODY_BYTES >> 20)
        gzip = _is_gzip(request)
        body = await take(_pieces(request), self._store, gzip=gzip)
        try:
            if key is None:
                receipt, records = await self._store_body(body, source, allowed, form, about)
                return _accepted(source, receipt, records)
            async with self._once.hold(source, allowed.user, key):
                return await self._take_once(body, source, allowed, form, about, key)
        finally:
            body.drop()

    async def _take_once(
        self, body: Body, source: str, allowed: Pass, form: str, about: dict[str, str], key: str
    ) -> Response:
        known = self._once.find(source, allowed.user, key)
        if known is not None:
            if known.digest != body.digest:
                raise Refused("key_reused")
            return _accepted(source, known.receipt, known.records, repeated=True)
        receipt, records = await self._store_body(body, source, allowed, form, about)
        crashpoint("push.before_key")
        try:
            known = Known(digest=body.digest, receipt=receipt, records=records)
            await self._once.remember(source, allowed.user, key, known)
        except sqlite3.Error as error:
            raise Refused("disk_full", cause=str(error)) from error
        return _accepted(source, receipt, records)

    async def _store_body(
        self, body: Body, source: str, allowed: Pass, form: str, about: dict[str, str]
    ) -> tuple[Receipt, int]:
        content, file, records = await body.settle(form)
        receipt = await self._accept(
            Arrival(
                source=source,
                door="push",
                received_at=clock.timestamp(),
                credential=allowed.user,
                stations=allowed.stations,
                name=about.get("name", ""),
                format=form,
                about={key: text for key, text in about.items() if key != "name"},
                body=content,
                file=file,
                size=body.size,
                records=records,
            )
        )
        crashpoint("push.before_answer")
        return receipt, records

    async def look(self, request: Request) -> Response:
        """GET: what became of a delivery."""
        source, name = request.path_params["source"], request.path_params["delivery"]
        try:
            self._may(request, source, delivering=False)
            receipt = Receipt.of(name)
            found = await self._outcome(source, receipt) if receipt else None
            if found is None:
                raise Refused("not_found", source=source, name=name)
        except Refused as refused:
            return self._refuse(refused, source)
        return _json(200, {"delivery": name, "source": source} | found)

    async def openapi(self, request: Request) -> Response:  # noqa: ARG002 - Starlette's signature
        return _json(200, document())

    async def healthz(self, request: Request) -> Response:  # noqa: ARG002
        return _json(200, {"ok": True})

    async def readyz(self, request: Request) -> Response:  # noqa: ARG002
        wrong = self._ready()
        return _json(503 if wrong else 200, {"ok": not wrong, "reason": wrong})

    async def metrics(self, request: Request) -> Response:  # noqa: ARG002
        return Response(self._metrics(), media_type="text/plain; version=0.0.4; charset=utf-8")

    # --- who may ---------------------------------------------------------------------------------------------

    def _may(self, request: Request, source: str, *, delivering: bool) -> Pass:
        scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
        key = request.headers.get("x-api-key") or (bearer.strip() if scheme.lower() == "bearer" else "")
        if not key:
            raise Refused("no_key", source=source)
        allowed = self._roster.by_key(hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest())
        if allowed is None:
            raise Refused("wrong_key", source=source)
        way = self._roster.way(source)
        if way is None:
            raise Refused("unknown_source", source=source)
        if allowed.source != source:
            raise Refused("wrong_source", source=source, user=allowed.user)
        if delivering and "push" not in way.doors:
            raise Refused("wrong_door", source=source, door="push", doors=", ".join(way.doors))
        return allowed

    def _refuse(self, refused: Refused, source: str, user: str = "") -> Response:
        """Count it, and answer with what was wrong and how to mend it."""
        if refused.reason not in _UNCOUNTED:
            # A stranger's free text must not become a source of the statistics.
            known = source if self._roster.way(source) else ""
            user = user or str(refused.detail.get("user", ""))
            self._turn_away(
                Turned(door="push", source=known, reason=refused.reason, user=user, at=clock.timestamp())
            )
        status = ANSWERS[refused.reason].status
        headers = {}
        if status in {429, 503}:
            headers["Retry-After"] = str(RETRY_S)
        if status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        if status in {413, 429}:
            headers["Connection"] = "close"
        vi, en = sentences(refused.reason, **{"source": source} | refused.detail)
        return _json(status, {"reason": refused.reason, "message": vi, "message_en": en}, headers)


def _form(request: Request, *, of_sheets: bool) -> str:
    kind = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if of_sheets and kind in SHEETS:
        return "sheet"
    if of_sheets or kind not in FORMS:
        raise Refused("wrong_sheet_type" if of_sheets else "wrong_type", name=kind)
    return FORMS[kind]


def _about(request: Request) -> dict[str, str]:
    """Beside a file: the period it is for, the office it is of and its name; each may be left out."""
    asked = request.query_params
    said = {key: asked[key].strip()[:255] for key in ("period", "office", "name") if asked.get(key)}
    if (period := said.get("period")) and not PERIOD.fullmatch(period):
        raise Refused("bad_period", name=period[:40])
    return said


def _is_gzip(request: Request) -> bool:
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding not in {"gzip", "x-gzip", "identity", ""}:
        raise Refused("wrong_type", name=f"Content-Encoding: {coding}")
    return coding.endswith("gzip")


def _idempotency_key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not 1 <= len(key) <= 200 or not key.isascii() or not key.isprintable():
        raise Refused("bad_idempotency_key")
    return key


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    async for piece in request.stream():
        if piece:
            yield piece


def _accepted(source: str, receipt: Receipt, records: int, *, repeated: bool = False) -> Response:
    place = f"/api/v1/sources/{source}/deliveries/{receipt.name}"
    headers = {"Location": place}
    if repeated:
        headers["Idempotency-Replayed"] = "true"
    return _json(202, {"delivery": receipt.name, "received": records, "outcome": place}, headers)
