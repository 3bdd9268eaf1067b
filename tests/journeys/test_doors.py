"""The doors of a running centre, met with real clients, honest and hostile."""

from __future__ import annotations

import ftplib
import gzip
import io
import json
import statistics
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from haidang.config.supervisor.trial import Trial

READINGS = "environment.station_readings"
FILES = "environment.air_station_files"


@pytest.fixture(scope="module")
def keys(centre: Trial) -> dict[str, dict[str, Any]]:
    """Two stations; a key for all of a source, one for the first station only, one for files of the first."""
    centre.station("D1")
    centre.station("D2")
    return {
        "all": centre.key(READINGS),
        "one": centre.key(READINGS, "D1"),
        "files": centre.key(FILES, "D1"),
    }


def body(station: str, value: float, parameter: str = "PM2.5", at: datetime | None = None) -> bytes:
    reading = {
        "parameter": parameter,
        "value": value,
        "unit": "µg/m3",
        "at": (at or datetime.now(UTC).replace(microsecond=0)).isoformat(),
        "status": "00",
    }
    return json.dumps({"station": station, "readings": [reading]}).encode()


def push(centre: Trial, key: str, content: bytes, source: str = READINGS, **headers: str) -> httpx.Response:
    base = {"X-Api-Key": key, "Content-Type": "application/json"}
    return httpx.post(centre.deliveries_url(source), content=content, headers=base | headers, timeout=60)


@contextmanager
def device(centre: Trial, key: dict[str, Any]) -> Iterator[mqtt.Client]:
    client = mqtt.Client(CallbackAPIVersion.VERSION2, f"dev-{uuid.uuid4().hex[:8]}")
    client.username_pw_set(key["user"], key["password"])
    client.connect("127.0.0.1", centre.port("mqtt"))
    client.loop_start()
    try:
        yield client
    finally:
        client.disconnect()
        client.loop_stop()


@contextmanager
def ftp(centre: Trial, key: dict[str, Any]) -> Iterator[ftplib.FTP]:
    with ftplib.FTP(timeout=60) as line:
        line.connect("127.0.0.1", centre.port("ftp"))
        line.login(key["user"], key["password"])
        yield line


def turned(centre: Trial, reason: str) -> int:
    return int(
        centre.sql("SELECT COALESCE(sum(count), 0) FROM store_doorrefusal WHERE reason = %s", reason)[0][0]
    )


def stored(centre: Trial, station: str, value: float) -> int:
    return len(
        centre.sql(
            "SELECT 1 FROM store_observation o JOIN store_series s ON s.id = o.series_id "
            "JOIN assets_asset a ON a.id = s.asset_id WHERE a.code = %s AND o.value = %s",
            station,
            value,
        )
    )


def refused(centre: Trial, reason: str) -> int:
    return int(centre.sql("SELECT count(*) FROM store_refusal WHERE reason = %s", reason)[0][0])


def test_a_reading_comes_in_through_each_door_and_its_outcome_can_be_asked(
    centre: Trial, keys: dict[str, dict[str, Any]]
) -> None:
    answer = push(centre, keys["all"]["key"], body("D1", 11.5))
    assert answer.status_code == 202
    with device(centre, keys["one"]) as client:
        client.publish(keys["one"]["topic"], body("D1", 12.5, "PM10"), qos=1).wait_for_publish(60)
    now = datetime.now(UTC) + timedelta(hours=7)
    with ftp(centre, keys["files"]) as line:
        name = f"D1_{now:%Y%m%d%H%M%S}.txt"
        line.storbinary(
            f"STOR {name}.tmp", io.BytesIO(f"NO2\t13,5\tµg/m3\t{now:%Y%m%d%H%M%S}\t00\n".encode())
        )
        assert line.nlst() == [f"{name}.tmp"]
        line.rename(f"{name}.tmp", name)
        assert line.size(name) == len(f"NO2\t13,5\tµg/m3\t{now:%Y%m%d%H%M%S}\t00\n".encode())
    for value in (11.5, 12.5, 13.5):
        centre.wait_for(lambda value=value: stored(centre, "D1", value) == 1, what=f"{value} to be stored")
    outcome = httpx.get(
        centre.push_url + answer.json()["outcome"], headers={"X-Api-Key": keys["all"]["key"]}
    ).json()
    assert (outcome["state"], outcome["stored"], outcome["refusals"]) == ("done", 1, [])


