"""Judge what was published since a rule judged last: once for each version, in the transaction that raises the alarms.

A place is judged by its newest figure, whatever it was that changed: so a correction ends what it shows to be wrong, and
years of history handed in late say nothing. A version that was corrected before anybody judged it is never judged.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import DatabaseError, connection

from haidang.engine import clock
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.indicators import figure_rows, periods
from haidang.engine.indicators.figure_rows import Block, Row, Subject
from haidang.engine.places.models import Place
from haidang.engine.rules import statistics
from haidang.engine.rules.book import Placed
from haidang.engine.rules.judgement import Judgement
from haidang.engine.rules.memory import Memory
from haidang.engine.rules.models import Judged
from haidang.engine.rules.statistics import Newest
from haidang.engine.submissions.models import Submission

log = logging.getLogger("haidang.work")

# A rule that failed loses its turn for so long, then judges all it has missed.
AGAIN = timedelta(minutes=1)


class RuleFails(Exception):
    """The code of a rule, or what it was given: nobody can say where it stands."""


def judge_news(rules: Iterable[Placed]) -> list[Judgement]:
    """What these rules say of figures that have a new version; call it in the transaction that acts on it. A new rule, or
    another text of one, judges what stands. Without news this is three short queries.
    """
    # First the marks: whoever waited for another worker here must not look less far than that one did.
    marks = {mark.rule: mark for mark in Judged.objects.select_for_update()}
    epoch, now = _last_epoch(), clock.now()
    there = _there(pk for mark in marks.values() for pk in mark.standing)
    waiting: dict[int, list[tuple[Placed, Judged]]] = defaultdict(list)
    for placed in rules:
        mark = marks.get(placed.address) or Judged(rule=placed.address)
        if mark.retry_at is None or mark.retry_at <= now:
            waiting[mark.epoch if mark.sha256 == placed.sha256 else 0].append((placed, mark))
    memory, found, quiet = Memory(), [], []
    for since, those in waiting.items():
        touched = _touched((placed for placed, _ in those), since, epoch)
        for placed, mark in those:
            places = set().union(*(touched[one] for one in placed.rule.looks_at))
            gone = [
                pk for pk in mark.standing if placed.rule.level not in ("", there.get(pk)) or pk not in there
            ]
            if since and not places and not gone:
                quiet.append(placed.address)
            else:
                found += _one(placed, mark, places, gone, (since, epoch), memory)
    Judged.objects.filter(rule__in=quiet).update(epoch=epoch)
    memory.save()
    return found


def _there(places: Iterable[int]) -> dict[int, str]:
    """Those that are units of today, with their level."""
    wanted = set(places)
    return (
        dict(Place.objects.on(clock.today()).filter(pk__in=wanted).values_list("pk", "level"))
        if wanted
        else {}
    )


def _one(
    placed: Placed, mark: Judged, places: set[int], gone: list[int], epochs: tuple[int, int], memory: Memory
) -> list[Judgement]:
    """One rule over the places that have news; its mark is saved with what was made of them. Nothing will ever be
    published again of those that are `gone`: what was told of them returns.
    """
    said: list[Judgement] = []
    started = time.perf_counter()
    try:
        judged = _judge(placed, places, *epochs)
    except DatabaseError:
        raise  # the record is away, for all of them
    except Exception as error:
        # Its code, whatever it raises, or what it was given: it harms only itself, and its mark stays where it is.
        log.exception("rule %s failed", placed.address)
        memory.meter(placed.address).failed(error, clock.timestamp())
        mark.retry_at = clock.now() + AGAIN
    else:
        said = list(_turns(mark, [*(statistics.ended(placed, pk) for pk in gone), *judged]))
        memory.meter(placed.address).looked_at(time.perf_counter() - started, len(judged), said)
        mark.epoch, mark.sha256, mark.retry_at = epochs[1], placed.sha256, None
    mark.save()
    return said


def standing(placed: Placed) -> list[Judgement]:
    """A `raise` for every place at which the rule holds now, judged anew; nothing is judged beside it until the commit.
    Raises RuleFails.
    """
    Judged.objects.select_for_update().filter(rule=placed.address).first()
    epoch = _last_epoch()
    touched = _touched([placed], 0, epoch)
    places = set().union(*(touched[one] for one in placed.rule.looks_at))
    try:
        return [one for one in _judge(placed, places, 0, epoch) if one.kind == "raise"]
    except DatabaseError:
        raise
    except Exception as error:
        log.exception("rule %s failed", placed.address)
        raise RuleFails(f"{type(error).__name__}: {error}") from error


def _turns(mark: Judged, judged: list[Judgement]) -> Iterator[Judgement]:
    """What is news to the alarms: a place that stands is not raised again by its next week, and only what stands returns."""
    told = set(mark.standing)
    for one in judged:
        place = one.of_place.place_id if one.of_place else 0
        if one.kind == "corrected" or (one.kind == "raise") != (place in told):
            yield one
        if one.kind == "raise":
            told.add(place)
        elif one.kind == "clear":
            told.discard(place)
    mark.standing = sorted(told)


def _judge(placed: Placed, touched: set[int], since: int, epoch: int) -> list[Judgement]:
    places = _places(placed, touched) if touched else {}
    if not places:
        return []
    said = _corrected(placed, since, epoch) if since else []
    for row in figure_rows.newest([placed.rule.indicator], places, epoch):
        figures = Stored(places[row.subject.place_id], epoch)
        newest = Newest(row.subject.place_id, _period(placed, row.subject.at), row.value or 0.0, row.epoch)
        judgement = statistics.judge(placed, newest, figures, statistics.now_us())
        if judgement and judgement.kind == "raise" and judgement.of_place:
            judgement = replace(judgement, of_place=replace(judgement.of_place, office_id=answering(row)))
        said += [judgement] if judgement else []
    return said


def _period(placed: Placed, end: datetime) -> Period:
    return periods.ending(end, placed.rule.period or "month")


@dataclass(frozen=True, slots=True)
class Stored:
    """Figures of one unit in all its spans of time, as known at an epoch."""

    ids: list[int]
    epoch: int

    def value(self, indicator: str, period: Period) -> float | None:
        end = periods.end_of(period)
        rows = figure_rows.read([indicator], self.ids, [end], self.epoch)
        found = (rows.get(Subject(indicator, place, end)) for place in self.ids)
        return next((row.value for row in found if row is not None), None)

    def past(self, indicator: str, first: Period, last: Period) -> dict[Period, float]:
        many, ends = 0, [periods.end_of(first)]
        while ends[-1] < periods.end_of(last):
            many += 1
            ends.append(periods.end_of(periods.back(first, -many)))
        rows = figure_rows.blocks([Block([indicator], self.ids, ends)], self.epoch, details=False)
        return {
            periods.ending(subject.at, last.kind): row.value
            for subject, row in rows.items()
            if row.value is not None
        }


def _last_epoch() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM store_epoch")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _touched(rules: Iterable[Placed], since: int, epoch: int) -> dict[str, set[int]]:
    """Places with a new version of a figure that these rules judge by, by its indicator. One query."""
    found: dict[str, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT indicator, place_id FROM indicators_figure WHERE place_id IS NOT NULL"
            " AND epoch > %s AND epoch <= %s AND indicator = ANY(%s)",
            [since, epoch, sorted({one for placed in rules for one in placed.rule.looks_at})],
        )
        for indicator, place in cursor.fetchall():
            found[indicator].add(place)
    return found


def _places(placed: Placed, touched: set[int]) -> dict[int, list[int]]:
    """The units of these rows as they stand today → all rows of each; without those that are no more."""
    rows = Place.objects.filter(pk__in=touched)
    if placed.rule.level:
        rows = rows.filter(level=placed.rule.level)
    named = {(row.level, row.code, row.name) for row in rows}
    # A code may have been another unit's before a reform: the name tells.
    spans = Place.objects.filter(code__in=[code for _, code, _ in named]).order_by("-valid_from_date", "pk")
    found: dict[int, list[int]] = {}
    for unit in named:
        ids = [row for row in spans if (row.level, row.code, row.name) == unit]
        today = next((row.pk for row in ids if row.is_valid_on(clock.today())), None)
        if today is not None:
            found[today] = [row.pk for row in ids]
    return found


def _corrected(placed: Placed, since: int, epoch: int) -> list[Judgement]:
    """Figures that took the place of another value: an alarm may rest on them."""
    with connection.cursor() as cursor:
        cursor.execute(_CORRECTED, [placed.rule.indicator, since, epoch])
        rows: list[tuple[int, datetime, float | None, int]] = cursor.fetchall()
    found = []
    for place, at, value, version in rows:
        figure = Newest(place, _period(placed, at), float("nan") if value is None else value, version)
        found.append(statistics.judgement_on("corrected", placed, figure, None))
    return found


def answering(row: Row) -> int | None:
    """The office whose submission the figure comes from; of a formula that of its first input that has one."""
    number = row.detail.get("submission") or next((one[0] for one in row.detail.get("lists", ())), None)
    if number is not None:
        return Submission.objects.filter(pk=number).values_list("office_id", flat=True).first()
    inputs = [kept[3] for kept in row.detail.get("inputs", ()) if kept[3] is not None]
    below = {one.id: one for one in figure_rows.by_id(inputs)} if inputs else {}
    offices = (answering(below[one]) for one in inputs if one in below)
    return next((office for office in offices if office is not None), None)


_CORRECTED = """
SELECT f.place_id, f.at, f.value, f.epoch FROM indicators_figure f
JOIN indicators_figure former ON former.indicator = f.indicator AND former.place_id = f.place_id AND former.at = f.at
  AND former.superseded = f.epoch AND former.superseded IS NOT NULL AND former.place_id IS NOT NULL
WHERE f.indicator = %s AND f.place_id IS NOT NULL AND f.epoch > %s AND f.epoch <= %s AND f.superseded IS NULL
  AND former.value IS DISTINCT FROM f.value
ORDER BY f.epoch, f.id
"""
