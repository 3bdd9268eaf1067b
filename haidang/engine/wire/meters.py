"""Figures of the doors for Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from haidang.engine import clock
from haidang.engine.connectors.arrival import Accept, Arrival, Receipt, Refused
from haidang.engine.wire.publisher import Publisher


class Meters:
    """Counts what passes `accept`, and what the publisher says of itself."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher
        self._registry = CollectorRegistry()
        own = self._registry
        self._arrivals = Counter("haidang_door_arrivals", "Taken, durable", ["door"], registry=own)
        self._records = Counter("haidang_door_records", "Records in what was taken", ["door"], registry=own)
        self._refused = Counter(
            "haidang_door_refused", "Not taken by the stream", ["door", "reason"], registry=own
        )
        self._seconds = Histogram(
            "haidang_door_durable_seconds", "From whole to durable", ["door"], registry=own
        )
        self._messages = Gauge("haidang_wire_messages", "Messages published", registry=own)
        self._packed = Gauge("haidang_wire_arrivals_per_message", "Arrivals one fsync paid for", registry=own)
        self._waiting = Gauge("haidang_wire_waiting_bytes", "Waiting to be published", registry=own)
        self._mqtt = Gauge("haidang_mqtt_connected", "1 while connected to the broker", registry=own)

    def counting(self, accept: Accept) -> Accept:
        """The same `accept`, counted."""

        async def counted(arrival: Arrival) -> Receipt:
            start = clock.timestamp()
            try:
                receipt = await accept(arrival)
            except Refused as refused:
                self._refused.labels(arrival.door, refused.reason).inc()
                raise
            self._arrivals.labels(arrival.door).inc()
            self._records.labels(arrival.door).inc(arrival.records)
            self._seconds.labels(arrival.door).observe(clock.timestamp() - start)
            return receipt

        return counted

    def text(self, *, mqtt_connected: bool) -> bytes:
        self._messages.set(self._publisher.messages)
        self._packed.set(self._publisher.arrivals / max(1, self._publisher.messages))
        self._waiting.set(self._publisher.waiting_bytes)
        self._mqtt.set(mqtt_connected)
        return generate_latest(self._registry)
