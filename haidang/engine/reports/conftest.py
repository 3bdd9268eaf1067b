"""A province whose offices have published two autumns, and who reads the reports made of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from haidang.engine import clock
from haidang.engine.boards.statistics.conftest import Reports
from haidang.engine.boards.statistics.conftest import reports as reports  # noqa: PLC0414 - fixtures of statistics
from haidang.engine.boards.statistics.conftest import sender as sender  # noqa: PLC0414
from haidang.engine.people.models import Grant, Person, Role

NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
MONTHLY, COMMUNES = "economy.monthly", "economy.commune_revenue"


@pytest.fixture
def _files(tmp_path: Path, settings: Settings) -> None:
    from django.core.files.storage import storages

    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "media"},
        }
    }
    assert storages["default"].location == str(tmp_path / "media")  # type: ignore[attr-defined]


@pytest.fixture
def _nine(db: None) -> Iterator[None]:
    """From nine o'clock on each look at the clock is a second later: what follows has an order."""
    at = iter(NOW.timestamp() - 3600 + n / 100 for n in range(10**6))
    clock.set_source(lambda: next(at))
    yield
    clock.set_source(None)


@pytest.fixture
def autumn(_nine: None, reports: Reports, _files: None) -> Reports:
    """October of this year and last, and September; at ten o'clock of 21/11/2026, with time standing still."""
    for month in ("2025-10", "2026-09", "2026-10"):
        reports.publish(MONTHLY, month)
    clock.set_source(NOW.timestamp)
    return reports


@pytest.fixture
def communes(_nine: None, reports: Reports, _files: None) -> Reports:
    """October by commune."""
    reports.publish(COMMUNES, "2026-10")
    clock.set_source(NOW.timestamp)
    return reports


def later(minutes: float) -> datetime:
    """Move the clock so far past ten, and say when that is."""
    then = NOW + timedelta(minutes=minutes)
    clock.set_source(then.timestamp)
    return then


def reader(name: str, role: str, **where: object) -> Person:
    person = Person.objects.create(email=f"{name}@tinh.invalid", name=name)
    Grant.objects.create(person=person, role=role, **where)
    return person


@pytest.fixture
def leader(_nine: None) -> Person:
    return reader("Lê Thị Lãnh", Role.LEADER)
