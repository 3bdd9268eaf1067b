"""What a file says of other periods beside what is published of them: a difference is told at the cell, and stops nothing.

Compared are the columns an indicator names as measures (`MEASURES`), the one a contract calls `previous`, and those whose
heading says it where a line has one indicator only. What is not published is not compared.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import connection

from haidang.engine.contracts.sheets.block import Block
from haidang.engine.contracts.sheets.comparative import (
    Role,
    number_in,
    role_of,
    says_change,
    says_points,
    step_of,
)
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.definition import NUMERIC, Column, SheetContract
from haidang.engine.contracts.sheets.layout import Layout
from haidang.engine.contracts.sheets.numerals import factor, one_of, vietnamese
from haidang.engine.contracts.sheets.stated import Stated
from haidang.engine.contracts.sheets.unit_words import unit_in
from haidang.engine.contracts.sheets.verdict import Level, plain
from haidang.engine.indicators import periods
from haidang.engine.indicators.catalogue import Catalogue
from haidang.engine.submissions.models import Submission
from haidang.engine.submissions.placing import Places
from haidang.engine.submissions.record import (
    GROWTH,
    SUMS,
    Number,
    Record,
    Series,
    Where,
    fits,
    is_counted,
    is_share,
    line_name,
    named_roles,
    series_of,
)

# Digits behind the comma that a sum of floats may be trusted with.
MOST = 6


def beside(row: Submission, contract: SheetContract, catalogue: Catalogue) -> Published | None:
    """What compares the lines of this file; None where no indicator is taken from its contract, or its place is not known."""
    series = series_of(row.contract, catalogue)
    if row.when is None or not series:
        return None
    places = Places(row, contract)
    try:
        province = places.province
    except ValidationError:
        return None  # publishing says so, with the remedy
    record = Record.read(contract, row.when, series, catalogue, province, everywhere=bool(places.column))
    return Published(contract, row.when, places, series, record)


def last_epoch() -> int:
    """What is known now; whoever asks before reading has read at least that."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM store_epoch")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


class Asked(NamedTuple):
    """A cell of a line that can be compared, in the column `at`. `column` says how it is read; of a column that is none of
    the contract's, how the value is.
    """

    at: int
    series: Series
    role: Role
    title: str
    column: Column
    is_field: bool


class Told(NamedTuple):
    """What a cell should say by the record, in which words. `step`: what its last digit is worth; `slack`: what the
    rounding of all it is made of explains.
    """

    code: str
    expected: float
    step: float
    slack: float
    words: dict[str, Any]


