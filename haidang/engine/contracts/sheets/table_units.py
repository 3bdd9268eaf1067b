"""Units stated for a whole table or in a row of their own below its headings."""

from __future__ import annotations

from decimal import Decimal

from haidang.engine.contracts.sheets.book import Value
from haidang.engine.contracts.sheets.definition import NUMERIC, SheetContract
from haidang.engine.contracts.sheets.layout import Layout
from haidang.engine.contracts.sheets.numerals import factor, is_drawn, is_known_unit, one_of, unit_key
from haidang.engine.contracts.sheets.unit_words import (
    BRACKET,
    SURE_UNIT,
    is_unit_word,
    stated_unit,
    unit_beside,
    unit_in,
)
from haidang.engine.contracts.sheets.wording import folded


def units_below(contract: SheetContract, layout: Layout, rows: list[tuple[int, dict[int, Value]]]) -> None:
    """A row of nothing but units under the headings (“(tr.đ)”, “người”, “%”) is one of them, also where a few of its words are
    none: those alone are told.
    """
    number, cells = next(((n, c) for n, c in rows if n > layout.last), (0, {}))
    called = [column for column, cell in cells.items() if is_unit_word(cell)]
    cells = {column: cell for column, cell in cells.items() if column not in called}
    mapped = {column: cell for column, cell in cells.items() if column in layout.columns}
    if not mapped or any(not _is_known(cell) for column, cell in cells.items() if column not in mapped):
        return
    if len(mapped) == 1 and (called or not _is_unit_of_column(contract, layout, number, mapped)):
        return
    said: dict[int, str] = {}
    odd: dict[int, str] = {}
    for column, cell in mapped.items():
        inner = cell.strip().strip("()[] ") if isinstance(cell, str) else ""
        known = contract.columns[layout.columns[column]]
        in_brackets = isinstance(cell, str) and BRACKET.fullmatch(cell.strip()) and unit_in(cell)
        if inner and (in_brackets or is_known_unit(inner) or unit_key(inner) == unit_key(known.unit)):
            said[column] = inner
        elif known.type in NUMERIC and inner and not any(map(str.isdigit, inner)) and not is_drawn(inner):
            odd[column] = inner
        else:
            return
    if 2 * len(odd) > len(said):
        return
    layout.last = number
    for column, unit in odd.items():
        if contract.columns[layout.columns[column]].type == "whole":
            layout.odd_units[column] = number, unit
        else:
            said[column] = unit
    for column, unit in said.items():
        layout.titles[column] = (number, f"{layout.titles[column][1]} ({unit})")


def _is_known(cell: Value) -> bool:
    return isinstance(cell, str) and is_known_unit(cell.strip().strip("()[] "))


def _is_unit_of_column(
    contract: SheetContract, layout: Layout, number: int, mapped: dict[int, Value]
) -> bool:
    """Whether a unit that stands alone right under the heading of a number is that of its column: “(tỷ đồng)”, and no “ĐVT: …”."""
    ((column, cell),) = mapped.items()
    return (
        number == layout.last + 1
        and contract.columns[layout.columns[column]].type in NUMERIC
        and _is_known(cell)
    )


def unit_above(contract: SheetContract, layout: Layout) -> None:
    """The unit that stands over the table, or calls itself one among its headings."""
    for number, cells in layout.head:
        if number > layout.last:
            return
        if number < layout.last and (beside := unit_beside(list(enumerate(cells)), contract)):
            _take_unit(contract, layout, "Đơn vị tính", beside[1], (number, beside[0]))
        for column, cell in enumerate(cells):
            # Among the headings only what calls itself one is the unit of all.
            if (
                isinstance(cell, str)
                and (number < layout.first or ":" in cell)
                and (unit := stated_unit(cell))
            ):
                _take_unit(contract, layout, cell, unit, (number, column))


def _take_unit(contract: SheetContract, layout: Layout, words: str, unit: str, at: tuple[int, int]) -> None:
    """“triệu đồng” beside “người” are units of different columns; beside “tỷ đồng” it leaves open which is meant."""
    spellings = contract.units
    fits = is_known_unit(unit) or any(
        factor(one_of(unit, one, spellings), one, spellings) is not None for one in contract.number_units
    )
    if not fits and (layout.unit or not SURE_UNIT.search(folded(words))):
        return  # “Đơn vị: Sở Tài chính” names who sends it
    times = factor(unit, layout.unit, spellings) if layout.unit else Decimal(1)
    if times is None:
        unit = f"{layout.unit}, {unit}"
    elif times != 1:
        layout.second_unit = (*layout.unit_at, layout.unit)
    layout.unit, layout.unit_at = unit, at
