"""Who may hold a connection to the MQTT door: so many in all, of one address, and of those who have not signed in.

A stranger costs nothing but a place, and that is what somebody who means harm fills. So strangers have few places of
their own, and the one who has said nothing for the longest gives his to whoever comes: a station signs in at once.
"""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar


class Guest(Protocol):
    """A connection, as the lobby sees it."""

    @property
    def has_spoken(self) -> bool:
        """It has sent who it is and waits for the answer."""

    def turn_out(self) -> None:
        """It has to make room."""


G = TypeVar("G", bound=Guest)


@dataclass(frozen=True, slots=True)
class Limits:
    """At once. A province's stations may all come through one address, of a proxy or a mobile network."""

    connections: int = 2_000
    of_address: int = 500
    strangers: int = 256
    strangers_of_address: int = 128


def origin(host: str) -> str:
    """What counts as one address: of IPv6 the network of 64 bits that one subscriber has to himself."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((int(address), 64), strict=False))
    return str(address)


class Lobby(Generic[G]):
    """Everybody who is connected, and from where."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.open: dict[G, str] = {}
        self._strangers: dict[G, str] = {}  # the longest here first
        self._of_address: Counter[str] = Counter()

    def admit(self, guest: G, host: str) -> str:
        """Why there is no room for it, a code of `reasons`; empty when it is in, as a stranger."""
        home, limits = origin(host), self.limits
        if len(self.open) >= limits.connections:
            return "door_busy"
        if self._of_address[home] >= limits.of_address:
            return "address_full"
        alike = [other for other, where in self._strangers.items() if where == home]
        if len(alike) >= limits.strangers_of_address and not self._make_room(alike):
            return "address_full"
        if len(self._strangers) >= limits.strangers and not self._make_room(list(self._strangers)):
            return "door_busy"
        self.open[guest] = self._strangers[guest] = home
        self._of_address[home] += 1
        return ""

    def know(self, guest: G) -> None:
        """It has signed in."""
        self._strangers.pop(guest, None)

    def leave(self, guest: G) -> None:
        """It is gone."""
        self._strangers.pop(guest, None)
        home = self.open.pop(guest, None)
        if home is not None:
            self._of_address[home] -= 1
            if not self._of_address[home]:
                del self._of_address[home]

    def _make_room(self, strangers: Iterable[G]) -> bool:
        """The one who has been silent for the longest goes; False when all of them have spoken."""
        silent = next((guest for guest in strangers if not guest.has_spoken), None)
        if silent is None:
            return False
        del self._strangers[silent]
        silent.turn_out()
        return True
