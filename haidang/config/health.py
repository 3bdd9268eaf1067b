"""What `haidang doctor` examines: sums, stream, clock, disk, fsync rate, latencies."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

import nats.errors
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.models import Count
from nats.js.errors import APIError

from haidang.config import content, written
from haidang.config.addresses import nats_url
from haidang.engine import clock
from haidang.engine.connectors.pull.trouble import told
from haidang.engine.notify import mail
from haidang.engine.notify.models import Mail
from haidang.engine.store.models import DoorCount, Pull, Source, Tally
from haidang.engine.wire import stream

Check = dict[str, Any]


def sums() -> list[dict[str, Any]]:
    """Per source: received at the doors against the outcomes written by ingest, in records."""
    received: dict[str, int] = {}
    for address, count in DoorCount.objects.values_list("source_address", "received"):
        received[address] = received.get(address, 0) + count
    tallies = {t.source.address: t for t in Tally.objects.select_related("source")}
    unknown = _unknown_sources()
    report = []
    for address in sorted(
        {*received, *tallies, *Source.objects.filter(is_active=True).values_list("address", flat=True)}
    ):
        tally = tallies.get(address)
        outcomes = {
            name: (getattr(tally, name) if tally else 0) + unknown.get((address, name), 0)
            for name in ("stored", "duplicate", "refused", "failed")
        }
        gap = received.get(address, 0) - sum(outcomes.values())
        report.append({"address": address, "received": received.get(address, 0), **outcomes, "gap": gap})
    return report


def _unknown_sources() -> dict[tuple[str, str], int]:
    """Outcomes of deliveries to addresses that are no source here: they have no tally, only refusals."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'source', outcome, count(*) FROM store_refusal WHERE source_id IS NULL GROUP BY 1, 2"
        )
        return {(address or "", outcome): count for address, outcome, count in cursor.fetchall()}


def _bare(url: str) -> str:
    """Without user and password: what `doctor` prints is sent to others for advice."""
    return re.sub(r"//[^/@,]*@", "//", url)


async def _stream_state(*, probe: bool = False) -> tuple[str, int, int]:
    """What is wrong with publishing (empty: nothing), messages ingest has not finished, messages the tally has not."""
    url = nats_url(settings.HAIDANG_HOME)
    if not url:
        return "chưa từng chạy ở đây – khởi động bằng haidang up, hoặc đặt NATS_URL", 0, 0
    failed: list[Exception] = []

    async def keep(error: Exception) -> None:
        failed.append(error)

    try:
        client = await asyncio.wait_for(stream.connect(url, name="doctor", error_cb=keep), 5)
    except (nats.errors.Error, OSError, ValueError) as error:
        # Attempts go on to the end of our patience: what each of them met says more than that it ended.
        return (
            f"{_bare(url)} không trả lời ({_first_line(failed[-1] if failed else error)}) – khởi động bằng haidang up, hoặc xem NATS_URL",
            0,
            0,
        )
    try:
        js = client.jetstream(timeout=5)
        waiting = []
        for durable in (stream.INGEST, stream.BULK, stream.TALLY):
            info = await js.consumer_info(stream.NAME, durable)
            waiting.append((info.num_pending or 0) + (info.num_ack_pending or 0))
        # Last: what a probe writes would itself be on its way.
        trouble = await stream.probe(client) if probe else ""
    except (nats.errors.Error, APIError, OSError) as error:
        return f"{_bare(url)}: {_first_line(error)}", 0, 0
    finally:
        await client.close()
    return trouble, waiting[0] + waiting[1], waiting[2]


def fsync_rate(folder: Path, rounds: int = 40) -> float:
    """Appends of 4 KiB with fdatasync per second in this folder (median)."""
    path = folder / f".fsync-{os.getpid()}"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        took = []
        for _ in range(rounds):
            started = time.perf_counter()
            os.write(descriptor, b"\0" * 4096)
            os.fdatasync(descriptor)
            took.append(time.perf_counter() - started)
    finally:
        os.close(descriptor)
        path.unlink()
    return 1 / median(took)


def _clock_check() -> Check:
    """Whether the system's clock is kept by a time service: the kernel knows (adjtimex), offline too."""
    import ctypes

    buffer = (ctypes.c_byte * 512)()
    state = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(buffer))
    kept = state not in (-1, 5)  # 5 is TIME_ERROR: unsynchronised
    text = (
        "được đồng bộ NTP"
        if kept
        else "chưa đồng bộ NTP: bật chrony hoặc systemd-timesyncd (timedatectl set-ntp true)"
    )
    # An unsynchronised clock is a warning: a centre cut off from the network must still run.
    return {"name": "đồng hồ", "ok": True, "warning": not kept, "text": text}


