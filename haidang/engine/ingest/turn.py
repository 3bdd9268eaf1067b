"""Whose turn it is: one ingest at a time works on a record, any other stands by.

What the rules remember and the registry of stations live in the process, so two at work would judge by halves. The
turn is a lock of the database session that does the work: it ends with that session, however it ends.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

_LOCK = 0x4841_0002
# A holder that was cut off is noticed within half a minute, not after the two hours of the system's default. Over a
# socket of this machine PostgreSQL ignores them.
_KEEPALIVE = "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3"


class TurnLost(Exception):
    """The session was lost and another process has taken over meanwhile."""


class Turn:
    """Asked in the thread that works, whose connection holds it."""

    def __init__(self) -> None:
        self._held_on: Any = None

    def take(self) -> bool:
        """Is it ours, or free to be taken? Raises OperationalError when the database is away."""
        connection.ensure_connection()
        if connection.connection is self._held_on:
            return True
        with connection.cursor() as cursor:
            cursor.execute(_KEEPALIVE)
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
            row = cursor.fetchone()
        if not (row and row[0]):
            return False
        self._held_on = connection.connection
        return True

    def keep(self) -> None:
        """Take it again on a new session; raises TurnLost when another has it."""
        if not self.take():
            raise TurnLost
