"""What became of a delivery, for the push API: one look into the record, no Django."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import psycopg

from haidang.engine.connectors.arrival import Receipt, Refused
from haidang.engine.contracts.reasons import REASONS, remedy, sentence
from haidang.engine.wire import envelope

_DELIVERY = """
SELECT d.id, d.received, d.stored, d.duplicate, d.refused, d.failed, d.body, d.unfinished
FROM store_delivery d JOIN store_source s ON s.id = d.source_id
WHERE d.wire_stream = %s AND d.wire_seq = %s AND d.wire_seq > 0 AND s.address = %s
"""
_REFUSALS = """
SELECT ordinal, reason, args FROM store_refusal
WHERE delivery_id = %s AND ordinal >= %s AND ordinal < %s ORDER BY ordinal LIMIT 100
"""
_ANOTHERS = """
SELECT 1 FROM store_delivery d LEFT JOIN store_source s ON s.id = d.source_id
WHERE d.wire_stream = %s AND d.wire_seq = %s AND d.wire_seq > 0 AND s.address IS DISTINCT FROM %s
"""


class Outcomes:
    """`Outcome` of the push door; `birth` tells the stream that is there now."""

    def __init__(self, database: str, birth: Callable[[], int]) -> None:
        self._database, self._birth = database, birth
        self._connection: psycopg.Connection | None = None
        self._one = threading.Lock()

    def close(self) -> None:
        """Let go of the database."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    async def __call__(self, source: str, receipt: Receipt) -> dict[str, Any] | None:
        return await asyncio.to_thread(self._look, source, receipt)

    def _look(self, source: str, receipt: Receipt) -> dict[str, Any] | None:
        with self._one:
            try:
                if self._connection is None or self._connection.closed:
                    self._connection = psycopg.connect(
                        self._database,
                        autocommit=True,
                        connect_timeout=3,
                        application_name="haidang doors",
                        options="-c statement_timeout=3000",
                    )
                return self._ask(self._connection, source, receipt)
            except psycopg.Error as error:
                self.close()
                raise Refused("record_unreachable") from error

    def _ask(self, connection: psycopg.Connection, source: str, receipt: Receipt) -> dict[str, Any] | None:
        place = (receipt.birth, receipt.seq, source)
        row = connection.execute(_DELIVERY, place).fetchone()
        if row is not None and row[7]:
            return {"state": "waiting"}  # some of it is stored
        if row is None:
            # What is there under another source is not this asker's to see.
            if connection.execute(_ANOTHERS, place).fetchone():
                return None
            # What is not in the record may still be in the stream: large deliveries are stored after later small
            # ones. Out of a stream that is no more it was brought over by a restore, under another number.
            return {"state": "waiting" if receipt.birth == self._birth() else "renumbered"}
        names = ("received", "stored", "duplicate", "refused", "failed")
        first, last, parts = _range(row[6], receipt.part)
        if receipt.part >= parts:
            return None
        refusals = [
            {"record": ordinal - first, "reason": reason, **told(reason, args)}
            for ordinal, reason, args in connection.execute(_REFUSALS, (row[0], first, last))
            if reason in REASONS
        ]
        counts = dict(zip(names, row[1:6], strict=True))
        return {"state": "done", "shared": parts > 1, **counts, "refusals": refusals}


def told(reason: str, args: Mapping[str, Any]) -> dict[str, str]:
    """What was wrong and how to mend it: whoever pushes reads no page of ours."""
    return {
        "message": sentence(reason, args), "remedy": remedy(reason, args),
        "message_en": sentence(reason, args, "en"), "remedy_en": remedy(reason, args, "en"),
    }  # fmt: skip


def _range(body: bytes | None, part: int) -> tuple[int, int, int]:
    """First and last+1 ordinal of one part of a message, and how many parts it has."""
    if body is None:
        return 0, 1 << 31, 1
    try:
        arrivals = envelope.decode(body).arrivals
    except (msgspec.DecodeError, msgspec.ValidationError):
        return 0, 1 << 31, 1
    first = sum(arrival.records for arrival in arrivals[:part])
    return first, first + (arrivals[part].records if part < len(arrivals) else 0), len(arrivals)
