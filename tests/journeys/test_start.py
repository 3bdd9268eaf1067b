"""Starting, watching and stopping a centre."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import psutil
import pytest

from haidang.config.supervisor.trial import Trial, trial


def test_a_second_up_on_the_same_home_says_so_and_exits(centre: Trial) -> None:
    done = centre.run("up", check=False)
    assert done.returncode == 1
    assert f"process {centre.pid('up')}" in done.stderr
    assert str(centre.home) in done.stderr


def test_status_names_every_process_with_its_pid_and_since_when(centre: Trial) -> None:
    rows = centre.json("status")["processes"]
    assert {row["name"] for row in rows} >= {"postgres", "nats", "doors", "ingest", "web"}
    for row in rows:
        assert set(row) == {"name", "pid", "state", "since"}
        assert row["state"] == "running"
        assert psutil.pid_exists(row["pid"])


def test_it_stops_cleanly_and_leaves_no_process_behind() -> None:
    with trial() as centre:
        supervisor = psutil.Process(centre.pid("up"))
        family = supervisor.children(recursive=True)
        assert len(family) >= 5
        assert centre.stop() == 0
        assert not [process for process in family if process.is_running() and process.status() != "zombie"]
        assert {row["state"] for row in centre.states()} == {"stopped"}
        assert "database system is shut down" in (centre.home / "log" / "postgres.log").read_text()


@pytest.mark.slow_fault
def test_a_home_under_a_closed_folder_with_a_long_name_works() -> None:
    outer = Path(tempfile.mkdtemp(prefix="haidang-closed-"))
    assert outer.stat().st_mode & 0o777 == 0o700
    home = outer / ("một thư mục có tên rất dài " * 3).strip()
    home.mkdir()
    centre = Trial(home)
    try:
        centre.start()
        centre.station("LONG1")
        assert [row["code"] for row in centre.json("station", "list")] == ["LONG1"]
        if os.geteuid() == 0:
            assert psutil.Process(centre.pid("postgres")).uids().real != 0
        assert outer.stat().st_mode & 0o777 == 0o700
    finally:
        centre.stop()
        shutil.rmtree(outer, ignore_errors=True)


def test_idle_memory_is_within_its_bound(centre: Trial) -> None:
    family = psutil.Process(centre.pid("up")).children(recursive=True)
    pss = 0
    for process in [psutil.Process(centre.pid("up")), *family]:
        try:
            pss += process.memory_full_info().pss
        except psutil.NoSuchProcess:
            continue
    assert pss / 2**20 <= 900
