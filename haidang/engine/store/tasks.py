"""What the record needs from time to time."""

from __future__ import annotations

from haidang.engine.jobs.schedule import every
from haidang.engine.store import content, partitions


@every("11 */6 * * *", "store.make_partitions")
def make_partitions() -> None:
    """Partitions of this month and the next stand ready before the first row needs them."""
    partitions.ensure_months()


@every("* * * * *", "store.give_to_offices")
def give_to_offices() -> None:
    """An office added after the content that names it has its sources within the minute."""
    content.give_to_offices()
