"""Code beside a content file: imported by path, from inside the package or from a province's own folder.

A code file may import from files of its own folder whose name begins with an underscore
(`from ._breakpoints import …`); their text belongs to the content, so that a figure cites all that made it.
"""

from __future__ import annotations

import hashlib
import importlib.util
import sys
import threading
import traceback
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

from haidang.engine.both import both
from haidang.engine.contracts.reading import ContentError, Problem, text_of

_lock = threading.Lock()
_PREFIX = "_haidang_content_"


class _AsItStands(SourceFileLoader):
    """Compiles the text of the file. A compiled copy beside it would be taken for the file itself where an edit kept
    its length within the same second, and would be written into a folder that is not ours.
    """

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002 - so importlib asks
        code: CodeType = self.source_to_code(self.get_data(self.path), self.path)
        return code


class _Beside(MetaPathFinder):
    """Finds the underscore files of a folder of content."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,  # noqa: ARG002 - so importlib asks
    ) -> ModuleSpec | None:
        if not fullname.startswith(_PREFIX) or not path:
            return None
        file = Path(path[0]) / f"{fullname.rpartition('.')[2]}.py"
        return _spec(fullname, file) if file.is_file() else None


def _spec(name: str, file: Path) -> ModuleSpec | None:
    return importlib.util.spec_from_file_location(name, file, loader=_AsItStands(name, str(file)))


sys.meta_path.insert(0, _Beside())


def load_module(path: Path) -> ModuleType:
    """The module of this file; raises ContentError with the failing line of the file.

    Modules are named by the hash of all code in the folder: an edited file is a new module, an unchanged one
    is imported once per process.
    """
    folder = path.parent
    package = f"{_PREFIX}{_digest(folder)}"
    name = f"{package}.{path.stem}"
    with _lock:
        if package not in sys.modules:
            holder = ModuleType(package)
            holder.__path__ = [str(folder)]
            sys.modules[package] = holder
        if name in sys.modules:
            return sys.modules[name]
        spec = _spec(name, path)
        if spec is None or spec.loader is None:
            raise ContentError(
                [
                    Problem(
                        path,
                        1,
                        both(
                            "this file cannot be imported as Python", "không nạp được tệp này như mã Python"
                        ),
                    )
                ]
            )
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
        except (Exception, SystemExit) as error:
            del sys.modules[name]
            raise ContentError([_problem(path, error)]) from error
        return module


def shared_text(path: Path) -> str:
    """Text of a code file followed by the underscore files of its folder; raises ContentError."""
    parts = [path, *sorted(path.parent.glob("_[!_]*.py"))]
    return "\n".join(f"# --- {part.name}\n{text_of(part)}" for part in parts)


def _digest(folder: Path) -> str:
    digest = hashlib.sha256(str(folder).encode())
    for path in sorted(folder.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _problem(path: Path, error: BaseException) -> Problem:
    if isinstance(error, SyntaxError) and error.lineno:
        return Problem(
            Path(error.filename or path),
            error.lineno,
            both(f"not valid Python: {error.msg}", f"mã Python sai cú pháp: {error.msg}"),
        )
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).parent == path.parent
    ]
    line = frames[-1].lineno or 1 if frames else 1
    where = Path(frames[-1].filename) if frames else path
    return Problem(
        where,
        line,
        both(
            f"fails on import: {type(error).__name__}: {error}",
            f"lỗi khi nạp: {type(error).__name__}: {error}",
        ),
    )
