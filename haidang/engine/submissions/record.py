"""The published figures that a file may repeat or compare itself with: which those are, and their values, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, get_args

from haidang.engine.contracts.sheets.comparative import Role, step_of
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.indicators import figure_rows, periods, units
from haidang.engine.indicators.catalogue import Catalogue
from haidang.engine.indicators.figure_rows import Subject
from haidang.engine.indicators.gathering import Rows, at_place, rows_for
from haidang.engine.indicators.statistic import Statistic
from haidang.engine.indicators.territory import Territory
from haidang.engine.places.names import comparable

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
    """An indicator, and the column that states it. `by_line`: each line is a part of a sum over facilities or offices."""

    address: str
    statistic: Statistic
    column: str
    by_line: bool = False


class Where(NamedTuple):
    """What a line of a file is about: a place, or the facility or office it names within the province."""

    place: int
    line: str = ""


class Number(NamedTuple):
    """A value with what its last digit is worth."""

    value: float
    step: float


def series_of(contract: str, catalogue: Catalogue) -> dict[str, list[Series]]:
    """By the line they are stated in: its item, or empty for the line of a place, facility or office."""
    found: dict[str, list[Series]] = {}
    for address, entry in catalogue.entries.items():
        statistic, origin = entry.statistic, entry.statistic.origin
        if origin and origin.contract == contract:
            one = Series(address, statistic, origin.column, bool(origin.lines))
            found.setdefault(origin.item, []).append(one)
    return found


def named_roles(one: Series, contract: SheetContract) -> dict[str, Role]:
    """Column → what it says, by the measures of the indicator and the contract's own `previous`."""
    known = [name for name in one.statistic.measures if name in MEASURES]
    found = {one.statistic.measure(name).column: MEASURES[name] for name in known}
    if previous := contract.columns[one.column].previous:
        found.setdefault(previous, "previous")
    return found


def fits(one: Series, role: Role) -> bool:
    """A sum of what does not add up is nothing to compare."""
    return role not in SUMS or one.statistic.over_time == "sum"


def is_share(one: Series) -> bool:
    """A number in percent: its growth may be told in percent or in points."""
    return not units.parse(one.statistic.unit).powers


def is_counted(one: Series) -> bool:
    """Cases, persons: nobody rounds them."""
    return one.statistic.decimals == 0 and units.parse(one.statistic.unit).scale == 1


@dataclass(frozen=True)
class Record:
    """Values by indicator, place and period."""

    catalogue: Catalogue
    rows: Rows
    territory: Territory
    # Of sums over facilities or offices: by indicator and end of the period what each line said; None: not kept.
    lines: Mapping[tuple[str, datetime], Mapping[str, float] | None] = field(default_factory=dict)

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
        rows = rows_for(catalogue, wanted, places, period.kind, territory, None, details=False)
        summed = [one for one in wanted if catalogue.adds_lines(one)]
        return cls(catalogue, rows, territory, _lines(summed, province, wanted))

    def at(self, one: Series, where: Where, period: Period, measure: str = "") -> Number | None:
        """None where nothing is published, and of a line that was not there or is not kept."""
        address, end = f"{one.address}@{measure}" if measure else one.address, periods.end_of(period)
        if one.by_line:
            value = (self.lines.get((address, end)) or {}).get(where.line)
        else:
            subject = Subject(address, where.place, end)
            value, _ = at_place(self.catalogue, subject, self.rows, self.territory)
        return None if value is None else Number(value, step_of(value, value, one.statistic.decimals))

    def keeps_lines(self, one: Series, period: Period) -> bool:
        """False where a sum is published of which the lines are not kept."""
        return not one.by_line or self.lines.get((one.address, periods.end_of(period)), {}) is not None


def _lines(
    addresses: list[str], province: int, wanted: Mapping[str, set[datetime]]
) -> dict[tuple[str, datetime], Mapping[str, float] | None]:
    """One query, and none where nothing is summed over lines."""
    ends = {end for address in addresses for end in wanted[address]}
    found: dict[tuple[str, datetime], Mapping[str, float] | None] = {}
    for subject, row in figure_rows.read(addresses, [province], ends).items():
        if row.value is None:
            continue
        kept = {line_name(name): value for name, _cell, value in row.detail.get("lines", [])}
        found[subject.indicator, subject.at] = kept or None
    return found


def line_name(text: str) -> str:
    """How lines of two files are known to be of the same facility or office."""
    return comparable(text)


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
