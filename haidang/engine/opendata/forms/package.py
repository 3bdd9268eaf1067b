"""`datapackage.json`: a Data Package (version 2) of one edition, whose table is the `data.csv` of the same edition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from haidang.engine.opendata.datasets import Dataset
from haidang.engine.opendata.editions import Edition
from haidang.engine.opendata.forms.plain_csv import COLUMNS
from haidang.engine.opendata.forms.plain_json import both

PACKAGE = "https://datapackage.org/profiles/2.0/datapackage.json"
RESOURCE = "https://datapackage.org/profiles/2.0/dataresource.json"
SCHEMA = "https://datapackage.org/profiles/2.0/tableschema.json"
DIALECT = "https://datapackage.org/profiles/2.0/tabledialect.json"
# One figure of one place and period stands once.
KEY = ["indicator", "period", "place_code"]
CHOICES = {"status": ["ok", "missing", "withheld"], "place_level": ["province", "district", "commune"]}
OPTIONAL = {"value", "unit"}


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a file weighs: its bytes and their SHA-256."""

    size: int
    sha256: str


def weigh(chunks: Iterable[bytes]) -> Weighed:
    """Read through once; nothing is kept."""
    digest, size = sha256(), 0
    for chunk in chunks:
        digest.update(chunk)
        size += len(chunk)
    return Weighed(size, digest.hexdigest())


def package(dataset: Dataset, edition: Edition, table: Weighed, path: str, homepage: str) -> dict[str, Any]:
    """`path` leads to the table: an address that names the edition, or a file beside this one."""
    said = dataset.open
    source = dataset.source or dataset.title
    owner = dataset.owner or said.publisher
    return {
        "$schema": PACKAGE,
        "name": dataset.address.lower(),
        "id": f"{homepage}{f'?as_of={edition.as_of}' if edition.as_of else ''}",
        "title": dataset.title.vi,
        "titles": both(dataset.title),
        "description": dataset.description.vi,
        "homepage": homepage,
        # Editions of one data set follow each other: the epoch that made it is its version.
        "version": f"1.0.{edition.epoch}",
        **({"created": edition.as_of} if edition.as_of else {}),
        "licenses": [{"name": said.licence, "title": dataset.licence.title, "path": dataset.licence.url}],
        "sources": [{"title": f"{source.vi} – {owner.vi}"}],
        "contributors": [
            {"title": said.publisher.vi, "roles": ["publisher"]},
            {"title": owner.vi, "roles": ["author"]},
        ],
        "keywords": [word.vi for word in said.keywords],
        "resources": [_resource(dataset, table, path)],
    }


def _resource(dataset: Dataset, table: Weighed, path: str) -> dict[str, Any]:
    return {
        "$schema": RESOURCE,
        "name": "data",
        "type": "table",
        "title": dataset.title.vi,
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": table.size,
        "hash": f"sha256:{table.sha256}",
        "dialect": {"$schema": DIALECT, "header": True, "delimiter": ",", "lineTerminator": "\r\n", "doubleQuote": True},
        "schema": {
            "$schema": SCHEMA,
            "fields": [_field(one.name, one.type, one.format, one.title.vi, one.about.vi) for one in COLUMNS],
            "missingValues": [""],
            "primaryKey": KEY,
        },
    }  # fmt: skip


def _field(name: str, kind: str, form: str, title: str, about: str) -> dict[str, Any]:
    limits: dict[str, Any] = {} if name in OPTIONAL else {"required": True}
    if name in CHOICES:
        limits["enum"] = CHOICES[name]
    if name == "revision":
        limits["minimum"] = 1
    found = {"name": name, "type": kind, "format": form, "title": title, "description": about}
    return found | ({"constraints": limits} if limits else {})
