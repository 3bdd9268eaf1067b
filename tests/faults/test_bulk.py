"""A flood of records in one message: live readings pass it, and `kill -9` between two slices loses and doubles nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from haidang.config.supervisor.trial import Trial, trial

READINGS = "environment.station_readings"
_START = datetime.now(UTC).replace(microsecond=0) - timedelta(days=5)


def _body(records: int, station: str) -> bytes:
    """NDJSON: every tenth record is of a station nobody registered."""
    return b"\n".join(
        json.dumps(
            {
                "station": station if number % 10 else "NOBODY",
                "readings": [
                    {
                        "parameter": "PM2.5",
                        "value": 20 + number % 7,
                        "unit": "µg/m3",
                        "at": (_START + timedelta(seconds=number)).isoformat(),
                        "status": "00",
                    }
                ],
            }
        ).encode()
        for number in range(records)
    )


def _push(centre: Trial, key: str, body: bytes, form: str = "application/x-ndjson") -> int:
    """The number in the stream."""
    headers = {"X-Api-Key": key, "Content-Type": form}
    answer = httpx.post(centre.deliveries_url(READINGS), content=body, headers=headers, timeout=60)
    assert answer.status_code == 202, answer.text
    return int(answer.json()["delivery"].split(".")[1])


def _delivery(centre: Trial, seq: int) -> tuple[int, int, int, bool, int] | None:
    rows = centre.sql(
        "SELECT received, stored, refused, unfinished, epoch FROM store_delivery WHERE wire_seq = %s", seq
    )
    return rows[0] if rows else None  # type: ignore[return-value]


def _is_done(centre: Trial, seq: int) -> bool:
    found = _delivery(centre, seq)
    return found is not None and not found[3]


@pytest.mark.faults
@pytest.mark.slow_fault
def test_a_live_reading_is_stored_while_two_hundred_thousand_records_are_half_done(
    own_centre: Trial,
) -> None:
    own_centre.station("LIVE")
    key = own_centre.key(READINGS)["key"]
    flood = _push(own_centre, key, _body(200_000, "FLOOD"))
    own_centre.wait_for(lambda: _delivery(own_centre, flood), what="the first slice")
    now = datetime.now(UTC).isoformat()
    reading = {"parameter": "PM2.5", "value": 31.2, "unit": "µg/m3", "at": now, "status": "00"}
    live = _push(
        own_centre, key, json.dumps({"station": "LIVE", "readings": [reading]}).encode(), "application/json"
    )
    own_centre.wait_for(lambda: _is_done(own_centre, live), what="the live reading")
    own_centre.wait_for(lambda: _is_done(own_centre, flood), patience_s=120, what="the flood")
    taken, waited = _delivery(own_centre, live), _delivery(own_centre, flood)
    assert taken is not None
    assert waited is not None
    assert taken[1] == 1
    assert waited[:4] == (200_000, 0, 200_000, False)
    # Epochs are given out in commit order: slices came before it and after it.
    assert taken[4] < waited[4]
    own_centre.wait_for(own_centre.settled, what="the sums to close")


@pytest.mark.faults
@pytest.mark.slow_fault
@pytest.mark.parametrize("place", ["ingest.between_slices:2", "ingest.stored:2"])
def test_a_kill_between_two_slices_or_within_one_loses_and_doubles_nothing(place: str) -> None:
    # Each process that passes the place a second time dies there, and the next goes on with the slice that follows.
    with trial(HAIDANG_CRASH=place) as centre:
        centre.station("BULK")
        flood = _push(centre, centre.key(READINGS)["key"], _body(2_500, "BULK"))
        first = centre.pid("ingest")
        centre.wait_for(lambda: _is_done(centre, flood), patience_s=120, what="the last slice")
        centre.wait_for(centre.settled, what="the sums to close")
        assert centre.pid("ingest") != first
        found = _delivery(centre, flood)
        assert found is not None
        assert found[:3] == (2_500, 2_250, 250)
        counts = centre.sql("SELECT count(*), count(DISTINCT (series_id, at)) FROM store_observation")
        assert counts == [(2_250, 2_250)]
        assert centre.sql("SELECT count(*), count(DISTINCT ordinal) FROM store_refusal") == [(250, 250)]
