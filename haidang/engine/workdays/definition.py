"""Calendars as content (`calendars/*.yml`): what was decided for a year, and the hours an office keeps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time
from typing import Annotated, Any

import msgspec

from haidang.engine.both import both
from haidang.engine.contracts.reading import Text

Keys = tuple[str | int, ...]
# From when to when an office works, on one day: `07:30-11:30`.
Session = tuple[time, time]
_SESSION = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]\d|2[0-3]):([0-5]\d)")
FIRST_YEAR, LAST_YEAR = 2000, 2099
_COUNTS = (0, 0.5, 1)


class DecidedDay(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One day that a decision makes free, or worked."""

    day: date
    title: Text
    # Where it does not stand in the decision the file is about.
    basis: str = ""


class YearDecision(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="year"
):
    """A decision about the days of a year: the yearly one on holidays, or one that changes single days.

    Of two decisions about one day the later holds.
    """

    title: Text
    year: int
    basis: str
    decided_on: date
    # Whether somebody has read these days in the decision itself.
    verified: bool
    # Whether it settles the year; one that only changes single days does not.
    settles_year: bool = True
    off: list[DecidedDay] = []
    worked: list[DecidedDay] = []
    note: Text | None = None

    def faults(self) -> Iterator[tuple[Keys, str]]:
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            yield (
                ("year",),
                both(
                    f"year {self.year} is not between {FIRST_YEAR} and {LAST_YEAR}",
                    f"năm {self.year} không trong khoảng {FIRST_YEAR}–{LAST_YEAR}",
                ),
            )
        if not self.basis.strip():
            yield (
                ("basis",),
                both(
                    "basis is empty: write number and date of the decision",
                    "basis trống: ghi số và ngày quyết định",
                ),
            )
        seen: set[date] = set()
        for name in ("off", "worked"):
            for number, one in enumerate(getattr(self, name)):
                if one.day in seen:
                    yield (
                        (name, number, "day"),
                        both(
                            f"{one.day:%d/%m/%Y} stands twice in this decision",
                            f"{one.day:%d/%m/%Y} ghi hai lần trong quyết định này",
                        ),
                    )
                seen.add(one.day)
                # Tết and the days worked for it may lie at the edge of the year.
                if abs(one.day.year - self.year) > 1:
                    yield (
                        (name, number, "day"),
                        both(
                            f"{one.day:%d/%m/%Y} is no day about the year {self.year}",
                            f"{one.day:%d/%m/%Y} không phải ngày quanh năm {self.year}",
                        ),
                    )


class OfficeHours(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="hours"
):
    """When an office works. Saturdays are free unless `saturday` says otherwise."""

    title: Text
    basis: str
    verified: bool
    # Sessions of Monday to Friday, and of a Saturday that a decision makes a working day.
    weekday: Annotated[list[str], msgspec.Meta(min_length=1)]
    saturday: list[str] = []
    # What an ordinary Saturday counts in a term of working days: 0, 0.5 or 1.
    saturday_counts: float = 0
    # Codes of the offices that keep these hours; those named nowhere keep the hours of `is_default`.
    offices: list[str] = []
    is_default: bool = False
    note: Text | None = None

    @property
    def weekday_sessions(self) -> list[Session]:
        return [_session(words) for words in self.weekday]

    @property
    def saturday_sessions(self) -> list[Session]:
        return [_session(words) for words in self.saturday]

    def faults(self) -> Iterator[tuple[Keys, str]]:
        for name in ("weekday", "saturday"):
            before = time.min
            for number, words in enumerate(getattr(self, name)):
                try:
                    opens, closes = _session(words)
                except ValueError as error:
                    yield (name, number), error.args[0]
                    continue
                if closes <= opens or opens < before:
                    yield (
                        (name, number),
                        both(
                            f"{words!r} does not lie after what stands before it",
                            f"{words!r} không nằm sau buổi ghi trước nó",
                        ),
                    )
                before = closes
        if self.saturday_counts not in _COUNTS:
            yield (
                ("saturday_counts",),
                both(
                    f"a Saturday counts 0, 0.5 or 1 working day, not {self.saturday_counts:g}",
                    f"thứ Bảy tính 0, 0.5 hoặc 1 ngày làm việc, không phải {self.saturday_counts:g}",
                ),
            )
        if self.saturday_counts and not self.saturday:
            yield (
                ("saturday_counts",),
                both(
                    "a Saturday without hours counts nothing: write `saturday`",
                    "thứ Bảy không có giờ làm thì không tính: ghi `saturday`",
                ),
            )


def _session(words: str) -> Session:
    found = _SESSION.fullmatch(words.strip())
    if found is None:
        raise ValueError(
            both(
                f"{words!r} is no session: write for example 07:30-11:30",
                f"{words!r} không phải một buổi: viết ví dụ 07:30-11:30",
            )
        )
    one, two, three, four = (int(part) for part in found.groups())
    return time(one, two), time(three, four)


# A file of `calendars/` is one or the other; `kind` in it says which.
CALENDARS: Any = YearDecision | OfficeHours
