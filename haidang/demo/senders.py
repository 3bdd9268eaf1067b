"""How a station speaks: FTP, MQTT and HTTP push, each returning only when the centre has acknowledged.

Whatever is not acknowledged raises `NotTaken`: the station keeps it and sends it again, oldest first, as
loggers do.
A refusal that would never become a success is `Refused`: kept nowhere, counted.
"""

from __future__ import annotations

import ftplib
import gzip
import io
import logging
import threading
import time

import httpx
import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from haidang.demo.report import Report, file_bytes, file_name, message_bytes
from haidang.demo.station import Doors, Login

log = logging.getLogger("haidang.demo")
SECONDS = 20.0


class NotTaken(Exception):
    """The centre did not acknowledge; try again later. `after_s` when it said how much later."""

    def __init__(self, why: str, after_s: float = 5.0) -> None:
        super().__init__(why)
        self.after_s = after_s


class Refused(Exception):
    """The centre will never take this."""


class Ftp:
    """One connection per upload, as loggers make it: a temporary name, then the real one."""

    def __init__(self, doors: Doors, login: Login) -> None:
        self.doors, self.login = doors, login

    def send(self, report: Report) -> None:
        self.store(file_name(report), file_bytes(report))

    def store(self, name: str, body: bytes) -> None:
        try:
            with ftplib.FTP(timeout=SECONDS) as line:  # noqa: S321 - the circular names FTP, and stations speak it
                line.connect(self.doors.ftp_host, self.doors.ftp_port)
                line.login(self.login.user, self.login.password)
                line.storbinary(f"STOR {name}.tmp", io.BytesIO(body))
                line.rename(f"{name}.tmp", name)
        except ftplib.error_perm as error:
            if str(error).startswith("530"):  # the login may be on its way to the doors
                raise NotTaken(f"FTP: {error}", 15.0) from error
            raise Refused(str(error)) from error
        except (OSError, EOFError, ftplib.Error) as error:
            raise NotTaken(f"FTP: {error}") from error

    def close(self) -> None:
        """Nothing is held open."""


class Mqtt:
    """A persistent session with QoS 1: `send` returns with the PUBACK."""

    def __init__(self, doors: Doors, login: Login) -> None:
        self.doors, self.login = doors, login
        self.topic = "sources/" + login.source.replace(".", "/", 1)
        self.client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"demo-{login.user}",
            clean_session=False,
            protocol=mqtt.MQTTv311,
        )
        self.client.username_pw_set(login.user, login.password)
        self.client.reconnect_delay_set(1, 15)
        self.started = False

    def send(self, report: Report) -> None:
        self._connect()
        # paho keeps the message and sends it again after a broken line: handed over once and waited for.
        handed = self.client.publish(f"{self.topic}/{report.station}", message_bytes(report), qos=1)
        if handed.rc != mqtt.MQTT_ERR_SUCCESS:
            raise NotTaken(f"MQTT: {mqtt.error_string(handed.rc)}", 1.0)
        while not handed.is_published():
            if not self.started:
                raise NotTaken("MQTT: closed")
            handed.wait_for_publish(1.0)

    def _connect(self) -> None:
        if not self.started:
            self.client.connect_async(self.doors.mqtt_host, self.doors.mqtt_port, keepalive=30)
            self.client.loop_start()
            self.started = True
        until = time.monotonic() + SECONDS
        while not self.client.is_connected():
            if time.monotonic() > until or not self.started:
                raise NotTaken("MQTT: not connected", 1.0)
            time.sleep(0.05)

    def close(self) -> None:
        if self.started:
            self.started = False
            self.client.disconnect()
            self.client.loop_stop()


class Push:
    """HTTP push: 202 is the acknowledgement; 429 and 503 say when to come back."""

    def __init__(self, doors: Doors, login: Login) -> None:
        self.address = f"{doors.push}/api/v1/sources/{login.source}/deliveries"
        self.client = httpx.Client(timeout=SECONDS, headers={"Authorization": f"Bearer {login.key}"})
        self.lock = threading.Lock()

    def send(self, report: Report) -> None:
        stamp = f"{report.stamp:%Y%m%d%H%M%S}"
        self.post(message_bytes(report), "application/json", f"{report.station}-{stamp}")

    def send_batch(self, body: bytes, once: str) -> None:
        """Many objects, one a line, packed with gzip; `once` lets the centre know a repetition."""
        self.post(gzip.compress(body, 6, mtime=0), "application/x-ndjson", once, {"Content-Encoding": "gzip"})

    def post(
        self,
        body: bytes,
        kind: str,
        once: str,
        more: dict[str, str] | None = None,
        asked: dict[str, str] | None = None,
    ) -> None:
        """`more` are further headers; `asked` says beside a file what it is."""
        headers = {"Content-Type": kind, "Idempotency-Key": once, **(more or {})}
        try:
            with self.lock:
                answer = self.client.post(self.address, content=body, headers=headers, params=asked)
        except httpx.HTTPError as error:
            raise NotTaken(f"push: {type(error).__name__} {error}") from error
        if answer.status_code in (401, 429, 502, 503, 507):
            raise NotTaken(f"push: {answer.status_code}", float(answer.headers.get("Retry-After", 5)))
        if answer.status_code != 202:
            raise Refused(f"push: {answer.status_code} {answer.text[:200]}")

    def close(self) -> None:
        self.client.close()


Sender = Ftp | Mqtt | Push
KIND: dict[str, type[Ftp] | type[Mqtt] | type[Push]] = {"ftp": Ftp, "mqtt": Mqtt, "push": Push}
