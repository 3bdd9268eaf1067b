"""Which connector pulls which kind of source: one line each."""

from __future__ import annotations

import importlib
from collections.abc import AsyncGenerator
from pathlib import Path

from haidang.engine.connectors.pull import ckan, rest, sdmx, tables, whole
from haidang.engine.connectors.pull.definition import Ckan, Fields, File, Pull, Rest, Sdmx, Sftp, Sql, Table
from haidang.engine.connectors.pull.login import Login, Tokens
from haidang.engine.connectors.pull.rows import Mapper, rows_of
from haidang.engine.connectors.pull.task import Portion, Task


def portions_of(task: Task, tokens: Tokens) -> AsyncGenerator[Portion]:
    """What this source has that was not taken yet, in portions."""
    pull = task.pull
    if isinstance(pull, Sftp | Sql):
        # Only who pulls so pays for their import.
        kind = importlib.import_module(f"haidang.engine.connectors.pull.{pull.kind}")
        found: AsyncGenerator[Portion] = kind.portions(task)
        return found
    login = Login(task.source, pull.auth, task.secret, task.web, tokens)
    match pull:
        case Rest(fields=None):
            return whole.portions(task, login, {"Accept": "application/json", **pull.headers})
        case Rest(fields=Fields() as fields):
            return rest.portions(task, login, fields)
        case File(fields=None):
            return whole.portions(task, login, pull.headers)
        case File(fields=Fields() as fields, table=table):
            return whole.row_portions(task, login, pull.url, pull.headers, table or Table(), fields)
        case Sdmx():
            return sdmx.portions(task, login)
        case Ckan():
            return ckan.portions(task, login)
    raise AssertionError("unreachable")


def as_delivered(pull: Pull, sample: Path, form: str) -> tuple[bytes, str]:
    """What a pull would put on the wire where their system gave this file; and its format. Raises Trouble."""
    host = pull.place().host
    if pull.fields is None:
        return sample.read_bytes(), form
    mapper = Mapper(pull.fields)
    match pull:
        case Rest():
            rows, _ = rows_of(sample.read_bytes(), pull.rows, host)
        case Sql():
            rows, _ = rows_of(sample.read_bytes(), "", host)
        case Sdmx():
            rows = list(sdmx.rows(sample, mapper.columns, host))
        case Ckan(take="datastore"):
            rows, _ = rows_of(sample.read_bytes(), "result.records", host)
        case File() | Sftp() | Ckan():
            rows = list(tables.rows(sample, pull.table or Table(), mapper.columns, host))
    return mapper.lines(rows), "ndjson"
