"""The count goes on past a message that can never be counted."""

from __future__ import annotations

from typing import Any, cast

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from haidang.engine.connectors.arrival import Arrival, Turned
from haidang.engine.store.doors import DoorRefusal
from haidang.engine.store.models import DoorCount
from haidang.engine.wire import stream
from haidang.engine.wire.envelope import Envelope, Turnings, encode
from haidang.engine.wire.reader import Message
from haidang.engine.wire.tally import Tally


def _message(seq: int, payload: bytes, subject: str = "wire.in.0.a.b") -> Message:
    return Message(seq, 1, subject, payload, 0.0, cast("Any", None))


def _arrival(source: str, records: int) -> bytes:
    one = Arrival(source=source, door="push", received_at=1, credential="", body=b"{}", records=records)
    return encode(Envelope(arrivals=[one]))


def _turned(**change: object) -> bytes:
    whole = {"door": "push", "source": "a.b", "reason": "too_large", "user": "", "at": 1.0} | change
    return encode(Turnings(turned=[Turned(**cast("Any", whole))]))


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


def test_a_database_that_is_away_is_waited_for() -> None:
    away = Tally(cast("Any", None), "host=127.0.0.1 port=1 dbname=none connect_timeout=2")
    with pytest.raises(psycopg.OperationalError):
        away._settle([_message(1, b"x"), _message(2, b"y")], 0)
