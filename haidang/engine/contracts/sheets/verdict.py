"""What is said of one cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
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


# Tells what is to be said of the cell at a position: how bad, which code, its arguments.
Say = Callable[[int, Level, str, dict[str, Any]], None]

# The sheet an answer lists its remarks on; a file that was answered comes back with it.
LIST = "Kết quả kiểm tra"
# The sheet of a template that says what it was made for.
ABOUT = "HaiDang"
# The one that holds the words of its lists.
LISTS = "HaiDang danh muc"
# What we put into a workbook ourselves is called so; `is_ours` says whether it is.
OWN_SHEETS = frozenset({LIST, ABOUT, LISTS})
# What stands over the list of an answer.
LIST_HEADS = ("Trang", "Ô", "Giá trị", "Kết luận", "Lý do và cách sửa")
_NAME = re.compile(r"[a-z][a-z0-9_.]*")
_OURS = re.compile(r"(?:^|\n– – –\n)(?:LỖI|CẢNH BÁO): .*", re.DOTALL)


def without_ours(comment: str) -> str:
    """What the office itself wrote in a comment: what we answered is no explanation of hers."""
    return _OURS.sub("", comment)


def is_list(sheet: str) -> bool:
    """Whether a sheet is called as the list of an answer is; beside one of the office's of that name it gets a number."""
    return sheet.rstrip("0123456789") == LIST


def is_ours(sheet: str, first: Sequence[Value]) -> bool:
    """Whether a sheet is one we put into a workbook, by its name and its first row: no figures of an office stand there. An
    office may call one of its own “Kết quả kiểm tra”.
    """
    words = [word for word in first if word is not None]
    if is_list(sheet):
        return tuple(words) == LIST_HEADS
    if sheet == ABOUT:
        return words[:1] == ["contract"]
    # Over each list stands the name of its column.
    return sheet == LISTS and bool(words) and all(isinstance(w, str) and _NAME.fullmatch(w) for w in words)


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
