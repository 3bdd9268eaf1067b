"""What is said of a line as a whole: sums of its cells, order of its days, the last period, hidden and spare cells."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from haidang.engine.contracts.sheets.block import Block
from haidang.engine.contracts.sheets.book import Mark, Sheet, Value, column_letters
from haidang.engine.contracts.sheets.cut_lines import ask_of_cut_lines
from haidang.engine.contracts.sheets.definition import NUMERIC, SheetContract
from haidang.engine.contracts.sheets.delimited import DelimitedSheet
from haidang.engine.contracts.sheets.notes import explains
from haidang.engine.contracts.sheets.numerals import shown_raw, vietnamese
from haidang.engine.contracts.sheets.seen import Seen
from haidang.engine.contracts.sheets.sums import change_remark, parts_remark
from haidang.engine.contracts.sheets.verdict import Level, Remark, address, without_ours
from haidang.engine.places.names import comparable

_OF_CODES = re.compile(r"ma\b")
# Value of the last period by key of the line and name of the column.
Earlier = Mapping[tuple[tuple[Any, ...], str], float]


def across(block: Block, contract: SheetContract, earlier: Earlier) -> None:
    """Parts, order of days and the last period, line by line."""
    by_name = {name: column for column, name in block.layout.columns.items()}
    values = block.values
    for name, index in by_name.items():
        column = contract.columns[name]
        if column.not_before in values:
            for place, (own, other) in enumerate(zip(values[name], values[column.not_before], strict=True)):
                if isinstance(own, date) and isinstance(other, date) and own < other:
                    shown = {
                        "value": f"{own:%d/%m/%Y}",
                        "other": f"{other:%d/%m/%Y}",
                        "title": contract.columns[column.not_before].title.vi,
                    }
                    block.say(block.rows[place][0], index, Level.FAULT, "before_other", shown)
        if column.parts and all(part in values for part in column.parts):
            for place, value in enumerate(values[name]):
                parts = [v for part in column.parts if isinstance(v := values[part][place], float)]
                number = block.rows[place][0]
                words = " + ".join(address(number, by_name[part]) for part in column.parts)
                if (
                    isinstance(value, float)
                    and parts
                    and (remark := parts_remark(value, parts, words, column))
                ):
                    block.remarks.setdefault((number, index), []).append(remark)
        if column.previous or earlier:
            _changes(block, name, index, contract, earlier)


def _changes(block: Block, name: str, index: int, contract: SheetContract, earlier: Earlier) -> None:
    column = contract.columns[name]
    if column.type not in NUMERIC or not (column.previous or column.jump):
        return
    notes = [n for n in block.values if contract.columns[n].type == "note"]
    there = block.values.get(column.previous)
    # So small a change says nothing, whatever the line is.
    least = min([one.jump or column.jump or 0 for one in contract.items.values()] or [column.jump or 0])
    alike = min(least, 90.0) / 100
    for place, value in enumerate(block.values[name]):
        before = _before(block, name, place, contract, earlier) if earlier else there and there[place]
        if not isinstance(value, float) or not isinstance(before, float):
            continue
        if before and abs(value / before - 1) < alike:
            continue
        number = block.rows[place][0]
        line = block.lines[place] if block.lines else None

        def explain(place: int = place, number: int = number) -> str:
            written = [str(v) for n in notes if (v := block.values[n][place])]
            comment = without_ours(block.sheet.comments.get((number, index), ""))
            return next((words for words in (comment, " ".join(written)) if explains(words)), "")

        unit = column.unit or (line.item.unit if line and line.item else "")
        remark = change_remark(value, before, unit, column, line.item if line else None, explain)
        said = block.remarks.get((number, index), [])
        # What is wrong already need not be explained as a change too.
        if remark and not (remark.code == "jump" and any(r.level is Level.FAULT for r in said)):
            block.remarks.setdefault((number, index), []).append(remark)


def _before(block: Block, name: str, place: int, contract: SheetContract, earlier: Earlier) -> float | None:
    key = key_of(block, place, contract)
    if (key, name) in earlier:
        return earlier[key, name]
    found = block.values.get(contract.columns[name].previous)
    value = found[place] if found else None
    return value if isinstance(value, float) else None


def key_of(block: Block, place: int, contract: SheetContract) -> tuple[Any, ...]:
    """What names a line from one period to the next."""
    names = [contract.item_column] if contract.items else contract.key
    return tuple(block.values[name][place] for name in names if name in block.values)


def nameless(block: Block, contract: SheetContract) -> None:
    """The numbers of a line of which nobody knows what it is about are read and not taken: they say so."""
    by_name = {name: column for column, name in block.layout.columns.items()}
    numeric = [name for name in by_name if contract.columns[name].type in NUMERIC]
    names = (
        [contract.item_column] if contract.items else [name for name in contract.key if name in block.values]
    )
    for key in names:
        if None not in block.values[key]:
            continue
        for place, value in enumerate(block.values[key]):
            if value is not None:
                continue
            number = block.rows[place][0]
            for name in numeric:
                if block.values[name][place] is not None:
                    shown = {"label": address(number, by_name[key])}
                    block.say(number, by_name[name], Level.WARNING, "nameless", shown)


def by_format(mark: Mark, raw: Value) -> Remark | None:
    """What is said of a number whose format shows nothing of it, or a minus it does not have."""
    if not isinstance(raw, float) or not raw:
        return None
    if mark.unshown:
        return Remark(Level.WARNING, "hidden_number", {"raw": vietnamese(raw)})
    if mark.negative and raw > 0:
        return Remark(Level.WARNING, "shown_negative", {"raw": vietnamese(raw)})
    return None


def hidden(block: Block, marks: Mapping[int, Mapping[int, Mark]]) -> None:
    """Numbers nobody sees, by hidden lines and columns or by their format. `marks`: column → place → mark."""
    sheet = block.sheet
    for column in block.layout.columns:
        for place, mark in marks.get(column, {}).items() if marks else ():
            number, cells = block.rows[place]
            if told := by_format(mark, cells[column]):
                block.remarks.setdefault((number, column), []).append(told)
    if not (sheet.hidden_rows or sheet.hidden_columns):
        return
    for number, cells in block.rows:
        for column in block.layout.columns:
            if column < len(cells) and cells[column] is not None and (told := unseen(sheet, number, column)):
                block.say(number, column, *told)


def unseen(sheet: Sheet, number: int, column: int) -> Remark | None:
    """What is to be said of a cell in a hidden line or column."""
    if number in sheet.hidden_rows:
        return Remark(Level.WARNING, "hidden_row", {})
    if column in sheet.hidden_columns:
        return Remark(Level.WARNING, "hidden_column", {"column": column_letters(column)})
    return None


def codes_beside(block: Block, contract: SheetContract, names: Mapping[str, str]) -> None:
    """Codes of communes in a column beside their names: one of another commune leaves open whose line it is. `names`: code → name."""
    place = next((n for n in contract.key if n in block.values and contract.columns[n].type == "place"), None)
    if place is None:
        return
    index = next(c for c, name in block.layout.columns.items() if name == place)
    spare = [
        column
        for column, (_, title) in block.layout.titles.items()
        if column not in block.layout.columns and _OF_CODES.match(comparable(title))
    ]
    for column in spare:
        for (number, cells), code in zip(block.rows, block.values[place], strict=True):
            raw = cells[column] if column < len(cells) else None
            written = (
                f"{raw:05.0f}" if isinstance(raw, float) and raw.is_integer() else str(raw or "").strip()
            )
            if code is not None and written != code and written in names:
                shown = {
                    "raw": written,
                    "named": names[written],
                    "name": names[str(code)],
                    "at": address(number, index),
                }
                block.say(number, column, Level.FAULT, "code_differs", shown)


def spare_columns(block: Block, contract: SheetContract, told: Collection[tuple[int, int]] = ()) -> None:
    """Cells of no column of the contract; of those in `told` everything is said."""
    width = max(len(cells) for _, cells in block.rows)
    known = block.layout.columns
    if isinstance(block.sheet, DelimitedSheet):
        ask_of_cut_lines(block, block.sheet, contract)
    for column in range(width):
        if column in known:
            continue
        titled, asked = column in block.layout.titles, column in block.layout.asked
        for number, cells in block.rows:
            raw = cells[column] if column < len(cells) else None
            if (number, column) in told:
                continue
            if column == block.layout.unit_column and isinstance(raw, str):
                block.say(number, column, Level.GOOD, "unit_cell", {})
                continue
            if raw is not None and (asked or (titled and not isinstance(raw, float))):
                block.say(number, column, Level.GOOD, "unused_column", {})
            elif raw is not None:
                block.say(number, column, Level.WARNING, "unused", shown_raw(raw))


def double_keys(block: Block, contract: SheetContract, seen: Seen) -> None:
    """Lines whose key stood before, in this block or an earlier one."""
    key = [name for name in contract.key if name in block.values]
    if not key or len(key) < len(contract.key):
        return
    column = next(c for c, name in block.layout.columns.items() if name == key[0])
    title = contract.columns[key[0]].title.vi
    columns = [
        [v.casefold() if type(v) is str and v.isascii() else _same(v) for v in block.values[name]]
        for name in key
    ]
    tuples = columns[0] if len(key) == 1 else zip(*columns, strict=True)
    named = [
        (row, one)
        for row, one in zip(block.rows, tuples, strict=True)
        if one is not None and not (isinstance(one, tuple) and None in one)
    ]
    if not named:
        return
    # The hash alone is kept: the memory of a list of a million dossiers.
    firsts = seen.first_lines([hash(one) for _, one in named], [number for (number, _), _ in named])
    for ((number, cells), _), first in zip(named, firsts, strict=True):
        if first != number:
            shown = {"raw": str(cells[column]), "title": title, "first": first}
            block.say(number, column, Level.FAULT, "duplicate", shown)


def _same(value: Value) -> Value:
    """What keys are compared in: “SỞ Y TẾ” is “Sở Y tế”."""
    if not isinstance(value, str):
        return value
    return value.casefold() if value.isascii() else comparable_once(value)


comparable_once = lru_cache(65536)(comparable)
