"""A resource of a CKAN portal: its rows in the datastore, or its file."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

import msgspec

from haidang.engine.connectors.pull import rest, whole
from haidang.engine.connectors.pull.definition import Ckan, Paging, Rest, Table
from haidang.engine.connectors.pull.guard import place_of
from haidang.engine.connectors.pull.login import Login
from haidang.engine.connectors.pull.rows import find
from haidang.engine.connectors.pull.task import Portion, Task
from haidang.engine.connectors.pull.trouble import Trouble


def service(pull: Ckan) -> Rest:
    """The datastore as the JSON service it is: rows in the order of their numbers, with their count."""
    return Rest(
        url=f"{_action(pull, 'datastore_search')}?resource_id={pull.resource}&sort=_id",
        every=pull.every, timeout=pull.timeout, size_mb=pull.size_mb, ports=pull.ports, fields=pull.fields,
        auth=pull.auth, headers=pull.headers, rows="result.records",
        paging=Paging(
            kind="offset", parameter="offset", size_parameter="limit", size=pull.size, total="result.total"
        ),
    )  # fmt: skip


def _action(pull: Ckan, name: str) -> str:
    return f"{pull.url.partition('?')[0].rstrip('/')}/api/3/action/{name}"


async def portions(task: Task, login: Login) -> AsyncGenerator[Portion]:
    """By the datastore page by page; or the resource's file, which may lie on another machine."""
    pull = task.pull
    assert isinstance(pull, Ckan)  # noqa: S101 - chosen by kind
    if pull.take == "datastore":
        assert pull.fields is not None  # noqa: S101 - asked for by `faults`
        task.pull = service(pull)
        found = rest.portions(task, login, pull.fields)
    else:
        url = await _file_of(task, pull, login)
        # The portal's key is for the portal.
        if place_of(url, pull.schemes()).origin != pull.place().origin:
            login = login.without()
        if pull.fields is None:
            found = whole.portions(task, login, pull.headers, url)
        else:
            found = whole.row_portions(task, login, url, pull.headers, pull.table or Table(), pull.fields)
    async with aclosing(found) as parts:
        async for portion in parts:
            yield portion


async def _file_of(task: Task, pull: Ckan, login: Login) -> str:
    """Where the portal says that the file is; read as strictly as every address."""
    url, host = f"{_action(pull, 'resource_show')}?id={pull.resource}", pull.place().host

    async def once() -> bytes:
        async with task.web.ask(
            login.with_query(url),
            {"Accept": "application/json", **pull.headers},
            secret_headers=await login.headers(),
        ) as answer:
            return await answer.whole()

    body = await task.again(lambda: login.renewed(once))
    try:
        found = find(msgspec.json.decode(body), "result.url")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        found = None
    if not isinstance(found, str) or not found:
        raise Trouble("not_as_expected", host=host, why="no_field", field="resource_show: result.url")
    return found
