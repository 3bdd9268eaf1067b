"""A web process of one's own, for tests and benchmarks: the real command on a free port."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from haidang.engine.people.models import Person

# Half a dozen suites at once on two cores make a start slow; what fails, fails at once.
START_WITHIN = 90.0
STOP_WITHIN = 20.0


@dataclass(frozen=True, slots=True)
class Trial:
    """A running web process."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def metric(self, name: str) -> float:
        """Sum over the labels of one metric."""
        lines = httpx.get(f"{self.url}/metrics").text.splitlines()
        found = [line for line in lines if line.startswith((f"{name} ", f"{name}{{"))]
        return sum(float(line.rsplit(" ", 1)[1]) for line in found)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def database_url() -> str:
    """The database Django speaks to now: in tests, the test database."""
    found = connection.settings_dict
    host = quote(str(found["HOST"]), safe="")
    port = f":{found['PORT']}" if found["PORT"] else ""
    password = f":{quote(str(found['PASSWORD']), safe='')}" if found["PASSWORD"] else ""
    return f"postgresql://{quote(str(found['USER']))}{password}@{host}{port}/{found['NAME']}"


@contextlib.contextmanager
def running(home: Path, **environment: str) -> Iterator[Trial]:
    """`haidang web` until the block ends."""
    port = free_port()
    url = f"http://localhost:{port}"
    home.mkdir(parents=True, exist_ok=True)
    log = home / f"web-{port}.log"
    settings_of_child = {
        **os.environ,
        "HAIDANG_HOME": str(home),
        "HAIDANG_PORT": str(port),
        "HAIDANG_PUBLIC_URL": url,
        "HAIDANG_SECRET_KEY": settings.SECRET_KEY,
        "DATABASE_URL": database_url(),
        **environment,
    }
    command = [sys.executable, "-m", "haidang", "web", "--bind", "127.0.0.1", "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=settings_of_child, stdout=output, stderr=subprocess.STDOUT)
        try:
            _wait_until_ready(url, process, log)
            yield Trial(url, process, log)
        finally:
            process.terminate()
            process.wait(STOP_WITHIN)


def _wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_WITHIN
    answer = "no answer"
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with contextlib.suppress(httpx.TransportError):
            response = httpx.get(f"{url}/readyz", timeout=2)
            if response.status_code == httpx.codes.OK:
                return
            answer = response.text
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
    raise RuntimeError(f"haidang web is not ready: {answer}\n{log.read_text(errors='replace')[-4000:]}")


def sign_in(person: Person) -> dict[str, str]:
    """A session of this person as cookies, without the sign-in pages."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return {settings.SESSION_COOKIE_NAME: str(session.session_key)}
