"""The figures a scorecard looks at, of one period and province, as known at an epoch; with the parts of each centre."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from haidang.engine.contracts.sheets.centres import Centres
from haidang.engine.indicators import figure_rows, periods
from haidang.engine.indicators.by_line import Lines, computed, kept_lines
from haidang.engine.indicators.catalogue import Catalogue
from haidang.engine.indicators.figure_rows import Row, Subject
from haidang.engine.indicators.statistic import bare
from haidang.engine.kept import Kept
from haidang.engine.places.models import Place
from haidang.engine.scorecards.definition import Scorecard, ScorecardVersion
from haidang.engine.scorecards.over_figures import Number, Scored, scored


@dataclass(frozen=True, slots=True)
class PeriodScore:
    """What a scorecard comes to for one period. `places`: indicator → the row of the province its figure stands at."""

    version: ScorecardVersion
    at: datetime
    scored: Scored
    places: Mapping[str, int]


def score_of(
    catalogue: Catalogue, card: Scorecard, places: Iterable[int], at: datetime, epoch: int | None = None
) -> PeriodScore:
    """Points of the period that is over at `at`. `places` are all rows of one province. One query, and one more where
    it is not remembered. Raises LookupError where no version was in force.
    """
    version = card.on(periods.last_day(at))
    wanted = [one for one in (card.volume, *figures_of(version)) if one in catalogue.entries]
    rows = _rows(catalogue, wanted, places, at, epoch)
    # A version of a figure never changes: what was computed of these very versions is not computed again.
    key = at, tuple(sorted(row.id for row in rows.values()))
    return _KEPT.answer(key, (catalogue, card), lambda: _made(catalogue, card, version, at, wanted, rows))


# Periods as they were known then: a board shows two, whoever looks back some more.
_KEPT: Kept[PeriodScore] = Kept(32)


def _made(
    catalogue: Catalogue, card: Scorecard, version: ScorecardVersion, at: datetime, wanted: Iterable[str], rows: Mapping[str, Row]
) -> PeriodScore:  # fmt: skip
    numbers = {address: _number(catalogue, address, rows) for address in wanted}
    where = {address: row.subject.place_id for address, row in rows.items()}
    province = Place.objects.filter(pk__in=where.values()).first()
    centres = Centres(province.code if province else "", periods.last_day(at))
    return PeriodScore(version, at, scored(version, numbers, card.volume, centres), where)


def figures_of(version: ScorecardVersion) -> list[str]:
    """Every indicator the version's rows name, each once."""
    return list(dict.fromkeys(one for row in version.rows.values() for one in row.figures.values()))


def _rows(
    catalogue: Catalogue, wanted: Iterable[str], places: Iterable[int], at: datetime, epoch: int | None
) -> dict[str, Row]:
    """The figures and all that their formulas look at: what has a number stands before what has none."""
    every, todo = set(), list(wanted)
    while todo:
        address = todo.pop()
        if address not in every and address in catalogue.entries:
            every.add(address)
            todo += [bare(one) for one in catalogue.entries[address].inputs]
    found: dict[str, Row] = {}
    for row in figure_rows.read(every, places, [at], epoch).values():
        before = found.get(row.subject.indicator)
        if before is None or (before.value is None and row.value is not None):
            found[row.subject.indicator] = row
    return found


def _number(catalogue: Catalogue, address: str, rows: Mapping[str, Row]) -> Number:
    row, scale = rows.get(address), catalogue.unit(address).scale
    value = row.value if row else None
    parts = _parts(catalogue, address, rows)
    return Number(_plain(value, scale), {name: _plain(one, scale) or 0.0 for name, one in parts.items()})


def _plain(value: float | None, scale: Fraction) -> float | None:
    """In the unit itself: 92.5 of a hundredth is 0.925."""
    if value is None or scale == 1:
        return value
    return float(Fraction(str(value)) * scale)


def _parts(catalogue: Catalogue, address: str, rows: Mapping[str, Row]) -> Lines:
    """Also where the whole is not known: a centre does not lose its points because another one's list leaves it open."""
    row, entry = rows.get(address), catalogue.entries[address]
    if not entry.inputs:
        return kept_lines(row) if row else {}
    by_input = {one: _parts(catalogue, bare(one), rows) for one in entry.inputs}
    example = row or next((rows[one] for one in by_input if one in rows), None)
    if example is None:
        return {}
    subject = Subject(address, example.subject.place_id, example.subject.at)
    return computed(catalogue, subject, by_input)
