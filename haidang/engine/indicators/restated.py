"""One indicator of one period, told for the units of another day: what the figures of old communes mean on today's map.

By the indicator's own rule over places: sums are dealt out to the last decimal, means are weighted by the indicator they
name, what does not add up is refused (`NotAdditive`). Nothing of it is stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from haidang.engine.contracts.sheets.days import Period
from haidang.engine.indicators import figure_rows, periods
from haidang.engine.indicators.catalogue import Catalogue
from haidang.engine.indicators.figure_rows import Subject
from haidang.engine.indicators.gathering import at_period, rows_for
from haidang.engine.indicators.statistic import Weighted, bare
from haidang.engine.indicators.territory import Territory
from haidang.engine.places.lineage import Lineage, Unit, Weights
from haidang.engine.places.restating import Line, Question, Restated, restate

# A stored figure is a float: beyond these decimals it holds its own rounding, not what an office said.
MOST_DECIMALS = 6


def restated(
    catalogue: Catalogue,
    lineage: Lineage,
    address: str,
    period: Period,
    day: date,
    *,
    level: str = "",
    epoch: int | None = None,
) -> tuple[Question, Restated]:
    """The figures of `period`, of the smallest units that have any, on the units of `day`; in units of `level`, or as
    they come. Raises KeyError for an unknown indicator, ValueError for another kind of period, NotAdditive.
    """
    statistic = catalogue.entries[bare(address)].statistic
    if period.kind != statistic.period:
        raise ValueError(f"{address} comes each {statistic.period}, not each {period.kind}")
    rule, start = catalogue.over_places(address), period.last_day
    units, values = _figures(lineage, address, period, epoch)
    weights, how = None, rule if isinstance(rule, str) else "weighted"
    if isinstance(rule, Weighted):
        weights = _weights(catalogue, rule.weighted, address, period, units, epoch)
    most = max((_decimals(value) for value in values), default=0) if how == "sum" else statistic.decimals
    question = Question(start, day, level, how, max(most, statistic.decimals), weights)
    lines = [
        Line(number, unit.code, "", "", value, raw=str(value))
        for number, (unit, value) in enumerate(zip(units, values, strict=True), 1)
    ]
    found = restate(lineage, lines, question)
    nothing = Restated((), [], [], Decimal(0), Decimal(0), Decimal(0))
    return question, found[0] if found else nothing


def _figures(
    lineage: Lineage, address: str, period: Period, epoch: int | None
) -> tuple[list[Unit], list[Decimal]]:
    """Of one level only: a province beside its communes would be counted twice."""
    end = periods.end_of(period)
    for level in ("commune", "district", "province"):
        units = lineage.smallest(level, period.last_day)
        rows = figure_rows.read([address], [unit.id for unit in units], [end], epoch)
        told = [(unit, rows.get(Subject(address, unit.id, end))) for unit in units]
        there = [(unit, row.value) for unit, row in told if row is not None and row.value is not None]
        if there:
            values = [round(Decimal(repr(value)), MOST_DECIMALS) for _, value in there]
            return [unit for unit, _ in there], [_short(value) for value in values]
    return [], []


def _short(value: Decimal) -> Decimal:
    """Without the zeros behind the last decimal that says something; never with an exponent."""
    short = value.normalize()
    return short.quantize(Decimal(1)) if int(short.as_tuple().exponent) > 0 else short


def _decimals(value: Decimal) -> int:
    return max(0, -int(value.as_tuple().exponent))


def _weights(
    catalogue: Catalogue, weight: str, address: str, period: Period, units: Iterable[Unit], epoch: int | None
) -> Weights:
    """The named indicator at the same places and period; a unit without one is left out, and says so."""
    end, places = periods.end_of(period), [unit.id for unit in units]
    territory = Territory(places)
    kind = catalogue.entries[bare(address)].statistic.period
    rows = rows_for(catalogue, {weight: [end]}, places, kind, territory, epoch, details=False)
    found: dict[int, Decimal] = {}
    for place in places:
        value, _ = at_period(catalogue, weight, kind, Subject(address, place, end), rows, territory)
        if value is not None and value >= 0:
            found[place] = _short(round(Decimal(repr(value)), MOST_DECIMALS))
    return Weights(str(catalogue.entries[bare(weight)].statistic.title), found)
