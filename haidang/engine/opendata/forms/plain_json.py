"""`data.json`: `{"dataset": {…}, "edition": {…}, "fields": […], "data": [{…}, …]}`; the lines have the fields of `data.csv`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from haidang.engine.contracts.reading import Text
from haidang.engine.opendata.datasets import Dataset
from haidang.engine.opendata.editions import Edition, written
from haidang.engine.opendata.forms.plain_csv import COLUMNS, unit_text
from haidang.engine.opendata.rows import Line


def write(dataset: Dataset, edition: Edition, lines: Iterable[Line]) -> Iterator[str]:
    """The file, line by line; each line is an object of its own."""
    fields = [{"name": one.name, "type": one.type, "description": both(one.about)} for one in COLUMNS]
    yield f'{{"dataset":{encoded(about(dataset))},\n"edition":{encoded(of_edition(edition))},\n'
    yield f'"fields":{encoded(fields)},\n"data":['
    comma = "\n"
    for line in lines:
        yield comma + encoded(_line(dataset, line))
        comma = ",\n"
    yield "\n]}\n"


def about(dataset: Dataset) -> dict[str, Any]:
    """What it is, in both languages."""
    said = dataset.open
    return {
        "id": dataset.address,
        "title": both(dataset.title),
        "description": both(dataset.description),
        "domain": both(dataset.domain),
        "unit": unit_text(dataset.statistic.unit),
        "decimals": dataset.statistic.decimals,
        "period": dataset.statistic.period,
        "update": dataset.update,
        "source": both(dataset.source) if dataset.source else None,
        "owner": both(dataset.owner) if dataset.owner else None,
        "publisher": both(said.publisher),
        "legal_basis": dataset.legal_basis,
        "open_basis": said.basis,
        "open_since": said.since.isoformat(),
        "licence": {"id": said.licence, "title": dataset.licence.title, "url": dataset.licence.url},
        "keywords": [both(word) for word in said.keywords],
        "min_count": said.min_count,
    }


def of_edition(edition: Edition) -> dict[str, Any]:
    return {"epoch": edition.epoch, "as_of": edition.as_of or None}


def both(said: Text) -> dict[str, str]:
    return {"vi": said.vi, "en": said.en or said.vi}


def _line(dataset: Dataset, line: Line) -> dict[str, Any]:
    value = line.value
    return {
        "indicator": dataset.address,
        "period": line.period.code,
        "period_start": line.first_day.isoformat(),
        "period_end": line.period.last_day.isoformat(),
        "place_code": line.place_code,
        "place_name": line.place_name,
        "place_level": line.place_level,
        "value": int(value) if value is not None and value.is_integer() else value,
        "unit": unit_text(dataset.statistic.unit),
        "status": line.status,
        "revision": line.revision,
        "published_at": written(line.since),
        "epoch": line.epoch,
    }


def encoded(thing: Any) -> str:
    return msgspec.json.encode(thing).decode()
