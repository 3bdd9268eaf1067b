"""A row is marked as replaced by its place, and none of another month that stands at the same place there."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connection

from haidang.engine.store import partitions
from haidang.engine.store.retiring import PLACE, retire

MONTHS = [datetime(2026, month, 5, tzinfo=UTC) for month in (9, 10)]


def test_rows_of_two_months_at_the_same_place_are_told_apart(db: None) -> None:
    partitions.ensure(MONTHS)
    with connection.cursor() as cursor:
        for at in MONTHS:
            cursor.execute(
                "INSERT INTO store_observation (series_id, status, ordinal, at, value, delivery_id, epoch)"
                " VALUES (1, 0, 0, %s, 1, 1, 1)",
                [at],
            )
        cursor.execute(f"SELECT {PLACE.format('o')} FROM store_observation o ORDER BY at")
        (first, row), (second, same_row) = cursor.fetchall()
        assert row == same_row
        assert first != second
        retire(cursor, [(second, row)], 7)
        cursor.execute("SELECT superseded FROM store_observation ORDER BY at")
        assert cursor.fetchall() == [(None,), (7,)]
