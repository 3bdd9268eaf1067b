"""Which database `run/prepared` speaks of."""

from __future__ import annotations

from pathlib import Path

import pytest

from haidang.config.supervisor import centre as module
from haidang.config.supervisor.centre import Centre


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A program in the place of `haidang prepare` that only tells that it ran."""
    monkeypatch.setattr(module.settings, "HAIDANG_HOME", tmp_path)
    monkeypatch.setattr(module, "own", lambda *_: ["sh", "-c", f"echo ran >> {tmp_path}/ran"])
    monkeypatch.setattr(module, "_fingerprint", lambda: "content")
    for folder in ("run", "log"):
        (tmp_path / folder).mkdir()
    return []


def _runs(home: Path) -> int:
    return len((home / "ran").read_text().splitlines())


def _cluster(home: Path, number: int) -> None:
    control = home / "pg" / "data" / "global"
    control.mkdir(parents=True, exist_ok=True)
    (control / "pg_control").write_bytes(bytes([number]) * 8192)


@pytest.mark.usefixtures("asked")
def test_an_own_database_is_prepared_once_and_its_successor_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    for number, runs in ((1, 1), (1, 1), (2, 2), (2, 2)):
        _cluster(tmp_path, number)
        assert Centre()._prepare()
        assert _runs(tmp_path) == runs


@pytest.mark.usefixtures("asked")
def test_another_database_is_asked_each_time_and_leaves_no_note_for_our_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/x")
    assert Centre()._prepare()
    assert Centre()._prepare()
    monkeypatch.delenv("DATABASE_URL")
    _cluster(tmp_path, 1)
    assert Centre()._prepare()
    assert _runs(tmp_path) == 3
