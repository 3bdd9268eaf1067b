"""Sixty days of hourly means through the push door, behind the live readings, with visible progress.

The newest day goes first, so that today's index has its hours at once; then from the oldest day on, in the
order of time. What was acknowledged is written down, so a restarted simulator goes on where it stopped;
sending a block twice stores nothing twice.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from haidang.demo.province import Province
from haidang.demo.quantities import OF_KIND
from haidang.demo.report import Report, Value, message_bytes
from haidang.demo.senders import NotTaken, Push, Refused
from haidang.demo.station import Station

BLOCK_H = 24
# Live readings come first: the history takes at most this share of the time.
SHARE = 0.35


@dataclass(slots=True)
class Progress:
    """What the screens show: blocks done of all, records sent, and what stands in the way."""

    anchor: float
    days: int
    done: list[int] = field(default_factory=list)
    records: int = 0
    waiting: str = ""
    refused: int = 0

    @property
    def blocks(self) -> int:
        return self.days * 24 // BLOCK_H


def hours_of(station: Station, province: Province, ends: np.ndarray) -> Iterator[Report]:
    """Hourly means of one station, stamped at the end of each hour."""
    parts = (np.arange(6) + 0.5) * 600 - 3600
    found = {}
    at = (ends[:, None] + parts).ravel()
    for name, read in province.measured(station, at, with_episodes=False).items():
        found[name] = read.reshape(len(ends), -1).mean(axis=1)
    for place, end in enumerate(ends):
        values = tuple(
            Value(q.name, round(float(found[q.name][place]), q.decimals + 1), q.unit)
            for q in OF_KIND[station.kind]
        )
        yield Report(station.code, float(end), values)


def order(blocks: int) -> list[int]:
    """The newest block first, then from the oldest on."""
    return [blocks - 1, *range(blocks - 1)]


def block(province: Province, anchor: float, days: int, number: int) -> tuple[bytes, int]:
    """All stations' hours of one block as NDJSON, in the order of time, and how many readings it holds."""
    first = anchor - days * 86400 + number * BLOCK_H * 3600
    ends = first + 3600.0 * np.arange(1, BLOCK_H + 1)
    reports = [
        report
        for station in province.outside.stations
        if station.is_registered
        for report in hours_of(station, province, ends)
    ]
    reports.sort(key=lambda report: (report.at, report.station))
    return b"\n".join(map(message_bytes, reports)) + b"\n", sum(len(report.values) for report in reports)


def pieces(body: bytes, lines: int = 192) -> list[bytes]:
    """A block as deliveries small enough that the centre's live readings need not wait long behind one."""
    rows = body.splitlines(keepends=True)
    return [b"".join(rows[start : start + lines]) for start in range(0, len(rows), lines)]


class History:
    """Sends the blocks in a thread of its own."""

    def __init__(
        self, province: Province, push: Push, path: Path, *, clock: Callable[[], float] = time.time
    ) -> None:
        self.province, self.push, self.path = province, push, path
        self.stopped = threading.Event()
        self.progress = self._read(clock())

    def _read(self, now: float) -> Progress:
        """Where an earlier run stopped; the anchor stays, so that its blocks stay the same blocks."""
        days = self.province.outside.history_days
        if self.path.exists():
            kept = Progress(**json.loads(self.path.read_text()))
            if kept.days == days:
                return kept
        return Progress(anchor=now // 3600 * 3600, days=days)

    def _write(self) -> None:
        draft = self.path.with_suffix(".new")
        draft.write_text(json.dumps(asdict(self.progress)))
        draft.replace(self.path)

    def run(self) -> None:
        self._write()
        for number in order(self.progress.blocks):
            if number not in self.progress.done and not self._send(number):
                return

    def _send(self, number: int) -> bool:
        progress = self.progress
        begun = time.monotonic()
        body, records = block(self.province, progress.anchor, progress.days, number)
        once = f"history-{self.province.outside.province}-{int(progress.anchor)}-{number}"
        while not self.stopped.is_set():
            try:
                for part, piece in enumerate(pieces(body)):
                    self.push.send_batch(piece, f"{once}-{part}")
            except NotTaken as error:
                progress.waiting = str(error)
                self._write()
                self.stopped.wait(error.after_s)
                continue
            except Refused as error:
                progress.refused, progress.waiting = progress.refused + 1, str(error)
            else:
                progress.records, progress.waiting = progress.records + records, ""
            progress.done.append(number)
            self._write()
            spent = time.monotonic() - begun
            self.stopped.wait(max(0.4, spent * (1 / SHARE - 1)))
            return not self.stopped.is_set()
        return False
