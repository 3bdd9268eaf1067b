"""A whole centre in one file: the database, what still waits in the stream, delivered files, keys, media.

Counts are read first, then the stream, then the database is dumped. A message that is stored in between stands in
both, and is recognised when restored; the other way round it could stand in neither. The manifest comes last and carries the
hash of every member: an archive that was cut off or altered fails before anything is restored.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import hashlib
import io
import itertools
import json
import os
import subprocess
import tarfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import msgspec
import nats.errors
import psycopg
from nats.js.errors import APIError, NotFoundError

from haidang.config import addresses
from haidang.config.postgres import binaries
from haidang.engine import clock
from haidang.engine.connectors.pull import sealing
from haidang.engine.wire import stream
from haidang.engine.wire.envelope import decode

VERSION = 2
# Version 1 held what waited as one list.
_READABLE = {1, VERSION}
# Made anew at each start, or copied in another form.
_LEFT_OUT = {"pg", "pg-socket", "nats", "run", "log", "ftp"}
# Opens what the archive holds sealed: in it only where somebody asks for that.
_PULL_KEY = sealing.KEY_FILE
# Written to while it would be copied, and its receipts name a stream that a restore makes anew. Without it a sender
# that repeats over the restore counts as duplicate.
_KEYS = "once.sqlite"
# Compared after a restore, row by row counted.
_COUNTED = (
    "store_source", "store_credential", "store_delivery", "store_refusal", "store_observation", "store_hour",
    "indicators_figure", "assets_asset", "people_person", "people_office", "audit_act",
)  # fmt: skip


class Waiting(msgspec.Struct, kw_only=True):
    """One message that was in the stream: `birth` and `seq` tell whether the record has it."""

    birth: int
    seq: int
    subject: str
    payload: bytes


class Counted(msgspec.Struct, kw_only=True):
    """What the doors' reader had counted before anything else was read."""

    birth: int = 0
    last_seq: int = 0
    above: list[int] = []
    counts: list[tuple[str, str, int, int]] = []  # source, door, received, messages

    def has(self, birth: int, seq: int) -> bool:
        return birth == self.birth and (seq <= self.last_seq or seq in self.above)


class BadArchive(Exception):
    """The archive is not whole, or the place to restore to is not empty."""


def backup(home: Path, target: Path, *, with_key: bool = False) -> dict[str, Any]:
    """Write the archive; returns its manifest. The servers of `home` must answer. `with_key`: also what opens the
    credentials of pulled sources.
    """
    draft = target.with_name(target.name + ".part")
    database = addresses.database_url(home)
    with contextlib.ExitStack() as cleaning:
        cleaning.callback(draft.unlink, missing_ok=True)
        counted = _read_counts(database)
        frames = home / "run" / "stream.frames"
        cleaning.callback(frames.unlink, missing_ok=True)
        number = asyncio.run(_read_stream(home, frames))
        members: dict[str, str] = {}
        # The fastest level: disks and wires gain, the processor is needed for the centre itself.
        with gzip.open(draft, "wb", compresslevel=1) as file, tarfile.open(fileobj=file, mode="w|") as tar:
            _put_file(tar, members, "stream.frames", frames)
            _put(tar, members, "counts.msgpack", msgspec.msgpack.encode(counted))
            dump = home / "run" / "database.dump"
            cleaning.callback(dump.unlink, missing_ok=True)
            _run("pg_dump", database, "--format=custom", "--compress=0", f"--file={dump}")
            _put_file(tar, members, "database.dump", dump)
            for path in _files(home, with_key=with_key):
                _put_file(tar, members, f"home/{path.relative_to(home)}", path)
            manifest = {
                "version": VERSION,
                "taken_at": clock.now().isoformat(timespec="seconds"),
                "waiting": number,
                "rows": _rows(database),
                "members": members,
            }
            _put(tar, {}, "manifest.json", json.dumps(manifest).encode())
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(target)
    return manifest


def restore(home: Path, source: Path) -> dict[str, Any]:
    """Check the archive, bring files and database back, and give the stream what was waiting.

    `unpack` must have run before and the servers of `home` must answer. Returns what was found.
    """
    folder = home / "run" / "restore"
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    database = addresses.database_url(home)
    _run(
        "pg_restore",
        database,
        "--no-owner",
        "--exit-on-error",
        "--single-transaction",
        str(folder / "database.dump"),
    )
    counted = msgspec.msgpack.decode((folder / "counts.msgpack").read_bytes(), type=Counted)
    published = asyncio.run(_publish(home, database, counted))
    found = _rows(database)
    # Rows were counted after the dump, and are only ever added: more than that cannot be.
    if extra := {name: n for name, n in found.items() if n > manifest["rows"].get(name, n)}:
        raise BadArchive(f"{source}: more rows than the manifest names: {extra}")
    return {"taken_at": manifest["taken_at"], "rows": found, "published": published}


