"""Days and periods as offices write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from haidang.engine.places.names import fold

_DAY = re.compile(r"(?:ngay )?(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:t\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?)?")
# As systems write them: 20261021, 20261021083000.
_COMPACT = re.compile(r"(20\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?:\d{4}|\d{6})?")
_WORDS = re.compile(r"(?:thu \w+, )?(?:ngay )?(\d{1,2}) thang (\d{1,2}),? nam (\d{4})")
# As an Excel set to English shows a day: “21-Oct-26”, “21 October 2026”.
_ENGLISH = re.compile(
    r"(\d{1,2})[-/. ](jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}[-/., ]+(\d{4}|\d{2})"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# The hour before or behind a day, which says nothing of it: “8h30 21/10/2026”, “21/10/2026 08:30:00 SA”, “21/10/2026 lúc 8 giờ”.
_CLOCK = (
    r"\d{1,2}(?:\s*(?:h|g|:|gio\s)\d{2}(?:\s*phut|p|:\d{2}(?:\.\d+)?)?|\s*(?:h|gio))(?:\s*(?:sa|ch|am|pm))?"
)
_HOUR = re.compile(rf"^(?:luc )?{_CLOCK}[\s,-]+(?:ngay )?(?=\d)|[\s,]+(?:luc )?{_CLOCK}$")
_FIRST, _LAST = date(1950, 1, 1), date(2100, 1, 1)


def read_day(text: str) -> tuple[date | None, str]:
    """The day of a text, day before month; or the code of what is wrong with it."""
    folded = _HOUR.sub("", fold(text), count=1)
    if found := _COMPACT.fullmatch(folded):
        folded = "-".join(found.groups())
    if found := _ISO.fullmatch(folded):
        year, month, day = (int(part) for part in found.groups()[:3])
    elif found := _ENGLISH.fullmatch(folded):
        day, month, year = int(found[1]), _MONTHS.index(found[2]) + 1, int(found[3])
        year += 2000 if year < 100 else 0
    elif found := (_DAY.fullmatch(folded) or _WORDS.fullmatch(folded)):
        day, month, year = (int(part) for part in found.groups()[:3])
        year += 2000 if year < 100 else 0
    else:
        return None, "not_a_day"
    try:
        value = date(year, month, day)
    except ValueError:
        return None, "month_first" if month > 12 >= day else "not_a_day"
    return (value, "") if _FIRST <= value <= _LAST else (None, "day_out_of_range")


@lru_cache(65536)
def from_serial(serial: float, *, since_1904: bool = False) -> date | datetime | None:
    """The moment behind Excel's number of days; None where it has none."""
    try:
        moment = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 - wall clock
        moment += timedelta(days=round(serial * 86400) / 86400)
    except OverflowError:
        return None
    moment = (moment + timedelta(microseconds=500_000)).replace(microsecond=0)
    return moment.date() if serial == int(serial) else moment


PeriodName = Literal["week", "month", "quarter", "year"]
_ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_QUARTERS = ("I", "II", "III", "IV")


