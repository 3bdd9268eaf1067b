"""Children: restarted with growing pauses, held, stopped, and dead with their parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from haidang.config.supervisor import children
from haidang.config.supervisor.children import Child
from haidang.config.supervisor.lock import Home

SLEEP = [sys.executable, "-c", "import signal; signal.pause()"]


def until(true: Callable[[], object], patience_s: float = 20) -> None:
    deadline = time.monotonic() + patience_s
    while not true():
        assert time.monotonic() < deadline
        os.sched_yield()


def test_a_child_that_dies_is_started_again_after_a_pause_that_grows(tmp_path: Path) -> None:
    child = Child("failing", lambda: ["false"], tmp_path)
    child.start()
    starts = []
    for _ in range(3):
        until(lambda: child.watch() and child.state == "waiting")
        begun = time.monotonic()
        until(lambda: child.watch() and child.state == "running")
        starts.append(time.monotonic() - begun)
    child.stop()
    assert [pause >= least * 0.9 for pause, least in zip(starts, children.PAUSES, strict=False)] == [True] * 3
    assert "ended with 1" in child.last_words()


def test_a_child_is_asked_to_stop_and_then_made_to(tmp_path: Path) -> None:
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); signal.pause()"
    child = Child("deaf", lambda: [sys.executable, "-c", deaf], tmp_path, patience_s=0.2)
    child.start()
    until(lambda: "deaf" in child.last_words())
    child.stop()
    assert (child.state, child.pid) == ("stopped", None)
    assert "is killed" in child.last_words()


def test_a_held_child_stays_down_until_it_is_released(tmp_path: Path) -> None:
    child = Child("held", lambda: SLEEP, tmp_path)
    child.start()
    child.hold()
    assert not child.watch()
    assert (child.state, child.pid) == ("held", None)
    child.release()
    until(child.watch)
    assert child.state == "running"
    child.stop()


def test_a_child_dies_with_its_parent(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    parent = (
        "import pathlib, subprocess, signal, os\n"
        "from haidang.config.supervisor.children import own\n"
        "command = own()[:own().index('--') + 1] + ['sleep', '1000']\n"
        f"pathlib.Path({str(told)!r}).write_text(str(subprocess.Popen(command).pid))\n"
        "signal.pause()\n"
    )
    process = subprocess.Popen([sys.executable, "-c", parent])
    until(lambda: told.exists() and told.read_text())
    pid = int(told.read_text())
    until(lambda: b"sleep" in Path(f"/proc/{pid}/cmdline").read_bytes())
    process.send_signal(signal.SIGKILL)
    process.wait()
    until(
        lambda: not Path(f"/proc/{pid}").exists() or "Z" in Path(f"/proc/{pid}/stat").read_text().split()[2]
    )


def test_a_log_is_turned_each_day_and_kept_a_week(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = tmp_path / "said"
    os.mkfifo(said)
    talking = f"[print(line, end='', flush=True) for line in open({str(said)!r})]"
    child = Child("talking", lambda: [sys.executable, "-c", talking], tmp_path)
    child.start()
    now = time.time()
    with said.open("w", buffering=1) as told:
        for day in range(10):
            told.write(f"day {day}\n")
            until(lambda day=day: f"day {day}\n" in child.log.read_text())
            monkeypatch.setattr(time, "time", lambda day=day: now + day * 86_400)
            child.turn_log()
            # On the same day nothing moves.
            child.turn_log()
    child.stop()
    parts = sorted(tmp_path.glob("talking.log.*"))
    # What the child wrote after its file was emptied under it stands at the beginning, without a hole.
    assert [part.read_text() for part in parts] == [f"day {day}\n" for day in range(3, 10)]
    assert child.log.read_text() == ""


def test_a_log_that_grows_within_a_day_keeps_one_older_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "_LOG_BYTES", 4)
    child = Child("long", lambda: SLEEP, tmp_path)
    for words in ("first words", "then others", "new"):
        child.log.write_text(words)
        child.turn_log()
    (part,) = tmp_path.glob("long.log.*")
    assert (part.read_text(), child.log.read_text()) == ("then others", "new")
    # The end of the day does not go over what was put aside during it.
    tomorrow = time.time() + 86_400
    monkeypatch.setattr(time, "time", lambda: tomorrow)
    child.turn_log()
    assert sorted(path.read_text() for path in tmp_path.glob("long.log.*")) == ["new", "then others"]


def test_a_home_belongs_to_one_supervisor_until_it_dies(tmp_path: Path) -> None:
    first, second = Home(tmp_path), Home(tmp_path)
    assert first.take() is None
    assert second.take() == os.getpid()
    assert second.is_taken()
    first.release()
    assert not second.is_taken()
    assert second.take() is None
    second.release()


def test_nothing_runs_where_nobody_supervises(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.take()
    child = Child("x", lambda: SLEEP, tmp_path)
    child.start()
    home.tell([child])
    assert home.states()[0]["state"] == "running"
    home.release()
    assert home.states()[0]["state"] == "stopped"
    child.stop()
