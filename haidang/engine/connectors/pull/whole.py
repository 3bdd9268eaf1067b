"""One body at an address, taken as it is: again only when it is another one."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from urllib.parse import unquote

from haidang.engine.connectors.body import Body, take
from haidang.engine.connectors.pull import snapshot, tables
from haidang.engine.connectors.pull.definition import Fields, Table
from haidang.engine.connectors.pull.login import Login
from haidang.engine.connectors.pull.rows import Mapper
from haidang.engine.connectors.pull.task import Cursor, Portion, Task

# What a server says of a body, and how it is asked whether that still holds.
_ASKED = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}


async def fetched(
    task: Task, login: Login, url: str, headers: Mapping[str, str], *, empty: frozenset[int] = frozenset()
) -> tuple[Body | None, Cursor]:
    """The body, None when nothing is new; and the cursor that holds once it is taken. The body is the caller's to drop.
    `empty`: answers that mean the same as nothing new.
    """
    asked = {header: str(task.cursor[name]) for name, header in _ASKED.items() if name in task.cursor}

    async def once() -> tuple[Body | None, Cursor]:
        async with task.web.ask(
            login.with_query(url),
            {**headers, **asked},
            secret_headers=await login.headers(),
            good=frozenset({304}) | empty,
        ) as answer:
            if answer.status != 200:
                return None, task.cursor
            said = {name: answer.headers[name] for name in _ASKED if name in answer.headers}
            return await take(answer.pieces, task.store, gzip=False), said

    body, said = await task.again(lambda: login.renewed(once))
    if body is None:
        return None, said
    cursor = {**said, "sha256": body.digest.hex()}
    if cursor["sha256"] == task.cursor.get("sha256"):
        body.drop()
        return None, cursor
    return body, cursor


def name_of(url: str) -> str:
    """The file's name in an address."""
    return unquote(url.partition("?")[0].rpartition("/")[2])


async def portions(
    task: Task, login: Login, headers: Mapping[str, str], url: str = ""
) -> AsyncGenerator[Portion]:
    """At most one; of `url` where it is not the one of the file."""
    url = url or task.pull.url
    body, cursor = await fetched(task, login, url, headers)
    yield Portion(cursor, body, task.form, name_of(url))


async def row_portions(
    task: Task, login: Login, url: str, headers: Mapping[str, str], table: Table, fields: Fields
) -> AsyncGenerator[Portion]:
    """The rows of a file at `url`."""
    body, cursor = await fetched(task, login, url, headers)
    if body is None:
        yield Portion({**task.cursor, **cursor})
        return
    host, name = task.pull.place().host, name_of(url)
    try:
        mapper = Mapper(fields)
        found = tables.rows(body.as_file(), table, mapper.columns, host)
        parts = snapshot.portions(found, mapper, name, before=task.cursor, after=cursor)
        async with aclosing(parts) as each:
            async for portion in each:
                yield portion
    finally:
        body.drop()
