"""What one column holds: its type with the count that speaks for it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from haidang.engine.contracts.proposing.measuring import is_measure, is_share, is_unit, unit_for
from haidang.engine.contracts.proposing.table import Table, is_number
from haidang.engine.contracts.reading import Text
from haidang.engine.contracts.sheets.book import Error, Value
from haidang.engine.contracts.sheets.communes import Communes
from haidang.engine.contracts.sheets.days import read_day
from haidang.engine.contracts.sheets.definition import ColumnType
from haidang.engine.contracts.sheets.numerals import read_number, unit_of
from haidang.engine.places.names import fold

# A column is what so large a part of its cells is.
MOST = 0.7
_ORDER = re.compile(r"(?:stt|tt|so tt|so thu tu|no\.?|#)")
_NOTES = re.compile(r"\b(?:ghi chu|giai trinh|nguyen nhan|y kien|de xuat|nhan xet)\b")
_UNITS = re.compile(r"^(?:don vi tinh|dvt|dv tinh|don vi do|don vi)$")
_CODES = re.compile(r"\b(?:ma|ma so|so hieu|ky hieu)\b")
_MOST_CHOICES = 8


@dataclass(slots=True)
class Kind:
    """A type and the reason for it; of numbers their values by row and how they are written."""

    type: ColumnType
    why: Text
    values: dict[int, Decimal] = field(default_factory=dict)
    decimals: int = 0
    choices: list[str] = field(default_factory=list)
    pattern: str = ""
    # The unit that most cells write behind their number.
    unit: str = ""


def kind_of(table: Table, column: int, heading: str, communes: Communes | None) -> Kind:
    """The type of a column, judged by its heading and by every cell that was looked at."""
    cells = table.cells(column)
    plain = fold(heading)
    if _ORDER.fullmatch(plain):
        return Kind("order", Text(f"tiêu đề “{heading}” là số thứ tự", f"“{heading}” is the running number"))
    if _NOTES.search(plain):
        return Kind("note", Text(f"tiêu đề “{heading}” là lời ghi", f"“{heading}” is for remarks"))
    if _UNITS.fullmatch(plain) and _says_units(cells, plain):
        return Kind("unit", Text("mỗi dòng ghi đơn vị tính của mình", "each line says its own unit"))
    if communes is not None and (found := _places(cells, communes)):
        return found
    if _CODES.search(plain) or not _numbers(cells):
        return _of_words(cells, plain)
    return _of_numbers(table, column, cells, heading)


def _says_units(cells: list[tuple[int, Value]], plain: str) -> bool:
    """“Đơn vị” heads a column of units as well as one of offices: units come again and again."""
    words = [fold(cell) for _, cell in cells if isinstance(cell, str)]
    if len(words) < MOST * len(cells):
        return False
    return plain in {"don vi tinh", "dvt"} or len(set(words)) <= max(3, len(cells) // 2)


def is_order(cells: list[tuple[int, Value]]) -> bool:
    """1, 2, 3, … down a column without a heading that says so."""
    numbers = [cell for _, cell in cells if isinstance(cell, float)]
    return len(numbers) >= 3 and numbers == [float(n) for n in range(1, len(numbers) + 1)]


def _numbers(cells: list[tuple[int, Value]]) -> bool:
    speaking = [cell for _, cell in cells if not _says_nothing(cell)]
    numbers = sum(_is_quantity(cell) or isinstance(cell, Error) for cell in speaking)
    return bool(speaking) and numbers >= MOST * len(speaking)


def _is_quantity(cell: Value) -> bool:
    """A number alone, or with a unit we know: “3 sao” is a class of hotels."""
    return is_number(cell) and (not isinstance(cell, str) or is_unit(read_number(cell).unit))


def _says_nothing(cell: Value) -> bool:
    """A dash, three dots: neither a number nor a word."""
    return isinstance(cell, str) and (found := read_number(cell)).value is None and not found.fault


def _places(cells: list[tuple[int, Value]], communes: Communes) -> Kind | None:
    words = [_as_text(cell) for _, cell in cells if not isinstance(cell, bool | date)]
    found = [word for word in words if len(communes.find(word)) == 1]
    if len(found) < 2 or len(found) < MOST * len(cells):
        return None
    lost = [word for word in words if word not in found][:3]
    vi = f"{len(found)}/{len(cells)} ô là tên hoặc mã xã, phường của tỉnh"
    en = f"{len(found)} of {len(cells)} cells name a commune of the province"
    if lost:
        vi, en = f"{vi}; chưa nhận ra: {', '.join(lost)}", f"{en}; not known: {', '.join(lost)}"
    return Kind("place", Text(vi, en))


def _as_text(cell: Value) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _of_words(cells: list[tuple[int, Value]], plain: str) -> Kind:
    count = len(cells)
    days = sum(
        isinstance(cell, date) or (isinstance(cell, str) and read_day(cell)[0] is not None)
        for _, cell in cells
    )
    if count and days >= 0.8 * count:
        return Kind("date", Text(f"{days}/{count} ô là ngày", f"{days} of {count} cells are days"))
    words = [" ".join(_as_text(cell).split()) for _, cell in cells if isinstance(cell, str | float)]
    if pattern := _shape(words):
        why = Text(
            f"{len(words)}/{count} ô có cùng một dạng mã",
            f"{len(words)} of {count} cells have the form of one code",
        )
        return Kind("text", why, pattern=pattern)
    by_word = Counter(words)
    if (
        count >= 12
        and 2 <= len(by_word) <= _MOST_CHOICES
        and len(by_word) * 4 <= count
        and not _CODES.search(plain)
    ):
        why = Text(
            f"chỉ có {len(by_word)} giá trị trong {count} ô", f"only {len(by_word)} values in {count} cells"
        )
        return Kind("choice", why, choices=[word for word, _ in by_word.most_common()])
    texts = sum(isinstance(cell, str) and not is_number(cell) for _, cell in cells)
    return Kind("text", Text(f"{texts}/{count} ô là chữ", f"{texts} of {count} cells are words"))


def _shape(words: list[str]) -> str:
    """The form all codes share (`[A-Z]{2}\\d{3}`); empty where they share none."""
    if len(words) < 5 or len(set(words)) < 2:
        return ""
    shapes = {re.sub(r"\d", "9", re.sub(r"[A-Z]", "A", word)) for word in words}
    shape = next(iter(shapes))
    if len(shapes) != 1 or not re.fullmatch(r"[A9./_-]{3,20}", shape) or not ("A" in shape and "9" in shape):
        return ""
    parts = re.findall(r"A+|9+|.", shape)
    names = {"A": "[A-Z]", "9": r"\d"}
    return "".join(
        f"{names[part[0]]}{{{len(part)}}}" if part[0] in names else re.escape(part) for part in parts
    )


def _of_numbers(table: Table, column: int, cells: list[tuple[int, Value]], heading: str) -> Kind:
    kind = _kind_of_numbers(table, column, cells, heading)
    written = Counter(
        read_number(cell).unit for _, cell in cells if isinstance(cell, str) and is_number(cell)
    )
    unit, count = next(iter(written.most_common(1)), ("", 0))
    kind.unit = unit if unit and count * 2 > len(cells) else ""
    return kind


def _kind_of_numbers(table: Table, column: int, cells: list[tuple[int, Value]], heading: str) -> Kind:
    marks = table.sheet.marks
    shared = sum(bool((mark := marks.get((number, column))) and mark.percent) for number, _ in cells)
    values, as_text, decimals = _values(cells)
    percent = shared * 2 > len(cells) or (
        is_share(heading) and all(abs(value) <= 1000 for value in values.values())
    )
    grouped = _read_both_ways(cells)
    whole = all(value == value.to_integral_value() for value in values.values())
    count = len(cells)
    vi, en = f"{len(values)}/{count} ô là số", f"{len(values)} of {count} cells are numbers"
    if as_text:
        vi, en = f"{vi} ({as_text} ô viết dạng chữ)", f"{en} ({as_text} written as text)"
    if percent:
        return Kind(
            "percent",
            Text(f"{vi}, là tỷ lệ %", f"{en}, shares in per cent"),
            _shares(values, shared),
            max(decimals, 1),
        )
    if grouped and not decimals:
        why = Text(
            f"{vi}; “{grouped}” chỉ đọc được một cách nếu là số nguyên",
            f"{en}; “{grouped}” is clear only as a whole number",
        )
        return Kind("whole", why, values)
    if whole and not _measured(heading, table.unit):
        return Kind("whole", Text(f"{vi}, đều nguyên", f"{en}, all whole"), values)
    return Kind("number", Text(vi, en), values, min(max(decimals, 1), 6))


def _shares(values: dict[int, Decimal], shared: int) -> dict[int, Decimal]:
    """Shown as 97 %, kept by Excel as 0,97."""
    return {row: value * 100 for row, value in values.items()} if shared else values


def _values(cells: list[tuple[int, Value]]) -> tuple[dict[int, Decimal], int, int]:
    """Numbers by row, how many stand as text, and the most decimals any of them has."""
    values: dict[int, Decimal] = {}
    as_text = decimals = 0
    whole = not any(
        isinstance(cell, str) and read_number(cell, whole=True).fault == "not_whole" for _, cell in cells
    )
    for number, cell in cells:
        if isinstance(cell, str):
            found = read_number(cell, whole=whole)
            if found.value is None:
                continue
            as_text += 1
            value = found.value
        elif isinstance(cell, float) and not isinstance(cell, bool):
            value = Decimal(repr(cell))
        else:
            continue
        values[number] = value
        exponent = value.normalize().as_tuple().exponent
        decimals = max(decimals, -exponent if isinstance(exponent, int) and exponent < 0 else 0)
    return values, as_text, decimals


def _read_both_ways(cells: list[tuple[int, Value]]) -> str:
    """A text such as `1.234`, which a column of decimals would have to ask about."""
    return next(
        (cell for _, cell in cells if isinstance(cell, str) and read_number(cell).fault == "two_readings"), ""
    )


def _measured(heading: str, stated: str) -> bool:
    """Money, area, weight: whole by chance in this file."""
    unit = unit_for(heading, stated, percent=False).value
    return unit_of(unit) is not None or is_measure(unit)
