"""What can be played on the simulated province from its page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from haidang.engine import clock
from haidang.engine.ingest.conftest import Sender


@pytest.fixture
def demo_home(settings: Settings, tmp_path: Path) -> Path:
    settings.HAIDANG_HOME = tmp_path
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "outside.json").write_text("{}")
    (tmp_path / "demo" / "history.json").write_text(
        '{"anchor": 0, "days": 60, "done": [59, 0, 1], "records": 18432, "waiting": "push: 503", "refused": 0}'
    )
    return tmp_path


def test_the_page_shows_how_far_the_history_is(
    sender: Sender, demo_home: Path, signed_in: Callable[[str], Client]
) -> None:
    page = signed_in("operator").get("/nguon/").content.decode()
    assert "3 trong 60 ngày · 18.432 số đo" in page
    assert "push: 503" in page


def test_pulling_the_plug_asks_the_supervisor_and_is_shown(
    sender: Sender, demo_home: Path, signed_in: Callable[[str], Client]
) -> None:
    answer = signed_in("operator").post("/nguon/mo-phong/", {"act": "unplug"}, follow=True)
    until = float((demo_home / "run" / "hold-ingest").read_text())
    assert 50 < until - clock.timestamp() <= 60
    assert "Đã rút phích: không ghi gì đến" in answer.content.decode()
    assert signed_in("analyst").post("/nguon/mo-phong/", {"act": "unplug"}).status_code == 403


def test_smoke_is_asked_for_by_a_file(
    sender: Sender, demo_home: Path, signed_in: Callable[[str], Client]
) -> None:
    signed_in("operator").post("/nguon/mo-phong/", {"act": "episode"})
    assert (demo_home / "demo" / "episode").exists()


def test_without_a_simulated_province_nothing_can_be_pulled(
    sender: Sender, signed_in: Callable[[str], Client]
) -> None:
    assert signed_in("operator").post("/nguon/mo-phong/", {"act": "unplug"}).status_code == 404
