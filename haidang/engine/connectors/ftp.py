"""The FTP door: 226 follows the stream's fsync, and a file counts when it has its final name.

Each login has a folder of its own. Stations upload to a temporary name and rename; SIZE and LIST show what came,
until it is cleared after a day. A file is written aside first, so nothing half received ever has a name.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import ssl
import time
from collections.abc import AsyncIterator
from pathlib import Path, PurePosixPath
from typing import Any

from aioftp.common import Connection
from aioftp.server import ConnectionConditions as Conditions
from aioftp.server import worker

from haidang.engine import clock
from haidang.engine.connectors.arrival import INLINE_BYTES, Accept, Arrival, Refused, TurnAway, Turned
from haidang.engine.connectors.body import large
from haidang.engine.connectors.counting import admit, admit_file
from haidang.engine.connectors.files import FileStore
from haidang.engine.connectors.ftp_area import (
    begin_with,
    clear,
    fill,
    is_temporary,
    is_usable,
    make_room,
    place,
    refusal_of,
    size_of,
    stat_of,
)
from haidang.engine.connectors.ftp_logins import Logins
from haidang.engine.connectors.ftp_protocol import Protocol
from haidang.engine.connectors.reasons import sentences
from haidang.engine.connectors.roster import Pass, Roster
from haidang.engine.crashpoint import crashpoint

log = logging.getLogger("haidang.ftp")

_CODES = {
    "too_large": "552",
    "too_many_records": "552",
    "quota": "552",
    "bad_name": "553",
    "bad_offset": "554",
    "empty": "551",
    "broken_off": "426",
    "wrong_login": "530",
    "wrong_door": "530",
}


def _hung_up(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """The exception handler of the loop: a client that hangs up while a line of its is waited for leaves a reset to
    nobody, which is no fault of ours; everything else is told as ever.
    """
    error = context.get("exception")
    if (
        context.get("message") == "Future exception was never retrieved"
        and isinstance(error, ConnectionResetError)
        and context.get("task") is None
    ):
        log.debug("a client hung up: %s", error)
    else:
        loop.default_exception_handler(context)


class FtpDoor(Protocol):
    """aioftp with our own way of storing; it knows the wire only as `accept`."""

    def __init__(
        self,
        folder: Path,
        *,
        accept: Accept,
        turn_away: TurnAway,
        roster: Roster,
        store: FileStore,
        bind: str,
        port: int,
        passive_ports: range | None = None,
        public_address: str | None = None,
        tls: ssl.SSLContext | None = None,
        tls_only: bool = False,
    ) -> None:
        self._areas, self._aside = folder / "areas", folder / "incoming"
        super().__init__(
            Logins(self._areas, roster, turn_away),
            socket_timeout=60,
            idle_timeout=300,
            wait_future_timeout=10,
            maximum_connections=300,
            data_ports=passive_ports,
            ipv4_pasv_forced_response_address=public_address,
            welcome_message="Hai Dang",
            block_size=64 * 1024,
            tls=tls,
            tls_only=tls_only,
        )
        self._accept, self._turn_away = accept, turn_away
        self._roster, self._store = roster, store
        self._bind, self._port = bind, port
        self.commands_mapping |= {
            "nlst": self.nlst,
            "size": self.size,
            "mdtm": self.mdtm,
            "feat": self.feat,
            "opts": self.opts,
            "noop": self.noop,
            "allo": self.noop,
        }

    async def run(self) -> None:  # type: ignore[override]
        """For ever."""
        asyncio.get_running_loop().set_exception_handler(_hung_up)
        self._aside.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._areas.mkdir(mode=0o700, exist_ok=True)
        for left in self._aside.iterdir():
            left.unlink(missing_ok=True)
        await self.start(self._bind, self._port)
        try:
            while True:
                await asyncio.to_thread(clear, self._areas)
                await asyncio.sleep(600)
        finally:
            await self.close()

    async def pass_(self, connection: Connection, rest: str) -> bool:
        """The password: who is turned away hears why in both languages, as at the other doors."""
        try:
            return bool(await super().pass_(connection, rest))
        except Refused as refused:
            _answer(connection, refused)
        return True

    # --- storing ---------------------------------------------------------------------------------------------

    @Conditions(Conditions.login_required, Conditions.passive_server_started)
    async def stor(self, connection: Connection, rest: str | PurePosixPath, mode: str = "wb") -> bool:
        """STOR and APPE."""

        @Conditions(
            Conditions.data_connection_made,
            wait=True,
            fail_code="425",
            fail_info="Can't open data connection",
        )
        @worker
        async def receive(self: FtpDoor, connection: Connection, rest: str | PurePosixPath) -> bool:  # noqa: ARG001 - worker's form
            stream = connection.data_connection
            del connection.data_connection
            offset, connection.restart_offset = connection.restart_offset, 0
            try:
                async with stream:
                    pieces = stream.iter_by_block(connection.block_size)
                    await self._receive(connection, real, virtual, pieces, mode=mode, offset=offset)
            except Refused as refused:
                self._refuse(connection, refused, virtual)
            except (ConnectionError, TimeoutError):
                self._refuse(connection, Refused("broken_off"), virtual)
            else:
                crashpoint("ftp.before_226")
                connection.response("226", "stored, durable")
            return True

        real, virtual = self.get_paths(connection, rest)
        if "\0" in str(rest) or not is_usable(virtual) or real.is_dir() or not real.parent.is_dir():
            self._refuse(connection, Refused("bad_name"), virtual)
            return True
        if connection.restart_offset and size_of(real) != connection.restart_offset:
            # What is left of an upload that broke off has no name here: going on would behead the file.
            connection.restart_offset = 0
            self._refuse(connection, Refused("bad_offset"), virtual)
            return True
        connection.extra_workers.add(asyncio.create_task(receive(self, connection, rest)))
        connection.response("150", "send it")
        return True

    async def _receive(
        self,
        connection: Connection,
        real: Path,
        virtual: PurePosixPath,
        pieces: AsyncIterator[bytes],
        *,
        mode: str,
        offset: int,
    ) -> None:
        area = connection.user.base_path
        aside = self._aside / secrets.token_hex(12)
        try:
            try:
                await asyncio.to_thread(make_room, area)
                with aside.open("xb") as file:
                    if mode == "ab" or offset:
                        await asyncio.to_thread(begin_with, file, real, offset or None)
                    await fill(file, pieces)
                    file.flush()
                    await asyncio.to_thread(os.fsync, file.fileno())
            except (ConnectionError, TimeoutError):
                raise
            except OSError as error:
                raise refusal_of(error) from error
            if is_temporary(real.name):
                await asyncio.to_thread(place, aside, real)
                return
            await self._deliver(connection, aside, virtual)
            await asyncio.to_thread(place, aside, real)
        finally:
            aside.unlink(missing_ok=True)

    async def _deliver(self, connection: Connection, file: Path, virtual: PurePosixPath) -> None:
        """Hand a complete file to the stream; returns when it is durable."""
        allowed = self._allowed(connection)
        way = self._roster.way(allowed.source)
        form = way.format if way else "lines"
        size = file.stat().st_size  # noqa: ASYNC240 - one stat of a file this process just wrote
        if size == 0:
            raise Refused("empty")
        try:
            if size > INLINE_BYTES:
                async with large:
                    body, sha256, records = await asyncio.to_thread(self._content, file, form)
            else:
                body, sha256, records = await asyncio.to_thread(self._content, file, form)
        except OSError as error:
            raise refusal_of(error) from error
        await self._accept(
            Arrival(
                source=allowed.source,
                door="ftp",
                received_at=clock.timestamp(),
                credential=allowed.user,
                stations=allowed.stations,
                # Of a path that is too long the end is kept: the station stands in the file's own name.
                name=str(virtual).lstrip("/")[-255:],
                format=form,
                body=body,
                file=sha256,
                size=size,
                records=records,
            )
        )

    def _content(self, file: Path, form: str) -> tuple[bytes | None, str | None, int]:
        if file.stat().st_size <= INLINE_BYTES:
            body = file.read_bytes()
            return body, None, admit(body, form)
        records = admit_file(file, form)
        draft = self._store.draft()
        try:
            with file.open("rb") as source:
                while piece := source.read(1 << 20):
                    draft.write(piece)
            return None, draft.keep(), records
        finally:
            draft.drop()

    def _allowed(self, connection: Connection) -> Pass:
        """The credential of this session, as it is now: it may have been revoked since the login."""
        allowed = self._roster.by_user(connection.user.login or "")
        if allowed is None:
            raise Refused("wrong_login")
        return allowed

    @Conditions(Conditions.login_required, Conditions.rename_from_required)
    async def rnto(self, connection: Connection, rest: str | PurePosixPath) -> bool:
        """A temporary file gets its final name: now it counts."""
        real, virtual = self.get_paths(connection, rest)
        old = connection.rename_from
        del connection.rename_from
        try:
            if "\0" in str(rest) or not is_usable(virtual) or real.is_dir() or not real.parent.is_dir():
                raise Refused("bad_name")
            if not is_temporary(real.name) and old.is_file():
                await self._deliver(connection, old, virtual)
            await asyncio.to_thread(place, old, real)
        except Refused as refused:
            self._refuse(connection, refused, virtual)
        except OSError as error:
            self._refuse(connection, refusal_of(error), virtual)
        else:
            crashpoint("ftp.before_250")
            connection.response("250", "renamed")
        return True

    @Conditions(Conditions.login_required)
    async def mkd(self, connection: Connection, rest: str | PurePosixPath) -> bool:
        real, virtual = self.get_paths(connection, rest)
        if "\0" in str(rest) or not is_usable(virtual) or real.exists() or not real.parent.is_dir():
            self._refuse(connection, Refused("bad_name"), virtual)
            return True
        real.mkdir(mode=0o700)
        connection.response("257", f'"{virtual}" made')
        return True

    def _refuse(self, connection: Connection, refused: Refused, virtual: PurePosixPath) -> None:
        user = connection.user.login or ""
        allowed = self._roster.by_user(user)
        self._turn_away(
            Turned(
                door="ftp",
                source=allowed.source if allowed else "",
                reason=refused.reason,
                user=user[:60],
                name=str(virtual)[:255],
                at=clock.timestamp(),
            )
        )
        _answer(connection, refused, name=virtual.name)

    # --- what aioftp lacks -----------------------------------------------------------------------------------

    @Conditions(Conditions.login_required, Conditions.passive_server_started)
    async def nlst(self, connection: Connection, rest: str) -> bool:
        """Names only, as older loggers ask for them."""

        @Conditions(
            Conditions.data_connection_made,
            wait=True,
            fail_code="425",
            fail_info="Can't open data connection",
        )
        @worker
        async def tell(self: FtpDoor, connection: Connection, rest: str) -> bool:  # noqa: ARG001
            stream = connection.data_connection
            del connection.data_connection
            async with stream:
                for name in names:
                    await stream.write(f"{name}\r\n".encode())
            connection.response("226", "list done")
            return True

        real, _ = self.get_paths(connection, rest if not rest.startswith("-") else "")
        names = (
            sorted(path.name for path in real.iterdir()) if real.is_dir() else [real.name] * real.is_file()
        )
        connection.extra_workers.add(asyncio.create_task(tell(self, connection, rest)))
        connection.response("150", "names follow")
        return True

    @Conditions(Conditions.login_required)
    async def size(self, connection: Connection, rest: str) -> bool:
        real, _ = self.get_paths(connection, rest)
        found = stat_of(real)
        connection.response(*(("213", str(found.st_size)) if found else ("550", "no such file")))
        return True

    @Conditions(Conditions.login_required)
    async def mdtm(self, connection: Connection, rest: str) -> bool:
        real, _ = self.get_paths(connection, rest)
        found = stat_of(real)
        stamp = time.strftime("%Y%m%d%H%M%S", time.gmtime(found.st_mtime)) if found else ""
        connection.response(*(("213", stamp) if found else ("550", "no such file")))
        return True

    async def feat(self, connection: Connection, rest: str) -> bool:  # noqa: ARG002 - aioftp's signature
        names = ["UTF8", "SIZE", "MDTM", "MLST type*;size*;modify*;", "EPSV", "PASV", "REST STREAM"]
        if self.tls:
            names += ["AUTH TLS", "PBSZ", "PROT"]
        connection.response("211", ["Features:", *names, "End"], True)
        return True

    async def opts(self, connection: Connection, rest: str) -> bool:
        known = rest.upper().startswith("UTF8")
        connection.response("200" if known else "501", "always UTF-8" if known else "unknown option")
        return True

    async def noop(self, connection: Connection, rest: str) -> bool:  # noqa: ARG002
        connection.response("200", "ok")
        return True


def _answer(connection: Connection, refused: Refused, **known: object) -> None:
    texts = sentences(refused.reason, **known | refused.detail)
    connection.response(_CODES.get(refused.reason, "452"), [" ".join(text.split()) for text in texts])
