"""`doctor` calls a gap one only when nothing is on its way, and reports what is away instead of failing."""

import json
import os
import subprocess
import sys

import pytest

from haidang.config import health

ADDRESS = "environment.station_readings"


def look(gap, *, quiet=True):
    row = {
        "address": ADDRESS,
        "received": gap,
        "stored": 0,
        "duplicate": 0,
        "refused": 0,
        "failed": 0,
        "gap": gap,
    }
    return health._Count("", 0 if quiet else 3, 0, [row], quiet)


@pytest.mark.parametrize(
    ("looks", "sure"),
    [
        ([look(5), look(5)], True),  # nothing moves and something is missing
        ([look(5), look(0)], False),  # it arrived between the looks
        ([look(5), look(2)], False),
        ([look(5), look(5, quiet=False)], False),
        ([look(5, quiet=False)], False),
        ([look(0)], True),
    ],
)
def test_a_gap_is_one_only_when_two_looks_find_the_same_and_nothing_waits(monkeypatch, looks, sure):
    left = list(looks)
    monkeypatch.setattr(health, "_count", lambda: left.pop(0))
    assert health._settled_count(0)[1] is sure
    assert not left


def doctor(home, **environment):
    command = [sys.executable, "-m", "haidang", "doctor", "--json"]
    known = {**os.environ, "HAIDANG_HOME": str(home), **environment}
    return subprocess.run(command, env=known, capture_output=True, text=True, timeout=60, check=False)


def test_a_doctor_without_database_and_stream_says_so_in_json(tmp_path):
    done = doctor(
        tmp_path,
        DATABASE_URL="postgresql://nobody:a-secret@127.0.0.1:9/none",
        NATS_URL="nats://haidang:a-secret@127.0.0.1:9",
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    report = json.loads(done.stdout)
    assert (report["ok"], report["sources"]) == (False, [])
    bad = {check["name"]: check["text"] for check in report["checks"] if not check["ok"]}
    assert "haidang up" in bad["cơ sở dữ liệu"]
    assert "nats://127.0.0.1:9 " in bad["luồng"]
    # Four attempts a second meet the same: said once, in the report.
    assert "Connect call failed" in bad["luồng"]
    assert "stream connection" not in done.stderr
    assert "a-secret" not in done.stdout + done.stderr
    assert {"nội dung", "đĩa", "fsync", "đồng hồ", "độ trễ"} <= {check["name"] for check in report["checks"]}
