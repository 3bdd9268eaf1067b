"""What the public pages show: the catalogue, and one data set with its newest numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.boards import writing
from haidang.engine.boards.charts import Chart, chart
from haidang.engine.boards.shown import Point
from haidang.engine.boards.statistics import words
from haidang.engine.indicators import periods
from haidang.engine.opendata import rows
from haidang.engine.opendata.datasets import Dataset, opened
from haidang.engine.opendata.editions import Coverage, Edition, coverage, last_changes, written
from haidang.engine.opendata.rows import Line

# Counting all figures of all data sets takes a while in a large centre; half a minute later is soon enough.
COUNTED_FOR = 30
# Periods in the table and the chart of a data set of the province, as many as make a year and the same month before.
PERIODS = {"week": 53, "month": 25, "quarter": 13, "year": 11}


@dataclass(frozen=True, slots=True)
class Known:
    """What there is of each data set, and when it changed last."""

    covered: Mapping[str, Coverage]
    changed: Mapping[str, datetime]


def known(datasets: Mapping[str, Dataset]) -> Known:
    addresses = sorted(datasets)
    key = f"opendata.known.{hash(tuple(addresses))}"
    found: Known | None = cache.get(key)
    if found is None:
        found = Known(coverage(addresses), last_changes(addresses))
        cache.set(key, found, COUNTED_FOR)
    return found


# --- the catalogue ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Listed:
    """One data set in the list."""

    dataset: Dataset
    period: str  # the newest there is; empty where there is none
    changed: datetime | None


@dataclass(frozen=True, slots=True)
class Domain:
    name: str
    title: str
    listed: Sequence[Listed]


@dataclass(frozen=True, slots=True)
class Catalogue:
    domains: Sequence[Domain]
    # Every domain with how many data sets of it are open, whatever is asked for.
    all_domains: Sequence[tuple[str, str, int]]
    shown: int
    total: int


def catalogue(query: str = "", domain: str = "") -> Catalogue:
    """Those that answer to the words and belong to the domain, by domain."""
    every = opened()
    there = known(every)
    groups: dict[str, list[Dataset]] = {}
    for one in every.values():
        groups.setdefault(one.domain_name, []).append(one)
    found = []
    for name, those in groups.items():
        listed = [_listed(one, there) for one in those if one.answers(query)]
        if listed and domain in ("", name):
            found.append(Domain(name, str(those[0].domain), listed))
    everything = [(name, str(those[0].domain), len(those)) for name, those in groups.items()]
    return Catalogue(found, everything, sum(len(one.listed) for one in found), len(every))


def _listed(one: Dataset, there: Known) -> Listed:
    covered = there.covered.get(one.address)
    newest = words.period(periods.ending(covered.last, one.statistic.period)) if covered else ""
    return Listed(one, newest, there.changed.get(one.address))


# --- one data set -----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: its head, its value, and a bar's length in per cent."""

    head: str
    line: Line
    text: str
    bar: str


@dataclass(frozen=True, slots=True)
class Revision:
    """A corrected figure; `as_of` is the last instant at which the value before was the current one."""

    line: Line
    period: str
    text: str
    before: str
    as_of: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The newest part of an edition: periods of the province, or the units of the newest period."""

    by_place: bool
    period: str
    table: Sequence[Row]
    chart: Chart | None
    revisions: Sequence[Revision]
    first: str
    last: str
    withheld: int


def shown(dataset: Dataset, edition: Edition) -> Shown | None:
    """None where nothing was published yet."""
    covered = rows.ends(dataset, edition)
    if covered is None:
        return None
    begun, last = covered
    many = PERIODS[dataset.statistic.period]
    period = periods.ending(last, dataset.statistic.period)
    first = last if dataset.is_of_communes else periods.end_of(periods.back(period, many - 1))
    lines = rows.of_periods(dataset, edition, first, last)
    table = _by_place(dataset, lines) if dataset.is_of_communes else _by_period(dataset, lines)
    return Shown(
        by_place=dataset.is_of_communes,
        period=words.period(period),
        table=table,
        chart=None if dataset.is_of_communes else _chart(dataset, lines),
        revisions=[_revision(dataset, line) for line in rows.revised(dataset, edition)],
        first=words.period(periods.ending(begun, dataset.statistic.period)),
        last=words.period(period),
        withheld=sum(line.status == "withheld" for line in lines),
    )


def _by_place(dataset: Dataset, lines: Sequence[Line]) -> list[Row]:
    most = max((abs(line.value) for line in lines if line.value is not None), default=0.0)
    return [_row(dataset, line.place_name, line, most) for line in lines]


def _by_period(dataset: Dataset, lines: Sequence[Line]) -> list[Row]:
    """The newest first."""
    several = len({line.place_code for line in lines}) > 1
    most = max((abs(line.value) for line in lines if line.value is not None), default=0.0)
    found = []
    for line in reversed(lines):
        head = words.period(line.period) + (f", {line.place_name}" if several else "")
        found.append(_row(dataset, head, line, most))
    return found


def _row(dataset: Dataset, head: str, line: Line, most: float) -> Row:
    length = 0.0 if line.value is None or not most else 100 * abs(line.value) / most
    return Row(head, line, writing.number(line.value, dataset.statistic.decimals), f"{length:.1f}")


def _revision(dataset: Dataset, line: Line) -> Revision:
    decimals = dataset.statistic.decimals
    before = written(line.since - timedelta(microseconds=1))
    return Revision(
        line, words.period(line.period), writing.number(line.value, decimals), writing.number(line.before, decimals),
        before,
    )  # fmt: skip


def _chart(dataset: Dataset, lines: Sequence[Line]) -> Chart | None:
    """The values of the province over time; the numbers stand in the table beside it."""
    if len(lines) < 2:
        return None
    names = list(dict.fromkeys(line.place_name for line in lines))
    drawn = [(name, [Point(one.at, one.value) for one in lines if one.place_name == name]) for name in names]
    ends = sorted({line.at for line in lines})
    return chart(
        drawn, after=ends[0] - timedelta(days=1), until=ends[-1] + timedelta(days=1),
        unit=writing.unit(dataset.statistic.unit), decimals=dataset.statistic.decimals, times=_times(dataset, ends),
        height=260, period=words.period(periods.ending(ends[-1], dataset.statistic.period)),
    )  # fmt: skip


def _times(dataset: Dataset, ends: Sequence[datetime]) -> list[tuple[datetime, str, bool]]:
    """Names of about six periods; the first of a year stands out."""
    kind = dataset.statistic.period
    step = max(1, -(-len(ends) // 8))
    found = []
    for number, at in enumerate(reversed(ends)):
        if number % step == 0:
            period = periods.ending(at, kind)
            found.append((at, words.short_period(period), period.number <= 1))
    return found[::-1]


# --- words ------------------------------------------------------------------------------------------------
def cycle_word(dataset: Dataset) -> str:
    return {
        "day": _("hằng ngày"),
        "week": _("hằng tuần"),
        "month": _("hằng tháng"),
        "quarter": _("hằng quý"),
        "year": _("hằng năm"),
        "irregular": _("không định kỳ"),
    }[dataset.update]


def day(at: datetime | None) -> str:
    return f"{clock.local(at):%d/%m/%Y}" if at else ""
