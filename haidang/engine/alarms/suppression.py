"""Suppressed by design: where a more urgent rule already says it, the lesser alarm stands back, counted."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Q

from haidang.engine import clock
from haidang.engine.alarms.models import Alarm, Event
from haidang.engine.rules.book import Placed


def settle(rules: Mapping[str, Placed]) -> list[str]:
    """Make `is_suppressed` of all open alarms true to the rules; the changed ones by id. Open alarms are
    few.
    """
    lesser = {
        address: set(placed.rule.suppressed_by)
        for address, placed in rules.items()
        if placed.rule.suppressed_by
    }
    if not lesser:
        return []
    urgent = set().union(*lesser.values())
    active = set(
        Alarm.objects.open().filter(rule__in=urgent, returned_at=None).values_list("rule", "subject")
    )
    changed = []
    for alarm in Alarm.objects.open().filter(Q(rule__in=lesser) | Q(is_suppressed=True)).select_for_update():
        is_suppressed = any((rule, alarm.subject) in active for rule in lesser.get(alarm.rule, ()))
        if is_suppressed == alarm.is_suppressed:
            continue
        alarm.is_suppressed = is_suppressed
        alarm.save(update_fields=["is_suppressed"])
        Event.objects.create(
            alarm=alarm,
            rule=alarm.rule,
            subject=alarm.subject,
            asset_id=alarm.asset_id,
            priority=alarm.priority,
            kind=Event.Kind.SUPPRESSED if is_suppressed else Event.Kind.UNSUPPRESSED,
            recorded_at=clock.now(),
        )
        changed.append(str(alarm.pk))
    return changed
