"""What an approved sheet states becomes figures, and what follows from them is computed with it."""

import pytest
import time_machine
from django.db import transaction

from haidang.engine.contracts.sheets.days import Period
from haidang.engine.indicators import deriving, figure_rows, following, periods, waiting
from haidang.engine.indicators.conftest import CONTENT, catalogue_from
from haidang.engine.indicators.figure_rows import Subject
from haidang.engine.indicators.publishing import Correction, publish
from haidang.engine.store import epochs
from haidang.engine.store.models import ContentFile, Epoch

pytestmark = pytest.mark.django_db


def published(catalogue, *stated, corrects=None):
    with transaction.atomic():
        return publish(catalogue, stated, epochs.take("test"), corrects=corrects)


def figure(address, place, period, epoch=None):
    end = periods.end_of(Period.parse(period))
    return figure_rows.read([address], [place], [end], epoch).get(Subject(address, place, end))


def test_a_value_is_kept_with_its_cell_and_a_changed_one_takes_its_place(catalogue, places, say):
    first = published(catalogue, say("e.revenue", places.province, "2026-10", 3150.7))
    assert [(one.indicator, one.value, one.is_correction) for one in first.stated] == [
        ("e.revenue", 3150.7, False)
    ]
    kept = figure("e.revenue", places.province, "2026-10")
    assert (kept.id, kept.value, kept.status, kept.detail["cell"]) == (
        first.stated[0].id,
        3150.7,
        "ok",
        "D14",
    )
    again = published(catalogue, say("e.revenue", places.province, "2026-10", 3150.7))
    assert (again.stated, again.unchanged) == ([], 1)
    other = published(catalogue, say("e.revenue", places.province, "2026-10", 3200.0, submission=2))
    assert [one.is_correction for one in other.stated] == [True]
    assert figure("e.revenue", places.province, "2026-10").value == 3200.0
    assert figure("e.revenue", places.province, "2026-10", kept.epoch).value == 3150.7


def test_the_same_value_of_another_submission_is_a_new_version_and_no_correction(catalogue, places, say):
    published(catalogue, say("e.revenue", places.province, "2026-10", 3150.7))
    (news,) = published(catalogue, say("e.revenue", places.province, "2026-10", 3150.7, submission=2)).stated
    assert not news.is_correction
    assert figure("e.revenue", places.province, "2026-10").detail["submission"] == 2


def test_what_a_corrected_sheet_states_no_more_is_missing(catalogue, places, say):
    published(
        catalogue,
        say("e.revenue", places.province, "2026-10", 3150.7),
        say("e.revenue@plan", places.province, "2026-10", 38000.0, "C14"),
    )
    end = periods.end_of(Period.parse("2026-10"))
    published(
        catalogue,
        say("e.revenue", places.province, "2026-10", 3150.7, submission=2),
        corrects=Correction(1, "e.monthly", end),
    )
    plan = figure("e.revenue@plan", places.province, "2026-10")
    assert (plan.value, plan.status, plan.detail) == (None, "missing", {"kind": "withdrawn", "submission": 1})
    assert figure("e.revenue", places.province, "2026-10").value == 3150.7


def test_a_formula_follows_in_the_same_epoch_and_names_its_inputs(catalogue, places, say):
    people = [say("p.people", place, "2025", 1000.0 * n) for n, place in enumerate(places.communes, 1)]
    published(catalogue, *people)
    result = published(
        catalogue,
        *(say("e.commune_revenue", place, "2026-10", 30.0 * n) for n, place in enumerate(places.communes, 1)),
    )
    north = figure("e.commune_per_head", places.north, "2026-10")
    assert north.value == 30.0  # 30 million for 1000 people are 30 thousand for each
    assert north.epoch == figure("e.commune_revenue", places.north, "2026-10").epoch
    assert {one.indicator for one in result.derived} == {"e.commune_per_head"}
    assert len(result.derived) == 4
    revenue = figure("e.commune_revenue", places.north, "2026-10")
    population = figure("p.people", places.north, "2025")
    assert north.detail["inputs"] == [
        ["e.commune_revenue", places.north, "2026-10-31T17:00:00+00:00", revenue.id, 30.0],
        ["p.people", places.north, "2025-12-31T17:00:00+00:00", population.id, 1000.0],
    ]
    whole = figure("e.commune_per_head", places.province, "2026-10")
    assert whole.value == 30.0
    assert len(whole.detail["inputs"]) == 6


def test_a_commune_that_has_not_reported_leaves_the_province_missing_and_never_less(catalogue, places, say):
    published(catalogue, *(say("p.people", place, "2025", 1000.0) for place in places.communes))
    published(catalogue, *(say("e.commune_revenue", place, "2026-10", 30.0) for place in places.communes[:2]))
    whole = figure("e.commune_per_head", places.province, "2026-10")
    assert (whole.value, whole.status) == (None, "missing")
    assert [one[3] for one in whole.detail["inputs"]].count(None) == 1
    published(catalogue, say("e.commune_revenue", places.west, "2026-10", 30.0))
    assert figure("e.commune_per_head", places.province, "2026-10").value == 30.0


