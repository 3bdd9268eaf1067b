"""Figures that follow from others: which a change touches, and what comes of them, with every input named.

A missing input makes a missing figure, never a zero. An input of a longer period (the population of a year) is the
last one known by then, at most two periods old; one of shorter periods, or of the communes of a province, is rolled up
by its own rule, and only when it is complete.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from haidang.engine import clock
from haidang.engine.indicators import figure_rows, periods, waiting
from haidang.engine.indicators.catalogue import Catalogue, Entry
from haidang.engine.indicators.figure_rows import New, Row, Subject
from haidang.engine.indicators.gathering import OLDEST, Inputs, as_kept, at_period, rows_for, with_members
from haidang.engine.indicators.statistic import bare
from haidang.engine.indicators.territory import Territory


@dataclass(frozen=True, slots=True)
class Written:
    """A figure that follows, with what stood there before."""

    row: New
    id: int
    before: Row | None


INLINE = 2000  # figures of one formula that one transaction computes itself


def derive(catalogue: Catalogue, changed: Iterable[Subject], epoch: int) -> list[Written]:
    """Compute and write everything that follows from these figures, in the running transaction. Where that is more
    than it should bear (a new population touches two years of months), the older ones wait for `following`.
    """
    touched = set(changed)
    territory = Territory({subject.place_id for subject in touched})
    found: list[Written] = []
    for entry in catalogue.after({subject.indicator for subject in touched}):
        looked_at = [subject for subject in touched if subject.indicator in entry.inputs]
        subjects = sorted(touched_by(catalogue, entry, looked_at, territory), key=lambda one: one.at)
        waiting.add(subjects[:-INLINE])
        written = put(catalogue, entry, subjects[-INLINE:], territory, epoch)
        touched |= {one.row.subject for one in written}
        found += written
    return found


def put(
    catalogue: Catalogue, entry: Entry, subjects: Sequence[Subject], territory: Territory, epoch: int
) -> list[Written]:
    """Compute these figures of one formula and write those that are new or other than they were."""
    current = figure_rows.read([entry.address], *_axes(subjects))
    computed = compute(catalogue, entry, subjects, territory)
    fresh = [new for new in computed if _is_news(new, current.get(new.subject))]
    ids = figure_rows.write(fresh, epoch)
    return [Written(new, number, current.get(new.subject)) for new, number in zip(fresh, ids, strict=True)]


def _is_news(new: New, old: Row | None) -> bool:
    if old is not None:
        return (old.value, old.status, old.detail) != (new.value, new.status, new.detail)
    if new.value is None and new.subject.at > clock.now():
        return False  # the period is not over: nobody misses it yet
    return any(number is not None for *_, number, _ in new.detail["inputs"])


def _axes(subjects: Iterable[Subject]) -> tuple[set[int], set[datetime]]:
    return {subject.place_id for subject in subjects}, {subject.at for subject in subjects}


# --- which figures a change touches -----------------------------------------------------------------------
def touched_by(
    catalogue: Catalogue, entry: Entry, changed: Iterable[Subject], territory: Territory
) -> set[Subject]:
    """The figures of a formula that look at these: of the same place and of its province, of their period or later."""
    kind = entry.statistic.period
    found: set[Subject] = set()
    later: set[Subject] = set()
    for subject in changed:
        theirs = catalogue.entries[bare(subject.indicator)].statistic.period
        is_longer = periods.MONTHS[theirs] > periods.MONTHS[kind]
        if is_longer:
            ends = _while_known(subject.at, theirs, kind)
        else:
            ends = [periods.end_of(periods.longer_of(periods.ending(subject.at, theirs), kind))]
        for end in ends:
            province = territory.province(subject.place_id, periods.last_day(end))
            places = {province} if province is not None else {subject.place_id}
            if catalogue.level(entry.address) == "commune":
                places.add(subject.place_id)
            (later if is_longer else found).update(Subject(entry.address, place, end) for place in places)
    return found | _with_others(catalogue, entry, later, territory)


def _while_known(at: datetime, longer: Any, kind: Any) -> list[datetime]:
    """Ends of the periods that may look at the figure of a longer one."""
    first = periods.holding(at, kind)
    many = OLDEST * periods.MONTHS[longer] // periods.MONTHS[kind]
    return [periods.end_of(periods.back(first, -number)) for number in range(many)]


def _with_others(
    catalogue: Catalogue, entry: Entry, subjects: set[Subject], territory: Territory
) -> set[Subject]:
    """Those of which something of their own period is known: a new population makes no empty months."""
    if not subjects:
        return set()
    others = [
        address
        for address in entry.inputs
        if catalogue.entries[bare(address)].statistic.period == entry.statistic.period
    ]
    places, ends = _axes(subjects)
    known = {
        (row.place_id, row.at)
        for row in figure_rows.read(others, with_members(places, ends, territory), ends)
    }
    return {
        subject
        for subject in subjects
        if (subject.place_id, subject.at) in known
        or any(
            (one, subject.at) in known
            for one in territory.communes(subject.place_id, periods.last_day(subject.at))
        )
    }


# --- what comes of them -----------------------------------------------------------------------------------
def compute(
    catalogue: Catalogue,
    entry: Entry,
    subjects: Iterable[Subject],
    territory: Territory,
    epoch: int | None = None,
) -> list[New]:
    """These figures from their inputs as known at `epoch` (None: now); one query. Those before the first version
    are left out.
    """
    wanted = sorted(subjects)
    places, ends = _axes(wanted)
    kind = entry.statistic.period
    rows = rows_for(
        catalogue, dict.fromkeys(entry.inputs, ends), places, kind, territory, epoch, details=False
    )
    found = []
    for subject in wanted:
        way = entry.way_on(periods.last_day(subject.at))
        if way is None:
            continue
        version, formula = way
        values: dict[str, Any] = {}
        inputs: Inputs = []
        for address in formula.inputs:
            number, parts = at_period(catalogue, address, kind, subject, rows, territory)
            values[address] = (number, catalogue.unit(address))
            inputs += parts
        detail = {
            "kind": "derived", "formula": formula.text, "version": version,
            "inputs": [as_kept(one, row) for one, row in inputs],
        }  # fmt: skip
        value, status = None, "missing"
        if all(number is not None for number, _ in values.values()):
            try:
                value = float(formula.value(values) / catalogue.unit(entry.address).scale)
                status = "ok"
            except ZeroDivisionError:
                status, detail["error"] = "failed", "division by zero"
        found.append(New(subject, value, status, entry.sha256, detail))
    return found