@dataclass(frozen=True, slots=True)
class Period:
    """A month, quarter, year or ISO week (Monday to Sunday; its year is that of its Thursday). `number` is 0 for a year."""

    kind: PeriodName
    year: int
    number: int = 0

    @classmethod
    def parse(cls, text: str) -> Period:
        """`2026-10`, `2026-Q4`, `2026-W47` or `2026`; raises ValueError."""
        if found := re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text):
            return cls("month", int(found[1]), int(found[2]))
        if found := re.fullmatch(r"(\d{4})-?[Qq]([1-4])", text):
            return cls("quarter", int(found[1]), int(found[2]))
        if found := re.fullmatch(r"(\d{4})-?[Ww](0[1-9]|[1-4]\d|5[0-3])", text):
            date.fromisocalendar(int(found[1]), int(found[2]), 1)  # not every year has a week 53
            return cls("week", int(found[1]), int(found[2]))
        if re.fullmatch(r"\d{4}", text):
            return cls("year", int(text))
        raise ValueError(text)

    @property
    def before(self) -> Period:
        if self.number == 0:
            return Period(self.kind, self.year - 1)
        if self.kind == "week":
            return Period.holding_week(self.last_day - timedelta(days=7))
        last = 12 if self.kind == "month" else 4
        return Period(self.kind, self.year - (self.number == 1), self.number - 1 or last)

    @property
    def code(self) -> str:
        """As it is parsed: `2026-10`, `2026-Q4`, `2026-W47`, `2026`."""
        if self.kind == "year":
            return str(self.year)
        if self.kind == "week":
            return f"{self.year}-W{self.number:02}"
        return f"{self.year}-{self.number:02}" if self.kind == "month" else f"{self.year}-Q{self.number}"

    @classmethod
    def holding_week(cls, day: date) -> Period:
        """The week this day lies in."""
        year, number, _ = day.isocalendar()
        return cls("week", year, number)

    @property
    def last_day(self) -> date:
        if self.kind == "week":
            return date.fromisocalendar(self.year, self.number, 7)
        months = {"month": self.number, "quarter": self.number * 3, "year": 12}[self.kind]
        first_after = date(self.year + months // 12, months % 12 + 1, 1)
        return first_after - timedelta(days=1)

    def __str__(self) -> str:
        if self.kind == "year":
            return f"năm {self.year}"
        if self.kind in {"month", "week"}:
            return f"{'tháng' if self.kind == 'month' else 'tuần'} {self.number}/{self.year}"
        return f"quý {_QUARTERS[self.number - 1]}/{self.year}"

    def words(self, language: str | None = "vi") -> str:
        """Its name within a sentence: `tháng 10/2026`, in English `October 2026`."""
        if language != "en":
            return str(self)
        if self.kind == "month":
            return f"{_ENGLISH_MONTHS[self.number - 1]} {self.year}"
        if self.kind == "week":
            return f"week {self.number} of {self.year}"
        return f"Q{self.number} {self.year}" if self.kind == "quarter" else str(self.year)

    def short(self, language: str | None = "vi") -> str:
        """In a narrow column or on an axis: `10/26`, `Q4/26`, `2026`; a week `t47/26`, in English `w47/26`."""
        if self.kind == "year":
            return str(self.year)
        letter = {"quarter": "Q", "week": "w" if language == "en" else "t"}.get(self.kind, "")
        return f"{letter}{self.number}/{self.year % 100:02}"


_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_MONTH = re.compile(r"\bthang (\d{1,2})(?:(?: ?[/-] ?|\.| nam | )(\d{4}))?\b")
_QUARTER = re.compile(r"\bquy (iv|i{1,3}|[1-4])(?:(?: ?[/-] ?| nam | )(\d{4}))?\b")
_WEEK = re.compile(r"\btuan(?: thu)? (\d{1,2})(?:(?: ?[/-] ?| nam | )(\d{4}))?\b")
_OF_KIND = {"month": _MONTH, "quarter": _QUARTER, "week": _WEEK}
_SPAN = re.compile(r"\b(\d{1,2}) thang(?: dau)?(?: nam)?(?: ?/? ?(\d{4}))?\b")
_YEAR = re.compile(r"\bnam (\d{4})\b")


_JOINED = re.compile(r"\b(thang|quy|tuan)(?=\d)")
# A year of two digits: “10/26”; “9/10” may be two months.
_SHORT_YEAR = re.compile(r"\b((?:thang|quy|tuan) \w{1,3} ?/ ?)([23]\d)(?![\d/])")


def apart(folded: str) -> str:
    """Folded words with the number of a period set off and its year in full: “thang10/26” → “thang 10/2026”."""
    return _SHORT_YEAR.sub(r"\g<1>20\2", _JOINED.sub(r"\1 ", folded))


# Words of a report; a rate, a medicine or a resolution has months and numbers of its own.
_TOLD = r"\b(?:bao cao|ket qua|so lieu|thuc hien|tinh hinh|tong hop|luy ke|uoc)\b"
# “Kỳ báo cáo: 09/2026”, “Kỳ 09/2026”, “Báo cáo thu kỳ 09/2026”; a resolution or a meeting is no report.
_OF_REPORT = re.compile(
    rf"(?:\b(?:ky|thang) (?:bao cao|so lieu)\s*[:.]?|\b(?:thang|ky)\s*[:.]|\bthang|^\W*ky|{_TOLD}.*(?<!nghi quyet) ky)"
    r"\s*(0?[1-9]|1[0-2]) ?[/-] ?(20\d\d)\b"
)
_NUMBERS = {
    "mot": 1, "gieng": 1, "hai": 2, "ba": 3, "tu": 4, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
    "muoi": 10, "muoi mot": 11, "muoi hai": 12, "chap": 12,
}  # fmt: skip
_MONTH_IN_WORDS = re.compile(
    rf"\bthang ({'|'.join(sorted(_NUMBERS, key=len, reverse=True))})(?= nam 20\d\d\b| ?/ ?20\d\d\b)"
)


def _spelled_months(folded: str) -> str:
    """“Tháng Chín năm 2026” with its number."""
    return _MONTH_IN_WORDS.sub(lambda found: f"thang {_NUMBERS[found[1]]}", folded)


def summed(text: str) -> int:
    """Of how many months since January a title speaks (“9 tháng năm 2026”, “Kết quả thu 9 tháng”); 0 where it speaks of none,
    or of a month too.
    """
    folded = apart(fold(text)).strip()
    found = _SINCE_JANUARY.search(folded)
    return int(found[1] or found[2]) if found and not _OF_OTHER_MONTHS.search(folded) else 0


_OF_OTHER_MONTHS = re.compile(r"\bthang \d|\bquy\b|\bso voi\b|\bke hoach\b|\b(?:ky han|lai suat)\b|\bcap \d")
_SINCE_JANUARY = re.compile(
    rf"(?:^|{_TOLD}.*)(?<![\d/.-])(1[0-2]|[2-9]) thang$|(?<![\d/.-])(1[0-2]|[2-9]) thang(?: dau)? nam\b"
)


def stated(text: str, kind: str) -> Period | None:
    """The period a title names (“Báo cáo tháng 10 năm 2026”); None when it names none of this kind, or a whole day."""
    folded = _spelled_months(apart(fold(text)))
    if kind == "week" and (found := _WEEK.search(folded)) and found[2] and 1 <= int(found[1]) <= 53:
        return Period("week", int(found[2]), int(found[1]))  # its days may stand beside it
    if re.search(r"\bngay\b", folded):
        return None  # the day of signing
    if kind == "month":
        found = _MONTH.search(folded)
        found = found if found and found[2] else _OF_REPORT.search(folded)
        if found and 1 <= int(found[1]) <= 12:
            return Period("month", int(found[2]), int(found[1]))
    if kind == "quarter" and (found := _QUARTER.search(folded)) and found[2]:
        return Period("quarter", int(found[2]), _ROMAN[found[1]])
    if kind == "year" and (found := _YEAR.search(folded)):
        return Period("year", int(found[1]))
    return None


_SCHOOL_YEAR = re.compile(r"\bnam hoc\W{0,3}(20\d\d) ?[-–—/] ?(20\d\d)\b")


def school_year(text: str) -> tuple[int, int] | None:
    """The two years of “Năm học 2025 – 2026”; a report names one of them."""
    found = _SCHOOL_YEAR.search(fold(text))
    return (int(found[1]), int(found[2])) if found else None


_UNTIL = re.compile(r"\b(?:den|-|–)(?: het)?(?: ngay)? ?(\d{1,2})\s*[/.]\s*(\d{1,2})\s*[/.]\s*(\d{4})\b")


def spanned(text: str, kind: str) -> Period | None:
    """The week or month in which the days end that a title names (“từ ngày 19/10 đến ngày 25/10/2026”); None without them."""
    found = _UNTIL.search(fold(text))
    if found is None or kind not in {"week", "month"}:
        return None
    day, month, year = (int(part) for part in found.groups())
    try:
        until = date(year, month, day)
    except ValueError:
        return None
    return Period.holding_week(until) if kind == "week" else Period("month", year, month)


_NUMBER_ALONE = {
    "month": re.compile(r"\b(?:thang (?:bao cao:? )?|t)(\d{1,2})$"),
    "quarter": re.compile(r"\bquy (iv|i{1,3}|[1-4])$"),
    "week": re.compile(r"\btuan(?: thu)? (\d{1,2})$"),
}


def numbered(text: str, kind: str) -> int:
    """The number a title ends in without its year (“Báo cáo thu tháng 9”, “T9” of a sheet); 0 for none."""
    words = " ".join(re.sub(r"[._()\-]+", " ", re.sub(r"(?<=\S)\s*\([^()]*\)", " ", fold(text))).split())
    found = _NUMBER_ALONE[kind].search(words) if kind in _NUMBER_ALONE and "so voi" not in words else None
    number = (_ROMAN.get(found[1]) or int(found[1])) if found else 0
    return number if number <= {"month": 12, "quarter": 4}.get(kind, 53) else 0


def relative(folded: str, period: Period | None) -> str:
    """A folded heading with its months and years said from the period: “uoc thang 10/2026” → “uoc ky nay”."""
    if period is None:
        return folded

    def numbered(found: re.Match[str]) -> str:
        number, year = _ROMAN.get(found[1]) or int(found[1]), int(found[2] or 0)
        if (number, year or period.year) == (period.number, period.year):
            return "ky nay"
        if number == period.before.number and year in {0, period.before.year}:
            return "ky truoc"
        return "cung ky" if (number, year) == (period.number, period.year - 1) else found[0]

    def span(found: re.Match[str]) -> str:
        months = {"month": period.number, "quarter": period.number * 3}.get(period.kind, 12)
        if int(found[1]) != months:
            return found[0]
        return "luy ke cung ky" if found[2] and int(found[2]) == period.year - 1 else "luy ke"

    def year(found: re.Match[str]) -> str:
        return {period.year: "nam nay", period.year - 1: "nam truoc"}.get(int(found[1]), found[0])

    folded = re.sub(r"^(\d{1,2} ?/ ?\d{4})$", r"thang \1", folded) if period.kind == "month" else folded
    folded = re.sub(r"\btu dau nam(?: den nay)?\b", "luy ke", folded)
    last = period.last_day
    until = rf"\bluy ke(?: luy ke)? den (?:het )?(?:ngay )?0?{last.day}/0?{last.month}(?:/{last.year})?(?!\d)"
    if period.kind == "year":  # “Dân số đến 31/12/2026” is that of the year
        folded = re.sub(
            rf"\b(?:co |tinh )?(?:den (?:het )?(?:ngay )?31/12(?:/{period.year})?|(?:ngay )?31/12/{period.year})(?!\d)",
            "",
            folded,
        ).strip()
    folded = _SPAN.sub(span, re.sub(until, "luy ke", folded.replace("cong don", "luy ke")))
    folded = re.sub(r"\bluy ke( den)? luy ke\b", "luy ke", folded)
    folded = re.sub(rf"\bluy ke (?:nam )?{period.year}\b", "luy ke", folded)
    folded = re.sub(rf"\bluy ke (?:nam )?{period.year - 1}\b", "luy ke cung ky", folded)
    if period.kind in {"month", "week"}:  # “Quý IV/2026” over its months says what “Quý IV” does
        folded = re.sub(rf"\b(quy (?:iv|i{{1,3}}|[1-4]))(?: ?[/-] ?| nam ){period.year}\b", r"\1", folded)
    if period.kind in _OF_KIND:
        folded = _OF_KIND[period.kind].sub(numbered, folded)
    this = {"month": "thang", "week": "tuan", "quarter": "quy"}.get(period.kind, "")
    folded = re.sub(rf"\b(?:ky|{this or 'nam'}) bao cao\b", "ky nay", folded)
    if this:
        folded = re.sub(rf"\b{this} nay\b", "ky nay", folded)
    folded = re.sub(r"\btrong (?=ky (?:nay|truoc)\b)", "", folded)
    folded = re.sub(rf"\bcung ky {period.year - 1}\b", "cung ky nam truoc", folded)
    return _YEAR.sub(year, folded)
