"""Looking back shows alarms as they stood, whatever happened to them since."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from haidang.engine import clock
from haidang.engine.alarms import actions
from haidang.engine.alarms.conftest import DANGEROUS, HIGH, Desk
from haidang.engine.alarms.counts import Counts, counts, counts_at
from haidang.engine.alarms.past import Past, by_state, open_at

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)


class Hours:
    """A clock that stands at each full minute until told on."""

    def __init__(self) -> None:
        self.after(0)

    def after(self, minutes: int) -> datetime:
        """Go there; half a minute before is what one looks back to."""
        self.now = NOON + timedelta(minutes=minutes)
        clock.set_source(self.now.timestamp)
        return self.now - timedelta(seconds=30)


@pytest.fixture
def hours() -> Iterator[Hours]:
    yield Hours()
    clock.set_source(None)


def one(desk: Desk, then: datetime) -> Past:
    (found,) = open_at(desk.operator, then)
    return found


def test_raising_again_changes_nothing_of_what_stood_before(desk: Desk, hours: Hours) -> None:
    desk.hear(desk.judge("raise", value=171))
    acknowledged, returned = hours.after(10), hours.after(20)
    hours.after(10)
    actions.acknowledge(alarm=actions.shelve(
        alarm=desk.open(), by=desk.operator, reason="bảo trì", until=hours.now + timedelta(hours=1)
    ), by=desk.operator)  # fmt: skip
    hours.after(20)
    actions.unshelve(alarm=desk.open(), by=desk.operator)
    later = hours.after(30)
    # Its return and its next rise make a second alarm, for it had been acknowledged; the first keeps its story.
    desk.hear(desk.judge("clear", value=80))
    hours.after(40)
    desk.hear(desk.judge("raise", value=190))
    assert [row.value for row in open_at(desk.operator, hours.after(50))] == [190.0]
    first, shelved, acked = (one(desk, then) for then in (acknowledged, returned, later))
    assert (first.state, first.value, first.raised_at) == ("unacked", 171.0, NOON)
    assert (shelved.state, shelved.shelved_reason) == ("shelved", "bảo trì")
    assert (acked.state, acked.acknowledged_by) == ("acked", desk.operator)
    assert open_at(desk.operator, NOON + timedelta(minutes=35)) == []
    assert open_at(desk.operator, NOON - timedelta(minutes=1)) == []


def test_what_rose_again_before_it_was_seen_is_told_with_its_own_times(desk: Desk, hours: Hours) -> None:
    desk.hear(desk.judge("raise", value=171))
    before = hours.after(10)
    desk.hear(desk.judge("clear", value=80))
    between = hours.after(20)
    desk.hear(desk.judge("raise", value=190))
    after = hours.after(30)
    actions.acknowledge(alarm=desk.open(), by=desk.operator)
    states = [(p.state, p.value, p.raised_at) for p in (one(desk, t) for t in (before, between, after))]
    again = NOON + timedelta(minutes=20)
    assert states == [("unacked", 171.0, NOON), ("returned", 171.0, NOON), ("unacked", 190.0, again)]


def test_suppressed_then_is_shown_as_suppressed_then_and_to_whom_it_concerns(
    desk: Desk, hours: Hours
) -> None:
    desk.hear(desk.judge("raise", HIGH), desk.judge("raise", DANGEROUS, 300))
    then = hours.after(10)
    desk.hear(desk.judge("clear", DANGEROUS, 190))
    now = hours.after(20)
    assert [(word, len(rows)) for word, rows in by_state(open_at(desk.operator, then))] == [
        ("Chưa nhận", 1),
        ("Chặn theo thiết kế", 1),
    ]
    assert {row.alarm.rule: row.state for row in open_at(desk.operator, now)} == {
        HIGH: "unacked",
        DANGEROUS: "returned",
    }
    assert open_at(desk.officer, then) == []


def test_the_numbers_of_then_count_then(desk: Desk, hours: Hours) -> None:
    desk.hear(desk.judge("raise", HIGH))
    risen, acknowledged = hours.after(10), hours.after(20)
    hours.after(10)
    actions.acknowledge(alarm=desk.open(HIGH), by=desk.operator)
    actions.take_out_of_service(rule=HIGH, subject="", by=desk.operator, reason="bảo trì")
    hours.after(20)
    desk.hear(desk.judge("clear", HIGH, 80))
    hours.after(30)
    priority = desk.station.alarms.get().priority
    assert counts_at(desk.operator, NOON - timedelta(minutes=1)) == Counts()
    assert counts_at(desk.operator, risen) == Counts(**{f"p{priority}": 1})
    assert counts_at(desk.operator, acknowledged) == Counts(acked=1, out_of_service=1)
    assert counts_at(desk.operator, hours.now) == counts(desk.operator) == Counts(out_of_service=1)
