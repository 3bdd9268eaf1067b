"""What a batch asks of the record costs what the batch holds, however much stands there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from haidang.engine.ingest.conduct import seek_by_key
from haidang.engine.ingest.conftest import Sender, reading


@contextmanager
def asked(part: str) -> Iterator[list[tuple[str, Any]]]:
    """Statements with this text in them, and their parameters."""
    found: list[tuple[str, Any]] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if part in sql:
            found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def plan(sql: str, params: Any) -> str:
    """Of a question that has no other index: of an empty table the planner would take any."""
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX store_delivery_by_source, store_delivery_by_sha")
        cursor.execute("ALTER TABLE store_delivery DROP CONSTRAINT store_delivery_pkey")
        seek_by_key()
        cursor.execute("EXPLAIN " + sql, params)
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.parametrize("count", [2, 150])
def test_messages_that_came_before_are_found_by_their_numbers_however_many_are_asked_about(
    sender: Sender, count: int
) -> None:
    body = {"station": "KK-1", "readings": [reading("PM2.5", 20, "2026-11-20T09:00:00+07:00")]}
    messages = [sender.message(body) for _ in range(count)]
    with asked("FROM store_delivery") as found:
        sender.conductor.take(messages)
    assert "store_delivery_wire" in plan(*found[0])
