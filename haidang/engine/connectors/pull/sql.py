"""Rows of a query on a PostgreSQL database: read only, in the order of one column, from where the last run ended."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from urllib.parse import unquote

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from haidang.engine.connectors.pull.definition import Sql
from haidang.engine.connectors.pull.loaders import lenient
from haidang.engine.connectors.pull.rows import Mapper, digest
from haidang.engine.connectors.pull.since import Mark
from haidang.engine.connectors.pull.task import Portion, Task
from haidang.engine.connectors.pull.trouble import Trouble

_CONNECT_S = 10
_TLS = {"verify": "verify-full", "encrypt": "require", "off": "disable"}
_Connection = psycopg.AsyncConnection[dict[str, Any]]


@asynccontextmanager
async def _connected(task: Task, pull: Sql) -> AsyncIterator[_Connection]:
    """To an address the guard judged; the name only goes into the check of the certificate."""
    place, secret = pull.place(), task.secret
    if not secret.user:
        raise Trouble("no_credential", source=task.source)
    settings: dict[str, Any] = {
        "host": place.host, "port": place.port, "dbname": unquote(place.rest.strip("/")), "user": secret.user,
        "password": secret.password or None, "sslmode": _TLS[pull.tls], "connect_timeout": _CONNECT_S,
        "application_name": "haidang pull", "gssencmode": "disable",
        # Nothing of this machine's own: a password file of the account that runs the centre is not theirs.
        "passfile": "/dev/null",
    }  # fmt: skip
    if pull.tls == "verify":
        settings["sslrootcert"] = "system"
    last: psycopg.Error | None = None
    for address in await task.guard.addresses(place, pull.open_ports()):
        try:
            connection = await psycopg.AsyncConnection.connect(
                **settings, hostaddr=str(address), row_factory=dict_row
            )
            break
        except psycopg.OperationalError as error:
            last = error
    else:
        raise _unconnected(last, place.host, place.port, task.source)
    try:
        yield connection
    finally:
        with contextlib.suppress(psycopg.Error):
            await connection.close()


def _unconnected(error: psycopg.Error | None, host: str, port: int, source: str) -> Trouble:
    words = str(error).lower()
    if "certificate" in words or "ssl" in words:
        return Trouble("tls", host=host, cause=_first_line(error))
    if "authentication" in words or "no pg_hba.conf entry" in words or "role" in words or "password" in words:
        return Trouble("refused_us", host=host, status="SQL", source=source)
    if "database" in words and "does not exist" in words:
        return Trouble("query", host=host, why=_first_line(error))
    return Trouble("unreachable", host=host, port=port, cause=_first_line(error))


def _first_line(error: BaseException | None) -> str:
    return str(error).strip().rpartition("\n")[2].rpartition(": ")[2][:120]


async def _prepare(connection: _Connection, pull: Sql, zone: str) -> None:
    """One transaction that sees one state of the database and can change nothing."""
    await connection.set_read_only(True)
    await connection.set_isolation_level(psycopg.IsolationLevel.REPEATABLE_READ)
    # Times without a zone are compared with ours on the clocks of their zone. What they are shown as is no longer up to
    # the settings of their machine.
    wait = str(max(1, round(pull.timeout * 1000)))
    settings = {"TimeZone": zone, "DateStyle": "ISO", "IntervalStyle": "postgres", "statement_timeout": wait}
    for name, value in settings.items():
        await connection.execute("SELECT set_config(%s, %s, true)", (name, value))
    lenient(connection)


def _query(pull: Sql, mark: Mark) -> tuple[sql.Composed, list[object]]:
    # What the file says is the inner query, whole: only one statement fits into brackets.
    inner = sql.SQL("SELECT * FROM (\n{}\n) AS pulled").format(sql.SQL(pull.query.replace("%", "%%")))
    if pull.step is None:
        return inner, []
    column, values = sql.Identifier(pull.step.column), []
    where = sql.SQL(" WHERE {} IS NOT NULL").format(column)
    start: object = mark.start()
    if start is not None:
        sign = ">" if pull.step.kind == "key" else ">="
        where += sql.SQL(f" AND {{}} {sign} %s").format(column)
        values = [start]
    return inner + where + sql.SQL(" ORDER BY {}").format(column), values


async def portions(task: Task) -> AsyncGenerator[Portion]:
    """In batches of one order: the cursor moves with each of them."""
    pull = task.pull
    assert isinstance(pull, Sql)  # noqa: S101 - chosen by kind
    host = pull.place().host
    mapper, mark = Mapper(pull.fields), Mark.of(pull.since, pull.fields.zone, task.cursor.get("since"))
    known = {bytes.fromhex(one) for one in task.cursor.get("recent", ())}
    query, values = _query(pull, mark)
    try:
        async with _connected(task, pull) as connection:
            async with asyncio.timeout(pull.timeout):
                await _prepare(connection, pull, pull.fields.zone)
            async with connection.cursor(name="haidang_pull") as cursor:
                async with asyncio.timeout(pull.timeout):
                    await cursor.execute(query, values)
                while True:
                    async with asyncio.timeout(pull.timeout):
                        rows = await cursor.fetchmany(pull.batch)
                    if not rows:
                        break
                    marks = [digest(row) for row in rows]
                    mark.see(rows, marks)
                    fresh = [row for row, one in zip(rows, marks, strict=True) if one not in known]
                    if fresh:
                        body = await asyncio.to_thread(mapper.lines, fresh)
                        yield Portion(
                            {**task.cursor, **_so_far(mark)}, body, name=f"{host} {_last(rows, pull)}"
                        )
    except TimeoutError:
        raise Trouble("too_slow", host=host, limit_s=round(pull.timeout)) from None
    except psycopg.Error as error:
        raise _told(error, host, pull) from None
    task.notes.extend(mark.check(host))
    yield Portion(mark.cursor())


def _so_far(mark: Mark) -> dict[str, Any]:
    return {} if mark.high is None else {"since": mark.furthest}


def _last(rows: Sequence[dict[str, Any]], pull: Sql) -> str:
    if pull.step is None:
        return str(len(rows))
    value = rows[-1].get(pull.step.column)
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _told(error: psycopg.Error, host: str, pull: Sql) -> Trouble:
    if isinstance(error, psycopg.errors.QueryCanceled):
        return Trouble("too_slow", host=host, limit_s=round(pull.timeout))
    if error.sqlstate is None and isinstance(error, psycopg.DataError):
        return Trouble("query", host=host, why=str(error))  # a value the driver cannot read: no line was cut
    if error.sqlstate is None or isinstance(error, psycopg.OperationalError):
        return Trouble("broken_off", host=host, cause=type(error).__name__)
    return Trouble("query", host=host, why=error.diag.message_primary or error.sqlstate)
