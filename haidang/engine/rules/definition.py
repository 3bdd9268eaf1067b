"""A rule as content: when a value or a silence is an alarm, why it matters, what to do, and tests that
prove it.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from haidang.engine.contracts.reading import Seconds, Text


class Reading(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One reading of a rule's test. `minute` is its measuring time; `arrives` its arrival, if later."""

    minute: float
    value: float | None = None
    status: str = "00"
    station: str = "A"
    door: str = "push"
    arrives: float | None = None


class RuleTest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Readings, and whether the rule raises an alarm on them. `until` is the minute at which silence is
    judged.
    """

    name: str
    readings: list[Reading]
    fires: bool
    until: float | None = None
    every: Seconds = Seconds(300)
    silent_after: Seconds = Seconds(900)


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A judgement. `threshold` looks at one parameter or one indicator, `absence` at who has stopped
    speaking.

    A rule without consequence, response and time to respond would only be an event, so all three are
    required.
    """

    title: Text
    kind: Literal["threshold", "absence"]
    priority: Literal[1, 2, 3]
    consequence: Text
    response: Text
    time_to_respond: Seconds
    basis: str
    verified: bool
    tests: list[RuleTest]
    runbook: Text | None = None
    # What it looks at: assets of this kind (empty: any) and one of parameter and indicator.
    asset_kind: str = ""
    parameter: str = ""
    indicator: str = ""
    unit: str = ""
    # The limit, and the hysteresis: the value that ends it, held for `clear_for`.
    above: float | None = None
    below: float | None = None
    clear: float | None = None
    for_: Seconds = msgspec.field(name="for", default=Seconds(0))
    clear_for: Seconds = Seconds(0)
    # A pause between readings longer than this breaks off a duration that has not been reached.
    gap: Seconds = Seconds(900)
    # For absence: whose silence. A silent door hides its sources, a silent source its stations.
    scope: Literal["asset", "source", "door"] = "asset"
    # Rules that say the same more urgently: while one of them is active on the asset, this one is suppressed.
    suppressed_by: list[str] = []

    def __post_init__(self) -> None:
        if not any(test.fires for test in self.tests) or all(test.fires for test in self.tests):
            raise ValueError("a rule needs two tests at least: one that fires and one that does not")
        if not self.consequence.vi.strip() or not self.response.vi.strip():
            raise ValueError("consequence and response must say something in Vietnamese")
        if self.time_to_respond <= 0:
            raise ValueError("time_to_respond must be longer than nothing")
        if self.kind == "threshold":
            self._check_threshold()
        elif any((self.parameter, self.indicator, self.above is not None, self.below is not None)):
            raise ValueError("an absence rule has no parameter, indicator or limit")

    def _check_threshold(self) -> None:
        if (self.above is None) == (self.below is None):
            raise ValueError("a threshold rule has exactly one of above and below")
        if bool(self.parameter) == bool(self.indicator):
            raise ValueError("a threshold rule looks at exactly one of parameter and indicator")
        if self.clear is not None and (
            (self.above is not None and self.clear > self.above)
            or (self.below is not None and self.clear < self.below)
        ):
            raise ValueError("clear must stand on the quiet side of the limit")

    @property
    def limit(self) -> float:
        """The limit, whichever side it is on; for absence not a number."""
        return (
            self.above if self.above is not None else self.below if self.below is not None else float("nan")
        )

    def exceeds(self, value: float) -> bool:
        """Whether this value is beyond the limit."""
        return value > self.above if self.above is not None else value < self.limit

    def is_quiet(self, value: float) -> bool:
        """Whether this value ends an alarm, hysteresis included."""
        if self.above is not None:
            return value <= (self.above if self.clear is None else self.clear)
        return value >= (self.limit if self.clear is None else self.clear)
