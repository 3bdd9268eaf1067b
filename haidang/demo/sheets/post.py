"""Which files the offices of the province send, and when: five years of history, newest month first, and what goes on now.

The last month that is over is reported now: the finance office in time; the tax office by another count than finance;
one file of the month before late, another corrected; and the finance office has a first draft of the running month with
mistakes in it. Each file has a name of its own (`key`), so that it is sent once, whenever the simulator is restarted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from openpyxl import Workbook

from haidang.demo.sheets import care, dossiers, finance, handling, index, mistakes, paper, schools, tax
from haidang.demo.sheets.communes import Communes
from haidang.demo.sheets.economy import Economy
from haidang.demo.sheets.months import MERGED, Month
from haidang.demo.station import Outside

MONTHS = 60
RECENT = 24  # months of history in the domains other than economy
FIRST = 3  # months, and four times as many weeks, that come before anything else
# Epidemic thresholds rest on five seasons that are over, and one is running.
WEEKS = 6 * 53
LISTS = 3  # months with a list of dossiers
# Online dossiers that the Office of the People's Committee does not know of, in the oldest of these months.
UNKNOWN = 25
# By how many percent the tax office counts more than finance in the month reported now: beyond what is tolerated.
DISAGREES = 3.6
# What finance estimates first, and corrects a month later.
CORRECTED = finance.Change("revenue_trade", -7.5)
# When files of the month that is reported now arrive, in seconds after the first.
DRAFT_S, OTHER_COUNT_S, LATE_S, CORRECTION_S = 15, 45, 90, 180

MONTHLY, REVENUE, PEOPLE = "economy.monthly_files", "economy.commune_revenue_files", "population.people_files"
DOSSIERS, HANDLING, INDEX = "services.dossier_files", "services.handling_files", "services.index_files"
DOCUMENTS, CARE = "documents.office_files", "health.facility_files"
DISEASES, CASES = "health.epidemic_files", "health.epidemic_commune_files"
OPENING, RESULTS = "education.opening_files", "education.result_files"
OFFICES = {
    MONTHLY: "so-tai-chinh", REVENUE: "thue-tinh", PEOPLE: "thong-ke-tinh", DOSSIERS: "trung-tam-hcc", HANDLING: "van-phong-ubnd", INDEX: "van-phong-ubnd", DOCUMENTS: "van-phong-ubnd",
    CARE: "so-y-te", DISEASES: "cdc-tinh", CASES: "cdc-tinh", OPENING: "so-gddt", RESULTS: "so-gddt",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parcel:
    """One file to be sent `after_s` seconds after the first of its month. `saved` is the day it was last saved."""

    key: str
    source: str
    period: str
    name: str
    saved: date
    make: Callable[[], Workbook]
    after_s: float = 0.0

    @property
    def office(self) -> str:
        return OFFICES[self.source]

    def body(self) -> bytes:
        return paper.as_bytes(self.make(), self.saved)


class PostRoom:
    """All files of one province, seen from the month that is reported now."""

    def __init__(self, outside: Outside, first_day: date | None = None) -> None:
        """`first_day` is when this province began to be simulated: an outbreak is at its highest then."""
        self.economy = Economy(outside.seed, outside.name)
        self.communes = Communes(outside.seed, outside.communes, self.economy)
        self.epidemics = care.Epidemics(
            outside.seed, self.communes, care.Week.over_by(first_day) if first_day else None
        )

    def parcels(self, reported: Month, today: date) -> Iterator[Parcel]:
        """In the order in which they are sent: a little of everything, then the years behind it."""
        for year in range(MERGED // 12, reported.year + (reported.month == 12)):
            yield self._people(year)
        weeks = [care.Week.over_by(today)]
        while len(weeks) < WEEKS:
            weeks.append(weeks[-1].before)
        yield from self._months(reported, 0, FIRST)
        for week in weeks[: 4 * FIRST]:
            yield from self._week(week)
        yield from self._schools(reported)
        yield from self._now(reported)
        yield from self._months(reported, FIRST, RECENT)
        for age in range(LISTS):
            yield self._dossiers(Month(reported.number - age), today)
            yield self._handling(Month(reported.number - age), UNKNOWN if age == LISTS - 1 else 0)
            yield self._index(Month(reported.number - age))
        yield from self._months(reported, RECENT, MONTHS)
        for week in weeks[4 * FIRST :]:
            yield self._diseases(week)

    def _months(self, reported: Month, first: int, last: int) -> Iterator[Parcel]:
        for age in range(first, last):
            month = Month(reported.number - age)
            yield from self._of(month, age)
            if age < RECENT:
                yield self._monthly_of(DOCUMENTS, "Van ban", month, handling.offices)
                yield self._monthly_of(CARE, "Kham chua benh", month, care.facilities)

    def _of(self, month: Month, age: int) -> Iterator[Parcel]:
        """A month as it was told at its time; `age` 0 is the one reported now. What is told first is an estimate, and the
        estimate of one line is corrected a month later.
        """
        yield self._monthly(month, CORRECTED if age <= 1 else None)
        if month.number >= MERGED and age > 1:
            yield self._revenue(month)

    def _now(self, reported: Month) -> Iterator[Parcel]:
        running, before = Month(reported.number + 1), reported.before
        yield Parcel(
            f"monthly {running.code} draft", MONTHLY, running.code, f"KTXH_T{running.month}_du_thao.xlsx", running.first_day,
            lambda: mistakes.spoil(finance.monthly(self.economy, running)), DRAFT_S,
        )  # fmt: skip
        yield self._revenue(reported, DISAGREES, OTHER_COUNT_S)
        yield Parcel(
            f"monthly {before.code} corrected", MONTHLY, before.code, f"KTXH_T{before.month}_{before.year}_dinh_chinh.xlsx",
            reported.last_day, lambda: finance.monthly(self.economy, before), CORRECTION_S,
        )  # fmt: skip
        yield self._revenue(before, 0.0, LATE_S)

    def _monthly(self, month: Month, change: finance.Change | None) -> Parcel:
        name = f"KTXH_T{month.month}_{month.year}.xlsx"
        return Parcel(
            f"monthly {month.code}", MONTHLY, month.code, name, month.last_day,
            lambda: finance.monthly(self.economy, month, change),
        )  # fmt: skip

    def _revenue(self, month: Month, more: float = 0.0, after_s: float = 0.0) -> Parcel:
        name = f"Thu NS theo xã T{month.month}.{month.year}.xlsx"
        return Parcel(
            f"revenue {month.code}", REVENUE, month.code, name, month.last_day,
            lambda: tax.commune_revenue(self.communes, month, more), after_s,
        )  # fmt: skip

    def _dossiers(self, month: Month, today: date) -> Parcel:
        return Parcel(
            f"dossiers {month.code}", DOSSIERS, month.code, f"{month.code} danh sach ho so.xlsx",
            dossiers.told_on(month, today), lambda: dossiers.dossiers(self.communes, month, today),
        )  # fmt: skip

    def _handling(self, month: Month, unknown: int) -> Parcel:
        """The same months as they are reported beside their lists."""
        return Parcel(
            f"handling {month.code}", HANDLING, month.code, f"Bao cao TTHC T{month.month}.{month.year}.xlsx", month.last_day,
            lambda: dossiers.report(self.communes, self.economy.province, month, unknown),
        )  # fmt: skip

    def _index(self, month: Month) -> Parcel:
        """What the index of service needs beside the list."""
        return Parcel(
            f"index {month.code}", INDEX, month.code, f"Bo chi so T{month.month}.{month.year}.xlsx", month.last_day,
            lambda: index.report(self.communes, self.economy.province, month),
        )  # fmt: skip

    def _people(self, year: int) -> Parcel:
        return Parcel(
            f"people {year}",
            PEOPLE,
            str(year),
            f"Dan_so_{year}.xlsx",
            date(year + 1, 1, 15),
            lambda: tax.people(self.communes, year),
        )

    def _monthly_of(
        self, source: str, word: str, month: Month, make: Callable[[int, str, Month], Workbook]
    ) -> Parcel:
        seed, province = self.economy.seed, self.economy.province
        name = f"{word} T{month.month}.{month.year}.xlsx"
        return Parcel(
            f"{word} {month.code}",
            source,
            month.code,
            name,
            month.last_day,
            lambda: make(seed, province, month),
        )

    def _week(self, week: care.Week) -> Iterator[Parcel]:
        yield self._diseases(week)
        name = f"Ca benh theo xa tuan {week.number}.xlsx"
        yield Parcel(
            f"cases {week.code}",
            CASES,
            week.code,
            name,
            week.last_day,
            lambda: care.by_commune(self.epidemics, week),
        )

    def _diseases(self, week: care.Week) -> Parcel:
        name = f"BC tuan {week.number} nam {week.year}.xlsx"
        return Parcel(
            f"diseases {week.code}",
            DISEASES,
            week.code,
            name,
            week.last_day,
            lambda: care.diseases(self.epidemics, week),
        )

    def _schools(self, reported: Month) -> Iterator[Parcel]:
        """School years begin in September and end in May; the communes of today have seen those since 2025."""
        for year in range(reported.year - (reported.month < 9), MERGED // 12 - 1, -1):
            yield Parcel(
                f"opening {year}", OPENING, str(year), f"Dau nam hoc {year}-{year + 1}.xlsx", date(year, 9, 20),
                partial(schools.opening, self.communes, year),
            )  # fmt: skip
        for year in range(reported.year - (reported.month < 6), MERGED // 12, -1):
            yield Parcel(
                f"results {year}", RESULTS, str(year), f"Ket qua nam hoc {year - 1}-{year}.xlsx", date(year, 6, 20),
                partial(schools.results, self.communes, year),
            )  # fmt: skip
