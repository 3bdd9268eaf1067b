"""What a file states of other periods, as one side of a pair: of which periods the other side is made.

`previous` and `year_before` are one period; the two sums begin in January and hold every period since.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Literal, NamedTuple

from haidang.engine.contracts.reading import Text
from haidang.engine.contracts.sheets.comparative import step_of
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.indicators import periods
from haidang.engine.reconciliation.findings import Version

# As the roles of a sheet's columns are called (`contracts.sheets.comparative.Role`).
Over = Literal["previous", "year_before", "cumulative", "cumulative_before"]
SUMS = frozenset({"cumulative", "cumulative_before"})

# i18n: data – behind the name of an indicator, in both languages
TITLES: dict[str, Text] = {
    "previous": Text(vi="kỳ trước", en="last period"),
    "year_before": Text(vi="cùng kỳ năm trước", en="the same period last year"),
    "cumulative": Text(vi="lũy kế từ đầu năm", en="since January"),
    "cumulative_before": Text(vi="lũy kế cùng kỳ năm trước", en="since January of last year"),
}


def looked_at(over: str, period: Period) -> list[Period]:
    """The periods a statement of `period` is about, the first first."""
    if over == "previous":
        return [periods.back(period, 1)]
    if over == "year_before":
        return [periods.year_before(period)]
    return periods.since_january(period if over == "cumulative" else periods.year_before(period))


def stating(over: str, period: Period) -> list[Period]:
    """The periods whose statements look at this one: `looked_at` the other way round."""
    if over == "previous":
        return [periods.back(period, -1)]
    year = Period("year", period.year + (over != "cumulative"))
    return [one for one in periods.within(year, period.kind) if _reaches(over, one, period)]


def _reaches(over: str, one: Period, period: Period) -> bool:
    if over == "year_before":
        return periods.year_before(one) == period
    return one.number >= period.number


def span_words(over: str, period: Period, language: str | None) -> str:
    """`tháng 9/2026`, of a sum `cộng tháng 1/2026 đến tháng 10/2026`."""
    those = looked_at(over, period)
    first, last = those[0].words(language), those[-1].words(language)
    if over not in SUMS or len(those) == 1:
        return last
    # i18n: data – a sentence of both languages is made of it
    return f"{first} to {last} added up" if language == "en" else f"cộng {first} đến {last}"


class Recorded(NamedTuple):
    """One version of a figure; its value is None where it was withdrawn."""

    at: datetime
    value: Decimal | None
    id: int
    # As it stands in the file: a number, or words of one.
    raw: float | str | None = None


class Told(NamedTuple):
    """One figure with all its versions, the current one first."""

    versions: tuple[Recorded, ...] = ()

    @property
    def value(self) -> Decimal | None:
        return self.versions[0].value if self.versions else None

    @property
    def id(self) -> int:
        return self.versions[0].id if self.versions else 0

    @property
    def earlier(self) -> tuple[Version, ...]:
        return tuple(Version(one.value, one.at) for one in self.versions[1:] if one.value is not None)

    def coarse(self, decimals: int) -> Decimal:
        """Half of what its last written digit is worth beyond `decimals`: “3.150” of a column of tenths may be 3.150,4."""
        if self.value is None or self.versions[0].raw is None:
            return Decimal(0)
        step = Decimal(repr(step_of(self.versions[0].raw, float(self.value), decimals)))
        return max(Decimal(0), step - Decimal(1).scaleb(-decimals)) / 2

    def known_at(self, moment: datetime) -> Decimal | None:
        return next((one.value for one in self.versions if one.at <= moment), None)


def added(parts: Sequence[Told]) -> Decimal | None:
    """Their sum; None while one has no value."""
    values = [part.value for part in parts]
    there = [value for value in values if value is not None]
    return sum(there, Decimal(0)) if there and len(there) == len(values) else None


def added_before(parts: Sequence[Told]) -> tuple[Version, ...]:
    """What their sum was before one of them was revised, the newest first; a single one's are its own. Also what it would
    be with one of them as it was: an office may have added up before another month was published.
    """
    if len(parts) == 1:
        return parts[0].earlier
    moments = sorted({one.at for part in parts for one in part.versions}, reverse=True)
    found = []
    for moment in moments[1:]:
        values = [part.known_at(moment) for part in parts]
        there = [value for value in values if value is not None]
        if len(there) < len(values):
            break  # before this one of them was not told yet
        found.append(Version(sum(there, Decimal(0)), moment))
    total = added(parts)
    if total is not None:
        found += [
            Version(total - (part.value or 0) + one.value, one.recorded_at)
            for part in parts
            for one in part.earlier
        ]
    return tuple(found)
