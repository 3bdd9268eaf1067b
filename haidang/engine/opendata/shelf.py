"""Files of editions on disk: written once, then handed out as they are. An edition never changes, so neither do they.

The name tells everything the bytes depend on. What nobody asked for goes when there are too many: it can be made again.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings

MOST_FILES = 400


def folder() -> Path:
    return Path(settings.HAIDANG_HOME) / "opendata"


def kept(name: str, made: Iterable[bytes]) -> Path:
    """The file of this name; written where it is not there yet. Two who write at once write the same."""
    path = folder() / name
    if _asked_for(path):
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".part-", delete=False) as part:
        draft = Path(part.name)
        try:
            for chunk in made:
                part.write(chunk)
            # The name stands for these bytes for ever: a power cut must not leave it on an empty file.
            part.flush()
            os.fsync(part.fileno())
        except BaseException:
            draft.unlink()
            raise
    draft.replace(path)
    _tidy()
    return path


def _asked_for(path: Path) -> bool:
    """Mark a file as asked for just now; False where it is not there, also when it goes at this very moment."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    return True


def name_of(*told: str, ending: str) -> str:
    """A name that holds for exactly this."""
    return f"{sha256(chr(0).join(told).encode()).hexdigest()[:40]}.{ending}"


def _tidy() -> None:
    """The files that were asked for longest ago, beyond what is kept. Others may tidy at the same moment."""
    found: list[tuple[float, str]] = []
    for entry in os.scandir(folder()):
        if not entry.name.startswith("."):
            with contextlib.suppress(FileNotFoundError):
                found.append((entry.stat().st_mtime, entry.path))
    for _asked_at, path in sorted(found)[: max(0, len(found) - MOST_FILES)]:
        Path(path).unlink(missing_ok=True)