def test_a_key_for_one_station_may_not_speak_for_another_at_any_door(
    centre: Trial, keys: dict[str, dict[str, Any]]
) -> None:
    before, forbidden = refused(centre, "not_your_station"), turned(centre, "wrong_topic")
    assert push(centre, keys["one"]["key"], body("D2", 21.5)).status_code == 202
    with device(centre, keys["one"]) as client:
        # In its own topic with another's name inside, and in another's topic, which the broker acknowledges
        # too.
        client.publish(keys["one"]["topic"], body("D2", 22.5), qos=1).wait_for_publish(60)
        client.publish("sources/environment/station_readings/D2", body("D2", 23.5), qos=1).wait_for_publish(
            10
        )
        client.publish("sources/environment/station_readings", body("D2", 23.5), qos=1).wait_for_publish(60)
    with ftp(centre, keys["files"]) as line:
        line.storbinary("STOR D2_20261121100000.txt", io.BytesIO(b"PM10\t24.5\tug/m3\t20261121100000\t00\n"))
    centre.wait_for(lambda: refused(centre, "not_your_station") == before + 3, what="three refusals")
    centre.wait_for(lambda: turned(centre, "wrong_topic") == forbidden + 2, what="two forbidden topics")
    assert not any(stored(centre, "D2", value) for value in (21.5, 22.5, 23.5, 24.5))


@pytest.mark.parametrize(
    ("topic", "may"),
    [
        ("sources/environment/station_readings", True),
        ("sources/environment/station_readings/D1", True),
        ("sources/environment/air_station_files", False),
        ("sources/environment", False),
        ("sources", False),
        ("$JS/API/STREAM/DELETE/WIRE", False),
        ("$SYS/REQ/SERVER/PING", False),
        ("wire/in/0/environment/station_readings", False),
    ],
)
def test_a_key_may_publish_to_its_own_source_only(
    centre: Trial, keys: dict[str, dict[str, Any]], topic: str, may: bool
) -> None:
    # What earlier tests sent is counted apart from being stored, and perhaps not yet.
    centre.wait_for(centre.sums_close, what="everything sent before to be counted")
    before, lines = turned(centre, "wrong_topic"), _received(centre)
    with device(centre, keys["all"]) as client:
        client.publish(topic, b"{}", qos=1).wait_for_publish(60)
    if may:
        centre.wait_for(lambda: _received(centre) == lines + 1, what="the message to be counted")
        assert turned(centre, "wrong_topic") == before
    else:
        centre.wait_for(lambda: turned(centre, "wrong_topic") == before + 1, what="the refusal to be counted")
        assert _received(centre) == lines


def _received(centre: Trial) -> int:
    return int(centre.sql("SELECT COALESCE(sum(received), 0) FROM store_doorcount WHERE door = 'mqtt'")[0][0])


def test_nobody_may_listen_at_the_broker(centre: Trial, keys: dict[str, dict[str, Any]]) -> None:
    granted: list[Any] = []
    with device(centre, keys["all"]) as client:
        client.on_subscribe = lambda _c, _d, _m, codes, _p: granted.extend(codes)
        client.subscribe("sources/#", qos=1)
        centre.wait_for(lambda: bool(granted), what="the answer to SUBSCRIBE")
    assert granted[0].is_failure


