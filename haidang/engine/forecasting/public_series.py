"""Public series shipped in the package statsmodels, to print how the methods do on data that are not ours.

Their files are read where the package lies, without importing it: that would bring pandas and SciPy along. It belongs to
the tests; where it is not installed there are no such series.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from haidang.engine.contracts.sheets.days import PeriodName
from haidang.engine.forecasting.methods import Numbers

Row = dict[str, str]


class NotThere(LookupError):
    """The package is not installed, or has no such series."""


@dataclass(frozen=True, slots=True)
class PublicSeries:
    """What it is, how often it comes and in which unit."""

    title: str
    period: PeriodName
    unit: str
    file: str
    values: Callable[[list[Row]], Iterator[float]]


def _column(name: str) -> Callable[[list[Row]], Iterator[float]]:
    return lambda rows: (float(row[name]) for row in rows)


def _months_across(rows: list[Row]) -> Iterator[float]:
    """A row for each year, a column for each month."""
    for row in rows:
        yield from (float(value) for name, value in row.items() if name != "YEAR")


def _months_of_weeks(rows: list[Row]) -> Iterator[float]:
    """Means of the weeks of each month, after the last month without any."""
    months: dict[int, list[float]] = {}
    for row in rows:
        year, month = int(row["date"][:4]), int(row["date"][4:6])
        those = months.setdefault(12 * year + month, [])
        if row["co2"]:
            those.append(float(row["co2"]))
    last_gap = max((month for month, those in months.items() if not those), default=0)
    yield from (sum(those) / len(those) for month, those in sorted(months.items()) if month > last_gap)


SERIES = {
    "elnino": PublicSeries("Sea surface temperature, Pacific", "month", "°C", "elnino/elnino.csv", _months_across),
    "co2": PublicSeries("CO2 in the air of Mauna Loa", "month", "ppm", "co2/co2.csv", _months_of_weeks),
    "realgdp": PublicSeries("Gross domestic product, United States", "quarter", "bn $", "macrodata/macrodata.csv", _column("realgdp")),
    "unemp": PublicSeries("Unemployment, United States", "quarter", "%", "macrodata/macrodata.csv", _column("unemp")),
    "nile": PublicSeries("Flow of the Nile at Aswan", "year", "10⁸ m³", "nile/nile.csv", _column("volume")),
    "sunspots": PublicSeries("Sunspots", "year", "1", "sunspots/sunspots.csv", _column("SUNACTIVITY")),
}  # fmt: skip


def load(name: str) -> tuple[PublicSeries, Numbers]:
    """Raises NotThere."""
    series = SERIES.get(name)
    if series is None:
        raise NotThere(f"no public series {name!r}; there are: {', '.join(SERIES)}")
    found = find_spec("statsmodels")
    folders = found.submodule_search_locations if found else None
    if not folders:
        raise NotThere("statsmodels is not installed here; it comes with `make dev`")
    with Path(folders[0], "datasets", series.file).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return series, np.array(list(series.values(rows)), dtype=np.float64)
