"""A line to the database that a test can cut or hold: what operators see then must be shown, not imagined."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from django.db import connection

BLOCK = 65536


@dataclass
class Cable:
    """Forwards a port of its own to the server Django speaks to."""

    url: str
    _listener: socket.socket
    _flows: threading.Event = field(default_factory=threading.Event)
    _whole: threading.Event = field(default_factory=threading.Event)
    _ends: list[socket.socket] = field(default_factory=list)

    def hold(self) -> None:
        """Nothing comes through any more, and nothing is closed: a server that was stopped."""
        self._flows.clear()

    def cut(self) -> None:
        """Every connection breaks and none can be made: a server that was killed."""
        self._whole.clear()
        for end in self._ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._ends.clear()
        self._flows.set()

    def mend(self) -> None:
        self._whole.set()
        self._flows.set()

    def serve(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if self._whole.is_set():
                threading.Thread(target=self._carry, args=(near,), daemon=True).start()
            else:
                near.close()

    def _carry(self, near: socket.socket) -> None:
        with near, _server() as far, contextlib.suppress(OSError):
            self._ends.append(near)
            others = {near: far, far: near}
            while True:
                for source in select.select([near, far], [], [])[0]:
                    block = source.recv(BLOCK)
                    self._flows.wait()
                    if not block:
                        return
                    others[source].sendall(block)


def _server() -> socket.socket:
    found = connection.settings_dict
    host, port = str(found["HOST"]), int(found["PORT"] or 5432)
    if not host.startswith("/"):
        return socket.create_connection((host, port))
    line = socket.socket(socket.AF_UNIX)
    line.connect(f"{host}/.s.PGSQL.{port}")
    return line


@contextlib.contextmanager
def cable() -> Iterator[Cable]:
    """To be given to `running` as DATABASE_URL."""
    found = connection.settings_dict
    password = f":{quote(str(found['PASSWORD']), safe='')}" if found["PASSWORD"] else ""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        url = f"postgresql://{quote(str(found['USER']))}{password}@127.0.0.1:{port}/{found['NAME']}"
        made = Cable(url, listener)
        made.mend()
        threading.Thread(target=made.serve, daemon=True).start()
        yield made
        made.cut()
        # A thread that waits in accept() is let go.
        listener.shutdown(socket.SHUT_RDWR)
