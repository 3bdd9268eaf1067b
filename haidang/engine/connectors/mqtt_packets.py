"""The part of MQTT 3.1.1 (OASIS, 2014) that somebody needs who only takes messages. No sockets, no state of sessions.

`Reader` turns bytes into packets; the small functions make the answers. MQTT 3.1 (`MQIsdp`, level 3) differs in
nothing that matters here but the bits it left open, and old loggers speak it.
"""

from __future__ import annotations

from dataclasses import dataclass

CONNECT, PUBLISH, PUBREL, SUBSCRIBE, UNSUBSCRIBE, PINGREQ, DISCONNECT = 1, 3, 6, 8, 10, 12, 14
# Return codes of CONNACK.
ACCEPTED, BAD_VERSION, BAD_CLIENT_ID, UNAVAILABLE, BAD_LOGIN, NOT_ALLOWED = 0, 1, 2, 3, 4, 5
PINGRESP = b"\xd0\x00"

LEVEL = 4  # of MQTT 3.1.1
_VERSIONS = {("MQTT", LEVEL), ("MQIsdp", 3)}


class Broken(Exception):
    """Not MQTT, or a packet larger than is taken: the connection has to be closed."""


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet: its kind, the four flags of its first byte, and what follows the length."""

    kind: int
    flags: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Connect:
    """Who connects. `is_known` is false for a version of the protocol that is not spoken here."""

    is_known: bool
    level: int = 4
    client_id: str = ""
    clean: bool = True
    keepalive_s: int = 0
    user: str = ""
    password: str = ""


@dataclass(frozen=True, slots=True)
class Publish:
    """One message. `mid` is 0 at QoS 0."""

    topic: str
    payload: bytes
    qos: int
    mid: int


class Reader:
    """Feed it what arrives; it gives whole packets."""

    def __init__(self, most: int) -> None:
        self.most = most  # bytes of one packet
        self._bytes = bytearray()

    def feed(self, data: bytes) -> None:
        self._bytes += data

    def begins_with(self, kind: int) -> bool:
        """Is the next packet, as far as it has come, of this kind?"""
        return not self._bytes or self._bytes[0] >> 4 == kind

    def next(self) -> Packet | None:
        """The next packet when it has come whole. Raises Broken."""
        held = self._bytes
        length, shift, place = 0, 0, 1
        while True:
            if place >= len(held):
                return None
            byte = held[place]
            length |= (byte & 0x7F) << shift
            place += 1
            if not byte & 0x80:
                break
            shift += 7
            if shift > 21:
                raise Broken("length")
        if length > self.most:
            raise Broken("too_large")
        if len(held) < place + length:
            return None
        packet = Packet(held[0] >> 4, held[0] & 0x0F, bytes(held[place : place + length]))
        del held[: place + length]
        return packet


class _Fields:
    """Reads the parts of a packet's body in order."""

    def __init__(self, body: bytes) -> None:
        self.body, self.place = body, 0

    def take(self, length: int) -> bytes:
        part = self.body[self.place : self.place + length]
        if len(part) != length:
            raise Broken("cut short")
        self.place += length
        return part

    def number(self) -> int:
        return int.from_bytes(self.take(2))

    def text(self) -> str:
        try:
            return self.take(self.number()).decode()
        except UnicodeDecodeError as error:
            raise Broken("text is not UTF-8") from error


def check_flags(packet: Packet, level: int) -> None:
    """Raises Broken where the reserved bits of the first byte are not as they must be [MQTT-2.2.2-2].

    CONNECT says itself which version it speaks, and `connect` looks; the flags of PUBLISH mean something. MQTT 3.1 had
    the sender set DUP on what it sends again, and said nothing of bits that are not used.
    """
    if level != LEVEL or packet.kind in (CONNECT, PUBLISH):
        return
    if packet.flags != (0b0010 if packet.kind in (PUBREL, SUBSCRIBE, UNSUBSCRIBE) else 0):
        raise Broken("reserved bits")


def connect(packet: Packet) -> Connect:
    """Read CONNECT. A will is read and dropped: what a station has to say it says in its topic."""
    fields = _Fields(packet.body)
    name, level = fields.text(), fields.take(1)[0]
    if (name, level) not in _VERSIONS:
        return Connect(is_known=False)
    flags = fields.take(1)[0]
    if level == LEVEL and (packet.flags or flags & 0x01):  # [MQTT-2.2.2-2], [MQTT-3.1.2-3]
        raise Broken("reserved bits")
    keepalive = fields.number()
    client_id = fields.text()
    if flags & 0x04:
        fields.text()
        fields.take(fields.number())
    user = fields.text() if flags & 0x80 else ""
    password = fields.take(fields.number()).decode("utf-8", "replace") if flags & 0x40 else ""
    return Connect(True, level, client_id, bool(flags & 0x02), keepalive, user, password)


def publish(packet: Packet) -> Publish:
    """Read PUBLISH."""
    qos = packet.flags >> 1 & 0x03
    fields = _Fields(packet.body)
    topic = fields.text()
    if qos > 2 or not topic or any(sign in topic for sign in "+#\0"):
        raise Broken("topic or QoS")
    mid = fields.number() if qos else 0
    if qos and not mid:
        raise Broken("packet without a number")
    return Publish(topic, packet.body[fields.place :], qos, mid)


def packet_number(packet: Packet) -> int:
    """Of PUBREL, SUBSCRIBE and UNSUBSCRIBE."""
    return _Fields(packet.body).number()


def filters(packet: Packet) -> int:
    """How many topic filters a SUBSCRIBE holds."""
    fields, count = _Fields(packet.body), 0
    fields.number()
    while fields.place < len(packet.body):
        fields.text()
        fields.take(1)
        count += 1
    return count


def connack(code: int) -> bytes:
    """No session is ever resumed here: what was not acknowledged comes again from the sender."""
    return bytes((0x20, 2, 0, code))


def puback(mid: int) -> bytes:
    return b"\x40\x02" + mid.to_bytes(2)


def pubrec(mid: int) -> bytes:
    return b"\x50\x02" + mid.to_bytes(2)


def pubcomp(mid: int) -> bytes:
    return b"\x70\x02" + mid.to_bytes(2)


def suback_refused(mid: int, count: int) -> bytes:
    """Nobody may listen here."""
    body = mid.to_bytes(2) + b"\x80" * count
    return bytes((0x90, len(body))) + body if len(body) < 128 else b""


def unsuback(mid: int) -> bytes:
    return b"\xb0\x02" + mid.to_bytes(2)
