"""A list of 100,000 rows as an Excel file over HTTP: memory of the web process beside one of 10,000 rows, and rows a second.

The whole request from the real web process, signed in; its proportional memory (PSS) is looked at while the file is made
and sent. What a first, small file has brought into memory (libraries, templates) is there before.
"""

from __future__ import annotations

import tempfile
import threading
import time
from pathlib import Path

import httpx
import psutil

from bench.centre import pss_mb
from bench.harness import against_limit, describe_machine
from bench.record import fresh_database

FEW, MANY = 10_000, 100_000
LOOK_S = 0.05


def alarms(count: int) -> None:
    """So many alarms of one station, closed one after the other."""
    from datetime import timedelta

    from haidang.engine import clock
    from haidang.engine.alarms.models import Alarm
    from haidang.engine.assets.models import Asset

    station, now, there = Asset.objects.get(code="B000"), clock.now(), Alarm.objects.count()
    moments = (now - timedelta(seconds=30 * number) for number in range(there, count))
    Alarm.objects.bulk_create(
        (
            Alarm(
                rule="environment.pm25_dangerous", rule_sha256="0" * 64, domain="environment", subject=f"asset:{station.pk}", asset=station,
                priority=1 + number % 3, title_vi=f"Bụi PM2.5 vượt ngưỡng, lần {number}", value=150 + number % 97 / 10, limit=150.0, unit="µg/m³",
                at=at, raised_at=at, returned_at=at, closed_at=at, epoch=1,
            )
            for number, at in enumerate(moments, there)
        ),
        batch_size=5000,
    )  # fmt: skip


def taken(client: httpx.Client, pid: int, target: Path) -> tuple[float, float, float]:
    """Take the list: seconds, CPU seconds of the web process, and the most MB it had meanwhile."""
    seen: list[float] = []
    done = threading.Event()

    def look() -> None:
        while not done.wait(LOOK_S):
            seen.append(pss_mb(pid))

    looking = threading.Thread(target=look)
    times, started = psutil.Process(pid).cpu_times(), time.perf_counter()
    looking.start()
    with client.stream("GET", "/xuat/bao-dong/") as answer, target.open("wb") as file:
        assert answer.status_code == httpx.codes.OK, answer.status_code
        for piece in answer.iter_bytes():
            file.write(piece)
    seconds = time.perf_counter() - started
    done.set()
    looking.join()
    after = psutil.Process(pid).cpu_times()
    return seconds, after.user + after.system - times.user - times.system, max(seen, default=pss_mb(pid))


def rows_in(path: Path) -> int:
    import python_calamine

    return python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).total_height


def main() -> None:
    describe_machine()
    with fresh_database("haidang_bench_export") as record, tempfile.TemporaryDirectory() as home:
        from haidang.config.content import load
        from haidang.config.web.trial import running, sign_in
        from haidang.engine.people.actions import add_person

        load(say=lambda _line: None)
        record.stations(["B000"])
        person = add_person(
            email="bench@bench.example", name="Người đo", password="do-toc-do-1", role="operator"
        )
        target, most = Path(home) / "bao-dong.xlsx", {}
        with (
            running(Path(home)) as web,
            httpx.Client(base_url=web.url, cookies=sign_in(person), timeout=600) as client,
        ):
            for count in (100, FEW, MANY):
                alarms(count)
                seconds, cpu, most[count] = taken(client, web.process.pid, target)
                assert rows_in(target) >= count
                print(
                    f"  {count:,} rows: {seconds:.1f} s, {cpu:.1f} s of CPU, {target.stat().st_size / 1e6:.1f} MB, at most {most[count]:.0f} MB of memory"
                )
    against_limit(
        "export", most[MANY] - most[FEW], limit=10, unit="MB more for ten times the rows",
        rows_per_cpu_s=round(MANY / cpu), peak_mb=round(most[MANY]),
    )  # fmt: skip


if __name__ == "__main__":
    main()
