"""The values of one column: from what stands in its cells to what they mean, cell by cell, with what was wrong.

Most cells are what they should be; those pass in a tight loop, and only the others are looked at one by one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

import msgspec

from haidang.engine.contracts.sheets.book import Error, Mark, Value
from haidang.engine.contracts.sheets.communes import Communes
from haidang.engine.contracts.sheets.days import from_serial, read_day
from haidang.engine.contracts.sheets.definition import NUMERIC, Choice, Column, Item
from haidang.engine.contracts.sheets.figures import Figures
from haidang.engine.contracts.sheets.lettering import clean
from haidang.engine.contracts.sheets.numerals import (
    Numeral,
    counts_by_one,
    factor,
    is_drawn,
    is_known_unit,
    read_number,
    says_nothing,
    unit_of,
    vietnamese,
)
from haidang.engine.contracts.sheets.plain import KEPT, least_converted
from haidang.engine.contracts.sheets.stated import Stated
from haidang.engine.contracts.sheets.verdict import Level
from haidang.engine.contracts.sheets.wording import folded

Say = Callable[[int, Level, str, dict[str, Any]], None]
_MONEY = ["đồng", "nghìn đồng", "triệu đồng", "tỷ đồng", "nghìn tỷ đồng"]
_NO_DAY = {
    "",
    "-",
    "–",
    "…",
    "...",
    "x",
    "n/a",
    "khong",
    "chua co",
    "chua tra",
    "chua tra ket qua",
    "chua co ket qua",
}
# What stands behind a choice and says of its time only: “Đã trả kết quả (đúng hạn)”.
_AS_TO_TIME = re.compile(
    r"\s*[-–,(]?\s*(?:truoc|som|dung|con|trong|qua|tre|som va dung|truoc va dung|da qua) han\s*\)?$"
)
_GROWTH = re.compile(r"(?i)\s*(tăng|giảm)\s+(?=\d)")
# Signs that cannot be seen, which come along when text is copied from web pages.
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_PLAIN = Mark()
# How a text begins that is drawn and not written.
_DRAWN = frozenset("-–—―‒−_/\\.…")
# So many days must look turned before somebody is asked.
_SOME = 3
# From here on a cell holds no number for each whole number.
_EXACT = 2.0**53
# What sums of binary fractions are off by.
_NOISE = Decimal("1e-9")
# Shares up to which a fraction may be meant: 1,049 beside 105,6 is 104,9 %.
_SMALL = 2
# Texts of a column that are remembered as needing no second look.
_MOST_KEPT = 20_000


@dataclass(slots=True)
class Line:
    """What the other cells of a row say of its numbers."""

    item: Item | None = None
    item_name: str = ""
    unit: str = ""


@dataclass(slots=True)
class Reader:
    """Reads one column of a layout."""

    name: str
    column: Column
    index: int
    stated: Stated
    communes: Communes | None = None
    since_1904: bool = False
    words: dict[str, str] = field(default_factory=dict)
    pattern: re.Pattern[str] | None = None
    # Those of the last reading; they say what was done themselves.
    figures: Figures | None = None
    _exact: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, name: str, column: Column, index: int, **more: Any) -> Reader:
        reader = cls(name, column, index, **more)
        reader.words = _words(column.choices)
        reader.pattern = re.compile(column.pattern) if column.pattern else None
        reader._exact = _as_written(column.choices, reader.words)
        return reader

    def without_bounds(self) -> Reader:
        """For totals: larger than any line, and never asked for."""
        free = msgspec.structs.replace(self.column, min=None, max=None, required=False)
        return replace(self, column=free)

    def read(
        self, raws: Sequence[Value], marks: dict[int, Mark], lines: Sequence[Line] | None, say: Say
    ) -> list[Value]:
        """Values in the order of `raws`; `say` is told what is to be said of the cell at a position, but for what
        `figures` says when asked.
        """
        self.figures = None
        kind = self.column.type
        if kind == "order":
            return list(raws)
        if kind in NUMERIC:
            return self._numbers(raws, marks, lines, say)
        one = {"date": self._day, "choice": self._choice, "place": self._place}.get(kind, self._text)
        exact: dict[str, str] = {}
        if kind in {"text", "choice", "date", "place"} and not marks:
            values, exact = self._known(raws), self._exact
            rest = [place for place, value in enumerate(values) if value is None]
        else:
            values, rest = [None] * len(raws), list(range(len(raws)))
        for place in rest:
            raw = raws[place]
            if isinstance(raw, str) and (known := exact.get(raw)):
                values[place] = known
                continue
            mark = marks.get(place, _PLAIN)
            if raw is None:
                if self.column.required:
                    say(place, Level.FAULT, "missing_text", {"title": self.column.title.vi})
            elif isinstance(raw, Error):
                self._error(place, raw, mark, say)
            else:
                if mark.formula:
                    say(place, Level.GOOD, "computed", {"formula": mark.formula})
                if mark.struck:
                    say(place, Level.WARNING, "struck", {})
                values[place] = one(place, raw, mark, say)
        if kind == "date":
            _ask_turned(raws, values, say)
        return values

    # --- words --------------------------------------------------------------------------------------------
    def _known(self, raws: Sequence[Value]) -> list[Value]:
        """Values of cells that are plain and known already; None where a cell must be looked at."""
        if self.column.type == "place":
            if self.communes is None:
                return [None] * len(raws)
            cleared, clear = self.communes.cleared, self.communes.clear
            return [(cleared.get(raw) or clear(raw) or None) if type(raw) is str else None for raw in raws]
        if self.column.type == "choice":
            return [self._exact.get(raw) if type(raw) is str else None for raw in raws]
        if self.column.type == "date":
            return [raw if type(raw) is date else None for raw in raws]
        if self.pattern:  # a code, of which there are as many as lines
            whole = self.pattern.fullmatch
            return [raw if type(raw) is str and is_clean(raw) and whole(raw) else None for raw in raws]
        exact = self._exact
        values: list[Value] = [exact.get(raw) if type(raw) is str else None for raw in raws]
        for place, raw in enumerate(raws):
            if (
                values[place] is None
                and type(raw) is str
                and is_clean(raw)
                and not (raw[0] in _DRAWN and is_drawn(raw))
            ):
                values[place] = raw
                if len(exact) < _MOST_KEPT:
                    exact[raw] = raw
        return values

    def _string(self, place: int, raw: Value, mark: Mark, say: Say) -> str:
        if isinstance(raw, float):
            return str(int(raw)) if raw.is_integer() else vietnamese(raw)
        if isinstance(raw, datetime | date):
            return raw.strftime("%d/%m/%Y")
        text, form = clean(str(raw), mark.font)
        if form:
            say(place, Level.GOOD, "letters", {"form": form})
        return " ".join(text.translate(_UNSEEN).split())

    def _text(self, place: int, raw: Value, mark: Mark, say: Say) -> str | None:
        text = self._string(place, raw, mark, say)
        if self.column.type in {"note", "unit"}:
            return text
        if isinstance(raw, str) and (not text or (self.column.required and is_drawn(text))):
            if self.column.required:
                say(place, Level.FAULT, "missing_text", {"title": self.column.title.vi})
            return None
        if self.pattern and not self.pattern.fullmatch(text):
            shown = {
                "raw": raw if isinstance(raw, str) else text,
                "title": self.column.title.vi,
                "pattern": self.column.example or self.column.pattern,
            }
            say(place, Level.FAULT, "pattern" if isinstance(raw, str) else "number_as_text", shown)
            return None
        return text

    def _choice(self, place: int, raw: Value, mark: Mark, say: Say) -> str | None:
        text = self._string(place, raw, mark, say)
        found = self.words.get(folded(text))
        if found is None and (found := self.words.get(_AS_TO_TIME.sub("", folded(text)))):
            shown = {"raw": text, "name": self.column.choices[found].title.vi}
            say(place, Level.GOOD, "choice_read", {**shown, "name_en": self.column.choices[found].title.en})
            return found
        if found is None and says_nothing(text):
            if self.column.required:
                say(place, Level.FAULT, "missing_text", {"title": self.column.title.vi})
            elif text:
                say(place, Level.GOOD, "unknown", {"raw": text})
        elif found is None:
            known = [choice.title.vi for choice in self.column.choices.values()]
            near = get_close_matches(folded(text), self.words, 1)
            guess = self.column.choices[self.words[near[0]]].title if near else None
            say(place, Level.FAULT, "unknown_choice", {
                "raw": raw, "title": self.column.title.vi, "known": ", ".join(known[:12]),
                "near": f" (có phải “{guess.vi}”?)" if guess else "",
                "near_en": f" (is it “{guess.vi}”?)" if guess else "",
            })  # fmt: skip
        elif found and isinstance(raw, str) and not mark.font and raw == text:
            self._exact[raw] = found
        return found

    def _place(self, place: int, raw: Value, mark: Mark, say: Say) -> str | None:
        text = self._string(place, raw, mark, say)
        if says_nothing(text):
            if self.column.required:
                say(place, Level.FAULT, "missing_text", {"title": self.column.title.vi})
            return None
        if self.communes is None:
            return None
        known, found = self.communes, self.communes.find(text)
        if not found and (found := known.find_within(text)):
            say(
                place,
                Level.GOOD,
                "place_read",
                {"raw": text, "name": ", ".join(known.codes[c] for c in found)},
            )
        if len(found) == 1:
            if known.other_kind(text, found[0]):
                say(place, Level.WARNING, "place_kind", {"raw": text, "name": known.codes[found[0]]})
            return found[0]
        if found:
            codes = ", ".join(f"{code} {known.codes[code]}" for code in found[:6])
            say(place, Level.FAULT, "two_places", {"raw": raw, "codes": codes})
        else:
            say(place, Level.FAULT, *known.why_none(text))
        return None

    # --- days ---------------------------------------------------------------------------------------------
    def _day(self, place: int, raw: Value, mark: Mark, say: Say) -> date | None:
        if isinstance(raw, datetime):
            return raw.date()
        if isinstance(raw, date):
            return raw
        if isinstance(raw, float) and 18_000 <= raw <= 80_000:
            say(place, Level.GOOD, "from_serial", {"raw": vietnamese(raw)})
            found = from_serial(raw, since_1904=self.since_1904)
            return found.date() if isinstance(found, datetime) else found
        text = self._string(place, raw, mark, say)
        if folded(text) in _NO_DAY:
            if self.column.required:
                say(place, Level.FAULT, "missing_text", {"title": self.column.title.vi})
            elif text:
                say(place, Level.GOOD, "unknown", {"raw": text})
            return None
        day, fault = read_day(text)
        if fault:
            say(place, Level.FAULT, fault, {"raw": text})
        return day

    # --- numbers ------------------------------------------------------------------------------------------
    def _numbers(
        self, raws: Sequence[Value], marks: dict[int, Mark], lines: Sequence[Line] | None, say: Say
    ) -> list[Value]:
        self.figures = Figures.of(self.column, self.stated) if lines is None else None
        values: list[Value] = [None] * len(raws)
        if self.figures:
            values = self.figures.read(raws, marks)
        required = self.column.required
        for place, raw in enumerate(raws):
            if values[place] is None and (raw is not None or required):
                line = lines[place] if lines else None
                values[place] = self._number(place, raw, marks.get(place, _PLAIN), line, say)
        if self.column.type == "percent":
            self._suspect_shares(values, marks, say)
        return values

    def _number(self, place: int, raw: Value, mark: Mark, line: Line | None, say: Say) -> float | None:
        found = self._decimal(place, raw, mark, line, say)
        if found is None:
            return None
        value, own = found
        wanted = self.unit_for(line)
        written, times = self.stated.unit(own, wanted, line.unit if line else "")
        if times is None:
            if self.stated.over and not own and written == self.stated.written and self.stated.fits_nothing():
                say(place, Level.GOOD, "unit_refused", {"at": self.stated.over})
            elif not own and line and self.stated.contradicts(wanted, line.unit):
                say(place, Level.FAULT, "unit_of_line", {"unit": self.stated.written, "other": line.unit})
            else:
                say(place, Level.FAULT, "unit", {"unit": written, "wanted": wanted or "không đơn vị"})
            return None
        if times != 1:
            told = {"raw": vietnamese(value), "unit": written, "wanted": wanted}
            say(place, Level.GOOD, "converted", told)
            if self.stated.at and written == self.stated.written:
                say(place, Level.GOOD, "unit_at", {"at": self.stated.at})
        value *= times
        # A unit written beside the number itself was not forgotten.
        places = 0 if own else times.adjusted()
        most = self._most(line)
        if times != 1 and 0 < abs(value) < least_converted(self.column.decimals, places, most):
            say(place, Level.WARNING, "converted_small", {**told, "value": vietnamese(value)})
        if self.column.type == "whole" and value != value.to_integral_value():
            whole = self._but_for_noise(place, raw, value, say)
            if whole is None:
                return None
            value = whole
        elif line and counts_by_one(wanted) and value != value.to_integral_value():
            say(place, Level.WARNING, "parted", {"value": vietnamese(value), "unit": wanted})
        self._in_range(place, value, wanted, line, say)
        of_line = wanted == "%" and self.column.type != "percent" and 0 < value <= 1
        if of_line and not (mark.percent or own) and (line and line.item and line.item.max is not None):
            shown = {"value": vietnamese(value), "meant": vietnamese(value * 100)}
            say(place, Level.WARNING, "share_suspect", shown)
        return float(value)

    def _but_for_noise(self, place: int, raw: Value, value: Decimal, say: Say) -> Decimal | None:
        """The whole number a computed one is but for the rounding of the machine; None where it is none."""
        near = value.to_integral_value()
        if isinstance(raw, float) and abs(value - near) <= _NOISE * max(Decimal(1), abs(near)):
            say(place, Level.GOOD, "rounded", {"raw": vietnamese(raw), "value": vietnamese(near)})
            return near
        shown = raw.strip() if isinstance(raw, str) else vietnamese(value)
        say(place, Level.FAULT, "not_whole", {"raw": shown, "title": self.column.title.vi})
        return None

    def unit_for(self, line: Line | None) -> str:
        """The unit the contract wants: the column's, else the line's."""
        return self.column.unit or (line.item.unit if line and line.item else "")

    def _decimal(
        self, place: int, raw: Value, mark: Mark, line: Line | None, say: Say
    ) -> tuple[Decimal, str] | None:
        """The number of a cell and the unit written with it; None when there is none, with the reason said."""
        title = self.column.title.vi
        if mark.struck and raw is not None:
            say(place, Level.WARNING, "struck", {})
        if isinstance(raw, Error):
            self._error(place, raw, mark, say)
        elif raw is None or (isinstance(raw, str) and not raw.strip(" \u00a0\u200b")):
            if self.column.required:
                say(place, Level.FAULT, "missing", {"title": title})
        elif isinstance(raw, bool):
            say(place, Level.FAULT, "truth", {"raw": "TRUE" if raw else "FALSE", "title": title})
        elif isinstance(raw, date):
            say(place, Level.FAULT, "became_date", {"raw": raw.strftime("%d/%m/%Y")})
        elif isinstance(raw, float):
            return self._of_float(place, raw, mark, line, say)
        else:
            return self._of_text(place, str(raw), mark, line, say)
        return None

    def _of_float(
        self, place: int, raw: float, mark: Mark, line: Line | None, say: Say
    ) -> tuple[Decimal, str] | None:
        value, unit = Decimal(repr(raw)), self.unit_for(line)
        if abs(raw) >= _EXACT and len(value.normalize().as_tuple().digits) > KEPT:
            say(place, Level.FAULT, "too_many_digits", {"raw": vietnamese(raw), "most": KEPT})
            return None
        if mark.formula:
            say(place, Level.GOOD, "computed", {"formula": mark.formula})
        if mark.percent and (self.column.type == "percent" or unit == "%"):
            value *= 100
            say(place, Level.GOOD, "from_share", {"raw": vietnamese(raw), "value": vietnamese(value)})
        elif mark.percent:
            say(
                place,
                Level.WARNING,
                "shown_as_share",
                {"raw": vietnamese(raw), "value": vietnamese(value * 100), "unit": unit},
            )
        if mark.thousands:
            shown = {"digits": 3 * mark.thousands, "value": vietnamese(raw), "unit": self.column.unit}
            say(place, Level.WARNING, "thousands", shown)
        if not mark.unit:
            return value, ""
        written, times = self.stated.unit("", unit, line.unit if line else "")
        if not written or factor(mark.unit, unit, self.stated.spellings) == times:
            return value, mark.unit
        shown = {"raw": vietnamese(raw), "shown": mark.unit, "unit": written}
        say(place, Level.FAULT, "format_unit", shown)
        return None

    def _of_text(
        self, place: int, raw: str, mark: Mark, line: Line | None, say: Say
    ) -> tuple[Decimal, str] | None:
        text, _ = clean(raw, mark.font)
        if self.column.type == "percent" and (self.column.min or 0) < 0 and (way := _GROWTH.match(text)):
            text = ("-" if folded(way[1]) == "giam" else "") + text[way.end() :]  # “giảm 2,5%”
        found = read_number(text)
        written = line.unit if line else ""
        if found.fault == "two_readings" and self.stated.in_ones(found.unit, self.unit_for(line), written):
            found = read_number(text, whole=True)
        shown = {"raw": raw.strip(), "title": self.column.title.vi}
        if found.unit.startswith("(") and not is_known_unit(found.unit):
            found = Numeral(fault="not_a_number")  # “300 (ước)”: words, and no unit
        if found.fault == "two_readings" and found.value is not None and found.other is not None:
            sure = f"{found.other:.4f}".replace(".", ",")  # four decimals group nothing
            shown |= {"one": vietnamese(found.value), "other": vietnamese(found.other), "sure": sure}
        if found.fault:
            say(place, Level.FAULT, found.fault, shown)
        elif found.value is None:
            if found.unit == "unknown" and self.column.required:
                say(place, Level.FAULT, "missing", shown)
            else:
                say(place, Level.GOOD, found.unit or "nothing", shown)
        else:
            say(place, Level.GOOD, "from_text", shown)
            if Decimal(repr(float(found.value))) != found.value:
                return self._too_long(place, found.value, found.unit, say)
            unit = "" if found.unit == "%" and self.column.type == "percent" else found.unit
            return found.value, unit
        return None

    def _too_long(self, place: int, value: Decimal, unit: str, say: Say) -> tuple[Decimal, str] | None:
        """A number of more digits than a cell of Excel holds: a fraction is shortened, a whole one may not be."""
        if value == value.to_integral_value():
            say(place, Level.FAULT, "too_many_digits", {"raw": vietnamese(value), "most": KEPT})
            return None
        kept = Decimal(repr(float(value)))
        say(place, Level.GOOD, "shortened", {"raw": vietnamese(value), "value": vietnamese(kept)})
        return kept, "" if unit == "%" and self.column.type == "percent" else unit

    def _most(self, line: Line | None) -> float | None:
        """The most a number may be."""
        if line and line.item and not self.column.unit:
            return line.item.max * self.column.spans if line.item.max is not None else None
        return self.column.max

    def _in_range(self, place: int, value: Decimal, unit: str, line: Line | None, say: Say) -> None:
        own = bool(line and line.item and not self.column.unit)
        bounds: Column | Item = line.item if own and line and line.item else self.column
        low = bounds.min if bounds.min is not None else float("-inf")
        most = self._most(line)
        high = most if most is not None else float("inf")
        if low <= value <= high:
            return
        shown = {"value": vietnamese(value), "unit": unit, "low": _bound(low), "high": _bound(high)}
        for times, step in ((Decimal("0.001"), -1), (Decimal(1000), 1)):
            if value and low <= value * times <= high and (meant := near_unit(unit, step)):
                say(place, Level.FAULT, "range_unit", {**shown, "meant": meant})
                return
        if unit == "%" and value and low <= value * 100 <= high:
            say(place, Level.FAULT, "range_share", {**shown, "meant": vietnamese(value * 100)})
            return
        say(place, Level.FAULT, "out_of_range", shown)

    def _suspect_shares(self, values: list[Value], marks: dict[int, Mark], say: Say) -> None:
        """Shares of one at most may be fractions that lost their format."""
        if not [v for v in values if isinstance(v, float) and 0 < v <= _SMALL]:
            return
        found = [(place, v) for place, v in enumerate(values) if isinstance(v, float) and v]
        others = [v for _, v in found if not 0 < v <= 1]
        counts = self.column.min is not None and self.column.min >= 0  # no growth, which may be as small
        if counts and len(others) < len(found) and all(0 < v <= _SMALL for v in others):
            found = [(place, v) for place, v in found if v <= 1]
        elif others:
            # A share of one at most that fits its neighbours only a hundred times larger.
            others = [v for v in others if not 0 < v <= _SMALL] or others
            low, high = min(others), max(others)
            found = [
                (p, v)
                for p, v in found
                if 0 < v <= _SMALL and v < low / 10 and low / 3 <= 100 * v <= 3 * high
            ]
        elif len(found) < 3:
            return
        for place, value in found:
            if not marks.get(place, _PLAIN).percent:
                shown = {"value": vietnamese(value), "meant": vietnamese(Decimal(repr(value)) * 100)}
                say(place, Level.WARNING, "share_suspect", shown)

    def _error(self, place: int, raw: Error, mark: Mark, say: Say) -> None:
        if self.column.type == "note":  # it explains; no figure stands in it
            say(place, Level.GOOD, "note_uncomputed", {"shown": mark.formula or str(raw)})
            return
        code = "formula_empty" if not raw else "formula_error" if mark.formula else "error_value"
        say(place, Level.FAULT, code, {"raw": str(raw), "formula": mark.formula})


def is_clean(text: str) -> bool:
    """Words with single spaces between, in Unicode: what is kept of it is itself."""
    return (
        text != ""
        and text.isprintable()
        and "  " not in text
        and text[0] != " " != text[-1]
        and (text.isascii() or clean(text)[1] is None)
    )


def _as_written(choices: dict[str, Choice], words: dict[str, str]) -> dict[str, str]:
    """Choices as the contract spells them → code: most cells hold one of these."""
    spelled = [word for one in choices.values() for word in (one.title.vi, *one.aliases) if word]
    return {word: words[folded(word)] for word in spelled if is_clean(word)}


def _ask_turned(raws: Sequence[Value], values: list[Value], say: Say) -> None:
    """Where every day Excel took for one could be a month, and those it left as text could not, it read the month first."""
    if str not in set(map(type, raws)):
        return
    texts = [v for raw, v in zip(raws, values, strict=True) if isinstance(raw, str) and isinstance(v, date)]
    if len(texts) < _SOME or any(day.day <= 12 for day in texts):
        return
    taken = [(place, raw) for place, raw in enumerate(raws) if isinstance(raw, date)]
    if len(taken) < _SOME or any(day.day > 12 for _, day in taken) or all(d.day == d.month for _, d in taken):
        return
    for place, day in taken:
        if day.day != day.month:
            turned = {"value": f"{day:%d/%m/%Y}", "other": f"{day:%m/%d/%Y}"}
            say(place, Level.WARNING, "day_turned", turned)


def near_unit(unit: str, step: int) -> str:
    """The unit of money a thousand times smaller (−1) or larger (1); empty when there is none."""
    money = unit_of(unit)
    place = _MONEY.index(money[0]) + step if money else -1
    return _MONEY[place] if 0 <= place < len(_MONEY) else ""


def _bound(value: float) -> str:
    return vietnamese(value) if abs(value) != float("inf") else "…"


def _words(choices: dict[str, Choice]) -> dict[str, str]:
    """Every spelling of the choices, folded → code."""
    found: dict[str, str] = {}
    for code, choice in choices.items():
        for word in (code, choice.title.vi, choice.title.en, *choice.aliases):
            if word:
                found.setdefault(folded(word), code)
    return found
