"""What the lines of a table are, which columns name them, and which sums hold between cells."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import combinations

from haidang.engine.contracts.proposing import naming
from haidang.engine.contracts.proposing.kinds import Kind
from haidang.engine.contracts.proposing.proposal import Proposal, ProposedColumn, ProposedItem, TotalRow
from haidang.engine.contracts.proposing.ranges import bounds
from haidang.engine.contracts.proposing.table import Table, is_number
from haidang.engine.contracts.reading import Text
from haidang.engine.contracts.sheets.book import Value
from haidang.engine.contracts.sheets.numerals import read_number, unit_of
from haidang.engine.contracts.sheets.row_words import ROMAN
from haidang.engine.contracts.sheets.unit_words import unit_in
from haidang.engine.contracts.sheets.wording import bare_label, folded
from haidang.engine.places.names import fold

_MOST_ITEMS = 200
# A total row agrees with its lines within their rounding.
_ROUNDING = Decimal("0.6")


def decide(found: Proposal, table: Table) -> None:
    """Places, indicators known by name, or things with a name; and the columns that name a line."""
    naming_ones = [
        one for one in found.columns if one.use and one.type in {"place", "text", "choice", "date"}
    ]
    place = next((one for one in naming_ones if one.type == "place"), None)
    unit = next((one for one in found.columns if one.type == "unit"), None)
    label = next((one for one in naming_ones if one.type == "text"), None)
    if (
        label
        and place is None
        and (unit or "chi tieu" in fold(label.heading))
        and _items(found, table, label, unit)
    ):
        return
    if unit:
        unit.type, unit.why["type"] = "text", Text("chữ", "words")
    if place and (again := _repeated(table, place)) is not None:
        found.lines = "places"
        if again:
            rows = ", ".join(map(str, again[:6]))
            found.notes.append(
                Text(f"xã, phường ở dòng {rows} đã có ở trên: sẽ bị báo lỗi", f"row {rows} repeats a commune")
            )
        _key(found, [place], Text("mỗi xã, phường một dòng", "each commune has one line"))
        return
    ordered = sorted(naming_ones, key=lambda one: (one.type not in {"place", "text"}, one.index))
    for size in (1, 2, 3):
        for some in combinations(ordered, size):
            if _is_unique(table, list(some)):
                words = " + ".join(one.heading for one in some)
                _key(
                    found,
                    list(some),
                    Text(f"“{words}” không trùng giữa các dòng", f"“{words}” is different in every line"),
                )
                return
    if ordered:
        _key(
            found,
            ordered[:1],
            Text("cột chữ đầu tiên; còn trùng nhau, cần người xem", "the first column of words; not unique"),
        )
        found.notes.append(
            Text(
                "không cột nào phân biệt được các dòng: hai dòng trùng khóa sẽ bị báo lỗi",
                "no columns tell the lines apart",
            )
        )


def _key(found: Proposal, some: list[ProposedColumn], why: Text) -> None:
    for one in some:
        one.in_key = one.required = True
        one.why["in_key"] = why
    found.key, found.why["key"] = [one.key for one in some], why


def _is_unique(table: Table, some: list[ProposedColumn]) -> bool:
    seen = set()
    for _, cells in table.rows:
        values = tuple(folded(str(_at(cells, one.index) or "")) for one in some)
        if not all(values) or values in seen:
            return False
        seen.add(values)
    return True


def _repeated(table: Table, place: ProposedColumn) -> list[int] | None:
    """Rows whose place has stood above; None where so many do that places do not name lines."""
    seen: set[str] = set()
    again = []
    for number, cells in table.rows:
        word = folded(str(_at(cells, place.index) or ""))
        if word in seen:
            again.append(number)
        seen.add(word)
    return again if len(again) * 5 <= len(table.rows) else None


def _at(cells: list[Value], column: int) -> Value:
    return cells[column] if column < len(cells) else None


# --- items ------------------------------------------------------------------------------------------------
def _items(found: Proposal, table: Table, label: ProposedColumn, unit: ProposedColumn | None) -> bool:
    """Whether each line is an indicator of its own; then they are in `found`."""
    rows = sorted([*table.rows, *table.totals])
    if not 2 <= len(rows) <= _MOST_ITEMS:
        return False
    items: list[ProposedItem] = []
    words: set[str] = set()
    keys: set[str] = set()
    for number, cells in rows:
        text = " ".join(str(_at(cells, label.index) or "").split())
        numbers = [
            cells[one.index] for one in found.columns if one.is_numeric and is_number(_at(cells, one.index))
        ]
        if not text or not numbers:
            continue
        bare = bare_label(folded(text)) or folded(text)
        if bare in words:
            return False
        words.add(bare)
        title = naming.sentence(naming.plain(_without_bullet(text), None))
        key = naming.key_of(title, keys, "chi_tieu")
        keys.add(key)
        values = [
            v
            for one in found.columns
            if one.type in {"whole", "number"} and (v := _number(_at(cells, one.index))) is not None
        ]
        low, high, _ = bounds(values, percent=False)
        own = " ".join(str(_at(cells, unit.index) or "").split()) if unit else unit_in(text)
        money = unit_of(own)
        items.append(ProposedItem(row=number, key=key, title=Text(title), label=text, unit=(money[0] if money else own)[:20],
                                  min=low, max=high))  # fmt: skip
    if len(items) < 2 or (unit is None and not any(item.unit for item in items) and not table.unit):
        return False
    _take_items(found, label, items, table.unit)
    return True


def _take_items(found: Proposal, label: ProposedColumn, items: list[ProposedItem], stated: str) -> None:
    why = Text("mỗi dòng là một chỉ tiêu có đơn vị riêng", "each line is an indicator with its own unit")
    found.lines, found.item_column, found.items = "items", label.key, items
    found.why["item_column"] = label.why["in_key"] = why
    label.required, label.pattern = True, ""
    for one in found.columns:
        if one.is_numeric and one.type != "percent":
            # The unit and the range are those of each line.
            one.type, one.unit, one.min, one.max, one.required = "number", "", None, None, False
    for item in items:
        item.unit = item.unit or stated


def _without_bullet(text: str) -> str:
    return re.sub(
        r"^(?:(?:[IVX]{1,4}|[a-zđ]|\d{1,2}(?:\.\d{1,2})*)[.)/]\s+|(?:[IVX]{1,4}|\d{1,2})\s*-\s*|[-+*•–\s]+)+",
        "",
        text,
    )


# --- sums -------------------------------------------------------------------------------------------------
def judge_totals(found: Proposal, table: Table, kinds: dict[str, Kind]) -> None:
    """Whether the rows that call themselves totals are the sums of the lines; a column whose is not does not add up."""
    if found.lines == "items":
        return
    groups = _groups(found, table)
    for number, cells in table.totals:
        label = next((str(cell) for cell in cells if isinstance(cell, str) and not is_number(cell)), "")
        agrees: dict[str, bool] = {}
        for one in found.columns:
            value = _number(_at(cells, one.index)) if one.is_numeric else None
            if value is None:
                continue
            if one.type == "percent":
                one.additive = False
                continue
            values = (value for row, value in kinds[one.key].values.items() if row not in groups)
            agrees[one.key] = _alike(value, sum(values, Decimal(0)), one.decimals, len(table.rows))
        found.totals.append(TotalRow(row=number, label=label, agrees=agrees))
    if len(found.totals) == 1:
        _say_totals(found)


def _say_totals(found: Proposal) -> None:
    """One total of the whole table: what it says of each column."""
    (total,) = found.totals
    right = sum(total.agrees.values())
    for one in found.columns:
        if one.key not in total.agrees:
            continue
        if total.agrees[one.key]:
            one.why["additive"] = Text(
                f"dòng {total.row} “{total.label}” bằng tổng các dòng",
                f"row {total.row} is the sum of the lines",
            )
        elif right or len(total.agrees) == 1:
            one.additive = False
            one.why["additive"] = Text(
                f"dòng {total.row} “{total.label}” khác tổng các dòng: không bắt cộng",
                f"row {total.row} is not the sum of the lines",
            )


def _groups(found: Proposal, table: Table) -> set[int]:
    """Rows such as “I. Tuyến tỉnh” among numbered lines: they sum up a group and are no lines."""
    first = min(table.headings)
    marks = {number: str(_at(cells, first) or "").strip() for number, cells in table.rows}
    groups = sorted(number for number, mark in marks.items() if ROMAN.fullmatch(mark))
    if not groups or len(groups) * 2 >= len(marks):
        return set()
    rows = ", ".join(map(str, groups[:6]))
    found.notes.append(
        Text(
            f"dòng {rows} là dòng cộng nhóm: được so lại, không tính là dòng số liệu",
            f"row {rows} sums up a group: compared, not counted as a line",
        )
    )
    return set(groups)


def _number(value: Value) -> Decimal | None:
    if isinstance(value, str):
        return read_number(value).value
    return Decimal(repr(value)) if isinstance(value, float) and not isinstance(value, bool) else None


def _alike(value: Decimal, other: Decimal, decimals: int, count: int) -> bool:
    room = _ROUNDING * Decimal(10) ** -decimals * Decimal(max(count, 1)).sqrt() if decimals else Decimal(0)
    return abs(value - other) <= room


def find_parts(found: Proposal, kinds: dict[str, Kind]) -> None:
    """A column that in every line is the sum of columns beside it: `Tổng số = Nam + Nữ`."""
    numeric = [one for one in found.columns if one.use and one.type in {"whole", "number"}]
    taken: set[str] = set()
    for place, one in enumerate(numeric):
        for size in range(6, 1, -1):
            runs = [numeric[place + 1 : place + 1 + size], numeric[max(0, place - size) : place]]
            parts = next((run for run in runs if len(run) == size and _are_parts(one, run, kinds)), None)
            if parts and one.key not in taken and one.unit == parts[0].unit:
                one.parts = [part.key for part in parts]
                taken |= set(one.parts)
                words = " + ".join(part.title.vi for part in parts)
                one.why["parts"] = Text(f"ở mọi dòng bằng {words}", f"in every line it is {words}")
                break


def _are_parts(one: ProposedColumn, parts: list[ProposedColumn], kinds: dict[str, Kind]) -> bool:
    whole, columns = kinds[one.key].values, [kinds[part.key].values for part in parts]
    if len(whole) < 3 or any(not any(values.values()) for values in columns):
        return False
    for row, value in whole.items():
        there = [values[row] for values in columns if row in values]
        if not there or not _alike(value, sum(there, Decimal(0)), one.decimals, 1):
            return False
    return True
