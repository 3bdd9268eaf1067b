"""Files that nobody reads: a misspelt folder, a wrong ending, code or samples without their content file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from haidang.engine.both import both
from haidang.engine.contracts.reading import Problem
from haidang.engine.contracts.tree import FOLDERS, domain_folders


def problems(folders: Iterable[Path]) -> Iterator[Problem]:
    """What stands in these folders without being content."""
    for folder in folders:
        if not folder.is_dir():
            continue
        domains = domain_folders(folder)
        if not domains:
            message = both(
                "no domain here: a domain is a folder with domain.yml and contracts/, sources/, indicators/ …",
                "ở đây không có lĩnh vực nào: lĩnh vực là thư mục có domain.yml và contracts/, sources/, indicators/ …",
            )
            yield Problem(folder, 1, message)
        for domain in domains:
            yield from _strays(domain)


def _strays(domain: Path) -> Iterator[Problem]:
    for path in sorted(domain.rglob("*.yaml")):
        yield Problem(
            path,
            1,
            both(
                f"content files end in .yml: rename it to {path.stem}.yml",
                f"tệp nội dung có đuôi .yml: đổi tên thành {path.stem}.yml",
            ),
        )
    for path in sorted(domain.glob("*/*.yml")):
        if path.parent.name not in FOLDERS:
            message = both(
                f"folder {path.parent.name}/ holds no content; content stands in {', '.join(sorted(FOLDERS))}",
                f"thư mục {path.parent.name}/ không chứa nội dung; nội dung đặt trong {', '.join(sorted(FOLDERS))}",
            )
            yield Problem(path, 1, message)
    for kind in sorted(FOLDERS):
        stems = {path.stem for path in (domain / kind).glob("*.yml")}
        for path in sorted((domain / kind).glob("*")):
            stem = path.name.partition(".")[0]
            if path.is_dir() or path.suffix in {".yml", ".yaml", ".pyc"}:
                continue
            if stem not in stems and not stem.startswith(("_", "test_")) and stem:
                yield Problem(
                    path,
                    1,
                    both(
                        f"belongs to no content file: there is no {stem}.yml beside it",
                        f"không thuộc tệp nội dung nào: bên cạnh không có {stem}.yml",
                    ),
                )
