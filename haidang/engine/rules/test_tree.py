"""Every rule in the tree keeps its own promises: its tests fire and stay silent as they say."""

import pytest

from haidang.engine.rules.book import Placed, load
from haidang.engine.rules.trial import failures

RULES = load()


@pytest.mark.parametrize("placed", RULES, ids=lambda placed: placed.address)
def test_a_rule_fires_and_stays_silent_as_its_tests_say(placed: Placed) -> None:
    assert failures(placed) == []


def test_the_province_has_rules_for_air_water_and_silence() -> None:
    assert {"environment.pm25_dangerous", "environment.aqi_unhealthy", "environment.water_oxygen_low"} <= {
        placed.address for placed in RULES
    }
    assert {placed.rule.scope for placed in RULES if placed.rule.kind == "absence"} == {
        "asset",
        "source",
        "door",
    }


def test_no_rule_looks_at_the_unverified_water_index() -> None:
    assert not [placed for placed in RULES if "wqi" in placed.rule.indicator]


def test_a_rule_suppressed_by_another_names_one_that_exists_and_is_more_urgent() -> None:
    by_address = {placed.address: placed.rule for placed in RULES}
    for placed in RULES:
        for other in placed.rule.suppressed_by:
            assert by_address[other].priority <= placed.rule.priority
