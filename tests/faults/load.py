"""Stations that send through every door at once and remember what was acknowledged, key by key.

A key is (station, second): each reading is sent under a time of its own, so it can be found again. A sender that
gets no acknowledgement sends the same reading again until it does, as real ones do.
"""

from __future__ import annotations

import ftplib
import io
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from haidang.config.supervisor.trial import Trial

READINGS = "environment.station_readings"
FILES = "environment.air_station_files"
PER_MESSAGE = 5
Key = tuple[str, datetime]


def stamps() -> Iterator[datetime]:
    """One second after the other, from ten days ago: never the same twice, never in the future."""
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(days=10)
    while True:
        yield at
        at += timedelta(seconds=1)


def message(station: str, times: list[datetime]) -> bytes:
    readings = [
        {
            "parameter": "PM2.5",
            "value": 20 + at.second / 10,
            "unit": "µg/m3",
            "at": at.isoformat(),
            "status": "00",
        }
        for at in times
    ]
    return json.dumps({"station": station, "readings": readings}).encode()


def file(times: list[datetime]) -> bytes:
    local = [at + timedelta(hours=7) for at in times]
    return "".join(
        f"PM2.5\t{20 + at.second / 10:.1f}\tµg/m3\t{at:%Y%m%d%H%M%S}\t00\n" for at in local
    ).encode()


@dataclass
class Ledger:
    """What each sender was promised."""

    acknowledged: set[Key] = field(default_factory=set)
    refusals: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, station: str, times: list[datetime]) -> None:
        with self.lock:
            self.acknowledged.update((station, at) for at in times)

    def refuse(self) -> None:
        with self.lock:
            self.refusals += 1


class _Sender(threading.Thread):
    """Takes the next batch only when the last one is acknowledged."""

    def __init__(self, load: Load, station: str) -> None:
        super().__init__(name=station, daemon=True)
        self.load, self.station, self.times = load, station, stamps()
        self.sent = 0

    def run(self) -> None:
        while not self.load.stopping.is_set():
            batch = [next(self.times) for _ in range(PER_MESSAGE)]
            while not self.load.stopping.is_set():
                try:
                    self.send(batch)
                except (OSError, EOFError, ftplib.Error, httpx.HTTPError, TimeoutError):
                    self.load.ledger.refuse()
                    self.load.stopping.wait(0.05)
                else:
                    self.load.ledger.add(self.station, batch)
                    self.sent += 1
                    break
            self.load.stopping.wait(self.load.pause_s)

    def send(self, batch: list[datetime]) -> None:
        """Returns when acknowledged; raises otherwise."""
        raise NotImplementedError


class _Push(_Sender):
    def run(self) -> None:
        with httpx.Client(timeout=15) as self.client:
            super().run()

    def send(self, batch: list[datetime]) -> None:
        key = self.load.keys[READINGS]["key"]
        self.client.post(
            self.load.centre.deliveries_url(READINGS),
            content=message(self.station, batch),
            headers={
                "Authorization": f"Bearer {key}",
                "Content-Type": "application/json",
                "Idempotency-Key": f"{self.station}-{batch[0].timestamp():.0f}",
            },
        ).raise_for_status()


class _Mqtt(_Sender):
    def run(self) -> None:
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, self.station)
        key = self.load.keys[READINGS]
        self.client.username_pw_set(key["user"], key["password"])
        self.client.reconnect_delay_set(1, 1)
        self.client.connect_async("127.0.0.1", self.load.centre.port("mqtt"), keepalive=10)
        self.client.loop_start()
        super().run()
        self.client.disconnect()
        self.client.loop_stop()
        # Its sockets close with it: left to the collector of cycles, they may be found open before it is.
        del self.client

    def send(self, batch: list[datetime]) -> None:
        if not self.client.is_connected():
            raise ConnectionError("not connected")
        topic = f"{self.load.keys[READINGS]['topic']}/{self.station}"
        info = self.client.publish(topic, message(self.station, batch), qos=1)
        if info.rc == mqtt.MQTT_ERR_NO_CONN:
            raise ConnectionError("the connection went between the question and the message")
        # paho itself sends it again after a reconnection: wait for it, do not make another.
        while not info.is_published():
            if self.load.stopping.is_set():
                raise ConnectionError("stopped")
            time.sleep(0.002)


class _Ftp(_Sender):
    line: ftplib.FTP | None = None

    def run(self) -> None:
        super().run()
        if self.line is not None:
            self.line.close()

    def send(self, batch: list[datetime]) -> None:
        try:
            if self.line is None:
                self.line = ftplib.FTP(timeout=15)
                self.line.connect("127.0.0.1", self.load.centre.port("ftp"))
                key = self.load.keys[FILES]
                self.line.login(key["user"], key["password"])
            name = f"{self.station}_{batch[0]:%Y%m%d%H%M%S}.txt"
            self.line.storbinary(f"STOR {name}.tmp", io.BytesIO(file(batch)))
            self.line.rename(f"{name}.tmp", name)
        except (OSError, EOFError, ftplib.Error):
            if self.line is not None:
                self.line.close()
            self.line = None
            raise


class Load:
    """Three stations for each door."""

    def __init__(self, centre: Trial, *, pause_s: float = 0.01) -> None:
        self.centre, self.pause_s = centre, pause_s
        self.ledger = Ledger()
        self.stopping = threading.Event()
        self.keys: dict[str, dict[str, Any]] = {source: centre.key(source) for source in (READINGS, FILES)}
        self.senders: list[_Sender] = []
        for kind, letter in ((_Push, "P"), (_Mqtt, "M"), (_Ftp, "F")):
            for number in range(3):
                code = f"LT{letter}{number}"
                centre.station(code)
                self.senders.append(kind(self, code))

    def __enter__(self) -> Load:
        for sender in self.senders:
            sender.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        for sender in self.senders:
            sender.join(30)

    def sent(self) -> dict[str, int]:
        """Acknowledged batches per door."""
        found: dict[str, int] = {}
        for sender in self.senders:
            door = type(sender).__name__.strip("_").lower()
            found[door] = found.get(door, 0) + sender.sent
        return found

    def stored(self) -> dict[Key, int]:
        """Current rows by key, as the record has them."""
        rows = self.centre.sql(
            "SELECT a.code, o.at, count(*) FROM store_observation o JOIN store_series s ON s.id = o.series_id "
            "JOIN assets_asset a ON a.id = s.asset_id WHERE a.code LIKE 'LT%%' AND o.superseded IS NULL "
            "GROUP BY 1, 2"
        )
        return {(code, at): number for code, at, number in rows}

    def settle_and_compare(self, patience_s: float = 90) -> None:
        """Everything acknowledged is stored, once; every sum closes."""
        self.centre.wait_for(self.centre.settled, patience_s=patience_s, what="the sums to close")
        stored = self.stored()
        lost = sorted(self.ledger.acknowledged - stored.keys())
        assert not lost, f"{len(lost)} acknowledged readings are lost, the first {lost[:5]}"
        twice = [key for key, number in stored.items() if number > 1]
        assert not twice, f"{len(twice)} readings stand twice, the first {twice[:5]}"
