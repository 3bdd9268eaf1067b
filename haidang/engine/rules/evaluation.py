"""Judge a batch of readings, or figures: quiet rows cost a few array comparisons, the others run their
machines.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from haidang.engine.rules.book import Book, Placed, SeriesInfo, load
from haidang.engine.rules.judgement import Judgement, Subject, tell
from haidang.engine.rules.machine import Track
from haidang.engine.rules.memory import Memory

log = logging.getLogger(__name__)

Row = tuple[int, float]  # measuring time in µs since 1970, value
# Stored, valid readings of one subject after a time, in measuring order: what a machine runs again over.
History = Callable[[Subject, Placed, int], list[Row]]
Catalogue = Callable[[list[int]], dict[int, SeriesInfo]]


@dataclass(frozen=True, slots=True)
class Batch:
    """New readings as columns of one length, already stored in the running transaction. Duplicates are not
    in it.

    `status` 0 is measuring, anything else never counts. `correction` marks rows that replace an earlier
    version.
    """

    series_id: NDArray[np.int64]
    at_us: NDArray[np.int64]
    value: NDArray[np.float64]
    status: NDArray[np.int8]
    now_us: int
    correction: NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True)
class FigureFact:
    """A new version of one figure of one asset; `value` None when it could not be computed."""

    indicator: str
    asset_id: int
    at_us: int
    value: float | None
    is_correction: bool = False


class Evaluator:
    """The rules of one process. `history` and `catalogue` read the store; tests of rules give their own."""

    def __init__(
        self,
        book: Book,
        memory: Memory,
        *,
        history: History | None = None,
        catalogue: Catalogue | None = None,
    ) -> None:
        self.book = book
        self.memory = memory
        self._history = history or stored_readings
        self._catalogue = catalogue or stored_series

    # --- readings ---
    def evaluate(self, batch: Batch) -> list[Judgement]:
        """Judgements of all rules on this batch, in no particular order; states are saved with the
        transaction.
        """
        if self.memory.load():
            self._watch_all()
        columns = self.book.columns
        if len(batch.series_id) == 0:
            return []
        columns.grow(int(batch.series_id.max()) + 1)
        touched = self._touched(batch)
        if len(touched) == 0:
            self.memory.save()
            return []
        ids = np.unique(batch.series_id[touched])
        unknown = [int(i) for i in ids if int(i) not in self.book.series]
        if unknown:
            self.book.learn(self._catalogue(unknown))
            touched = self._touched(batch)
        said: list[Judgement] = []
        for series_id, rows in _by_series(batch, touched):
            for placed in self.book.rules_of(series_id):
                said += self._judge_series(placed, series_id, batch, rows)
        self.memory.save()
        return said

    def _touched(self, batch: Batch) -> NDArray[np.int64]:
        """Row numbers that are beyond a limit, belong to a machine that is not at rest, or correct
        something.
        """
        columns, ids, value = self.book.columns, batch.series_id, batch.value
        mask = (value > columns.above[ids]) | (value < columns.below[ids]) | columns.watched[ids]
        mask &= (batch.status == 0) & ~np.isnan(value)
        if batch.correction is not None:
            mask |= batch.correction
        return np.flatnonzero(mask)

    def _judge_series(
        self, placed: Placed, series_id: int, batch: Batch, rows: NDArray[np.int64]
    ) -> list[Judgement]:
        subject = Subject(f"series:{series_id}", series_id, self.book.series[series_id].asset_id)
        valid = rows[(batch.status[rows] == 0) & ~np.isnan(batch.value[rows])]
        pairs = sorted(zip(batch.at_us[valid].tolist(), batch.value[valid].tolist(), strict=True))
        corrected: list[Row] = []
        if batch.correction is not None:
            wrong = rows[batch.correction[rows]]
            corrected = list(zip(batch.at_us[wrong].tolist(), batch.value[wrong].tolist(), strict=True))
        said = self._guarded(placed, subject, pairs, corrected, batch.now_us)
        self.book.columns.watched[series_id] = any(
            (other.address, subject.name) in self.memory.tracks for other in self.book.rules_of(series_id)
        )
        return said

    def _watch_all(self) -> None:
        self.book.columns.watched[:] = False
        for _, subject in self.memory.tracks:
            kind, _, number = subject.partition(":")
            if kind == "series":
                self.book.columns.grow(int(number) + 1)
                self.book.columns.watched[int(number)] = True

    # --- figures ---
    def evaluate_figures(self, facts: Iterable[FigureFact], now_us: int) -> list[Judgement]:
        """Judgements of the rules on indicators; the figures are already stored in the running transaction."""
        facts = list(facts)
        if not facts:
            return []
        if self.memory.load():
            self._watch_all()
        said: list[Judgement] = []
        for indicator, asset_id in dict.fromkeys((fact.indicator, fact.asset_id) for fact in facts):
            mine = [fact for fact in facts if (fact.indicator, fact.asset_id) == (indicator, asset_id)]
            pairs = sorted((fact.at_us, fact.value) for fact in mine if fact.value is not None)
            wrong = [(f.at_us, float("nan") if f.value is None else f.value) for f in mine if f.is_correction]
            subject = Subject(f"asset:{asset_id}", None, asset_id)
            for placed in self.book.figure_rules(indicator):
                said += self._guarded(placed, subject, pairs, wrong, now_us)
        self.memory.save()
        return said

    # --- one rule on one subject ---
    def _guarded(
        self, placed: Placed, subject: Subject, pairs: list[Row], corrected: list[Row], now_us: int
    ) -> list[Judgement]:
        """Run under the rule's time budget; a rule that fails or is too slow harms only itself."""
        meter = self.memory.meter(placed.address)
        if meter.is_open(now_us / 1e6):
            meter.skipped += len(pairs)
            self._tear(placed, subject)
            return []
        # Its own work, not the time another program on this machine took the processor away: an alarm would be missed for it.
        started = time.thread_time()
        try:
            said = self._judge(placed, subject, pairs, corrected, now_us)
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            log.exception("rule %s failed on %s", placed.address, subject.name)
            meter.failed(error, now_us / 1e6)
            self._tear(placed, subject)
            return []
        meter.spent(time.thread_time() - started, len(pairs), said, now_us / 1e6)
        return said

    def _tear(self, placed: Placed, subject: Subject) -> None:
        if track := self.memory.tracks.get((placed.address, subject.name)):
            track.is_torn = True
            self.memory.touch((placed.address, subject.name))

    def _judge(
        self, placed: Placed, subject: Subject, pairs: list[Row], corrected: list[Row], now_us: int
    ) -> list[Judgement]:
        rule, key = placed.rule, (placed.address, subject.name)
        horizon_us = now_us - placed.lookback_us
        track = self.memory.tracks.get(key)
        said = [
            Judgement(
                "corrected",
                placed.address,
                placed.sha256,
                subject.name,
                at_us,
                value,
                subject.series_id,
                subject.asset_id,
            )
            for at_us, value in corrected
        ]
        beyond = [row for row in pairs if rule.exceeds(row[1])]
        if track is None and not beyond:
            return said
        is_new = track is None
        if track is None:
            track = Track.new(horizon_us)
        too_late = [row for row in beyond if row[0] <= track.base.last_us]
        if too_late:
            said.append(_late(placed, subject, too_late))
        fresh = [row for row in pairs if row[0] > track.base.last_us]
        if is_new and not any(row[0] > horizon_us for row in beyond):
            return said
        if is_new or track.is_torn or corrected or (fresh and fresh[0][0] <= track.tip.last_us):
            track.rerun(rule, self._history(subject, placed, track.base.last_us), horizon_us)
        else:
            track.advance(rule, fresh, horizon_us)
        said += tell(rule, placed.address, placed.sha256, subject, track, now_us)
        self.memory.tracks[key] = track
        if track.is_over(horizon_us):
            del self.memory.tracks[key]
        if not is_new or key in self.memory.tracks:
            self.memory.touch(key)
        return said


