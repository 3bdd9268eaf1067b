"""Count what the doors let in, by reading the stream: the *received* of every sum.

It writes no outcomes and shares no code with what does, so the sums can disagree when records are lost between.
Exactly once: counts, the list of counted messages and the cursor change in one transaction, and a message that
comes again is found there.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from datetime import UTC, datetime, timedelta

import msgspec
import psycopg
from nats.aio.client import Client
from nats.js.errors import APIError

from haidang.engine import clock
from haidang.engine.connectors.arrival import Turned
from haidang.engine.crashpoint import crashpoint
from haidang.engine.wire import stream
from haidang.engine.wire.envelope import decode, decode_turnings
from haidang.engine.wire.reader import Message, Reader

log = logging.getLogger("haidang.tally")
_FOLD_EVERY = 20
_PAUSE_S = 0.2

# The first record that finds nothing of its source waiting begins a wait; those behind it wait since then.
_ADD = """
INSERT INTO store_doorcount (source_address, door, received, messages, waiting_from) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (source_address, door) DO UPDATE
SET received = store_doorcount.received + excluded.received, messages = store_doorcount.messages + excluded.messages,
    waiting_from = CASE WHEN
     (SELECT sum(d.received) FROM store_doorcount d WHERE d.source_address = excluded.source_address) <=
     (SELECT coalesce(sum(t.stored + t.duplicate + t.refused + t.failed), 0) FROM store_tally t
      JOIN store_source s ON s.id = t.source_id WHERE s.address = excluded.source_address)
    THEN excluded.waiting_from ELSE store_doorcount.waiting_from END
