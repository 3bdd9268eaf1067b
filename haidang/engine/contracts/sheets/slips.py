"""Money that is, by its own file, a thousand or a million times too small or too large: where nothing is published to compare
with, only the lines beside and what the contract takes for possible tell of a unit nobody wrote.

All of it asks; a clean table keeps far away from these bounds. A slip is a factor of a thousand at least.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from statistics import median
from typing import NamedTuple

from haidang.engine.contracts.sheets.block import Block
from haidang.engine.contracts.sheets.definition import NUMERIC, Column, SheetContract
from haidang.engine.contracts.sheets.numerals import near_unit, unit_of, vietnamese
from haidang.engine.contracts.sheets.verdict import Cell, Level, Remark

# Fewer lines say nothing of a column, and fewer nothing of one among them.
_FEWEST, _FEWEST_BESIDE = 3, 5
# Parts of the most that is possible below which all numbers lie, and half of them, when their unit is a thousand times larger.
_ALL_BELOW, _HALF_BELOW = 1e-3, 1e-4
# One number is so many times away from all others, and more so the more these are spread; two columns of one table are from line
# to line. A poor commune takes in a hundredth of what a city does, by nature.
_GAP, _OF_SPREAD, _APART = 300, 10, 500
# All money of a line in another unit is so many times away from the middle of its column.
_WHOLE_LINE = 30
# Lines in another unit are one, or at most one of so many; in the right one they are among the others but for so many times.
_FEW, _BESIDE = 10, 2
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
    money = {
        name: column
        for name, column in contract.columns.items()
        if column.type in NUMERIC - {"percent"} and (not column.unit or unit_of(column.unit))
    }
    small: dict[str, dict[str, str]] = {}
    numbers: list[list[_Number]] = []
    for name, column in money.items():
        suspected = not column.unit or _is_suspected(blocks, name, column)
        found = list(_numbers(blocks, name, column)) if suspected else []
        if name in headings and (told := _all_small(found)):
            small[name] = told
        if found:
            numbers.append(found)
    if numbers and not contract.items:
        _ask_of_lines(numbers, (list(_numbers(blocks, name, column)) for name, column in money.items()))
    if small:
        titles = ", ".join(f"“{contract.columns[name].title.vi}”" for name in small)
        first = next(iter(small))
        headings[first].remarks.append(
            Remark(Level.WARNING, "columns_small", {"titles": titles, **small[first]})
        )
    asked = set(small)
    for one, other in combinations(money, 2) if not contract.items else ():
        if asked & {one, other} or one == money[other].previous or other == money[one].previous:
            continue
        heading = headings.get(other)
        if heading and _ask_of_columns(heading, blocks, one, other, contract):
            asked.add(other)


def _is_suspected(blocks: Sequence[Block], name: str, column: Column) -> bool:
    """Whether a column needs a second look: most columns are neither so small nor spread so far, and that is seen at once."""
    sizes: list[float] = []
    for block in blocks:
        sizes += [abs(value) for value in block.values.get(name, ()) if type(value) is float and value]
    if not sizes:
        return False
    least, largest, most = min(sizes), max(sizes), column.max or 0
    if largest <= _ALL_BELOW * most and median(sizes) <= _HALF_BELOW * most:
        return True
    if largest < _GAP * least:
        return False
    sizes.sort()
    return any(high >= _GAP * low for low, high in pairwise(sizes))


def _numbers(blocks: Sequence[Block], name: str, column: Column) -> Iterator[_Number]:
    """The good numbers of money of a column, without the zeros."""
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


def _ask_of_lines(suspected: Sequence[Sequence[_Number]], money: Iterable[Sequence[_Number]]) -> None:
    """Lines that are in another unit as a whole: what one column alone shows is its nature. Fees, fines and wages of a few
    thousand stand beside some of many millions, but not those of a commune whose every number is far off.
    """
    slips = [slip for found in suspected for slip in _slips(found)]
    if not slips:
        return
    beside: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for found in money:
        middle = median(one.value for one in found) if found else 0.0
        for one in found:
            beside.setdefault((id(one.block), one.row), []).append((one.value, middle))
    for one, step, shown in slips:
        line = beside[id(one.block), one.row]
        if len(line) > 1:
            ways = (value / middle * _WHOLE_LINE**step for value, middle in line)
            whole = all((way <= 1) if step > 0 else (way >= 1) for way in ways)
        else:
            # Nothing costs less than a thousand đồng.
            whole = step > 0 and not near_unit(one.unit, -1) and one.value < _THOUSAND
        if whole and not _is_asked(one):
            one.block.say(one.row, one.column, Level.WARNING, "line_slip", shown)


def _slips(found: Sequence[_Number]) -> Iterator[tuple[_Number, int, dict[str, str]]]:
    """Numbers far away from all others of their column that a thousand times more (1) or less (−1) would be among them."""
    if len(found) < _FEWEST_BESIDE:
        return
    ordered = sorted(found, key=lambda one: one.value)
    gap, cut = max((high.value / low.value, at) for at, (low, high) in enumerate(pairwise(ordered), 1))
    for few, many, step in ((ordered[:cut], ordered[cut:], 1), (ordered[cut:], ordered[:cut], -1)):
        low, high = many[0].value, many[-1].value
        if gap < max(_GAP, _OF_SPREAD * high / low) or (len(few) > 1 and len(few) * _FEW > len(ordered)):
            continue
        meant = near_unit(few[0].unit, step)
        for one in few if meant else ():
            if low / _BESIDE <= one.value * _THOUSAND**step <= high * _BESIDE:
                shown = {
                    "value": vietnamese(one.value),
                    "unit": one.unit,
                    "low": vietnamese(low),
                    "high": vietnamese(high),
                    "meant": meant,
                }
                yield one, step, shown


def _is_asked(one: _Number) -> bool:
    return any(remark.level for remark in one.block.remarks.get((one.row, one.column), ()))


def _ask_of_columns(
    heading: Cell, blocks: Sequence[Block], one: str, other: str, contract: SheetContract
) -> bool:
    """Whether in every line one of two columns is hundreds of times the other; the heading of the second asks."""
    unit = contract.columns[other].unit
    if contract.columns[one].unit != unit or not unit:
        return False
    least, most, count = float("inf"), 0.0, 0
    for block in blocks:
        pairs = zip(block.values.get(one, ()), block.values.get(other, ()), strict=False)
        for left, right in pairs:
            if type(left) is float and type(right) is float and left and right:
                times = abs(right / left)
                least, most, count = min(least, times), max(most, times), count + 1
                if least <= _APART and most >= 1 / _APART:
                    return False  # as in nearly all tables
    if count < _FEWEST:
        return False
    up = least > _APART
    shown = {
        "other": contract.columns[one].title.vi,
        "times": vietnamese(float(int(least if up else 1 / most))),
        "way": "lớn gấp" if up else "nhỏ hơn",
        "way_en": "larger" if up else "smaller",
        "unit": unit,
    }
    heading.remarks.append(Remark(Level.WARNING, "columns_apart", shown))
    return True