@dataclass
class Published:
    """Of one file; called with each block of its lines. All of the record it needs is read when it is made: while a file is
    judged its cells are being written, and the database answers nothing else meanwhile.
    """

    contract: SheetContract
    period: Period
    places: Places
    series: Mapping[str, list[Series]]
    record: Record
    _asked: dict[str, list[Asked]] = field(default_factory=dict)
    _layout: Layout | None = None

    def __call__(self, block: Block) -> Collection[tuple[int, int]]:
        """Says what differs; answers the cells it spoke of."""
        told: set[tuple[int, int]] = set()
        for at, (number, _) in enumerate(block.rows):
            asked = self._asked_of(block, at)
            place = self._place(block, at) if asked else None
            if place is not None:
                where = Where(place, self._line(block, at))
                told.update((number, one.at) for one in asked if self._compare(block, at, one, where))
        return told

    # --- what can be compared -----------------------------------------------------------------------------
    def _asked_of(self, block: Block, at: int) -> list[Asked]:
        item = block.lines[at].item_name if block.lines and self.contract.items else ""
        if self.contract.items and not item:
            return []
        if block.layout is not self._layout:  # what is asked are columns of one layout
            self._layout, self._asked = block.layout, {}
        if item not in self._asked:
            self._asked[item] = list(self._of_line(self.series.get(item, []), block.layout))
        return self._asked[item]

    def _of_line(self, series: list[Series], layout: Layout) -> Iterable[Asked]:
        columns, by_name = self.contract.columns, {name: index for index, name in layout.columns.items()}
        taken: set[int] = set()
        for one in series:
            for name, role in named_roles(one, self.contract).items():
                if (index := by_name.get(name)) is not None and fits(one, role):
                    taken.add(index)
                    yield Asked(index, one, role, layout.titles[index][1], columns[name], True)
        if len(series) != 1:
            return  # whose last year it is cannot be told by the heading
        (one,) = series
        for index, (_, title) in layout.titles.items():
            own = columns.get(layout.columns.get(index, ""))
            if index in taken or layout.columns.get(index) == one.column or (own and own.type not in NUMERIC):
                continue
            found = role_of(own.title.vi if own else title, self.period)
            if found and fits(one, found):
                yield Asked(index, one, found, title, own or columns[one.column], own is not None)

    def _place(self, block: Block, at: int) -> int | None:
        if not self.places.column:
            return self.places.province
        found = block.values.get(self.places.column)
        return self.places.communes.get(str(found[at])) if found else None

    def _line(self, block: Block, at: int) -> str:
        """The facility or office of a line, as its figure keeps it."""
        if self.contract.items or self.places.column:
            return ""
        words = (block.values[key][at] for key in self.contract.key if key in block.values)
        return line_name(" · ".join(str(plain(word)) for word in words if word is not None))

    @property
    def _last_year(self) -> Period:
        return periods.year_before(self.period)

    # --- what a cell should say ---------------------------------------------------------------------------
    def _compare(self, block: Block, at: int, asked: Asked, where: Where) -> bool:
        number, cells = block.rows[at]
        raw = cells[asked.at] if asked.at < len(cells) else None
        stated = self._stated(block, at, asked)
        told = self._told(asked, where, self._value(block, at, asked.series)) if stated else None
        if stated is None or told is None:
            return stated is not None and self._say_why_not(block, number, asked, where)
        forms = [stated.value]
        if asked.role in GROWTH and told.code == "stated_growth_differs":
            forms = forms if says_change(asked.title) else [*forms, stated.value - 100]
            if not asked.is_field and isinstance(raw, float) and abs(raw) <= 5:
                forms += [100 * stated.value, 100 * stated.value - 100]
        slack = max(stated.step, told.step) / 2 + told.slack + 1e-9 * max(1.0, abs(told.expected))
        if any(abs(one - told.expected) <= slack for one in forms):
            block.say(
                number, asked.at, Level.GOOD, "stated_agrees", {k: told.words[k] for k in ("of", "of_en")}
            )
            return True
        # “104,9” is told beside “104,9”, “4,9” beside “4,9”.
        as_index = len(forms) > 1 and abs(forms[1] - told.expected) < abs(forms[0] - told.expected)
        expected = told.expected + 100 if as_index else told.expected
        shown = {
            "value": vietnamese(round(stated.value, MOST)),
            "unit": "" if asked.role in GROWTH else asked.series.statistic.unit,
            "published": vietnamese(round(expected, 2 if asked.role in GROWTH else MOST)),
            "gap": _signed(stated.value - expected, 2 if asked.role in GROWTH else MOST),
        }
        block.say(number, asked.at, Level.WARNING, told.code, _in_both({**told.words, **shown}))
        return True

    def _stated(self, block: Block, at: int, asked: Asked) -> Number | None:
        """What the file says, in the indicator's unit."""
        cells = block.rows[at][1]
        raw = cells[asked.at] if asked.at < len(cells) else None
        if asked.is_field:
            value = block.values[block.layout.columns[asked.at]][at]
        else:
            value = self._unread(block, at, asked, number_in(raw))
        if not isinstance(value, float):
            return None
        return Number(
            value, step_of(raw, value, 0 if asked.column.type == "whole" else asked.column.decimals)
        )

    def _unread(self, block: Block, at: int, asked: Asked, raw: float | None) -> float | None:
        """A number of a column that is none of the contract's, by the unit its heading, line or table says."""
        if raw is None or asked.role in GROWTH:
            return raw
        wanted, spellings = asked.series.statistic.unit, self.contract.units
        if own := unit_in(asked.title):
            times = factor(own, wanted, spellings)
        else:
            general = one_of(block.layout.unit, wanted, spellings)
            stated = Stated(asked.column, spellings, general, True, self.contract.number_units)
            _, times = stated.unit("", wanted, block.lines[at].unit if block.lines else "")
        return None if times is None else raw * float(times)

    def _value(self, block: Block, at: int, one: Series) -> Number | None:
        """This period's own value in the line."""
        value = block.values[one.column][at] if one.column in block.values else None
        if not isinstance(value, float):
            return None
        index = next((index for index, name in block.layout.columns.items() if name == one.column), None)
        if index is None:
            return None
        return Number(value, step_of(block.rows[at][1][index], value, one.statistic.decimals))

    def _against(self, role: Role) -> Period:
        """The one period that a column repeats, or is set against."""
        is_last = role in {"previous", "previous_percent"}
        return periods.back(self.period, 1) if is_last else self._last_year

    def _say_why_not(self, block: Block, number: int, asked: Asked, where: Where) -> bool:
        """Of a number that stands beside something published and cannot be compared with it exactly."""
        if asked.role in SUMS or not asked.is_field:
            return False
        period = self._against(asked.role)
        words = {"of": str(period), "of_en": period.words("en")}
        if not self.record.keeps_lines(asked.series, period):
            block.say(number, asked.at, Level.GOOD, "line_not_kept", words)
            return True
        is_growth = asked.role in GROWTH and is_share(asked.series)
        if is_growth and self.record.at(asked.series, where, period) is not None:
            block.say(number, asked.at, Level.GOOD, "not_compared", words)
            return True
        return False

    def _told(self, asked: Asked, place: Where, value: Number | None) -> Told | None:
        one, role = asked.series, asked.role
        if role in {"previous", "year_before"}:
            period = self._against(role)
            return _repeated(self.record.at(one, place, period), one, str(period), period.words("en"))
        if role in {"previous_percent", "year_percent"}:
            period = self._against(role)
            before, words = self.record.at(one, place, period), (str(period), period.words("en"))
            if is_share(one):
                return _points(value, before, *words) if says_points(asked.title) else None
            return _growth(value, before, one, *words)
        before = self._since_last_year(one, place)
        of, of_en = f"lũy kế đến {self._last_year}", f"January to {self._last_year.words('en')}"  # i18n: data
        if role == "cumulative_before":
            return _repeated(before, one, of, of_en)
        since = self._since(one, place, value)
        if role == "cumulative_percent":
            return _growth(since.number, before, one, of, of_en) if since else None
        return since.told if since else None

    def _since(self, one: Series, place: Where, value: Number | None) -> Since | None:
        """The sum since January: of what is published and this file's own value."""
        if value is None:
            return None
        months = periods.since_january(self.period)[:-1]
        parts = [self.record.at(one, place, month) for month in months]
        there = [part for part in parts if part is not None]
        # i18n: data – a sentence of both languages is made of it
        if len(there) == len(months):
            how, how_en = "kỳ này là kỳ đầu năm", "this being the first period of the year"
            if months:
                how = f"cộng số đã công bố từ {months[0]} đến {months[-1]} với kỳ này"
                how_en = f"what is published from {months[0].words('en')} to {months[-1].words('en')} and this period"
        elif months and (
            last := self.record.at(one, place, months[-1], "cumulative")
            if "cumulative" in one.statistic.measures
            else None
        ):
            there = [last]
            how = f"lũy kế đã công bố đến {months[-1]} cộng kỳ này"
            how_en = f"the published sum to {months[-1].words('en')} and this period"
        else:
            return None
        total = _sum([*there, value], one)
        words = {"how": how, "how_en": how_en, "of": how, "of_en": how_en}
        return Since(total, Told("stated_sum_differs", total.value, 0.0, total.step / 2, words))

    def _since_last_year(self, one: Series, place: Where) -> Number | None:
        months = periods.since_january(self._last_year)
        parts = [self.record.at(one, place, month) for month in months]
        there = [part for part in parts if part is not None]
        if len(there) == len(months):
            return _sum(there, one)
        return (
            self.record.at(one, place, self._last_year, "cumulative")
            if "cumulative" in one.statistic.measures
            else None
        )


