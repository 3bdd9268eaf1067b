"""The machine gives the same end whatever the order of arrival; late, corrected and invalid readings stay
quiet.
"""

import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haidang.engine.contracts.reading import ContentError, Seconds, Text, read
from haidang.engine.rules import budget
from haidang.engine.rules.book import Book, Placed, SeriesInfo
from haidang.engine.rules.definition import Reading, Rule, RuleTest
from haidang.engine.rules.evaluation import Batch, Evaluator
from haidang.engine.rules.judgement import Judgement
from haidang.engine.rules.machine import Phase
from haidang.engine.rules.trial import START_US, Notebook, Store, batch_of

MINUTE = 60_000_000
TESTS = [
    RuleTest(name="on", readings=[Reading(minute=0, value=11)], fires=True),
    RuleTest(name="off", readings=[Reading(minute=0, value=10)], fires=False),
]


def a_rule(**changes: object) -> Placed:
    fields: dict = {
        "title": Text("x"), "kind": "threshold", "priority": 2, "consequence": Text("x"), "response": Text("x"),
        "time_to_respond": Seconds(1800), "basis": "", "verified": False, "tests": TESTS, "parameter": "PM2.5",
        "above": 10.0, **changes,
    }  # fmt: skip
    if "for_" in fields:
        fields["for_"] = Seconds(fields["for_"])
    return Placed("test.rule", Rule(**fields), "0" * 64)


class Station:
    """One series under one rule: a store that is a dictionary and the evaluator in front of it."""

    def __init__(self, *rules: Placed) -> None:
        self.store = Store()
        info = {1: SeriesInfo(1, "air", "PM2.5")}
        self.evaluator = Evaluator(
            Book(rules),
            Notebook(),
            history=self.store.history,
            catalogue=lambda ids: {i: info[i] for i in ids},
        )
        self.said: list[Judgement] = []

    def send(self, rows: Sequence[tuple[float, float]], now: float, status: int = 0) -> list[str]:
        """Rows of (minute, value) in one batch at minute `now`; duplicates are dropped as ingest drops
        them.
        """
        batch = []
        for minute, value in rows:
            at_us = START_US + round(minute * MINUTE)
            if self.store.rows.get("series:1", {}).get(at_us) == (value, status):
                continue
            again = self.store.put("series:1", at_us, value, status)
            batch.append((1, at_us, value, status, again))
        if not batch:
            return []
        said = self.evaluator.evaluate(batch_of(batch, START_US + round(now * MINUTE)))
        self.said += said
        return [judgement.kind for judgement in said]

    def phase(self, rule: str = "test.rule") -> tuple[Phase, int, bool]:
        track = self.evaluator.memory.tracks.get((rule, "series:1"))
        if track is None:
            return Phase.CLEAR, 0, False
        return track.tip.phase, track.tip.since_us, track.announced


def test_an_exceedance_raises_once_and_returns_when_quiet() -> None:
    station = Station(a_rule())
    assert station.send([(0, 5)], 0) == []
    assert station.send([(5, 20)], 5) == ["raise"]
    assert station.send([(10, 30)], 10) == []
    assert station.send([(15, 4)], 15) == ["clear"]


def test_hysteresis_and_quiet_time_hold_the_alarm() -> None:
    station = Station(a_rule(clear=7.0, clear_for=Seconds(600)))
    station.send([(0, 20)], 0)
    assert station.send([(5, 8)], 5) == []
    assert station.send([(10, 6)], 10) == []
    assert station.send([(15, 8)], 15) == []
    assert station.send([(20, 6)], 20) == []
    assert station.send([(30, 6)], 30) == ["clear"]


def test_a_short_spike_within_one_batch_is_raised_and_returned() -> None:
    assert Station(a_rule()).send([(0, 5), (1, 20), (2, 5)], 2) == ["raise", "clear"]


def test_an_exceedance_that_arrives_hours_late_is_an_event_only() -> None:
    station = Station(a_rule())
    assert station.send([(0, 20)], 360) == ["late"]
    assert station.phase()[0] is Phase.CLEAR


def test_a_backlog_whose_newest_reading_is_beyond_the_limit_raises() -> None:
    kinds = Station(a_rule()).send([(minute, 20) for minute in range(0, 361, 5)], 361)
    assert kinds.count("raise") == 1
    assert kinds[-1] == "raise"


def test_calibration_never_counts() -> None:
    assert Station(a_rule()).send([(0, 500)], 0, status=1) == []


def test_a_correction_is_told_and_ends_what_it_shows_to_be_wrong() -> None:
    station = Station(a_rule())
    station.send([(0, 20)], 0)
    assert station.send([(0, 2)], 3) == ["corrected", "clear"]
    assert station.phase() == (Phase.CLEAR, 0, False)


def test_a_rule_on_falling_values_fires_below() -> None:
    station = Station(a_rule(above=None, below=2.0, clear=3.0))
    assert station.send([(0, 5), (5, 1.5)], 5) == ["raise"]
    assert station.send([(10, 2.5)], 10) == []
    assert station.send([(15, 3.0)], 15) == ["clear"]


# A rule with every feature, and readings around both of its limits.
FULL = {"for_": 120, "clear": 7.0, "clear_for": Seconds(120), "gap": Seconds(600)}
values = st.lists(st.sampled_from([2.0, 6.0, 8.0, 12.0, 30.0]), min_size=1, max_size=24)


