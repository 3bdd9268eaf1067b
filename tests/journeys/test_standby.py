"""Two ingests on one record: one works, the other waits, and they change places."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from haidang.config.supervisor.trial import Trial
from tests.faults.load import Load


@pytest.mark.slow_fault
def test_a_second_ingest_stands_by_and_takes_over_when_the_first_dies(own_centre: Trial) -> None:
    def standing() -> list[int]:
        return [row["pid"] for row in own_centre.json("status")["processes"] if row["state"] == "standby"]

    log = own_centre.home / "log" / "second.log"
    with log.open("wb") as out:
        second = subprocess.Popen(
            [sys.executable, "-m", "haidang", "ingest"], env=own_centre.env, stdout=out, stderr=out, cwd="/"
        )
    try:
        own_centre.wait_for(lambda: standing() == [second.pid], what="the second to stand by")
        hold = own_centre.home / "run" / "hold-ingest"
        hold.write_text(str(time.time() + 300))
        own_centre.wait_for(lambda: "works now" in log.read_text(), what="the second to take over")
        with Load(own_centre) as load:
            own_centre.wait_for(lambda: sum(load.sent().values()) > 20, what="load to flow")
        own_centre.wait_for(own_centre.settled, patience_s=60, what="the sums to close")
        hold.unlink()
        own_centre.wait_for(lambda: standing() == [own_centre.pid("ingest")], what="the first to stand by")
        second.kill()
        own_centre.wait_for(lambda: standing() == [], what="the first to take over")
    finally:
        second.kill()
        second.wait()
