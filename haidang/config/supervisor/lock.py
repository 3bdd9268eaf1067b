"""One supervisor per home, and what it tells others about its children."""

from __future__ import annotations

import fcntl
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from haidang.config.supervisor.children import Child
from haidang.engine import standby


def take(path: Path) -> IO[str] | int:
    """The lock file, held until it is closed or this process dies; else the process that holds it (0: unknown)."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = path.open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        text = lock.read().strip()
        lock.close()
        return int(text) if text.isdigit() else 0
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


class Home:
    """The lock and the status file of one home."""

    def __init__(self, home: Path) -> None:
        self.path = home
        self.run = home / "run"
        self._lock: IO[str] | None = None

    def take(self) -> int | None:
        """Take the home; the process that holds it when it is taken already. The kernel frees it at any death."""
        taken = take(self.run / "up.lock")
        if isinstance(taken, int):
            return taken
        self._lock = taken
        return None

    def release(self) -> None:
        """Give the home back before this process ends."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def is_taken(self) -> bool:
        """Is a supervisor alive here?"""
        path = self.run / "up.lock"
        if not path.exists():
            return False
        with path.open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def tell(self, children: list[Child]) -> None:
        """Write the states for `haidang status`."""
        rows = [
            {
                "name": child.name,
                "pid": child.pid,
                "state": child.state,
                "since": datetime.fromtimestamp(child.since, UTC).isoformat(timespec="milliseconds"),
            }
            for child in children
        ]
        draft = self.run / f"status.{os.getpid()}"
        try:
            draft.write_text(json.dumps({"supervisor": os.getpid(), "processes": rows}))
            draft.replace(self.run / "status.json")
        except OSError:
            # A full disk: the next change is told when there is room.
            draft.unlink(missing_ok=True)

    def states(self) -> list[dict[str, Any]]:
        """What was told last, and who stands by; everything is stopped when nobody supervises."""
        try:
            rows: list[dict[str, Any]] = json.loads((self.run / "status.json").read_text())["processes"]
        except (OSError, ValueError, KeyError):
            rows = []
        if not self.is_taken():
            for row in rows:
                row |= {"pid": None, "state": "stopped"}
        for waiting in standby.found(self.run):
            known = next((row for row in rows if row["pid"] == waiting["pid"]), None)
            if known is None:
                rows.append(waiting)
            else:
                known |= {"state": waiting["state"], "since": waiting["since"]}
        return rows
