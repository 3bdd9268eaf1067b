"""Reports of a province on their way to the public: handed in, signed, approved, published, corrected."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from haidang.engine import clock
from haidang.engine.boards.statistics.conftest import Reports
from haidang.engine.boards.statistics.conftest import reports as reports  # noqa: PLC0414 - fixtures of statistics
from haidang.engine.boards.statistics.conftest import sender as sender  # noqa: PLC0414
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.indicators import periods
from haidang.engine.indicators.catalogue import load_catalogue
from haidang.engine.indicators.publishing import Stated, publish
from haidang.engine.places.models import Place
from haidang.engine.store import epochs

NOON = datetime(2026, 11, 28, 5, tzinfo=UTC)


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def on(self, minutes: float = 1) -> datetime:
        self.now += timedelta(minutes=minutes)
        return self.now


@pytest.fixture
def hands(db: None) -> Iterator[Hands]:
    found = Hands()
    clock.set_source(lambda: found.now.timestamp())  # noqa: PLW0108 - `now` becomes another one
    cache.clear()
    yield found
    clock.set_source(None)
    cache.clear()


@pytest.fixture(autouse=True)
def _shelf(settings, tmp_path: Path) -> None:
    """A shelf of its own for each test: the same edition of another test is other bytes."""
    settings.HAIDANG_HOME = tmp_path


@pytest.fixture
def stranger() -> Client:
    return Client()


State = Callable[..., int]


@pytest.fixture
def state(hands: Hands, reports: Reports) -> State:
    """Publish values of an indicator as an office states them: one of the province, or one for each commune."""

    def stated(indicator: str, period: str, *values: float) -> int:
        found = Period.parse(period)
        here = Place.objects.on(found.last_day)
        rows = (
            here.communes_of("80", found.last_day)
            if len(values) > 1
            else here.filter(level="province", code="80")
        )
        said = [
            Stated(
                indicator,
                place.pk,
                periods.end_of(found),
                value,
                {"kind": "stated", "submission": 0, "cell": "B7"},
            )
            for place, value in zip(rows, values, strict=False)
        ]
        hands.on()
        cache.clear()
        with transaction.atomic():
            epoch = epochs.take("tests")
            publish(load_catalogue(), said, epoch)
        return epoch

    return stated


def body(client: Client, address: str, **query: str) -> bytes:
    """A file as a stranger gets it."""
    answer = client.get(address, query)
    assert answer.status_code == 200, (address, answer.status_code, answer.content)
    return b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[arg-type]


__all__ = ["Hands", "State", "body"]
