"""Where the table of a contract stands in a sheet: the best place for its headings among the first rows."""

from __future__ import annotations

from haidang.engine.contracts.sheets.book import Sheet, Value
from haidang.engine.contracts.sheets.definition import NUMERIC
from haidang.engine.contracts.sheets.headings import Headings, heading
from haidang.engine.contracts.sheets.heads import (
    DEEPEST,
    are_years,
    begun_above,
    filled,
    heading_text,
    is_title,
    may_be_heading,
    spread,
    titles_of,
    unique,
)
from haidang.engine.contracts.sheets.layout import Layout, Row
from haidang.engine.contracts.sheets.table_units import unit_above, units_below
from haidang.engine.contracts.sheets.unit_words import BRACKET, unit_beside
from haidang.engine.contracts.sheets.wording import folded

# So far down may the headings stand.
SEARCHED = 60
_LONGEST_GROUP = 4
_UNITS = {"dvt", "don vi tinh", "dv tinh", "don vi do"}


def find_layout(headings: Headings, sheet: Sheet, head: list[Row]) -> Layout | None:
    """The best place for headings among the first rows: most columns, fewest rows, highest up."""
    rows_at_top = filled(sheet, head)
    best: Layout | None = None
    overlaid = 0
    wanted = {name for name, column in headings.contract.columns.items() if column.required}
    for start, (number, cells) in enumerate(rows_at_top):
        texts = sum(isinstance(cell, str) for cell in cells.values())
        if texts < 2 or is_title(cells, rows_at_top[start + 1 : start + 2]):
            continue
        if unit_beside(list(cells.items()), headings.contract) and len(headings.match([cells])[0]) < 2:
            continue
        if any(
            isinstance(text := cells.get(c), str) and headings.name_of([text])
            for c in begun_above(sheet, number)
        ):
            continue  # what stands over it belongs to the headings
        for depth in range(1, DEEPEST + 1):
            rows = rows_at_top[start : start + depth]
            if len(rows) < depth or rows[-1][0] - number > depth + 1:
                break
            below = rows_at_top[start + depth : start + depth + 1]
            # What stands over a title of the whole table is no heading of its columns.
            if depth > 1 and (not may_be_heading(rows[-1][1]) or is_title(rows[-1][1], below)):
                break
            found = [cells for _, cells in rows]
            if not any(top <= rows[-1][0] and bottom >= number for top, _, bottom, _ in sheet.merges):
                found = spread(found)
            columns, twice, loose = headings.match(found)
            divided = best is not None and best.first == number and best.twice and not twice
            # “2025 | 2026” below a heading over both says which of them is meant.
            divided = divided or (best is not None and best.first == number and are_years(rows[-1][1]))
            # A title over the column that names the lines is no heading of it; nor does one lend its columns to a
            # second table to the right.
            titled = sum(headings.contract.columns[columns[c]].type not in NUMERIC for c in loose)
            equal = best is not None and len(columns) == len(best.columns)
            left = best is not None and sum(columns) < sum(best.columns)
            if len(columns) > (len(best.columns) if best else 0) or (
                equal and (divided or left or titled < overlaid)
            ):
                # The unit a group gives goes as far as its name does.
                titles = titles_of([(row, cells) for (row, _), cells in zip(rows, found, strict=True)])
                best = Layout(sheet, number, rows[-1][0], columns, titles, head, twice)
                overlaid = titled
        # Below a whole heading stands data; only a heading of several rows is looked at further.
        if best and wanted <= best.fields and number > best.last:
            break
    if best:
        spare = (
            c for c, (_, title) in best.titles.items() if c not in best.columns and folded(title) in _UNITS
        )
        best.unit_column = next(spare, None)
        _drop_other_groups(headings, best, sheet)
        _note_strange_groups(headings, best, rows_at_top)
        units_below(headings.contract, best, rows_at_top)
        unit_above(headings.contract, best)
    return best


def _note_strange_groups(
    headings: Headings, layout: Layout, rows: list[tuple[int, dict[int, Value]]]
) -> None:
    """Columns known by their last heading only, under one with words the contract does not have (“Số hoàn / Tháng 10”)."""
    over = [cells for number, cells in rows if layout.first <= number <= layout.last]
    for column in layout.columns:
        texts = unique([text for cells in over if (text := heading_text(cells.get(column)))])
        over_it = [BRACKET.sub(" ", text) for text in texts[:-1]]
        if len(texts) > 1 and not headings.named(texts)[1] and headings.subject.is_strange(over_it):
            layout.strange[column] = texts[0]


def _drop_other_groups(headings: Headings, layout: Layout, sheet: Sheet) -> None:
    """Take out columns under a group of another kind in the row above (“Số nợ” merged over “Tháng 9 | Tháng 10”)."""
    above = dict(next((cells for n, cells in filled(sheet, layout.head) if n == layout.first - 1), {}))
    start = min(layout.columns)
    if not above or min(above) <= start:
        return  # a title, or headings that begin where the table does
    text = ""
    for column in range(start, max(layout.columns) + 1):
        word = above.get(column, None if sheet.merges else text)
        # Where no cells are merged at all, a group reaches up to the next one.
        text = (heading(word, headings.period) if column in above else word) if isinstance(word, str) else ""
        name = layout.columns.get(column)
        # More words than these are a title.
        if name and 0 < len(text.split()) <= _LONGEST_GROUP and headings.is_of_other_kind(name, [text]):
            del layout.columns[column]
