"""What journeys and faults share: real servers, and a whole centre on free ports."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from haidang.config.supervisor.trial import Trial, trial
from tests.chromium import chromium

__all__ = ["chromium"]


@pytest.fixture(scope="session", autouse=True)
def _alone_at_the_end(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The threads of a web process under test may hold connections still when the database is to be dropped."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="session")
def centre() -> Iterator[Trial]:
    """A running centre shared by the tests of one worker: make keys and stations of your own, expect others'."""
    with trial() as started:
        yield started


@pytest.fixture
def own_centre() -> Iterator[Trial]:
    """A running centre for one test that breaks it."""
    with trial() as started:
        yield started
