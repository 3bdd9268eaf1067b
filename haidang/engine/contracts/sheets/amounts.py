"""The numbers of a column that need a second look, one by one: read as what they are or as text, turned into the contract's
unit and held against its bounds. Those that need none are `figures`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from haidang.engine.contracts.sheets.book import Error, Mark, Value
from haidang.engine.contracts.sheets.definition import Column, Item
from haidang.engine.contracts.sheets.lettering import clean
from haidang.engine.contracts.sheets.numerals import (
    Numeral,
    counts_by_one,
    factor,
    is_known_unit,
    near_unit,
    read_number,
    unit_of,
    vietnamese,
)
from haidang.engine.contracts.sheets.plain import KEPT, least_converted
from haidang.engine.contracts.sheets.stated import Stated
from haidang.engine.contracts.sheets.verdict import Level, Say
from haidang.engine.contracts.sheets.wording import folded

PLAIN = Mark()
_GROWTH = re.compile(r"(?i)\s*(tăng|giảm)\s+(?=\d)")
# What Excel shows, and copies as text, where a column is too narrow for its number.
_TOO_NARROW = re.compile(r"#{2,}")
# From here on a cell holds no number for each whole number.
_EXACT = 2.0**53
# What sums of binary fractions are off by.
_NOISE = Decimal("1e-9")
# Shares up to which a fraction may be meant: 1,049 beside 105,6 is 104,9 %.
_SMALL = 2

# How a change is written: “+0,4”, “tăng 0,4%”.
_SIGNED = re.compile(r"\s*(?:[+−–-]|tang\b|giam\b)")


@dataclass(slots=True)
class Line:
    """What the other cells of a row say of its numbers."""

    item: Item | None = None
    item_name: str = ""
    unit: str = ""
    # Of a contract whose lines are known by name, and none of them: nobody knows its unit.
    nameless: bool = False


@dataclass(slots=True)
class Amounts:
    """Of one column, in the unit its heading or table states."""

    column: Column
    stated: Stated

    def read(
        self,
        raws: Sequence[Value],
        marks: dict[int, Mark],
        lines: Sequence[Line] | None,
        values: list[Value],
        say: Say,
    ) -> list[Value]:
        """`values` with those filled in that are None still."""
        required = self.column.required
        for place, raw in enumerate(raws):
            if values[place] is None and (raw is not None or required):
                line = lines[place] if lines else None
                values[place] = self._number(place, raw, marks.get(place, PLAIN), line, say)
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
            if line and line.nameless and not self.column.unit:
                return float(value)
            self._say_unit(place, written, own, line, say)
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
        signed = isinstance(raw, str) and _SIGNED.match(folded(raw)) is not None
        if self._in_range(place, value, wanted, line, say, signed=signed) and not (mark.percent or own):
            self._suspect_share_of_line(place, value, wanted, line, say)
        return float(value)

    def _say_unit(self, place: int, written: str, own: str, line: Line | None, say: Say) -> None:
        """Of a number that stands in a unit which is none of what the contract wants."""
        wanted = self.unit_for(line)
        if self.stated.over and not own and written == self.stated.written and self.stated.fits_nothing():
            say(place, Level.GOOD, "unit_refused", {"at": self.stated.over})
        elif not own and line and self.stated.contradicts(wanted, line.unit):
            say(place, Level.FAULT, "unit_of_line", {"unit": self.stated.written, "other": line.unit})
        else:
            say(place, Level.FAULT, "unit", {"unit": written, "wanted": wanted or "không đơn vị"})

    def _suspect_share_of_line(
        self, place: int, value: Decimal, wanted: str, line: Line | None, say: Say
    ) -> None:
        of_line = wanted == "%" and self.column.type != "percent" and 0 < value <= 1
        if of_line and line and line.item and line.item.max is not None:
            shown = {"value": vietnamese(value), "meant": vietnamese(value * 100)}
            say(place, Level.WARNING, "share_suspect", shown)

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
            say_error(self.column, place, raw, mark, say)
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
        # “#,##0" người"” says another thing than the column only where that is of money.
        if not mark.unit or not (is_known_unit(mark.unit) or unit_of(unit)):
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
        if _TOO_NARROW.fullmatch(text.strip()):
            say(place, Level.FAULT, "too_narrow", shown)
        elif found.fault:
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

    def _in_range(
        self, place: int, value: Decimal, unit: str, line: Line | None, say: Say, *, signed: bool
    ) -> bool:
        """Whether a number is within its bounds; if not, what it may have been meant for. `signed`: it is written with the sign
        or word of a change.
        """
        own = bool(line and line.item and not self.column.unit)
        bounds: Column | Item = line.item if own and line and line.item else self.column
        low = bounds.min if bounds.min is not None else float("-inf")
        most = self._most(line)
        high = most if most is not None else float("inf")
        if low <= value <= high:
            return True
        shown = {"value": vietnamese(value), "unit": unit, "low": _bound(low), "high": _bound(high)}
        for times, step in ((Decimal("0.001"), -1), (Decimal(1000), 1)):
            if value and low <= value * times <= high and (meant := near_unit(unit, step)):
                say(place, Level.FAULT, "range_unit", {**shown, "meant": meant})
                return False
        is_share = unit == "%" and value and low <= value * 100 <= high
        # An index around 100 given as what it changed by: “+0,4” for 100,4.
        is_change = unit == "%" and abs(value) < low <= 100 + value <= high
        if is_change and (signed or value < 0 or not is_share):
            say(place, Level.FAULT, "range_change", {**shown, "meant": vietnamese(100 + value)})
        elif is_share:
            say(place, Level.FAULT, "range_share", {**shown, "meant": vietnamese(value * 100)})
        else:
            say(place, Level.FAULT, "out_of_range", shown)
        return False

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
            if not marks.get(place, PLAIN).percent:
                shown = {"value": vietnamese(value), "meant": vietnamese(Decimal(repr(value)) * 100)}
                say(place, Level.WARNING, "share_suspect", shown)


def say_error(column: Column, place: int, raw: Error, mark: Mark, say: Say) -> None:
    """Of a cell in which a formula failed, or was never computed."""
    if column.type == "note":  # it explains; no figure stands in it
        say(place, Level.GOOD, "note_uncomputed", {"shown": mark.formula or str(raw)})
        return
    code = "formula_empty" if not raw else "formula_error" if mark.formula else "error_value"
    say(place, Level.FAULT, code, {"raw": str(raw), "formula": mark.formula})


def _bound(value: float) -> str:
    return vietnamese(value) if abs(value) != float("inf") else "…"
