"""An hour is closed under the epoch that closes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from haidang.engine import clock
from haidang.engine.contracts.values import from_microseconds
from haidang.engine.ingest.conftest import Sender, reading
from haidang.engine.store import epochs, hours
from haidang.engine.store.models import Series


def test_what_an_hour_holds_is_read_after_its_epoch_is_taken(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO store_closing (closed_until) VALUES (now() - interval '2 days')")
    held: list[bool] = []
    of_period = hours.of_period

    def watched(after: datetime, until: datetime) -> list[tuple[int, int]]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND granted"
                " AND pid = pg_backend_pid()",
                [epochs._LOCK],
            )
            row = cursor.fetchone()
        held.append(row == (1,))
        return of_period(after, until)

    monkeypatch.setattr(hours, "of_period", watched)
    sender.conductor.close_hours()
    with django_assert_num_queries(1):  # asked after every batch: no lock, no transaction
        sender.conductor.close_hours()
    assert held == [True]


def test_every_hour_that_was_observed_is_closed_and_no_other(sender: Sender) -> None:
    for stamp in ("07:00:00", "07:00:01", "08:00:00", "09:59:59", "12:00:00", "12:00:01"):
        sender.send({"station": "KK-1", "readings": [reading("PM2.5", 20, f"2026-11-20T{stamp}+07:00")]})
    sender.send({"station": "KK-1", "readings": [reading("PM10", 20, "2026-11-20T10:30:00+07:00")]})

    def ends(after: str, until: str) -> list[tuple[str, str]]:
        found = hours.of_period(*(datetime.fromisoformat(f"2026-11-20T{t}+07:00") for t in (after, until)))
        names = dict(Series.objects.values_list("pk", "parameter"))
        return sorted((names[one], f"{clock.local(from_microseconds(end)):%H:%M}") for one, end in found)

    pm25 = [("PM2.5", "08:00"), ("PM2.5", "10:00"), ("PM2.5", "12:00")]
    assert ends("07:00", "12:00") == [("PM10", "11:00"), *pm25]
    assert ends("07:00:00.5", "12:00") == [("PM10", "11:00"), *pm25]
    assert ends("08:00", "10:00") == [("PM2.5", "10:00")]
    assert ends("10:00", "11:00") == [("PM10", "11:00")]
    assert ends("12:00", "12:00") == []
