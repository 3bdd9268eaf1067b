"""A backup is what a restore has read: taken from a running centre, brought up elsewhere, compared."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

import pytest

from haidang.config.supervisor.trial import Trial
from tests.faults.load import Load

_TABLES = ("store_observation", "store_delivery", "store_credential", "assets_asset", "store_source")


def _state(centre: Trial) -> dict[str, object]:
    return {
        **{table: centre.sql(f"SELECT count(*) FROM {table}")[0][0] for table in _TABLES},
        "sum": centre.sql("SELECT sum(value), min(at), max(at) FROM store_observation"),
        "sums": [
            {name: row[name] for name in ("address", "received", "stored", "duplicate", "refused", "failed")}
            for row in centre.json("doctor")["sources"]
        ],
    }


def test_a_backup_under_load_is_restored_into_an_empty_home(own_centre: Trial, tmp_path: Path) -> None:
    file = tmp_path / "centre.tar.gz"
    with Load(own_centre) as load:
        own_centre.wait_for(lambda: sum(load.sent().values()) > 40, what="load to flow")
        # Something must be waiting in the stream while the backup is taken.
        (own_centre.home / "run" / "hold-ingest").write_text(str(time.time() + 300))
        before = sum(load.sent().values())
        own_centre.wait_for(lambda: sum(load.sent().values()) > before + 20, what="the queue to grow")
        promised = set(load.ledger.acknowledged)
        told = own_centre.json("backup", str(file))
    assert told["waiting"] > 0
    (own_centre.home / "run" / "hold-ingest").unlink()
    own_centre.stop()
    home = Path(tempfile.mkdtemp(prefix="haidang-restored-"))
    home.chmod(0o755)
    restored = Trial(home / "home")
    try:
        assert restored.json("restore", str(file))["published"] > 0
        restored.start()
        restored.wait_for(restored.settled, patience_s=90, what="the sums to close")
        load.centre = restored
        lost = promised - load.stored().keys()
        assert not lost, f"{len(lost)} readings acknowledged before the backup are missing"
        # The same keys open the same doors.
        again = {row["user"] for source in restored.json("source", "list") for row in source["keys"]}
        assert load.keys["environment.air_station_files"]["user"] in again
    finally:
        restored.stop()
        shutil.rmtree(home, ignore_errors=True)


@pytest.mark.slow_fault
def test_a_backup_of_a_stopped_centre_is_the_same_centre(own_centre: Trial, tmp_path: Path) -> None:
    with Load(own_centre) as load:
        own_centre.wait_for(lambda: sum(load.sent().values()) > 20, what="load to flow")
    own_centre.wait_for(own_centre.settled, patience_s=60, what="the sums to close")
    state = _state(own_centre)
    own_centre.stop()
    file = tmp_path / "centre.tar.gz"
    own_centre.json("backup", str(file))
    home = Path(tempfile.mkdtemp(prefix="haidang-restored-"))
    home.chmod(0o755)
    restored = Trial(home / "home")
    try:
        restored.run("restore", str(file))
        restored.start()
        restored.wait_for(restored.settled, patience_s=60, what="the sums to close")
        assert _state(restored) == state
        again = restored.run("restore", str(file), check=False)
        assert again.returncode == 1
        assert "not empty" in again.stderr
    finally:
        restored.stop()
        shutil.rmtree(home, ignore_errors=True)


@pytest.mark.parametrize("harm", ["cut", "changed"])
def test_a_damaged_archive_fails_loudly_before_anything_is_restored(
    centre: Trial, tmp_path: Path, harm: str
) -> None:
    file = tmp_path / "centre.tar.gz"
    centre.json("backup", str(file))
    whole = file.read_bytes()
    half = len(whole) // 2
    damaged = whole[:half] if harm == "cut" else whole[:half] + bytes([whole[half] ^ 1]) + whole[half + 1 :]
    file.write_bytes(damaged)
    other = Trial(tmp_path / "other")
    done = other.run("restore", str(file), check=False)
    assert done.returncode == 1
    assert "centre.tar.gz" in done.stderr
    assert not (other.home / "pg").exists()
