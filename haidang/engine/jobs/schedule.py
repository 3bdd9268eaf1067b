"""Repeat a piece of work at set times, once among all worker processes, with the queue of PostgreSQL.

A run that finds another one of its name still going skips its turn: these are looks at the present, not
messages.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable

from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

log = logging.getLogger("haidang.work")

Work = Callable[[], object]
_NAMESPACE = 0x4A4F42  # first key of our advisory locks; the second is the name of the work


def every(cron: str, name: str) -> Callable[[Work], Work]:
    """Run the decorated function by this schedule: five fields of cron, and seconds as a sixth where
    needed.
    """

    def decorate(work: Work) -> Work:
        @app.periodic(cron=cron, periodic_id=name)
        @app.task(name=name, queueing_lock=name)
        def task(timestamp: int) -> None:
            del timestamp
            alone(name, work)

        return work

    return decorate


def alone(name: str, work: Work) -> bool:
    """Run `work` unless another process is at it; whether it ran. An error is logged and raised."""
    close_old_connections()
    key = zlib.crc32(name.encode()) - 2**31
    try:
        # Held by the session, not by a transaction: work that commits in parts keeps it, a killed process
        # loses it.
        if not _lock("pg_try_advisory_lock", key):
            return False
        try:
            work()
        finally:
            _lock("pg_advisory_unlock", key)
    except Exception:
        log.exception("%s failed; it will be tried again at its next turn", name)
        raise
    finally:
        close_old_connections()
    return True


def _lock(function: str, key: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [_NAMESPACE, key])
        row = cursor.fetchone()
    return bool(row and row[0])
