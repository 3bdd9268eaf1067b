"""Send refused records through the path again, each as a new delivery of its own that cites the refusal."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec
import nats.errors
from django.db import transaction
from nats.js.errors import APIError

from haidang.engine import clock
from haidang.engine.audit.actions import record
from haidang.engine.connectors.arrival import Arrival
from haidang.engine.people.models import Person
from haidang.engine.store import trace
from haidang.engine.store.models import Delivery, Refusal
from haidang.engine.wire import envelope, stream


class StreamAway(OSError):
    """The stream cannot take anything now; nothing was marked as sent again."""


class NothingToReplay(LookupError):
    """None of these refusals can be sent again."""


def replay(refusal_ids: Sequence[int], person: Person | None, *, nats_url: str) -> int:
    """Publish the records of these refusals again; returns how many. Their stations' rights stay as they were.

    A refusal is closed by being sent again: what becomes of the record is told by the delivery it is then, and a
    new refusal where it still does not fit.
    """
    with transaction.atomic():
        wanted = Refusal.objects.select_for_update(of=("self",)).filter(pk__in=refusal_ids, replayed_at=None)
        arrivals = _arrivals(list(wanted.order_by("pk")))
        if not arrivals:
            raise NothingToReplay("these records were replayed before, or their bytes are gone")
        try:
            asyncio.run(_publish(arrivals, nats_url))
        except (nats.errors.Error, APIError, OSError) as error:
            raise StreamAway(str(error)) from error
        Refusal.objects.filter(pk__in=[int(arrival.name) for arrival in arrivals]).update(
            replayed_at=clock.now()
        )
        record(
            person=person,
            actor="" if person else "haidang replay",
            verb="source.replay",
            object=("refusal", arrivals[0].name),
            detail={"refusals": [arrival.name for arrival in arrivals]},
        )
    return len(arrivals)


def _arrivals(refusals: Sequence[Refusal]) -> list[Arrival]:
    """The records of these refusals that are still there. Each delivery is read and divided once."""
    deliveries = Delivery.objects.in_bulk({refusal.delivery_id for refusal in refusals})
    opened = trace.Opened()
    found = []
    for refusal in refusals:
        delivery = deliveries.get(refusal.delivery_id)
        if delivery is not None and (arrival := _arrival(refusal, delivery, opened)) is not None:
            found.append(arrival)
    return found


def _arrival(refusal: Refusal, delivery: Delivery, opened: trace.Opened) -> Arrival | None:
    """The one record as a body of its own, in the form and with the rights it first came with."""
    try:
        part, entry = opened.place_of(delivery, refusal.ordinal)
    except (trace.BytesGone, msgspec.DecodeError, IndexError):
        return None
    arrival, body, name = part.arrival, part.body, str(refusal.pk)
    original = arrival.original or arrival.name
    came = arrival.first_came or (delivery.wire_stream, delivery.wire_seq, refusal.ordinal)
    if arrival.file and entry.start == 0 and entry.end == len(body):
        # A whole file that could not be divided: it is named again, not sent again.
        return msgspec.structs.replace(
            arrival, door="replay", name=name, original=original, records=1, received_at=clock.timestamp(),
            first_came=came,
        )  # fmt: skip
    alone = body[entry.start : entry.end]
    if arrival.format != "lines" and entry.station is not None:
        alone = b'{"station":' + msgspec.json.encode(entry.station) + b',"readings":[' + alone + b"]}"
    return msgspec.structs.replace(
        arrival, door="replay", name=name, original=original, body=alone, file=None, size=len(alone), records=1,
        received_at=clock.timestamp(), format="lines" if arrival.format == "lines" else "json", first_came=came,
    )  # fmt: skip


async def _publish(arrivals: list[Arrival], nats_url: str) -> None:
    # The client itself would wait for ever: a person at a button must not.
    client = await asyncio.wait_for(stream.connect(nats_url, name="replay"), 5)
    try:
        js = client.jetstream(timeout=10)
        for arrival in arrivals:
            await js.publish(
                stream.subject(arrival.source), envelope.encode(envelope.Envelope(arrivals=[arrival]))
            )
    finally:
        await client.close()