def _latencies() -> Check:
    """Time from receipt at the door to commit, over the last ten minutes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY took), percentile_cont(0.95) WITHIN GROUP"
            " (ORDER BY took) FROM (SELECT extract(epoch FROM e.committed_at - d.received_at) * 1000 AS took"
            " FROM store_delivery d JOIN store_epoch e ON e.id = d.epoch"
            " WHERE e.committed_at > now() - interval '10 minutes') t"
        )
        row = cursor.fetchone()
    if not row or not row[0]:
        return {"name": "độ trễ", "ok": True, "text": "không có lần nhận nào trong 10 phút qua"}
    return {
        "name": "độ trễ",
        "ok": True,
        "text": f"nhận → lưu p50 {row[1]:.0f} ms, p95 {row[2]:.0f} ms, {row[0]} lần nhận",
    }


def _disk() -> Check:
    free = shutil.disk_usage(settings.HAIDANG_HOME)
    share = free.free / free.total
    text = f"còn {written.number(free.free / 1e9, places=1)} GB ({share:.0%})"
    enough = share > 0.05
    return {
        "name": "đĩa", "ok": enough, "text": text + ("" if enough else " – giải phóng hoặc mở rộng đĩa"),
    }  # fmt: skip


def _fsync() -> Check:
    return {"name": "fsync", "ok": True, "text": f"{fsync_rate(Path(settings.HAIDANG_HOME)):.0f} lần/giây"}


def _content() -> Check:
    """Whether every content file holds; what does not is named, with what goes on in its place."""
    found = content.problems(content.whole_tree())
    text = "mọi tệp nội dung đều giữ được" if not found else f"{len(found)} chỗ hỏng: " + "; ".join(found[:5])
    return {"name": "nội dung", "ok": not found, "text": text}


def _owners() -> Check:
    """Sources that are nobody's: what they are named for is no office of this centre yet. Nobody can send by them."""
    waiting = Source.objects.filter(is_active=True, office=None).exclude(office_named="")
    found = sorted(waiting.values_list("office_named", "address"))
    offices = ", ".join(dict.fromkeys(office for office, _ in found))
    text = (
        f"{len(found)} nguồn chưa ai gửi được vì chưa có cơ quan: {offices}. Thêm bằng haidang office add --code …, "
        "hoặc kết nối nguồn cho cơ quan khác ở trang /dau-noi/"
    )
    every = "mọi nguồn đều có cơ quan chịu trách nhiệm"
    return {"name": "chủ nguồn", "ok": True, "warning": bool(found), "text": text if found else every}


def pulls() -> list[dict[str, Any]]:
    """Sources that are fetched, how far they are, and what is wrong with the last run."""
    found = []
    for state in Pull.objects.order_by("address"):
        words = told(state.reason, state.detail) if state.reason else None
        problem = {"reason": state.reason, "message": words.vi, "remedy": words.mend_vi} if words else None
        found.append(
            {
                "address": state.address, "last": state.ended_at, "succeeded": state.succeeded_at, "next": state.next_at,
                "records": state.records, "total": state.total, "cursor": state.place, "failures": state.failures,
                "problem": problem, "notes": [told(note["reason"], note["detail"]).vi for note in state.notes],
            }
        )  # fmt: skip
    return found


def _pulls() -> Check:
    """Whether others' systems give what is fetched from them. Theirs to mend mostly, so a warning only."""
    found = pulls()
    bad = [
        f"{one['address']}: {one['problem']['message']} {one['problem']['remedy']}"
        for one in found
        if one["problem"]
    ]
    text = " ".join(bad[:5]) if bad else f"{len(found)} nguồn kéo về, lần cuối đều xong"
    return {"name": "kéo về", "ok": True, "warning": bool(bad), "text": text}


