"""What a process carries from its start on: libraries for one page or one job are not read by all ten of a centre."""

from __future__ import annotations

import json
import os
import subprocess
import sys

# Where one of these comes back, `python -X importtime -c 'from haidang.config.cli import setup; setup()'` shows who brings it.
STEPS = """
import json, sys
from haidang.config.cli import setup

def carried(*names):
    return [name for name in names if name in sys.modules]

ON_DEMAND = "openpyxl", "docx", "lxml", "python_calamine", "asyncssh", "holidays", "httpx"
found = {}
setup()
found["every process"] = carried(*ON_DEMAND, "numpy", "shapely", "PIL", "typst", "cryptography", "haidang.engine.submissions.judging")
import haidang.engine.ingest.process
found["ingest"] = carried(*ON_DEMAND, "shapely", "PIL", "typst", "haidang.engine.submissions.judging")
import haidang.config.web.app
from django.urls import get_resolver
get_resolver()._populate()
found["pages"] = carried(*ON_DEMAND)
from haidang.engine.jobs.worker import know_tasks
know_tasks()
found["work"] = carried(*ON_DEMAND)
json.dump(found, sys.stdout)
"""


def test_no_process_carries_from_its_start_on_what_only_one_page_or_job_needs() -> None:
    done = subprocess.run(
        [sys.executable, "-c", STEPS], capture_output=True, text=True, check=False, env=os.environ
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found == {key: [] for key in found}
    assert len(found) == 4
