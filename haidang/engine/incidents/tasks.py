"""Orders that nobody has received."""

from __future__ import annotations

from haidang.engine.incidents import order_actions
from haidang.engine.jobs.schedule import every


@every("* * * * * */30", "incidents.remind_overdue")
def remind_overdue() -> int:
    """Remind, and after two reminders tell the office above."""
    return order_actions.remind_overdue()
