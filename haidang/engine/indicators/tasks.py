"""Formulas that wait are computed by `work`."""

from __future__ import annotations

from haidang.engine.indicators import following, waiting
from haidang.engine.indicators.catalogue import load_catalogue
from haidang.engine.jobs.schedule import every


@every("* * * * * */10", "indicators.follow")
def follow() -> None:
    """Formulas whose past is to be computed again."""
    if waiting.count():
        following.follow(load_catalogue())