def test_a_revoked_key_is_refused_at_every_door(centre: Trial) -> None:
    key = centre.key(READINGS)
    assert push(centre, key["key"], body("D1", 31.5)).status_code == 202
    centre.run("source", "revoke", key["user"])
    assert push(centre, key["key"], body("D1", 31.6)).status_code == 401
    client = mqtt.Client(CallbackAPIVersion.VERSION2, "revoked")
    client.username_pw_set(key["user"], key["password"])
    answers: list[Any] = []
    client.on_connect = lambda _c, _d, _f, reason, _p: answers.append(reason)

    def turned_away() -> bool:
        answers.clear()
        client.connect("127.0.0.1", centre.port("mqtt"))
        client.loop(1.0)
        client.loop(1.0)
        return bool(answers) and answers[0].is_failure

    centre.wait_for(turned_away, what="the broker to forget the key")
    with ftplib.FTP(timeout=60) as line:
        line.connect("127.0.0.1", centre.port("ftp"))
        with pytest.raises(ftplib.error_perm, match="530"):
            line.login(key["user"], key["password"])


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/cron.d/x",
        "/../../x",
        "..",
        "a\\..\\b.txt",
        "x" * 300,
        "D1_\x07.txt",
        "sub/dir/x.txt",
        "",
    ],
)
def test_a_file_name_cannot_leave_its_folder(
    centre: Trial, keys: dict[str, dict[str, Any]], name: str
) -> None:
    beside = centre.home / "ftp" / "beside"
    beside.mkdir(exist_ok=True)
    before = _around(centre.home, keys["files"]["user"])
    with ftp(centre, keys["files"]) as line, pytest.raises(ftplib.all_errors):
        line.storbinary(f"STOR {name}", io.BytesIO(b"PM10\t24.5\tug/m3\t20261121100000\t00\n"))
        # What is taken in spite of its dots lies in the login's own folder.
        assert line.size(f"/{name.rsplit('/', 1)[-1]}")
        raise ftplib.error_perm("kept inside")
    assert _around(centre.home, keys["files"]["user"]) <= before
    assert not list(beside.iterdir())


def _around(home: Path, login: str) -> set[str]:
    """What lies in the home outside the login's own folder and the folders in which the centre itself works."""
    own = home / "ftp" / "areas" / login
    busy = {"pg", "nats", "log", "run", "doors", "anchors"}
    return {
        str(path)
        for top in home.iterdir()
        if top.name not in busy
        for path in (top, *top.rglob("*"))
        if path != own and not path.is_relative_to(own)
    }


def test_a_file_of_200_mb_a_bomb_and_depth_harm_no_one(
    centre: Trial, keys: dict[str, dict[str, Any]]
) -> None:
    before = {reason: turned(centre, reason) for reason in ("too_large", "wrong_key")}
    quiet, attacked = _pace(centre, keys["all"]["key"], 60), []
    stop = threading.Event()
    measuring = threading.Thread(target=lambda: attacked.extend(_pace(centre, keys["all"]["key"], 60, stop)))
    measuring.start()
    with ftp(centre, keys["files"]) as line, pytest.raises(ftplib.error_perm, match="552"):
        line.storbinary("STOR D1_20261121100000.txt", _Zeros(200 << 20))
    bomb = gzip.compress(b"[" * (100 << 20), 9)
    assert push(centre, keys["all"]["key"], bomb, **{"Content-Encoding": "gzip"}).status_code == 413
    deep = b'{"station": "D1", "readings": [' + b"[" * 1000 + b"]" * 1000 + b"]}"
    assert push(centre, keys["all"]["key"], deep).json()["received"] == 1
    for odd in (
        b'{"station": "D1", "readings": [{"parameter": "PM10", "value": NaN}]}',
        b"\xff\xfe\x00",
        b"null",
    ):
        assert push(centre, keys["all"]["key"], odd).json()["received"] == 1
    assert push(centre, "wrong", b"{}").status_code == 401
    stop.set()
    measuring.join()
    centre.wait_for(lambda: turned(centre, "too_large") == before["too_large"] + 2, what="two refusals")
    centre.wait_for(lambda: turned(centre, "wrong_key") == before["wrong_key"] + 1, what="a wrong key")
    centre.wait_for(centre.settled, patience_s=60, what="the sums to close")
    assert all(row["state"] == "running" for row in centre.states())
    # A wide margin: this is no benchmark, only the proof that nobody waits for the bomb.
    assert statistics.median(attacked) < max(0.25, 5 * statistics.median(quiet))


