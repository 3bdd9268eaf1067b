"""Into the province's own folder: written aside, checked there as `haidang check` does, then renamed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from haidang.engine.checks.walk import check
from haidang.engine.contracts.reading import Problem
from haidang.engine.contracts.tree import OURS, default_folders


@dataclass(frozen=True, slots=True)
class Finding:
    """What `haidang check` says of a file that would be written."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class NotPlaced(Exception):
    """Nothing was written; `findings` say why where the content does not hold."""

    def __init__(self, code: str, findings: list[Finding] | None = None) -> None:
        super().__init__(code)
        self.code, self.findings = code, findings or []


def outside() -> list[Path]:
    """The province's own folders of domains, in the order they are read."""
    return [folder for folder in default_folders() if folder != OURS]


def writable() -> Path | None:
    """The folder a new domain is written into: the last one named, if we may write there."""
    folders = [folder for folder in outside() if folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)]
    return folders[-1] if folders else None


def taken(domain: str) -> Path | None:
    """Where a domain of this name stands already."""
    return next((folder / domain for folder in default_folders() if (folder / domain).exists()), None)


def findings(files: Mapping[str, bytes], domain: str) -> list[Finding]:
    """What `haidang check` would say of these files, with nothing written where the centre reads."""
    with TemporaryDirectory(prefix="haidang-draft-") as aside:
        return list(_checked(_written(Path(aside), domain, files)))


def place(files: Mapping[str, bytes], domain: str) -> Path:
    """All of them or nothing, and never over a folder that is there. Raises NotPlaced, OSError."""
    folder = writable()
    if folder is None:
        raise NotPlaced("no_folder")
    with TemporaryDirectory(prefix=".moi-", dir=folder) as aside:
        root = _written(Path(aside), domain, files)
        if found := list(_checked(root)):
            raise NotPlaced("unsound", found)
        target = folder / domain
        if taken(domain) is not None:
            raise NotPlaced("taken")
        # Renaming refuses a folder with anything in it, should another one have come in between.
        root.rename(target)
    _sync(folder)
    return target


def _written(aside: Path, domain: str, files: Mapping[str, bytes]) -> Path:
    root = aside / domain
    for name, body in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as out:
            out.write(body)
            out.flush()
            os.fsync(out.fileno())
    return root


def _checked(root: Path) -> Iterator[Finding]:
    problems, _tree = check(root)
    for problem in problems:
        yield Finding(_within(root, problem), problem.line, problem.message)


def _within(root: Path, problem: Problem) -> str:
    return (
        str(Path(root.name) / problem.path.relative_to(root))
        if problem.path.is_relative_to(root)
        else problem.path.name
    )


def _sync(folder: Path) -> None:
    """The rename itself survives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
