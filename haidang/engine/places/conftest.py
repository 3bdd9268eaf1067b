"""The register is loaded once per test run; every test that asks for it finds it in the database."""

from __future__ import annotations

import pytest
from pytest_django.plugin import DjangoDbBlocker

from haidang.engine.places.register import ensure_loaded


@pytest.fixture(scope="session")
def _register_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        ensure_loaded()


@pytest.fixture
def register(_register_once: None, db: None) -> None:
    """The 34 provinces and 3 321 communes, and what was before them."""
    ensure_loaded()
