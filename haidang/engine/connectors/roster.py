"""Who may deliver what: the doors' own copy of sources and credentials, a file in the home.

The database is the record; this file lets the doors work while it is down, and start before it.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from haidang.engine.connectors.pull.definition import Pull
from haidang.engine.spans import Seconds


class Way(msgspec.Struct, kw_only=True):
    """What the doors must know of one source."""

    address: str
    format: str = "json"  # json or lines
    doors: list[str] = []
    pull: Pull | None = None


class Pass(msgspec.Struct, kw_only=True):
    """One credential as the doors see it; hashes only."""

    user: str
    source: str
    password_hash: str
    key_sha256: str
    stations: list[str] | None = None
    label: str = ""


class Content(msgspec.Struct, kw_only=True):
    sources: list[Way] = []
    credentials: list[Pass] = []


def _seconds(kind: type, value: object) -> object:
    if kind is Seconds and isinstance(value, int | float):
        return Seconds(value)
    raise NotImplementedError(kind)


def _plain(value: object) -> object:
    if isinstance(value, Seconds):
        return float(value)
    raise NotImplementedError(type(value))


_content = msgspec.json.Decoder(Content, dec_hook=_seconds)


class Roster:
    """Read when changed; a look costs one stat."""

    def __init__(self, home: Path) -> None:
        self.path = home / "run" / "roster.json"
        self._stamp: tuple[int, int] | None = None
        self._take(Content())

    def _take(self, content: Content) -> None:
        self._ways = {way.address: way for way in content.sources}
        self._by_user = {entry.user: entry for entry in content.credentials}
        self._by_key = {entry.key_sha256: entry for entry in content.credentials}

    def _refresh(self) -> None:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return
        stamp = (found.st_mtime_ns, found.st_ino)
        if stamp != self._stamp:
            self._take(_content.decode(self.path.read_bytes()))
            self._stamp = stamp

    def write(self, content: Content) -> bool:
        """Replace the file when it says something else; durable, so that a power cut revives no revoked key."""
        body = msgspec.json.encode(content, enc_hook=_plain)
        if self.path.exists() and self.path.read_bytes() == body:
            return False
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self.path.with_name(f"roster.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path)
        return True

    def stamp(self) -> tuple[int, int] | None:
        """Changes whenever the content does."""
        self._refresh()
        return self._stamp

    def way(self, address: str) -> Way | None:
        self._refresh()
        return self._ways.get(address)

    def ways(self) -> list[Way]:
        """All sources."""
        self._refresh()
        return list(self._ways.values())

    def by_user(self, user: str) -> Pass | None:
        self._refresh()
        return self._by_user.get(user)

    def by_key(self, key_sha256: str) -> Pass | None:
        self._refresh()
        return self._by_key.get(key_sha256)