"""
# While ingest writes, it tells the screens itself.
_TELL = """
INSERT INTO notify_change (topic, object_id, at) SELECT 'sources', unnest(%s::text[]), %s
WHERE NOT EXISTS (SELECT FROM store_epoch WHERE actor = 'ingest' AND committed_at > %s)
"""
_TELL_EVERY_S = 10
_CHANNEL = "haidang_live"  # of notify.outbox, which knows Django
_TURNED = """
INSERT INTO store_doorrefusal (minute, door, source_address, reason, credential, name, count)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (minute, door, source_address, reason, credential, name)
DO UPDATE SET count = store_doorrefusal.count + excluded.count
"""


class Tally:
    """The doors' own reader of the stream."""

    def __init__(self, client: Client, database: str) -> None:
        self._client = client
        self._reader = Reader(client, stream.TALLY, batch=500)
        self._database = database
        self._connection: psycopg.Connection | None = None
        self._rounds = 0
        self._told_at = 0.0

    async def run(self) -> None:
        """For ever; a database that is down only lets the stream grow."""
        async for messages in self._reader.batches(wait_s=2):
            if not messages:
                continue
            floor = await self._acknowledged_up_to()
            while True:
                try:
                    await asyncio.to_thread(self._settle, messages, floor)
                except (psycopg.Error, OSError) as error:
                    log.warning("counts wait for the database: %s", error)
                    self._drop_connection()
                    await asyncio.sleep(1)
                else:
                    break
            await self._reader.done(messages)
            # Counting may lag a moment: each round costs a commit and an acknowledgement, both with fsync.
            await asyncio.sleep(_PAUSE_S)

    async def _acknowledged_up_to(self) -> int:
        """Everything up to here was counted and acknowledged; asked now and then, to keep the list short."""
        self._rounds += 1
        if self._rounds % _FOLD_EVERY:
            return 0
        try:
            info = await self._client.jetstream(timeout=3).consumer_info(stream.NAME, stream.TALLY)
        except (TimeoutError, APIError, OSError):
            return 0
        return info.ack_floor.stream_seq if info.ack_floor else 0

    def _drop_connection(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None

    def _settle(self, messages: list[Message], floor: int) -> None:
        """Count them together; when the database takes one of them never, one by one without it.

        Other errors of the database pass: it may be down, full, or not migrated yet.
        """
        try:
            self._count(messages, floor)
        except (psycopg.DataError, psycopg.IntegrityError):
            if len(messages) == 1:
                log.exception("message %d cannot be counted and is left out", messages[0].seq)
                return
            for message in messages:
                self._settle([message], 0)

    def _count(self, messages: list[Message], floor: int) -> None:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(
                self._database, connect_timeout=5, application_name="haidang doors"
            )
        with self._connection.transaction(), self._connection.cursor() as cursor:
            last = self._cursor(cursor, messages[0].birth)
            cursor.execute(
                "INSERT INTO store_doorcounted (seq) SELECT unnest(%s::bigint[]) ON CONFLICT DO NOTHING RETURNING seq",
                ([message.seq for message in messages if message.seq > last],),
            )
            new = {seq for (seq,) in cursor.fetchall()}
            self._add(cursor, [message for message in messages if message.seq in new])
            if floor > last:
                cursor.execute("DELETE FROM store_doorcounted WHERE seq <= %s", (floor,))
                cursor.execute("UPDATE store_doorcursor SET last_seq = %s", (floor,))
            crashpoint("tally.before_commit")
        crashpoint("tally.after_commit")

    @staticmethod
    def _cursor(cursor: psycopg.Cursor, birth: int) -> int:
        """How far this stream is counted; a stream made anew starts from nothing."""
        name = f"{stream.NAME} {birth}"
        cursor.execute("SELECT stream, last_seq FROM store_doorcursor FOR UPDATE")
        rows = cursor.fetchall()
        if rows and rows[0][0] == name:
            return int(rows[0][1])
        cursor.execute("DELETE FROM store_doorcursor")
        cursor.execute("DELETE FROM store_doorcounted")
        cursor.execute("INSERT INTO store_doorcursor (stream, last_seq) VALUES (%s, 0)", (name,))
        return 0

    def _add(self, cursor: psycopg.Cursor, messages: list[Message]) -> None:
        received: Counter[tuple[str, str]] = Counter()
        arrived: Counter[tuple[str, str]] = Counter()
        for message in messages:
            if message.subject == stream.REFUSED:
                for row in _turned_rows(message):
                    cursor.execute(_TURNED, row)
                continue
            try:
                arrivals = decode(message.payload).arrivals
            except (msgspec.DecodeError, msgspec.ValidationError):
                # Not ours: someone published past the doors. One unreadable record, as ingest counts it.
                received[message.subject.removeprefix("wire.in.").partition(".")[2][:120], "wire"] += 1
                continue
            for arrival in arrivals:
                key = (arrival.source[:120], arrival.door)
                received[key] += arrival.records
                arrived[key] += 1
        now = clock.now()
        # In one order always: two transactions that lock rows in different orders would wait for each other.
        for key in sorted(received):
            cursor.execute(_ADD, (*key, received[key], arrived[key], now))
        if received and now.timestamp() - self._told_at >= _TELL_EVERY_S:
            self._told_at = now.timestamp()
            addresses = sorted({source for source, _door in received})
            cursor.execute(_TELL, (addresses, now, now - timedelta(seconds=_TELL_EVERY_S)))
            if cursor.rowcount:
                cursor.execute(f"NOTIFY {_CHANNEL}")


def _turned_rows(message: Message) -> list[tuple[object, ...]]:
    """What the doors turned away; nothing of a message that the doors did not write."""
    try:
        return [_turned_row(turned) for turned in decode_turnings(message.payload).turned]
    except (msgspec.DecodeError, ValueError, OverflowError, OSError):
        log.exception("message %d tells no refusals and is left out", message.seq)
        return []


def _turned_row(turned: Turned) -> tuple[object, ...]:
    minute = datetime.fromtimestamp(turned.at // 60 * 60, UTC)
    texts = (turned.source[:120], turned.reason[:40], turned.user[:60], turned.name[:255])
    return (minute, turned.door, *(text.replace("\0", "") for text in texts), turned.count)
