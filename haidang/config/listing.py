"""Stored readings for the command line, one after the other: a hundred million take no more memory than one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from haidang.engine import clock
from haidang.engine.assets.models import Asset
from haidang.engine.store import epochs
from haidang.engine.store.models import Series, Source

_NAMES = (
    "series", "station", "source", "parameter", "at", "value", "unit", "status", "delivery", "ordinal", "epoch",
    "superseded",
)  # fmt: skip
_SELECT = (
    "SELECT s.id, a.code, src.address, s.parameter, o.at, nullif(o.value, 'NaN'), s.unit, o.status, o.delivery_id,"
    " o.ordinal, o.epoch, o.superseded FROM store_observation o JOIN store_series s ON s.id = o.series_id"
    " JOIN assets_asset a ON a.id = s.asset_id JOIN store_source src ON src.id = s.source_id"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which readings; None means any."""

    station: str | None
    source: str | None
    parameter: str | None
    after: datetime | None
    until: datetime | None
    versions: bool


def rows(wanted: Wanted, as_of: datetime | None) -> Iterator[dict[str, Any]]:
    """Readings, the oldest first. Raises FutureQuestion."""
    epoch = None if as_of is None else epochs.resolve(as_of)
    return _read(wanted, "true" if wanted.versions else epochs.visible("o", epoch))


def _read(wanted: Wanted, condition: str) -> Iterator[dict[str, Any]]:
    wheres: list[str] = [condition]
    args: list[Any] = []
    for comparison, value in (
        ("a.code =", wanted.station),
        ("src.address =", wanted.source),
        ("s.parameter =", wanted.parameter),
        ("o.at >", wanted.after),
        ("o.at <=", wanted.until),
    ):
        if value is not None:
            wheres.append(f"{comparison} %s")
            args.append(value)
    # A cursor on the server lives in a transaction; without one it would hold a copy of all rows.
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(f"{_SELECT} WHERE {' AND '.join(wheres)} ORDER BY o.at, s.id, o.epoch", args)
        while found := cursor.fetchmany(2000):
            for values in found:
                row = dict(zip(_NAMES, values, strict=True))
                row["at"] = clock.local(row["at"]).isoformat()
                row["status"] = f"{row['status']:02d}"
                yield row


def unknown(wanted: Wanted) -> Iterator[str]:
    """Why nothing was found, where a name is the reason."""
    if wanted.station and not Asset.objects.filter(code=wanted.station).exists():
        yield f"station {wanted.station!r} is not registered; see: haidang station list"
    if wanted.source and not Source.objects.filter(address=wanted.source).exists():
        yield f"there is no source {wanted.source!r}; see: haidang source list"
    if wanted.parameter and not Series.objects.filter(parameter=wanted.parameter).exists():
        known = ", ".join(Series.objects.order_by("parameter").values_list("parameter", flat=True).distinct())
        yield f"nothing was ever stored of {wanted.parameter!r}; there are: {known or 'no readings yet'}"