def _mail() -> Check:
    """Whether what was written to people has gone out. A person without mail still reads it here: a warning."""
    if not mail.is_on():
        return {"name": "thư", "ok": True, "text": "chưa đặt máy chủ thư (HAIDANG_MAIL_HOST)"}
    since = clock.now() - timedelta(days=7)
    counts = dict(Mail.objects.filter(made_at__gt=since).values_list("state").annotate(n=Count("pk")))
    late = Mail.objects.filter(
        state=Mail.State.WAITING, due_at__lt=clock.now() - timedelta(minutes=15)
    ).count()
    bad = counts.get(Mail.State.REFUSED, 0) + counts.get(Mail.State.UNKNOWN, 0) + late
    text = (
        f"7 ngày qua: {counts.get(Mail.State.SENT, 0)} thư đã gửi, {late} chờ quá 15 phút, "
        f"{counts.get(Mail.State.REFUSED, 0)} bị từ chối, {counts.get(Mail.State.UNKNOWN, 0)} không rõ đã tới hay chưa"
    )
    return {"name": "thư", "ok": True, "warning": bool(bad), "text": text}


def _looked(name: str, look: Callable[[], Check]) -> Check:
    """One check; what keeps it from looking is what it says."""
    try:
        return look()
    except (DatabaseError, InterfaceError) as error:
        return {"name": name, "ok": False, "text": f"cơ sở dữ liệu không trả lời: {_first_line(error)}"}
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return {"name": name, "ok": False, "text": f"{where}{error.strerror or error}"}


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0][:300] or type(error).__name__


@dataclass(slots=True)
class _Count:
    """One look at the sums, with what was on its way before and after it."""

    trouble: str
    waiting: int
    uncounted: int
    sources: list[dict[str, Any]]
    is_quiet: bool

    @property
    def gaps(self) -> dict[str, int]:
        return {source["address"]: source["gap"] for source in self.sources if source["gap"]}


def _count() -> _Count:
    before = asyncio.run(_stream_state())
    sources = sums()
    # What does not answer is not waited for twice.
    after = before if before[0] else asyncio.run(_stream_state())
    quiet = not any((before[0], after[0], *before[1:], *after[1:]))
    return _Count(before[0] or after[0], after[1], after[2], sources, quiet)


def _settled_count(wait_s: float) -> tuple[_Count, bool]:
    """The sums, and whether a gap in them is one: nothing waited before and after two looks that found the same."""
    deadline = time.monotonic() + wait_s
    last = _count()
    while True:
        if not last.gaps and last.is_quiet:
            return last, True
        is_over = time.monotonic() >= deadline
        if is_over and not last.is_quiet:
            return last, False
        time.sleep(0.25)
        again = _count()
        if is_over or (again.is_quiet and last.is_quiet and again.gaps == last.gaps):
            return again, again.is_quiet and last.is_quiet and again.gaps == last.gaps
        last = again


def examine(wait_s: float = 0) -> dict[str, Any]:
    """The report of `doctor`. What is away is a check that fails, never a fault of the report itself."""
    try:
        count, is_sure = _settled_count(wait_s)
        database = {"name": "cơ sở dữ liệu", "ok": True, "text": "trả lời"}
    except (DatabaseError, InterfaceError) as error:
        trouble, waiting, uncounted = asyncio.run(_stream_state())
        count, is_sure = _Count(trouble, waiting, uncounted, [], is_quiet=False), False
        text = f"không trả lời: {_first_line(error)} – khởi động bằng haidang up, hoặc xem DATABASE_URL"
        database = {"name": "cơ sở dữ liệu", "ok": False, "text": text}
    for source in count.sources:
        source["waiting"] = 0 if is_sure else max(source["gap"], 0)
        source["ok"] = source["gap"] == 0 or not is_sure
    carries = f"nhận ghi thử, {count.waiting} bản tin chờ xử lý, {count.uncounted} chờ đếm"
    count.trouble = count.trouble or asyncio.run(_stream_state(probe=True))[0]
    checks = [
        database,
        {"name": "luồng", "ok": not count.trouble, "text": count.trouble or carries},
        _looked("nội dung", _content),
        _looked("chủ nguồn", _owners),
        _looked("kéo về", _pulls),
        _looked("thư", _mail),
        _looked("đĩa", _disk),
        _looked("fsync", _fsync),
        _clock_check(),
        _looked("độ trễ", _latencies),
    ]
    ok = all(source["ok"] for source in count.sources) and all(check["ok"] for check in checks)
    return {
        "ok": ok, "sources": count.sources, "waiting": count.waiting, "uncounted": count.uncounted, "checks": checks,
        "pulls": pulls() if database["ok"] else [],
    }  # fmt: skip
