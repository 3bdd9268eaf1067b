"""Where a pull may connect to. Every connection of every connector asks here, and connects to the address it is told.

An address in a YAML file, in a redirect or in the link to a next page is somebody else's text. Without this guard it
could make the centre ask its own database, its neighbours or the machine that hands out cloud credentials. So a name
is resolved once, each of its addresses is judged, and the connection goes to a judged address, never to the name:
a resolver that answers otherwise a moment later changes nothing.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import idna

from haidang.engine.connectors.pull.trouble import Trouble

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], Awaitable[Collection[str]]]
"""(host, port) → its addresses as text."""

PORTS = {"http": 80, "https": 443, "sftp": 22, "postgresql": 5432}
_RESOLVE_S = 10
_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)([/?#].*)?", re.DOTALL)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?")
# WHATWG's rule: a host whose last label is a number is an address, whatever a resolver would make of it.
_NUMBER = re.compile(r"(?:\d+|0x[0-9a-f]*)")
# Names that mean this machine or this network, whatever they resolve to.
_INSIDE = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa", "localdomain")

# 168.63.129.16 looks like one of the internet: to every machine in Azure it is the host that hands out its secrets.
_METADATA = tuple(
    map(
        ip_address,
        ("169.254.169.254", "fd00:ec2::254", "fd20:ce::254", "100.100.100.200", "168.63.129.16"),
    )
)
# IPv6 that carries an IPv4 address: what it reaches is decided elsewhere.
_CARRIERS: tuple[tuple[str, str], ...] = (
    ("::ffff:0:0/96", "IPv4-mapped"),
    ("::ffff:0:0:0/96", "IPv4-translated"),
    ("::/96", "IPv4-compatible"),
    ("64:ff9b::/96", "NAT64"),
    ("64:ff9b:1::/48", "NAT64"),
    ("2002::/16", "6to4"),
    ("2001::/32", "Teredo"),
)
_ISATAP = (b"\0\0\x5e\xfe", b"\2\0\x5e\xfe")
_KINDS: tuple[tuple[str, str], ...] = (
    ("0.0.0.0/8", "unspecified"),
    ("127.0.0.0/8", "loopback"),
    ("169.254.0.0/16", "link-local"),
    ("10.0.0.0/8", "private"),
    ("172.16.0.0/12", "private"),
    ("192.168.0.0/16", "private"),
    ("100.64.0.0/10", "shared"),
    ("224.0.0.0/4", "multicast"),
    ("192.0.0.0/24", "reserved"),
    ("192.0.2.0/24", "documentation"),
    ("192.88.99.0/24", "6to4"),
    ("198.18.0.0/15", "reserved"),
    ("198.51.100.0/24", "documentation"),
    ("203.0.113.0/24", "documentation"),
    ("240.0.0.0/4", "reserved"),
    ("2001:db8::/32", "documentation"),
    ("3fff::/20", "documentation"),
    ("2001::/23", "reserved"),
    ("::/128", "unspecified"),
    ("::1/128", "loopback"),
    ("fe80::/10", "link-local"),
    ("fec0::/10", "site-local"),
    ("fc00::/7", "private"),
    ("ff00::/8", "multicast"),
)
_closed: list[tuple[Network, str]] = [(ip_network(net), kind) for net, kind in (*_CARRIERS, *_KINDS)]
# All that is given out for the public internet; the rest of IPv6 is reserved for whatever comes.
_GIVEN_OUT = ip_network("2000::/3")
# A listed name may resolve to these; a listed address may be one of those too.
_BY_NAME = frozenset({"private", "shared"})
_BY_ADDRESS = frozenset({"private", "shared", "loopback"})


def kind_of(address: Address) -> str:
    """Why nothing is pulled from this address without leave; empty for one of the public internet."""
    if address in _METADATA:
        return "metadata"
    if address.is_loopback or address.is_unspecified:
        return "loopback" if address.is_loopback else "unspecified"
    if isinstance(address, IPv6Address) and address.packed[8:12] in _ISATAP:
        return "ISATAP"
    for network, kind in _closed:
        if address.version == network.version and address in network:
            return kind
    # Which addresses Python calls global differs among its versions: that only ever closes more here.
    if address.version == 6 and address not in _GIVEN_OUT:
        return "reserved"
    return "" if address.is_global else "reserved"


@dataclass(frozen=True, slots=True)
class Place:
    """Scheme, host and port of an address as we read it: the host is lower-case ASCII without a closing dot."""

    scheme: str
    host: str
    port: int
    rest: str = ""  # path, query; the fragment is gone

    @property
    def url(self) -> str:
        """The address written anew from what was read, so that nobody reads it in another way."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if PORTS.get(self.scheme) == self.port else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.rest}"

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.scheme, self.host, self.port

    @property
    def literal(self) -> Address | None:
        """The address itself where the host is one."""
        return ip_address(self.host) if ":" in self.host or _is_number(self.host) else None


