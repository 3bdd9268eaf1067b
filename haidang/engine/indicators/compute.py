"""Turn changed hours into figures, each a version with the inputs it rests on.

Figures are computed in the transaction that stored their inputs. When more are touched than that transaction should
bear (a delivery of old history), the older ones wait in `indicators_due` and are computed between batches.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from django.db import connection

from haidang.engine import clock
from haidang.engine.assets.models import Asset
from haidang.engine.contracts.values import from_microseconds
from haidang.engine.indicators.book import Book, Entry
from haidang.engine.indicators.definition import HourValue, Result, Window, checked
from haidang.engine.store import epochs
from haidang.engine.store.retiring import PLACE, Place, retire

log = logging.getLogger("haidang.indicators")

INLINE = 96  # figures one transaction computes itself
HOUR = timedelta(hours=1)


class Subject(NamedTuple):
    """One figure to compute: period end first, so that the newest sort last."""

    at: datetime
    indicator: str
    asset_id: int


@dataclass(frozen=True, slots=True)
class NewFigure:
    """A figure that has a new version."""

    indicator: str
    asset_id: int
    at: datetime
    value: float | None
    status: str
    is_correction: bool = False  # it replaces another value


def period_ends(entry: Entry, hour: datetime, now: datetime) -> Iterable[datetime]:
    """Ends of the closed periods whose formula looks at this hour."""
    if entry.indicator.period == "hour":
        for back in range(entry.indicator.hours):
            if (end := hour + back * HOUR) <= now:
                yield end
        return
    # A day holds the hours 01:00 … 00:00; its formula may look further back.
    local = clock.local(hour)
    end = (local - timedelta(microseconds=1)).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(
        days=1
    )
    while end - hour < entry.indicator.hours * HOUR:
        if end <= now:
            yield end
        end += timedelta(days=1)


def touched(
    book: Book, hours: Mapping[int, set[datetime]], parameters: Mapping[int, set[str]]
) -> set[Subject]:
    """Figures that changed hours may change. `hours` and `parameters` are by asset id."""
    now = clock.now()
    kinds = dict(Asset.objects.filter(pk__in=list(hours)).values_list("pk", "kind"))
    found = set()
    for asset_id, ends in hours.items():
        for entry in book.touched_by(kinds.get(asset_id, ""), parameters[asset_id]):
            for hour in ends:
                found |= {Subject(end, entry.address, asset_id) for end in period_ends(entry, hour, now)}
    return found


def compute(book: Book, subjects: set[Subject], epoch: int) -> list[NewFigure]:
    """Compute these figures, the newest now and the rest later; returns those with a new version."""
    ordered = sorted(subjects)
    later, now = ordered[:-INLINE], ordered[-INLINE:]
    with connection.cursor() as cursor:
        if later:
            cursor.execute(
                "INSERT INTO indicators_due (indicator, asset_id, at)"
                " SELECT * FROM unnest(%s::text[], %s::bigint[], %s::timestamptz[]) ON CONFLICT DO NOTHING",
                [[s.indicator for s in later], [s.asset_id for s in later], [s.at for s in later]],
            )
        return _compute(cursor, book, now, epoch)


def take_due(limit: int = INLINE) -> set[Subject]:
    """Figures that wait, the newest first; they leave the queue with the running transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM indicators_due WHERE ctid IN (SELECT ctid FROM indicators_due ORDER BY at DESC LIMIT %s"
            " FOR UPDATE SKIP LOCKED) RETURNING at, indicator, asset_id",
            [limit],
        )
        return {Subject(*row) for row in cursor.fetchall()}


