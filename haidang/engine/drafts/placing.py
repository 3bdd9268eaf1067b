"""Into the province's own folder: written aside, checked there as `haidang check` does, then moved in.

A new domain is one folder renamed. What joins a domain of the province's own is linked in file by file: a link never
goes over a file that is there, whoever put it there meanwhile.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from haidang.engine.both import both, english, vietnamese
from haidang.engine.checks.walk import check
from haidang.engine.contracts.reading import Problem
from haidang.engine.contracts.tree import OURS, default_folders
from haidang.engine.said import either

IN_THE_WAY = both(
    "a file of this name stands there already, and nothing is written over",
    "đã có tệp cùng tên ở đó, và không tệp nào bị ghi đè",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What `haidang check` says of a file that would be written."""

    file: str
    line: int
    message: str

    @property
    def words(self) -> str:
        """The message in the screen's language."""
        return either(vietnamese(self.message), english(self.message))

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


def own(domain: str) -> Path | None:
    """The folder of a domain that may be joined: it stands where new ones are written, and nowhere before."""
    folder = writable()
    found = taken(domain)
    if folder is None or found != folder / domain or found.is_symlink():
        return None  # where a link leads is not ours to write to
    return found if found.is_dir() else None


def joinable() -> list[str]:
    """Domains of the province's own that take a contract more."""
    folder = writable()
    names = sorted(path.parent.name for path in folder.glob("*/domain.yml")) if folder else []
    return [name for name in names if own(name) is not None]


def standing(domain: str) -> frozenset[str]:
    """Names of the files of a domain that may be joined."""
    root = own(domain)
    if root is None:
        return frozenset()
    return frozenset(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def findings(files: Mapping[str, bytes], domain: str) -> list[Finding]:
    """What `haidang check` would say of these files, with nothing written where the centre reads."""
    with TemporaryDirectory(prefix="haidang-draft-") as aside:
        return _aside(Path(aside), domain, files).findings


@dataclass(slots=True)
class Placed:
    """What was written: a folder that `is_new`, or files and folders that were `added` to one that was there."""

    root: Path
    is_new: bool
    added: list[Path] = field(default_factory=list)

    def undo(self) -> None:
        """Take back what was written, and nothing else; what somebody took away meanwhile is gone already."""
        if self.is_new:
            shutil.rmtree(self.root)
        for path in reversed(self.added):
            if not path.is_dir():
                path.unlink(missing_ok=True)
            elif not any(path.iterdir()):
                path.rmdir()


def place(files: Mapping[str, bytes], domain: str) -> Placed:
    """All of them or nothing, and never over what is there. Raises NotPlaced, OSError."""
    folder = writable()
    if folder is None:
        raise NotPlaced("no_folder")
    with TemporaryDirectory(prefix=".moi-", dir=folder) as temporary:
        aside = _aside(Path(temporary), domain, files)
        if aside.findings:
            raise NotPlaced("unsound", aside.findings)
        target = folder / domain
        if aside.joins:
            made = Placed(target, is_new=False)
            _link(aside, made)
        elif taken(domain) is not None:
            raise NotPlaced("taken")
        else:
            # Renaming refuses a folder with anything in it, should another one have come in between.
            aside.root.rename(target)
            made = Placed(target, is_new=True)
    _sync(folder)
    return made


@dataclass(frozen=True, slots=True)
class _Aside:
    """The domain as it would be; `files` are those that are new in it."""

    root: Path
    files: list[str]
    joins: bool
    findings: list[Finding]


def _aside(aside: Path, domain: str, files: Mapping[str, bytes]) -> _Aside:
    there, root = own(domain), aside / domain
    if there is None:
        return _Aside(_written(aside, domain, files), list(files), False, list(_checked(root)))
    # Links as links: one that leads nowhere is for the check to name.
    shutil.copytree(there, root, symlinks=True, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    # Faults that stand there already are nothing this draft can mend.
    before = {(one.file, one.message) for one in _checked(root)}
    found = [Finding(f"{domain}/{name}", 1, IN_THE_WAY) for name in sorted(standing(domain) & set(files))]
    if not found:
        _written(aside, domain, files)
        found = [one for one in _checked(root) if (one.file, one.message) not in before]
    return _Aside(root, list(files), True, found)


def _link(aside: _Aside, made: Placed) -> None:
    """The board last: every file holds without those after it."""
    try:
        for name in sorted(aside.files, key=lambda one: one.startswith("boards/")):
            target = made.root / name
            if not target.parent.is_dir():
                target.parent.mkdir()
                made.added.append(target.parent)
            _put(aside.root / name, target, made.added)
    except FileExistsError as error:
        made.undo()
        raise NotPlaced("unsound", [Finding(f"{made.root.name}/{name}", 1, IN_THE_WAY)]) from error
    except BaseException:
        made.undo()
        raise
    for one in sorted({path.parent for path in made.added}):
        _sync(one)


def _put(source: Path, target: Path, added: list[Path]) -> None:
    """Raises FileExistsError rather than go over a file."""
    try:
        target.hardlink_to(source)
        added.append(target)
    except FileExistsError:
        raise
    except OSError:  # shares of Windows and sticks know no hard links
        with target.open("xb") as out:
            added.append(target)
            out.write(source.read_bytes())
            out.flush()
            os.fsync(out.fileno())


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