def _is_number(host: str) -> bool:
    return bool(_NUMBER.fullmatch(host.rpartition(".")[2]))


def place_of(url: str, schemes: Collection[str]) -> Place:
    """Read an address, strictly: what two readers could take for two different hosts is refused."""

    def bad(why: str) -> Trouble:
        return Trouble("bad_url", url=_shown(url), why=why)

    if any(ord(sign) <= 32 or ord(sign) == 127 or sign in '\\<>"{}|^`' for sign in url):
        raise bad("signs")
    found = _URL.fullmatch(url)
    if found is None:
        raise bad("no_url")
    scheme, authority, rest = found[1].lower(), found[2], (found[3] or "").partition("#")[0]
    if scheme not in schemes:
        raise Trouble("scheme", scheme=scheme, allowed=", ".join(sorted(schemes)))
    if "@" in authority:
        raise bad("userinfo")
    if "%" in authority:
        raise bad("percent")
    if not rest.isascii():
        raise bad("not_ascii")
    host, port = _host_and_port(authority, bad)
    return Place(scheme, host, port or PORTS[scheme], rest if rest.startswith("/") else f"/{rest}")


def _host_and_port(authority: str, bad: Callable[[str], Trouble]) -> tuple[str, int]:
    """The host as we write it; the port, 0 where none stands there."""
    if authority.startswith("["):
        inside, closed, after = authority[1:].partition("]")
        if not closed or (after and not after.startswith(":")):
            raise bad("brackets")
        try:
            host = str(IPv6Address(inside))
        except ValueError:
            raise bad("no_ipv6") from None
        return host, _port(after[1:], bad) if after else 0
    name, colon, number = authority.partition(":")
    if ":" in number:
        raise bad("brackets")
    return _name(name, bad), _port(number, bad) if colon else 0


def _port(text: str, bad: Callable[[str], Trouble]) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= 65535):
        raise bad("no_port")
    return int(text)


def _name(text: str, bad: Callable[[str], Trouble]) -> str:
    host = text.lower()
    if not host.isascii():
        try:
            # Without the mapping of UTS 46, by which ①②⑦.0.0.1 and ｌocalhost would become something else.
            host = idna.encode(host).decode("ascii")
        except idna.IDNAError:
            raise bad("odd_letters") from None
    host = host.removesuffix(".")
    if not host:
        raise bad("no_host")
    if _is_number(host):
        try:
            return str(IPv4Address(host))
        except ValueError:
            raise bad("odd_ipv4") from None
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in host.split(".")):
        raise bad("odd_host")
    return host


def _shown(url: str) -> str:
    """An address as it may be shown: without what stands before an @ and without its query."""
    head, _, rest = url.partition("://")
    return (
        f"{head}://{rest.rpartition('@')[2].partition('?')[0]}"[:120]
        if rest
        else head.partition("?")[0][:120]
    )


