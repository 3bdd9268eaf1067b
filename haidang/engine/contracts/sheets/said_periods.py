"""Of which period a title says its table is – by words, days or a school year – beside the one that is handed in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from haidang.engine.contracts.sheets.days import Period, numbered, school_year, spanned, stated, summed
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.contracts.sheets.origin import periods_said
from haidang.engine.contracts.sheets.verdict import Level, Remark
from haidang.engine.places.names import fold

_OF_YEAR = re.compile(r"\bnam (20\d\d)\b")
_REPORT = re.compile(
    r"^\W*(?:bao cao|bieu|bang|tinh hinh|danh sach|thong ke|ket qua|tong hop|so lieu|thu |chi |\(?nam 20\d\d\W*$)"
)
# What a title compares with, or by what it is asked for.
OF_ANOTHER = re.compile(
    r"\b(?:so voi|cung ky|ke hoach|du toan|nghi quyet|quyet dinh|giai doan|thong tu|nghi dinh|luat)\b"
)
# Where numbers come from, in which prices they are, what they are measured by.
_BASE = re.compile(
    r"\b(?:theo|can cu|nguon|gia (?:so sanh|co dinh|hien hanh)|goc|chuan|ban hanh|kem|ngay|du bao|mau|dien thoai|dt|tel|fax)\b"
)
_YEAR = re.compile(r"\b20\d\d\b")
# “Niên giám 2024”, “Dân số 2026 (ước)”; no “QCVN 05:2023”.
_YEAR_AT_END = re.compile(r"(?<![\d/.:\-–—])(20\d\d)(?: ?\([^()\d]*\))?[\s.)]*$")
_END_OF_YEAR = re.compile(r"(?<!, ngay )\b31 ?/ ?12 ?/ ?(20\d\d)\b")
# “T9.2026”, “Kỳ báo cáo: 2026-09”, “Sep 2026”.
_SHORT_MONTH = re.compile(r"(?<![\w/.-])t(0?[1-9]|1[0-2]) ?[./-] ?(20\d\d)\b")
_YEAR_FIRST = re.compile(
    r"\b(?:ky|thang|period|month)(?: bao cao| so lieu)?\s*[:.]?\s*(20\d\d) ?[-/] ?(0?[1-9]|1[0-2])(?![\d/.-])"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH_MONTH = re.compile(
    rf"\W*(?:(?:report|data|period|month)\W+(?:of |for )?)?({'|'.join(_MONTHS)})[a-z]{{0,6}}[\s./,-]+(20\d\d)\W*"
)
_HOUR = r"(?:\d{1,2} ?(?:h|g|gio)(?: ?\d\d)? )?"
_DAY = rf"{_HOUR}(?:ngay )?(\d{{1,2}}) ?[/.] ?(\d{{1,2}})(?: ?[/.] ?(20\d\d))?(?!\d)"
# Without a year “1/2 - 3/4” is a number of a form.
_IN_DAYS = re.compile(r"\b(?:tu|ngay|tuan)\b")
_RANGE = re.compile(rf"(?<![\d/.]){_DAY} ?(?:den|-|–|—)(?: het)? ?{_DAY}")


def names(words: str, period: Period) -> bool:
    """Whether a title is of the period, perhaps by its number alone."""
    if stated(words, period.kind) == period or numbered(words, period.kind) == period.number != 0:
        return True
    return period in _in_short(words, period)


def of_another_period(
    word: str, period: Period, contract: SheetContract | None = None, *, sure: bool
) -> Remark | None:
    """What is wrong with a title of another period. Where another one is `sure` to name the right period, a number or a year
    alone says nothing; days and months with their year still do.
    """
    plain = fold(word)
    if period.kind == "year" and (remark := _other_school_year(plain, period, contract)):
        return remark
    told = stated(word, period.kind)
    compares = OF_ANOTHER.search(plain) is not None
    if told and told != period:
        return None if sure and compares else Remark(Level.FAULT, "wrong_period", periods_said(told, period))
    if (days := _days(plain, period)) and not compares:
        return Remark(Level.WARNING, "wrong_period", periods_said(days, period))
    short = _in_short(word, period)
    if short and period not in short and not compares:
        level = Level.WARNING if sure else Level.FAULT
        return Remark(level, "wrong_period", periods_said(short[0], period))
    if told:
        return _part_of_year(word, period)
    return None if sure or short else _unsure(word, plain, period)


def _unsure(word: str, plain: str, period: Period) -> Remark | None:
    """By words that say something only where nothing else names the period."""
    if (until := spanned(word, period.kind)) and until != period:
        return Remark(Level.WARNING, "wrong_period", periods_said(until, period))
    months = summed(word) if period.kind == "month" else 0
    if months and months != period.number:
        return _of_months(months, period)
    other = numbered(word, period.kind)
    named = (
        replace(period, number=other) if other else _other_kind(word, period) or _other_year(plain, period)
    )
    if named is None:
        return None
    return Remark(Level.WARNING, "wrong_period", periods_said(named, period))


def _of_months(months: int, period: Period) -> Remark:
    told_of = {
        "stated": f"{months} tháng đầu năm",
        "stated_en": f"the first {months} months",
        "wanted": str(period),
        "wanted_en": period.words("en"),
    }
    return Remark(Level.WARNING, "wrong_period", told_of)


def _part_of_year(word: str, period: Period) -> Remark | None:
    """“6 tháng đầu năm 2025” where the whole year is due."""
    months = summed(word) if period.kind == "year" and len(_YEAR.findall(word)) == 1 else 0
    return _of_months(months, period) if 0 < months < 12 else None


def _other_year(plain: str, period: Period) -> Period | None:
    """Another year than the one that is due, where the title of a report names no other time."""
    if OF_ANOTHER.search(plain):
        return None
    if period.kind == "year":
        told = _END_OF_YEAR.findall(plain)
        if not told and not _BASE.search(plain) and len(_YEAR.findall(plain)) == 1:
            told = _YEAR_AT_END.findall(plain)
        return Period("year", int(told[0])) if told and str(period.year) not in told else None
    years = {int(year) for year in _OF_YEAR.findall(plain)}
    if len(years) != 1 or period.year in years or not _REPORT.search(plain):
        return None
    return Period("year", years.pop())


def _other_kind(words: str, period: Period) -> Period | None:
    """A month, quarter or week a title names where one of another kind is due; a year says little of a month's report."""
    kinds = [kind for kind in ("month", "quarter", "week") if kind != period.kind]
    return next((told for kind in kinds if (told := stated(words, kind))), None)


