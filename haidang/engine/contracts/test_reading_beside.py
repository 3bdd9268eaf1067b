"""Content is read by several threads at once from the first second of a process on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import haidang

# In a process of its own: what it is to show ends the whole process, and only a fresh one has no structure built yet.
READ_BESIDE = """
import sys, threading
from pathlib import Path
import yaml
from haidang.engine.contracts import reading
from haidang.engine.contracts.sheets.definition import SheetContract
path = Path(sys.argv[1])
data = yaml.load(reading.text_of(path), Loader=reading._Loader)
sys.setswitchinterval(1e-6)
start = threading.Barrier(8)
found = []
def read():
    start.wait()
    found.append(reading._convert_to(SheetContract, data))
threads = [threading.Thread(target=read) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(found))
"""


@pytest.mark.parametrize("_again", range(4))
def test_threads_that_read_their_first_content_at_once_do_not_end_the_process(_again: int) -> None:
    contract = Path(haidang.__file__).parent / "domains" / "economy" / "contracts" / "monthly.yml"
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", READ_BESIDE, str(contract)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) == 8
