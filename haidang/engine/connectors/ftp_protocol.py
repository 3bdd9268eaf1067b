"""The FTP protocol where aioftp falls short, without any knowledge of what is done with a file."""

from __future__ import annotations

import asyncio
import logging
import ssl
from types import SimpleNamespace
from typing import Any

import aioftp
from aioftp.common import Connection

from haidang.engine.connectors.reasons import sentences

log = logging.getLogger("haidang.ftp")
# How a client goes away; every other error is worth a line in the log.
_GONE = (ConnectionError, TimeoutError)


def _is_news(record: logging.LogRecord) -> bool:
    """Of aioftp's own log: errors that are no client hanging up."""
    error = record.exc_info[1] if record.exc_info else None
    return record.levelno >= logging.ERROR and not isinstance(error, _GONE)


logging.getLogger("aioftp.server").addFilter(_is_news)


def _look(task: asyncio.Task[Any]) -> None:
    """The dispatcher leaves at the first error of a session; the second one would be told by Python, with a traceback."""
    if task.cancelled() or (error := task.exception()) is None or isinstance(error, _GONE):
        return
    log.error("an FTP session failed", exc_info=error)


def _watch() -> None:
    if task := asyncio.current_task():
        task.add_done_callback(_look)


class Protocol(aioftp.Server):
    """aioftp's server with explicit TLS (RFC 4217) where a certificate is given, quiet about clients that hang up.

    With `tls_only` nobody signs in and no data flows in the clear.
    """

    def __init__(
        self, *positional: Any, tls: ssl.SSLContext | None = None, tls_only: bool = False, **named: Any
    ) -> None:
        super().__init__(*positional, **named)
        self.tls, self._tls_only = tls, tls_only
        self.commands_mapping["auth"] = self.auth

    # --- TLS -------------------------------------------------------------------------------------------------

    async def auth(self, connection: Connection, rest: Any) -> bool:
        if self.tls is None:
            connection.response("502", "no certificate here")
        elif rest.upper() not in {"TLS", "TLS-C"}:
            connection.response("504", "AUTH TLS only")
        elif connection.future.secured.done():
            connection.response("503", "this is TLS already")
        else:
            # Who signed in in the clear may have been somebody in between.
            del connection.user
            del connection.logged
            writer = connection.command_connection.writer
            # Both without giving way to the loop: the client's first word of TLS must not be read as a command.
            writer.write(b"234 TLS now\r\n")
            try:
                await writer.start_tls(self.tls)
            except OSError as error:  # ssl.SSLError is one
                raise ConnectionResetError("no TLS") from error
            connection.secured = True
        return True

    async def pbsz(self, connection: Connection, rest: Any) -> bool:  # noqa: ARG002 - aioftp's signature
        is_secured = connection.future.secured.done()
        connection.response(*(("200", "PBSZ=0") if is_secured else ("503", "AUTH TLS first")))
        return True

    async def prot(self, connection: Connection, rest: Any) -> bool:
        level = rest.upper()
        if not connection.future.secured.done():
            connection.response("503", "AUTH TLS first")
        elif level not in {"P", "C"}:
            connection.response("504", "PROT P or PROT C")
        elif connection.future.passive_server.done():
            connection.response("503", "too late: a data port is open")
        else:
            del connection.private
            if level == "P":
                connection.private = True
            connection.response("200", "data in TLS" if level == "P" else "data in the clear")
        return True

    async def user(self, connection: Connection, rest: Any) -> bool:
        if self._tls_only and not connection.future.secured.done():
            connection.response("530", list(sentences("tls_first")))
            return True
        return bool(await super().user(connection, rest))

    async def pasv(self, connection: Connection, rest: Any) -> bool:
        return self._is_too_open(connection) or bool(await super().pasv(connection, rest))

    async def epsv(self, connection: Connection, rest: Any) -> bool:
        return self._is_too_open(connection) or bool(await super().epsv(connection, rest))

    def _is_too_open(self, connection: Connection) -> bool:
        if not self._tls_only or connection.future.private.done():
            return False
        connection.response("521", "PROT P first")
        return True

    async def _start_passive_server(self, connection: Connection, handler_callback: Any) -> asyncio.Server:
        """Take a data connection only from the address of its command connection, in TLS after PROT P."""

        async def same_host(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            host, *_ = writer.get_extra_info("peername") or ("",)
            if host != connection.client_host:
                writer.close()
                return
            await handler_callback(reader, writer)

        # aioftp asks its own attributes, one answer for all sessions: here the answer is this session's.
        asked = SimpleNamespace(
            ssl=self.tls if connection.future.private.done() else None,
            available_data_ports=self.available_data_ports,
            _start_server_extra_arguments=self._start_server_extra_arguments,
        )
        return await aioftp.Server._start_passive_server(asked, connection, same_host)  # type: ignore[arg-type]

    # --- hanging up ------------------------------------------------------------------------------------------

    async def parse_command(self, stream: Any, *more: Any) -> tuple[str, str]:
        """The next command; bytes that are none end the session as a hang-up does."""
        _watch()
        try:
            command: tuple[str, str] = await super().parse_command(stream, *more)
        except ValueError as error:  # no UTF-8, or a line without end
            raise ConnectionResetError("no command") from error
        return command

    async def write_line(self, stream: Any, line: str) -> None:
        try:
            await super().write_line(stream, line)
        except RuntimeError as error:
            # uvloop's word for writing to somebody who is gone.
            if stream.writer.is_closing():
                raise ConnectionResetError("hung up") from error
            raise

    async def response_writer(self, stream: Any, response_queue: asyncio.Queue[Any]) -> None:
        _watch()
        await super().response_writer(stream, response_queue)
