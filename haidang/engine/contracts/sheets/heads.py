"""Rows at the top of a sheet: what a heading says, what is merged over several cells, what is a title of all."""

from __future__ import annotations

import re
from itertools import pairwise

from haidang.engine.contracts.sheets.book import Error, Sheet, Value
from haidang.engine.contracts.sheets.wording import folded

# So many rows may headings take.
DEEPEST = 4
_YEAR_ALONE = re.compile(r"\s*20\d\d\s*")
_OF_MONTHS = re.compile(r"(?:(?:uoc )?thuc hien |so lieu |so thu |chia theo |theo |cac |trong cac )*thang")
_MONTH, _LAST_MONTH = re.compile(r"0?[1-9]|1[0-2]"), 12


def unique(texts: list[str]) -> list[str]:
    return [text for number, text in enumerate(texts) if number == 0 or text != texts[number - 1]]


def filled(sheet: Sheet, head: list[tuple[int, list[Value]]]) -> list[tuple[int, dict[int, Value]]]:
    """Rows with merged cells filled by their value, the empty rows left out."""
    by_number: dict[int, dict[int, Value]] = {
        number: {c: v for c, v in enumerate(cells) if v is not None and not _is_blank(v)}
        for number, cells in head
    }
    last = max(by_number, default=0)
    for r1, c1, r2, c2 in sheet.merges:
        value = by_number.get(r1, {}).get(c1)
        if value is None or r2 - r1 >= DEEPEST or not isinstance(value, str):
            continue
        for row in range(r1, min(r2, last) + 1):
            for column in range(c1, min(c2, c1 + 200) + 1):
                by_number.setdefault(row, {}).setdefault(column, value)
    found = sorted((number, cells) for number, cells in by_number.items() if cells)
    for (_, over), (_, cells) in pairwise(found):
        name_months(over, cells)
    return found


def name_months(over: dict[int, Value], cells: dict[int, Value]) -> None:
    """“8 | 9 | 10” below a heading of months are months, and not the numbers of columns, which go on from those before them."""
    for first, text in over.items():
        if not (isinstance(text, str) and _OF_MONTHS.fullmatch(folded(text))):
            continue
        run: list[int] = []
        for column in range(first, max(cells, default=-1) + 1):
            month = _month(cells.get(column))
            if month is None or over.get(column, text) != text or (run and month != run[-1] + 1):
                break
            run.append(month)
        before = _month(cells.get(first - 1))
        if len(run) > 1 and before != run[0] - 1 and over.get(first - 1) != text:
            cells.update({first + place: f"Tháng {month}" for place, month in enumerate(run)})


def _month(cell: Value) -> int | None:
    if isinstance(cell, str):
        return int(cell) if _MONTH.fullmatch(cell.strip()) else None
    return int(cell) if isinstance(cell, float) and cell.is_integer() and 1 <= cell <= _LAST_MONTH else None


def _is_blank(cell: Value) -> bool:
    return isinstance(cell, str) and not isinstance(cell, Error) and not cell.strip()


def spread(rows: list[dict[int, Value]]) -> list[dict[int, Value]]:
    """Rows of headings of a sheet in which nothing is merged, with each group reaching up to the next one, over all columns
    that have a heading below it.
    """
    found = [dict(cells) for cells in rows]
    for upper, lower in pairwise(found):
        group: Value = None
        for column in range(max(lower, default=-1) + 1):
            if column in upper:
                group = upper[column] if column in lower else None
            elif group is not None and column in lower:
                upper[column] = group
            else:
                group = None
    return found


def begun_above(sheet: Sheet, row: int) -> set[int]:
    """Columns whose cell of a row is the lower part of one merged from above."""
    return {c1 for r1, c1, r2, _ in sheet.merges if r1 < row <= r2 and r2 - r1 < DEEPEST}


def is_title(cells: dict[int, Value], below: list[tuple[int, dict[int, Value]]]) -> bool:
    """One text merged over the whole table: no heading, whatever it says in brackets (“(từ ngày … đến ngày …)”). A heading
    over some of the columns leaves the first ones free.
    """
    return len(set(cells.values())) == 1 and all(min(cells) <= min(row) for _, row in below)


def may_be_heading(cells: dict[int, Value]) -> bool:
    """Whether a row can go on a heading: words or years, no other numbers."""
    texts = [heading_text(cell) for cell in cells.values() if isinstance(cell, str | float)]
    return all(texts) and (len(texts) > 1 or any(isinstance(cell, str) for cell in cells.values()))


def are_years(cells: dict[int, Value]) -> bool:
    return len(cells) > 1 and all(
        heading_text(cell).startswith("Năm ") and cell != heading_text(cell) for cell in cells.values()
    )


def heading_text(cell: Value) -> str:
    """What a cell of a heading says; a year may stand there as a number. Empty for anything else."""
    if isinstance(cell, float):
        return f"Năm {cell:.0f}" if cell.is_integer() and 1990 <= cell <= 2100 else ""
    if isinstance(cell, str) and _YEAR_ALONE.fullmatch(cell):
        return f"Năm {cell.strip()}"
    return cell if isinstance(cell, str) else ""


def titles_of(rows: list[tuple[int, dict[int, Value]]]) -> dict[int, tuple[int, str]]:
    """Per column the row of its lowest heading and all its headings."""
    found: dict[int, tuple[int, str]] = {}
    for column in {c for _, cells in rows for c in cells}:
        parts = [
            (number, heading_text(cells[column]) or str(cells[column]))
            for number, cells in rows
            if column in cells
        ]
        found[column] = (parts[-1][0], " / ".join(unique([" ".join(text.split()) for _, text in parts])))
    return found