def _in_short(words: str, period: Period) -> list[Period]:
    """The months a title names with their year in other forms than “tháng 9 năm 2026”."""
    if period.kind != "month":
        return []
    plain = fold(words)
    found = [Period("month", int(year), int(month)) for month, year in _SHORT_MONTH.findall(plain)]
    found += [Period("month", int(year), int(month)) for year, month in _YEAR_FIRST.findall(plain)]
    if english := _ENGLISH_MONTH.fullmatch(plain):
        found.append(Period("month", int(english[2]), _MONTHS.index(english[1]) + 1))
    return found


def _days(plain: str, period: Period) -> Period | None:
    """The period in which days end that a title names (“từ ngày 19/10 đến ngày 25/10/2026”), where none of them is of the one
    that is due: offices count from their own day of the week or month.
    """
    spans = list(_spans(plain, period))
    if not spans or any(first <= period.last_day and last >= _first_day(period) for first, last in spans):
        return None
    last = spans[0][1]
    if period.kind == "week":
        return Period.holding_week(last)
    number = {"month": last.month, "quarter": (last.month + 2) // 3}.get(period.kind, 0)
    return Period(period.kind, last.year, number)


def _first_day(period: Period) -> date:
    last = period.last_day
    if period.kind == "week":
        return date.fromordinal(last.toordinal() - 6)
    months = {"month": 1, "quarter": 3}.get(period.kind, 12)
    return date(last.year, last.month - months + 1, 1)


def _spans(plain: str, period: Period) -> Iterator[tuple[date, date]]:
    for found in _RANGE.finditer(plain):
        day, month, year, day_2, month_2, year_2 = (int(part) if part else 0 for part in found.groups())
        until = year_2 or year
        if not (until or _IN_DAYS.search(plain)):
            continue
        for last in [until] if until else [period.year, period.year + 1]:
            turned = (month, day) > (month_2, day_2)
            try:
                yield date(year or last - turned, month, day), date(last, month_2, day_2)
            except ValueError:
                continue  # no days: “1/20 - 3/50”


def _other_school_year(plain: str, period: Period, contract: SheetContract | None) -> Remark | None:
    """A school year that is not the one the contract means by the period; where it does not say which, either is taken."""
    before, _, _ = plain.partition("nam hoc")
    years = school_year(plain)
    if years is None or re.search(r"\b(?:so voi|cung ky|ke hoach|giai doan)\W*$", before):
        return None
    says = contract.school_year if contract else ""
    if period.year in {"begins": years[:1], "ends": years[1:]}.get(says, years):
        return None
    if not says:
        return Remark(Level.FAULT, "wrong_period", periods_said(Period("year", years[1]), period))
    first = period.year - (says == "ends")
    shown = {
        "stated": f"năm học {years[0]}–{years[1]}",
        "stated_en": f"the school year {years[0]}–{years[1]}",
        "wanted": f"{period} (năm học {first}–{first + 1})",
        "wanted_en": f"{period.words('en')} (the school year {first}–{first + 1})",
    }
    return Remark(Level.FAULT, "wrong_period", shown)
