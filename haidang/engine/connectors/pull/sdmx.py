"""Data of a statistics office by SDMX REST: SDMX-CSV, or SDMX-JSON 1.0 and 2.0. Each observation is one row.

A row has the ids of its dimensions and attributes as columns, the value as OBS_VALUE. SDMX-ML is not read: every
service that gives it gives one of the others as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, Generator, Iterator, Mapping
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from haidang.engine import clock
from haidang.engine.connectors.pull import snapshot, tables
from haidang.engine.connectors.pull.definition import Sdmx, Table
from haidang.engine.connectors.pull.login import Login
from haidang.engine.connectors.pull.rows import Mapper
from haidang.engine.connectors.pull.task import Portion, Task
from haidang.engine.connectors.pull.trouble import Trouble
from haidang.engine.connectors.pull.whole import fetched, name_of

ACCEPT = (
    "application/vnd.sdmx.data+csv;version=1.0.0, application/vnd.sdmx.data+csv;version=2.0.0;q=0.9,"
    " application/vnd.sdmx.data+json;version=1.0.0;q=0.7, application/vnd.sdmx.data+json;version=2.0.0;q=0.6,"
    " text/csv;q=0.5, application/json;q=0.4"
)
# Their clock may differ from ours, and what they load takes its time: what comes twice is a duplicate.
_OVERLAP = timedelta(hours=6)


def rows(path: Path, wanted: list[str], host: str) -> Iterator[Any]:
    """Every observation of a message. Raises Trouble where it is none."""
    with path.open("rb") as file:
        first = file.read(256).removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if first == b"<":
        raise Trouble("not_as_expected", host=host, why="xml")
    if first == b"{":
        return _json(path.read_bytes(), host)
    return tables.rows(path, Table(), wanted, host)


def _json(body: bytes, host: str) -> Iterator[dict[str, Any]]:
    try:
        message = msgspec.json.decode(body)
        yield from _observations(message.get("data", message))
    except (
        msgspec.DecodeError,
        UnicodeDecodeError,
        RecursionError,
        LookupError,
        TypeError,
        ValueError,
        AttributeError,
    ) as error:
        raise Trouble(
            "not_as_expected", host=host, why="no_sdmx", cause=f"{type(error).__name__} {error}"
        ) from None


def _observations(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    structures = data.get("structures") or [data["structure"]]
    for part in data["dataSets"]:
        structure = structures[part.get("structure", 0)]
        dimensions, attributes = structure["dimensions"], structure.get("attributes", {})
        common = _named(attributes.get("dataSet", []), part.get("attributes", []))
        # A dimension with one value for all stands beside the data set, without a number in the keys.
        common |= {one["id"]: one["values"][0]["id"] for one in dimensions.get("dataSet", [])}
        for key, series in part.get("series", {}).items():
            above = {
                **common,
                **_keyed(dimensions["series"], key),
                **_named(attributes.get("series", []), series.get("attributes", [])),
            }
            yield from _values(above, dimensions, attributes, series.get("observations", {}))
        yield from _values(common, dimensions, attributes, part.get("observations", {}))


def _values(
    above: dict[str, Any],
    dimensions: Mapping[str, Any],
    attributes: Mapping[str, Any],
    found: Mapping[str, Any],
) -> Iterator[dict[str, Any]]:
    for key, cells in found.items():
        said = _named(attributes.get("observation", []), cells[1:])
        yield {**above, **_keyed(dimensions["observation"], key), **said, "OBS_VALUE": cells[0]}


def _keyed(dimensions: list[Any], key: str) -> dict[str, Any]:
    """`0:2:1` as the ids of the values with these numbers."""
    numbers = [int(number) for number in key.split(":")]
    return {one["id"]: one["values"][number]["id"] for one, number in zip(dimensions, numbers, strict=True)}


def _named(attributes: list[Any], cells: list[Any]) -> dict[str, Any]:
    """Attributes are numbers of their values, the values themselves, or none."""
    found = {}
    for attribute, cell in zip(attributes, cells, strict=False):
        values = attribute.get("values") or []
        if isinstance(cell, int) and not isinstance(cell, bool) and cell < len(values):
            value = values[cell]
            found[attribute["id"]] = value.get("id", value.get("value", value.get("name")))
        elif cell is not None:
            found[attribute["id"]] = cell
    return found


async def portions(task: Task, login: Login) -> AsyncGenerator[Portion]:
    """What is new since the last run where the service tells (`updated_after`), else all of it."""
    pull = task.pull
    assert isinstance(pull, Sdmx)  # noqa: S101 - chosen by kind
    url, host, started = pull.url, pull.place().host, clock.now()
    since = task.cursor.get("updated") if pull.updated_after else None
    if since:
        after = (datetime.fromisoformat(since) - _OVERLAP).astimezone(UTC)
        url += f"{'&' if '?' in url else '?'}updatedAfter={after:%Y-%m-%dT%H:%M:%SZ}"
    # No result is 404 in SDMX; of a question for everything it would be a wrong address.
    empty = frozenset({404}) if since else frozenset()
    body, cursor = await fetched(task, login, url, {"Accept": ACCEPT, **pull.headers}, empty=empty)
    if body is None:
        # "Nothing" may be a hiccup as well: the next question begins where this one did.
        yield Portion(task.cursor if pull.updated_after else {**task.cursor, **cursor})
        return
    if pull.updated_after:
        # Without what the server says of the body: the next question is another one.
        cursor = {"sha256": cursor["sha256"], "updated": started.isoformat(timespec="seconds")}
    mapper, met = Mapper(pull.fields), Counter[str]()
    try:
        found = _counted(rows(body.as_file(), mapper.columns, host), met)
        parts = snapshot.portions(found, mapper, name_of(pull.url), before=task.cursor, after=cursor)
        async with aclosing(parts) as each:
            async for portion in each:
                is_nothing = portion.body is None and pull.updated_after and not met
                yield Portion(task.cursor) if is_nothing else portion
    finally:
        body.drop()


def _counted(found: Iterator[Any], met: Counter[str]) -> Generator[Any]:
    for row in found:
        met["rows"] += 1
        yield row