@dataclass(frozen=True, slots=True)
class Internal:
    """Hosts inside the office's network that an administrator allows by name: `HAIDANG_PULL_INTERNAL`.

    An entry allows only what is written: a name allows that name to lead to a private address, an address or network
    allows just these. Nothing allows a name to lead to this machine, nor anybody to the cloud's metadata.
    """

    names: frozenset[tuple[str, int]] = frozenset()  # port 0: any
    networks: tuple[tuple[Network, int], ...] = ()

    @classmethod
    def of(cls, text: str) -> Internal:
        """Read `so.tinh.local, 10.12.0.5:5432, 10.20.0.0/16`; raises ValueError naming the entry."""
        names: set[tuple[str, int]] = set()
        networks: list[tuple[Network, int]] = []
        for entry in filter(None, re.split(r"[,\s]+", text)):
            address, port = _entry(entry)
            if isinstance(address, str):
                names.add((address, port))
            else:
                networks.append((address, port))
        return cls(frozenset(names), tuple(networks))

    def has(self, place: Place) -> bool:
        """Is this host written there?"""
        if place.literal is None:
            return bool({(place.host, 0), (place.host, place.port)} & self.names)
        return any(
            place.literal.version == network.version and place.literal in network and port in (0, place.port)
            for network, port in self.networks
        )

    def opens(self, place: Place, kind: str) -> bool:
        """May this host lead to an address of this kind?"""
        return self.has(place) and kind in (_BY_NAME if place.literal is None else _BY_ADDRESS)


def _entry(entry: str) -> tuple[Network | str, int]:
    def bad(why: str) -> Trouble:
        return Trouble("bad_url", url=entry, why=why)

    try:
        if "/" in entry:
            return ip_network(entry), 0
        if entry.count(":") > 1 and not entry.startswith("["):
            return ip_network(entry), 0
        host, port = _host_and_port(entry, bad)
        return (ip_network(host) if ":" in host or _is_number(host) else host), port
    except (ValueError, Trouble):
        raise ValueError(f"{entry!r} is no host, address or network") from None


async def _resolve(host: str, port: int) -> list[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(where[0]) for *_, where in found]


@dataclass(frozen=True, slots=True)
class Guard:
    """Judges places; `addresses` is what a connection of this moment may go to."""

    internal: Internal = field(default_factory=Internal)
    resolve: Resolve = _resolve

    def admit(self, place: Place, ports: Collection[int]) -> None:
        """Refuse what can be refused without asking anybody."""
        if place.port not in ports and place.port != PORTS[place.scheme]:
            raise Trouble("port", host=place.host, port=place.port)
        literal = place.literal
        if literal is not None:
            self._judge(place, literal)
        elif not self.internal.has(place) and (
            "." not in place.host or place.host.rpartition(".")[2] in _INSIDE
        ):
            raise Trouble("closed_name", host=place.host)

    async def addresses(self, place: Place, ports: Collection[int]) -> list[Address]:
        """The addresses of a place, each of them judged, in the resolver's order; at least one."""
        self.admit(place, ports)
        if place.literal is not None:
            return [place.literal]
        try:
            async with asyncio.timeout(_RESOLVE_S):
                texts = await self.resolve(place.host, place.port)
            found = [ip_address(text) for text in dict.fromkeys(texts)]
        except (OSError, TimeoutError, UnicodeError, ValueError) as error:
            raise Trouble("no_address", host=place.host, cause=_cause(error)) from None
        if not found:
            raise Trouble("no_address", host=place.host, cause="—")
        for address in found:
            # One closed address among open ones is enough: that is what a rebinding resolver answers.
            self._judge(place, address)
        return found

    def _judge(self, place: Place, address: Address) -> None:
        kind = "scoped" if getattr(address, "scope_id", None) else kind_of(address)
        if kind and not self.internal.opens(place, kind):
            raise Trouble("closed_address", host=place.host, address=address, kind=kind)


def _cause(error: BaseException) -> str:
    return str(getattr(error, "strerror", "") or type(error).__name__)
