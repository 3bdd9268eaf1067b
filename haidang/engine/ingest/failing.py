"""A message that breaks us: its records end as failed, by our fault, kept and replayable."""

from __future__ import annotations

import logging

import msgspec
import numpy as np

from haidang.engine import clock
from haidang.engine.connectors.arrival import Arrival
from haidang.engine.contracts.batch import Batch, Fault, Misfit, fault
from haidang.engine.contracts.columns import columns_of
from haidang.engine.contracts.records import divide
from haidang.engine.ingest import keeping
from haidang.engine.ingest.incoming import Incoming
from haidang.engine.ingest.keeping import Parcel
from haidang.engine.notify.outbox import announce
from haidang.engine.store import epochs, trace
from haidang.engine.store.registry import Registry

log = logging.getLogger("haidang.ingest")


def fail(message: Incoming, detail: str, registry: Registry, *, whole: bool) -> None:
    """Keep a message, count every record of it as failed; `whole`: without looking into its parts."""
    batch = Batch()
    try:
        parcel = Parcel.of(0, message.seq, message.payload, message.birth)
    except (msgspec.DecodeError, msgspec.ValidationError):
        parcel = Parcel.unreadable(0, message.seq, message.payload, message.birth)
    told = parcel.arrivals
    if whole:
        parcel.arrivals = []
        for arrival in told:
            misfit = Misfit("fault_of_ours", {"detail": detail, "source": arrival.source[:80]})
            parcel.records += refuse_blindly(batch, parcel, misfit, arrival.records)
    for arrival in parcel.arrivals:
        parcel.bases.append(parcel.records)
        fail_arrival(arrival, batch, parcel, detail, registry)
    if not told:
        batch.faults.append(
            Fault(0, 0, "fault_of_ours", {"place": "—", "detail": detail, "source": message.source}, "")
        )
        parcel.records = 1
    now = clock.now()
    rows = columns_of(batch)
    keeping.number([parcel])
    keeping.refuse([parcel], batch.faults, now)
    epoch = epochs.take("ingest")
    keeping.count([parcel], rows, np.empty(0, dtype=np.int8), batch.faults)
    keeping.write([parcel], epoch, now)
    keeping.pulse([parcel], rows, np.empty(0, dtype=np.int8), registry, now)
    announce([("sources", parcel.address)])


def fail_arrival(arrival: Arrival, batch: Batch, parcel: Parcel, detail: str, registry: Registry) -> None:
    """Every record of one arrival as failed, by our fault."""
    view = registry.view(arrival.source)
    if view is not None:
        parcel.source = view.source
    misfit = Misfit("fault_of_ours", {"detail": detail, "source": arrival.source[:80]})
    before = len(batch.faults)
    try:
        body = trace.body_of(arrival)
        for number, record in enumerate(divide(body, arrival.format)):
            fault(batch, parcel.index, parcel.records + number, misfit, record, body)
    except Exception as error:  # noqa: BLE001 - perhaps the very fault that brought us here
        log.warning("records of an arrival of %s cannot be told apart: %s", arrival.source, error)
        del batch.faults[before:]
        refuse_blindly(batch, parcel, misfit, arrival.records)
    parcel.records += len(batch.faults) - before


def refuse_blindly(batch: Batch, parcel: Parcel, misfit: Misfit, records: int) -> int:
    """Fail so many records of a body that cannot be divided; how many."""
    for number in range(records):
        batch.faults.append(Fault(parcel.index, parcel.records + number, misfit.reason, misfit.args, ""))
    return records
