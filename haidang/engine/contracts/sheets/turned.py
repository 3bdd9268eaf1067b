"""Tables that are turned: what the contract has as columns stands below one another, or its lines side by side.

Which way a number is meant could be told, but not whether every cell was turned with it (units, totals, merged cells), so
the office is shown how to turn it back: Excel does it in one step.
"""

from __future__ import annotations

from haidang.engine.contracts.sheets.book import Sheet, Unreadable
from haidang.engine.contracts.sheets.headings import Headings
from haidang.engine.contracts.sheets.heads import may_be_heading
from haidang.engine.contracts.sheets.layout import Row
from haidang.engine.contracts.sheets.verdict import address
from haidang.engine.contracts.sheets.wording import bare_label, folded, in_full

# So far to the right may stand what should stand over the columns.
_DEEPEST = 4


def turned(headings: Headings, sheet: Sheet, head: list[Row], least: int) -> Unreadable | None:
    """Why a sheet without the headings of the contract is one with its rows and columns exchanged; None where it is not."""
    rows = [(number, sheet.words(number, cells)) for number, cells in head]
    return _columns_below(headings, sheet, rows, least) or _lines_beside(headings, sheet, rows)


def _columns_below(headings: Headings, sheet: Sheet, rows: list[Row], least: int) -> Unreadable | None:
    for column in range(_DEEPEST):
        found: dict[str, int] = {}
        for number, cells in rows:
            label = cells[column] if column < len(cells) else None
            beside = any(isinstance(cell, float) for cell in cells[column + 1 :])
            if isinstance(label, str) and beside and (name := headings.name_of([label])):
                found.setdefault(name, number)
        if len(found) >= max(2, least):
            words = [headings.contract.columns[name].title.vi for name in found]
            return _refused(sheet, next(iter(found.values())), column, words, across=False)
    return None


def _lines_beside(headings: Headings, sheet: Sheet, rows: list[Row]) -> Unreadable | None:
    lines: dict[str, str] = {}
    for item in headings.contract.items.values():
        for word in (item.title.vi, *item.aliases):
            lines.setdefault(in_full(bare_label(folded(word))), item.title.vi)
    for number, cells in rows:
        found: dict[str, int] = {}
        for column, cell in enumerate(cells):
            label = folded(cell).partition("(")[0] if isinstance(cell, str) else ""
            if label and (title := lines.get(in_full(bare_label(label)))):
                found.setdefault(title, column)
        if len(found) >= 2 and may_be_heading(dict(enumerate(c for c in cells if c is not None))):
            return _refused(sheet, number, next(iter(found.values())), list(found), across=True)
    return None


def _refused(sheet: Sheet, row: int, column: int, words: list[str], *, across: bool) -> Unreadable:
    ways = [("hàng ngang", "across"), ("cột dọc", "down")]
    (way, way_en), (needed, needed_en) = ways if across else reversed(ways)
    shown = ", ".join(f"“{word}”" for word in words[:3])
    return Unreadable(
        "turned",
        {
            "cell": address(row, column), "sheet": sheet.name, "found": shown,
            "way": way, "way_en": way_en, "needed": needed, "needed_en": needed_en,
        },
    )  # fmt: skip
