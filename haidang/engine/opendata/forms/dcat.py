"""The catalogue as DCAT 3 with the properties DCAT-AP 3 asks for: JSON-LD and Turtle, each data set in turn.

A node is a mapping of property to value, in the names of CONTEXT; both forms are written from the same nodes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from haidang.engine import clock
from haidang.engine.contracts.reading import Text
from haidang.engine.indicators import periods
from haidang.engine.opendata.datasets import Dataset
from haidang.engine.opendata.editions import Coverage
from haidang.engine.opendata.files import FILES, File

PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/"
FREQUENCIES = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "quarter": "QUARTERLY", "year": "ANNUAL", "irregular": "IRREG"}  # fmt: skip
_LANGUAGE = "http://publications.europa.eu/resource/authority/language/VIE"
_FILE_TYPE = "http://publications.europa.eu/resource/authority/file-type/"
_MEDIA_TYPE = "https://www.iana.org/assignments/media-types/"
_TYPES = {
    "csv": ("CSV", "text/csv"),
    "sdmx-csv": ("CSV", "application/vnd.sdmx.data+csv"),
    "json": ("JSON", "application/json"),
    "datapackage": ("JSON", "application/json"),
}
_SDMX_CSV = "https://github.com/sdmx-twg/sdmx-csv/tree/v2.0.0"
_CONFORMS = {"sdmx-csv": _SDMX_CSV, "datapackage": "https://datapackage.org/standard/data-package/"}
TITLES = {
    "csv": Text("CSV (mở bằng Excel)", "CSV (opens in Excel)"),
    "sdmx-csv": Text("SDMX-CSV 2.0", "SDMX-CSV 2.0"),
    "json": Text("JSON", "JSON"),
    "datapackage": Text("Gói dữ liệu (Data Package 2)", "Data Package 2"),
}
Node = Mapping[str, Any]


def catalogue(title: Text, description: Text, publisher: Text, homepage: str, licence: str) -> dict[str, Any]:
    """The catalogue without its data sets."""
    return {
        "@id": f"{homepage}#catalog",
        "@type": "dcat:Catalog",
        "dct:title": _texts(title),
        "dct:description": _texts(description),
        "dct:publisher": _agent(publisher),
        "dct:language": {"@id": _LANGUAGE},
        "dct:license": {"@id": licence},
        "foaf:homepage": {"@id": homepage},
    }


def dataset(
    one: Dataset, homepage: str, covered: Coverage | None, changed: datetime | None, place: str
) -> Node:
    """One data set; `homepage` is its page, `place` the official code of the province."""
    node: dict[str, Any] = {
        "@id": f"{homepage}#dataset",
        "@type": "dcat:Dataset",
        "dct:identifier": one.address,
        "dct:title": _texts(one.title),
        "dct:description": _texts(one.description),
        "dct:publisher": _agent(one.open.publisher),
        "dcat:keyword": [said for word in one.open.keywords for said in _texts(word)],
        "dct:language": {"@id": _LANGUAGE},
        "dct:accrualPeriodicity": {"@id": f"{_FREQUENCY}{FREQUENCIES[one.update]}"},
        "dct:accessRights": {"@id": "http://publications.europa.eu/resource/authority/access-right/PUBLIC"},
        "dct:issued": _day(one.open.since),
        "dcat:landingPage": {"@id": homepage},
    }
    if one.owner:
        node["dct:creator"] = _agent(one.owner)
    if changed:
        node["dct:modified"] = _instant(changed)
    if covered:
        first = periods.back(periods.ending(covered.first, one.statistic.period), 1)
        node["dct:temporal"] = {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _day((periods.end_of(first)).date()),
            "dcat:endDate": _day(periods.last_day(covered.last)),
        }
    if place:
        node["dct:spatial"] = {"@type": "dct:Location", "dct:identifier": place}
    node["dcat:distribution"] = [_distribution(one, homepage, file) for file in FILES.values()]
    return node


def _distribution(one: Dataset, homepage: str, file: File) -> Node:
    kind, media = _TYPES[file.form]
    node: dict[str, Any] = {
        "@id": f"{homepage}{file.name}#distribution",
        "@type": "dcat:Distribution",
        "dct:title": _texts(TITLES[file.form]),
        "dcat:accessURL": {"@id": homepage},
        "dcat:downloadURL": {"@id": f"{homepage}{file.name}"},
        "dct:format": {"@id": f"{_FILE_TYPE}{kind}"},
        "dcat:mediaType": {"@id": f"{_MEDIA_TYPE}{media}"},
        "dct:license": {"@id": one.licence.url},
    }
    if file.form in _CONFORMS:
        node["dct:conformsTo"] = {"@id": _CONFORMS[file.form]}
    return node


def _texts(said: Text) -> list[Node]:
    found: list[Node] = [{"@value": said.vi, "@language": "vi"}]
    return found + ([{"@value": said.en, "@language": "en"}] if said.en else [])


def _agent(name: Text) -> Node:
    return {"@type": "foaf:Agent", "foaf:name": _texts(name)}


def _day(day: date) -> Node:
    return {"@value": day.isoformat(), "@type": "xsd:date"}


def _instant(at: datetime) -> Node:
    return {"@value": clock.local(at).isoformat(timespec="seconds"), "@type": "xsd:dateTime"}


# --- JSON-LD ----------------------------------------------------------------------------------------------
def jsonld(root: Node, nodes: Iterable[Node]) -> Iterator[str]:
    """One JSON-LD document."""
    head = msgspec.json.encode({"@context": PREFIXES, **root}).decode()
    yield f'{head[:-1]},"dcat:dataset":['
    for number, node in enumerate(nodes):
        yield ("," if number else "") + "\n" + msgspec.json.encode(node).decode()
    yield "\n]}\n"


# --- Turtle -----------------------------------------------------------------------------------------------
def turtle(root: Node, nodes: Iterable[Node]) -> Iterator[str]:
    """The same statements as Turtle."""
    yield "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    yield _statements(root)
    for node in nodes:
        yield f"\n{_iri(root['@id'])} dcat:dataset {_iri(node['@id'])} .\n"
        # What has a name of its own stands on its own, and is named where it belongs.
        parts = node["dcat:distribution"]
        yield _statements({**node, "dcat:distribution": [{"@id": part["@id"]} for part in parts]})
        for part in parts:
            yield _statements(part)


def _statements(node: Node) -> str:
    return f"\n{_iri(node['@id'])} {_properties(node)} .\n"


def _properties(node: Node) -> str:
    lines = [f"a {node['@type']}"]
    for name, value in node.items():
        if name not in ("@id", "@type"):
            values = value if isinstance(value, list) else [value]
            lines.append(f"{name} {', '.join(map(_term, values))}")
    return " ;\n    ".join(lines)


def _term(value: Any) -> str:
    if isinstance(value, str):
        return _literal(value)
    if "@value" in value:
        tail = f"@{value['@language']}" if "@language" in value else f"^^{value['@type']}"
        return _literal(value["@value"]) + tail
    if "@id" in value and len(value) == 1:
        return _iri(value["@id"])
    return f"[ {_properties(value)} ]"


_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _literal(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(letter, letter) for letter in text) + '"'


def _iri(text: str) -> str:
    return "<" + re.sub(r'[\x00-\x20<>"{}|^`\\]', lambda found: f"%{ord(found[0]):02X}", text) + ">"
