"""Take a request's body without trusting it: bounded, unpacked as it comes, large ones straight to a file."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import zlib
from collections.abc import AsyncIterator, Iterable, Iterator
from itertools import chain
from pathlib import Path

from haidang.engine.connectors.arrival import BODY_BYTES, INLINE_BYTES, Refused
from haidang.engine.connectors.counting import admit_file, admitted
from haidang.engine.connectors.files import Draft, FileStore

_SILENCE_S = 30
# What is unpacked in one go, and what is held of a large body before a thread takes it.
_PIECE = 256 * 1024
_HELD = 1 << 20
# Large bodies are counted a few at a time, so that small ones keep their pace.
large = asyncio.Semaphore(2)


class Gunzip:
    """gzip, several members allowed, in pieces of bounded size."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(31)
        self._fed = False

    def pieces(self, data: bytes) -> Iterator[bytes]:
        while data:
            self._fed = True
            if self._inner.eof:
                self._inner = zlib.decompressobj(31)
            yield self._inner.decompress(data, _PIECE)
            data = self._inner.unconsumed_tail or self._inner.unused_data

    def end(self) -> None:
        if not self._fed or not self._inner.eof:
            raise zlib.error("the stream ends early")


class Body:
    """A body taken whole: in memory when small, else in a file on disk that is not yet durable."""

    def __init__(self, store: FileStore) -> None:
        self._store = store
        self._parts: list[bytes] = []
        self._draft: Draft | None = None
        self.size = 0

    @property
    def is_large(self) -> bool:
        return self._draft is not None

    async def feed(self, pieces: Iterator[bytes]) -> None:
        """Take these. From where it is large on a thread does it: unpacking, hashing and writing let others run."""
        for piece in pieces:
            if self.is_large:
                await asyncio.to_thread(self._add_all, chain([piece], pieces))
            else:
                self._add(piece)

    def _add_all(self, pieces: Iterable[bytes]) -> None:
        for piece in pieces:
            self._add(piece)

    def _add(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size > BODY_BYTES:
            raise Refused("too_large", limit_mb=BODY_BYTES >> 20)
        if self._draft is None and self.size <= INLINE_BYTES:
            self._parts.append(piece)
            return
        try:
            if self._draft is None:
                self._draft = self._store.draft()
                self._draft.write(b"".join(self._parts))
                self._parts = []
            self._draft.write(piece)
        except OSError as error:
            raise Refused("disk_full", cause=error.strerror or "") from error

    @property
    def digest(self) -> bytes:
        if self._draft is not None:
            return bytes.fromhex(self._draft.sha256)
        return hashlib.sha256(b"".join(self._parts)).digest()

    def as_file(self) -> Path:
        """A path to read it from, as long as it is not dropped; nothing is durable yet."""
        if self._draft is None:
            self._draft = self._store.draft()
            self._draft.write(b"".join(self._parts))
            self._parts = []
        self._draft.flush()
        return self._draft.path

    async def settle(self, form: str) -> tuple[bytes | None, str | None, int]:
        """Make it durable where it is a file; (body, SHA-256 of the file, records)."""
        if self._draft is None:
            body = b"".join(self._parts)
            return body, None, await admitted(body, form)
        async with large:
            return None, *await asyncio.to_thread(_keep, self._draft, form)

    def drop(self) -> None:
        if self._draft is not None:
            self._draft.drop()


def _keep(draft: Draft, form: str) -> tuple[str, int]:
    try:
        draft.sync()
        records = admit_file(draft.path, form)
        return draft.keep(), records
    except OSError as error:
        reason = "disk_full" if error.errno in {errno.ENOSPC, errno.EDQUOT} else "wire_unreachable"
        raise Refused(reason, cause=error.strerror or "") from error


async def take(pieces: AsyncIterator[bytes], store: FileStore, *, gzip: bool) -> Body:
    """The whole body, or Refused with nothing left behind."""
    body = Body(store)
    unzip = Gunzip() if gzip else None
    try:
        async for held in _together(pieces, body):
            await body.feed(unzip.pieces(held) if unzip else iter([held]))
        if unzip:
            unzip.end()
    except TimeoutError as error:
        body.drop()
        raise Refused("broken_request") from error
    except zlib.error as error:
        body.drop()
        raise Refused("broken_gzip", cause=str(error)) from error
    except BaseException:
        # Also when the sender hangs up: its half file must not stay.
        body.drop()
        raise
    if body.size == 0:
        raise Refused("empty")
    return body


async def _together(pieces: AsyncIterator[bytes], body: Body) -> AsyncIterator[bytes]:
    """The pieces as they come; those of a large body by the megabyte: each costs a change of thread."""
    iterator = aiter(pieces)
    held: list[bytes] = []
    size = 0
    while True:
        try:
            piece = await asyncio.wait_for(anext(iterator), _SILENCE_S)
        except StopAsyncIteration:
            break
        held.append(piece)
        size += len(piece)
        if size >= _HELD or not body.is_large:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)
