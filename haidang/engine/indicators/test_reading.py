"""Figures, comparisons and roll-ups are read at one epoch, each with what it is made of."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from haidang.engine import clock
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.indicators import comparing, periods, rollup, statistics
from haidang.engine.indicators.publishing import publish
from haidang.engine.places.models import Place
from haidang.engine.store import epochs

OCTOBER = Period("month", 2026, 10)


@pytest.fixture
def year(catalogue, places, say):
    """Revenue of twenty-two months, 100 more each month, with plan and sum of this year; a province of 6000 people."""
    stated = [
        say("e.revenue", places.province, periods.written(periods.back(OCTOBER, back)), 3000.0 - 100 * back)
        for back in range(22)
    ]
    stated += [
        say("e.revenue@plan", places.province, "2026-10", 30_000.0, "C14"),
        say("e.revenue@cumulative", places.province, "2026-10", 25_600.0, "F14"),
        *(say("p.people", place, "2025", 1000.0 * n) for n, place in enumerate(places.communes, 1)),
    ]
    with transaction.atomic():
        publish(catalogue, stated, epochs.take("test"))
    return places


def compared(catalogue, place, address="e.revenue", period=OCTOBER, epoch=None):
    return {one.kind: one for one in comparing.compare(catalogue, address, [place], period, epoch)[place]}


def test_a_month_beside_its_plan_its_past_and_its_people(catalogue, year):
    found = compared(catalogue, year.province)
    assert {kind: (one.value, one.unit) for kind, one in found.items()} == {
        # January to October: 2100 + … + 3000 = 25.500 of 30.000, of which ten twelfths are due.
        "plan_year": (85.0, "%"),
        "plan_to_date": (102.0, "%"),
        "last_period": (pytest.approx(100 * 3000 / 2900 - 100), "%"),
        "last_year": (pytest.approx(100 * 3000 / 1800 - 100), "%"),
        "since_january": (25_500.0, "tỷ đồng"),
        "since_january_last_year": (pytest.approx(100 * 25_500 / 13_500 - 100), "%"),
        "per_head": (500.0, "triệu đồng/người"),
    }
    since = found["since_january"]
    assert (since.stated, since.difference, since.there, since.expected) == (25_600.0, -100.0, 10, 10)
    assert [subject.indicator for subject, _ in since.inputs] == ["e.revenue"] * 10 + ["e.revenue@cumulative"]
    assert {row.value for _, row in found["plan_to_date"].inputs} >= {30_000.0, 3000.0, 2100.0}
    assert all(row.id for one in found.values() for _, row in one.inputs)


def test_the_plan_is_the_one_last_stated_this_year(catalogue, year, say):
    def plan_of(period):
        found = compared(catalogue, year.province, period=period)
        return found["plan_year"].inputs[-1] if "plan_year" in found else None

    november, january = periods.back(OCTOBER, -1), periods.back(OCTOBER, -3)
    with transaction.atomic():
        stated = [
            say("e.revenue", year.province, periods.written(one), 3100.0) for one in (november, january)
        ]
        publish(catalogue, stated, epochs.take("test"))
    subject, row = plan_of(november)
    assert (subject.at, row.value) == (periods.end_of(OCTOBER), 30_000.0)
    assert plan_of(january)[1] is None, "a new year has a new plan"
    assert plan_of(periods.back(OCTOBER, 1))[1] is None, "nobody had stated it in September"


def test_all_comparisons_of_all_places_take_one_query_for_figures(catalogue, year):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        comparing.compare(catalogue, "e.commune_revenue", year.communes, OCTOBER)
    assert sum("indicators_figure" in one["sql"] for one in queries) == 1
    assert len(queries) <= 4


def test_a_question_about_the_past_sees_what_was_known_then(catalogue, year, say):
    before = clock.now()
    first = statistics.figure(catalogue, "e.revenue", Place.objects.get(pk=year.province), OCTOBER)
    with transaction.atomic():
        publish(
            catalogue, [say("e.revenue", year.province, "2026-10", 3500.0, submission=2)], epochs.take("test")
        )
    place = Place.objects.get(pk=year.province)
    assert statistics.figure(catalogue, "e.revenue", place, OCTOBER).value == 3500.0
    then = statistics.figure(catalogue, "e.revenue", place, OCTOBER, before)
    assert (then.value, then.id, then.detail["cell"]) == (3000.0, first.id, "D14")
    assert compared(catalogue, year.province, epoch=first.epoch)["since_january"].value == 25_500.0
    assert compared(catalogue, year.province)["since_january"].value == 26_000.0
    long_ago = before - timedelta(days=1)
    assert statistics.figure(catalogue, "e.revenue", place, OCTOBER, long_ago).status == "missing"


def test_a_gap_in_the_year_is_counted_and_the_stated_sum_stands_for_the_plan(catalogue, places, say):
    stated = [say("e.revenue", places.province, f"2026-{month:02}", 100.0) for month in (1, 2, 4, 5)]
    stated += [
        say("e.revenue@plan", places.province, "2026-05", 1000.0, "C1"),
        say("e.revenue@cumulative", places.province, "2026-05", 480.0, "F1"),
    ]
    with transaction.atomic():
        publish(catalogue, stated, epochs.take("test"))
    found = compared(catalogue, places.province, period=Period("month", 2026, 5))
    since = found["since_january"]
    assert (since.value, since.status, since.there, since.expected) == (400.0, "partial", 4, 5)
    assert since.difference is None
    assert found["plan_year"].value == 48.0
    assert found["last_year"].status == "missing"
    assert found["since_january_last_year"].status == "missing"
    assert found["per_head"].status == "missing"


def test_a_series_of_all_places_is_one_query_in_order(catalogue, places, say):
    stated = [
        say("e.commune_revenue", place, f"2026-{month:02}", float(month))
        for month in (3, 1, 2)
        for place in places.communes
    ]
    with transaction.atomic():
        publish(catalogue, stated, epochs.take("test"))
    first, last = Period("month", 2026, 1), Period("month", 2026, 12)
    with CaptureQueriesContext(connection) as queries:
        found = statistics.series(["e.commune_revenue"], places.communes, first, last)
    assert len(queries) == 1
    assert set(found) == {("e.commune_revenue", place) for place in places.communes}
    assert [row.value for row in found["e.commune_revenue", places.north].values()] == [1.0, 2.0, 3.0]
    assert [
        row.value
        for row in statistics.at_places(
            "e.commune_revenue", places.communes, Period("month", 2026, 2)
        ).values()
    ] == [2.0] * 3
    newest = statistics.newest(["e.commune_revenue"], places.communes)
    assert {row.value for row in newest.values()} == {3.0}


def test_a_roll_up_over_places_says_how_many_are_in(catalogue, places, say):
    def sent(*names, value=10.0):
        with transaction.atomic():
            publish(
                catalogue,
                [say("e.commune_revenue", getattr(places, n), "2026-10", value) for n in names],
                epochs.take("test"),
            )
        return rollup.over_places(catalogue, "e.commune_revenue", places.province, OCTOBER)

    nothing = rollup.over_places(catalogue, "e.commune_revenue", places.province, OCTOBER)
    assert (nothing.value, nothing.status, nothing.there, nothing.expected) == (None, "missing", 0, 3)
    part = sent("north", "elsewhere")
    assert (part.value, part.status, part.there, part.expected) == (10.0, "partial", 1, 3)
    whole = sent("south", "west")
    assert (whole.value, whole.status, whole.there, whole.expected) == (30.0, "ok", 3, 3)
    answer = statistics.figure(catalogue, "e.commune_revenue", Place.objects.get(pk=places.province), OCTOBER)
    assert (answer.value, answer.detail["kind"], answer.detail["rule"], answer.id) == (
        30.0,
        "rolled_up",
        "sum",
        None,
    )
    assert len(answer.detail["inputs"]) == 3


def test_a_weighted_mean_counts_those_that_have_a_weight(catalogue, places, say):
    stated = [
        say("p.people", places.north, "2025", 1000.0), say("p.people", places.south, "2025", 3000.0),
        *(say("e.price", place, "2026-10", value) for place, value in zip(places.communes, (100.0, 104.0, 200.0), strict=True)),
    ]  # fmt: skip
    with transaction.atomic():
        publish(catalogue, stated, epochs.take("test"))
    found = rollup.over_places(catalogue, "e.price", places.province, OCTOBER)
    assert (found.value, found.status, found.there, found.expected) == (103.0, "partial", 2, 3)


def test_months_add_up_to_a_year_by_the_rule_and_what_does_not_add_up_is_refused(catalogue, year):
    place = Place.objects.get(pk=year.province)
    answer = statistics.figure(catalogue, "e.revenue", place, Period("year", 2026))
    assert (answer.value, answer.status, answer.there, answer.expected) == (25_500.0, "partial", 10, 12)
    whole = statistics.figure(catalogue, "e.revenue", place, Period("quarter", 2026, 3))
    assert (whole.value, whole.status) == (2700.0 + 2800.0 + 2900.0, "ok")
    for address, why in (
        ("e.price", "không cộng được qua các kỳ"),
        ("e.revenue@plan", "không cộng được qua các kỳ"),
    ):
        refused = statistics.figure(catalogue, address, place, Period("year", 2026))
        assert (refused.value, refused.status) == (None, "refused")
        assert why in refused.why
    refused = rollup.over_places(catalogue, "e.revenue", year.province, OCTOBER)
    assert refused.status == "refused"
    with pytest.raises(ValueError, match="is not made of those"):
        statistics.figure(catalogue, "p.people", place, OCTOBER)


def test_a_share_changes_in_points_and_does_not_add_up(catalogue, places, say):
    stated = [say("e.price", places.north, "2026-09", 100.5), say("e.price", places.north, "2026-10", 103.0)]
    with transaction.atomic():
        publish(catalogue, stated, epochs.take("test"))
    found = compared(catalogue, places.north, "e.price")
    assert (found["last_period"].value, found["last_period"].unit) == (2.5, "điểm %")
    assert found["since_january"].status == "refused"


def test_every_version_of_a_figure_is_told_with_its_time(catalogue, year, say):
    with transaction.atomic():
        publish(
            catalogue, [say("e.revenue", year.province, "2026-10", 3500.0, submission=2)], epochs.take("test")
        )
    subject = say("e.revenue", year.province, "2026-10", 0.0).subject
    found = statistics.versions(subject)
    assert [row.value for row, _ in found] == [3000.0, 3500.0]
    assert found[0][1] < found[1][1]


@pytest.mark.parametrize(
    ("text", "many", "other"),
    [
        ("2026-01", 1, "2025-12"),
        ("2026-12", -1, "2027-01"),
        ("2026-Q1", 2, "2025-Q3"),
        ("2026", 1, "2025"),
        ("2026-10", 22, "2024-12"),
    ],
)
def test_periods_go_back_over_the_year(text, many, other):
    assert periods.written(periods.back(Period.parse(text), many)) == other


def test_a_period_is_found_by_the_instant_it_is_over():
    for text, kind in (("2026-12", "month"), ("2026-Q4", "quarter"), ("2026", "year"), ("2024-02", "month")):
        period = Period.parse(text)
        assert periods.ending(periods.end_of(period), kind) == period
    with pytest.raises(ValueError, match="not the end of a quarter"):
        periods.ending(periods.end_of(Period.parse("2026-11")), "quarter")
    assert [periods.written(one) for one in periods.within(Period.parse("2026-Q4"), "month")] == [
        "2026-10",
        "2026-11",
        "2026-12",
    ]
