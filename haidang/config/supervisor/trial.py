"""A whole centre on free ports in a folder of its own: for tests, faults and benchmarks.

It runs the same `haidang up` as anyone, as a child, and speaks to it from outside.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from haidang.config.addresses import embedded_database_url
from haidang.config.broker import free_ports
from haidang.config.supervisor.lock import Home

_SUMS = """
SELECT s.address, coalesce((SELECT sum(received) FROM store_doorcount d WHERE d.source_address = s.address), 0),
       coalesce(t.stored + t.duplicate + t.refused + t.failed, 0)
FROM store_source s LEFT JOIN store_tally t ON t.source_id = s.id ORDER BY s.address
"""
_OURS = ("HAIDANG_", "DATABASE_URL", "NATS_URL", "DJANGO_")


@dataclass
class Trial:
    """One centre. `env` may be changed before `start`."""

    home: Path
    demo: str = ""
    env: dict[str, str] = field(default_factory=dict)
    prefix: list[str] = field(default_factory=list)  # a program that runs and watches it, as strace does
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        names = ("HAIDANG_PORT", "HAIDANG_DOORS_PORT", "HAIDANG_MQTT_PORT", "HAIDANG_FTP_PORT")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
        ports = dict(zip(names, map(str, free_ports(len(names))), strict=True))
        self.env = {**inherited, "HAIDANG_HOME": str(self.home), **ports, **self.env}

    def port(self, name: str) -> int:
        """web, push, mqtt or ftp."""
        names = {"web": "HAIDANG_PORT", "push": "HAIDANG_DOORS_PORT", "mqtt": "HAIDANG_MQTT_PORT"}
        return int(self.env[names.get(name, "HAIDANG_FTP_PORT")])

    @property
    def web_url(self) -> str:
        return f"http://localhost:{self.port('web')}"

    @property
    def push_url(self) -> str:
        return f"http://127.0.0.1:{self.port('push')}"

    def deliveries_url(self, source: str) -> str:
        return f"{self.push_url}/api/v1/sources/{source}/deliveries"

    @property
    def database_url(self) -> str:
        return self.env.get("DATABASE_URL") or embedded_database_url(self.home)

    # --- life ------------------------------------------------------------------------------------------------

    def start(self, *, patience_s: float = 120) -> Trial:
        """`haidang up`; returns when every process runs and pages and doors answer."""
        self._launch()
        self.wait_ready(patience_s=patience_s)
        return self

    def _launch(self) -> None:
        command = [
            *self.prefix,
            sys.executable,
            "-m",
            "haidang",
            "up",
            *(["--demo", self.demo] if self.demo else []),
        ]
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / "up.out").open("ab") as out:
            self.process = subprocess.Popen(command, env=self.env, stdout=out, stderr=out, cwd="/")

    def prepare(self) -> None:
        """Only so far that the database is made, migrated and holds the content; then everything is stopped."""
        self._launch()
        prepared = self.home / "run" / "prepared"
        self.wait_for(prepared.exists, patience_s=300, what="the database to be prepared")
        self.stop()

    def is_ready(self) -> bool:
        states = self.states()
        wanted = {"doors", "ingest", "web"} | (set() if "DATABASE_URL" in self.env else {"postgres"})
        running = {row["name"] for row in states if row["state"] == "running"}
        if not wanted <= running or len(running) != len(states):
            return False
        try:
            self.sql("SELECT 1")
        except psycopg.OperationalError:
            return False
        return all(self._answers(url) for url in (f"{self.push_url}/readyz", f"{self.web_url}/healthz"))

    @staticmethod
    def _answers(url: str) -> bool:
        try:
            urllib.request.urlopen(url, timeout=2).close()  # noqa: S310 - our own http address
        except OSError:
            return False
        return True

    def wait_ready(self, *, patience_s: float = 120) -> None:
        self.wait_for(self.is_ready, patience_s=patience_s, what="the centre to be ready")

    def wait_for(self, true: Any, *, patience_s: float = 120, what: str = "it") -> None:
        """Ask until it is so. The patience says only when a test that hangs is given up, never how fast a centre is: a
        disk of a busy machine may stand still for half a minute.
        """
        deadline = time.monotonic() + patience_s
        while not true():
            if self.process is not None and self.process.poll() is not None:
                raise AssertionError(f"haidang up ended with {self.process.returncode}:\n{self.words()}")
            if time.monotonic() > deadline:
                raise AssertionError(f"waited {patience_s:.0f} s for {what}; {self.states()}\n{self.words()}")
            time.sleep(0.05)

    def words(self) -> str:
        """The time, how busy the machine is, and the end of every log: for a failed test."""
        found = [f"--- {time.strftime('%Y-%m-%dT%H:%M:%S%z')}, load {os.getloadavg()}"]
        for log in sorted([self.home / "up.out", *self.home.glob("log/*.log")]):
            if log.exists():
                lines = log.read_text(errors="replace").splitlines()[-12:]
                found.append(f"--- {log.name}\n" + "\n".join(lines))
        return "\n".join(found)

    def stop(self) -> int:
        """Cleanly; the exit code."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(120)
        self.process = None
        return code

    def states(self) -> list[dict[str, Any]]:
        return Home(self.home).states()

    def pid(self, name: str) -> int | None:
        """Of one process; `up` is the supervisor itself."""
        if name == "up":
            return self.process.pid if self.process else None
        return next((row["pid"] for row in self.states() if row["name"] == name), None)

    def kill(self, name: str) -> None:
        """`kill -9`."""
        pid = self.pid(name)
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if name == "up" and self.process is not None:
            self.process.wait()
            self.process = None

    # --- use -------------------------------------------------------------------------------------------------

    def run(
        self, *arguments: str, check: bool = True, text: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """`haidang …` with this centre's settings; `text` goes to its input."""
        done = subprocess.run(
            [sys.executable, "-m", "haidang", *arguments],
            env=self.env, input=text, capture_output=True, text=True, check=False, cwd="/",
        )  # fmt: skip
        if check and done.returncode != 0:
            raise AssertionError(f"haidang {' '.join(arguments)}: {done.stderr or done.stdout}")
        return done

    def json(self, *arguments: str) -> Any:
        """`haidang … --json`, read; also where the command ends with an exit code of its own."""
        done = self.run(*arguments, "--json", check=False)
        try:
            return json.loads(done.stdout)
        except ValueError:
            raise AssertionError(f"haidang {' '.join(arguments)}: {done.stderr or done.stdout}") from None

    def key(self, source: str, stations: str = "") -> dict[str, Any]:
        """One more credential: user, password, key, topic."""
        more = ["--stations", stations] if stations else []
        found: dict[str, Any] = self.json("source", "key", source, *more)
        return found

    def station(self, code: str, kind: str = "air", lat: float = 11.3, lon: float = 106.1) -> None:
        where = ("--lat", str(lat), "--lon", str(lon))
        self.run("station", "add", "--code", code, "--name", f"Trạm {code}", "--kind", kind, *where)

    def sql(self, query: str, *arguments: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            return connection.execute(query.encode(), arguments or None).fetchall()

    def sums_close(self) -> bool:
        """Has every record the doors counted an outcome? Asked of the tables; `settled` asks the stream too."""
        return all(received == outcomes for _, received, outcomes in self.sums())

    def sums(self) -> list[tuple[str, int, int]]:
        """(source, records counted at the doors, records with an outcome)."""
        return [
            (str(address), int(received), int(outcomes)) for address, received, outcomes in self.sql(_SUMS)
        ]

    def settled(self) -> bool:
        """Is everything that was taken also counted and stored?"""
        with contextlib.suppress(psycopg.Error, ValueError):
            if not self.sums_close():  # a process less than asking the doctor
                return False
            told = self.json("doctor")
            waiting = told.get("waiting", 0) or told.get("uncounted", 0)
            return not waiting and all(row["ok"] for row in told["sources"])
        return False


_SEED = "HAIDANG_TRIAL_SEED"


def sow(home: Path) -> None:
    """Give a new home the prepared database of the seed named by the environment; without one it makes its own.

    To make, migrate and fill a database takes longer than the whole start after it. A run of tests does so once, and
    each of its centres starts as on its second day.
    """
    if _SEED not in os.environ:
        return
    seed = Trial(Path(os.environ[_SEED]) / "home")
    seed.home.parent.mkdir(mode=0o755, exist_ok=True)
    with (seed.home.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # workers of one run share it
        if not (seed.home / "run" / "prepared").exists():
            seed.prepare()
    (home / "run").mkdir(parents=True)
    kept = [seed.home / "run" / name for name in ("prepared", "content-problems")]
    # As root the data belongs to the account PostgreSQL runs as.
    subprocess.run(["cp", "-a", str(seed.home / "pg"), str(home)], check=True)
    subprocess.run(["cp", "-a", *map(str, kept), str(home / "run")], check=True)


@contextlib.contextmanager
def trial(*, demo: str = "", keep: bool = False, folder: Path | None = None, **env: str) -> Iterator[Trial]:
    """A started centre that is stopped and removed afterwards."""
    home = Path(tempfile.mkdtemp(prefix="haidang-trial-", dir=folder))
    home.chmod(0o755)
    centre = Trial(home, demo=demo, env=env)
    try:
        sow(home)
        yield centre.start()
    finally:
        centre.stop()
        if not keep:
            shutil.rmtree(home, ignore_errors=True)