class _Zeros(io.RawIOBase):
    """`size` bytes that are made while they are read."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int = -1) -> bytes:
        size = min(self.left, size if size > 0 else 65536)
        self.left -= size
        return b"\0" * size


def _pace(centre: Trial, key: str, count: int, stop: threading.Event | None = None) -> list[float]:
    """Seconds per answer of an honest sender."""
    found = []
    with httpx.Client(timeout=30) as client:
        for _ in range(count):
            start = time.perf_counter()
            client.post(
                centre.deliveries_url(READINGS),
                content=b'{"station": "D1", "readings": []}',
                headers={"X-Api-Key": key, "Content-Type": "application/json"},
            )
            found.append(time.perf_counter() - start)
            if stop is not None and stop.is_set():
                break
    return found


def test_the_doors_take_readings_while_the_database_is_down(
    centre: Trial, keys: dict[str, dict[str, Any]]
) -> None:
    hold = centre.home / "run" / "hold-postgres"
    hold.write_text(str(time.time() + 60))
    centre.wait_for(
        lambda: any(row["name"] == "postgres" and row["state"] == "held" for row in centre.states()),
        what="it down",
    )
    answer = push(centre, keys["all"]["key"], body("D1", 41.5))
    look = httpx.get(centre.push_url + answer.json()["outcome"], headers={"X-Api-Key": keys["all"]["key"]})
    with device(centre, keys["one"]) as client:
        client.publish(keys["one"]["topic"], body("D1", 42.5, "PM10"), qos=1).wait_for_publish(60)
    hold.unlink()
    assert (answer.status_code, look.status_code, look.json()["reason"]) == (202, 503, "record_unreachable")
    centre.wait_ready()
    for value in (41.5, 42.5):
        centre.wait_for(lambda value=value: stored(centre, "D1", value) == 1, what=f"{value} to be stored")


def test_without_the_stream_every_door_says_so_and_takes_again_by_itself(
    centre: Trial, keys: dict[str, dict[str, Any]]
) -> None:
    hold = centre.home / "run" / "hold-nats"
    with ftp(centre, keys["files"]) as line:
        hold.write_text(str(time.time() + 60))
        centre.wait_for(
            lambda: any(row["name"] == "nats" and row["state"] == "held" for row in centre.states()),
            what="it down",
        )
        answer = push(centre, keys["all"]["key"], body("D1", 51.5))
        with pytest.raises(ftplib.error_temp, match="452"):
            line.storbinary("STOR D1_20261121110000.txt", io.BytesIO(b"PM10\t1\tug/m3\t20261121110000\t00\n"))
        told: list[Any] = []
        with device(centre, keys["one"]) as client:
            client.on_connect = lambda _c, _d, _f, reason, _p: told.append(reason)
            centre.wait_for(lambda: bool(told), what="the answer to CONNECT")
        assert told[0].getName() == "Server unavailable"
        hold.unlink()
    assert (answer.status_code, answer.json()["reason"]) == (503, "wire_unreachable")
    centre.wait_ready()
    centre.wait_for(
        lambda: push(centre, keys["all"]["key"], body("D1", 51.5)).status_code == 202, what="the door to open"
    )
    centre.wait_for(lambda: stored(centre, "D1", 51.5) >= 1, what="it to be stored")


def test_a_stranger_may_see_health_and_description_only(centre: Trial) -> None:
    for path, status in (
        ("/healthz", 200),
        ("/readyz", 200),
        ("/metrics", 200),
        ("/api/v1/openapi.json", 200),
        (f"/api/v1/sources/{READINGS}/deliveries/1.0", 401),
        ("/", 404),
    ):
        assert httpx.get(centre.push_url + path).status_code == status, path
