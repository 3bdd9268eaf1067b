"""The files of an edition: which there are, what each is called, and its bytes, piece by piece."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from haidang.engine.opendata import rows
from haidang.engine.opendata.datasets import Dataset
from haidang.engine.opendata.editions import Edition
from haidang.engine.opendata.forms import package, plain_csv, plain_json, sdmx_csv

# Letters of one piece: a small file is one piece, and of a large one never more than this is here.
PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class File:
    """`form` is what the command line calls it, `ending` what follows the data set in the name of a download."""

    name: str
    form: str
    ending: str
    content_type: str


FILES = {
    one.name: one
    for one in (
        File("data.csv", "csv", "csv", "text/csv; charset=utf-8; header=present"),
        File(
            "data.sdmx.csv",
            "sdmx-csv",
            "sdmx.csv",
            "application/vnd.sdmx.data+csv; version=2.0.0; charset=utf-8",
        ),
        File("data.json", "json", "json", "application/json"),
        File("datapackage.json", "datapackage", "datapackage.json", "application/json"),
    )
}
FORMS = {one.form: one for one in FILES.values()}


def pieces(file: File, dataset: Dataset, edition: Edition, homepage: str) -> Iterator[bytes]:
    """The file's bytes. `homepage` is the address of the data set's own page."""
    if file.form == "datapackage":
        yield described(dataset, edition, address(homepage, "data.csv", edition), homepage)
        return
    yield from _packed(_text(file, dataset, edition))


def address(homepage: str, name: str, edition: Edition) -> str:
    """Of a file of this very edition, whatever is published later."""
    return f"{homepage}{name}" + (f"?as_of={edition.as_of}" if edition.as_of else "")


def described(dataset: Dataset, edition: Edition, path: str, homepage: str) -> bytes:
    """`datapackage.json`; the table is read through for its hash, and not kept."""
    table = package.weigh(pieces(FILES["data.csv"], dataset, edition, homepage))
    found = package.package(dataset, edition, table, path, homepage)
    return msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n"


def _text(file: File, dataset: Dataset, edition: Edition) -> Iterator[str]:
    lines = rows.lines(dataset, edition)
    if file.form == "csv":
        return plain_csv.write(dataset, lines)
    if file.form == "sdmx-csv":
        return sdmx_csv.write(dataset, lines)
    return plain_json.write(dataset, edition, lines)


def _packed(parts: Iterable[str]) -> Iterator[bytes]:
    kept: list[str] = []
    size = 0
    for part in parts:
        kept.append(part)
        size += len(part)
        if size >= PIECE:
            yield "".join(kept).encode()
            kept, size = [], 0
    yield "".join(kept).encode()
