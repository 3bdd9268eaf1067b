"""What a computed limit sees of the past of its place."""

from __future__ import annotations

import msgspec
import pytest

from haidang.engine.contracts.sheets.days import Period
from haidang.engine.rules import statistics
from haidang.engine.rules.book import Past, Placed
from haidang.engine.rules.definition import Given, Rule
from haidang.engine.rules.statistics import Told

WORDS = {
    "title": {"vi": "x"}, "consequence": {"vi": "x"}, "response": {"vi": "x"}, "basis": "x", "verified": True,
    "kind": "statistic", "priority": 3, "time_to_respond": 86400.0, "unit": "ca", "indicator": "a.b",
}  # fmt: skip


def seen(period: str, years: int, given: Given) -> list[str]:
    """The periods that stand in the past of this one."""
    kind = Period.parse(period).kind
    tests = [{"name": str(fires), "fires": fires, "figures": [{"period": period}]} for fires in (True, False)]
    said = {**WORDS, "period": kind, "above": {"past_years": years}, "tests": tests}
    rule = msgspec.convert(said, Rule, dec_hook=lambda wanted, value: wanted(value))
    found: list[str] = []

    def limit(past: Past) -> float:
        found.extend(sorted(one.code for one in past.values))
        return 1.0

    figures = Told()
    figures.publish(given, rule.indicator)
    assert statistics.limit_of(Placed("a.rule", rule, "0" * 64, limit), Period.parse(period), figures) == 1.0
    return found


@pytest.mark.parametrize(
    ("period", "years", "first", "count"),
    [
        # 2026 has 53 weeks: a year before week 10 of 2027 is week 10 of 2026, 53 weeks earlier.
        ("2027-W10", 1, "2026-W10", 53),
        ("2026-W53", 1, "2025-W52", 53),
        ("2026-W47", 1, "2025-W47", 52),
        ("2027-W10", 7, "2020-W10", 366),
        ("2026-10", 2, "2024-10", 24),
        ("2026-Q1", 1, "2025-Q1", 4),
        ("2026", 3, "2023", 3),
    ],
)
def test_the_past_begins_with_the_same_period_so_many_years_before(
    period: str, years: int, first: str, count: int
) -> None:
    begin = {"week": "2019-W01", "month": "2023-06", "quarter": "2024-Q1", "year": "2021"}
    found = seen(period, years, Given(period=begin[Period.parse(period).kind], values=[1.0] * 500))
    assert (found[0], len(found)) == (first, count)
    assert period not in found
