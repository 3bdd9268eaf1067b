"""`work` compares what changed; nobody's publication waits for it."""

from __future__ import annotations

from haidang.engine.jobs.schedule import every
from haidang.engine.reconciliation import running


@every("* * * * *", "reconciliation.run")
def run() -> None:
    """Pairs whose figures changed since the last minute."""
    running.run()