@settings(deadline=None)  # a busy machine is no counter-example
@given(values=values, shuffle=st.randoms(use_true_random=False), size=st.integers(1, 5), plain=st.booleans())
def test_late_out_of_order_and_duplicate_rows_end_as_the_ordered_run(
    values: list[float], shuffle: object, size: int, plain: bool
) -> None:
    rows = list(enumerate(values))
    placed = a_rule(**({} if plain else FULL))
    ordered, mixed = Station(placed), Station(placed)
    for row in rows:
        ordered.send([row], row[0])
    # Every row comes within the time to respond, many of them twice.
    jumbled = rows + shuffle.sample(rows, len(rows) // 2)  # type: ignore[attr-defined]
    shuffle.shuffle(jumbled)  # type: ignore[attr-defined]
    for start in range(0, len(jumbled), size):
        mixed.send(jumbled[start : start + size], len(rows))
    assert mixed.phase() == ordered.phase()


@settings(deadline=None)
@given(values=values)
def test_raises_and_clears_alternate(values: list[float]) -> None:
    station = Station(a_rule(**FULL))
    for minute, value in enumerate(values):
        station.send([(minute, value)], minute)
    kinds = [judgement.kind for judgement in station.said]
    assert kinds == (["raise", "clear"] * len(kinds))[: len(kinds)]


def test_a_slow_rule_opens_its_breaker_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    slow, quick = a_rule(), Placed("test.other", a_rule().rule, "1" * 64)
    station = Station(slow, quick)
    meter = station.evaluator.memory.meter("test.rule")
    for _ in range(budget.STRIKES):
        meter.spent(1.0, 1, [], START_US / 1e6)
    assert station.send([(0, 20)], 0) == ["raise"]
    assert [judgement.rule for judgement in station.said] == ["test.other"]
    assert (meter.skipped, meter.over_budget) == (1, 3)
    # After a minute it judges again, from the store, what it has missed.
    assert station.send([(2, 20)], 2) == ["raise"]
    assert station.said[-1].rule == "test.rule"


@pytest.mark.parametrize(("clock", "is_open"), [("perf_counter", False), ("thread_time", True)])
def test_only_a_rules_own_work_opens_its_breaker(
    monkeypatch: pytest.MonkeyPatch, clock: str, is_open: bool
) -> None:
    station = Station(a_rule())
    seconds = count(1)
    monkeypatch.setattr(f"haidang.engine.rules.evaluation.time.{clock}", lambda: float(next(seconds)))
    for minute in range(budget.STRIKES):
        station.send([(minute, 20)], minute)
    monkeypatch.undo()
    last = START_US / 1e6 + 60 * (budget.STRIKES - 1)
    assert station.evaluator.memory.meter("test.rule").is_open(last) == is_open


def test_a_rule_that_fails_harms_only_itself() -> None:
    broken = Placed("test.broken", a_rule().rule, "1" * 64)
    station = Station(broken, a_rule())
    history = station.evaluator._history

    def failing(subject: object, placed: Placed, after_us: int) -> list[tuple[int, float]]:
        if placed.address == "test.broken":
            raise ValueError("no such table of factors")
        return history(subject, placed, after_us)  # type: ignore[arg-type]

    station.evaluator._history = failing
    assert station.send([(0, 20)], 0) == ["raise"]
    assert station.evaluator.memory.meter("test.broken").last_error == "ValueError: no such table of factors"


def calls_of(evaluator: Evaluator, batch: Batch) -> int:
    """How many functions, Python's and C's, are called to judge it."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        assert evaluator.evaluate(batch) == []
    finally:
        sys.setprofile(None)
    return calls


def test_a_quiet_batch_passes_ten_rules_without_a_step_for_each_of_its_rows() -> None:
    rules = [Placed(f"test.r{n}", a_rule(above=100.0 + n).rule, "0" * 64) for n in range(10)]
    evaluator = Evaluator(
        Book(rules),
        Notebook(),
        history=lambda *_: [],
        catalogue=lambda ids: {i: SeriesInfo(i, "air", "PM2.5") for i in ids},
    )
    rng = np.random.default_rng(7)
    empty = batch_of([(1, START_US, 1.0, 0, False)], START_US)
    many = with_rows(empty, rng.integers(1, 2000, 200_000), rng.random(200_000) * 50)
    evaluator.evaluate(many)
    assert calls_of(evaluator, many) < 1000, "of the columns and the rules, none of a row"


def with_rows(batch: Batch, ids: np.ndarray, values: np.ndarray) -> Batch:
    """The same batch with other ids and values."""
    size = len(ids)
    return replace(
        batch,
        series_id=ids.astype(np.int64),
        value=values,
        at_us=np.full(size, START_US),
        status=np.zeros(size, np.int8),
        correction=None,
    )


def test_a_rule_without_both_tests_or_response_is_refused(tmp_path: Path) -> None:
    text = (
        "{title: {vi: x}, kind: threshold, priority: 1, consequence: {vi: a}, response: {vi: b}, basis: '', "
        "verified: false, parameter: PM2.5, above: 1, time_to_respond: 1h, tests: []}"
    )
    path = tmp_path / "x.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match="one that fires and one that does not"):
        read(path, Rule)
