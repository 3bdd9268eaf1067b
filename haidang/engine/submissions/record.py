"""The published figures that a file may repeat or compare itself with: which those are, and their values, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, get_args

from haidang.engine.contracts.sheets.comparative import Role, step_of
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.indicators import periods, units
from haidang.engine.indicators.catalogue import Catalogue
from haidang.engine.indicators.figure_rows import Subject
from haidang.engine.indicators.gathering import Rows, at_place, rows_for
from haidang.engine.indicators.statistic import Statistic
from haidang.engine.indicators.territory import Territory

# What a measure of this name repeats or compares.
MEASURES: Mapping[str, Role] = {
    "previous": "previous",
    "year_before": "year_before",
    "cumulative": "cumulative",
    "cumulative_before": "cumulative_before",
    "month_percent": "previous_percent",
    "previous_percent": "previous_percent",
    "year_percent": "year_percent",
    "cumulative_percent": "cumulative_percent",
}
GROWTH = frozenset({"previous_percent", "year_percent", "cumulative_percent"})
SUMS = frozenset({"cumulative", "cumulative_before", "cumulative_percent"})


class Series(NamedTuple):
    """An indicator, and the column that states it."""

    address: str
    statistic: Statistic
    column: str


class Number(NamedTuple):
    """A value with what its last digit is worth."""

    value: float
    step: float


def series_of(contract: str, catalogue: Catalogue) -> dict[str, list[Series]]:
    """By the line they are stated in: its item, or empty for the line of a place. A sum over facilities or offices is left
    out: of each of its lines there is no record.
    """
    found: dict[str, list[Series]] = {}
    for address, entry in catalogue.entries.items():
        statistic, origin = entry.statistic, entry.statistic.origin
        if origin and origin.contract == contract and not origin.lines:
            found.setdefault(origin.item, []).append(Series(address, statistic, origin.column))
    return found


def named_roles(one: Series, contract: SheetContract) -> dict[str, Role]:
    """Column → what it says, by the measures of the indicator and the contract's own `previous`."""
    known = [name for name in one.statistic.measures if name in MEASURES]
    found = {one.statistic.measure(name).column: MEASURES[name] for name in known}
    if previous := contract.columns[one.column].previous:
        found.setdefault(previous, "previous")
    return found


def fits(one: Series, role: Role) -> bool:
    """A sum of what does not add up, and the growth of a share, are nothing to compare."""
    if role in SUMS and one.statistic.over_time != "sum":
        return False
    return role not in GROWTH or bool(units.parse(one.statistic.unit).powers)


def is_counted(one: Series) -> bool:
    """Cases, persons: nobody rounds them."""
    return one.statistic.decimals == 0 and units.parse(one.statistic.unit).scale == 1


@dataclass(frozen=True)
class Record:
    """Values by indicator, place and period."""

    catalogue: Catalogue
    rows: Rows
    territory: Territory

    @classmethod
    def read(
        cls,
        contract: SheetContract,
        period: Period,
        series: Mapping[str, list[Series]],
        catalogue: Catalogue,
        province: int,
        *,
        everywhere: bool,
    ) -> Record:
        """All that a file of `period` may be compared with, of the province or of its communes; one query."""
        wanted: dict[str, set[datetime]] = {}
        for those in series.values():
            for one in those:
                # Where a line has one indicator only, a heading may ask for anything.
                by_heading = get_args(Role) if len(those) == 1 else ()
                for role in {*named_roles(one, contract).values(), *by_heading}:
                    if fits(one, role):
                        _add(wanted, one, role, period)
        territory = Territory([province])
        # Asked also where they are not needed: the territory knows its units from then on, and asks nothing later.
        communes = territory.communes(province, period.last_day)
        places = communes if everywhere else [province]
        rows = rows_for(catalogue, wanted, places, period.kind, territory, None, details=False)  # type: ignore[arg-type]
        return cls(catalogue, rows, territory)

    def at(self, one: Series, place: int, period: Period, measure: str = "") -> Number | None:
        """None where nothing is published."""
        address = f"{one.address}@{measure}" if measure else one.address
        subject = Subject(address, place, periods.end_of(period))
        value, _ = at_place(self.catalogue, subject, self.rows, self.territory)
        return None if value is None else Number(value, step_of(value, value, one.statistic.decimals))


def _add(wanted: dict[str, set[datetime]], one: Series, role: Role, period: Period) -> None:
    last_year = periods.year_before(period)
    looked_at = {
        "previous": [periods.back(period, 1)],
        "previous_percent": [periods.back(period, 1)],
        "year_before": [last_year],
        "year_percent": [last_year],
        "cumulative": periods.since_january(period)[:-1],
        "cumulative_before": periods.since_january(last_year),
        "cumulative_percent": [*periods.since_january(period)[:-1], *periods.since_january(last_year)],
    }[role]
    wanted.setdefault(one.address, set()).update(map(periods.end_of, looked_at))
    if role in SUMS and "cumulative" in one.statistic.measures:
        ends = map(periods.end_of, (periods.back(period, 1), last_year))
        wanted.setdefault(f"{one.address}@cumulative", set()).update(ends)
