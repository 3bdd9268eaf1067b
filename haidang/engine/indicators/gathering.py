"""Find the figures a number is made of: of which periods, and of which places where a province has none of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from haidang.engine.contracts.sheets.days import PeriodName
from haidang.engine.indicators import figure_rows, periods
from haidang.engine.indicators.catalogue import Catalogue
from haidang.engine.indicators.combining import CannotCombine, combine
from haidang.engine.indicators.figure_rows import Row, Subject
from haidang.engine.indicators.statistic import Rule, bare
from haidang.engine.indicators.territory import Territory

OLDEST = 2  # how many of its own periods a stock may be old

Rows = Mapping[Subject, Row]
# What was looked at, and what stood there.
Inputs = list[tuple[Subject, Row | None]]


def as_kept(subject: Subject, row: Row | None) -> list[Any]:
    """One input as `detail` keeps it: address, place, end of the period, figure, value."""
    at = subject.at.astimezone(UTC).isoformat()  # one way to write it, whoever asks
    return [subject.indicator, subject.place_id, at, row.id if row else None, row.value if row else None]


def with_members(places: Iterable[int], ends: Iterable[datetime], territory: Territory) -> set[int]:
    """These places, and the communes of those that are provinces."""
    found = set(places)
    days = {periods.last_day(end) for end in ends}
    return found | {one for place in found for day in days for one in territory.communes(place, day)}


def rows_for(
    catalogue: Catalogue,
    wanted: Mapping[str, Iterable[datetime]],
    places: Iterable[int],
    kind: PeriodName,
    territory: Territory,
    epoch: int | None,
    *,
    details: bool,
) -> Rows:
    """Every figure that `at_place` and `at_period` may look at for these periods (of `kind`) of each indicator; one
    query. `details`: whether with their `detail`.
    """
    everywhere, found = set(places), []
    for address, asked in wanted.items():
        ends = {one for end in asked for one in ends_of(catalogue, address, kind, end)}
        where = (
            with_members(everywhere, ends.union(asked), territory)
            if is_counted(catalogue, address)
            else everywhere
        )
        found.append(figure_rows.Block([address], sorted(where), sorted(ends)))
    return figure_rows.blocks(found, epoch, details=details)


def is_counted(catalogue: Catalogue, address: str) -> bool:
    """Whether offices state it by commune: a province's number is then what its communes come to."""
    return (
        catalogue.entries[bare(address)].statistic.origin is not None
        and catalogue.level(address) == "commune"
    )


def ends_of(catalogue: Catalogue, address: str, kind: PeriodName, end: datetime) -> list[datetime]:
    """Ends of an indicator's periods that count for the period of another kind that is over at `end`: all of the
    shorter ones in their order, or of longer ones those that may be the last known, the newest first.
    """
    theirs = catalogue.entries[bare(address)].statistic.period
    if periods.MONTHS[theirs] <= periods.MONTHS[kind]:
        return [periods.end_of(one) for one in periods.within(periods.ending(end, kind), theirs)]
    last = periods.holding(end, theirs)
    if periods.end_of(last) > end:
        last = periods.back(last, 1)
    return [periods.end_of(periods.back(last, number)) for number in range(OLDEST)]


def at_period(
    catalogue: Catalogue, address: str, kind: PeriodName, subject: Subject, rows: Rows, territory: Territory
) -> tuple[float | None, Inputs]:
    """An indicator at the place and for the period (of `kind`) of `subject`, in its own unit, and what it is made of."""
    statistic = catalogue.entries[bare(address)].statistic
    is_longer = periods.MONTHS[statistic.period] > periods.MONTHS[kind]
    # A stock is counted for the communes that ask, not for those of the year it was counted in.
    day = periods.last_day(subject.at) if is_longer else None
    found = [
        at_place(catalogue, Subject(address, subject.place_id, end), rows, territory, day)
        for end in ends_of(catalogue, address, kind, subject.at)
    ]
    if is_longer:
        return next((one for one in found if one[0] is not None), found[0])
    if len(found) == 1:
        return found[0]
    inputs = [one for _, looked_at in found for one in looked_at]
    return whole(catalogue.over_time(address), [number for number, _ in found]), inputs


def at_place(
    catalogue: Catalogue, subject: Subject, rows: Rows, territory: Territory, day: date | None = None
) -> tuple[float | None, Inputs]:
    """A figure as it stands; of a province, where only its communes are counted, their roll-up: the communes of `day`,
    without it those of the period's last day.
    """
    row = rows.get(subject)
    members = territory.communes(subject.place_id, day or periods.last_day(subject.at))
    if row is not None or not members or not is_counted(catalogue, subject.indicator):
        return (row.value if row else None), [(subject, row)]
    parts = [Subject(subject.indicator, member, subject.at) for member in members]
    values = [one.value if (one := rows.get(part)) else None for part in parts]
    return whole(catalogue.over_places(subject.indicator), values), [(part, rows.get(part)) for part in parts]


def whole(rule: Rule, values: Sequence[float | None]) -> float | None:
    """All of them as one; None while one is missing, and where the rule makes nothing of them without weights."""
    there = [value for value in values if value is not None]
    if len(there) < len(values):
        return None  # a part is no whole
    try:
        return combine(rule, there)
    except CannotCombine:
        return None
