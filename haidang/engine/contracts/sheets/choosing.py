"""Which sheet of a file holds the table of a contract, and where its headings stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice
from typing import NamedTuple

from haidang.engine.contracts.sheets.book import Book, Sheet, Unreadable, safely
from haidang.engine.contracts.sheets.cut_lines import rejoined
from haidang.engine.contracts.sheets.days import Period, numbered, stated
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.contracts.sheets.delimited import DelimitedSheet
from haidang.engine.contracts.sheets.headings import Headings
from haidang.engine.contracts.sheets.layout import Layout, Row
from haidang.engine.contracts.sheets.locating import SEARCHED, find_layout
from haidang.engine.contracts.sheets.turned import turned
from haidang.engine.contracts.sheets.verdict import address
from haidang.engine.contracts.sheets.wording import folded
from haidang.engine.places.names import fold

_YEAR_OF_SHEET = re.compile(r"(?:(?:thang|t|quy|q|tuan) ?\d{1,2}[ ._/-]+)?(?:nam )?(20\d\d)")


class Chosen(NamedTuple):
    """The table that is meant and its rows below the headings; `others`: sheets with the same table of another period."""

    layout: Layout
    body: Iterator[Row]
    others: dict[str, Period]
    # Sheets that have the headings too.
    alike: dict[str, Layout]


def choose(book: Book, contract: SheetContract, headings: Headings, period: Period | None) -> Chosen:
    """Raises Unreadable where no sheet has the headings, or two fit alike."""
    named = {folded(word) for word in contract.sheets}
    needed = {name for name, column in contract.columns.items() if column.required}
    found: list[tuple[tuple[bool, bool, bool, int, bool, int], Layout, Iterator[Row]]] = []
    best_words: tuple[int, str] = (0, "")
    start, heads = "A1", list[tuple[Sheet, list[Row]]]()
    for sheet in book.sheets:
        stream = safely(sheet)
        head = list(islice(stream, SEARCHED))
        if isinstance(sheet, DelimitedSheet):
            head = rejoined(headings, sheet, head)
        layout = find_layout(
            headings, sheet, [(number, sheet.words(number, cells)) for number, cells in head]
        )
        heads.append((sheet, head))
        if layout is None:
            continue
        layout.head = head
        titles = [contract.columns[name].title.vi for name in layout.fields]
        if len(titles) > best_words[0]:
            best_words = len(titles), ", ".join(titles)
            start = address(layout.first, min(layout.columns))
        # Lines that are known by name need the column that names them.
        named_lines = not contract.items or contract.item_column in layout.fields
        if named_lines and len(layout.columns) >= _least(contract):
            # A column more or less, or a heading misspelt, does not make last month's sheet the one of this month.
            of_period = _by_name(sheet.name, period) + _stated_above(layout, period)
            rank = (
                sheet.visible,
                of_period >= 0,
                folded(sheet.name) in named,
                of_period,
                needed <= layout.fields,
                len(layout.columns),
            )
            found.append((rank, layout, stream))
    if not found:
        for sheet, head in heads:
            if refused := turned(headings, sheet, head, _least(contract)):
                raise refused
        wanted = ", ".join(c.title.vi for c in contract.columns.values() if c.required)
        name = ", ".join(sheet.name for sheet in book.sheets)
        raise Unreadable(
            "no_header",
            {
                "wanted": wanted,
                "sheet": name,
                "cell": start,
                "found": f"chỉ có {best_words[1]}" if best_words[1] else "không có cột nào như vậy",
                "found_en": f"has only {best_words[1]}" if best_words[1] else "has none of them",
            },
        )
    found.sort(key=lambda one: one[0], reverse=True)
    if len(found) > 1 and found[0][0] == found[1][0]:
        names: dict[str, object] = {"one": found[0][1].sheet.name, "other": found[1][1].sheet.name}
        raise Unreadable("two_sheets", names)
    _, layout, stream = found[0]
    body = (row for row in layout.head if row[0] > layout.last)
    others = {one.sheet.name: other for _, one, _ in found[1:] if (other := _other_period(one, period))}
    alike = {one.sheet.name: one for _, one, _ in found[1:]}
    return Chosen(layout, chain(body, stream), others, alike)


def _least(contract: SheetContract) -> int:
    wanted = sum(column.required for column in contract.columns.values())
    return max(2, (wanted + 1) // 2)


def _is_of_period(name: str, period: Period | None) -> bool:
    if period is None:
        return False
    plain = folded(name).replace(".", " ").replace("_", " ").replace("-", " ")
    words = plain.replace("thang ", "t").replace("quy ", "q").replace("tuan ", "w").split()
    letter = {"month": "t", "quarter": "q", "week": "w"}.get(period.kind)
    if letter is None:
        return folded(str(period)) == plain
    return f"{letter}{period.number}" in words or f"{letter}{period.number:02}" in words


def is_of_another(name: str, period: Period) -> bool:
    """Of the name of a sheet: “T9”, “T10.2025”, “Năm 2025”; “TT37-2019” is the number of a circular."""
    year = _YEAR_OF_SHEET.fullmatch(" ".join(fold(name).split()))
    if year and int(year[1]) != period.year:
        return True
    return numbered(name, period.kind) not in {0, period.number}


def _by_name(name: str, period: Period | None) -> int:
    """1 where the name of a sheet is of the period, −1 where it is of another one, else 0."""
    if period is None:
        return 0
    return -1 if is_of_another(name, period) else int(_is_of_period(name, period))


def _other_period(layout: Layout, period: Period | None) -> Period | None:
    """Which other period a sheet is of, by its titles, else by its name; None where neither says so."""
    if period is None:
        return None
    told = _told_above(layout, period)
    if told:
        return None if period in told else min(told, key=str)
    name = layout.sheet.name
    if not is_of_another(name, period):
        return None
    number, year = numbered(name, period.kind), re.search(r"20\d\d", name)
    named = stated(name, period.kind) or (replace(period, number=number) if number else None)
    return named or (Period("year", int(year[0])) if year else None)


def _told_above(layout: Layout, period: Period) -> set[Period]:
    """The periods of the same kind that are named above a table."""
    texts = [c for n, cells in layout.head if n < layout.first for c in cells if isinstance(c, str)]
    return {told for text in texts if (told := stated(text, period.kind))}


def _stated_above(layout: Layout, period: Period | None) -> int:
    """1 where a title names the period, −1 where it or the sheet's name is of another one, else 0."""
    told = _told_above(layout, period) if period else set()
    if period in told:
        return 1
    year = re.search(r"\b20\d\d\b", layout.sheet.name)
    return -1 if told or (year and period and int(year[0]) != period.year) else 0
