"""Bodies too large for the stream: files named by their SHA-256, on disk before anyone hears of them."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from haidang.engine.crashpoint import crashpoint


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class FileStore:
    """A folder of deliveries, two levels deep: `files/ab/abcdef…`."""

    def __init__(self, folder: Path, drafts: str = "incoming") -> None:
        self.folder = folder
        # Of each process its own: the doors clear away theirs at start.
        self.incoming = folder / drafts

    def prepare(self) -> None:
        """Make the folders; throw away what a killed process left half written: nobody was told it is kept."""
        self.incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in self.incoming.iterdir():
            left.unlink(missing_ok=True)

    def path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256

    def keep(self, body: bytes) -> str:
        """Make a body that is whole durable; returns its name."""
        draft = self.draft()
        try:
            draft.write(body)
            return draft.keep()
        finally:
            draft.drop()

    def draft(self) -> Draft:
        return Draft(self, self.incoming / secrets.token_hex(12))


class Draft:
    """A file being received. `keep` makes it durable, `drop` forgets it."""

    def __init__(self, store: FileStore, path: Path) -> None:
        self._store = store
        self.path = path
        self._file = path.open("xb", buffering=1 << 20)
        self._hash = hashlib.sha256()
        self.size = 0

    def write(self, chunk: bytes) -> None:
        self._file.write(chunk)
        self._hash.update(chunk)
        self.size += len(chunk)

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def flush(self) -> None:
        """What was written can be read from `path`."""
        self._file.flush()

    def sync(self) -> None:
        """No more writing: the content is on disk and can be read from `path`, under a name nobody knows."""
        if not self._file.closed:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()

    def keep(self) -> str:
        """Give the synced file its name, fsync the folders; returns the SHA-256."""
        self.sync()
        crashpoint("files.before_rename")
        target = self._store.path(self.sha256)
        if not target.parent.exists():
            target.parent.mkdir(mode=0o700, exist_ok=True)
            _sync_folder(self._store.folder)
        self.path.replace(target)
        _sync_folder(target.parent)
        crashpoint("files.after_rename")
        return self.sha256

    def drop(self) -> None:
        if not self._file.closed:
            self._file.close()
        self.path.unlink(missing_ok=True)
