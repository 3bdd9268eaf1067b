"""What benchmarks of a whole centre share: a person with a password, pages, memory of all its processes."""

from __future__ import annotations

import contextlib
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil

from haidang.config.supervisor.trial import Trial

PASSWORD = "do-toc-do-may-chu"  # of a person in a folder that is thrown away
EMAIL = "operator@bench.example"


def signed_in(centre: Trial, role: str = "operator") -> httpx.Client:
    """A browser-like client of somebody with this role, through the sign-in page."""
    with contextlib.suppress(AssertionError):  # he may be there from an earlier turn
        centre.run(
            "user",
            "add",
            "--email",
            EMAIL,
            "--name",
            "Người đo",
            "--role",
            role,
            "--password-stdin",
            text=PASSWORD,
        )
    client = httpx.Client(base_url=centre.web_url, follow_redirects=True, timeout=60)
    form = client.get("/tai-khoan/dang-nhap/").text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token is not None
    answer = client.post(
        "/tai-khoan/dang-nhap/",
        data={"csrfmiddlewaretoken": token[1], "login": EMAIL, "password": PASSWORD},
        headers={"Referer": centre.web_url},
    )
    assert answer.status_code == httpx.codes.OK, answer.text[:500]
    assert "sessionid" in client.cookies, "not signed in: " + answer.text[:2000]
    return client


_REGISTER = """
import sys, django
django.setup()
from haidang.engine.assets.actions import register_station
for code in sys.argv[1:]:
    register_station(code=code, name=f"Trạm {code}", kind="air", lat=11.3, lon=106.1)
"""


def register_stations(centre: Trial, codes: list[str]) -> None:
    """Many air stations in one process: a command for each would take a second for each."""
    env = {**centre.env, "DJANGO_SETTINGS_MODULE": "haidang.config.settings"}
    subprocess.run([sys.executable, "-c", _REGISTER, *codes], env=env, check=True)


def processes(centre: Trial) -> list[psutil.Process]:
    """The supervisor and everything below it."""
    pid = centre.pid("up")
    if pid is None:
        return []
    top = psutil.Process(pid)
    return [top, *top.children(recursive=True)]


def pss_mb(pid: int) -> float:
    """Proportional memory of one process: shared pages are divided among those who share them."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def timed(act: Callable[[], object], times: int) -> list[float]:
    """Milliseconds of each call."""
    found = []
    for _ in range(times):
        started = time.perf_counter()
        act()
        found.append((time.perf_counter() - started) * 1000)
    return found


def median(values: list[float]) -> float:
    return statistics.median(values)
