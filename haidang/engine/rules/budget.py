"""Time budget and breaker of each rule: one slow or broken rule must not hold up the path of data."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

from haidang.engine.rules.judgement import Judgement

BUDGET_S = 0.05
STRIKES = 3
OPEN_FOR_S = 60.0
_COUNTED = {"raise": "raised", "clear": "cleared", "late": "late", "corrected": "corrected"}


@dataclass(slots=True)
class Meter:
    """Counts of one rule since they were last written, and its breaker."""

    readings: int = 0
    raised: int = 0
    cleared: int = 0
    late: int = 0
    corrected: int = 0
    over_budget: int = 0
    failures: int = 0
    skipped: int = 0
    slowest_ms: float = 0.0
    last_error: str = ""
    strikes: int = field(default=0, metadata={"kept": True})
    open_until: float = field(default=0.0, metadata={"kept": True})

    def is_open(self, now: float) -> bool:
        return now < self.open_until

    def spent(self, seconds: float, rows: int, said: list[Judgement], now: float) -> None:
        """Book one batch; three over the budget in a row open the breaker for a minute."""
        self.looked_at(seconds, rows, said)
        if seconds <= BUDGET_S:
            self.strikes = 0
            return
        self.over_budget += 1
        self._strike(now)

    def looked_at(self, seconds: float, rows: int, said: list[Judgement]) -> None:
        """Book what is outside the path of data and has no budget."""
        self.readings += rows
        self.slowest_ms = max(self.slowest_ms, seconds * 1e3)
        for judgement in said:
            name = _COUNTED[judgement.kind]
            setattr(self, name, getattr(self, name) + 1)

    def failed(self, error: Exception, now: float) -> None:
        self.failures += 1
        self.last_error = f"{type(error).__name__}: {error}"[:500]
        self._strike(now)

    def _strike(self, now: float) -> None:
        self.strikes += 1
        if self.strikes >= STRIKES:
            self.strikes = 0
            self.open_until = now + OPEN_FOR_S

    def take(self) -> dict[str, Any] | None:
        """Counts since the last call as columns of RuleCount; None when there is nothing to write."""
        counted = {f.name: getattr(self, f.name) for f in fields(self) if not f.metadata}
        if not any(counted.values()):
            return None
        for name, value in counted.items():
            setattr(self, name, type(value)())
        until = datetime.fromtimestamp(self.open_until, UTC) if self.open_until else None
        return counted | {"breaker_until": until}