def unpack(home: Path, source: Path) -> None:
    """Read the archive once to its end into an empty home, comparing every hash; nothing else is touched."""
    if (home / "pg" / "data").exists() or (home / "nats").exists():
        raise BadArchive(f"{home} is not empty: restore into a new HAIDANG_HOME.")
    folder = home / "run" / "restore"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found: dict[str, str] = {}
    manifest: dict[str, Any] | None = None
    try:
        with tarfile.open(source, mode="r|gz") as tar:
            for member in tar:
                if not member.isfile():
                    raise BadArchive(f"{source}: {member.name} is no plain file")
                name = member.name
                inner = name.removeprefix("home/")
                root = home if name.startswith("home/") else folder
                path = root / inner
                if not path.resolve().is_relative_to(root.resolve()):
                    raise BadArchive(f"{source}: {name} leads outside")
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                content = tar.extractfile(member)
                assert content is not None  # noqa: S101 - a plain file has content
                found[name] = _copy(content, path)
    except (tarfile.TarError, EOFError, OSError) as error:
        raise BadArchive(f"{source} cannot be read to its end: {error}") from error
    if (folder / "manifest.json").exists():
        manifest = json.loads((folder / "manifest.json").read_text())
    found.pop("manifest.json", None)
    if manifest is None or manifest["version"] not in _READABLE or manifest["members"] != found:
        raise BadArchive(f"{source} is not whole: its contents differ from its manifest.")
    if manifest["version"] == 1:
        for path in (home / "doors").glob(_KEYS + "*"):
            path.unlink()
        # All homes had this name at their broker, which may hold something under it.
        (home / "doors").mkdir(mode=0o700, exist_ok=True)
        (home / "doors" / "mqtt-client-id").write_text("haidang-doors")


# --- members -------------------------------------------------------------------------------------------------


def _files(home: Path, *, with_key: bool = False) -> Iterator[Path]:
    for top in sorted(home.iterdir()):
        if top.name in _LEFT_OUT or (top.name.startswith(_PULL_KEY) and not with_key):
            continue
        if top.is_file():
            yield top
        elif top.is_dir():
            yield from sorted(
                path
                for path in top.rglob("*")
                if path.is_file()
                and not any(part.startswith("incoming") for part in path.relative_to(home).parts)
                and not path.name.startswith(_KEYS)
            )


def _put(tar: tarfile.TarFile, members: dict[str, str], name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), 0o600
    tar.addfile(info, io.BytesIO(content))
    members[name] = hashlib.sha256(content).hexdigest()


class _Hashing(io.RawIOBase):
    def __init__(self, file: Any) -> None:
        self.file, self.hash = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece: bytes = self.file.read(size)
        self.hash.update(piece)
        return piece


def _put_file(tar: tarfile.TarFile, members: dict[str, str], name: str, path: Path) -> None:
    with path.open("rb") as file:
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = os.fstat(file.fileno()).st_size, 0o600, int(path.stat().st_mtime)
        hashing = _Hashing(file)
        tar.addfile(info, hashing)
        members[name] = hashing.hash.hexdigest()


