"""The whole centre as children of one process: which, in which order, and what is watched."""

from __future__ import annotations

import hashlib
import http.client
import importlib.util
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from haidang.config import settings
from haidang.config.broker import Broker
from haidang.config.postgres import Postgres
from haidang.config.supervisor.children import Child, own
from haidang.config.supervisor.lock import Home
from haidang.config.supervisor.ports import wanted, why_closed

_TICK_S = 0.1
_LOGS_S = 60
# The children of a centre that was killed give their ports back within their patience.
_PORTS_S = 15
# For how long the greeting waits for pages and doors.
_ANSWERS_S = 60
# Taking comes before showing: on a full machine the doors, the stream and the record run first, then pages, then
# jobs. Ten pages asked for without pause made a sender's answer take three times as long without this.
_STANDS_BACK = {"web": 5, "work": 10, "pull": 10, "demo": 10}
# In `run/`: what `prepare` found wrong with content files, one a line.
PROBLEMS = "content-problems"
Say = Callable[[str], None]


def _fingerprint() -> str:
    """Changes when migrations or content do: an unchanged installation starts without asking the database."""
    digest = hashlib.sha256(sys.version.encode())
    package = settings.PACKAGE
    folders: Iterable[Path] = (package, *settings.HAIDANG_DOMAINS)
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".yml", ".py", ".json", ".csv", ".gz"} and path.is_file():
                about = path.stat()
                digest.update(f"{path} {about.st_size} {about.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=1).close()  # noqa: S310 - our own http address
    except (OSError, http.client.HTTPException):
        return False
    return True


def _time_in(hold: Path) -> float | None:
    """Until when, in seconds since 1970; None for a file that is opened and not yet written."""
    try:
        return float(hold.read_text())
    except (ValueError, FileNotFoundError):
        return None


class Centre:
    """Started by `up`; `run` returns when everything is stopped again."""

    def __init__(self, *, demo: str = "", say: Say = print) -> None:
        self.home = Home(settings.HAIDANG_HOME)
        self.say = say
        self.demo = demo
        self.logs = settings.HAIDANG_HOME / "log"
        self.postgres = None if os.environ.get("DATABASE_URL") else Postgres(settings.HAIDANG_HOME)
        self.broker = None if settings.NATS_URL else Broker(settings.HAIDANG_HOME, settings.HAIDANG_WIRE_SYNC)
        self.children: list[Child] = []
        self._stopping = False
        self._logs_due = 0.0

    # --- start -----------------------------------------------------------------------------------------------

    def run(self) -> int:
        """Start all, watch until told to stop, stop all. The exit code."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        started = time.monotonic()
        try:
            if not self._ports_open() or not self._start_servers():
                return 1
            if not self._prepare():
                return 1
            self._start_processes()
            self._wait_for_answers()
            if not self._stopping:
                self._greet(time.monotonic() - started)
            while not self._stopping:
                self._tick()
        finally:
            self.stop()
        return 0

    def _stop(self, *_: object) -> None:
        self._stopping = True

    def _child(self, name: str, command: Callable[[], list[str]], **more: object) -> Child:
        child = Child(name, command, self.logs, **more)  # type: ignore[arg-type]
        self.children.append(child)
        child.start()
        self.home.tell(self.children)
        return child

    def _ports_open(self) -> bool:
        deadline = time.monotonic() + _PORTS_S
        while why := why_closed(settings.HAIDANG_BIND, wanted()):
            if self._stopping or time.monotonic() >= deadline:
                self.say(f"Error: {why}")
                return False
            time.sleep(_TICK_S)
        return True

    def _start_servers(self) -> bool:
        if self.postgres:
            self._child(
                "postgres",
                self.postgres.serve,
                prepare=self.postgres.prepare,
                stop_signal=signal.SIGINT,
                patience_s=60,
            )
        if self.broker:
            self.broker.prepare()
            self._child("nats", self.broker.serve, patience_s=20)
            if not self._until(self.broker.ready, "nats"):
                return False
        self._child("doors", lambda: own("doors"))
        return not self.postgres or self._until(self.postgres.ready, "postgres")

    def _until(self, ready: Callable[[], bool], name: str, patience_s: float = 300) -> bool:
        """Wait for a server, as long as it lives; recovery after a crash may take minutes."""
        deadline = time.monotonic() + patience_s
        child = next(child for child in self.children if child.name == name)
        while not self._stopping:
            if ready():
                return True
            self._tick()
            if child.failures > 3 or time.monotonic() > deadline:
                self.say(f"{name} does not start; the end of {child.log}:\n{child.last_words()}")
                return False
        return False

    def _prepare(self) -> bool:
        """Bring the database up to this version, unless nothing changed since the last time."""
        record = self.home.run / "prepared"
        now = f"{self.postgres.identity()} {_fingerprint()}" if self.postgres else ""
        if now and record.exists() and record.read_text() == now:
            return True
        if self._stopping:
            return False
        log = self.logs / "prepare.log"
        with log.open("ab") as out:
            process = subprocess.Popen(own("prepare"), stdout=out, stderr=out, cwd="/")
        while process.poll() is None:
            self._tick()
            if self._stopping:
                process.terminate()
        if process.returncode != 0 and not self._stopping:
            words = log.read_text(errors="replace").splitlines()[-25:]
            self.say("The database could not be prepared; the end of " + str(log) + ":\n" + "\n".join(words))
        if process.returncode == 0 and now:  # another database is asked at each start
            record.write_text(now)
        return process.returncode == 0

    def _prepare_demo(self) -> None:
        """Once per province: its logins are printed below. Later runs prepare it in the background."""
        from haidang.config.cli.demo import is_prepared

        if is_prepared(self.demo):
            return
        with (self.logs / "demo.log").open("ab") as out:
            process = subprocess.Popen(own("demo", "prepare", self.demo), stdout=out, stderr=out, cwd="/")
        while process.poll() is None and not self._stopping:
            self._tick()

    def _start_processes(self) -> None:
        for name, module in (
            ("ingest", "haidang.config.cli.record"),
            ("web", "haidang.config.cli.web"),
            ("work", "haidang.config.cli.work"),
            ("pull", "haidang.config.cli.pull"),
        ):
            if importlib.util.find_spec(module):
                command = partial(own, name, nice=_STANDS_BACK.get(name, 0))
                self._child(name, command, environment=self._environment())
        if self.demo:
            self._prepare_demo()
            self._child("demo", lambda: own("demo", "run", self.demo, nice=_STANDS_BACK["demo"]))

    def _environment(self) -> dict[str, str]:
        return {"HAIDANG_DEMO": self.demo} if self.demo else {}

    def _wait_for_answers(self) -> None:
        """Until pages and doors answer: whoever reads the greeting may send at once."""
        host = "127.0.0.1" if settings.HAIDANG_BIND in {"0.0.0.0", "::"} else settings.HAIDANG_BIND  # noqa: S104
        silent = [
            f"http://{host}:{settings.HAIDANG_PORT}/healthz",
            f"http://{host}:{settings.HAIDANG_DOORS_PORT}/readyz",
        ]
        deadline = time.monotonic() + _ANSWERS_S
        while silent := [url for url in silent if not _answers(url)]:
            if self._stopping or time.monotonic() >= deadline:
                break
            self._tick()
        if silent and not self._stopping:
            self.say(f"Chưa trả lời sau {_ANSWERS_S} s: {', '.join(silent)}. Xem nhật ký trong {self.logs}.")

    def _greet(self, seconds: float) -> None:
        home = settings.HAIDANG_HOME
        self.say(f"Hải Đăng đang chạy ({seconds:.1f} s). Dừng: Ctrl-C.")
        self.say(f"  Màn hình điều hành  {settings.HAIDANG_PUBLIC_URL}/")
        self.say(f"  Nhận dữ liệu HTTP   http://localhost:{settings.HAIDANG_DOORS_PORT}/api/v1/openapi.json")
        if not settings.HAIDANG_MQTT_URL:
            self.say(f"  Nhận dữ liệu MQTT   localhost:{settings.HAIDANG_MQTT_PORT}")
        self.say(f"  Nhận dữ liệu FTP    localhost:{settings.HAIDANG_FTP_PORT}")
        self.say(f"  Thư mục của trung tâm {home}")
        self._tell_problems()
        logins = home / "demo-logins.txt"
        if self.demo and logins.exists():
            self.say("DỮ LIỆU MÔ PHỎNG. Tài khoản dùng thử:")
            self.say(logins.read_text().rstrip())

    def _tell_problems(self) -> None:
        path = self.home.run / PROBLEMS
        if found := path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
            self.say("TỆP NỘI DUNG HỎNG, sửa rồi khởi động lại (haidang check nói rõ hơn):")
            for line in found:
                self.say(f"  {line}")

    # --- watch -----------------------------------------------------------------------------------------------

    def _tick(self) -> None:
        """A tenth of a second of watching."""
        time.sleep(_TICK_S)
        changed = [child.watch() for child in self.children]
        changed.append(self._obey())
        if any(changed):
            self.home.tell(self.children)
        if time.monotonic() >= self._logs_due:
            self._logs_due = time.monotonic() + _LOGS_S
            for child in self.children:
                child.turn_log()

    def _obey(self) -> bool:
        """Requests of other processes: `run/hold-NAME` with a time until which it stays down, `run/restart-NAME`."""
        changed = False
        for child in self.children:
            hold, restart = self.home.run / f"hold-{child.name}", self.home.run / f"restart-{child.name}"
            if hold.exists():
                until = _time_in(hold)
                if until is None:  # being written this very moment: it stands there whole at the next look
                    continue
                if time.time() < until:
                    if child.state != "held":
                        child.hold()
                        changed = True
                    continue
                hold.unlink(missing_ok=True)
            if child.state == "held":
                child.release()
                changed = True
            if restart.exists():
                restart.unlink(missing_ok=True)
                child.restart()
                changed = True
        return changed

    def stop(self) -> None:
        """In the reverse order: nobody loses what it writes to before it is done."""
        for child in reversed(self.children):
            child.stop()
            self.home.tell(self.children)