def _late(placed: Placed, subject: Subject, rows: list[Row]) -> Judgement:
    """Exceedances older than anything that may still raise: one event with the worst of them."""
    at_us, value = (max if placed.rule.above is not None else min)(rows, key=lambda row: row[1])
    return Judgement(
        "late",
        placed.address,
        placed.sha256,
        subject.name,
        at_us,
        value,
        subject.series_id,
        subject.asset_id,
        count=len(rows),
    )


def _by_series(batch: Batch, touched: NDArray[np.int64]) -> Iterable[tuple[int, NDArray[np.int64]]]:
    ids = batch.series_id[touched]
    order = np.argsort(ids, kind="stable")
    ids, rows = ids[order], touched[order]
    starts = np.flatnonzero(np.diff(ids, prepend=-1))
    for group in np.split(rows, starts[1:]) if len(rows) else []:
        yield int(batch.series_id[group[0]]), group


# --- the store ---
def stored_readings(subject: Subject, placed: Placed, after_us: int) -> list[Row]:
    """Valid stored values of the subject after `after_us`, newest version each, in measuring order."""
    with connection.cursor() as cursor:
        if subject.series_id is not None:
            cursor.execute(
                "SELECT (extract(epoch FROM at) * 1000000)::bigint, value FROM store_observation "
                "WHERE series_id = %s AND at > to_timestamp(%s::double precision / 1000000) "
                "AND superseded IS NULL AND status = 0 AND value IS NOT NULL ORDER BY at",
                [subject.series_id, after_us],
            )
        else:
            cursor.execute(
                "SELECT (extract(epoch FROM at) * 1000000)::bigint, value FROM indicators_figure "
                "WHERE indicator = %s AND asset_id = %s AND at > to_timestamp(%s::double precision / 1000000) "
                "AND superseded IS NULL AND place_id IS NULL AND value IS NOT NULL ORDER BY at",
                [placed.rule.indicator, subject.asset_id, after_us],
            )
        return [(int(at_us), float(value)) for at_us, value in cursor.fetchall()]


def stored_series(ids: list[int]) -> dict[int, SeriesInfo]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.id, s.asset_id, a.kind, s.parameter FROM store_series s "
            "JOIN assets_asset a ON a.id = s.asset_id WHERE s.id = ANY(%s)",
            [ids],
        )
        return {row[0]: SeriesInfo(*row[1:]) for row in cursor.fetchall()}


# --- the evaluator of this process ---
_evaluator: Evaluator | None = None


def evaluator() -> Evaluator:
    """The one evaluator of this process, its rules read from the content tree at first use."""
    global _evaluator  # noqa: PLW0603 - one process has one set of rules
    if _evaluator is None:
        _evaluator = Evaluator(Book(load()), Memory())
    return _evaluator


def reload() -> None:
    """Read the rules again at next use: content has changed, or a test begins with an empty database."""
    global _evaluator  # noqa: PLW0603
    _evaluator = None


def evaluate(batch: Batch) -> list[Judgement]:
    """Judgements of all rules on this batch; called inside the transaction that stored it."""
    return evaluator().evaluate(batch)


def evaluate_figures(facts: Iterable[FigureFact], now_us: int) -> list[Judgement]:
    """Judgements of all rules on these figures; called inside the transaction that stored them."""
    return evaluator().evaluate_figures(facts, now_us)
