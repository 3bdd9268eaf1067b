"""Reminders of what is owed: looked at every ten minutes."""

from __future__ import annotations

from haidang.engine.jobs.schedule import every
from haidang.engine.tasks import reminding


@every("*/10 * * * *", "tasks.remind")
def remind() -> int:
    return reminding.remind()
