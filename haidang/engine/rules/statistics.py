"""Rules over published figures: the newest figure of a place says whether its alarm stands.

The same steps judge in production and in the tests a rule carries; only where the figures come from differs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from haidang.engine import clock
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.values import microseconds
from haidang.engine.indicators import periods
from haidang.engine.rules.book import Past, Placed
from haidang.engine.rules.definition import Given, RuleTest
from haidang.engine.rules.judgement import Judgement, Kind, OfPlace


class Figures(Protocol):
    """Current figures of one place."""

    def value(self, indicator: str, period: Period) -> float | None: ...

    def past(self, indicator: str, first: Period, last: Period) -> Mapping[Period, float]:
        """Those with a value from the period `first` to `last`, both included."""
        ...


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest figure of a place that has a value."""

    place_id: int
    period: Period
    value: float
    epoch: int | None = None


def limit_of(placed: Placed, period: Period, figures: Figures) -> float | None:
    """The limit for a period, in the unit of the indicator; None where too little is known for one."""
    limit = placed.rule.limit_of
    if limit is None:
        return placed.rule.limit
    if limit.indicator:
        other = figures.value(limit.indicator, period)
        return None if other is None else other * limit.times
    if placed.compute is None:
        raise LookupError(f"{placed.address}: no code beside this rule")
    first = period
    for _ in range(limit.past_years):
        first = periods.year_before(first)
    values = figures.past(placed.rule.indicator, first, period.before)
    found = placed.compute(Past(period, values, limit.data))
    if found is not None and math.isnan(found):
        raise ValueError(
            f"limit(…) of {placed.address} is not a number for {period.code}: answer None where there is none"
        )
    return found


def judge(placed: Placed, newest: Newest, figures: Figures, now_us: int) -> Judgement | None:
    """Beyond the limit, and young enough to act on: the alarm stands. Beyond it and too old: nothing, history handed in
    late is no news. Within the limit: whatever stands has returned, however old the figure is. Without a limit: nothing.
    """
    limit = limit_of(placed, newest.period, figures)
    if limit is None:
        return None
    end_us = microseconds(periods.end_of(newest.period))
    if not placed.rule.exceeds(newest.value, limit):
        return judgement_on("clear", placed, newest, limit)
    if now_us - end_us > placed.rule.time_to_respond * 1e6:
        return None
    return judgement_on("raise", placed, newest, limit)


def judgement_on(kind: Kind, placed: Placed, figure: Newest, limit: float | None) -> Judgement:
    """A judgement on a figure of a place."""
    at_us = microseconds(periods.end_of(figure.period))
    about = OfPlace(figure.place_id, figure.period.code, limit, figure.epoch)
    return Judgement(
        kind, placed.address, placed.sha256, f"place:{figure.place_id}", at_us, figure.value, since_us=at_us,
        of_place=about,
    )  # fmt: skip


def ended(placed: Placed, place_id: int) -> Judgement:
    """What was told of a place that the rule judges no more, because the place or the rule is another one now, returns."""
    return Judgement(
        "clear",
        placed.address,
        placed.sha256,
        f"place:{place_id}",
        now_us(),
        None,
        of_place=OfPlace(place_id, ""),
    )


# --- the tests a rule carries -----------------------------------------------------------------------------
class Told:
    """Figures of a test, by indicator and period."""

    def __init__(self) -> None:
        self.values: dict[str, dict[Period, float | None]] = {}

    def value(self, indicator: str, period: Period) -> float | None:
        return self.values.get(indicator, {}).get(period)

    def past(self, indicator: str, first: Period, last: Period) -> dict[Period, float]:
        inside = (periods.end_of(first), periods.end_of(last))
        return {
            period: value
            for period, value in self.values.get(indicator, {}).items()
            if value is not None and inside[0] <= periods.end_of(period) <= inside[1]
        }

    def newest(self, indicator: str) -> Newest | None:
        known = {p: v for p, v in self.values.get(indicator, {}).items() if v is not None}
        last = max(known, key=periods.end_of, default=None)
        return None if last is None else Newest(1, last, known[last])

    def publish(self, given: Given, indicator: str) -> Period:
        """The last period it tells of."""
        first = Period.parse(str(given.period))
        many: list[float | None] = [*given.values] or [given.value]
        told = {periods.back(first, -number): value for number, value in enumerate(many)}
        self.values.setdefault(given.of or indicator, {}).update(told)
        return max(told, key=periods.end_of)


def run(placed: Placed, test: RuleTest) -> list[Judgement]:
    """What the rule says over the figures of a test, in the order of their publication."""
    figures, found = Told(), []
    for given in test.figures:
        period = figures.publish(given, placed.rule.indicator)
        now_us = microseconds(periods.end_of(period) + timedelta(seconds=given.after))
        newest = figures.newest(placed.rule.indicator)
        judgement = judge(placed, newest, figures, now_us) if newest else None
        found += [judgement] if judgement else []
    return found


def now_us() -> int:
    """This instant, in µs since 1970."""
    return round(clock.timestamp() * 1e6)
