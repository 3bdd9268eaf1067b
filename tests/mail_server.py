"""A mail server for tests: speaks SMTP on a free port, keeps what it took, and can be told to say no."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from socket import SHUT_RDWR
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from types import TracebackType
from typing import Self


class _Talk(StreamRequestHandler):
    server: MailServer
    _taken_here = 0

    def handle(self) -> None:
        self._say("220 test")
        while line := self.rfile.readline():
            verb = line.decode().strip().upper()
            if verb.startswith("MAIL") and self._taken_here == self.server.most_at_once:
                return self._say("421 enough for this connection")
            if verb == "DATA":
                self._take()
            elif verb.startswith("RCPT") and self.server.refusal:
                self._say(self.server.refusal)
            elif verb == "QUIT":
                return self._say("221 bye")
            else:
                self._say("250 ok")
        return None

    def _take(self) -> None:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        self.server.taken.append(message)  # type: ignore[arg-type]
        if self.server.hangs_up:
            self.connection.shutdown(SHUT_RDWR)
        else:
            self._say("250 taken")
            self._taken_here += 1

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


class MailServer(ThreadingTCPServer):
    """`taken` is what arrived; `refusal` answers every recipient; `hangs_up` takes and gives no answer; after
    `most_at_once` messages of one connection the next one is put off and the line cut, as many servers do.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.taken: list[EmailMessage] = []
        self.refusal = ""
        self.hangs_up = False
        self.most_at_once = -1

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def __enter__(self) -> Self:
        Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.shutdown()
        self.server_close()
