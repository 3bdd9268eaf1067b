"""The MQTT door stations connect to when the province has no broker of its own.

It only takes messages. A message is acknowledged when the stream has it on disk, and what arrives together is written
together: one fsync pays for all of it, where a general broker pays for each (decision 0013). A message that cannot be
made durable closes the connection, so that the sender keeps it and comes back; MQTT has no word for "not now".
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec

from haidang.engine import clock
from haidang.engine.connectors import mqtt_packets as mqtt
from haidang.engine.connectors.arrival import INLINE_BYTES, Accept, Arrival, TurnAway, Turned
from haidang.engine.connectors.counting import admitted
from haidang.engine.connectors.files import FileStore
from haidang.engine.connectors.mqtt_lobby import Limits, Lobby
from haidang.engine.connectors.mqtt_station import Station
from haidang.engine.connectors.passwords import Passwords
from haidang.engine.connectors.roster import Pass, Roster


class MqttListener:
    """`run` for ever; `connected` while it listens. Port 0 is any free one."""

    def __init__(
        self,
        *,
        accept: Accept,
        turn_away: TurnAway,
        roster: Roster,
        store: FileStore,
        ready: Callable[[], str],
        bind: str,
        port: int,
        limits: Limits | None = None,
    ) -> None:
        self.lobby: Lobby[Station] = Lobby(limits or Limits())
        self.accept, self.turn_away, self.ready = accept, turn_away, ready
        self.roster, self._store = roster, store
        self.passwords = Passwords(roster)
        self.stations: dict[tuple[str, str], Station] = {}
        self._bind, self.port = bind, port
        self.opened = asyncio.Event()

    @property
    def connected(self) -> bool:
        return self.opened.is_set()

    async def run(self) -> None:
        server = await asyncio.get_running_loop().create_server(
            lambda: Station(self), self._bind, self.port, backlog=512, reuse_address=True
        )
        self.port = server.sockets[0].getsockname()[1]
        self.opened.set()
        try:
            await asyncio.Event().wait()
        finally:
            # Not `async with server`: since Python 3.12 that waits for every station to go by itself.
            server.close()
            self.opened.clear()
            for station in list(self.lobby.open):
                station.end()

    def form(self, source: str) -> str:
        way = self.roster.way(source)
        return "lines" if way and way.format == "lines" else "json"

    async def arrival(self, message: mqtt.Publish, allowed: Pass, form: str) -> Arrival:
        """A message as an arrival; large bodies go to a file first. Raises Refused."""
        arrival = Arrival(
            source=allowed.source,
            door="mqtt",
            received_at=clock.timestamp(),
            credential=allowed.user,
            stations=_speaks_for(message.topic, allowed),
            name=message.topic[:255],
            format=form,
            body=message.payload,
            size=len(message.payload),
            records=await admitted(message.payload, form),
        )
        if arrival.size > INLINE_BYTES:
            file = await asyncio.to_thread(self._store.keep, message.payload)
            arrival = msgspec.structs.replace(arrival, body=None, file=file)
        return arrival

    def count(self, reason: str, user: str, source: str, name: str = "") -> None:
        """Something was turned away."""
        self.turn_away(
            Turned(
                door="mqtt",
                source=source,
                reason=reason,
                user=user[:60],
                name=name[:255],
                at=clock.timestamp(),
            )
        )


def _speaks_for(topic: str, allowed: Pass) -> list[str] | None:
    """A topic with a station level speaks for that station only, as at a broker of the province's own."""
    station = next(iter(topic.split("/")[3:4]), "")
    return [station] if station else allowed.stations
