"""`work` begins the turns of schedules and sends what they ask for; nobody's page waits for a paper to be set."""

from __future__ import annotations

from haidang.engine.jobs.schedule import every
from haidang.engine.reports import sending


@every("* * * * *", "reports.send")
def send() -> None:
    """What became due in the last minute, and what a killed worker left behind."""
    sending.plan()
    sending.send_waiting()
