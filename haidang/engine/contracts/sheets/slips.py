"""Money that is, by its own file, a thousand or a million times too small or too large: where nothing is published to compare
with, only the lines beside and what the contract takes for possible tell of a unit nobody wrote.

All of it asks; a clean table keeps far away from these bounds. A slip is a factor of a thousand at least.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from statistics import median
from typing import NamedTuple

from haidang.engine.contracts.sheets.block import Block
from haidang.engine.contracts.sheets.columns import near_unit
from haidang.engine.contracts.sheets.definition import NUMERIC, Column, SheetContract
from haidang.engine.contracts.sheets.numerals import unit_of, vietnamese
from haidang.engine.contracts.sheets.verdict import Cell, Level, Remark

# Fewer lines say nothing of a column, and fewer nothing of one among them.
_FEWEST, _FEWEST_BESIDE = 3, 5
# Parts of the most that is possible below which all numbers lie, and half of them, when their unit is a thousand times larger.
_ALL_BELOW, _HALF_BELOW = 1e-3, 1e-4
# One number is so many times away from all others; two columns of one table are from line to line.
_GAP, _APART = 100, 500
_THOUSAND = 1000.0


class _Number(NamedTuple):
    block: Block
    row: int
    column: int
    value: float
    # The unit it is in, and the most it may be; 0 where nothing says.
    unit: str
    most: float


def ask_of_slips(blocks: Sequence[Block], contract: SheetContract) -> None:
    """Of the lines of one table; the first of the blocks holds its headings."""
    headings = {cell.field: cell for cell in blocks[0].others if cell.fate == "header" and cell.field}
    by_name: dict[str, list[_Number]] = {}
    for name, column in contract.columns.items():
        if column.type in NUMERIC - {"percent"} and (found := list(_numbers(blocks, name, column))):
            by_name[name] = found
    small = {
        name: told for name, found in by_name.items() if name in headings and (told := _all_small(found))
    }
    if small:
        titles = ", ".join(f"“{contract.columns[name].title.vi}”" for name in small)
        first = next(iter(small))
        headings[first].remarks.append(
            Remark(Level.WARNING, "columns_small", {"titles": titles, **small[first]})
        )
    if contract.items:
        return
    for found in by_name.values():
        _ask_of_few(found)
    asked = set(small)
    for one, other in combinations(by_name, 2):
        if one in asked or other in asked or one == contract.columns[other].previous or other == contract.columns[one].previous:  # fmt: skip
            continue
        if _ask_of_columns(headings.get(other), by_name[one], by_name[other], contract.columns[one].title.vi):
            asked.add(other)


def _numbers(blocks: Sequence[Block], name: str, column: Column) -> Iterator[_Number]:
    """The good numbers of money of a column, without the zeros."""
    if column.unit and unit_of(column.unit) is None:
        return
    for block in blocks:
        place_of = next((c for c, n in block.layout.columns.items() if n == name), None)
        if place_of is None or name not in block.values:
            continue
        for place, value in enumerate(block.values[name]):
            if not isinstance(value, float) or not value:
                continue
            line = block.lines[place] if block.lines else None
            item = line.item if line and not column.unit else None
            unit = column.unit or (item.unit if item else "")
            if unit_of(unit) is None:
                continue
            most = (item.max or 0) * column.spans if item else column.max or 0
            yield _Number(block, block.rows[place][0], place_of, abs(value), unit, most)


def _all_small(found: Sequence[_Number]) -> dict[str, str]:
    """What is said of a column as small as if its unit were a thousand or a million times larger; empty for any other."""
    shares = [one.value / one.most for one in found if one.most]
    if len(shares) < _FEWEST or len(shares) < len(found):
        return {}
    if 2 * sum(map(_is_asked, found)) > len(found):
        return {}  # it was said of each
    if max(shares) > _ALL_BELOW or median(shares) > _HALF_BELOW:
        return {}
    meant = unit = found[0].unit
    if near_unit(unit, -1) == "" and median(one.value for one in found) >= _THOUSAND:
        return {}  # fees of some thousand đồng, whatever the most may be
    times = 1.0
    while median(shares) * times <= _HALF_BELOW and (larger := near_unit(meant, 1)):
        meant, times = larger, times * _THOUSAND
    if meant == unit or max(shares) * times > 1:
        return {}
    largest = max(found, key=lambda one: one.value / one.most)
    return {
        "value": vietnamese(largest.value),
        "unit": unit,
        "most": vietnamese(largest.most),
        "meant": meant,
    }


def _ask_of_few(found: Sequence[_Number]) -> None:
    """Numbers far away from all others of their column that a thousand times more or less would be among them."""
    if len(found) < _FEWEST_BESIDE:
        return
    ordered = sorted(found, key=lambda one: one.value)
    gap, cut = max((high.value / low.value, at) for at, (low, high) in enumerate(pairwise(ordered), 1))
    if gap < _GAP:
        return
    for few, many, step in ((ordered[:cut], ordered[cut:], 1), (ordered[cut:], ordered[:cut], -1)):
        if len(few) * 4 > len(ordered) or not (meant := near_unit(found[0].unit, step)):
            continue
        low, high = many[0].value / 3, many[-1].value * 3
        for one in few:
            if low <= one.value * _THOUSAND**step <= high and not _is_asked(one):
                shown = {
                    "value": vietnamese(one.value),
                    "unit": one.unit,
                    "low": vietnamese(many[0].value),
                    "high": vietnamese(many[-1].value),
                    "meant": meant,
                }
                one.block.say(one.row, one.column, Level.WARNING, "line_slip", shown)


def _is_asked(one: _Number) -> bool:
    return any(remark.level for remark in one.block.remarks.get((one.row, one.column), ()))


def _ask_of_columns(
    heading: Cell | None, left: Sequence[_Number], right: Sequence[_Number], other: str
) -> bool:
    """Whether in every line one of two columns is hundreds of times the other; the heading of the second asks."""
    by_row = {one.row: one.value for one in left}
    times = [one.value / by_row[one.row] for one in right if one.row in by_row]
    if heading is None or len(times) < _FEWEST or left[0].unit != right[0].unit:
        return False
    if not (min(times) > _APART or max(times) < 1 / _APART):
        return False
    up = min(times) > _APART
    least = min(times) if up else 1 / max(times)
    shown = {
        "other": other,
        "times": vietnamese(float(int(least))),
        "way": "lớn gấp" if up else "nhỏ hơn",
        "way_en": "larger" if up else "smaller",
        "unit": left[0].unit,
    }
    heading.remarks.append(Remark(Level.WARNING, "columns_apart", shown))
    return True
