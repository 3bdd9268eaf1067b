"""`kill -9` of every process under load from every door: nothing acknowledged is lost, nothing counted twice."""

from __future__ import annotations

import os
import random

import pytest

from haidang.config.supervisor.trial import Trial
from tests.faults.load import Load

TARGETS = ("doors", "ingest", "web", "work", "pull", "postgres", "nats", "up")
SEED = 20261121


def _moments() -> list[tuple[str, float]]:
    """Whom to kill after how many seconds: ten by the seed, or ten for each in the full set."""
    dice = random.Random(SEED)  # noqa: S311 - repeatable on purpose
    if os.environ.get("HAIDANG_FAULTS") == "all":
        targets = [target for target in TARGETS for _ in range(10)]
        dice.shuffle(targets)
    else:
        targets = [*TARGETS, *dice.sample(TARGETS, 3)]
    return [(target, dice.uniform(0.2, 1.2)) for target in targets]


@pytest.mark.faults
def test_every_acknowledged_reading_is_stored_once_after_kills_of_every_process(own_centre: Trial) -> None:
    with Load(own_centre) as load:
        for target, pause in _moments():
            before = sum(load.sent().values())
            own_centre.wait_for(
                lambda before=before: sum(load.sent().values()) > before + 20, what="load to flow"
            )
            load.stopping.wait(pause)
            own_centre.kill(target)
            if target == "up":
                own_centre.start()
            own_centre.wait_ready()
    assert all(load.sent().values()), load.sent()
    load.settle_and_compare()