class Since(NamedTuple):
    """A sum since January, and what is said where a file says another."""

    number: Number
    told: Told


def _sum(parts: list[Number], one: Series) -> Number:
    """With what the rounding of its parts usually comes to; an office tells all of them with as many digits."""
    step = 0.0 if is_counted(one) else min(part.step for part in parts) * math.sqrt(len(parts))
    return Number(math.fsum(part.value for part in parts), step)


def _repeated(published: Number | None, one: Series, of: str, of_en: str) -> Told | None:
    if published is None:
        return None
    # “3.150” of a record that keeps tenths is 3.150,0.
    step = min(published.step, 10.0**-one.statistic.decimals)
    return Told("stated_differs", published.value, step, 0.0, {"of": of, "of_en": of_en})


def _points(now: Number | None, before: Number | None, of: str, of_en: str) -> Told | None:
    """The difference of two shares, with what the rounding of both makes of it."""
    if now is None or before is None:
        return None
    words = {"of": of, "of_en": of_en, "base": vietnamese(round(before.value, MOST))}
    slack = (now.step + before.step) / 2
    return Told("stated_points_differ", now.value - before.value, 0.0, slack, words)


def _growth(now: Number | None, before: Number | None, one: Series, of: str, of_en: str) -> Told | None:
    """In percent, with what the rounding of both values makes of it."""
    if now is None or before is None or before.value <= 0:
        return None
    share = now.value / before.value
    slack = 0.0 if is_counted(one) else 50 * (now.step + abs(share) * before.step) / before.value
    words = {
        "of": of,
        "of_en": of_en,
        "base": vietnamese(round(before.value, MOST)),
        "base_unit": one.statistic.unit,
    }
    return Told("stated_growth_differs", 100 * share - 100, 0.0, slack, words)


def _in_both(words: dict[str, Any]) -> dict[str, Any]:
    """With its numbers as English writes them beside those of the sentence in Vietnamese."""
    turned = str.maketrans(".,", ",.")
    numbers = ("value", "published", "gap", "base")
    return words | {f"{name}_en": words[name].translate(turned) for name in numbers if name in words}


def _signed(gap: float, decimals: int) -> str:
    text = vietnamese(round(gap, decimals))
    return text if text.startswith("-") else f"+{text}"