def _copy(content: Any, path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("wb") as file:
        path.chmod(0o600)
        while piece := content.read(1 << 20):
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


# --- database ------------------------------------------------------------------------------------------------


def _run(program: str, database: str, *arguments: str) -> None:
    done = subprocess.run(
        [str(binaries() / program), f"--dbname={database}", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BadArchive(f"{program}: {done.stderr.strip()}")


def _rows(database: str) -> dict[str, int]:
    with psycopg.connect(database) as connection:
        known = {
            name for (name,) in connection.execute("SELECT relname FROM pg_class WHERE relkind IN ('r', 'p')")
        }
        return {
            name: int(next(iter(connection.execute(f"SELECT count(*) FROM {name}")))[0])  # noqa: S608
            for name in _COUNTED
            if name in known
        }


# --- stream --------------------------------------------------------------------------------------------------


def _write(file: IO[bytes], message: Waiting) -> None:
    content = msgspec.msgpack.encode(message)
    file.write(len(content).to_bytes(4, "big") + content)


def _waiting(folder: Path) -> Iterator[Waiting]:
    """What waited, one message at a time: together they may be more than the memory holds."""
    if (folder / "stream.msgpack").exists():
        content = (folder / "stream.msgpack").read_bytes()
        yield from msgspec.msgpack.decode(content, type=list[Waiting])
        return
    with (folder / "stream.frames").open("rb") as file:
        while head := file.read(4):
            yield msgspec.msgpack.decode(file.read(int.from_bytes(head, "big")), type=Waiting)


async def _read_stream(home: Path, target: Path) -> int:
    """Write down what waits in the stream; how many messages."""
    client = await stream.connect(addresses.nats_url(home), name="backup")
    number = 0
    try:
        birth = await stream.ensure(client)
        with target.open("wb") as file:
            async for seq, subject, payload in _messages(client, stream.NAME):
                _write(file, Waiting(birth=birth, seq=seq, subject=subject, payload=payload))
                number += 1
    finally:
        await client.close()
    return number


async def _messages(client: Any, name: str) -> Any:
    js = client.jetstream(timeout=5)
    try:
        state = (await js.stream_info(name)).state
    except NotFoundError:
        return
    for seq in range(state.first_seq, state.last_seq + 1 if state.messages else state.first_seq):
        try:
            message = await js.get_msg(name, seq)
        except (NotFoundError, APIError, nats.errors.Error):
            continue  # stored and forgotten meanwhile
        yield seq, message.subject or "", message.data or b""


async def _publish(home: Path, database: str, counted: Counted) -> int:
    """Publish what the record does not have, and set the counts so that it can be counted again."""
    folder = home / "run" / "restore"
    with psycopg.connect(database) as connection:
        places = {
            place
            for place, message in enumerate(_waiting(folder))
            if not _is_done(connection, message, counted)
        }
        _mend_counts(connection, (m for n, m in enumerate(_waiting(folder)) if n in places), counted)
    client = await stream.connect(addresses.nats_url(home), name="restore")
    try:
        await stream.wait_for(client)
        js = client.jetstream(timeout=10)
        for place, message in enumerate(_waiting(folder)):
            if place in places:
                await js.publish(message.subject, message.payload)
    finally:
        await client.close()
    return len(places)


def _is_done(connection: psycopg.Connection, message: Waiting, counted: Counted) -> bool:
    if message.subject == stream.REFUSED:
        return counted.has(message.birth, message.seq)
    query = "SELECT 1 FROM store_delivery WHERE wire_stream = %s AND wire_seq = %s AND wire_seq > 0 AND NOT unfinished"
    return connection.execute(query, (message.birth, message.seq)).fetchone() is not None


def _read_counts(database: str) -> Counted:
    with psycopg.connect(database) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        found = Counted(
            counts=connection.execute(
                "SELECT source_address, door, received, messages FROM store_doorcount"
            ).fetchall(),
            above=[seq for (seq,) in connection.execute("SELECT seq FROM store_doorcounted")],
        )
        if row := connection.execute("SELECT stream, last_seq FROM store_doorcursor").fetchone():
            found.birth, found.last_seq = int(row[0].rpartition(" ")[2]), row[1]
    return found


def _mend_counts(connection: psycopg.Connection, again: Iterable[Waiting], counted: Counted) -> None:
    """The dump may count what is in neither the record nor the archive: it came while the backup was taken.

    So start from the counts before it, add what was stored since, and take off what will be counted once more.
    """
    received: Counter[tuple[str, str]] = Counter()
    messages: Counter[tuple[str, str]] = Counter()
    for source, door, records, number in counted.counts:
        received[source, door], messages[source, door] = records, number
    later = connection.execute(
        "SELECT wire_seq, body FROM store_delivery WHERE wire_stream = %s AND wire_seq > %s AND body IS NOT NULL"
        " AND NOT unfinished",
        (counted.birth, counted.last_seq),
    )
    stored = ((body, 1) for seq, body in later if not counted.has(counted.birth, seq))
    back = ((m.payload, -1) for m in again if m.subject != stream.REFUSED and counted.has(m.birth, m.seq))
    for payload, sign in itertools.chain(stored, back):
        for arrival in decode(bytes(payload)).arrivals:
            received[arrival.source, arrival.door] += sign * arrival.records
            messages[arrival.source, arrival.door] += sign
    _end_begun(connection, received)
    connection.execute("DELETE FROM store_doorcount")
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO store_doorcount (source_address, door, received, messages) VALUES (%s, %s, %s, %s)",
            [(*key, received[key], messages[key]) for key in sorted(received)],
        )


def _end_begun(connection: psycopg.Connection, received: Counter[tuple[str, str]]) -> None:
    """A delivery of which the dump has some slices ends with these. Its message comes again under another number, and
    as a whole: what was stored of it is counted as received, and once more as duplicate.
    """
    begun = connection.execute(
        "UPDATE store_delivery SET unfinished = false WHERE unfinished RETURNING body, received"
    )
    for body, records in begun.fetchall():
        first = decode(bytes(body)).arrivals[0]
        received[first.source, first.door] += records
