"""Single readings over MQTT, QoS 1: from the sensor to the stored row, against what the bare broker acknowledges.

The bare broker is the same server with the same sync setting and one subscriber with a persistent session, and
nothing behind it. Its figure ends with the last acknowledgement; ours ends when the last row can be queried.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import paho.mqtt.client as mqtt
import psycopg
from paho.mqtt.enums import CallbackAPIVersion

from bench.harness import compare
from haidang.config.broker import free_port
from haidang.config.supervisor.children import Child
from haidang.config.supervisor.trial import Trial, trial

MESSAGES = 10_000  # some seconds of it: a queue that fills up behind the door must show
WINDOW = 200
SOURCE = "environment.station_readings"


class Sensor:
    """Publishes readings one by one with a window of unacknowledged ones."""

    def __init__(self, port: int, user: str, password: str) -> None:
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="bench-sensor")
        if user:
            self.client.username_pw_set(user, password)
        self.client.max_inflight_messages_set(WINDOW)
        self.client.max_queued_messages_set(0)
        self.acknowledged = threading.Semaphore(0)
        self.client.on_publish = lambda *_: self.acknowledged.release()
        connected = threading.Event()
        self.client.on_connect = lambda *_: connected.set()
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        connected.wait(10)
        self.at = datetime.now(UTC)

    def send(self, topic: str) -> None:
        """All messages, each acknowledged."""
        for _ in range(MESSAGES):
            self.at = max(self.at + timedelta(milliseconds=1), datetime.now(UTC))  # sensors speak of now
            reading = {
                "parameter": "PM2.5",
                "value": 12.5,
                "unit": "µg/m3",
                "at": self.at.isoformat(),
                "status": "00",
            }
            self.client.publish(topic, json.dumps({"station": "KK1", "readings": [reading]}), qos=1)
        for _ in range(MESSAGES):
            self.acknowledged.acquire()

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


def stored(centre: Trial) -> Callable[[], float]:
    """Messages per second, from the first publish to the last stored row."""
    centre.station("KK1")
    key = centre.key(SOURCE)
    sensor = Sensor(centre.port("mqtt"), key["user"], key["password"])

    line = psycopg.connect(centre.database_url, autocommit=True)

    def rows() -> int:
        return int(line.execute("SELECT coalesce(sum(stored), 0) FROM store_tally").fetchall()[0][0])

    def run() -> float:
        wanted = rows() + MESSAGES
        started = time.perf_counter()
        sensor.send(key["topic"])
        deadline = time.monotonic() + 120
        while rows() < wanted:
            assert time.monotonic() < deadline, "the last row is not stored"
            time.sleep(0.002)
        return MESSAGES / (time.perf_counter() - started)

    return run


@contextmanager
def bare_broker() -> Iterator[Callable[[], float]]:
    """Messages per second acknowledged by a broker with a persistent subscriber and nothing else."""
    with tempfile.TemporaryDirectory(prefix="haidang-bench-") as folder:
        port = free_port()
        child = Child("nats", lambda: _bare_server(Path(folder), port), Path(folder) / "log")
        child.start()
        try:
            reader = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="bench-reader", clean_session=False)
            subscribed = threading.Event()
            reader.on_subscribe = lambda *_: subscribed.set()
            reader.on_connect = lambda client, *_: client.subscribe("sources/#", qos=1)
            _connected(reader, port)
            reader.loop_start()
            subscribed.wait(10)
            sensor = Sensor(port, "", "")

            def run() -> float:
                started = time.perf_counter()
                sensor.send("sources/environment/station_readings")
                return MESSAGES / (time.perf_counter() - started)

            yield run
            sensor.close()
            reader.disconnect()
            reader.loop_stop()
        finally:
            child.stop()


def _bare_server(folder: Path, port: int) -> list[str]:
    """nats-server as a plain MQTT broker with the sync setting our own stream has."""
    config = folder / "bare.conf"
    settings = {
        "server_name": "bare",
        "listen": f"127.0.0.1:{free_port()}",
        "jetstream": {"store_dir": str(folder), "sync_interval": "always"},
        "mqtt": {"listen": f"127.0.0.1:{port}", "max_ack_pending": 4096},
    }
    config.write_text(json.dumps(settings))
    program = shutil.which("nats-server", path=str(Path(sys.executable).parent))
    assert program is not None
    return [program, "-c", str(config)]


def _connected(client: mqtt.Client, port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            client.connect("127.0.0.1", port)
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        else:
            return


if __name__ == "__main__":
    with trial() as centre, bare_broker() as bare:
        compare("mqtt", measured=stored(centre), baseline=bare, unit="readings/s", must=0.80)
