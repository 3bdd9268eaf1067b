"""Cost as it grows: time per reading with a small and with a large record behind it, 1 % of the rows late.

The record is filled over five years of monthly partitions; batches of 40,000 live readings follow, one in a hundred of
them measured at a random time of those years. `HAIDANG_GROWTH` sets the large size in rows (default 100 million, about
an hour and 15 GB; the small one is 1 million).
"""

from __future__ import annotations

import os
import random
import statistics
import time
from datetime import datetime, timedelta

from bench.harness import against_limit, describe_machine
from bench.ingest import MESSAGES, READINGS, STATIONS, Sender
from bench.record import fresh_database

SMALL = 1_000_000
LARGE = int(os.environ.get("HAIDANG_GROWTH", "100000000"))
YEARS = timedelta(days=5 * 365)
LATE = 100  # one reading in so many
BATCHES = 7


class LateSender(Sender):
    """As its parent, with some readings of years ago."""

    def __init__(self, start: datetime, step: timedelta) -> None:
        super().__init__(start, step)
        self.late = random.Random(11)  # noqa: S311 - the same rows in every run

    def stamp(self, number: int) -> datetime:
        if self.late.randrange(LATE):
            return super().stamp(number)
        # Not on the grid that filled the record: these are late, not repeats.
        seconds = self.late.randrange(int(YEARS.total_seconds()) - 86_400)
        return self.start - timedelta(days=1, seconds=seconds, milliseconds=500)


def fill(rows_from: int, rows_to: int, series: int, end: datetime) -> None:
    """Rows of the record, spread evenly over series and years, a partition of a month at a time."""
    from django.db import connection

    from haidang.engine.store import partitions

    each = rows_to // series
    step = YEARS / each
    start = end - YEARS
    months = [start]
    while months[-1] < end:
        months.append(partitions.next_month(months[-1]))
    partitions.ensure([*months, end])
    with connection.cursor() as cursor:
        if rows_from:
            cursor.execute("TRUNCATE store_observation")
        for month in months:
            cursor.execute(
                "INSERT INTO store_observation (series_id, status, ordinal, at, value, delivery_id, epoch)"
                " SELECT s, 0, 0, at, 10 + random() * 10, 0, 1 FROM generate_series("
                " %(start)s + %(step)s * ceil(extract(epoch FROM greatest(%(from)s, %(start)s) - %(start)s) / %(each)s),"
                " %(to)s - interval '1 microsecond', %(step)s) AS at CROSS JOIN generate_series(1, %(series)s) AS s",
                {
                    "start": start, "from": month, "to": min(partitions.next_month(month), end), "step": step,
                    "each": step.total_seconds(), "series": series,
                },
            )  # fmt: skip
        cursor.execute("ANALYZE store_observation")


def cost(sender: LateSender, worker: object) -> float:
    """Median microseconds per reading over some batches."""
    from haidang.engine.ingest.conduct import Conductor
    from haidang.engine.ingest.incoming import Incoming

    assert isinstance(worker, Conductor)
    spent = []
    for _ in range(BATCHES):
        messages = [Incoming(seq, payload) for seq, payload in sender.batch()]
        started = time.perf_counter()
        worker.take(messages)
        spent.append((time.perf_counter() - started) / (MESSAGES * READINGS) * 1e6)
    return statistics.median(spent[1:])


def main() -> None:
    describe_machine()
    with fresh_database("haidang_growth") as database:
        database.stations([f"B{n:03}" for n in range(STATIONS)])
        from haidang.engine.ingest.process import conductor

        hour = database.now().replace(minute=0, second=0, microsecond=0)
        sender = LateSender(hour, timedelta(milliseconds=20))
        worker = conductor()
        cost(sender, worker)  # makes the series
        series = len(worker.registry.last_at)
        found = []
        for before, size in ((0, SMALL), (SMALL, LARGE)):
            started = time.perf_counter()
            fill(before, size, series, hour - timedelta(days=1))
            print(f"  {size:,} rows in {time.perf_counter() - started:.0f} s", flush=True)
            found.append(cost(sender, worker))
            print(f"  {found[-1]:.2f} µs a reading", flush=True)
        against_limit("growth", found[1] / found[0], limit=1.2, unit="× the cost at 1 million rows",
                      rows=LARGE, small_us=round(found[0], 2), large_us=round(found[1], 2))  # fmt: skip


if __name__ == "__main__":
    main()
