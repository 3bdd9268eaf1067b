"""Files of a folder on an SFTP server: each taken once, or again when it is another one; nothing there is changed.

A name is done with its time and size, kept in the record one by one: files come with old times too, so the newest time
taken would miss some. A file that is still being written is left for the next run.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from urllib.parse import unquote

import asyncssh
from asyncssh.constants import FILEXFER_TYPE_REGULAR

from haidang.engine import clock
from haidang.engine.connectors.arrival import Refused
from haidang.engine.connectors.body import take
from haidang.engine.connectors.pull import snapshot, tables
from haidang.engine.connectors.pull.definition import Sftp, Table
from haidang.engine.connectors.pull.rows import Mapper
from haidang.engine.connectors.pull.task import Portion, Task
from haidang.engine.connectors.pull.trouble import Trouble, of_refusal

# A folder of more files is not read: its listing alone would be felt on both sides.
FILES = 50_000
_CONNECT_S = 10
_PIECE = 256 * 1024


@dataclass(frozen=True, slots=True)
class _Found:
    name: str  # as it is asked for
    mark: str  # time and size
    changed_at: float

    @property
    def shown(self) -> str:
        """As it is kept and read: bytes that are no UTF-8 written out."""
        return self.name.encode("utf-8", "backslashreplace").decode().replace("\0", "␀")[:300]


def _client(wanted: frozenset[str], met: list[str]) -> type[asyncssh.SSHClient]:
    class Client(asyncssh.SSHClient):
        def validate_host_public_key(self, *about: object) -> bool:
            # (host, address, port, key): the names are as we gave them, what tells is the key.
            key = about[-1]
            assert isinstance(key, asyncssh.SSHKey)  # noqa: S101 - asyncssh's signature
            met.append(key.get_fingerprint())
            return met[-1] in wanted

    return Client


def _own_key(task: Task) -> list[asyncssh.SSHKey]:
    """In a thread: a passphrase is made slow to guess."""
    try:
        return [asyncssh.import_private_key(task.secret.private_key, task.secret.password or None)]
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
        raise Trouble("bad_key", source=task.source, cause=type(error).__name__) from None


@asynccontextmanager
async def _folder(task: Task, pull: Sftp) -> AsyncIterator[asyncssh.SFTPClient]:
    """A connection to an address the guard judged, and to the machine whose key the file names."""
    place, secret = pull.place(), task.secret
    if not secret.user or not (secret.password or secret.private_key):
        raise Trouble("no_credential", source=task.source)
    met: list[str] = []
    addresses = await task.guard.addresses(place, pull.open_ports())
    keys = await asyncio.to_thread(_own_key, task) if secret.private_key else None
    last: Exception | None = None
    for address in addresses:
        try:
            connection = await asyncssh.connect(
                str(address), place.port, username=secret.user, password=None if keys else secret.password,
                client_keys=keys, client_factory=_client(frozenset(pull.host_keys), met), known_hosts=([], [], []),
                # Nothing of this machine's own: neither its settings nor its agent.
                config=None, agent_path=None, connect_timeout=_CONNECT_S, login_timeout=_CONNECT_S,
            )  # fmt: skip
            break
        except asyncssh.HostKeyNotVerifiable:
            raise Trouble("host_key", host=place.host, found=met[-1] if met else "—") from None
        except asyncssh.PermissionDenied:
            raise Trouble("refused_us", host=place.host, status="SSH", source=task.source) from None
        except (OSError, asyncssh.Error) as error:
            last = error
    else:
        cause = getattr(last, "strerror", "") or type(last).__name__
        raise Trouble("unreachable", host=place.host, port=place.port, cause=cause)
    async with connection, connection.start_sftp_client(path_errors="surrogateescape") as client:
        yield client


async def _listed(client: asyncssh.SFTPClient, folder: str, pull: Sftp) -> list[_Found]:
    """Regular files whose name fits, the oldest first."""
    found = []
    async for entry in client.scandir(folder):
        name, about = str(entry.filename), entry.attrs
        if about.type != FILEXFER_TYPE_REGULAR or "/" in name or not fnmatchcase(name, pull.pattern):
            continue
        found.append(_Found(name, f"{about.mtime or 0}:{about.size or 0}", float(about.mtime or 0)))
        if len(found) > FILES:
            raise Trouble(
                "not_as_expected", host=pull.place().host, why="many_files", most=FILES, folder=folder
            )
    return sorted(found, key=lambda file: (file.changed_at, file.name))


async def portions(task: Task) -> AsyncGenerator[Portion]:
    """One file after the other. A file that cannot be taken holds up no other; what was wrong is told at the end."""
    pull = task.pull
    assert isinstance(pull, Sftp)  # noqa: S101 - chosen by kind
    place, wrong = pull.place(), None
    folder = unquote(place.rest).rstrip("/") or "/"
    try:
        async with _folder(task, pull) as client:
            async with asyncio.timeout(pull.timeout):
                found = await _listed(client, folder, pull)
            # Seen in the last run with the same time and size: nobody writes to it any more.
            waited = task.cursor.get("waiting") or {}
            waiting = {}
            for file in found:
                if task.seen.get(file.shown) == file.mark:
                    continue
                if file.changed_at > clock.timestamp() - pull.settle and waited.get(file.shown) != file.mark:
                    waiting[file.shown] = file.mark
                    continue
                try:
                    async with aclosing(_one(task, pull, client, folder, file)) as portions_:
                        async for portion in portions_:
                            yield portion
                except (asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection):
                    raise  # of no file's making
                except (Trouble, Refused, asyncssh.SFTPError) as error:
                    wrong = wrong or _named(error, file, place.host)
    except TimeoutError:
        raise Trouble("too_slow", host=place.host, limit_s=round(pull.timeout)) from None
    except asyncssh.SFTPNoSuchFile:
        raise Trouble("not_as_expected", host=place.host, why="no_folder", folder=folder) from None
    except asyncssh.SFTPPermissionDenied:
        raise Trouble("not_as_expected", host=place.host, why="no_leave", folder=folder) from None
    except (asyncssh.Error, OSError) as error:
        raise Trouble("broken_off", host=place.host, cause=type(error).__name__) from None
    listed = {file.shown for file in found}
    # A folder where none of them is left may be one that is not mounted just now: with it they would all come again.
    gone = task.seen.keys() - listed if not listed.isdisjoint(task.seen) else set()
    yield Portion({"waiting": waiting} if waiting else {}, gone=frozenset(gone))
    if wrong:
        raise wrong


def _named(error: Trouble | Refused | asyncssh.SFTPError, file: _Found, host: str) -> Trouble:
    """The same of one file of the folder."""
    where = f"{host} ({file.shown})"
    if isinstance(error, asyncssh.SFTPError):
        named = Trouble("not_as_expected", host=where, why="no_file", cause=type(error).__name__)
    elif isinstance(error, Refused):
        named = of_refusal(error, where)
    else:
        named = Trouble(error.reason)
        named.detail = {**error.detail, "host": where}
    named.is_of_one = named.reason != "not_taken"
    return named


async def _one(
    task: Task, pull: Sftp, client: asyncssh.SFTPClient, folder: str, file: _Found
) -> AsyncGenerator[Portion]:
    path = f"{folder.rstrip('/')}/{file.name}"
    is_zipped = file.name.endswith(".gz")
    name = file.shown.removesuffix(".gz")
    async with asyncio.timeout(pull.timeout):
        body = await take(_pieces(client, path, pull), task.store, gzip=is_zipped)
        after = await client.stat(path)
    done = {file.shown: file.mark}
    try:
        if f"{after.mtime or 0}:{after.size or 0}" != file.mark:
            return  # somebody writes to it: the next run
        if pull.fields is None:
            yield Portion(task.cursor, body, task.form, name, done=done)
            return
        cursor = {"sha256": body.digest.hex()}
        mapper = Mapper(pull.fields)
        found = tables.rows(body.as_file(), pull.table or Table(), mapper.columns, pull.place().host)
        parts = snapshot.portions(found, mapper, name, before={}, after=cursor)
        async with aclosing(parts) as each:
            async for portion in each:
                # The file is done with its last portion, which has no body.
                yield Portion(
                    task.cursor, portion.body, portion.form, name, done={} if portion.body else done
                )
    finally:
        body.drop()


async def _pieces(client: asyncssh.SFTPClient, path: str, pull: Sftp) -> AsyncIterator[bytes]:
    taken = 0
    async with client.open(path, "rb") as file:
        while piece := await file.read(_PIECE):
            taken += len(piece)
            if taken > pull.size_mb << 20:
                raise Refused("too_large", limit_mb=pull.size_mb)
            yield piece if isinstance(piece, bytes) else piece.encode()
