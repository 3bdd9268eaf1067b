"""Editions: what a data set held after one publication. Asked for now or by `as_of`, the same edition is the same bytes.

An edition is named by the last epoch that changed the data set, so it says nothing of the moment it was asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time

from django.db import connection

from haidang.engine import clock
from haidang.engine.opendata.datasets import Dataset
from haidang.engine.store import epochs


class NotOpenThen(LookupError):
    """The data set was not open yet at that instant."""


@dataclass(frozen=True, slots=True)
class Edition:
    """`epoch` is 0 and `at` None where nothing was published yet."""

    epoch: int
    at: datetime | None
    is_newest: bool = True

    @property
    def as_of(self) -> str:
        """As it is asked for: to the microsecond, as epochs are told apart."""
        return written(self.at) if self.at else ""


def written(at: datetime) -> str:
    """In UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


# Both halves are named, because each has its index and the whole has none.
EVERY = "f.place_id IS NOT NULL AND (f.superseded IS NULL OR f.superseded IS NOT NULL)"


def edition_of(dataset: Dataset, as_of: datetime | None = None) -> Edition:
    """The newest edition, or the one of an instant. Raises NotOpenThen, and FutureQuestion for what is to come."""
    newest = _last(dataset.address, None)
    if as_of is None:
        return newest
    found = _last(dataset.address, epochs.peek(as_of))
    # What stood there on the opening day may be older than that day, and its files name it by its own instant.
    if as_of < _opened_at(dataset) and (not found.epoch or found.epoch < first(dataset)):
        raise NotOpenThen(dataset.address)
    return Edition(found.epoch, found.at, found.epoch == newest.epoch)


def _opened_at(dataset: Dataset) -> datetime:
    return datetime.combine(dataset.open.since, time(), clock.LOCAL)


def first(dataset: Dataset) -> int:
    """Epoch of the edition that was opened; 0 where there was none yet."""
    return _last(dataset.address, epochs.peek(_opened_at(dataset))).epoch


def _last(address: str, epoch: int | None) -> Edition:
    """Epochs are committed in their order: whoever sees one sees all that are lower."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.id, e.committed_at FROM store_epoch e WHERE e.id = (SELECT max(f.epoch) FROM indicators_figure f"
            f" WHERE f.indicator = %s AND {EVERY} AND (%s::bigint IS NULL OR f.epoch <= %s))",
            [address, epoch, epoch],
        )
        row = cursor.fetchone()
    return Edition(*row) if row else Edition(0, None)


@dataclass(frozen=True, slots=True)
class Past:
    """One line of the list of editions."""

    edition: Edition
    figures: int


def editions(dataset: Dataset, until: Edition, most: int = 10) -> list[Past]:
    """The last editions since the opening up to this one with how many figures each brought or changed, the newest
    first.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.id, e.committed_at, count(*) FROM indicators_figure f JOIN store_epoch e ON e.id = f.epoch"
            f" WHERE f.indicator = %s AND {EVERY} AND f.epoch BETWEEN %s AND %s"
            " GROUP BY e.id, e.committed_at ORDER BY e.id DESC LIMIT %s",
            [dataset.address, first(dataset), until.epoch, most],
        )
        return [Past(Edition(number, at), figures) for number, at, figures in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Coverage:
    """`first` and `last` are the ends of the first and the last period; `figures` how many lines there are."""

    first: datetime
    last: datetime
    figures: int
    places: int


def coverage(addresses: list[str]) -> dict[str, Coverage]:
    """Of what there is now; a data set without a figure is absent. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.indicator, min(f.at), max(f.at), count(*), count(DISTINCT f.place_id) FROM indicators_figure f"
            " WHERE f.indicator = ANY(%s) AND f.place_id IS NOT NULL AND f.superseded IS NULL GROUP BY f.indicator",
            [addresses],
        )
        return {address: Coverage(*more) for address, *more in cursor.fetchall()}


def last_changes(addresses: list[str]) -> dict[str, datetime]:
    """When each was changed last. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.indicator, max(e.committed_at) FROM indicators_figure f JOIN store_epoch e ON e.id = f.epoch"
            " WHERE f.indicator = ANY(%s) AND f.place_id IS NOT NULL AND f.superseded IS NULL GROUP BY f.indicator",
            [addresses],
        )
        return dict(cursor.fetchall())
