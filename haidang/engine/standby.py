"""A process that waits until another one like it ends: told by a file in the home that the kernel keeps locked."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


@contextlib.contextmanager
def standing_by(run: Path, name: str) -> Iterator[None]:
    """Say so as long as the block runs; a death ends it too."""
    path = run / f"standby-{name}-{os.getpid()}"
    row = {
        "name": name,
        "pid": os.getpid(),
        "state": "standby",
        "since": datetime.now(UTC).isoformat(timespec="milliseconds"),
    }
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(json.dumps(row))
        file.flush()
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def found(run: Path) -> list[dict[str, Any]]:
    """Who stands by in this home: name, pid, state, since."""
    rows = []
    for path in sorted(run.glob("standby-*")):
        with contextlib.suppress(OSError, ValueError), path.open("r+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                rows.append(json.loads(file.read()))
            else:
                path.unlink(missing_ok=True)  # left by a dead one
    return rows