def test_a_late_population_completes_the_months_that_wait_for_it_and_makes_no_others(catalogue, places, say):
    published(catalogue, say("e.revenue", places.province, "2026-03", 300.0))
    assert figure("e.per_head", places.province, "2026-03").status == "missing"
    published(catalogue, *(say("p.people", place, "2023", 10.0) for place in places.communes))
    assert figure("e.per_head", places.province, "2026-03").status == "missing", "more than two years old"
    published(catalogue, *(say("p.people", place, "2024", 500.0) for place in places.communes))
    assert figure("e.per_head", places.province, "2026-03").value == 200.0, "the last one known"
    published(catalogue, *(say("p.people", place, "2025", 1000.0) for place in places.communes))
    assert figure("e.per_head", places.province, "2026-03").value == 100.0
    assert figure("e.per_head", places.province, "2026-04") is None


def test_formulas_follow_in_their_order_however_deep(catalogue, places, say):
    with time_machine.travel("2027-02-01T00:00:00Z", tick=False):
        published(
            catalogue,
            say("p.people", places.province, "2025", 1000.0),
            say("p.people", places.province, "2026", 1000.0),
        )
        months = [say("e.revenue", places.province, f"2026-{n:02}", 1.0) for n in range(1, 12)]
        published(catalogue, *months)
        assert (
            figure("e.year_per_head", places.province, "2026") is None
            or figure("e.year_per_head", places.province, "2026").value is None
        )
        published(catalogue, say("e.revenue", places.province, "2026-12", 1.0))
    assert figure("e.year_per_head", places.province, "2026").value == 12_000_000.0
    december = figure("e.share", places.province, "2026-12")
    assert december.value == pytest.approx(100 / 12)
    assert [one[0] for one in december.detail["inputs"]] == ["e.per_head", "e.year_per_head"]


def test_a_division_by_zero_is_a_failed_figure_with_its_reason(catalogue, places, say):
    published(catalogue, say("p.people", places.province, "2025", 0.0))
    published(catalogue, say("e.revenue", places.province, "2026-10", 1.0))
    found = figure("e.per_head", places.province, "2026-10")
    assert (found.value, found.status, found.detail["error"]) == (None, "failed", "division by zero")


def test_what_is_too_much_for_one_transaction_waits_and_comes_to_the_same(
    catalogue, places, say, monkeypatch
):
    months = [f"2026-{number:02}" for number in range(1, 7)]
    published(
        catalogue,
        *(say("e.commune_revenue", place, month, 30.0) for place in places.communes for month in months),
    )
    monkeypatch.setattr(deriving, "INLINE", 5)
    monkeypatch.setattr(following, "PART", 7)
    published(catalogue, *(say("p.people", place, "2025", 1000.0) for place in places.communes))
    assert waiting.count() == 6 * 4 - 5
    assert figure("e.commune_per_head", places.north, "2026-06").value == 30.0
    assert figure("e.commune_per_head", places.north, "2026-01").value is None
    assert following.follow(catalogue) == 6 * 4 - 5
    assert waiting.count() == 0
    for month in months:
        assert figure("e.commune_per_head", places.north, month).value == 30.0
        assert figure("e.commune_per_head", places.province, month).value == 30.0


def test_a_formula_that_is_new_or_another_one_is_computed_for_what_was_published_before(
    catalogue, places, say
):
    earlier = catalogue_from({address: said for address, said in CONTENT.items() if address != "e.per_head"})
    published(earlier, *(say("p.people", place, "2025", 1000.0) for place in places.communes))
    published(earlier, *(say("e.revenue", places.province, f"2026-{month:02}", 3.0) for month in (1, 2)))
    assert figure("e.per_head", places.province, "2026-01") is None
    load("e.per_head")
    assert following.look_through(catalogue) == ["e.per_head"]
    following.follow(catalogue)
    assert figure("e.per_head", places.province, "2026-01").value == 1.0
    assert following.look_through(catalogue) == []
    other = {**CONTENT, "e.per_head": {**CONTENT["e.per_head"], "formula": "2 * e.revenue / p.people"}}
    load("e.per_head")
    assert following.look_through(catalogue_from(other)) == ["e.per_head"]
    following.follow(catalogue_from(other))
    found = figure("e.per_head", places.province, "2026-02")
    assert (found.value, found.detail["formula"]) == (2.0, "2 * e.revenue / p.people")


def load(address):
    """As if the text of this indicator had just come into force."""
    with transaction.atomic():
        now = Epoch.objects.get(pk=epochs.take("content")).committed_at
        ContentFile.objects.filter(address=address).update(superseded_at=now)
        ContentFile.objects.create(
            address=address, kind="indicators", sha256="", body="", sibling="", valid_from=now
        )


@pytest.mark.parametrize(
    ("address", "period", "value", "words"),
    [
        ("e.revenu", "2026-10", 1.0, "no statistic"),
        ("e.revenue@pln", "2026-10", 1.0, "no statistic"),
        ("e.revenue", "2026-10", float("nan"), "no number"),
        ("p.people", "2026-10", 1.0, "not the end of a year"),
    ],
)
def test_a_value_that_is_none_of_ours_is_refused(catalogue, places, say, address, period, value, words):
    with pytest.raises(ValueError, match=words):
        published(catalogue, say(address, places.province, period, value))


def test_a_value_stated_twice_is_refused(catalogue, places, say):
    with pytest.raises(ValueError, match="stated 2 times"):
        published(catalogue, *[say("e.revenue", places.province, "2026-10", 1.0)] * 2)
