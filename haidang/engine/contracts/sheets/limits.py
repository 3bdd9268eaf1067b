"""What a cell may not exceed – the whole it is a part of, today – and cells that are asked for in some lines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from haidang.engine import clock
from haidang.engine.contracts.sheets.block import Block
from haidang.engine.contracts.sheets.definition import NUMERIC, Long, SheetContract, When
from haidang.engine.contracts.sheets.numerals import vietnamese
from haidang.engine.contracts.sheets.verdict import Cell, Level, Remark, address

# What conversions of units are off by.
_NOISE = 1e-9
# Shares are often rounded to whole percents.
_HALF = 0.5 + _NOISE


def limits(block: Block, contract: SheetContract) -> None:
    """Line by line, once the values of all its columns are known."""
    by_name = {name: index for index, name in block.layout.columns.items()}
    for name, index in by_name.items():
        column = contract.columns[name]
        if column.at_most in by_name:
            _above(block, contract, name, column.at_most, (Level.FAULT, "above_whole"), by_name)
        if column.asked_above in by_name:
            _above(block, contract, name, column.asked_above, (Level.WARNING, "above_asked"), by_name)
        if column.share_of and all(other in by_name for other in column.share_of):
            _shares(block, contract, name, column.share_of, by_name)
        if column.change_of and all(other in by_name for other in column.change_of):
            _shares(block, contract, name, column.change_of, by_name)
        if column.not_after:
            _days(block, contract, name, index)
        if column.asked_before:
            _long_before(block, contract, name, column.asked_before, by_name)
        if column.needed_when and column.needed_when.column in by_name:
            _when(block, contract, name, column.needed_when, by_name, filled=False)
        if column.empty_when and column.empty_when.column in by_name:
            _when(block, contract, name, column.empty_when, by_name, filled=True)


def _above(
    block: Block,
    contract: SheetContract,
    name: str,
    whole: str,
    say: tuple[Level, str],
    by_name: Mapping[str, int],
) -> None:
    for place, (own, other) in enumerate(zip(block.values[name], block.values[whole], strict=True)):
        if not (isinstance(own, float) and isinstance(other, float) and exceeds(own, other)):
            continue
        number = block.rows[place][0]
        if say[0] is Level.WARNING and _stands_alone(block, place):
            continue
        if _faulty(block, number, by_name[name]) or _faulty(block, number, by_name[whole]):
            continue
        titles = contract.columns[name].title.vi, contract.columns[whole].title.vi
        block.say(number, by_name[name], *say, _shown(own, other, *titles, address(number, by_name[whole])))


def exceeds(own: float, whole: float) -> bool:
    return own > whole + _NOISE * abs(whole)


def _shown(own: float, other: float, title: str, whole: str, at: str) -> dict[str, str]:
    return {"value": vietnamese(own), "other": vietnamese(other), "title": title, "whole": whole, "at": at}


def _faulty(block: Block, row: int, column: int) -> bool:
    return any(remark.level is Level.FAULT for remark in block.remarks.get((row, column), ()))


def _stands_alone(block: Block, place: int) -> bool:
    """Whether a line is an index, counted in percent – it neither adds up over months nor is compared once more – or one that
    nobody knows, of which that is said.
    """
    line = block.lines[place] if block.lines else None
    return line is not None and (line.nameless or (line.item is not None and line.item.unit == "%"))


def _shares(
    block: Block, contract: SheetContract, name: str, of: list[str], by_name: Mapping[str, int]
) -> None:
    """Percents, and numbers for each (days for each document), beside the two numbers they come from. A change may be
    written as 103,1 or as 3,1.
    """
    column = contract.columns[name]
    times, code = (100, "share_differs") if column.type == "percent" else (1, "mean_differs")
    values = zip(block.values[name], block.values[of[0]], block.values[of[1]], strict=True)
    for place, (own, part, whole) in enumerate(values):
        if not (isinstance(own, float) and isinstance(part, float) and isinstance(whole, float)) or not whole:
            continue
        share, number = part / whole * times, block.rows[place][0]
        if abs(own - share) <= _HALF or (column.change_of and abs(own + 100 - share) <= _HALF):
            continue
        if column.change_of and _stands_alone(block, place):
            continue
        if any(_faulty(block, number, by_name[one]) for one in (name, *of)):
            continue
        shown = {
            "value": vietnamese(own),
            "share": vietnamese(round(share, 1)),
            "part": address(number, by_name[of[0]]),
            "whole": address(number, by_name[of[1]]),
        }
        block.say(number, by_name[name], Level.WARNING, code, shown)


def _days(block: Block, contract: SheetContract, name: str, index: int) -> None:
    today = clock.local(clock.now()).date()
    for place, value in enumerate(block.values[name]):
        if isinstance(value, date) and value > today:
            shown = {
                "value": f"{value:%d/%m/%Y}",
                "title": contract.columns[name].title.vi,
                "today": f"{today:%d/%m/%Y}",
            }
            block.say(block.rows[place][0], index, Level.FAULT, "in_future", shown)


def _long_before(
    block: Block, contract: SheetContract, name: str, long: Long, by_name: Mapping[str, int]
) -> None:
    for place, own in enumerate(block.values[name]):
        if not isinstance(own, date):
            continue
        for other in long.columns:
            later = block.values[other][place] if other in by_name else None
            if isinstance(later, date) and (later - own).days > long.days:
                number = block.rows[place][0]
                shown = {
                    "value": f"{own:%d/%m/%Y}",
                    "other": f"{later:%d/%m/%Y}",
                    "title": contract.columns[name].title.vi,
                    "later": contract.columns[other].title.vi,
                    "at": address(number, by_name[other]),
                    "days": vietnamese(float((later - own).days)),
                }
                block.say(number, by_name[name], Level.WARNING, "long_before", shown)
                break


def _when(
    block: Block, contract: SheetContract, name: str, when: When, by_name: Mapping[str, int], *, filled: bool
) -> None:
    """Cells that are filled, or are not, where the choice of their line says otherwise."""
    other = contract.columns[when.column]
    for place, (own, state) in enumerate(zip(block.values[name], block.values[when.column], strict=True)):
        if (own is not None) is not filled or state not in when.one_of:
            continue
        number = block.rows[place][0]
        if not _faulty(block, number, by_name[name]):
            shown = {
                "title": contract.columns[name].title.vi,
                "other": other.title.vi,
                "state": other.choices[str(state)].title.vi,
                "at": address(number, by_name[when.column]),
            }
            block.say(number, by_name[name], Level.WARNING, "empty_when" if filled else "needed_when", shown)


def judge_limits(contract: SheetContract, items: Mapping[str, Mapping[str, Cell]]) -> None:
    """Lines known by name that count a part of another one, in every column that adds up."""
    for name, item in contract.items.items():
        for field_name, cell in items.get(name, {}).items():
            column = contract.columns[field_name]
            whole = items.get(item.at_most, {}).get(field_name)
            if whole is None or column.type not in NUMERIC - {"percent"} or not column.additive:
                continue
            if not (isinstance(cell.value, float) and isinstance(whole.value, float)):
                continue
            if exceeds(cell.value, whole.value) and Level.FAULT not in (cell.level, whole.level):
                titles = item.title.vi, contract.items[item.at_most].title.vi
                shown = _shown(cell.value, whole.value, *titles, whole.address)
                cell.remarks.append(Remark(Level.FAULT, "above_whole", shown))
