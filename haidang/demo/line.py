"""A sender's line to the centre: what was not acknowledged is kept and sent again, oldest first."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter, deque

from haidang.demo.report import Report
from haidang.demo.senders import NotTaken, Refused, Sender

log = logging.getLogger("haidang.demo")
# Loggers keep sixty days; this one keeps what a long afternoon of the centre being down amounts to.
KEPT = 20_000


class Line:
    """One login's thread. Reports of a station whose line is cut wait in `held` until it is mended."""

    def __init__(self, name: str, sender: Sender) -> None:
        self.name, self.sender = name, sender
        self.queue: deque[Report] = deque(maxlen=KEPT)
        self.held: dict[str, list[Report]] = {}
        self.counts: Counter[str] = Counter()
        self.wake, self.stopped = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self._run, name=f"line-{name}", daemon=True)

    def put(self, report: Report, *, is_cut: bool = False) -> None:
        if is_cut:
            self.held.setdefault(report.station, []).append(report)
            return
        self.mend(report.station)
        self.queue.append(report)
        self.wake.set()

    def mend(self, station: str) -> None:
        """The station's line is back: what it measured meanwhile goes first, oldest first."""
        for report in sorted(self.held.pop(station, []), key=lambda r: r.at):
            self.queue.append(report)
            self.counts["late"] += 1
        self.wake.set()

    def _run(self) -> None:
        while not self.stopped.is_set():
            self.wake.wait(1.0)
            self.wake.clear()
            while self.queue and not self.stopped.is_set():
                self._send_first()

    def _send_first(self) -> None:
        report = self.queue[0]
        begun = time.monotonic()
        try:
            self.sender.send(report)
        except NotTaken as error:
            self.counts["not taken"] += 1
            log.warning("%s keeps %d reports: %s", self.name, len(self.queue), error)
            self.stopped.wait(error.after_s)
            return
        except Refused as error:
            self.counts["refused"] += 1
            log.warning("%s was refused %s: %s", self.name, report.station, error)
        else:
            self.counts["sent"] += 1
            self.counts["ms"] += int(1000 * (time.monotonic() - begun))
        self.queue.popleft()

    def close(self) -> None:
        self.stopped.set()
        self.wake.set()
        self.sender.close()
