"""A station, the content of our domains, and a conductor that takes bodies as a door would pack them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import Any

import pytest

from haidang.engine import clock
from haidang.engine.assets.models import Asset
from haidang.engine.connectors import counting
from haidang.engine.connectors.arrival import Arrival
from haidang.engine.contracts.tree import Tree, load_tree
from haidang.engine.indicators.book import book_of
from haidang.engine.indicators.kinds import KINDS
from haidang.engine.ingest.conduct import Conductor
from haidang.engine.ingest.incoming import Incoming
from haidang.engine.rules import evaluation
from haidang.engine.store.content import load_content, sheet_terms_of, terms_of
from haidang.engine.store.models import Delivery
from haidang.engine.wire import envelope


@cache
def content() -> Tree:
    """Our domains, read once: a test changes the record, never the content."""
    return load_tree(kinds=KINDS)


@dataclass
class Sender:
    """Hands bodies to the conductor and gives back the delivery each became."""

    conductor: Conductor
    numbers: count[int] = field(default_factory=lambda: count(1))

    def message(self, body: object, source: str = "environment.station_readings", **more: Any) -> Incoming:
        """The message of the stream a door would have made of this body."""
        raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        form = more.pop("format", "json")
        arrival = Arrival(
            source=source, door="push", received_at=clock.timestamp(), credential="tester", format=form, body=raw,
            size=len(raw), records=counting.count(raw, form), **more,
        )  # fmt: skip
        return Incoming(next(self.numbers), envelope.encode(envelope.Envelope(arrivals=[arrival])))

    def send(self, body: object, source: str = "environment.station_readings", **more: Any) -> Delivery:
        """Take one body and return its delivery."""
        message = self.message(body, source, **more)
        self.conductor.take([message])
        return Delivery.objects.get(wire_seq=message.seq)

    def file(self, name: str, *lines: str) -> Delivery:
        """Take one station file of the given lines."""
        body = "".join(f"{line}\r\n" for line in lines).encode()
        return self.send(body, "environment.air_station_files", format="lines", name=name)


@pytest.fixture
def sender(db: None) -> Sender:
    """A fresh record with our content and two registered stations."""
    load_content(content())
    Asset.objects.create(code="KK-1", name="Trạm Tân Ninh", kind="air", domain="environment")
    Asset.objects.create(code="NM-1", name="Trạm sông Vàm Cỏ", kind="water", domain="environment")
    evaluation.reload()
    return Sender(Conductor(terms_of(content()), book_of(content()), sheet_terms_of(content())))


def reading(
    parameter: str, value: object, at: str, unit: str = "µg/m3", status: str = "00"
) -> dict[str, object]:
    """One reading as a station writes it."""
    return {"parameter": parameter, "value": value, "unit": unit, "at": at, "status": status}


@pytest.fixture
def read() -> Callable[..., dict[str, object]]:
    return reading
