"""A message of very many records, stored in slices: between two of them live messages take their turn.

Each slice is a transaction like any other – checked, appended, judged, with an epoch and outcomes of its own. The
delivery says how many records of it are stored and that more follow (`unfinished`), so a message that comes again
after `kill -9` goes on there (docs/decisions/0014).
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import msgspec
from django.db import InterfaceError, OperationalError, connection, transaction

from haidang.engine import clock
from haidang.engine.connectors.arrival import Arrival
from haidang.engine.contracts import check
from haidang.engine.contracts.batch import Batch, Misfit, fault
from haidang.engine.contracts.records import Record, divide, divided
from haidang.engine.crashpoint import crashpoint
from haidang.engine.ingest.conduct import Conductor, seek_by_key
from haidang.engine.ingest.failing import refuse_blindly
from haidang.engine.ingest.incoming import Incoming, published
from haidang.engine.ingest.keeping import Parcel
from haidang.engine.store import trace

log = logging.getLogger("haidang.ingest")
# Records of one slice. A live reading waits for half of one on average; each costs a commit.
SLICE = 1_000


@dataclass(frozen=True, slots=True)
class Piece:
    """What a slice holds of one arrival: all of it, or some of its records."""

    part: int
    arrival: Arrival
    begins: bool = True  # with the first record of the arrival
    body: bytes = b""
    records: Sequence[Record] | None = None  # None: all of them, to be divided by the check
    fails: Misfit | None = None  # every record of it, for this reason
    untold: int = 0  # records that cannot be told apart

    def count(self) -> int:
        """How many records it holds."""
        if self.records is not None or self.untold:
            return len(self.records or ()) or self.untold
        try:
            return len(divide(trace.body_of(self.arrival), self.arrival.format))
        except trace.BytesGone:
            return self.arrival.records

    def after(self, stored: int) -> Piece:
        """Without its first records."""
        if self.untold:
            return replace(self, begins=False, untold=self.untold - stored)
        if self.records is not None:
            return replace(self, begins=False, records=self.records[stored:])
        try:
            body = trace.body_of(self.arrival)
        except trace.BytesGone:
            return replace(self, begins=False, fails=_gone(self.arrival), untold=self.count() - stored)
        return replace(self, begins=False, body=body, records=divide(body, self.arrival.format)[stored:])


def slices(arrivals: Sequence[Arrival]) -> Iterator[list[Piece]]:
    """Small arrivals together, large ones in parts that are divided when their turn comes."""
    whole: list[Piece] = []
    size = 0
    for part, arrival in enumerate(arrivals):
        if whole and size + arrival.records > SLICE:
            yield whole
            whole, size = [], 0
        if arrival.records > SLICE:
            yield from _runs(part, arrival)
        else:
            whole.append(Piece(part, arrival))
            size += arrival.records
    if whole:
        yield whole


def _runs(part: int, arrival: Arrival) -> Iterator[list[Piece]]:
    done = 0
    try:
        body = trace.body_of(arrival)
        records = divided(body, arrival.format)
        while run := list(islice(records, SLICE)):
            yield [Piece(part, arrival, done == 0, body, run)]
            done += len(run)
    except trace.BytesGone:
        fails = _gone(arrival)
    except Exception as error:
        log.exception("a delivery of %s cannot be divided further", arrival.source)
        fails = _ours(arrival, error)
    else:
        return
    for first in range(done, arrival.records, SLICE):
        yield [Piece(part, arrival, first == 0, fails=fails, untold=min(SLICE, arrival.records - first))]


def _gone(arrival: Arrival) -> Misfit:
    args = {"place": arrival.name, "sha256": arrival.file or "", "source": arrival.source[:80]}
    return Misfit("file_missing", args)


def _ours(arrival: Arrival, error: Exception) -> Misfit:
    detail = f"{type(error).__name__}: {error}"[:300]
    return Misfit("fault_of_ours", {"detail": detail, "source": arrival.source[:80]})


class Bulk:
    """One message under way, and how far it has come."""

    def __init__(self, conductor: Conductor, message: Incoming) -> None:
        self.conductor, self.message = conductor, message
        self._parcel: Parcel | None = None
        try:
            self._parcel = Parcel.of(0, message.seq, message.payload, message.birth)
        except (msgspec.DecodeError, msgspec.ValidationError):
            return
        # The slice in hand stands first: it is taken off when its transaction is known to have ended.
        self._ahead: deque[list[Piece]] = deque()
        self._source = slices(self._parcel.arrivals)
        self._reached = 0  # ordinal of the first record of the slice in hand

    def go_on(self) -> bool:
        """Store the next slice; False when all are stored. Raises OperationalError when the database is away: call
        again then, what was stored meanwhile is found in the record.
        """
        if self._parcel is None:  # no envelope: kept as it is
            self.conductor.take([self.message])
            return False
        try:
            return self._step(self._parcel)
        except (OperationalError, InterfaceError):
            self.conductor.forget()
            raise
        except Exception as error:  # a bug of ours must cost its records their outcome, not the flow
            log.exception("a slice of message %d failed", self.message.seq)
            self.conductor.forget()
            self._narrow(error)
            return True

    def _step(self, parcel: Parcel) -> bool:
        with transaction.atomic():
            seek_by_key()
            stored = self._stored(parcel)
            if stored is None:
                return False
            self._skip_to(parcel, stored)
            if not self._ahead:  # by what is in the record already
                self._end(parcel)
                return False
            stages = published([self.message]) | {"taken": clock.timestamp()}
            self.conductor.registry.look_again()
            batch = self._check(parcel, self._ahead[0])
            parcel.unfinished = self._fetch(2)
            self.conductor.keep([parcel], batch, stages)
        crashpoint("ingest.after_commit")
        self._reached = parcel.records
        self._ahead.popleft()
        crashpoint("ingest.between_slices")
        return parcel.unfinished

    def _stored(self, parcel: Parcel) -> int | None:
        """How many records of this message the record holds; None when it holds all."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, received, unfinished FROM store_delivery"
                " WHERE wire_stream = %s AND wire_seq = %s AND wire_seq > 0 FOR UPDATE",
                [parcel.birth, parcel.seq],
            )
            row = cursor.fetchone()
        if row is None:
            return 0
        parcel.id, received, unfinished = row
        return received if unfinished else None

    def _end(self, parcel: Parcel) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE store_delivery SET unfinished = false WHERE id = %s", [parcel.id])

    # --- slices ----------------------------------------------------------------------------------------------
    def _fetch(self, wanted: int) -> bool:
        """Have so many slices ahead, where there are as many."""
        while len(self._ahead) < wanted and (found := next(self._source, None)):
            self._ahead.append(found)
        return len(self._ahead) >= wanted

    def _skip_to(self, parcel: Parcel, stored: int) -> None:
        """Leave out the records that are stored. A slice may have been cut elsewhere by the version that stored it."""
        while self._fetch(1) and self._reached < stored:
            left: list[Piece] = []
            for piece in self._ahead[0]:
                self._begin(parcel, piece, self._reached)
                wanting = stored - self._reached
                held = piece.count() if wanting else 0
                if held > wanting or not wanting:
                    left.append(piece.after(wanting) if wanting else piece)
                self._reached += min(held, wanting)
            self._ahead.popleft()
            if left:
                self._ahead.appendleft(left)

    @staticmethod
    def _begin(parcel: Parcel, piece: Piece, ordinal: int) -> None:
        if piece.begins:
            parcel.bases[piece.part :] = [ordinal]

    def _narrow(self, error: Exception) -> None:
        """Piece by piece first; a piece that fails alone fails with every record, and with their number at last."""
        pieces = self._ahead.popleft()
        if len(pieces) > 1:
            self._ahead.extendleft([piece] for piece in reversed(pieces))
            return
        (piece,) = pieces
        if piece.untold:
            raise error
        if piece.fails is None:
            piece = replace(piece, fails=_ours(piece.arrival, error))
        else:
            untold = len(piece.records or ()) or piece.arrival.records
            piece = replace(piece, untold=untold, records=None)
        self._ahead.appendleft([piece])

    # --- check -----------------------------------------------------------------------------------------------
    def _check(self, parcel: Parcel, pieces: Sequence[Piece]) -> Batch:
        batch = Batch()
        parcel.first = parcel.records = self._reached
        parcel.at_hand = (0, b"", ())
        parcel.outcomes.clear()
        for piece in pieces:
            self._begin(parcel, piece, parcel.records)
            parcel.records += self._check_piece(parcel, piece, batch)
        return batch

    def _check_piece(self, parcel: Parcel, piece: Piece, batch: Batch) -> int:
        arrival, records, fails = piece.arrival, piece.records, piece.fails
        view = self.conductor.registry.view(arrival.source)
        if view is not None:
            parcel.source, parcel.contract_sha256 = view.source, view.terms.contract_sha256
        elif fails is None:
            fails = Misfit("unknown_source", {"source": arrival.source[:80]})
        if piece.untold:
            return refuse_blindly(batch, parcel, fails or _gone(arrival), piece.untold)
        if records is None and piece.fails is None:
            return self.conductor.check_one(arrival, batch, parcel)
        body = piece.body
        if records is None:
            body = trace.body_of(arrival)
            records = divide(body, arrival.format)
        parcel.at_hand = (parcel.records, body, records)
        if fails is None and view is not None:
            check.check_some(
                arrival, body, records, view.terms.contract, view, batch, parcel.index, parcel.records
            )
        elif fails is not None:
            for number, record in enumerate(records):
                fault(batch, parcel.index, parcel.records + number, fails, record, body)
        return len(records)
