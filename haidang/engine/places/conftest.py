"""The register is loaded once per test run; every test that asks for it finds it in the database."""

from __future__ import annotations

import pytest

from haidang.engine.places.register import ensure_loaded


@pytest.fixture
def register(register_once: None, db: None) -> None:
    """The 34 provinces and 3 321 communes, and what was before them."""
    ensure_loaded()
