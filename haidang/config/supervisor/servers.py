"""The embedded servers for the length of one command, where no centre runs."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from haidang.config import settings
from haidang.config.broker import Broker
from haidang.config.postgres import Postgres
from haidang.config.supervisor.children import Child
from haidang.config.supervisor.lock import Home


@contextlib.contextmanager
def servers(home: Path) -> Iterator[None]:
    """PostgreSQL and NATS of this home answer inside; they are started when no supervisor has them running."""
    lock = Home(home)
    if lock.take() is not None:
        yield
        return
    children: list[Child] = []
    try:
        if not os.environ.get("DATABASE_URL"):
            postgres = Postgres(home)
            child = Child(
                "postgres", postgres.serve, home / "log", prepare=postgres.prepare,
                stop_signal=signal.SIGINT, patience_s=60,
            )  # fmt: skip
            _until(child, postgres.ready)
            children.append(child)
        if not settings.NATS_URL:
            broker = Broker(home, settings.HAIDANG_WIRE_SYNC)
            broker.prepare()
            child = Child("nats", broker.serve, home / "log")
            _until(child, broker.ready)
            children.append(child)
        yield
    finally:
        for child in reversed(children):
            child.stop()
        lock.release()


def _until(child: Child, ready: Callable[[], bool], patience_s: float = 300) -> None:
    child.start()
    deadline = time.monotonic() + patience_s
    while not ready():
        if child.process is None or child.process.poll() is not None or time.monotonic() > deadline:
            child.stop()
            raise SystemExit(f"{child.name} does not start; the end of {child.log}:\n{child.last_words()}")
        time.sleep(0.05)
