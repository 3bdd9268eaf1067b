"""The numbers of a column that need no second look: those in the contract's unit or a power of ten of it, also as text.

Most cells are such, and a file is read as fast as they are; what is said of them is put into words when somebody asks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from haidang.engine.contracts.sheets.book import Mark, Value
from haidang.engine.contracts.sheets.definition import Column
from haidang.engine.contracts.sheets.numerals import BLANKS, vietnamese
from haidang.engine.contracts.sheets.plain import (
    digits_of,
    grouped,
    least_converted,
    moved,
    moved_float,
    places_moved,
)
from haidang.engine.contracts.sheets.stated import Stated
from haidang.engine.contracts.sheets.verdict import Level, Remark

# Powers of ten up to this one are exact in binary.
_EXACT_POWERS = 22


@dataclass(slots=True)
class Figures:
    """Of one column in one stretch of lines, all in the unit of its heading or table."""

    column: Column
    stated: Stated
    ones: bool = False
    # By how many places the point moves; None: by no whole number of them, so nothing is read here.
    places: int | None = None
    # 1 for each cell of which something is to be said.
    told: bytearray = field(default_factory=bytearray)
    marks: Mapping[int, Mark] = field(default_factory=dict)

    @classmethod
    def of(cls, column: Column, stated: Stated) -> Figures:
        ones = stated.in_ones("", column.unit, "")
        return cls(column, stated, ones, places_moved(stated.times(column.unit)))

    def read(self, raws: Sequence[Value], marks: Mapping[int, Mark]) -> list[Value]:
        """Values by position; None for every cell that must be looked at by itself, such as one shown as another number."""
        self.marks = marks
        share = self.column.type == "percent" and self.places == 0
        marked = {
            place
            for place, mark in marks.items()
            if (mark.percent and not share) or mark.thousands or mark.unit or mark.struck
        }
        values: list[Value] = [None] * len(raws)
        column, places, ones = self.column, self.places, self.ones
        told = self.told = bytearray(len(raws))
        if places is None:
            return values
        low = column.min if column.min is not None else float("-inf")
        high = column.max if column.max is not None else float("inf")
        whole = column.type == "whole"
        # Beyond it the last digits of a number are lost.
        low, high = max(low, -(2.0**53)), min(high, 2.0**53)
        small = float(least_converted(column.decimals, places, column.max)) if places else 0.0
        down, power, most = places < 0, 10.0 ** abs(places), 2.0**53 if abs(places) <= _EXACT_POWERS else 0.0
        for place, raw in enumerate(raws):
            if type(raw) is float:
                if share and place in marks and marks[place].percent:
                    value = moved_float(raw, 2)
                elif places:
                    # A whole number is what its digits say, and the quotient of two such is rounded once.
                    whole_raw = raw.is_integer() and -most < raw < most
                    value = (raw / power if down else raw * power) if whole_raw else moved_float(raw, places)
                else:
                    value = raw
            elif type(raw) is str:
                text = digits_of(raw.strip(BLANKS), ones=ones)
                if text is None:
                    continue
                value = moved(text, places)
            else:
                continue
            if (
                low <= value <= high
                and (not whole or value.is_integer())
                and (not -small < value < small or not value)
                and place not in marked
            ):
                values[place] = value
                told[place] = places != 0 or type(raw) is str or place in marks
        return values

    def said(self, place: int, raw: Value) -> list[Remark]:
        """What was done to read a cell of which something is to be said."""
        found: list[Remark] = []
        if (mark := self.marks.get(place)) and mark.formula and isinstance(raw, float):
            found.append(Remark(Level.GOOD, "computed", {"formula": mark.formula}))
        if mark and mark.percent and isinstance(raw, float):
            shown = {"raw": vietnamese(raw), "value": vietnamese(Decimal(repr(raw)) * 100)}
            found.append(Remark(Level.GOOD, "from_share", shown))
        digits: str | None = ""
        if isinstance(raw, str):
            digits = digits_of(raw.strip(BLANKS), ones=self.ones)
            found.append(Remark(Level.GOOD, "from_text", {"raw": raw.strip()}))
        if self.places:
            shown = {
                "raw": vietnamese(raw) if isinstance(raw, float) else grouped(digits or ""),
                "unit": self.stated.written,
                "wanted": self.column.unit,
            }
            found.append(Remark(Level.GOOD, "converted", shown))
            if self.stated.at:
                found.append(Remark(Level.GOOD, "unit_at", {"at": self.stated.at}))
        return found
