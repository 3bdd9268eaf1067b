"""Read statistics: one figure as it is or as it was known, and series of many places and periods at one epoch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from haidang.engine.contracts.sheets.days import Period
from haidang.engine.indicators import figure_rows, periods, rollup
from haidang.engine.indicators.catalogue import Catalogue
from haidang.engine.indicators.figure_rows import Row, Subject
from haidang.engine.indicators.gathering import as_kept
from haidang.engine.indicators.rollup import RollUp
from haidang.engine.indicators.statistic import bare
from haidang.engine.places.models import Place
from haidang.engine.store import epochs


@dataclass(frozen=True, slots=True)
class Answer:
    """One figure with everything needed to explain it. `id` and `epoch` are None when it was rolled up for this
    question: then `there` of `expected` places or periods are in it.
    """

    indicator: str
    place: Place
    period: Period
    at: datetime
    value: float | None
    unit: str
    status: str  # ok, missing, failed; of a roll-up also partial and refused
    formula_sha256: str = ""
    # As docs/decisions/0016 says; of a roll-up {"kind": "rolled_up", "rule": …, "inputs": …}.
    detail: dict[str, Any] = field(default_factory=dict)
    epoch: int | None = None
    id: int | None = None
    there: int = 1
    expected: int = 1
    why: str = ""


def place_on(code: str, period: Period) -> Place:
    """The unit with this code as it stood on the period's last day. Raises Place.DoesNotExist."""
    return Place.objects.on(period.last_day).select_related("parent").get(code=code)


def successor_of(place: Place, period: Period) -> Place | None:
    """The unit that took this one's code after the period: what offices tell of the time before a merger stands there."""
    later = Place.objects.filter(level=place.level, code=place.code, valid_from_date__gt=period.last_day)
    return later.exclude(name=place.name).order_by("valid_from_date").last()


def epoch_of(as_of: datetime | None) -> int | None:
    """What figures are read at; None is now. Raises FutureQuestion."""
    return None if as_of is None else epochs.resolve(as_of)


def figure(
    catalogue: Catalogue, address: str, place: Place, period: Period, as_of: datetime | None = None
) -> Answer:
    """The figure of a place and period, as it was published; where none is, what its communes, or its months, come to.
    Raises KeyError for an unknown indicator, ValueError for a period shorter than its own, FutureQuestion.
    """
    if address not in catalogue:
        raise KeyError(address)
    statistic, epoch = catalogue.entries[bare(address)].statistic, epoch_of(as_of)
    end, unit = periods.end_of(period), catalogue.unit_text(address)
    if period.kind != statistic.period:
        found = rollup.over_time(catalogue, address, [place.pk], period, epoch)[place.pk]
        return _rolled_up(address, place, period, unit, catalogue.over_time(address), found)
    row = figure_rows.read([address], [place.pk], [end], epoch).get(Subject(address, place.pk, end))
    if row is not None:
        return Answer(
            address, place, period, end, row.value, unit, row.status, row.formula_sha256, dict(row.detail),
            row.epoch, row.id,
        )  # fmt: skip
    if place.level == Place.Level.PROVINCE and catalogue.level(address) == "commune":
        found = rollup.over_places(catalogue, address, place.pk, period, epoch)
        return _rolled_up(address, place, period, unit, catalogue.over_places(address), found)
    return Answer(address, place, period, end, None, unit, "missing", there=0)


def _rolled_up(address: str, place: Place, period: Period, unit: str, rule: Any, found: RollUp) -> Answer:
    detail = {
        "kind": "rolled_up", "rule": rule if isinstance(rule, str) else f"weighted by {rule.weighted}",
        "inputs": [as_kept(subject, row) for subject, row in found.inputs],
    }  # fmt: skip
    return Answer(
        address, place, period, periods.end_of(period), found.value, unit, found.status, detail=detail,
        there=found.there, expected=found.expected, why=found.why,
    )  # fmt: skip


Series = dict[tuple[str, int], dict[datetime, Row]]


def series(
    addresses: Iterable[str], places: Iterable[int], first: Period, last: Period, epoch: int | None = None
) -> Series:
    """Figures of these indicators and places from the period `first` to `last`, as known at `epoch`: address and place
    → end of the period → figure, the oldest first. Periods without one are absent. One query.
    """
    found: Series = {}
    for row in figure_rows.span(addresses, places, periods.end_of(first), periods.end_of(last), epoch):
        found.setdefault((row.subject.indicator, row.subject.place_id), {})[row.subject.at] = row
    return found


def at_places(
    address: str, places: Sequence[int], period: Period, epoch: int | None = None
) -> dict[int, Row]:
    """One indicator in one period, of many places: a map, a ranking. Places without a figure are absent. One query."""
    rows = figure_rows.read([address], places, [periods.end_of(period)], epoch)
    return {subject.place_id: row for subject, row in rows.items()}


def newest(
    addresses: Iterable[str], places: Iterable[int], epoch: int | None = None
) -> dict[tuple[str, int], Row]:
    """The last figure with a value of each indicator and place, as known at `epoch`. One query."""
    return {
        (row.subject.indicator, row.subject.place_id): row
        for row in figure_rows.newest(addresses, places, epoch)
    }


def versions(subject: Subject) -> list[tuple[Row, datetime]]:
    """Every version of one figure with the time it became known, the oldest first."""
    return figure_rows.versions(subject)
