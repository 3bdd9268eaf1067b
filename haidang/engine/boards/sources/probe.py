"""“Gửi thử”: one reading through a real door with a throw-away key, each stage with its milliseconds."""

from __future__ import annotations

import contextlib
import ftplib
import http.client
import io
import json
import logging
import time
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core import signing
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.alarms.models import Alarm
from haidang.engine.boards.sources import content, refused, trial
from haidang.engine.connectors.roster import Roster
from haidang.engine.people.models import Person
from haidang.engine.rules.evaluation import evaluator
from haidang.engine.store.credentials import Issued, revoke
from haidang.engine.store.models import Delivery, Epoch, Observation, Refusal, Series, Source

_LOG = logging.getLogger(__name__)
_SALT = "sources.probe"
# A new key reaches the doors by a notice; until then they answer 401 or 530.
_KEY_TRAVELS_S = 10.0
_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent and when; travels signed in the address, so that nothing has to be kept."""

    source: int
    user: str
    door: str
    sent_at: float
    accepted_ms: float
    receipt: str
    error: str = ""

    def sign(self) -> str:
        return signing.dumps(asdict(self), salt=_SALT)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the way; `ms` since sending, None while it has not lit up."""

    name: str
    ms: float | None
    note: str = ""
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """How far the reading has come."""

    stages: list[Stage]
    delivery: Delivery | None
    is_done: bool


class NoDoor(Exception):
    """The source has no door the server itself can knock at."""


def unsign(token: str) -> Sent:
    """Raises signing.BadSignature; an hour later nobody needs it any more."""
    return Sent(**signing.loads(token, salt=_SALT, max_age=3600))


def send(*, source: Source, by: Person, request: HttpRequest) -> Sent:
    """Send one reading of the trial station. Raises NoDoor."""
    definition, contract = content.terms()[source.address]
    door = next((door for door in ("push", "ftp") if door in definition.doors), None)
    if door is None:
        raise NoDoor(source.address)
    asset = trial.station(contract.asset_kinds[0], source.domain)
    issued = trial.throw_away_key(source=source, label=trial.PROBE, code=asset.code, by=by, request=request)
    knock = _push if door == "push" else _ftp
    text = content.sample(source.address, asset.code)
    _let_travel(issued)
    begun = time.monotonic()
    while True:
        sent_at, started = clock.timestamp(), time.monotonic()
        try:
            receipt = knock(source.address, issued, text, asset.code)
        except _NotYet:
            if time.monotonic() - begun < _KEY_TRAVELS_S:
                time.sleep(0.03)
                continue
            why = _("cửa chưa nhận ra khóa mới sau %(s)d giây") % {"s": _KEY_TRAVELS_S}
            return _failed(source, issued, door, sent_at, why)
        except (http.client.HTTPException, OSError, EOFError, ftplib.Error) as error:
            _LOG.warning("trial delivery to %s by %s failed: %r", source.address, door, error)
            return _failed(source, issued, door, sent_at, _said(error))
        return Sent(source.pk, issued.user, door, sent_at, 1000 * (time.monotonic() - started), receipt)


def _let_travel(issued: Issued) -> None:
    """Wait until the doors of this home know the key: a knock before that counts as a wrong one. Doors of another home
    can only be knocked at.
    """
    roster = Roster(Path(settings.HAIDANG_HOME))
    until = time.monotonic() + _KEY_TRAVELS_S
    while roster.stamp() and roster.by_user(issued.user) is None and time.monotonic() < until:
        time.sleep(0.01)


def _said(error: Exception) -> str:
    """What went wrong in words of the page; the raw text stands in the log."""
    if isinstance(error, TimeoutError):
        return _("cửa không trả lời trong %(s)d giây") % {"s": _SECONDS}
    if isinstance(error, ConnectionRefusedError):
        return _("không nối được tới cửa: cửa chưa chạy hoặc sai cổng")
    if isinstance(error, ftplib.Error | _Answered):
        return _("cửa không nhận bản gửi thử; lý do có trong nhật ký máy chủ")
    return _("đường nối tới cửa bị ngắt giữa chừng")


class _Answered(OSError):
    """The door answered something else than 202."""


class _NotYet(Exception):
    """The door does not know the key yet."""


def _failed(source: Source, issued: Issued, door: str, sent_at: float, why: str) -> Sent:
    revoke(user=issued.user)
    return Sent(source.pk, issued.user, door, sent_at, 0, "", why)


def _host() -> str:
    everywhere = ("0.0.0.0", "::", "")  # noqa: S104 - compared, not bound
    return "127.0.0.1" if settings.HAIDANG_BIND in everywhere else str(settings.HAIDANG_BIND)


