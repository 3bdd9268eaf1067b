"""Everything in a file that is no line of data: titles, headings, notes, sections, other sheets. Each cell has a fate."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from haidang.engine.contracts.sheets.block import Block
from haidang.engine.contracts.sheets.book import Sheet, Value, safely
from haidang.engine.contracts.sheets.brackets import that_says_more
from haidang.engine.contracts.sheets.choosing import Chosen, is_of_another
from haidang.engine.contracts.sheets.days import Period, stated
from haidang.engine.contracts.sheets.definition import NUMERIC, Column, SheetContract
from haidang.engine.contracts.sheets.headings import Headings
from haidang.engine.contracts.sheets.layout import Layout
from haidang.engine.contracts.sheets.lettering import clean
from haidang.engine.contracts.sheets.numerals import (
    factor,
    is_known_unit,
    one_of,
    read_number,
    shown_raw,
    unit_of,
)
from haidang.engine.contracts.sheets.origin import periods_said
from haidang.engine.contracts.sheets.said_periods import OF_ANOTHER, names, of_another_period
from haidang.engine.contracts.sheets.subject import Subject
from haidang.engine.contracts.sheets.unit_words import BRACKET, spoken_unit, stated_unit, states_unit, unit_in
from haidang.engine.contracts.sheets.verdict import Cell, Fate, Level, Remark, address, is_ours
from haidang.engine.places.names import fold

_LONGEST_FIGURE = 40
_DIGIT = re.compile(r"\d")
_DIGIT_FIRST = re.compile(r"\W*(?:[1-9]|0(?!\d))")


def above(layout: Layout, period: Period | None, subject: Subject) -> list[Cell]:
    """Titles, and whether they name the period and what the contract is about."""
    found: list[Cell] = []
    titles: list[tuple[Cell, str]] = []
    for number, cells in layout.head:
        if number >= layout.first:
            break
        said = layout.sheet.words(number, cells)
        for column, raw in enumerate(cells):
            if raw is None:
                continue
            note = [Remark(Level.GOOD, "note", {})]
            cell = Cell(layout.sheet.name, number, column, raw, "note", remarks=note)
            found.append(cell)
            if isinstance(word := said[column], str):
                titles.append((cell, clean(word)[0]))
    _ask_of_units(layout, titles, subject.contract)
    sure = period is not None and any(names(word, period) for _, word in titles)
    foreign = subject.others(word for _, word in titles)
    for cell, word in titles:
        if period and (remark := of_another_period(word, period, subject.contract, sure=sure)):
            cell.remarks = [remark]
        if word in foreign:
            shown = {"raw": " ".join(word.split()), "wanted": subject.contract.title.vi}
            cell.remarks.append(Remark(Level.WARNING, "other_subject", shown))
    return found


def _ask_of_units(layout: Layout, titles: list[tuple[Cell, str]], contract: SheetContract) -> None:
    """Where no unit is stated, one that a title speaks of may be that of the table."""
    if layout.unit:
        return
    for cell, word in titles:
        unit = spoken_unit(word)
        for column, name in layout.columns.items() if unit else ():
            wanted = contract.columns[name].unit
            times = (
                factor(unit, wanted, contract.units)
                if wanted and not unit_in(layout.titles[column][1])
                else 1
            )
            if times not in {None, 1}:
                cell.remarks.append(
                    Remark(
                        Level.WARNING,
                        "unit_spoken",
                        {"unit": (unit_of(unit) or (unit, 0))[0], "wanted": wanted},
                    )
                )
                break


def headings_of(layout: Layout, headings: Headings) -> list[Cell]:
    contract = headings.contract
    found: dict[tuple[int, int], Cell] = {}
    for number, cells in layout.head:
        if layout.first <= number <= layout.last:
            for column, raw in enumerate(cells):
                if raw is not None:
                    told = [Remark(Level.GOOD, "header", {})]
                    found[number, column] = Cell(
                        layout.sheet.name, number, column, raw, "header", remarks=told
                    )
    for column, (row, title) in layout.titles.items():
        cell = _heading_at(found, layout, row, column)
        if cell is None or column == layout.unit_column or _is_unit_of_all(layout, cell, title):
            continue
        if column not in layout.columns:
            layout.asked.add(column)
        if column in layout.twice:
            other = layout.twice[column]
            shown = {"title": title, "other": address(layout.titles[other][0], other)}
            cell.remarks.append(Remark(Level.FAULT, "two_columns", shown))
        elif column in layout.columns:
            cell.field = layout.columns[column]
            cell.remarks += _of_strange_group(layout, column, contract) + _of_bracket(
                layout, column, headings
            )
        else:
            cell.remarks.append(Remark(Level.WARNING, "unknown_column", {"title": title}))
    _ask_of_odd_units(found, layout, contract)
    for name, known in contract.columns.items():
        if known.required and name not in layout.fields:
            lack = Remark(Level.FAULT, "column_missing", {"title": known.title.vi})
            found[layout.last, -len(found) - 1] = Cell(
                layout.sheet.name, layout.last, -1, None, "missing", remarks=[lack]
            )
    return list(found.values())


def _is_unit_of_all(layout: Layout, cell: Cell, title: str) -> bool:
    """“ĐVT: triệu đồng” behind the last heading."""
    return (
        cell.column not in layout.columns and layout.unit_at == (cell.row, cell.column) and states_unit(title)
    )


def _ask_of_odd_units(found: dict[tuple[int, int], Cell], layout: Layout, contract: SheetContract) -> None:
    for column, (row, unit) in layout.odd_units.items():
        known = contract.columns[layout.columns[column]]
        shown = {"unit": unit, "title": f"“{known.title.vi}”", "wanted": known.unit}
        found[row, column].remarks.append(Remark(Level.WARNING, "unit_unsure", shown))


def _heading_at(found: dict[tuple[int, int], Cell], layout: Layout, row: int, column: int) -> Cell | None:
    """The cell that heads a column; for one that says what another does also a cell merged over both."""
    cell = found.get((row, column)) or next(
        (one for (_, c), one in sorted(found.items()) if c == column), None
    )
    if cell or column not in layout.twice:
        return cell
    over = (m for m in layout.sheet.merges if m[0] <= row <= m[2] and m[1] <= column <= m[3])
    return next((found[m[0], m[1]] for m in over if (m[0], m[1]) in found), None)


def of_sheet(layout: Layout, period: Period | None, said: list[Cell]) -> list[Remark]:
    """What is asked of the sheet a table stands on: hidden, or named after another period. `said`: the cells above the lines."""
    hidden = Remark(Level.WARNING, "hidden_sheet", {"sheet": layout.sheet.name})
    named = _of_other_period(layout, period, said)
    return ([] if layout.sheet.visible else [hidden]) + ([named] if named else [])


def _of_other_period(layout: Layout, period: Period | None, said: list[Cell]) -> Remark | None:
    """A sheet named after another period, where no title says which one it is of (“T9” handed in for October)."""
    if period is None or not is_of_another(layout.sheet.name, period):
        return None
    words = [cell.raw for cell in said if cell.fate == "note" and isinstance(cell.raw, str)]
    if any(names(word, period) for word in words):
        return None
    shown = {"name": layout.sheet.name, "wanted": str(period), "wanted_en": period.words("en")}
    return Remark(Level.WARNING, "sheet_period", shown)


def _of_strange_group(layout: Layout, column: int, contract: SheetContract) -> list[Remark]:
    if column not in layout.strange:
        return []
    title = contract.columns[layout.columns[column]].title.vi
    shown = {"raw": " ".join(layout.strange[column].split()), "title": title}
    return [Remark(Level.WARNING, "group_heading", shown)]


def _of_bracket(layout: Layout, column: int, headings: Headings) -> list[Remark]:
    """A bracket beside that of the unit, which is asked about at each number where it is none."""
    name, title = layout.columns[column], layout.titles[column][1]
    known = headings.contract.columns[name]
    if known.type not in NUMERIC or len(BRACKET.findall(title)) < 2:
        return []
    unit = unit_in(title)

    def same(words: str) -> bool:
        return words == unit or headings.name_of([words]) == name

    more = that_says_more(title, headings.contract, headings.period, same)
    if not more:
        return []
    shown = {"raw": " ".join(title.split()), "title": known.title.vi, "more": more}
    return [Remark(Level.WARNING, "bracket_read", shown)]


def _section_of_another(raw: str, period: Period) -> Remark | None:
    """A part of the table headed by another period than the one that is reported, and not to compare with it."""
    told = stated(raw, period.kind)
    if told in (None, period) or OF_ANOTHER.search(fold(raw)):
        return None
    return Remark(Level.WARNING, "wrong_period", periods_said(told, period))


def beside(
    contract: SheetContract,
    layout: Layout,
    number: int,
    cells: list[Value],
    kind: str,
    period: Period | None = None,
) -> list[Cell]:
    """The cells of a row that is no line of data."""
    found: list[Cell] = []
    fate: Fate = {
        "header_again": "header",
        "column_numbers": "header",
        "other_table": "header",
        "section": "label",
        "stray": "ignored",
    }.get(kind, "note")  # type: ignore[assignment]
    for column, raw in enumerate(cells):
        if raw is None:
            continue
        name = layout.columns.get(column, "")
        numbers = bool(name) and contract.columns[name].type == "order"
        remark = Remark(Level.GOOD, "order" if numbers else kind, {})
        if (
            isinstance(raw, str)
            and kind in {"note", "section", "stray"}
            and (late := _late_unit(contract, layout, raw))
        ):
            remark = late
        elif kind == "section" and not name and column in layout.asked:
            remark = Remark(Level.GOOD, "unused_column", {})
        elif kind == "stray" or (isinstance(raw, float) and not numbers and kind in {"section", "note"}):
            remark = Remark(Level.WARNING, "unused", shown_raw(raw))
        if isinstance(raw, str) and kind == "section" and period:
            remark = _section_of_another(raw, period) or remark
        if kind == "other_table":
            level = Level.GOOD if found else Level.FAULT
            remark = Remark(level, "header" if found else "other_table", {})
        found.append(
            Cell(
                layout.sheet.name,
                number,
                column,
                raw,
                "ignored" if remark.code in {"unused", "unused_column"} else fate,
                remarks=[remark],
            )
        )
    return found


def _late_unit(contract: SheetContract, layout: Layout, raw: str) -> Remark | None:
    """A unit that is stated after the numbers, and is not the one they were read in."""
    unit = stated_unit(raw)
    found: Remark | None = None
    for column, name in layout.columns.items() if unit else ():
        wanted = contract.columns[name].unit
        heading = unit_in(layout.titles[column][1])
        own = heading or one_of(layout.unit, wanted, contract.units)
        times = factor(unit, wanted, contract.units) if wanted else None
        if times is not None and times != (factor(own, wanted, contract.units) if own else 1):
            code = "unit_between" if heading else "unit_below"
            found = Remark(Level.FAULT, code, {"unit": unit, "wanted": own or wanted})
            if heading:
                break
    return found


def _is_figure(text: str) -> bool:
    """A number kept as a text, also one that has two readings; “12 xã chưa gửi” is a sentence, “0276…” a telephone."""
    if len(text) > _LONGEST_FIGURE or not _DIGIT_FIRST.match(text):
        return False
    found = read_number(clean(text)[0])
    return found.value is not None and (not found.unit or is_known_unit(found.unit))


def apart(
    sheet: Sheet, chosen: Chosen, period: Period | None, columns: Mapping[str, Column]
) -> Iterator[Block]:
    """The cells of a sheet that is not meant: none is dropped without a word, and one of them asks for all."""
    others, wanted = chosen.others, chosen.layout.sheet.name
    shown: dict[str, Any] = {"sheet": sheet.name, "wanted": wanted}
    code = "other_sheet"
    if sheet.name in others and period:
        code, shown = "old_sheet", {"sheet": sheet.name, **periods_said(others[sheet.name], period)}
    rows = safely(sheet)
    top = next(rows, None)
    # Our own answer repeats what stands in the file, and the sheets of our templates hold no figures of the office.
    ours = top is not None and is_ours(sheet.name, top[1])
    asks = not ours and (code == "other_sheet" or sheet.name == next(iter(others)))
    block = Block(sheet, chosen.layout, [])
    first: Cell | None = None
    numbers = 0
    # Under headings as those of the table everything with a digit is meant as a number.
    like = chosen.alike.get(sheet.name)
    figures = {c for c, name in like.columns.items() if columns[name].type in NUMERIC} if like else set()
    below = like.last if like else 0
    for number, cells in chain([top] if top else [], rows):
        for column, raw in enumerate(cells):
            if raw is None:
                continue
            cell = Cell(sheet.name, number, column, raw, "ignored", remarks=[Remark(Level.GOOD, code, shown)])
            is_figure = isinstance(raw, float) or (
                asks
                and isinstance(raw, str)
                and (
                    _is_figure(raw)
                    or (number > below and column in figures and _DIGIT.search(raw) is not None)
                )
            )
            numbers += is_figure
            if asks and first is None and (is_figure or code == "old_sheet"):
                first = cell
            else:
                block.others.append(cell)
        if len(block.others) > 5000:
            yield block
            block = Block(sheet, chosen.layout, [])
    if first:
        if code == "old_sheet":
            names = ", ".join(f"“{name}”" for name in others)
            told = ", ".join(dict.fromkeys(map(str, others.values())))
            told_en = ", ".join(dict.fromkeys(one.words("en") for one in others.values()))
            asked = {**shown, "names": names, "stated": told, "stated_en": told_en}
            first.remarks = [Remark(Level.WARNING, "sheets_of_others", asked)]
        else:
            first.remarks = [Remark(Level.WARNING, "other_numbers", {**shown, "count": numbers})]
        block.others.append(first)
    yield block
