"""The state machine of one rule on one subject, as a pure function over readings in measuring order.

Order of arrival must not matter: rows that come in order step from the tip; a row that comes out of order
makes the machine run again over stored readings from a state older than every late row that may still
count.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import IntEnum

from haidang.engine.rules.definition import Rule


class Phase(IntEnum):
    CLEAR = 0
    PENDING = 1
    OPEN = 2


@dataclass(frozen=True, slots=True)
class State:
    """Where the machine stands after the reading at `last_us` (measuring times in µs since 1970)."""

    last_us: int
    phase: Phase = Phase.CLEAR
    since_us: int = 0  # first reading beyond the limit of this episode
    quiet_us: int = 0  # first reading of the present quiet stretch of an open episode; 0: none
    beyond_us: int = 0  # latest reading beyond the limit
    beyond_value: float = 0.0
    peak: float = 0.0

    def dump(self) -> list[float]:
        return [
            self.last_us,
            int(self.phase),
            self.since_us,
            self.quiet_us,
            self.beyond_us,
            self.beyond_value,
            self.peak,
        ]

    @classmethod
    def parse(cls, data: list[float]) -> State:
        return cls(
            int(data[0]),
            Phase(int(data[1])),
            int(data[2]),
            int(data[3]),
            int(data[4]),
            float(data[5]),
            float(data[6]),
        )


@dataclass(frozen=True, slots=True)
class Turn:
    """The machine opened or closed an episode at this reading."""

    opened: bool
    at_us: int
    value: float
    since_us: int


def step(rule: Rule, state: State, at_us: int, value: float) -> tuple[State, Turn | None]:
    """One reading further. Readings must come in measuring order."""
    gap = at_us - state.last_us
    if rule.exceeds(value):
        return _beyond(rule, state, at_us, value, gap)
    if state.phase is Phase.CLEAR:
        return replace(state, last_us=at_us), None
    if state.phase is Phase.PENDING:
        return State(at_us, beyond_us=state.beyond_us, beyond_value=state.beyond_value), None
    if not rule.is_quiet(
        value
    ):  # between the limit and the value that ends it: the quiet stretch starts anew
        return replace(state, last_us=at_us, quiet_us=0), None
    quiet_us = state.quiet_us or at_us
    if at_us - quiet_us < rule.clear_for * 1e6:
        return replace(state, last_us=at_us, quiet_us=quiet_us), None
    closed = State(at_us, beyond_us=state.beyond_us, beyond_value=state.beyond_value)
    return closed, Turn(opened=False, at_us=at_us, value=value, since_us=state.since_us)


def _beyond(rule: Rule, state: State, at_us: int, value: float, gap: int) -> tuple[State, Turn | None]:
    further = max if rule.above is not None else min
    if state.phase is Phase.OPEN:
        peak = further(state.peak, value)
        return replace(state, last_us=at_us, quiet_us=0, beyond_us=at_us, beyond_value=value, peak=peak), None
    broken = state.phase is Phase.CLEAR or gap > rule.gap * 1e6
    since_us = at_us if broken else state.since_us
    peak = value if broken else further(state.peak, value)
    is_open = at_us - since_us >= rule.for_ * 1e6
    phase = Phase.OPEN if is_open else Phase.PENDING
    found = State(at_us, phase, since_us, 0, at_us, value, peak)
    return found, Turn(opened=True, at_us=at_us, value=value, since_us=since_us) if is_open else None


@dataclass(slots=True)
class Track:
    """The machine with what it needs to run again, and what it has already told the alarms."""

    base: State  # old enough that no reading which may still count is older
    mid: State
    tip: State
    announced: bool = False
    # Turns up to this measuring time were told; a second run must not tell them again.
    announced_us: int = 0
    # Readings passed it by (its rule's breaker was open, or it failed): it must run again over the store.
    is_torn: bool = False
    turns: list[Turn] = field(default_factory=list)

    @classmethod
    def new(cls, start_us: int) -> Track:
        state = State(start_us)
        return cls(state, state, state)

    def advance(self, rule: Rule, rows: Iterable[tuple[int, float]], horizon_us: int) -> None:
        """Step over `rows`, all newer than the tip; keep a base that is older than the horizon."""
        for at_us, value in rows:
            if self.tip.last_us <= horizon_us:
                self.base = self.mid = self.tip
            elif self.mid.last_us <= horizon_us:
                self.base, self.mid = self.mid, self.tip
            self.tip, turn = step(rule, self.tip, at_us, value)
            if turn:
                self.turns.append(turn)

    def rerun(self, rule: Rule, rows: Iterable[tuple[int, float]], horizon_us: int) -> None:
        """Run again from the base over `rows`, which are all stored readings after it."""
        self.mid = self.tip = self.base
        self.turns.clear()
        self.is_torn = False
        self.advance(rule, rows, horizon_us)

    def is_over(self, horizon_us: int) -> bool:
        """Nothing open, nothing told, and no reading beyond the limit young enough to matter."""
        return self.tip.phase is Phase.CLEAR and not self.announced and self.tip.beyond_us <= horizon_us

    def take_turns(self) -> list[Turn]:
        turns, self.turns = self.turns, []
        return turns
