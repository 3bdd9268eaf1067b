"""Figures of formulas that are to be computed again: of the past where one change touches much of it, and of all of
them where a formula is new or another one.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

from haidang.engine.indicators.figure_rows import Subject


def add(subjects: Collection[Subject]) -> None:
    """In the running transaction; `work` looks every ten seconds."""
    if not subjects:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO indicators_waiting (indicator, place_id, at)"
            " SELECT * FROM unnest(%s::text[], %s::bigint[], %s::timestamptz[]) ON CONFLICT DO NOTHING",
            [*map(list, zip(*subjects, strict=True))],
        )


def take(limit: int) -> list[Subject]:
    """The newest; they leave the queue with the running transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM indicators_waiting WHERE ctid IN (SELECT ctid FROM indicators_waiting ORDER BY at DESC LIMIT %s"
            " FOR UPDATE SKIP LOCKED) RETURNING indicator, place_id, at",
            [limit],
        )
        return [Subject(*row) for row in cursor.fetchall()]


def count() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM indicators_waiting")
        row = cursor.fetchone()
    return int(row[0]) if row else 0
