"""What the commands that read the record print, and what they say when they cannot."""

import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from click.testing import CliRunner

from haidang.config.cli.record import readings
from haidang.engine import clock
from haidang.engine.ingest.conftest import content, reading, sender

__all__ = ["content", "sender"]
START = clock.now().replace(microsecond=0) - timedelta(hours=2)


@pytest.fixture
def five(sender):
    sender.send(
        {
            "station": "KK-1",
            "readings": [
                reading("PM2.5", 30 + n, (START + timedelta(minutes=n)).isoformat()) for n in range(5)
            ],
        }
    )


def test_all_readings_are_listed_and_a_limit_says_that_it_cuts(five):
    done = CliRunner().invoke(readings, ["--json"])
    rows = json.loads(done.stdout)
    assert [row["value"] for row in rows] == [30, 31, 32, 33, 34]
    assert {"series", "parameter", "at", "value", "unit", "status", "delivery"} <= set(rows[0])
    cut = CliRunner().invoke(readings, ["--limit", "2", "--json"])
    assert len(json.loads(cut.stdout)) == 2
    assert "Cut at 2" in cut.stderr
    assert "Cut" not in CliRunner().invoke(readings, ["--limit", "5"]).stderr


def test_an_unknown_name_is_told_beside_an_empty_list(five):
    done = CliRunner().invoke(readings, ["--station", "KK-77", "--parameter", "DUST", "--json"])
    assert json.loads(done.stdout) == []
    assert "KK-77" in done.stderr
    assert "there are: PM2.5" in done.stderr
    assert done.exit_code == 0


def test_the_future_cannot_be_asked(five):
    later = (clock.now() + timedelta(hours=1)).isoformat()
    done = CliRunner().invoke(readings, ["--as-of", later])
    assert done.exit_code == 1
    assert "lies in the future" in done.stderr


@pytest.mark.parametrize(
    "moment", ["9999-12-31", "0001-01-01T00:00:00", "2026-13-01", "hôm qua", "20261121100500"]
)
def test_an_odd_time_is_refused_with_an_example(moment):
    done = CliRunner().invoke(readings, ["--after", moment])
    assert done.exit_code == 2
    assert "2026-11-21" in done.stderr or "between 1900 and 2200" in done.stderr


@pytest.mark.parametrize(
    "command",
    [["readings"], ["station", "list"], ["user", "list"], ["replay", "1"], ["source", "key", "a.b"]],
)
def test_without_a_database_a_command_says_what_is_away_and_how_to_start_it(tmp_path, command):
    known = {
        **os.environ,
        "HAIDANG_HOME": str(tmp_path),
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
    }
    done = subprocess.run(
        [sys.executable, "-m", "haidang", *command],
        env=known,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "haidang up" in done.stderr


@pytest.mark.parametrize("command", [["backup", "file"], ["ingest"]])
def test_where_no_centre_ever_ran_a_command_says_so_and_makes_none(tmp_path, command):
    known = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "NATS_URL")}
    done = subprocess.run(
        [sys.executable, "-m", "haidang", *command], env={**known, "HAIDANG_HOME": str(tmp_path)}, cwd=tmp_path,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert str(tmp_path) in done.stderr
    assert not (tmp_path / "pg").exists()
