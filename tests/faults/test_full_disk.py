"""A disk that fills up under load: the doors refuse and say so, keep what they took, and recover by themselves."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from haidang.config.supervisor.trial import Trial, sow
from tests.faults.load import Load

SIZE_MB = 420


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    tmp_path.chmod(0o755)
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m,mode=755", "tmpfs", str(disk)], check=True
    )
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(disk: Path) -> Path:
    """Leave not one free byte."""
    filler = disk / "filler"
    with filler.open("ab", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"\0" * 65536)
    with filler.open("ab", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"\0" * 512)
    return filler


def _a_full_disk_loses_nothing_acknowledged(small_disk: Path) -> None:
    centre = Trial(small_disk / "home")
    sow(centre.home)
    centre.start()
    try:
        with Load(centre) as load:
            flows = sum(load.sent().values())
            centre.wait_for(lambda: sum(load.sent().values()) > flows + 30, what="load to flow")
            filler = fill(small_disk)
            before = load.ledger.refusals
            # Whoever still finds room in a block it holds is acknowledged; then nobody is.
            centre.wait_for(lambda: load.ledger.refusals > before + 20, patience_s=60, what="refusals")
            fill(small_disk)
            load.stopping.wait(3)
            filler.unlink()
            for door in ("push", "mqtt", "ftp"):
                count = load.sent()[door]
                centre.wait_for(
                    lambda door=door, count=count: load.sent()[door] > count + 3,
                    patience_s=30,
                    what=f"{door} again",
                )
        centre.wait_ready()
        load.settle_and_compare()
    finally:
        centre.stop()


# Only root may mount a small disk of its own; others meet this test on the build machine.
if os.geteuid() == 0:
    test_a_full_disk_loses_nothing_acknowledged = pytest.mark.slow_fault(
        pytest.mark.faults(_a_full_disk_loses_nothing_acknowledged)
    )
