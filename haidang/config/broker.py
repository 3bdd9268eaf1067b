"""The embedded NATS server: the durable stream. We write its configuration once per start.

It listens on loopback only and knows one user, ourselves: stations speak to the doors, never to it.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from haidang.config.postgres import LAUNCH

INTERNAL_USER = "haidang"
# One message on the wire; larger bodies travel as files.
MAX_PAYLOAD = 1_048_576
MAX_CONNECTIONS = 2_000


def free_port() -> int:
    return free_ports(1)[0]


def free_ports(count: int) -> list[int]:
    """Different ones: each is held until all are known, for the system may give one again as soon as it is free."""
    with contextlib.ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


def _write(path: Path, text: str) -> None:
    """Replace a small private file in one step."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(text)
    draft.replace(path)


@dataclass
class Broker:
    """One store folder and how to run a server on it."""

    home: Path
    sync: str = "always"
    store_bytes: int = 8 << 30
    folder: Path = field(init=False)

    def __post_init__(self) -> None:
        self.folder = self.home / "nats"
        self.config = self.folder / "server.conf"
        self.log = self.home / "log" / "nats-server.log"

    def prepare(self) -> None:
        """Choose port and password of the inner side once per start, record them for every process of this home."""
        for path in (self.folder, self.home / "run", self.home / "log"):
            path.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        (self.home / "run").chmod(0o700)
        self.port = free_port()
        self.password = secrets.token_urlsafe(24)
        _write(
            self.home / "run" / "nats-url", f"nats://{INTERNAL_USER}:{self.password}@127.0.0.1:{self.port}"
        )
        # Plain letters: the server knows no \\u escapes, and a home may have a Vietnamese name.
        _write(self.config, json.dumps(self._settings(), indent=1, ensure_ascii=False))

    def _settings(self) -> dict[str, Any]:
        return {
            "server_name": "haidang",
            "listen": f"127.0.0.1:{self.port}",
            "max_payload": MAX_PAYLOAD,
            "max_connections": MAX_CONNECTIONS,
            "max_pending": 64 << 20,
            "write_deadline": "10s",
            "logtime_utc": True,
            "logfile": str(self.log),
            "logfile_size_limit": 16 << 20,
            "logfile_max_num": 3,
            "jetstream": {
                "store_dir": str(self.folder),
                "max_memory_store": 64 << 20,
                "max_file_store": self._store_bytes(),
                "sync_interval": self.sync,
            },
            "accounts": {
                "HAIDANG": {
                    "jetstream": "enabled",
                    "users": [{"user": INTERNAL_USER, "password": self.password}],
                }
            },
        }

    def _store_bytes(self) -> int:
        """Never promise more than the disk holds: the server would fail instead of refusing."""
        free = shutil.disk_usage(self.folder).free
        held = sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())
        return max(32 << 20, min(self.store_bytes, held + int(free * 0.8)))

    def serve(self) -> list[str]:
        """Command line of the server in the foreground."""
        program = shutil.which(
            "nats-server", path=os.pathsep.join((str(Path(sys.executable).parent), os.defpath))
        )
        if program is None:
            raise SystemExit("The program nats-server is missing: run `make setup`, or set NATS_URL.")
        launch = [sys.executable, "-ISu", str(LAUNCH), "--parent", str(os.getpid()), "--death", "SIGTERM"]
        return [*launch, "--", program, "-c", str(self.config)]

    def ready(self) -> bool:
        """Does it answer?"""
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True
