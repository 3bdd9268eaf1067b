"""pytest's database: an embedded server for the run, when DATABASE_URL names none.

Loaded by `-p` so that it stands before Django's settings are read. Workers of one run share the server; each has
a database of its own.
"""

from __future__ import annotations

import gc
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from haidang.config.postgres import Postgres

_started: list[tuple[subprocess.Popen[bytes], Path]] = []


def _start() -> None:
    home = Path(tempfile.mkdtemp(prefix="haidang-tests-"))
    home.chmod(0o755)
    os.environ["HAIDANG_HOME"] = str(home / "home")
    os.environ["HAIDANG_TRIAL_SEED"] = str(home / "seed")
    if "DATABASE_URL" in os.environ:
        _started.append((subprocess.Popen(["true"]), home))
        return
    postgres = Postgres(home)
    postgres.prepare()
    # Without fsync: what these tests lose in a power cut is nothing.
    more = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
    with (home / "postgres.log").open("wb") as log:
        server = subprocess.Popen([*postgres.serve(), *more], stdout=log, stderr=log, cwd="/")
    _started.append((server, home))
    deadline = time.monotonic() + 60
    while not postgres.ready():
        if server.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(
                f"PostgreSQL for the tests does not start: {(home / 'postgres.log').read_text()}"
            )
        time.sleep(0.05)
    os.environ["DATABASE_URL"] = f"postgresql://haidang@{quote(str(postgres.folder), safe='')}/postgres"


def pytest_configure() -> None:
    """Properties say what holds, on a slow machine too: no example is given up for the time it takes."""
    from hypothesis import HealthCheck, settings

    settings.register_profile("haidang", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("haidang")


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Browser tests last: Playwright's loop stays in the worker's thread, where no other loop can run beside it. Of
    those the journeys come first: a minute each, they would leave one worker alone at the end.
    """

    def late(item: Any) -> int:
        is_browser = item.get_closest_marker("browser") is not None
        return is_browser + (is_browser and "/journeys/" not in item.nodeid)

    items.sort(key=late)


@pytest.fixture(scope="session")
def register_once(django_db_setup: None, django_db_blocker: Any) -> None:  # noqa: ARG001 - there must be a database
    """The register of units, committed once: loading fourteen thousand rows is a second's work for each test."""
    from haidang.engine.places.register import ensure_loaded

    with django_db_blocker.unblock():
        ensure_loaded()


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: the collector of garbage need not walk it again and again."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    while _started:
        server, home = _started.pop()
        server.send_signal(signal.SIGINT)
        server.wait()
        shutil.rmtree(home, ignore_errors=True)


if "PYTEST_XDIST_WORKER" not in os.environ:
    _start()
