"""What stands in one message of the stream: several arrivals of one source and one door, packed together."""

from __future__ import annotations

import msgspec

from haidang.engine.connectors.arrival import Arrival, Turned


class Envelope(msgspec.Struct, kw_only=True):
    """Arrivals in the order they came. `part` of a receipt is the place in this list."""

    arrivals: list[Arrival]
    v: int = 1

    @property
    def records(self) -> int:
        return sum(arrival.records for arrival in self.arrivals)


class Turnings(msgspec.Struct, kw_only=True):
    turned: list[Turned]


_encoder = msgspec.msgpack.Encoder()
_envelope = msgspec.msgpack.Decoder(Envelope)
_turnings = msgspec.msgpack.Decoder(Turnings)


def encode(value: Envelope | Turnings) -> bytes:
    return _encoder.encode(value)


def decode(payload: bytes) -> Envelope:
    """Raises msgspec.DecodeError or ValidationError on anything else."""
    return _envelope.decode(payload)


def decode_turnings(payload: bytes) -> Turnings:
    return _turnings.decode(payload)
