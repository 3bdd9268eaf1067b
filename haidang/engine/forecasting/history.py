"""The history of one statistic at one place: its last values without a gap, as known at an epoch."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
from django.db import connection

from haidang.engine.contracts.sheets.days import PeriodName
from haidang.engine.forecasting.methods import Numbers
from haidang.engine.indicators import figure_rows, periods
from haidang.engine.indicators.catalogue import Catalogue
from haidang.engine.indicators.gathering import is_counted, whole
from haidang.engine.indicators.territory import Territory
from haidang.engine.places.models import Place
from haidang.engine.store import epochs

LONGEST = 1200  # periods; a season of weeks needs 156
_BEGIN, _END = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class History:
    """Values of consecutive periods, the oldest first, with the ends of the periods."""

    kind: PeriodName
    ends: Sequence[datetime]
    values: Numbers

    @property
    def sha256(self) -> str:
        """Of everything a forecast follows from: the same history makes the same forecast."""
        text = "\n".join(
            f"{end.astimezone(UTC).isoformat()} {value!r}"
            for end, value in zip(self.ends, self.values.tolist(), strict=True)
        )
        return hashlib.sha256(text.encode()).hexdigest()

    def coming(self, many: int) -> list[datetime]:
        """Ends of the next periods."""
        last = periods.ending(self.ends[-1], self.kind)
        return [periods.end_of(periods.back(last, -number)) for number in range(1, many + 1)]


def spans_of(place: Place) -> list[int]:
    """Every row of this unit: a unit has one for each span of time, and its figures stand at the one valid then."""
    same = Place.objects.filter(level=place.level, code=place.code, name=place.name)
    return list(same.values_list("pk", flat=True))


def history_of(catalogue: Catalogue, address: str, place: Place, epoch: int | None = None) -> History:
    """Up to the newest value. Of a province, where only communes are counted, what they come to. Raises KeyError."""
    kind = catalogue.entries[address].statistic.period
    ids = spans_of(place)
    rows = figure_rows.span([address], ids, _BEGIN, _END, epoch)
    known = {row.subject.at: row.value for row in rows if row.value is not None}
    if not rows and place.level == Place.Level.PROVINCE and is_counted(catalogue, address):
        known = _added_up(catalogue, address, ids, epoch)
    return without_gap(kind, known)


def _added_up(
    catalogue: Catalogue, address: str, ids: Sequence[int], epoch: int | None
) -> dict[datetime, float]:
    """Of the periods for which every commune of the province has its number: a part is no whole. The communes are those
    of that day, or all of today's, where the office tells a past period on today's units and nobody on others.
    """
    territory, rule = Territory(ids), catalogue.over_places(address)
    communes = Place.objects.filter(parent__in=ids, level=Place.Level.COMMUNE).values_list("pk", flat=True)
    parts: dict[datetime, dict[int, float]] = defaultdict(dict)
    for at, place_id, value in _values_of(address, list(communes), epoch):
        parts[at][place_id] = value
    found: dict[datetime, float] = {}
    if not parts:
        return found
    today = _members(territory, ids, periods.last_day(max(parts)))
    for at, those in parts.items():
        expected = _members(territory, ids, periods.last_day(at))
        members = expected if expected and those.keys() >= set(expected) else today
        total = whole(rule, [those.get(one) for one in members]) if members else None
        if total is not None and those.keys() <= set(members):
            found[at] = total
    return found


def _members(territory: Territory, ids: Sequence[int], day: date) -> list[int]:
    """Of whichever row of the province stood then."""
    return next((members for one in ids if (members := territory.communes(one, day))), [])


def _values_of(address: str, places: Sequence[int], epoch: int | None) -> list[tuple[datetime, int, float]]:
    """Only numbers: of all communes of ten years the details would be tens of megabytes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.at, f.place_id, f.value FROM indicators_figure f WHERE f.indicator = %s"
            f" AND f.place_id = ANY(%s) AND f.value IS NOT NULL AND {epochs.visible('f', epoch)}",
            [address, list(places)],
        )
        return list(cursor.fetchall())


def without_gap(kind: PeriodName, known: dict[datetime, float]) -> History:
    """The newest values that follow each other: what stands before a gap is not looked at."""
    if not known:
        return History(kind, [], np.empty(0))
    last = periods.ending(max(known), kind)
    ends: list[datetime] = []
    for number in range(LONGEST):
        end = periods.end_of(periods.back(last, number))
        if end not in known:
            break
        ends.append(end)
    ends.reverse()
    return History(kind, ends, np.array([known[end] for end in ends], dtype=np.float64))
