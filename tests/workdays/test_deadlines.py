"""Deadlines come out as worked by hand, and as the plainest possible count of days."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.engine.clock import LOCAL
from haidang.engine.contracts.tree import load_tree
from haidang.engine.workdays.book import KINDS, Book
from haidang.engine.workdays.calendar import DAY
from haidang.engine.workdays.deadline import Suspension, Term, Verdict, deadline
from tests.workdays.examples import EXAMPLES, FREE, WORKED_SATURDAYS, Example, moment

BOOK = Book(load_tree(kinds=KINDS))
USUAL, HALF = BOOK.of_office(), BOOK.with_half_saturdays()


def at(words: str) -> datetime:
    return moment(words).replace(tzinfo=LOCAL)


def computed(example: Example):
    waits = [Suspension(at(since), at(until)) for since, until in example.waits]
    workdays = HALF if example.half_saturdays else USUAL
    return deadline(at(example.received), Term(example.amount, example.unit), workdays, waits)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_a_worked_example_comes_out_as_by_hand(example):
    found = computed(example)
    if "hours" in example.unit:
        assert found.due_at == at(example.due)
    else:
        assert str(found.due_on) == example.due
    assert found.plans == ()


@pytest.mark.parametrize("example", [e for e in EXAMPLES if e.unit == "working_days"], ids=str)
def test_the_days_shown_add_up_to_the_term(example):
    found = computed(example)
    days = found.trace()
    used = sum(day.counts for day in days)
    last_wait = found.suspensions and found.suspensions[-1]
    if last_wait and found.left == 0:
        assert found.due_on == last_wait.until.date()  # asked on the last day: the answer's day is left
    else:
        assert used - days[-1].counts < example.amount <= used
    assert all(day.why for day in days if day.counts < 1)


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_the_years_days_are_those_of_the_decisions(year):
    days = [date(year, 1, 1) + DAY * n for n in range(366) if (date(year, 1, 1) + DAY * n).year == year]
    free = [day for day in days if day.weekday() < 5 and not USUAL.halves(day)]
    worked = [day for day in days if day.weekday() >= 5 and USUAL.halves(day)]
    assert free == [day for day in FREE if day.year == year]
    assert worked == [day for day in WORKED_SATURDAYS if day.year == year]
    assert BOOK.calendar.settled_by(year)


DAYS = st.dates(date(2023, 11, 1), date(2027, 12, 1))


@given(DAYS, st.integers(1, 240), st.booleans())
def test_going_along_the_calendar_is_counting_days_one_by_one(start, halves, half_saturdays):
    workdays = HALF if half_saturdays else USUAL
    day, passed = start, 0
    while passed < halves:
        day += DAY
        passed += workdays.halves(day)
    assert workdays.advance(start, halves) == day
    assert workdays.count(start, day) == passed
    assert workdays.count(day, start) == -passed


@given(DAYS, st.integers(1, 60), st.integers(0, 20), st.integers(0, 30))
def test_waiting_for_the_citizen_never_brings_a_deadline_forward(received, days, after, long):
    term = Term(days, "working_days")
    since = received + DAY * after
    without = deadline(received, term, USUAL)
    waited = deadline(received, term, USUAL, [Suspension(since, since + DAY * long)])
    assert waited.due >= without.due
    assert (waited.due - without.due).days <= long + 20 or since > without.due


def test_an_open_suspension_has_no_date_and_keeps_what_is_left():
    found = deadline(
        at("2026-10-05T09:00"), Term(10, "working_days"), USUAL, [Suspension(at("2026-10-07T15:00"))]
    )
    assert found.due is None
    assert found.due_at is None
    assert found.left == found.remaining(at("2026-12-01T09:00")) == 8
    assert found.verdict(at("2026-12-01T09:00")) is Verdict.SUSPENDED


@pytest.mark.parametrize(
    ("finished", "verdict"),
    [
        ("2026-02-26T16:00", Verdict.EARLY),
        ("2026-02-27T09:00", Verdict.ON_TIME),
        ("2026-02-27T23:59", Verdict.ON_TIME),  # Điều 148: till the end of the last day
        ("2026-02-28T00:01", Verdict.LATE),
    ],
)
def test_a_result_is_early_on_time_or_late_by_its_day(finished, verdict):
    found = deadline(at("2026-02-13T16:00"), Term(5, "working_days"), USUAL)
    assert found.verdict(at("2026-03-01T00:00"), at(finished)) is verdict
    assert found.verdict(date(2026, 3, 1), at(finished).date()) is verdict


@pytest.mark.parametrize(
    ("now", "left", "verdict"),
    [
        ("2026-02-13T16:00", 5, Verdict.RUNNING),
        ("2026-02-18T09:00", 5, Verdict.RUNNING),
        ("2026-02-27T18:00", 0, Verdict.RUNNING),
        ("2026-03-02T08:00", -1, Verdict.OVERDUE),
    ],
)
def test_what_is_left_counts_working_days(now, left, verdict):
    found = deadline(at("2026-02-13T16:00"), Term(5, "working_days"), USUAL)
    assert found.remaining(at(now)) == left
    assert found.verdict(at(now)) is verdict


def test_hours_that_are_left_are_hours_of_the_office():
    found = deadline(at("2026-02-13T16:00"), Term(8, "working_hours"), USUAL)
    assert found.remaining(at("2026-02-13T16:30")) == 7.5
    assert found.remaining(at("2026-02-20T10:00")) == 7
    assert found.remaining(at("2026-02-24T08:00")) == -1
    assert found.verdict(at("2026-02-23T16:31")) is Verdict.OVERDUE
    assert found.verdict(at("2026-02-24T08:00"), at("2026-02-23T16:30")) is Verdict.ON_TIME


def test_a_term_that_reaches_into_a_year_without_a_decision_is_a_plan():
    found = deadline(at("2026-12-30T09:00"), Term(3, "working_days"), USUAL)
    assert found.plans == (2027,)
    assert str(found.due_on) == "2027-01-05"


@pytest.mark.parametrize(
    ("term", "waits", "words"),
    [
        (Term(0, "working_days"), [], "cannot be"),
        (Term(1.25, "working_days"), [], "halves"),
        (Term(1.5, "days"), [], "whole days"),
        (Term(float("nan"), "days"), [], "cannot be"),
        (Term(2, "days"), [("2026-10-01T09:00", "2026-10-08T09:00")], "before the receipt"),
        (Term(2, "days"), [("2026-10-08T09:00", "2026-10-06T09:00")], "ends before it begins"),
        (Term(2, "days"), [("2026-10-05T10:00", "2026-10-08T09:00"), ("2026-10-07T09:00", "2026-10-09T09:00")], "before the end"),
        (Term(2, "days"), [("2026-10-05T10:00", None), ("2026-10-07T09:00", "2026-10-09T09:00")], "has no end"),
    ],
)  # fmt: skip
def test_a_term_that_cannot_be_is_refused_with_its_reason(term, waits, words):
    made = [Suspension(at(since), at(until) if until else None) for since, until in waits]
    with pytest.raises(ValueError, match=words):
        deadline(at("2026-10-05T09:00"), term, USUAL, made)


def test_a_term_in_hours_wants_the_hour_of_the_receipt():
    with pytest.raises(TypeError, match="needs the hour"):
        deadline(date(2026, 10, 5), Term(8, "working_hours"), USUAL)


def test_a_moment_of_another_zone_is_read_on_vietnamese_clocks():
    abroad = datetime.fromisoformat("2026-02-13T09:00+00:00")
    assert deadline(abroad, Term(5, "working_days"), USUAL).due == date(2026, 2, 27)
    late = deadline(abroad + timedelta(hours=2), Term(5, "working_days"), USUAL)
    assert late.due == date(2026, 3, 2)
