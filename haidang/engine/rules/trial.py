"""Run the tests a rule carries: the same evaluator as in production, with a memory and a history that are
lists.
"""

from __future__ import annotations

import numpy as np

from haidang.engine.both import both
from haidang.engine.rules import statistics
from haidang.engine.rules.absence import Listening, Silence, judge_silence
from haidang.engine.rules.book import Book, Placed, SeriesInfo
from haidang.engine.rules.definition import Reading, RuleTest
from haidang.engine.rules.evaluation import Batch, Evaluator, FigureFact, Row
from haidang.engine.rules.judgement import Judgement, Subject
from haidang.engine.rules.memory import Memory

START_US = 1_763_712_000_000_000


class Notebook(Memory):
    """A memory without a database."""

    def load(self) -> bool:
        return False

    def save(self) -> None:
        self._changed.clear()


class Store:
    """Readings of a test as the evaluator finds them in the store."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[int, tuple[float, int]]] = {}

    def put(self, subject: str, at_us: int, value: float, status: int) -> bool:
        """Whether this replaced an earlier version."""
        rows = self.rows.setdefault(subject, {})
        is_correction = at_us in rows
        rows[at_us] = (value, status)
        return is_correction

    def history(self, subject: Subject, placed: Placed, after_us: int) -> list[Row]:
        del placed
        rows = self.rows.get(subject.name, {})
        return sorted(
            (at_us, value)
            for at_us, (value, status) in rows.items()
            if at_us > after_us and status == 0 and value == value
        )


def failures(placed: Placed) -> list[str]:
    """What each failing test expected, in words; empty when the rule keeps its own promises."""
    wrong = []
    for test in placed.rule.tests:
        try:
            raised = [judgement for judgement in run(placed, test) if judgement.kind == "raise"]
        except Exception as error:  # noqa: BLE001 - code beside a rule that raises is a failing test, whatever it raises
            wrong.append(f"test “{test.name}”: {type(error).__name__}: {error}")
            continue
        if bool(raised) != test.fires:
            wrong.append(
                both(
                    f"test “{test.name}”: expected {'an alarm' if test.fires else 'no alarm'}, got {len(raised)}",
                    f"phép thử “{test.name}”: mong {'có báo động' if test.fires else 'không báo động'}, kết quả {len(raised)}",
                )
            )
    return wrong


def run(placed: Placed, test: RuleTest) -> list[Judgement]:
    """All judgements of this rule over the readings of this test, in order of arrival."""
    if placed.rule.kind == "absence":
        return _run_absence(placed, test)
    if placed.rule.kind == "statistic":
        return statistics.run(placed, test)
    store = Store()
    stations = {
        name: number for number, name in enumerate(dict.fromkeys(r.station for r in test.readings), 1)
    }
    series = {n: SeriesInfo(n, placed.rule.asset_kind, placed.rule.parameter) for n in stations.values()}
    evaluator = Evaluator(
        Book([placed]), Notebook(), history=store.history, catalogue=lambda ids: {i: series[i] for i in ids}
    )
    said: list[Judgement] = []
    for reading in sorted(test.readings, key=_arrival):
        number = stations[reading.station]
        at_us, now_us = _instant(reading.minute), _instant(_arrival(reading))
        value = float("nan") if reading.value is None else reading.value
        status = 0 if reading.status == "00" else 1
        if placed.rule.indicator:
            again = store.put(f"asset:{number}", at_us, value, status)
            fact = FigureFact(placed.rule.indicator, number, at_us, reading.value, again)
            said += evaluator.evaluate_figures([fact], now_us)
        else:
            again = store.put(f"series:{number}", at_us, value, status)
            said += evaluator.evaluate(batch_of([(number, at_us, value, status, again)], now_us))
    return said


def batch_of(rows: list[tuple[int, int, float, int, bool]], now_us: int) -> Batch:
    """A batch from rows of series, measuring time, value, status and whether it is a correction."""
    ids, at_us, values, statuses, again = zip(*rows, strict=True)
    return Batch(
        np.array(ids, np.int64),
        np.array(at_us, np.int64),
        np.array(values, np.float64),
        np.array(statuses, np.int8),
        now_us,
        np.array(again, np.bool_),
    )


def _run_absence(placed: Placed, test: RuleTest) -> list[Judgement]:
    memory = Notebook()
    numbers = {name: number for number, name in enumerate(dict.fromkeys(r.station for r in test.readings), 1)}
    rules: dict[str, list[Placed]] = {"door": [], "source": [], "asset": []}
    rules[placed.rule.scope].append(placed)
    last = max(_arrival(reading) for reading in test.readings) if test.until is None else test.until
    said: list[Judgement] = []
    for minute in range(int(last) + 1):
        heard: dict[str, Reading] = {}
        for reading in sorted(test.readings, key=_arrival):
            if _arrival(reading) <= minute:
                heard[reading.station] = reading
        stations = [
            Listening(
                numbers[name], placed.rule.asset_kind, 1, placed.address.partition(".")[0], reading.door,
                _instant(_arrival(reading)), round(test.every * 1e6), round(test.silent_after * 1e6),
            )
            for name, reading in heard.items()
        ]  # fmt: skip
        silence = Silence(stations, memory.tracks, memory.touch, START_US, _instant(minute))
        said += judge_silence(rules, silence)
    return said


def _arrival(reading: Reading) -> float:
    return reading.minute if reading.arrives is None else reading.arrives


def _instant(minute: float) -> int:
    return START_US + round(minute * 60e6)
