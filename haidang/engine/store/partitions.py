"""Months of the large tables. A month is made before the first row of it is written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db import connection

from haidang.engine import clock

TABLES = ("store_observation", "store_hour")


def month_start(instant: datetime) -> datetime:
    """Midnight UTC of the first day of the instant's month."""
    return instant.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def next_month(start: datetime) -> datetime:
    """Start of the month after `start`."""
    return month_start(start + timedelta(days=32))


def ensure(instants: Iterable[datetime]) -> list[str]:
    """Make the months these instants fall into, where they are missing; returns what was made."""
    made = []
    with connection.cursor() as cursor:
        for start in sorted({month_start(instant) for instant in instants}):
            for table in TABLES:
                name = f"{table}_{start:%Y%m}"
                cursor.execute("SELECT to_regclass(%s)", [name])
                row = cursor.fetchone()
                if row and row[0]:
                    continue
                # Two processes may want the same new month: the second waits and then finds it.
                cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])
                bounds = f"FROM ('{start:%Y-%m-%d}T00:00Z') TO ('{next_month(start):%Y-%m-%d}T00:00Z')"
                cursor.execute(f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF {table} FOR VALUES {bounds}")
                made.append(name)
    return made


def ensure_months() -> list[str]:
    """This month and the next two, ahead of need."""
    this = month_start(clock.now())
    second = next_month(this)
    return ensure([this, second, next_month(second)])
