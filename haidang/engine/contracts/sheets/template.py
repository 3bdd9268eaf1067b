"""An empty workbook of a contract for one period and office: locked labels, lists to choose from, last period in grey.

What is filled into it is judged like any other file; filled in plainly it leaves nothing to remark. The hidden sheet says
what it was made for. It holds words only: numbers outside the contract's table would be warned of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation

from haidang.engine.contracts.sheets.answer import write_safely
from haidang.engine.contracts.sheets.book import column_letters
from haidang.engine.contracts.sheets.communes import communes
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.definition import NUMERIC, Column, Item, SheetContract
from haidang.engine.contracts.sheets.numerals import unit_of
from haidang.engine.contracts.sheets.verdict import ABOUT, LISTS

HEADINGS = 5
# Lines of a list whose length nobody knows beforehand.
FREE_LINES = 300
MONEY = ("đồng", "nghìn đồng", "triệu đồng", "tỷ đồng")
_GREY, _HEAD, _INPUT = "FF6B7681", "FFDEE2E6", "FFFFFFFF"
_THIN = Side(style="thin", color="FFCBD1D7")
_WIDTHS = {"order": 6, "text": 34, "place": 28, "choice": 20, "unit": 16, "date": 14, "note": 36}
Earlier = Mapping[tuple[tuple[Any, ...], str], float]


@dataclass(frozen=True, slots=True)
class Told:
    """What a template is made for; `earlier` is what was published for the last period, by line and column."""

    address: str
    period: Period | None
    office_code: str = ""
    office_name: str = ""
    due: str = ""
    earlier: Earlier = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is there beforehand: what names it, its words, and the item it is of."""

    key: str
    title: str
    item: Item | None = None


def write_template(target: Path, contract: SheetContract, told: Told) -> None:
    """Write the workbook as .xlsx."""
    workbook = Workbook()
    sheet: Any = workbook.active
    sheet.title = contract.sheets[0][:31] if contract.sheets else "Số liệu"
    _head(sheet, contract, told)
    lists = _Lists(workbook, sheet)
    lines = lines_of(contract, told.period)
    rows: Sequence[Line | None] = lines or [None] * FREE_LINES
    for index, (name, column) in enumerate(contract.columns.items(), 1):
        _heading(sheet, index, column)
        choices = _choices(contract, name, column, told.period, is_named=bool(lines))
        if choices:
            lists.offer(index, name, choices, HEADINGS + 1, HEADINGS + len(rows))
        for number, line in enumerate(rows, HEADINGS + 1):
            _cell(sheet.cell(number, index), contract, name, number, line, told)
    _about(workbook, contract, told)
    _protect(sheet, free=not lines)
    workbook.save(target)


def lines_of(contract: SheetContract, period: Period | None) -> list[Line]:
    """The contract's items, or the communes of its province where each line is one; empty: a free list."""
    if contract.items:
        return [Line(key, item.title.vi, item) for key, item in contract.items.items()]
    places = [name for name in contract.key if contract.columns[name].type == "place"]
    if len(contract.key) != 1 or not places or not contract.province or period is None:
        return []
    known = communes(contract.province, period.last_day)
    # A name that two units bear is given by its code.
    return [
        Line(code, name if known.find(name) == [code] else code) for code, name in sorted(known.codes.items())
    ]


def _head(sheet: Any, contract: SheetContract, told: Told) -> None:
    period = str(told.period or "")
    lines = (contract.title.vi.upper(), period[:1].upper() + period[1:], told.office_name, told.due)
    for number, (words, size) in enumerate(zip(lines, (14, 12, 11, 11), strict=True), 1):
        cell = sheet.cell(number, 1)
        write_safely(cell, words or None)
        cell.font = Font(bold=number < 3, size=size, color=None if number < 4 else _GREY)
    sheet.freeze_panes = sheet.cell(HEADINGS + 1, 1)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{HEADINGS}:{HEADINGS}"


def _heading(sheet: Any, index: int, column: Column) -> None:
    cell = sheet.cell(HEADINGS, index)
    write_safely(cell, f"{column.title.vi} ({column.unit})" if column.unit else column.title.vi)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor=_HEAD)
    cell.border = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
    cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
    sheet.column_dimensions[column_letters(index - 1)].width = _WIDTHS.get(column.type, 16)


