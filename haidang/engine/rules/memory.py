"""What the machines remember: a table, and in each process a copy of it that a failed transaction throws
away.
"""

from __future__ import annotations

import json
import time
from typing import Any

from django.db import connection, transaction

from haidang.engine.rules.budget import Meter
from haidang.engine.rules.machine import State, Track

Key = tuple[str, str]
# Another process may have judged the same subject meanwhile (partitions move between ingest processes).
RELOAD_S = 30.0
COUNTS_EVERY_S = 5.0


class Memory:
    """Tracks by (rule, subject). `load` at the start of a batch, `save` at its end, in the caller's
    transaction.
    """

    def __init__(self) -> None:
        self.tracks: dict[Key, Track] = {}
        self.meters: dict[str, Meter] = {}
        self.is_loaded = False
        self._loaded_at = 0.0
        self._counted_at = 0.0
        self._changed: set[Key] = set()

    def load(self) -> bool:
        """Read the table again after a failed transaction or some time; whether it was read."""
        if self.is_loaded and time.monotonic() - self._loaded_at < RELOAD_S:
            return False
        with connection.cursor() as cursor:
            cursor.execute("SELECT rule, subject, track, announced, announced_us FROM rules_rulestate")
            self.tracks = {
                (rule, subject): parse(track, announced, announced_us)
                for rule, subject, track, announced, announced_us in cursor.fetchall()
            }
        self._changed.clear()
        self.is_loaded, self._loaded_at = True, time.monotonic()
        return True

    def meter(self, rule: str) -> Meter:
        return self.meters.setdefault(rule, Meter())

    def touch(self, key: Key) -> None:
        self._changed.add(key)

    def save(self) -> None:
        """Write what changed. Until the commit the copy is not trusted, so a rollback makes it be read
        again.
        """
        counts = self._take_counts()
        if not self._changed and not counts:
            return
        self.is_loaded = False
        kept = [(key, self.tracks[key]) for key in self._changed if key in self.tracks]
        gone = [key for key in self._changed if key not in self.tracks]
        self._changed.clear()
        with connection.cursor() as cursor:
            if kept:
                cursor.execute(_KEEP, [list(column) for column in zip(*map(_row, kept), strict=True)])
            if gone:
                cursor.execute(_FORGET, [list(column) for column in zip(*gone, strict=True)])
            for rule, columns in counts:
                cursor.execute(_COUNT, {"rule": rule, **columns})
        transaction.on_commit(self._committed)

    def _committed(self) -> None:
        self.is_loaded = True

    def _take_counts(self) -> list[tuple[str, dict[str, Any]]]:
        now = time.monotonic()
        if now - self._counted_at < COUNTS_EVERY_S:
            return []
        self._counted_at = now
        return [(rule, taken) for rule, meter in self.meters.items() if (taken := meter.take())]


def parse(track: str | list[list[float]], announced: bool, announced_us: int) -> Track:
    data = json.loads(track) if isinstance(track, str) else track
    base, mid, tip = map(State.parse, data[:3])
    return Track(base, mid, tip, announced, announced_us, is_torn=len(data) > 3)


def _row(item: tuple[Key, Track]) -> tuple[str, str, str, bool, int]:
    (rule, subject), track = item
    states = [track.base.dump(), track.mid.dump(), track.tip.dump()]
    dumped = json.dumps([*states, []] if track.is_torn else states)
    return rule, subject, dumped, track.announced, track.announced_us


_KEEP = """
INSERT INTO rules_rulestate (rule, subject, track, announced, announced_us)
SELECT * FROM unnest(%s::text[], %s::text[], %s::jsonb[], %s::boolean[], %s::bigint[])
ON CONFLICT (rule, subject) DO UPDATE
SET track = excluded.track, announced = excluded.announced, announced_us = excluded.announced_us
"""
_FORGET = """
DELETE FROM rules_rulestate USING unnest(%s::text[], %s::text[]) AS gone(rule, subject)
WHERE rules_rulestate.rule = gone.rule AND rules_rulestate.subject = gone.subject
"""
_COUNT = """
INSERT INTO rules_rulecount AS c
  (rule, readings, raised, cleared, late, corrected, over_budget, failures, skipped,
   slowest_ms, last_error, breaker_until)
VALUES (%(rule)s, %(readings)s, %(raised)s, %(cleared)s, %(late)s, %(corrected)s, %(over_budget)s,
  %(failures)s, %(skipped)s, %(slowest_ms)s, %(last_error)s, %(breaker_until)s)
ON CONFLICT (rule) DO UPDATE SET
  readings = c.readings + excluded.readings, raised = c.raised + excluded.raised,
  cleared = c.cleared + excluded.cleared,
  late = c.late + excluded.late, corrected = c.corrected + excluded.corrected,
  over_budget = c.over_budget + excluded.over_budget, failures = c.failures + excluded.failures,
  skipped = c.skipped + excluded.skipped, slowest_ms = greatest(c.slowest_ms, excluded.slowest_ms),
  last_error = CASE WHEN excluded.last_error = '' THEN c.last_error ELSE excluded.last_error END,
  breaker_until = coalesce(excluded.breaker_until, c.breaker_until)
"""
