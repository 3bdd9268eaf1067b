"""A bench for one source."""

from __future__ import annotations

from pathlib import Path

import pytest

from haidang.engine.connectors.pull.trial import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)
