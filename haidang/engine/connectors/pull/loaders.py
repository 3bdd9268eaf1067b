"""Values of a database that Python has no type for, as the text they are: one such row must not end a whole query.

`infinity`, years before Christ or after 9999, `24:00`, a span of more days than we can count: the driver refuses them,
and with them every row after. As text they go on to the contract, which refuses that row and says why.
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.adapt import Buffer, Loader
from psycopg.pq import Format

_TYPES = ("date", "time", "timetz", "timestamp", "timestamptz", "interval", "json", "jsonb")


def lenient(connection: psycopg.AsyncConnection[Any]) -> None:
    """Let this connection give such values as text."""
    for name in _TYPES:
        oid = connection.adapters.types[name].oid
        connection.adapters.register_loader(oid, _or_text(connection.adapters.get_loader(oid, Format.TEXT)))


def _or_text(usual: Any) -> type[Loader]:
    class OrText(Loader):
        def __init__(self, oid: int, context: Any = None) -> None:
            super().__init__(oid, context)
            self._usual = usual(oid, context)

        def load(self, data: Buffer) -> Any:
            try:
                return self._usual.load(data)
            except (psycopg.DataError, ValueError, OverflowError):
                return bytes(data).decode("utf-8", "backslashreplace")

    return OrText
