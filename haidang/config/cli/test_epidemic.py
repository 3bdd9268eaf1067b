"""`haidang epidemic` over seven years of published weeks."""

import json
import math
from datetime import date

import pytest
from click.testing import CliRunner
from django.db import transaction

from haidang.config.cli import main
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.indicators import figure_rows, periods
from haidang.engine.indicators.figure_rows import New, Subject
from haidang.engine.places.models import Place
from haidang.engine.store import epochs

LAST = Period.parse("2026-W40")


@pytest.fixture
def weeks(db):
    """A wave each year that is highest in week 40; the last year's is thrice as high."""
    place = Place.objects.create(
        code="97", level="province", kind="tỉnh", name="Tỉnh Thử", folded="tinh thu", sort_key=b"97",
        valid_from_date=date(2025, 7, 1),
    ).pk  # fmt: skip
    rows = []
    for back in range(7 * 52):
        week = periods.back(LAST, back)
        height = (1 + week.year % 3 / 10) * (3 if week.year == 2026 else 1)
        cases = round(5 + 100 * height * math.exp(-(((week.number - 40) / 5) ** 2)))
        rows.append(New(Subject("health.dengue", place, periods.end_of(week)), float(cases), "ok"))
    with transaction.atomic():
        figure_rows.write(rows, epochs.take("test"))


def run(*arguments):
    return CliRunner().invoke(main, ["epidemic", *arguments])


def test_a_week_is_judged_by_its_past_seasons(weeks):
    done = run("health.dengue", "--place", "97", "--json")
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert (answer["period"], answer["value"], answer["unit"], answer["level"]) == (
        "2026-W40",
        335.0,
        "ca",
        "very_high",
    )
    limits = answer["thresholds"]
    assert 5 < limits["epidemic"] < limits["medium"] < limits["high"] < limits["very_high"] < 335
    assert answer["seasons_from"] == [f"{year}-W14" for year in range(2020, 2026)]
    spring = run("health.dengue", "--place", "97", "--period", "2026-W20")
    assert "tuần 20/2026: 5 ca, chưa vào mùa dịch" in spring.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["health.dengue", "--place", "97", "--period", "2022-W40"], "2 seasons"),
        (["health.visits", "--place", "97"], "statistic of weeks 'health.visits' does not exist"),
        (["health.dengue", "--place", "97", "--period", "2026-10"], "is no week"),
        (["health.dengue", "--place", "81"], "no unit has the code '81'"),
        (["health.measles", "--place", "97"], "has no number of any week"),
    ],
)
def test_what_cannot_be_judged_says_why(weeks, arguments, words):
    done = run(*arguments)
    assert done.exit_code != 0
    assert words in done.output
