"""Where rows come from: which of two was received first, and whether two were part of the same bytes.

Asked only where a value differs from the one that is known, which is rare; the common row costs nothing here.
"""

from __future__ import annotations

import msgspec

from haidang.engine.contracts.columns import Columns
from haidang.engine.contracts.records import divide
from haidang.engine.ingest.keeping import Parcel
from haidang.engine.store import trace
from haidang.engine.store.models import Delivery
from haidang.engine.store.writing import Order, Part, Place

_UNKNOWN: Order = (0, 0, 0, 0)


class Origins:
    """`store.writing.Origins` over the parcels of a batch and the deliveries in the record."""

    def __init__(self, parcels: list[Parcel], rows: Columns) -> None:
        self.parcels, self.rows = parcels, rows
        # A message stored in slices meets itself in the record.
        self._earlier: dict[int, Parcel | None] = {parcel.id: parcel for parcel in parcels}

    def bytes_here(self, row: int) -> bytes:
        """Digest of the message or file a row of this batch is part of."""
        parcel, ordinal = self._here(row)
        return parcel.bytes_around(ordinal)

    def part_here(self, row: int) -> Part:
        """Which message or file it is."""
        parcel, ordinal = self._here(row)
        return parcel.id, parcel.part_of(ordinal)

    def whole_of(self, place: Place) -> tuple[bytes, Part] | None:
        """Both of an earlier record; None when its delivery is gone."""
        delivery_id, ordinal = place
        earlier = self._of(delivery_id)
        if earlier is None:
            return None
        return earlier.bytes_around(ordinal), (delivery_id, earlier.part_of(ordinal))

    def order_here(self, row: int) -> Order:
        """When a row of this batch was received."""
        parcel, ordinal = self._here(row)
        return _order(parcel, ordinal)

    def order_of(self, place: Place) -> Order:
        """When an earlier record was received; the beginning of time when its delivery is gone."""
        earlier = self._of(place[0])
        return _UNKNOWN if earlier is None else _order(earlier, place[1])

    def _here(self, row: int) -> tuple[Parcel, int]:
        return self.parcels[int(self.rows.delivery[row])], int(self.rows.ordinal[row])

    def _of(self, delivery_id: int) -> Parcel | None:
        if delivery_id not in self._earlier:
            self._earlier[delivery_id] = _unpacked(delivery_id)
        return self._earlier[delivery_id]


def _order(parcel: Parcel, ordinal: int) -> Order:
    came = parcel.arrivals[parcel.part_of(ordinal)].first_came
    return (parcel.birth, parcel.seq, ordinal, 0) if came is None else (*came, ordinal + 1)


def _unpacked(delivery_id: int) -> Parcel | None:
    """An earlier delivery, its parts told apart; None when its bytes are gone."""
    delivery = Delivery.objects.filter(pk=delivery_id).first()
    if delivery is None or delivery.body is None:
        return None
    try:
        earlier = Parcel.of(0, delivery.wire_seq, bytes(delivery.body), delivery.wire_stream)
        for arrival in earlier.arrivals:
            earlier.bases.append(earlier.records)
            if arrival is not earlier.arrivals[-1]:  # where the last one begins is all that is asked of it
                earlier.records += len(divide(trace.body_of(arrival), arrival.format))
    except (trace.BytesGone, msgspec.DecodeError, msgspec.ValidationError):
        return None
    return earlier
