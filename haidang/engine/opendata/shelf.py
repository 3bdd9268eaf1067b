"""Files of editions on disk: written once, then handed out as they are. An edition never changes, so neither do they.

The name tells everything the bytes depend on. What nobody asked for goes when there are too many: it can be made again.
"""

from __future__ import annotations

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
    if path.exists():
        path.touch()
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".part-", delete=False) as part:
        draft = Path(part.name)
        try:
            for chunk in made:
                part.write(chunk)
        except BaseException:
            draft.unlink()
            raise
    draft.replace(path)
    _tidy()
    return path


def name_of(*told: str, ending: str) -> str:
    """A name that holds for exactly this."""
    return f"{sha256(chr(0).join(told).encode()).hexdigest()[:40]}.{ending}"


def _tidy() -> None:
    """The files that were asked for longest ago, beyond what is kept."""
    found = [entry for entry in os.scandir(folder()) if not entry.name.startswith(".")]
    if len(found) <= MOST_FILES:
        return
    for entry in sorted(found, key=lambda one: one.stat().st_mtime)[: len(found) - MOST_FILES]:
        Path(entry.path).unlink(missing_ok=True)
