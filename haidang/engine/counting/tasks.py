"""Lists are counted by `work`: nobody who publishes one waits for it."""

from __future__ import annotations

from haidang.engine.counting import running
from haidang.engine.jobs.schedule import every


@every("* * * * * */10", "counting.count")
def count() -> None:
    """What was published, and rules and calendars that changed."""
    running.run()
