"""What an alarm that has not ended waits for, as the machine of its rule remembers it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from haidang.engine.alarms.models import Alarm, instant
from haidang.engine.rules.definition import Rule
from haidang.engine.rules.evaluation import evaluator
from haidang.engine.rules.machine import State
from haidang.engine.rules.standing import where_machines_stand


@dataclass(frozen=True, slots=True)
class Ending:
    """Of an alarm that stands: the last reading is `beyond` the limit, or within it and not far enough (`near`), or quiet
    since `since` and waiting until that has lasted `wait_s` (`quiet`). `unknown`: no machine over readings holds it.
    """

    kind: str = "unknown"
    since: datetime | None = None
    wait_s: float = 0.0
    clear: float | None = None

    @property
    def is_within(self) -> bool:
        return self.kind in ("near", "quiet")


UNKNOWN = Ending()


def endings(alarms: Iterable[Alarm]) -> dict[int, Ending]:
    """By alarm, of those that have not returned. One query for all."""
    standing = [alarm for alarm in alarms if alarm.returned_at is None]
    held = {(alarm.rule, holder) for alarm in standing for holder in alarm.held_by}
    tips = where_machines_stand(held)
    rules = evaluator().book.rules
    found: dict[int, Ending] = {}
    for alarm in standing:
        placed = rules.get(alarm.rule)
        holders = [tips.get((alarm.rule, holder)) for holder in alarm.held_by]
        found[alarm.pk] = _ending(placed.rule, holders) if placed else UNKNOWN
    return found


def _ending(rule: Rule, holders: list[State | None]) -> Ending:
    """The last of several sources to end is the one that counts."""
    tips = [tip for tip in holders if tip is not None]
    if rule.kind != "threshold" or not tips or len(tips) < len(holders):
        return UNKNOWN
    if any(tip.beyond_us == tip.last_us for tip in tips):
        return Ending("beyond")
    if any(not tip.quiet_us for tip in tips):
        return Ending("near", clear=rule.limit if rule.clear is None else rule.clear)
    return Ending("quiet", instant(max(tip.quiet_us for tip in tips)), rule.clear_for)
