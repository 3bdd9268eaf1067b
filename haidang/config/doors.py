"""The process "doors": everything between the outside and the stream, put together.

It needs the stream; it works without the database, with the keys it last knew.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import shutil
import signal
import ssl
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import uvicorn
from nats.aio.client import Client

from haidang.config import addresses, credentials, settings
from haidang.config.outcomes import Outcomes
from haidang.config.supervisor.lock import take
from haidang.engine import clock
from haidang.engine.connectors.arrival import Accept
from haidang.engine.connectors.files import FileStore
from haidang.engine.connectors.ftp import FtpDoor
from haidang.engine.connectors.mqtt import MqttDoor
from haidang.engine.connectors.mqtt_listener import MqttListener
from haidang.engine.connectors.mqtt_lobby import Limits
from haidang.engine.connectors.once import Once
from haidang.engine.connectors.push import PushDoor
from haidang.engine.connectors.roster import Roster
from haidang.engine.wire import stream
from haidang.engine.wire.meters import Meters
from haidang.engine.wire.publisher import Publisher
from haidang.engine.wire.tally import Tally

log = logging.getLogger("haidang.doors")
T = TypeVar("T")


# For how long the stream may refuse, and how much room there must be, before it is thought to be stuck.
_REFUSING_S = 3
_ROOM_BYTES = 24 << 20


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling: the process has one."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def client_id(home: Path) -> str:
    """The name of this home at an MQTT broker: two centres at one broker must not take each other's session.

    It is kept, as the broker keeps under it what came while the doors were closed.
    """
    path = home / "doors" / "mqtt-client-id"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        # Homes of before had one name for all, and their broker may hold something under it.
        is_new = not any(path.parent.iterdir())
        draft = path.with_suffix(".part")
        with draft.open("w") as file:
            file.write(f"haidang-doors-{secrets.token_hex(4)}" if is_new else "haidang-doors")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    return path.read_text().strip()


class Doors:
    """One doors process."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.roster = Roster(home)
        self.store = FileStore(home / "files")
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Until SIGTERM, or until a part of it fails: then the whole process ends and is started anew."""
        held = take(self.home / "run" / "doors.lock")
        if isinstance(held, int):
            # They would clear away each other's uploads.
            raise SystemExit(
                f"The doors of {self.home} are open already (process {held}). One home has one `haidang doors`."
            )
        with held:
            await self._run()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stopping.set)
        self.store.prepare()
        connected = await self._unless_stopped(self._connect())
        if connected is None:
            return
        client, birth = connected
        publisher = Publisher(client, birth=birth)
        meters = Meters(publisher)
        accept = meters.counting(publisher.accept)

        def ready() -> str:
            return "" if client.is_connected else "the stream is not reachable"

        once = Once(self.home / "doors" / "once.sqlite")
        database = addresses.database_url(self.home)
        mqtt = self._mqtt(accept, publisher, ready)
        ftp = FtpDoor(
            self.home / "ftp",
            accept=accept,
            turn_away=publisher.turn_away,
            roster=self.roster,
            store=self.store,
            bind=settings.HAIDANG_BIND,
            port=settings.HAIDANG_FTP_PORT,
            passive_ports=settings.HAIDANG_FTP_PASSIVE_PORTS,
            public_address=settings.HAIDANG_FTP_ADDRESS,
            tls=_certificate(),
            tls_only=settings.HAIDANG_FTP_TLS_ONLY,
        )
        push = PushDoor(
            accept=accept,
            turn_away=publisher.turn_away,
            roster=self.roster,
            store=self.store,
            once=once,
            outcome=Outcomes(database, lambda: publisher.birth),
            ready=ready,
            metrics=lambda: meters.text(mqtt_connected=mqtt.connected),
        )
        server = _server(push)
        parts: list[Coroutine[Any, Any, object]] = [
            server.serve(),
            mqtt.run(),
            ftp.run(),
            Tally(client, database).run(),
            publisher.tell_turned_for_ever(),
            credentials.follow(database, self.home),
        ]
        if not settings.NATS_URL:
            parts.append(_watch_stream(self.home, client, publisher))
        tasks = [asyncio.create_task(part) for part in parts]
        stop = asyncio.create_task(self._stopping.wait())
        log.info("doors open: push %d, MQTT, FTP %d", settings.HAIDANG_DOORS_PORT, settings.HAIDANG_FTP_PORT)
        done, _ = await asyncio.wait([stop, *tasks], return_when=asyncio.FIRST_COMPLETED)
        server.should_exit = True
        for task in tasks[1:]:
            task.cancel()
        await asyncio.wait(tasks, timeout=5)
        await publisher.tell_turned()
        await client.close()
        once.close()
        for task in done - {stop}:
            task.result()
            raise SystemExit("a door closed by itself")

    def _mqtt(
        self, accept: Accept, publisher: Publisher, ready: Callable[[], str]
    ) -> MqttDoor | MqttListener:
        """A client of the province's own broker where there is one, else the door stations connect to."""
        if settings.HAIDANG_MQTT_URL:
            return MqttDoor(
                settings.HAIDANG_MQTT_URL,
                accept=accept,
                turn_away=publisher.turn_away,
                roster=self.roster,
                store=self.store,
                client_id=client_id(self.home),
            )
        return MqttListener(
            accept=accept,
            turn_away=publisher.turn_away,
            roster=self.roster,
            store=self.store,
            ready=ready,
            bind=settings.HAIDANG_BIND,
            port=settings.HAIDANG_MQTT_PORT,
            limits=Limits(of_address=settings.HAIDANG_MQTT_PER_ADDRESS),
        )

    async def _unless_stopped(self, work: Coroutine[Any, Any, T]) -> T | None:
        """What it answers; None, and the work broken off, when we are stopped before."""
        task, stop = asyncio.create_task(work), asyncio.create_task(self._stopping.wait())
        await asyncio.wait([task, stop], return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if task.done():
            return task.result()
        task.cancel()
        return None

    async def _connect(self) -> tuple[Client, int]:
        """A connection, and the stream's birth; its server may start after us and take its time to read its store."""
        while True:
            if url := addresses.nats_url(self.home):
                with contextlib.suppress(OSError, TimeoutError):
                    client = await stream.connect(url, name="doors")
                    break
            await asyncio.sleep(0.2)
        return client, await stream.wait_for(client)


async def _watch_stream(home: Path, client: Client, publisher: Publisher) -> None:
    """Ask the supervisor to restart the embedded stream when it refuses although there is room.

    After a full disk it may do so for ever while its own health page says ok.
    """
    while True:
        await asyncio.sleep(1)
        since = publisher.failing_since
        if since is None or clock.timestamp() - since < _REFUSING_S or not client.is_connected:
            continue
        if (
            shutil.disk_usage(home).free < _ROOM_BYTES
            or await stream.is_full(client)
            or await publisher.probe()
        ):
            continue
        log.warning("the stream refuses with room on the disk: asking for its restart")
        with contextlib.suppress(OSError):
            (home / "run" / "restart-nats").touch()
        await asyncio.sleep(10)


def _certificate() -> ssl.SSLContext | None:
    """What the FTP door shows; read at start, so a renewed one needs a restart of the doors."""
    if not settings.HAIDANG_FTP_CERTIFICATE:
        if settings.HAIDANG_FTP_TLS_ONLY:
            raise SystemExit("HAIDANG_FTP_TLS_ONLY needs a certificate: set HAIDANG_FTP_CERTIFICATE.")
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(settings.HAIDANG_FTP_CERTIFICATE, settings.HAIDANG_FTP_KEY)
    except OSError as error:
        raise SystemExit(f"HAIDANG_FTP_CERTIFICATE or HAIDANG_FTP_KEY cannot be used: {error}") from None
    return context


def _server(push: PushDoor) -> _Server:
    return _Server(
        uvicorn.Config(
            push.application(),
            host=settings.HAIDANG_BIND,
            port=settings.HAIDANG_DOORS_PORT,
            loop="none",
            http="httptools",
            ws="none",
            lifespan="off",
            access_log=False,
            log_level="warning",
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=30,
            limit_concurrency=1000,
            timeout_graceful_shutdown=4,
        )
    )
