"""What a rule holds to be active, told once more: for alarms that were not listening when it was first told."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from haidang.engine.rules import published
from haidang.engine.rules.book import Placed
from haidang.engine.rules.judgement import Judgement
from haidang.engine.rules.machine import State
from haidang.engine.rules.memory import Key, parse
from haidang.engine.rules.models import RuleState


def standing(placed: Placed, now_us: int) -> list[Judgement]:
    """A `raise` for every subject on which the rule was told and not taken back.

    Call it first in its transaction. It waits for batches that are being judged and holds back the next
    ones until the commit, so that none of them ends an episode between this look and what is made of it.
    """
    if placed.rule.kind == "statistic":
        return published.standing(placed)
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE rules_rulestate IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(_TOLD, [placed.address])
        rows = cursor.fetchall()
    return [_again(placed, row, now_us) for row in rows]


def where_machines_stand(asked: Iterable[Key]) -> dict[Key, State]:
    """The tip of each machine that is not at rest, by (rule, subject), as it was last saved."""
    wanted = set(asked)
    kept = RuleState.objects.filter(
        rule__in={rule for rule, _ in wanted}, subject__in={subject for _, subject in wanted}
    )
    return {
        (row.rule, row.subject): parse(row.track, row.announced, row.announced_us).tip
        for row in kept
        if (row.rule, row.subject) in wanted
    }


def _again(placed: Placed, row: tuple, now_us: int) -> Judgement:
    subject, track, announced_us, asset_of_series = row
    tip = parse(track, announced=True, announced_us=announced_us).tip
    kind, _, number = subject.partition(":")
    # A rule on silence has no reading: its machine stands at the time of the last thing heard.
    at_us, value = tip.beyond_us, tip.beyond_value
    if placed.rule.kind == "absence":
        at_us, value = tip.last_us, round((now_us - tip.last_us) / 60e6, 1)
    return Judgement(
        "raise",
        placed.address,
        placed.sha256,
        subject,
        at_us,
        value,
        series_id=int(number) if kind == "series" else None,
        asset_id=int(number) if kind == "asset" else asset_of_series,
        source_id=int(number) if kind == "source" else None,
        since_us=tip.since_us or at_us,
    )


_TOLD = """
SELECT state.subject, state.track::text, state.announced_us, series.asset_id
FROM rules_rulestate state
LEFT JOIN store_series series ON state.subject = 'series:' || series.id
WHERE state.rule = %s AND state.announced
ORDER BY state.subject
"""
