"""One child process: started, watched, started again with back-off, stopped."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
_SETTLED_S = 30
_LOG_BYTES = 32 << 20
# A fault of Friday evening is looked for on Monday; a week is enough, and bounds what logs take of the disk.
_LOG_DAYS = 7


def own(*arguments: str, nice: int = 0) -> list[str]:
    """Command line of one of our own processes, tied to this one's life."""
    launch = [sys.executable, "-ISu", str(Path(__file__).parent / "launch.py"), "--parent", str(os.getpid())]
    return [*launch, "--nice", str(nice), "--", sys.executable, "-m", "haidang", *arguments]


def _day(instant: float) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(instant))


def _day_of(part: Path) -> str:
    """`web.log.2026-11-28.long` is of 2026-11-28."""
    return part.name.split(".")[2]


@dataclass
class Child:
    """`command` is asked anew at each start: a port or an account may have changed."""

    name: str
    command: Callable[[], list[str]]
    logs: Path
    stop_signal: signal.Signals = signal.SIGTERM
    patience_s: float = 10
    environment: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[], object] = lambda: None
    state: str = "stopped"  # stopped, starting, running, waiting, held
    since: float = field(default_factory=time.time)
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    _started: float = 0
    _again_at: float = 0
    _day: str = ""  # of what stands in the log now

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process else None

    @property
    def log(self) -> Path:
        return self.logs / f"{self.name}.log"

    def _turn(self, state: str) -> None:
        if state != self.state:
            self.state, self.since = state, time.time()

    def start(self) -> None:
        """Start it, once; raises SystemExit when preparing says it never can."""
        self.prepare()
        self.logs.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/",
                env={**os.environ, "PYTHONFAULTHANDLER": "1", **self.environment},
            )  # fmt: skip
        self._started = time.monotonic()
        self._turn("running")

    def watch(self) -> bool:
        """Notice a death and start again when its pause is over; says whether anything changed."""
        before = self.state
        if self.process is not None and self.process.poll() is not None:
            lived = time.monotonic() - self._started
            self.failures = 0 if lived > _SETTLED_S else self.failures
            pause = PAUSES[min(self.failures, len(PAUSES) - 1)]
            self.failures += 1
            self._again_at = time.monotonic() + pause
            self._say(f"ended with {self.process.returncode} after {lived:.0f} s, again in {pause} s")
            self.process = None
            self._turn("waiting")
        elif self.state == "waiting" and time.monotonic() >= self._again_at:
            try:
                self.start()
            except OSError as error:
                self.failures += 1
                self._again_at = time.monotonic() + PAUSES[min(self.failures, len(PAUSES) - 1)]
                self._say(f"cannot be started: {error}")
        return self.state != before

    def _say(self, what: str) -> None:
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S%z")
        try:
            with self.log.open("a") as log:
                log.write(f"{stamp} supervisor: {self.name} {what}\n")
        except OSError:
            print(f"{self.name} {what}", file=sys.stderr)  # the disk is full: the log is not worth dying for

    def hold(self) -> None:
        """Kill it and keep it down until `release`."""
        self.kill()
        self._turn("held")

    def release(self) -> None:
        self.failures, self._again_at = 0, 0
        self._turn("waiting")

    def restart(self) -> None:
        """Stop it and let `watch` start it again at once."""
        self.stop()
        self.release()

    def stop(self) -> None:
        """Ask, wait, insist."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(self.patience_s)
            except subprocess.TimeoutExpired:
                self._say(f"did not stop within {self.patience_s} s and is killed")
                self.process.kill()
                self.process.wait()
        self.process = None
        self._turn("stopped")

    def kill(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process = None
        self._turn("stopped")

    def turn_log(self) -> None:
        """Put a day that is over aside as `NAME.log.DAY`, and of a log that grew too long its newest part as
        `NAME.log.DAY.long`; let go of old days.
        """
        today = _day(time.time())
        if self.log.exists() and (size := self.log.stat().st_size):
            begun = self._day or _day(self.log.stat().st_mtime)
            if begun != today or size > _LOG_BYTES:
                name = f"{self.log.name}.{begun}" if begun != today else f"{self.log.name}.{begun}.long"
                # The child appends, so its file can be emptied under it. On a full disk emptying is what matters.
                with contextlib.suppress(OSError):
                    shutil.copyfile(self.log, self.logs / name)
                os.truncate(self.log, 0)
        self._day = today
        kept = sorted(self.logs.glob(f"{self.log.name}.*"))
        days = sorted({_day_of(path) for path in kept})[-_LOG_DAYS:]
        for path in kept:
            if _day_of(path) not in days:
                path.unlink(missing_ok=True)

    def last_words(self, lines: int = 15) -> str:
        """The end of its log, for people."""
        if not self.log.exists():
            return ""
        with self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - 8192))
            return "\n".join(log.read().decode("utf-8", "replace").splitlines()[-lines:])
