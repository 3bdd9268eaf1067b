"""Lines of a text whose separator stands within a number or a heading without quotes: all cells behind it have moved by one."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from haidang.engine.contracts.sheets.block import Block
from haidang.engine.contracts.sheets.book import Unreadable, Value
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.contracts.sheets.delimited import DelimitedSheet
from haidang.engine.contracts.sheets.headings import Headings, heading
from haidang.engine.contracts.sheets.layout import Row
from haidang.engine.contracts.sheets.notes import is_number
from haidang.engine.contracts.sheets.numerals import read_number
from haidang.engine.contracts.sheets.verdict import Level, address

_BEFORE, _BEHIND = re.compile(r"[1-9]\d{0,2}"), re.compile(r"\d{3}")
# Lines with fewer cells are titles and notes.
_LINE = 3


def rejoined(headings: Headings, sheet: DelimitedSheet, head: list[Row]) -> list[Row]:
    """The first lines of a text, with “Xã” and “phường” as one heading where the lines below have one cell fewer. Raises
    Unreadable where they have, and no two headings are one.
    """
    place, known = max(
        ((at, sum(_name(headings, [cell]) != "" for cell in cells)) for at, (_, cells) in enumerate(head)),
        key=lambda one: one[1],
        default=(0, 0),
    )
    if known < 2:
        return head
    number, cells = head[place]
    below = Counter(sheet.width(n) for n, row in head[place + 1 :] if len(row) - row.count(None) >= _LINE)
    wide, lines = len(cells), sum(below.values())
    if wide <= _LINE or not below[wide - 1] or below[wide - 1] * 2 < lines:
        return head
    words = [str(cell or "") for cell in cells]
    joined = [f"{one.strip()}{sheet.sign} {other.strip()}" for one, other in pairwise(words)]
    ones = [column for column, both in enumerate(joined) if heading(both, headings.period) in headings.words]
    if len(ones) == 1:
        (column,) = ones
        found: list[Value] = [*cells[:column], joined[column], *cells[column + 2 :]]
        return [*head[:place], (number, found), *head[place + 1 :]]
    if below[wide - 1] < lines:
        return head
    # A note that no line has may have been left away with its separator.
    spaced = sum(word.startswith(" ") for word in words)
    name = _name(headings, [cells[-1]])
    if name and headings.contract.columns[name].type == "note" and spaced != 1:
        return head
    start = address(number, next((c for c, word in enumerate(words) if word.startswith(" ")), 0))
    raise Unreadable("rows_shorter", {"cell": start, "wide": wide, "count": wide - 1, "sign": sheet.sign})


def _name(headings: Headings, cells: list[Value]) -> str:
    texts = [cell for cell in cells if isinstance(cell, str) and cell.strip()]
    return (headings.name_of(texts) or "") if texts else ""


def ask_of_cut_lines(block: Block, sheet: DelimitedSheet, contract: SheetContract) -> None:
    """Numbers of lines with more cells than headings, or than the other lines and a number in two pieces, are not taken."""
    last = max(block.layout.titles)
    notes = [c for c, name in block.layout.columns.items() if contract.columns[name].type == "note"]
    # A note of words stands where it should, and some lines have none.
    filled = [
        len(cells) - cells.count(None) - sum(_is_words(cells, column) for column in notes)
        for _, cells in block.rows
    ]
    counts = Counter(filled)
    usual = min(count for count, times in counts.items() if times == max(counts.values()))
    orders = {c for c, name in block.layout.columns.items() if contract.columns[name].type == "order"}
    for place, (number, cells) in enumerate(block.rows):
        spill = next(
            (c for c in range(last + 1, len(cells)) if read_number(str(cells[c] or "")).value is not None),
            None,
        )
        if spill is None and filled[place] > usual and sheet.width(number) > last + 1:
            spill = sheet.width(number) - 1
        if spill is not None:
            _refuse(block, place, "shifted", {"spill": address(number, spill)})
            continue
        if filled[place] == usual or sheet.sign != "," or (pair := _pair(cells, orders)) is None:
            continue
        shown = {
            "first": str(cells[pair]),
            "second": str(cells[pair + 1]),
            "at": address(number, pair),
            "count": filled[place],
            "usual": usual,
        }
        if filled[place] < usual:
            block.say(number, pair, Level.WARNING, "cut_apart", shown)
        else:
            _refuse(block, place, "cut_apart", shown)


def _is_words(cells: list[Value], column: int) -> bool:
    cell = cells[column] if column < len(cells) else None
    return isinstance(cell, str) and not is_number(cell)


def _pair(cells: list[Value], orders: set[int]) -> int | None:
    """The first of two cells that look like “13,775” cut in two; None where none do."""
    for column in range(len(cells) - 1):
        one, other = cells[column], cells[column + 1]
        if (
            column not in orders
            and isinstance(one, str)
            and isinstance(other, str)
            and _BEFORE.fullmatch(one.strip())
            and _BEHIND.fullmatch(other.strip())
        ):
            return column
    return None


def _refuse(block: Block, place: int, code: str, shown: dict[str, object]) -> None:
    number = block.rows[place][0]
    for column, name in block.layout.columns.items():
        if isinstance(block.values[name][place], float):
            block.values[name][place] = None
            block.say(number, column, Level.FAULT, code, shown)
