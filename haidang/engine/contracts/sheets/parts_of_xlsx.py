"""The parts of an .xlsx and how they name one another (ECMA-376 part 2)."""

from __future__ import annotations

import re
import zipfile
from pathlib import PurePosixPath
from xml.etree import ElementTree as ET

from haidang.engine.contracts.sheets.book import Unreadable


def bare(tag: str) -> str:
    """A name without its namespace."""
    return tag.rpartition("}")[2]


def parse(archive: zipfile.ZipFile, name: str) -> ET.Element | None:
    """A part as a tree without namespaces; None where the file has none of that name. Raises Unreadable for one with a
    document type.
    """
    try:
        data = archive.read(name)
    except KeyError:
        return None
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise Unreadable("entities", {"part": name})
    root = ET.fromstring(data)  # noqa: S314 - without a document type there are no entities
    for element in root.iter():
        element.tag = bare(element.tag)  # the strict form of the standard has other namespaces
    return root


def relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Id → (kind, part) of what a part names."""
    folder = PurePosixPath(part)
    root = parse(archive, str(folder.parent / "_rels" / f"{folder.name}.rels"))
    found: dict[str, tuple[str, str]] = {}
    for one in root if root is not None else ():
        target = one.get("Target", "")
        whole = target.lstrip("/") if target.startswith("/") else str(folder.parent / target)
        while "/../" in whole:
            whole = re.sub(r"[^/]+/\.\./", "", whole, count=1)
        found[one.get("Id", "")] = (one.get("Type", "").rpartition("/")[2], whole)
    return found
