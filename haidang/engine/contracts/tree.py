"""The content of all domains: ours and those a province keeps in its own folders (`HAIDANG_DOMAINS`).

Contracts and sources are read here. A later stage names the kinds it adds (`indicators.kinds.KINDS`),
because this stage may not know it. What does not hold is collected, never skipped: the caller decides
whether to stop.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any, Generic, TypeVar

from haidang.engine.both import absent, both
from haidang.engine.contracts.building import BuildError, Builds
from haidang.engine.contracts.code import load_module, shared_text
from haidang.engine.contracts.definition import Contract, Domain, SourceDefinition
from haidang.engine.contracts.reading import ContentError, Problem, key_line, read, text_of, word_line
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.contracts.tables import Table

T = TypeVar("T")
# Kind and address of one content file.
Place = tuple[str, str]

OURS = Path(__file__).resolve().parents[2] / "domains"
# Folders of a domain that hold content; a domain that is also a Django app has others beside them.
_NAME = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
LONGEST_ADDRESS = 120  # as the record keeps it
# A contract is one of readings or one of sheets; `kind` in the file says which.
_CONTRACTS: Any = Contract | SheetContract
BUILT_IN: dict[str, type] = {"contracts": _CONTRACTS, "sources": SourceDefinition, "tables": Table}
# Stages add kinds under these names.
FOLDERS = frozenset(
    {
        *BUILT_IN,
        "indicators",
        "rules",
        "procedures",
        "boards",
        "calendars",
        "scorecards",
        "reconciliations",
        "reports",
    }
)


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """One content file, what it says, and the text it said it with."""

    address: str
    domain: str
    kind: str
    path: Path
    thing: T
    text: str
    # The code of the same stem with what it imports from its folder, and the files this one builds on.
    sibling: str = ""
    module: ModuleType | None = None
    # Files of the same stem, by what follows it: `sample.txt`, `expected.json`, `py`.
    beside: Mapping[str, Path] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """Names text and sibling together: either one changed makes another content."""
        digest = hashlib.sha256(self.text.encode())
        digest.update(b"\0")
        digest.update(self.sibling.encode())
        return digest.hexdigest()

    @property
    def stem(self) -> str:
        return self.path.stem


@dataclass(slots=True)
class Tree:
    """Every content file by kind and address; `problems` is what could not be read or does not hold."""

    domains: dict[str, Entry[Domain]] = field(default_factory=dict)
    kinds: dict[str, dict[str, Entry[Any]]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    # Where each file stands; which could not be read, and which are read but do not hold.
    paths: dict[Place, Path] = field(default_factory=dict)
    unread: set[Place] = field(default_factory=set)
    unsound: set[Place] = field(default_factory=set)
    # What others name and no file says.
    wanting: set[Place] = field(default_factory=set)
    # Of those, what goes on with the text loaded before, and what is left out (`contracts.standing`).
    standing: set[Place] = field(default_factory=set)
    out: set[Place] = field(default_factory=set)

    @property
    def contracts(self) -> dict[str, Entry[Contract]]:
        """Those of readings; what offices send as files is in `sheets`."""
        return {a: e for a, e in self.of("contracts").items() if isinstance(e.thing, Contract)}

    @property
    def sheets(self) -> dict[str, Entry[SheetContract]]:
        return {a: e for a, e in self.of("contracts").items() if isinstance(e.thing, SheetContract)}

    @property
    def sources(self) -> dict[str, Entry[SourceDefinition]]:
        return self.kinds.setdefault("sources", {})

    def of(self, kind: str) -> dict[str, Entry[Any]]:
        """Entries of one kind by address; empty where nobody asked for that kind."""
        return self.kinds.get(kind, {})

    def contract_of(self, source: str) -> Contract:
        """The contract of the source at this address. Every source of a tree that stands has one."""
        return self.contracts[self.sources[source].thing.contract].thing

    def path_of(self, place: Place) -> Path:
        """Where a file stands, or would stand beside those of its domain."""
        kind, address = place
        domain, _, stem = address.partition(".")
        beside = (path for (_, other), path in self.paths.items() if other.partition(".")[0] == domain)
        near = next(beside, None)
        return self.paths.get(place) or (near.parent.parent if near else Path(domain)) / kind / f"{stem}.yml"

    def all(self) -> list[Entry[Any]]:
        """Every content file, in the order of kind and address."""
        return [entry for kind in sorted(self.kinds) for _, entry in sorted(self.kinds[kind].items())]


def default_folders() -> list[Path]:
    """Our own domains, then those of `HAIDANG_DOMAINS`; a later file takes the place of an earlier one."""
    theirs = os.environ.get("HAIDANG_DOMAINS", "").split(os.pathsep)
    return [OURS, *(Path(folder).absolute() for folder in theirs if folder)]


def load_tree(folders: Iterable[Path] | None = None, kinds: Mapping[str, type] | None = None) -> Tree:
    """All content below `folders`, each a folder of domains or one domain; contracts are complete with what
    they build on. `kinds` adds the structures of later stages to contracts and sources.
    """
    tree = Tree()
    wanted = {**BUILT_IN, **(kinds or {})}
    for kind in wanted:
        tree.kinds[kind] = {}
    for folder in default_folders() if folders is None else folders:
        if not folder.is_dir():
            tree.problems.append(
                Problem(
                    folder, 1, both("this folder of domains does not exist", "không có thư mục lĩnh vực này")
                )
            )
            continue
        for domain in domain_folders(folder):
            # Of our own templates only those that are named; a copy of one in another folder is a domain.
            _load_domain(tree, domain, wanted, named=folder != OURS)
    for kind in wanted:
        complete(tree, kind, tree.of(kind))
    return tree


def domain_folders(folder: Path) -> list[Path]:
    """The domains in `folder`, or `folder` itself when it is one."""
    if is_domain(folder):
        return [folder]
    return sorted(child for child in folder.iterdir() if child.is_dir() and is_domain(child))


def is_domain(folder: Path) -> bool:
    """A folder with a `domain.yml`, or one that adds content to a domain declared elsewhere."""
    if folder.name.startswith((".", "_")):
        return False
    return (folder / "domain.yml").is_file() or any((folder / kind).is_dir() for kind in FOLDERS)


def templates(folder: Path) -> list[Path]:
    """Domains in this folder that are there to be copied."""
    found = []
    for domain in domain_folders(folder):
        if (domain / "domain.yml").is_file():
            head = entry_of(Tree(), domain / "domain.yml", Domain, domain.name, "domains")
            if head and head.thing.template:
                found.append(domain)
    return found


def _load_domain(tree: Tree, folder: Path, wanted: Mapping[str, type], *, named: bool) -> None:
    name = folder.name
    if (head := folder / "domain.yml").is_file():
        entry = entry_of(tree, head, Domain, name, "domains")
        if entry and entry.thing.template and not named:
            return
        if entry:
            tree.domains[name] = replace(entry, address=name)
    elif name not in tree.domains:
        tree.problems.append(
            Problem(
                head,
                1,
                both(
                    f"domain {name} has no domain.yml: write one with `title: {{vi: …, en: …}}`",
                    f"lĩnh vực {name} chưa có domain.yml: viết tệp đó với `title: {{vi: …, en: …}}`",
                ),
            )
        )
    for kind, structure in wanted.items():
        for path in sorted((folder / kind).glob("*.yml")):
            place = kind, f"{name}.{path.stem}"
            tree.paths[place] = path
            if entry := entry_of(tree, path, structure, name, kind):
                tree.kinds[kind][entry.address] = entry
                tree.unread.discard(place)  # an earlier folder's file did not hold; this one takes its place
            else:
                tree.kinds[kind].pop(place[1], None)
                tree.unsound.discard(place)
                tree.unread.add(place)


def entry_of(
    tree: Tree, path: Path, structure: type[T], domain: str, kind: str, text: str | None = None
) -> Entry[T] | None:
    """One file, or an earlier text of it, with what stands beside it; None and a problem when it cannot be read."""
    address = f"{domain}.{path.stem}"
    try:
        text = text_of(path) if text is None else text
        thing = read(path, structure, text)
    except ContentError as error:
        tree.problems.extend(error.problems)
        return None
    if kind != "domains" and not _NAME.fullmatch(address):
        message = both(
            f"{address!r} is no address: folder and file are named with letters, digits, - and _ only",
            f"{address!r} không phải địa chỉ: tên thư mục và tệp chỉ gồm chữ không dấu, chữ số, - và _",
        )
        tree.problems.append(Problem(path, 1, message))
        return None
    if len(address) > LONGEST_ADDRESS:
        tree.problems.append(
            Problem(
                path,
                1,
                both(
                    f"this name is too long: at most {LONGEST_ADDRESS} letters",
                    f"tên này quá dài: tối đa {LONGEST_ADDRESS} chữ",
                ),
            )
        )
        return None
    beside = {
        other.name[len(path.stem) + 1 :]: other
        for other in sorted(path.parent.glob(f"{path.stem}.*"))
        if other != path and other.is_file()
    }
    module, sibling = None, ""
    if "py" in beside:
        try:
            sibling = shared_text(beside["py"])
            module = load_module(beside["py"])
        except ContentError as error:
            tree.problems.extend(error.problems)
    return Entry(
        address=address,
        domain=domain,
        kind=kind,
        path=path,
        thing=thing,
        text=text,
        sibling=sibling,
        module=module,
        beside=beside,
    )


def complete(tree: Tree, kind: str, addresses: Iterable[str]) -> None:
    """Let things that build on others (`parameters_of`, `tables`) take what they need; the text of those others
    becomes part of theirs. What does not hold with what it names is a problem, and unsound.
    """
    for address in list(addresses):
        entry = tree.kinds[kind][address]
        found = [*_built(tree, entry), *_lacking(tree, entry)]
        tree.problems.extend(problem for problem in found if problem.message)
        if found:
            tree.unsound.add((kind, address))


def _built(tree: Tree, entry: Entry[Any]) -> Iterator[Problem]:
    if not isinstance(entry.thing, Builds):
        return
    texts: list[str] = []
    things: dict[str, Any] = {}
    thing = entry.thing
    for wanted, other in thing.builds_on():
        base = tree.of(wanted).get(other)
        if base is None:
            yield _missing(tree, entry.path, word_line(entry.path, other), wanted, other)
        else:
            texts.append(base.text)
            things[other] = base.thing
    try:
        thing = thing.completed(things)
    except BuildError as error:
        line = key_line(entry.path, *error.keys) if error.keys else word_line(entry.path, error.word)
        yield Problem(entry.path, line, error.args[0])
    sibling = "\n".join([entry.sibling, *texts] if entry.sibling else texts)
    tree.kinds[entry.kind][entry.address] = replace(entry, thing=thing, sibling=sibling)


def _lacking(tree: Tree, entry: Entry[Any]) -> Iterator[Problem]:
    """What a thing finds wrong with itself, the contract of a source, the function of what is computed."""
    for keys, message in entry.thing.faults() if hasattr(entry.thing, "faults") else ():
        yield Problem(entry.path, key_line(entry.path, *keys), message)
    if isinstance(entry.thing, SourceDefinition):
        yield from _source_lacks(tree, entry.path, entry.thing)
    function = getattr(entry.thing, "needs", "")
    if function and not callable(getattr(entry.module, function, None)):
        broken = "py" in entry.beside and entry.module is None  # its own problem has been said
        message = both(
            f"no formula: write {function}(…) in {entry.path.stem}.py beside this file",
            f"chưa có công thức: viết {function}(…) trong {entry.path.stem}.py bên cạnh tệp này",
        )
        yield Problem(entry.path, 1, "" if broken else message)


def _source_lacks(tree: Tree, path: Path, source: SourceDefinition) -> Iterator[Problem]:
    """Its contract, or a form and doors that fit the contract."""
    of_files = source.contract in tree.sheets
    if not of_files and source.contract not in tree.contracts:
        yield _missing(tree, path, key_line(path, "contract"), "contracts", source.contract)
    elif of_files != (source.format == "sheet"):
        kind, kind_vi = (
            # i18n: data – both languages stand beside each other
            ("of files: write `format: sheet`", "của tệp: viết `format: sheet`")
            if of_files
            else (
                "of readings: write `format: json` or `lines`",
                "của số đo: viết `format: json` hoặc `lines`",
            )
        )
        yield Problem(
            path,
            key_line(path, "format"),
            both(
                f"contract {source.contract} is one {kind}",
                f"hợp đồng {source.contract} là hợp đồng {kind_vi}",
            ),
        )
    elif strange := [door for door in source.doors if door == ("mqtt" if of_files else "web")]:
        message = both(
            f"door {strange[0]} takes no {'files' if of_files else 'readings'}",
            f"cửa {strange[0]} không nhận {'tệp' if of_files else 'số đo'}",
        )
        yield Problem(path, key_line(path, "doors"), message)


def _missing(tree: Tree, path: Path, line: int, kind: str, address: str) -> Problem:
    """That something named does not exist; without words where its own file has been blamed already."""
    tree.wanting.add((kind, address))
    if (kind, address) in tree.unread:
        return Problem(path, line, "")
    return Problem(path, line, absent(kind, address, tree.of(kind)))
