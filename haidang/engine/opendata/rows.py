"""The lines of an edition, from a cursor of the database: a hundred thousand of them are never all here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, Literal

from django.db import connection

from haidang.engine.contracts.sheets.days import Period
from haidang.engine.indicators import periods
from haidang.engine.opendata import withholding
from haidang.engine.opendata.datasets import Dataset
from haidang.engine.opendata.editions import EVERY, Edition, first

CHUNK = 2000
# published; published as missing; withheld because it is small, or would give a small one away
Status = Literal["ok", "missing", "withheld"]


@dataclass(slots=True)
class Line:
    """One figure. `revision` counts the values it has had; `epoch` is that of this value. `changes` are all of them, the
    oldest first, each with its epoch.
    """

    period: Period
    at: datetime
    place_code: str
    place_name: str
    place_level: str
    value: float | None
    status: Status
    revision: int
    epoch: int
    since: datetime  # from when on this value was known
    # The value before this one; None where there was none, or where it is withheld.
    before: float | None = None
    changes: Sequence[tuple[int, float | None]] = ()

    @property
    def first_day(self) -> date:
        return periods.back(self.period, 1).last_day + timedelta(days=1)


# A version that repeats the value (another file says the same) is no revision of it.
_VERSIONS = f"""
SELECT f.place_id, f.at, f.value, f.superseded, f.epoch, f.id,
       CASE WHEN lag(f.id) OVER w IS NULL OR lag(f.value) OVER w IS DISTINCT FROM f.value THEN f.epoch END AS changed,
       lag(f.value) OVER w AS before
FROM indicators_figure f WHERE f.indicator = %(indicator)s AND {EVERY} AND f.epoch <= %(epoch)s AND {{which}}
WINDOW w AS (PARTITION BY f.place_id, f.at ORDER BY f.epoch, f.id)
"""
_COUNTED = f"""
SELECT v.*, count(v.changed) OVER w AS revision, max(v.changed) OVER w AS since_epoch,
       array_agg(v.before) FILTER (WHERE v.changed IS NOT NULL) OVER w AS befores,
       array_agg(v.changed) FILTER (WHERE v.changed IS NOT NULL) OVER w AS epochs
FROM ({_VERSIONS}) v WINDOW w AS (PARTITION BY v.place_id, v.at ORDER BY v.epoch, v.id)
"""
# Old units carry the day they ended: a code may have been another unit's before a reform.
_CODE = "p.code || CASE WHEN p.valid_to_date IS NULL THEN '' ELSE '@' || to_char(p.valid_to_date, 'YYYY-MM-DD') END"
_LINES = f"""
SELECT c.at, {_CODE}, CASE WHEN starts_with(p.name, p.kind) THEN p.name ELSE p.kind || ' ' || p.name END, p.level,
       c.value, c.revision, c.since_epoch, e.committed_at, c.befores, c.epochs
FROM ({_COUNTED}) c JOIN places_place p ON p.id = c.place_id JOIN store_epoch e ON e.id = c.since_epoch
WHERE (c.superseded IS NULL OR c.superseded > %(epoch)s)
"""
_ORDER = (
    " ORDER BY c.at, p.level <> 'province', p.level, p.sort_key, p.code, p.valid_to_date NULLS LAST, p.id"
)
# Of which figures the versions are read: all, those of some periods, those that ever had another version.
_ALL = "TRUE"
_OF_PERIODS = "f.at BETWEEN %(first)s AND %(last)s"
_REPLACED = """(f.place_id, f.at) IN (SELECT o.place_id, o.at FROM indicators_figure o
    WHERE o.indicator = %(indicator)s AND o.place_id IS NOT NULL AND o.superseded IS NOT NULL AND o.superseded <= %(epoch)s)"""


def lines(dataset: Dataset, edition: Edition) -> Iterator[Line]:
    """Every figure of this edition: by period, the province first, then its units in the Vietnamese order.

    Read within one statement, so it is of one instant, whatever is published meanwhile.
    """
    yield from _read(dataset, edition, _LINES.format(which=_ALL) + _ORDER)


def of_periods(dataset: Dataset, edition: Edition, first: datetime, last: datetime) -> list[Line]:
    """Those of the periods over from `first` to `last`, both included."""
    return list(_read(dataset, edition, _LINES.format(which=_OF_PERIODS) + _ORDER, first=first, last=last))


def revised(dataset: Dataset, edition: Edition, most: int = 20) -> list[Line]:
    """Figures that were corrected, the last corrections first. Of small counts none is told: see `withholding`."""
    if dataset.open.min_count is not None:
        return []
    newest = f" AND c.revision > 1 ORDER BY c.since_epoch DESC, c.at DESC, p.sort_key LIMIT {int(most)}"
    return list(_read(dataset, edition, _LINES.format(which=_REPLACED) + newest))


def ends(dataset: Dataset, edition: Edition) -> tuple[datetime, datetime] | None:
    """The ends of the first and the last period of this edition; None for an empty one."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT min(f.at), max(f.at) FROM indicators_figure f WHERE f.indicator = %s AND {EVERY} AND f.epoch <= %s",
            [dataset.address, edition.epoch],
        )
        first, last = cursor.fetchone()
    return (first, last) if first else None


def _read(dataset: Dataset, edition: Edition, sql: str, **more: datetime) -> Iterator[Line]:
    values: dict[str, str | int | datetime] = {"indicator": dataset.address, "epoch": edition.epoch, **more}
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, values)
        found = (_line(dataset, row) for rows in iter(lambda: cursor.fetchmany(CHUNK), []) for row in rows)
        if dataset.open.min_count is None:
            yield from found
            return
        opened = first(dataset)
        for _period, of_one in groupby(found, key=lambda line: line.at):
            yield from withholding.withheld(list(of_one), dataset.open.min_count, opened)


def _line(dataset: Dataset, row: tuple[Any, ...]) -> Line:
    at, code, name, level, value, revision, epoch, since, befores, epochs = row
    return Line(
        periods.ending(at, dataset.statistic.period), at, code, name, level, value,
        "missing" if value is None else "ok", revision, epoch, since, befores[-1],
        list(zip(epochs, [*befores[1:], value], strict=True)),
    )  # fmt: skip
