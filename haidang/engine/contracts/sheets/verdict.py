"""What is said of one cell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import field as made
from datetime import date, datetime
from enum import IntEnum
from typing import Any, Literal, NamedTuple

from haidang.engine.contracts.sheets.book import Error, Value, column_letters
from haidang.engine.contracts.sheets.sentences import said

Fate = Literal["value", "header", "label", "note", "total", "ignored", "missing"]


class Level(IntEnum):
    GOOD, WARNING, FAULT = range(3)

    def __str__(self) -> str:
        return ("đạt", "cảnh báo", "lỗi")[self]


class Remark(NamedTuple):
    level: Level
    code: str
    args: dict[str, Any]


# The sheet an answer lists its remarks on; a file that was answered comes back with it.
LIST = "Kết quả kiểm tra"
# The sheet of a template that says what it was made for.
ABOUT = "HaiDang"
# The one that holds the words of its lists.
LISTS = "HaiDang danh muc"
# What we put into a workbook ourselves: no figures of an office stand there.
OWN_SHEETS = frozenset({LIST, ABOUT, LISTS})
_OURS = re.compile(r"(?:^|\n– – –\n)(?:LỖI|CẢNH BÁO): .*", re.DOTALL)


def without_ours(comment: str) -> str:
    """What the office itself wrote in a comment: what we answered is no explanation of hers."""
    return _OURS.sub("", comment)


def address(row: int, column: int) -> str:
    """D14 for row 14 and column 3."""
    return f"{column_letters(column)}{row}"


@dataclass(slots=True)
class Cell:
    """A cell that is not empty, or one that must not be: what stands there, what it is taken for, and why."""

    sheet: str
    row: int
    column: int
    raw: Value
    fate: Fate
    value: Value = None
    unit: str = ""
    field: str = ""
    item: str = ""
    remarks: list[Remark] = made(default_factory=list)

    @property
    def level(self) -> Level:
        return max((remark.level for remark in self.remarks), default=Level.GOOD)

    @property
    def address(self) -> str:
        return address(self.row, self.column) if self.row else ""

    def reason(self, language: str = "vi") -> str:
        """The worst first; what was done to a good cell too."""
        place = {"cell": self.address, "row": self.row, "sheet": self.sheet}
        return " ".join(
            said(remark.code, {**place, **remark.args}, language)
            for remark in sorted(self.remarks, key=lambda remark: -remark.level)
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "sheet": self.sheet,
            "cell": self.address,
            "raw": plain(self.raw),
            "value": plain(self.value),
            "unit": self.unit,
            "verdict": str(self.level),
            "reason": self.reason(),
            "reason_en": self.reason("en"),
            "fate": self.fate,
            "field": self.field,
            "item": self.item,
            "codes": [remark.code for remark in self.remarks],
        }


def plain(value: Value) -> str | float | int | bool | None:
    """As JSON says it: whole numbers without point, days as ISO."""
    if isinstance(value, Error):
        return str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value