def is_any_due() -> bool:
    """Does a figure wait?"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM indicators_due)")
        return bool(cursor.fetchone() == (True,))


def due() -> int:
    """How many figures wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM indicators_due")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def window_rows(
    cursor: Any,
    asset_ids: list[int],
    parameters: list[str],
    first: datetime,
    last: datetime,
    epoch: int | None = None,
    observed_after: datetime | None = None,
) -> dict[int, dict[str, dict[datetime, tuple[float, int, int, int, int]]]]:
    """asset → parameter → hour → (mean, valid, expected, series, epoch), as known at `epoch` (None: now). Where two
    sources measure the same thing the series of the source made known first wins; content may order them otherwise by
    precedence. Hours after `observed_after` that nobody has rolled up yet are averaged from what was observed.
    """
    stored = f"""
        SELECT s.asset_id, s.parameter, extract(epoch FROM h.hour)::bigint, h.mean, h.valid, h.expected, h.series_id,
               h.epoch, s.precedence
        FROM store_series s JOIN store_hour h ON h.series_id = s.id
        WHERE s.asset_id = ANY(%(assets)s) AND s.parameter = ANY(%(parameters)s) AND h.hour > %(first)s AND h.hour <= %(last)s AND h.mean IS NOT NULL
              AND {epochs.visible("h", epoch)}
        """
    running = f"""
        UNION ALL SELECT s.asset_id, s.parameter, extract(epoch FROM o.hour)::bigint, o.mean, o.valid, greatest(1, 3600 / greatest(1, s.every_s)),
                         s.id, o.epoch, s.precedence
        FROM store_series s CROSS JOIN LATERAL (
            SELECT to_timestamp(ceil(extract(epoch FROM o.at) / 3600) * 3600) AS hour, max(o.epoch) AS epoch,
                   avg(o.value) FILTER (WHERE o.status = 0) AS mean,
                   count(*) FILTER (WHERE o.status = 0 AND o.value IS NOT NULL) AS valid
            FROM store_observation o
            WHERE o.series_id = s.id AND o.at > %(observed)s AND o.at <= %(last)s AND {epochs.visible("o", epoch)}
            GROUP BY 1
        ) o
        WHERE s.asset_id = ANY(%(assets)s) AND s.parameter = ANY(%(parameters)s) AND o.mean IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM store_hour h WHERE h.series_id = s.id AND h.hour = o.hour AND {epochs.visible("h", epoch)}
        )
        """
    cursor.execute(
        f"{stored} {running if observed_after else ''} ORDER BY precedence DESC, series_id DESC",
        {
            "assets": asset_ids,
            "parameters": parameters,
            "first": first,
            "last": last,
            "observed": max(first, observed_after) if observed_after else None,
        },
    )
    found: dict[int, dict[str, dict[datetime, tuple[float, int, int, int, int]]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for (
        asset_id,
        parameter,
        seconds,
        mean,
        valid,
        expected,
        series_id,
        known,
        _precedence,
    ) in cursor.fetchall():
        # Rows of the lower precedence come later and take the place of the others.
        found[asset_id][parameter][_instant(seconds)] = (mean, valid, expected, series_id, known)
    return found


@lru_cache(4096)
def _instant(seconds: int) -> datetime:
    """A window has few hours and many rows: each instant is made once."""
    return from_microseconds(seconds * 1_000_000)


# Parameter → end of the hour → mean, valid, expected, series, epoch.
Rows = Mapping[str, Mapping[datetime, tuple[float, int, int, int, int]]]


def evaluate(entry: Entry, rows: Rows, at: datetime) -> tuple[Result, str, list[list[Any]]] | None:
    """The formula on one window: result, hash of the formula, inputs. None when no version was in force."""
    version = entry.version_on(clock.local(at).date())
    if version is None:
        return None
    hours: dict[str, dict[int, HourValue]] = {}
    for parameter in entry.indicator.parameters:
        values = {}
        for back in range(entry.indicator.hours):
            if row := rows.get(parameter, {}).get(at - back * HOUR):
                values[back] = HourValue(row[0], row[1] * 4 < row[2] * 3)
        if values:
            hours[parameter] = values
    try:
        result = checked(entry.formula(Window(at, hours, version.data)))
        inputs = _inputs(result, rows, at)
    except Exception as error:
        log.exception("formula %s failed for %s", entry.address, at)
        result = Result(None, "failed", {"error": f"{type(error).__name__}: {error}"[:200]})
        inputs = []
    return result, version.version, inputs


def _inputs(result: Result, rows: Rows, at: datetime) -> list[list[Any]]:
    """The hours a value rests on, as lineage keeps them."""
    inputs: list[list[Any]] = []
    for parameter, back in sorted(result.used):
        row = rows[parameter][at - back * HOUR]
        hour = (at - back * HOUR).astimezone(UTC)  # one way to write it, whoever asks
        inputs.append([parameter, hour.isoformat(), row[0], row[3], row[4]])
    return inputs


def _compute(cursor: Any, book: Book, subjects: list[Subject], epoch: int) -> list[NewFigure]:
    fresh: list[tuple[Subject, Result, str, dict[str, Any]]] = []
    replaced: set[tuple[str, int, datetime]] = set()
    retired: list[Place] = []
    by_indicator: dict[str, list[Subject]] = defaultdict(list)
    for subject in subjects:
        by_indicator[subject.indicator].append(subject)
    for address, group in by_indicator.items():
        entry = book.entries.get(address)
        if entry is None:
            continue
        span = entry.indicator.hours * HOUR
        assets = sorted({subject.asset_id for subject in group})
        rows = window_rows(cursor, assets, entry.indicator.parameters, group[0].at - span, group[-1].at)
        current = _current(cursor, address, group)
        for subject in group:
            answer = evaluate(entry, rows.get(subject.asset_id, {}), subject.at)
            if answer is None:
                continue
            result, version, inputs = answer
            detail = {**result.detail, "version": version, "inputs": inputs}
            old = current.get((subject.asset_id, subject.at))
            if old is None and not inputs and result.status != "failed":
                continue  # never known and still nothing to say
            if old is None or old.mark != _mark(result.value, result.status, inputs):
                fresh.append((subject, result, entry.sha256, detail))
                if old is not None:
                    retired.append(old.place)
                    if old.mark[0] != result.value:
                        replaced.add((subject.indicator, subject.asset_id, subject.at))
    retire(cursor, retired, epoch)
    _write(cursor, fresh, epoch)
    return [
        NewFigure(
            s.indicator, s.asset_id, s.at, r.value, r.status, (s.indicator, s.asset_id, s.at) in replaced
        )
        for s, r, _, _ in fresh
    ]


Mark = tuple[float | None, str, bytes]


class _Current(NamedTuple):
    """What the current version says, and where it stands."""

    mark: Mark
    place: Place


def _mark(value: float | None, status: str, inputs: list[list[Any]]) -> Mark:
    return value, status, msgspec.json.encode(inputs)


def _current(cursor: Any, address: str, group: list[Subject]) -> dict[tuple[int, datetime], _Current]:
    cursor.execute(
        f"SELECT asset_id, at, value, status, detail->'inputs', {PLACE.format('f')} FROM indicators_figure f"
        " WHERE indicator = %s AND asset_id = ANY(%s) AND at BETWEEN %s AND %s"
        " AND superseded IS NULL AND place_id IS NULL",
        [address, sorted({s.asset_id for s in group}), group[0].at, group[-1].at],
    )
    return {
        (asset_id, at): _Current(
            _mark(value, status, msgspec.json.decode(inputs) if isinstance(inputs, str) else inputs),
            (table, row),
        )
        for asset_id, at, value, status, inputs, table, row in cursor.fetchall()
    }


def _write(cursor: Any, fresh: list[tuple[Subject, Result, str, dict[str, Any]]], epoch: int) -> None:
    if not fresh:
        return
    with cursor.copy(
        "COPY indicators_figure (indicator, asset_id, at, value, status, formula_sha256, detail, epoch) FROM STDIN"
    ) as copy:
        for subject, result, sha256, detail in fresh:
            text = msgspec.json.encode(detail).decode()
            copy.write_row(
                (
                    subject.indicator,
                    subject.asset_id,
                    subject.at,
                    result.value,
                    result.status,
                    sha256,
                    text,
                    epoch,
                )
            )