def _cell(cell: Any, contract: SheetContract, name: str, row: int, line: Line | None, told: Told) -> None:
    column = contract.columns[name]
    cell.border = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
    cell.number_format = _format(column)
    value, locked, grey = _value(contract, name, row, line, told)
    write_safely(cell, value)
    cell.protection = Protection(locked=locked)
    cell.font = Font(color=_GREY if grey else None)
    cell.fill = PatternFill("solid", fgColor=_INPUT) if not locked else PatternFill()
    if column.type in ("text", "place", "note"):
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _value(
    contract: SheetContract, name: str, row: int, line: Line | None, told: Told
) -> tuple[str | float | None, bool, bool]:
    """(what stands there beforehand, whether it is locked, whether it is grey)."""
    column = contract.columns[name]
    if line is None:
        return None, False, False
    if column.type == "order":
        return float(row - HEADINGS), True, True
    if name == contract.item_column or name in contract.key:
        return line.title, True, False
    if column.type == "unit" and line.item:
        return line.item.unit or None, not unit_of(line.item.unit), False
    for later, other in contract.columns.items():
        if other.previous == name and (before := told.earlier.get(((line.key,), later))) is not None:
            return before, False, True
    return None, False, any(other.previous == name for other in contract.columns.values())


def _format(column: Column) -> str:
    if column.type in NUMERIC:
        return (
            "#,##0"
            if column.type == "whole"
            else "#,##0." + "0" * column.decimals
            if column.decimals
            else "#,##0"
        )
    return {"date": "dd/mm/yyyy", "text": "@", "place": "@", "note": "@"}.get(column.type, "General")


def _choices(
    contract: SheetContract, name: str, column: Column, period: Period | None, *, is_named: bool
) -> list[str]:
    if column.choices:
        return [choice.title.vi for choice in column.choices.values()]
    if column.type == "unit":
        used = [item.unit for item in contract.items.values() if item.unit]
        money = MONEY if any(unit_of(unit) for unit in used) else ()
        return list(dict.fromkeys([*money, *used, *contract.units]))
    if column.type == "place" and period and not (is_named and name in contract.key):
        return (
            sorted(communes(contract.province, period.last_day).codes.values()) if contract.province else []
        )
    return []


class _Lists:
    """Words to choose from stand on a hidden sheet: a list written into the rule itself holds 255 characters."""

    def __init__(self, workbook: Any, sheet: Any) -> None:
        self._workbook, self._sheet = workbook, sheet
        self._hidden: Any = None
        self._used = 0

    def offer(self, index: int, name: str, words: list[str], first: int, last: int) -> None:
        if self._hidden is None:
            self._hidden = self._workbook.create_sheet(LISTS)
            self._hidden.sheet_state = "hidden"
        self._used += 1
        for number, word in enumerate([name, *words], 1):
            write_safely(self._hidden.cell(number, self._used), word)
        letters = column_letters(self._used - 1)
        rule = DataValidation(
            type="list", formula1=f"'{LISTS}'!${letters}$2:${letters}${len(words) + 1}", allow_blank=True
        )
        rule.errorTitle, rule.error = "Ngoài danh mục", "Chọn một mục trong danh sách."
        place = column_letters(index - 1)
        rule.add(f"{place}{first}:{place}{last}")
        self._sheet.add_data_validation(rule)


def _about(workbook: Any, contract: SheetContract, told: Told) -> None:
    """For machines: which contract, version, period, office and units this was made for."""
    sheet = workbook.create_sheet(ABOUT)
    units = {name: column.unit for name, column in contract.columns.items() if column.unit}
    rows = {
        "contract": told.address,
        "title": contract.title.vi,
        "version": f"v{contract.version}",
        "period": told.period.code if told.period else "",
        "office": told.office_code,
        "office name": told.office_name,
        **{f"unit {name}": unit for name, unit in units.items()},
    }
    for number, (key, value) in enumerate(rows.items(), 1):
        for column, word in enumerate((key, value), 1):
            cell = sheet.cell(number, column)
            write_safely(cell, word or None)
            cell.number_format = "@"
    sheet.sheet_state = "veryHidden"


def _protect(sheet: Any, *, free: bool) -> None:
    """Without a password: it keeps from slips, not from people."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    if free:
        sheet.protection.insertRows = sheet.protection.deleteRows = sheet.protection.sort = False
