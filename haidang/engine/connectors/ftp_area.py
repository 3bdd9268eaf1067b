"""The area of a login at the FTP door: which names it takes, how much it holds, and files written so that they last."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import time
from collections.abc import AsyncIterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from haidang.engine.connectors.arrival import BODY_BYTES, Refused

_TEMPORARY = re.compile(
    r"^[.~]|\.(?:tmp|temp|part|partial|filepart|upload|uploading|incomplete|swp)$|~$", re.IGNORECASE
)
QUOTA_BYTES = 256 << 20
QUOTA_FILES = 5_000
KEPT_S = 24 * 3600
# An oversized file is read to its end up to here, so that the sender hears why instead of a broken connection.
_PATIENCE_BYTES = 1 << 30


def is_temporary(name: str) -> bool:
    """Names by which uploaders mark a file that is not complete yet."""
    return bool(_TEMPORARY.search(name))


def is_usable(path: PurePosixPath) -> bool:
    """Names that can stand in a folder, a log and a screen."""
    return len(path.parts) <= 6 and all(
        part.isprintable() and "\\" not in part and 0 < len(part.encode("utf-8", "replace")) <= 200
        for part in path.parts
        if part != "/"
    )


def stat_of(path: Path) -> os.stat_result | None:
    """None where there is no file of that name, or where the name can be none."""
    try:
        return path.stat() if path.is_file() else None
    except (OSError, ValueError):
        return None


def size_of(path: Path) -> int | None:
    """Bytes, or None as in `stat_of`."""
    return found.st_size if (found := stat_of(path)) else None


def refusal_of(error: OSError) -> Refused:
    """What a sender is told where writing failed."""
    full = error.errno in {errno.ENOSPC, errno.EDQUOT}
    return Refused("disk_full" if full else "wire_unreachable", cause=error.strerror or "")


async def fill(file: BinaryIO, pieces: AsyncIterator[bytes]) -> None:
    """Write what comes; raises Refused when it is more than a body may have."""
    size = file.tell()
    async for piece in pieces:
        size += len(piece)
        if size <= BODY_BYTES:
            file.write(piece)
        elif size > _PATIENCE_BYTES:
            break
    if size > BODY_BYTES:
        raise Refused("too_large", limit_mb=BODY_BYTES >> 20)


def begin_with(file: BinaryIO, old: Path, length: int | None) -> None:
    """Put what is already there in front: all of it for APPE, `length` bytes after REST. Raises Refused
    when there are not `length` bytes.
    """
    if length is not None and size_of(old) != length:
        raise Refused("bad_offset")
    if not old.is_file():
        return
    with old.open("rb") as content:
        left = min(old.stat().st_size if length is None else length, BODY_BYTES)
        while left > 0 and (piece := content.read(min(left, 1 << 20))):
            file.write(piece)
            left -= len(piece)


def place(source: Path, target: Path) -> None:
    """Rename durably."""
    source.replace(target)
    for folder in {target.parent, source.parent}:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _files(area: Path) -> list[tuple[float, int, Path]]:
    """Age, size and path of every file, oldest first."""
    found = []
    for folder, _, names in os.walk(area):
        for name in names:
            path = Path(folder, name)
            with contextlib.suppress(OSError):
                about = path.stat()
                found.append((about.st_mtime, about.st_size, path))
    return sorted(found)


def make_room(area: Path) -> None:
    """Keep a login within its quota: delivered copies go first; temporary files are the sender's to clear.
    Raises Refused when that is not enough.
    """
    files = _files(area)
    size, number = sum(size for _, size, _ in files), len(files)
    for _, weight, path in files:
        if size <= QUOTA_BYTES and number < QUOTA_FILES:
            return
        if not is_temporary(path.name):
            path.unlink(missing_ok=True)
            size, number = size - weight, number - 1
    if size > QUOTA_BYTES or number >= QUOTA_FILES:
        raise Refused("quota")


def clear(areas: Path) -> None:
    """Remove what was delivered or abandoned a day ago, and empty folders."""
    horizon = time.time() - KEPT_S  # the clock that the files were stamped with
    for area in areas.iterdir():
        for stamp, _, path in _files(area):
            if stamp < horizon:
                path.unlink(missing_ok=True)
        for folder, _, _ in os.walk(area, topdown=False):
            path = Path(folder)
            if path != area and path.stat().st_mtime < horizon and not any(path.iterdir()):
                shutil.rmtree(path, ignore_errors=True)
