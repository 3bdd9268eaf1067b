"""The count goes on past a message that can never be counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, cast

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from haidang.engine import clock
from haidang.engine.connectors.arrival import Arrival, Turned
from haidang.engine.notify import outbox
from haidang.engine.notify.models import Change
from haidang.engine.store.doors import DoorRefusal
from haidang.engine.store.models import DoorCount, Epoch, Source
from haidang.engine.store.models import Tally as Settled
from haidang.engine.wire import stream
from haidang.engine.wire import tally as wire_tally
from haidang.engine.wire.envelope import Envelope, Turnings, encode
from haidang.engine.wire.reader import Message
from haidang.engine.wire.tally import Tally


def _message(seq: int, payload: bytes, subject: str = "wire.in.0.a.b") -> Message:
    return Message(seq, 1, subject, payload, 0.0, cast("Any", None))


def _arrival(source: str, records: int, door: str = "push") -> bytes:
    one = Arrival(source=source, door=door, received_at=1, credential="", body=b"{}", records=records)
    return encode(Envelope(arrivals=[one]))


def _turned(**change: object) -> bytes:
    whole = {"door": "push", "source": "a.b", "reason": "too_large", "user": "", "at": 1.0} | change
    return encode(Turnings(turned=[Turned(**cast("Any", whole))]))


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    yield
    clock.set_source(None)


@pytest.fixture
def tally(transactional_db: None) -> Tally:
    have = connection.settings_dict
    database = make_conninfo(
        dbname=have["NAME"], user=have["USER"], host=have["HOST"], port=have["PORT"] or None
    )
    return Tally(cast("Any", None), database)


def test_what_cannot_be_counted_is_left_out_and_the_rest_is_counted_once(tally: Tally) -> None:
    messages = [
        _message(1, _arrival("a.b", 2)),
        _message(2, _arrival("a.\0b", 1)),
        _message(3, _arrival("a.b", (1 << 63) - 1)),
        _message(4, b"no refusals", stream.REFUSED),
        _message(5, _turned(at=1e300), stream.REFUSED),
        _message(6, _turned(door="x" * 99), stream.REFUSED),
        _message(7, _turned(), stream.REFUSED),
        _message(8, _arrival("a.b", 3)),
    ]
    tally._settle(messages, 0)
    tally._settle(messages, 0)
    tally._drop_connection()
    assert list(DoorCount.objects.values_list("source_address", "received")) == [("a.b", 5)]
    assert [(row.reason, row.count) for row in DoorRefusal.objects.all()] == [("too_large", 1)]


def test_a_wait_begins_with_the_first_record_that_finds_none_waiting(tally: Tally) -> None:
    """At whichever door; and screens are told of a queue only while ingest writes nothing."""

    def counted(seq: int, at: int, door: str = "push") -> dict[str, float]:
        clock.set_source(lambda: float(at))
        tally._settle([_message(seq, _arrival("a.b", 2, door))], 0)
        rows = DoorCount.objects.values_list("door", "waiting_from")
        return {name: begun.timestamp() for name, begun in rows if begun}

    source = Source.objects.create(address="a.b", domain="a", title="Nguồn", every_s=60, silent_after_s=90)
    settled = Settled.objects.create(source=source)
    assert counted(1, 1000) == {"push": 1000}
    assert counted(2, 1030) == {"push": 1000}, "two wait since then"
    assert list(Change.objects.values_list("topic", "object_id")) == [("sources", "a.b")] * 2
    Settled.objects.filter(pk=settled.pk).update(stored=3, refused=1)
    Epoch.objects.create(committed_at=datetime.fromtimestamp(1055, UTC), actor="ingest")
    assert counted(3, 1060, "ftp") == {"push": 1000, "ftp": 1060}
    assert counted(4, 1063) == {"push": 1000, "ftp": 1060}
    assert Change.objects.count() == 2, "ingest writes and tells of it"
    assert wire_tally._CHANNEL == outbox.CHANNEL
    tally._drop_connection()


def test_a_database_that_is_away_is_waited_for() -> None:
    away = Tally(cast("Any", None), "host=127.0.0.1 port=1 dbname=none connect_timeout=2")
    with pytest.raises(psycopg.OperationalError):
        away._settle([_message(1, b"x"), _message(2, b"y")], 0)
