"""Figures of places as boards ask for them: stretches of many indicators at once, as known now or at an epoch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from haidang.engine.contracts.sheets.verdict import address
from haidang.engine.store.epochs import visible
from haidang.engine.submissions.models import Explanation, Submission


class Value(NamedTuple):
    """One figure of one period. `submission` is 0 where it was computed."""

    place_id: int
    value: float | None
    status: str
    epoch: int
    submission: int
    sheet: str
    cell: str


# Address → end of the period → the figure.
Stretch = dict[str, dict[datetime, Value]]
_FIELDS = """f.indicator, f.at, f.place_id, f.value, f.status, f.epoch, coalesce((f.detail->>'submission')::int, 0),
 coalesce(f.detail->>'sheet', ''), coalesce(f.detail->>'cell', '')"""


def stretches(
    addresses: Iterable[str],
    place_ids: Iterable[int],
    after: datetime,
    epoch: int | None,
    until: datetime | None = None,
) -> Stretch:
    """Every figure of these that stands later than `after` and not later than `until`. The ids are rows of one place:
    its spans of time.
    """
    wanted = sorted(set(addresses)), sorted(set(place_ids))
    if not all(wanted):
        return {}
    sql = (
        f"SELECT {_FIELDS} FROM indicators_figure f WHERE f.indicator = ANY(%s) AND f.place_id = ANY(%s)"
        f" AND f.at > %s AND {visible('f', epoch)}{_up_to(until)}"
    )
    found: Stretch = defaultdict(dict)
    for indicator, at, *rest in _rows(sql, [*wanted, after, *_given(until)]):
        found[indicator][at] = Value(*rest)
    return found


def by_place(
    addresses: Iterable[str], place_ids: Iterable[int], ends: Iterable[datetime], epoch: int | None
) -> dict[tuple[str, datetime], dict[int, Value]]:
    """Figures of many places at a few ends: (address, end) → place → the figure."""
    wanted = sorted(set(addresses)), sorted(set(place_ids)), sorted(set(ends))
    if not all(wanted):
        return {}
    sql = (
        f"SELECT {_FIELDS} FROM indicators_figure f WHERE f.indicator = ANY(%s) AND f.place_id = ANY(%s)"
        f" AND f.at = ANY(%s) AND {visible('f', epoch)}"
    )
    found: dict[tuple[str, datetime], dict[int, Value]] = defaultdict(dict)
    for indicator, at, *rest in _rows(sql, wanted):
        found[indicator, at][rest[0]] = Value(*rest)
    return found


def newest(
    asked: Iterable[tuple[str, datetime, datetime]], place_ids: Iterable[int], epoch: int | None
) -> dict[str, dict[int, Value]]:
    """The last number of each indicator, place by place, that stands later than its first instant and not later than
    its second; one index step for each indicator and place. The places in the order of their instants: of several
    spans of one place the newest is the last.
    """
    wanted, places = list(asked), sorted(set(place_ids))
    if not wanted or not places:
        return {}
    sql = (
        f"SELECT f.* FROM unnest(%s::text[], %s::timestamptz[], %s::timestamptz[]) AS a(indicator, after, until)"
        f" CROSS JOIN unnest(%s::bigint[]) AS p(id) CROSS JOIN LATERAL (SELECT {_FIELDS} FROM indicators_figure f"
        " WHERE f.indicator = a.indicator AND f.place_id = p.id AND f.at > a.after AND f.at <= a.until"
        f" AND f.value IS NOT NULL AND {visible('f', epoch)} ORDER BY f.at DESC LIMIT 1) f ORDER BY f.at"
    )
    found: dict[str, dict[int, Value]] = defaultdict(dict)
    for indicator, _at, *rest in _rows(sql, [*map(list, zip(*wanted, strict=True)), places]):
        found[indicator][rest[0]] = Value(*rest)
    return found


def of_places(
    indicator: str,
    place_ids: Iterable[int],
    after: datetime,
    epoch: int | None,
    until: datetime | None = None,
) -> list[tuple[datetime, Value]]:
    """Every figure of one indicator at these places that stands later than `after`, with the end of its period."""
    sql = (
        f"SELECT {_FIELDS} FROM indicators_figure f WHERE f.indicator = %s AND f.place_id = ANY(%s)"
        f" AND f.at > %s AND {visible('f', epoch)}{_up_to(until)}"
    )
    rows = _rows(sql, [indicator, sorted(set(place_ids)), after, *_given(until)])
    return [(at, Value(*rest)) for _indicator, at, *rest in rows]


def newest_end(
    indicator: str, place_ids: Iterable[int], epoch: int | None, until: datetime | None = None
) -> datetime | None:
    """End of the last period any of these places has a number for; one index step for each place."""
    sql = (
        "SELECT max(newest.at) FROM unnest(%s::bigint[]) AS p(id), LATERAL ("
        "SELECT f.at FROM indicators_figure f WHERE f.indicator = %s AND f.place_id = p.id AND f.value IS NOT NULL"
        f" AND {visible('f', epoch)}{_up_to(until)} ORDER BY f.at DESC LIMIT 1) newest"
    )
    found: datetime | None = _rows(sql, [sorted(set(place_ids)), indicator, *_given(until)])[0][0]
    return found


def _up_to(until: datetime | None) -> str:
    return "" if until is None else " AND f.at <= %s"


def _given(until: datetime | None) -> list[datetime]:
    return [] if until is None else [until]


def _rows(sql: str, values: Iterable[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        return list(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class Papers:
    """The versions figures were taken from, and what the offices said of their cells."""

    submissions: dict[int, Submission]
    words: dict[tuple[int, str, str], str]

    @classmethod
    def of(cls, values: Iterable[Value]) -> Papers:
        """Two queries, however many figures."""
        known = {one.submission for one in values if one.submission}
        if not known:
            return cls({}, {})
        rows: QuerySet[Submission] = Submission.objects.filter(pk__in=known).select_related("office")
        said = Explanation.objects.filter(submission_id__in=known).order_by("at", "pk")
        words = {
            (number, sheet, address(row, column)): text
            for number, sheet, row, column, text in said.values_list(
                "submission_id", "sheet", "row", "column", "text"
            )
        }
        return cls({row.pk: row for row in rows}, words)

    def explained(self, value: Value) -> str:
        """Why a jump is right, in the office's words; empty where nothing had to be explained."""
        return self.words.get((value.submission, value.sheet, value.cell), "")
