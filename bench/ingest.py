"""Durable ingest behind the stream: decode, check, store, roll up, judge – against a bare COPY into the same table.

Both sides write the same readings into the identical partitioned, keyed table of the same database, in turns.
`plain` is readings of the running hour. `whole` is a whole hour of 1,000 series at 10 s as it happens: the clock
moves with the data, every rule is asked, then the hour closes with its 1,000 roll-ups and every figure they make.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np

from bench.harness import compare
from bench.record import fresh_database

STATIONS, READINGS, MESSAGES = 100, 200, 200
BATCHES = 9  # of 40,000 readings: an hour of 1,000 series at 10 s
PARAMETERS = {"PM2.5": "µg/m3", "PM10": "µg/m3", "SO2": "µg/m3", "NO2": "µg/m3", "CO": "mg/m3", "O3": "µg/m3",
              "Temp": "°C", "RH": "%", "NO": "µg/m3", "NH3": "µg/m3"}  # fmt: skip


class Sender:
    """Messages of 200 readings from 100 stations, each batch later than the one before."""

    def __init__(self, start: datetime, step: timedelta) -> None:
        self.start = self.at = start
        self.step, self.seq = step, 0
        self.random = random.Random(7)  # noqa: S311 - the same values in every run

    def stamp(self, number: int) -> datetime:
        """Measuring time of the reading of this number within the batch."""
        return self.at + self.step * number

    def batch(self) -> list[tuple[int, bytes]]:
        """(sequence, envelope) of 40,000 readings."""
        import msgspec

        from haidang.engine.connectors.arrival import Arrival
        from haidang.engine.wire import envelope

        found = []
        rounds = READINGS // len(PARAMETERS)
        for message in range(MESSAGES):
            turn = message // STATIONS
            readings = [
                {
                    "parameter": parameter, "value": round(self.random.uniform(5, 20), 1), "unit": unit,
                    "at": self.stamp(turn * rounds + number + 1).isoformat(), "status": "00",
                }
                for number in range(rounds)
                for parameter, unit in PARAMETERS.items()
            ]  # fmt: skip
            body = msgspec.json.encode({"station": f"B{message % STATIONS:03}", "readings": readings})
            arrival = Arrival(
                source="environment.station_readings", door="push", received_at=time.time(), credential="bench",
                body=body, size=len(body), records=READINGS,
            )  # fmt: skip
            self.seq += 1
            found.append((self.seq, envelope.encode(envelope.Envelope(arrivals=[arrival]))))
        self.at += self.step * rounds * (MESSAGES // STATIONS)
        return found


def ours(sender: Sender) -> Callable[[], float]:
    """Readings per second through the conductor, committed."""
    from haidang.engine.ingest.incoming import Incoming
    from haidang.engine.ingest.process import conductor

    worker = conductor()

    def run() -> float:
        messages = [Incoming(seq, payload) for seq, payload in sender.batch()]
        started = time.perf_counter()
        worker.take(messages)
        return MESSAGES * READINGS / (time.perf_counter() - started)

    return run


def whole_hour(sender: Sender) -> Callable[[], float]:
    """Readings per second over one hour: nine batches with rules, then the closing with roll-ups and figures."""
    from haidang.engine import clock
    from haidang.engine.ingest.incoming import Incoming
    from haidang.engine.ingest.process import conductor

    worker = conductor()

    def run() -> float:
        spent = 0.0
        for _ in range(BATCHES):
            messages = [Incoming(seq, payload) for seq, payload in sender.batch()]
            clock.set_source(sender.at.timestamp)
            started = time.perf_counter()
            worker.take(messages)
            spent += time.perf_counter() - started
        started = time.perf_counter()
        worker.close_hours()
        while worker.compute_due():
            pass
        return BATCHES * MESSAGES * READINGS / (spent + time.perf_counter() - started)

    return run


def bare(start: datetime, batches: int = 1) -> Callable[[], float]:
    """Readings per second of a binary COPY of ready rows into the identical table, committed."""
    from django.db import connection, transaction

    from haidang.engine.store import columns as pg

    state = {"at": int(start.timestamp() * 1e6)}
    rows = MESSAGES * READINGS
    series = np.tile(
        np.arange(1, STATIONS * len(PARAMETERS) + 1, dtype=np.int32), rows // (STATIONS * len(PARAMETERS))
    )

    def once() -> float:
        steps = np.repeat(np.arange(rows // len(np.unique(series))), len(np.unique(series)))
        at = state["at"] + (steps + 1) * 1_000_000
        state["at"] = int(at.max())
        values = np.random.default_rng(7).uniform(5, 20, rows)
        started = time.perf_counter()
        with transaction.atomic(), connection.cursor() as cursor:
            pg.copy_in(
                cursor,
                "bench_observation",
                {
                    "series_id": ("int4", series), "status": ("int2", 0), "ordinal": ("int4", np.arange(rows)),
                    "at": ("timestamptz", pg.timestamps(at)), "value": ("float8", values), "delivery_id": ("int8", 1),
                    "epoch": ("int8", 1), "superseded": ("int8", None),
                },
                nullable="value",
            )  # fmt: skip
        return time.perf_counter() - started

    def run() -> float:
        return batches * rows / sum(once() for _ in range(batches))

    return run


def main(which: str) -> None:
    """`plain` or `whole`."""
    with fresh_database() as database:
        database.stations([f"B{n:03}" for n in range(STATIONS)])
        database.identical_table("bench_observation")
        now = database.now()
        hour = now.replace(minute=0, second=0, microsecond=0)
        if which == "plain":
            # Stamps of the running hour: nothing closes, nothing is rolled up.
            compare("ingest", measured=ours(Sender(hour, timedelta(milliseconds=20))), baseline=bare(hour),
                    unit="readings/s", must=0.40, pairs=7)  # fmt: skip
        else:
            start = hour - timedelta(days=1)
            compare("ingest-whole", measured=whole_hour(Sender(start, timedelta(seconds=10))),
                    baseline=bare(start, BATCHES), unit="readings/s", must=0.30)  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "plain")
