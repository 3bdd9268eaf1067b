"""Weeks among months and years: each belongs to one of each, and none is lost."""

from haidang.engine.contracts.sheets.days import Period
from haidang.engine.indicators import periods


def test_every_week_belongs_to_one_month_and_one_year():
    for year in (2024, 2025, 2026, 2027):
        weeks = periods.within(Period("year", year), "week")
        by_month = [periods.within(Period("month", year, number), "week") for number in range(1, 13)]
        assert [one for those in by_month for one in those] == weeks
        assert [one.year for one in weeks] == [year] * len(weeks)
        for number, those in enumerate(by_month, 1):
            assert {periods.longer_of(one, "month") for one in those} == {Period("month", year, number)}
    assert len(periods.within(Period("year", 2026), "week")) == 53


def test_a_week_is_found_by_its_end_and_counted_back_over_new_year():
    week = Period.parse("2026-W53")
    assert periods.ending(periods.end_of(week), "week") == week
    assert periods.back(Period.parse("2027-W02"), 2) == week
    assert periods.back(week, -1) == Period.parse("2027-W01")
    # Its Sunday lies in 2027, its Thursday in 2026.
    assert periods.longer_of(week, "year") == Period("year", 2026)


def test_week_53_is_beside_the_last_week_of_the_year_before():
    assert periods.year_before(Period.parse("2026-W53")) == Period.parse("2025-W52")
    assert periods.year_before(Period.parse("2026-10")) == Period.parse("2025-10")
    assert periods.of_year(Period.parse("2026-10")) * 12 == 10
    assert periods.of_year(Period.parse("2026-W53")) == 1
