"""What a connector hands on, and what it is told back."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

import msgspec

# The record holds 63 bits; int() would also read other scripts' digits and underscores.
_NAME = re.compile(r"[0-9]{1,18}\.[0-9]{1,18}\.[0-9]{1,9}")


class Arrival(msgspec.Struct, kw_only=True):
    """One message, request or file as it came, before anything is known of its content.

    Exactly one of `body` and `file` is set; `file` is already on disk, fsynced, under its SHA-256.
    """

    source: str  # address, e.g. environment.station_readings
    door: str  # mqtt, push, ftp, web
    received_at: float  # seconds since 1970, by the centre's clock
    credential: str  # the user name it came in by; empty when the broker does not tell
    stations: list[str] | None = None  # asset codes this credential may speak for; None: all
    name: str = ""  # file name or topic; of a replay, the refusal it repeats
    original: str = ""  # of a replay: the name it first came with
    # Of a replay: stream birth, sequence and record by which it first came. What came later still replaces it.
    first_came: tuple[int, int, int] | None = None
    format: str = "json"  # json, ndjson, lines, sheet
    body: bytes | None = None
    file: str | None = None  # SHA-256 in hex
    size: int = 0
    records: int = 1  # counted here, at the door
    # What the sender said beside the body: of a sheet `period`, `office` (code) and `person` (id), where known.
    about: dict[str, str] = {}


class Receipt(msgspec.Struct, kw_only=True):
    """The bytes are durable: sequence in the stream and which part of that message they are.

    A stream that was made anew counts from 1 again, so the receipt also tells the stream's birth (wire.stream.ensure).
    """

    seq: int
    part: int
    birth: int = 0

    @property
    def name(self) -> str:
        """As it is written in an answer and in its address."""
        return f"{self.birth}.{self.seq}.{self.part}"

    @classmethod
    def of(cls, name: str) -> Receipt | None:
        """Read such a name; None when it is none."""
        if not _NAME.fullmatch(name):
            return None
        birth, seq, part = map(int, name.split("."))
        return cls(birth=birth, seq=seq, part=part)


class Refused(Exception):
    """The door could not make it durable; the sender must keep it. `reason` is a code of connectors.reasons."""

    def __init__(self, reason: str, **detail: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


class Turned(msgspec.Struct, kw_only=True, frozen=True):
    """Something a door turned away without an acknowledgement; `count` of them alike within a moment."""

    door: str
    source: str
    reason: str
    user: str
    at: float
    name: str = ""
    count: int = 1


Accept = Callable[[Arrival], Awaitable[Receipt]]
"""Returns when the arrival is on disk with fsync; raises Refused when it is not and will not be."""

TurnAway = Callable[[Turned], None]
"""Counts what was not taken; returns at once."""

# Larger bodies do not travel through the stream but as files named by their SHA-256.
INLINE_BYTES = 256 * 1024
# The largest body any door takes, after decompression.
BODY_BYTES = 64 * 1024 * 1024
