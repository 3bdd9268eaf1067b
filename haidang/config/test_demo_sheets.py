"""The simulated offices' files against the contracts: not a single remark where all is well, and exactly the planted ones."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from haidang.demo.sheets import care, dossiers, finance, handling, index, mistakes, paper, schools, tax
from haidang.demo.sheets.communes import Communes
from haidang.demo.sheets.economy import LINES, Economy
from haidang.demo.sheets.months import MERGED, Month
from haidang.demo.sheets.post import WEEKS
from haidang.demo.station import Commune
from haidang.domains.health.rules import dengue_epidemic
from haidang.engine import clock
from haidang.engine.contracts.sheets.book import Book
from haidang.engine.contracts.sheets.communes import communes as registered
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.judging import Examination
from haidang.engine.contracts.tree import load_tree
from haidang.engine.indicators import periods
from haidang.engine.rules.book import Past

OCTOBER = Month.of(2026, 10)
ECONOMY = Economy(7, "Tây Ninh")


@pytest.fixture(scope="module")
def communes() -> Communes:
    names = sorted(registered("80", OCTOBER.last_day).codes.items())
    units = [Commune(code, *name.split(" ", 1), lat=11, lon=106) for code, name in names]
    return Communes(7, units, ECONOMY)


def said(book: Workbook, contract: str, period: str, folder: Path) -> tuple[int, dict[str, list[str]]]:
    """Lines of data, and what is said of each cell that is not simply good."""
    path = folder / "file.xlsx"
    path.write_bytes(paper.as_bytes(book, OCTOBER.last_day))
    examination = Examination(load_tree().sheets[contract].thing, Period.parse(period))
    with Book(path) as opened:
        cells = [cell for cell in examination.cells(opened) if cell.level]
    return examination.records, {c.address: [r.code for r in c.remarks if r.level] for c in cells}


@pytest.mark.parametrize(
    "month",
    # The oldest, with one header row, Tết in January and in February, the merger, and now with another estimate.
    [Month.of(2021, 12), Month.of(2023, 1), Month.of(2026, 2), Month(MERGED), OCTOBER],
    ids=lambda month: month.code,
)
def test_the_monthly_set_is_without_a_fault_in_any_year(month: Month, tmp_path: Path) -> None:
    book = finance.monthly(ECONOMY, month, finance.Change("revenue_trade", -7.5))
    assert said(book, "economy.monthly", month.code, tmp_path) == (len(LINES), {})


@pytest.mark.parametrize("month", [Month(MERGED), Month.of(2026, 1)], ids=lambda month: month.code)
def test_the_revenue_of_the_communes_is_without_a_fault(
    month: Month, communes: Communes, tmp_path: Path
) -> None:
    book = tax.commune_revenue(communes, month, 3.6)
    assert said(book, "economy.commune_revenue", month.code, tmp_path) == (96, {})


def test_people_and_dossiers_are_without_a_fault(
    communes: Communes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert said(tax.people(communes, 2025), "population.people", "2025", tmp_path) == (96, {})
    monkeypatch.setattr(dossiers, "COUNT", 200)
    listed = dossiers.dossiers(communes, OCTOBER)
    lines = listed["DanhSach"].max_row - 1
    assert said(listed, "services.dossiers", OCTOBER.code, tmp_path) == (lines, {})
    assert 176 <= lines <= 224
    # On the third of the month nobody knows what is returned on the fifth.
    third = date(2026, 11, 3)
    clock.set_source(datetime(2026, 11, 3, 2, tzinfo=UTC).timestamp)
    try:
        early = dossiers.dossiers(communes, OCTOBER, third)
        assert said(early, "services.dossiers", OCTOBER.code, tmp_path) == (lines, {})
        late = said(listed, "services.dossiers", OCTOBER.code, tmp_path)[1]
    finally:
        clock.set_source(None)
    assert {code for codes in late.values() for code in codes} == {"in_future"}
    reported = dossiers.report(communes, "Tây Ninh", OCTOBER, 25)
    assert said(reported, "services.handling", OCTOBER.code, tmp_path) == (3, {})
    for month in (OCTOBER, OCTOBER.before):  # in one of them the portal does not tell of the personal store
        told = index.report(communes, "Tây Ninh", month)
        assert said(told, "services.index_report", month.code, tmp_path) == (39, {})


def test_offices_facilities_and_schools_are_without_a_fault(communes: Communes, tmp_path: Path) -> None:
    february, files = Month.of(2024, 2), tmp_path
    for month in (february, OCTOBER):
        handled = handling.offices(7, "Tây Ninh", month)
        assert said(handled, "documents.offices", month.code, files) == (len(handling.OFFICES), {})
        cared = care.facilities(7, "Tây Ninh", month)
        assert said(cared, "health.facilities", month.code, files) == (len(care.FACILITIES), {})
    assert said(schools.opening(communes, 2026), "education.opening", "2026", files) == (96, {})
    assert said(schools.results(communes, 2026), "education.results", "2026", files) == (96, {})


def test_weeks_of_diseases_are_without_a_fault_and_the_province_is_the_sum_of_its_communes(
    communes: Communes, tmp_path: Path
) -> None:
    epidemics, week = care.Epidemics(7, communes), care.Week.over_by(date(2026, 1, 14))
    assert week.code == "2026-W02"
    found = said(care.diseases(epidemics, week), "health.epidemics", week.code, tmp_path)
    assert found == (len(care.DISEASES), {})
    assert said(care.by_commune(epidemics, week), "health.epidemic_communes", week.code, tmp_path) == (96, {})
    cases = sum(epidemics.cases("dengue", one) for one in (week, week.before))
    assert epidemics.since_january("dengue", week)[0] == cases, "the first week begins in December"
    assert sum(epidemics.by_commune("dengue", week)) == epidemics.cases("dengue", week)


@pytest.mark.parametrize("today", [date(2026, 4, 15), date(2026, 11, 29)], ids=str)
def test_the_outbreak_is_above_the_epidemic_threshold_in_any_season(
    today: date, communes: Communes, tmp_path: Path
) -> None:
    week = care.Week.over_by(today)
    epidemics, weekly, one = care.Epidemics(7, communes, week), {}, week
    for _ in range(WEEKS):
        weekly[Period.parse(one.code)] = float(epidemics.cases("dengue", one))
        one = one.before
    period = Period.parse(week.code)
    past = {before: cases for before, cases in weekly.items() if before != period}
    limit = dengue_epidemic.limit(Past(period, past, {"season_starts": 14}))
    assert limit is not None
    assert weekly[period] > limit
    assert weekly[periods.back(period, 2)] < limit
    assert sum(cases > 20 for cases in epidemics.by_commune("dengue", week)) == care.WHERE
    for one in (week, week.before):  # nobody has to explain a jump
        assert said(care.diseases(epidemics, one), "health.epidemics", one.code, tmp_path)[1] == {}


def test_the_hasty_draft_has_exactly_the_planted_mistakes(tmp_path: Path) -> None:
    book = mistakes.spoil(finance.monthly(ECONOMY, OCTOBER))
    lines, found = said(book, "economy.monthly", OCTOBER.code, tmp_path)
    assert lines == len(LINES)
    slipped, words = (mistakes.cell_of(name, mistakes.NOW) for name in (mistakes.SLIPPED, mistakes.WORDS))
    assert "jump_unit" in found.pop(slipped)
    assert found.pop(words) == ["not_a_number"]
    # Plans stand where percents belong; the percents, each possible as a plan, do not add up.
    planned = {
        mistakes.cell_of(name, mistakes.MONTH_PERCENT) for name, line in LINES.items() if not line.is_index
    }
    sums = {mistakes.cell_of(name, mistakes.PLAN) for name, line in LINES.items() if line.parts}
    assert found == {cell: ["out_of_range"] for cell in planned} | {cell: ["parts_differ"] for cell in sums}
