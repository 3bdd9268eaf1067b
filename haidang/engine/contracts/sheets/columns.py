"""The values of one column: from what stands in its cells to what they mean, cell by cell, with what was wrong.

Most cells are what they should be; those pass in a tight loop, and only the others are looked at one by one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

import msgspec

from haidang.engine.contracts.sheets.amounts import PLAIN, Amounts, Line, say_error
from haidang.engine.contracts.sheets.book import Error, Mark, Value
from haidang.engine.contracts.sheets.communes import Communes
from haidang.engine.contracts.sheets.days import from_serial, read_day
from haidang.engine.contracts.sheets.definition import NUMERIC, Choice, Column
from haidang.engine.contracts.sheets.figures import Figures
from haidang.engine.contracts.sheets.lettering import clean
from haidang.engine.contracts.sheets.month_first import ask_of_months
from haidang.engine.contracts.sheets.notes import is_number
from haidang.engine.contracts.sheets.numerals import (
    is_drawn,
    says_nothing,
    vietnamese,
)
from haidang.engine.contracts.sheets.stated import Stated
from haidang.engine.contracts.sheets.verdict import Level, Say
from haidang.engine.contracts.sheets.wording import folded

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
# Signs that cannot be seen, which come along when text is copied from web pages.
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
# How a text begins that is drawn and not written.
_DRAWN = frozenset("-–—―‒−_/\\.…")
# So many days must look turned before somebody is asked.
_SOME = 3
# Texts of a column that are remembered as needing no second look.
_MOST_KEPT = 20_000


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
        values: list[Value] = [None] * len(raws)
        one = {"date": self._day, "choice": self._choice, "place": self._place}.get(kind, self._text)
        exact: dict[str, str] = {}
        if kind in {"text", "choice", "date", "place"} and not marks:
            values, exact = self._known(raws), self._exact
            rest = [place for place, value in enumerate(values) if value is None]
        else:
            rest = list(range(len(raws)))
        for place in rest:
            raw = raws[place]
            if isinstance(raw, str) and (known := exact.get(raw)):
                values[place] = known
                continue
            mark = marks.get(place, PLAIN)
            if raw is None:
                if self.column.required:
                    say(place, Level.FAULT, "missing_text", {"title": self.column.title.vi})
            elif isinstance(raw, Error):
                say_error(self.column, place, raw, mark, say)
            else:
                if mark.formula:
                    say(place, Level.GOOD, "computed", {"formula": mark.formula})
                if mark.struck:
                    say(place, Level.WARNING, "struck", {})
                values[place] = one(place, raw, mark, say)
        if kind == "date":
            _ask_turned(raws, values, say)
            ask_of_months(raws, values, say)
        return values

    def _numbers(
        self, raws: Sequence[Value], marks: dict[int, Mark], lines: Sequence[Line] | None, say: Say
    ) -> list[Value]:
        values: list[Value] = [None] * len(raws)
        if lines is None:
            self.figures = Figures.of(self.column, self.stated)
            values = self.figures.read(raws, marks)
        return Amounts(self.column, self.stated).read(raws, marks, lines, values, say)

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
        if self.column.type == "note" and (isinstance(raw, float) or is_number(text)):
            say(place, Level.WARNING, "number_in_note", {"raw": text, "title": self.column.title.vi})
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


def _words(choices: dict[str, Choice]) -> dict[str, str]:
    """Every spelling of the choices, folded → code."""
    found: dict[str, str] = {}
    for code, choice in choices.items():
        for word in (code, choice.title.vi, choice.title.en, *choice.aliases):
            if word:
                found.setdefault(folded(word), code)
    return found
