"""No path reads a large table whole: each query has an index that fits it, whatever the planner would choose today.

The record grows for years; a query without its index is quick in a test and takes a core for itself in a province.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from haidang.engine import clock
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.indicators import comparing, following, periods, rollup, statistics
from haidang.engine.indicators.conftest import catalogue, places, say
from haidang.engine.indicators.publishing import Correction, publish
from haidang.engine.places.models import Place
from haidang.engine.store import epochs
from tests.browser.pages import PAGES
from tests.province import Province, settle

__all__ = ["catalogue", "places", "say"]
pytestmark = pytest.mark.django_db

LARGE = ("store_observation", "store_hour", "indicators_figure")
_WHOLE = re.compile(rf"Seq Scan on (({'|'.join(LARGE)})\w*)")


class Asked:
    """Queries on large tables, with their values, as they are asked."""

    def __init__(self) -> None:
        self.queries: dict[str, Any] = {}

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if any(table in sql for table in LARGE) and sql.lstrip().upper().startswith(
            ("SELECT", "UPDATE", "WITH", "INSERT")
        ):
            self.queries.setdefault(sql, params)
        return execute(sql, params, many, context)

    def read_whole(self) -> list[str]:
        found = []
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            for sql, params in self.queries.items():
                cursor.execute(f"EXPLAIN {sql}", params)
                plan = "\n".join(row[0] for row in cursor.fetchall())
                if whole := _WHOLE.search(plan):
                    found.append(f"{whole[1]} is read whole by: {' '.join(sql.split())}")
            cursor.execute("SET LOCAL enable_seqscan = on")
        return found


@contextmanager
def asked() -> Iterator[Asked]:
    listening = Asked()
    with connection.execute_wrapper(listening):
        yield listening


def test_ingest_figures_and_rules_read_by_index() -> None:
    with asked() as found:
        province = settle()
        # A correction and a late value run the rules and the figures again.
        province.read("KK-TN1", "PM2.5", 99.0, clock.now() - timedelta(minutes=30))
        province.read("KK-TN1", "PM2.5", 12.0, clock.now().replace(minute=0, second=0, microsecond=0))
    assert len(found.queries) > 5
    assert found.read_whole() == []


def test_statistics_are_published_and_read_by_index(catalogue: Any, places: Any, say: Any) -> None:
    october = Period("month", 2026, 10)
    with asked() as found:
        for number in (1, 2):
            stated = [
                *(say("p.people", place, "2025", 1000.0, submission=number) for place in places.communes),
                *(
                    say("e.commune_revenue", place, "2026-10", 30.0, submission=number)
                    for place in places.communes
                ),
            ]
            corrects = Correction(1, "e.communes", periods.end_of(october)) if number == 2 else None
            with transaction.atomic():
                publish(catalogue, stated, epochs.take("test"), corrects=corrects)
        following.look_through(catalogue)
        province = Place.objects.get(pk=places.province)
        for as_of in (None, clock.now()):
            epoch = statistics.epoch_of(as_of)
            statistics.figure(catalogue, "e.commune_revenue", province, october, as_of)
            statistics.series(["e.commune_revenue"], places.communes, october, october, epoch)
            statistics.at_places("e.commune_revenue", places.communes, october, epoch)
            statistics.newest(["e.commune_revenue"], places.communes, epoch)
            comparing.compare(catalogue, "e.commune_revenue", places.communes, october, epoch)
            rollup.over_places(catalogue, "e.commune_revenue", province.pk, october, epoch)
            rollup.over_time(catalogue, "e.commune_revenue", places.communes, Period("year", 2026), epoch)
        statistics.versions(say("e.commune_revenue", places.north, "2026-10", 0.0).subject)
    assert len(found.queries) > 10
    assert found.read_whole() == []


def look_at_pages(province: Province, as_of: str) -> None:
    browser = Client()
    for page in PAGES:
        if page.role is None:
            continue
        browser.force_login(province.people[page.role])
        address = page.address(province)
        browser.get(address + (("&" if "?" in address else "?") + f"as_of={as_of}" if as_of else ""))
    browser.force_login(province.people["operator"])
    for asset in ("KK-TN1", "KK-GD3"):
        for indicator in ("environment.aqi_hour", "environment.aqi_day", "environment.nowcast_pm25"):
            end = clock.now().replace(minute=0, second=0, microsecond=0).isoformat().replace("+", "%2B")
            browser.get(f"{reverse('boards:why')}?indicator={indicator}&asset={asset}&at={end}")


@pytest.mark.parametrize("back", [None, timedelta(minutes=5)])
def test_pages_of_now_and_of_then_read_by_index(settings: Any, back: timedelta | None) -> None:
    settings.HAIDANG_REQUIRE_TOTP = "nobody"
    province = settle()
    then = (clock.now() - back).isoformat().replace("+", "%2B") if back else ""
    with asked() as found:
        look_at_pages(province, then)
    assert len(found.queries) > 5
    assert found.read_whole() == []
