"""The harness tells what was measured, and nothing rosier."""

import json

import pytest

from bench.harness import against_limit, compare, percentile


def test_ratio_is_the_median_of_at_least_five_pairs(capsys: pytest.CaptureFixture[str]) -> None:
    ours = iter([0.0, 40, 50, 60, 10, 50])
    outcome = compare("x", measured=lambda: next(ours), baseline=lambda: 100.0, unit="rows/s", must=0.4)
    assert outcome.ratio == 0.5
    assert outcome.spread == (0.1, 0.6)
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert last["name"] == "x"
    assert last["measured"] == 50
    assert last["baseline"] == 100
    assert last["unit"] == "rows/s"
    assert last["reached"] is True
    assert last["pairs"] == 5


def test_a_limit_that_is_passed_is_said_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert against_limit("latency", 450, limit=300, unit="ms").reached is False
    assert "NOT REACHED" in capsys.readouterr().out


def test_percentile_takes_the_nearest_rank() -> None:
    assert percentile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.95) == 10
    assert percentile(list(range(1, 101)), 0.95) == 95
