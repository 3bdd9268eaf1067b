"""Announce a change to live screens: written in the caller's transaction, heard after its commit."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from haidang.engine import clock

CHANNEL = "haidang_live"


def announce(changes: Iterable[tuple[str, str]]) -> None:
    """Put (topic, object id) pairs into the outbox and wake the listeners once, when the transaction commits.

    Topics in use: `alarms`, `incidents`, `orders`, `figures`, `sources`, `readings`, `people`, `walls`,
    `submissions`, `differences`, `reports`.
    """
    now = clock.now()
    pairs = list(dict.fromkeys(changes))
    if not pairs:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notify_change (topic, object_id, at) SELECT topic, object_id, %s"
            " FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS c(topic, object_id, nth) ORDER BY nth",
            [now, [topic for topic, _ in pairs], [object_id for _, object_id in pairs]],
        )
        # The payload is empty: listeners read the outbox from where they stand, so a lost wake-up loses nothing.
        cursor.execute(f"NOTIFY {CHANNEL}")