def _push(address: str, issued: Issued, text: str, _code: str) -> str:
    # Not with httpx: it brings a command line of its own, a tenth of what all our pages take to be imported.
    line = http.client.HTTPConnection(_host(), settings.HAIDANG_DOORS_PORT, timeout=_SECONDS)
    headers = {"Authorization": f"Bearer {issued.key}", "Content-Type": "application/json"}
    with contextlib.closing(line):
        line.request("POST", f"/api/v1/sources/{address}/deliveries", text.encode(), headers)
        answer = line.getresponse()
        told = answer.read()
    if answer.status == 401:
        raise _NotYet
    if answer.status != 202:
        raise _Answered(f"{answer.status} {told.decode(errors='replace')}")
    return str(json.loads(told).get("delivery", "202"))


def _ftp(_address: str, issued: Issued, text: str, code: str) -> str:
    name = content.file_name(code)
    with ftplib.FTP(timeout=_SECONDS) as line:  # noqa: S321 - it is the door the stations use
        line.connect(_host(), settings.HAIDANG_FTP_PORT)
        try:
            line.login(issued.user, issued.password)
        except ftplib.error_perm as error:
            raise _NotYet from error
        line.storbinary(f"STOR {name}.tmp", io.BytesIO(text.replace("\n", "\r\n").encode() + b"\r\n"))
        return line.rename(f"{name}.tmp", name)


def look(sent: Sent) -> Seen:
    """How far it has come. The page asks again by itself: no thread waits here."""
    delivery = None
    if not sent.error:
        recent = clock.now() - timedelta(hours=2)
        found = Delivery.objects.filter(source=sent.source, credential=sent.user, received_at__gt=recent)
        delivery = found.defer("body").first()
    if delivery is not None:
        revoke(user=sent.user)
    return Seen(_stages(sent, delivery), delivery, bool(sent.error) or delivery is not None)


def _stages(sent: Sent, delivery: Delivery | None) -> list[Stage]:
    answered = _("Cửa HTTP trả lời 202") if sent.door == "push" else _("Cửa FTP trả lời 226")
    if sent.error:
        return [Stage(answered, None, sent.error, bad=True)]
    door = Stage(answered, sent.accepted_ms, _("trả lời chỉ sau khi thư đã xuống đĩa"))
    queued = Stage(_("Vào hàng đợi"), sent.accepted_ms, _("chậm nhất lúc cửa trả lời"))
    checked, stored, judged = _("Kiểm theo hợp đồng"), _("Vào kho"), _("Chỉ tiêu, quy tắc")
    if delivery is None:
        return [queued, door, *(Stage(name, None) for name in (checked, stored, judged))]
    epoch = Epoch.objects.get(pk=delivery.epoch)
    times = epoch.stages or {}

    def since_sending(stage: str) -> float:
        done_at = float(times.get(stage, epoch.committed_at.timestamp()))
        return max(0.0, 1000 * (done_at - sent.sent_at))

    number = delivery.wire_seq
    if (published := f"published:{number}") in times:
        note = _("thư số %(n)s, giờ của hàng đợi") % {"n": number}
        queued = replace(queued, ms=since_sending(published), note=note)
    refusal = Refusal.objects.filter(delivery_id=delivery.pk).first()
    word = _("%(n)d bản ghi đúng hợp đồng") % {"n": delivery.stored + delivery.duplicate}
    if refusal is not None:
        word = refused.told(refusal).sentence
    return [
        queued,
        door,
        Stage(checked, since_sending("checked"), word, bad=refusal is not None),
        Stage(stored, since_sending("stored"), _rows(delivery)),
        Stage(judged, since_sending("judged"), _judged(delivery)),
    ]


def _rows(delivery: Delivery) -> str:
    rows = _fresh(delivery).count()
    return _("%(n)d dòng") % {"n": rows} if rows else _("trùng bản đã có") if delivery.duplicate else "–"


def _fresh(delivery: Delivery) -> QuerySet[Observation]:
    return Observation.objects.filter(delivery_id=delivery.pk, at__gt=clock.now() - timedelta(hours=2))


def _judged(delivery: Delivery) -> str:
    """Which rules looked at these readings, and what came of it; in the transaction that stored them."""
    series = Series.objects.filter(pk__in=_fresh(delivery).values("series_id")).select_related("asset")
    looked = {
        placed.address
        for one in series
        for placed in evaluator().book.readings_rules()
        if placed.rule.parameter == one.parameter and placed.rule.asset_kind in ("", one.asset.kind)
    }
    if not looked:
        return _("không quy tắc nào xét thông số này")
    raised = Alarm.objects.filter(epoch=delivery.epoch, series__in=series).count()
    if raised:
        return _("%(n)d quy tắc đã xét, %(m)d báo động") % {"n": len(looked), "m": raised}
    return _("%(n)d quy tắc đã xét, không vượt ngưỡng") % {"n": len(looked)}
