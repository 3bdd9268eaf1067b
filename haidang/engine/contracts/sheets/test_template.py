"""A template filled in plainly is judged without a single remark."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from haidang.engine.contracts.sheets.book import Book
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.definition import NUMERIC, SheetContract
from haidang.engine.contracts.sheets.judging import Examination
from haidang.engine.contracts.sheets.template import ABOUT, HEADINGS, Told, lines_of, write_template
from haidang.engine.contracts.tree import load_tree

NOVEMBER = Period("month", 2026, 11)
DOSSIER = {
    "code": "H80.12-261101-0001", "procedure": "1.004227", "office": "UBND phường Tân Ninh", "received": date(2026, 11, 2),
    "due": date(2026, 11, 9), "channel": "Trực tuyến", "state": "Đang xử lý", "applicant": "Nguyễn Văn An",
}  # fmt: skip


@pytest.fixture(scope="module")
def contracts() -> dict[str, SheetContract]:
    return {address: entry.thing for address, entry in load_tree().sheets.items()}


def fill(path: Path, contract: SheetContract) -> None:
    """As a careful office would: a number in every number of this period, the sums as they must be."""
    book = load_workbook(path)
    sheet = book.worksheets[0]
    lines = lines_of(contract, NOVEMBER)
    columns = {name: index for index, name in enumerate(contract.columns, 1)}
    for number, line in enumerate(lines, HEADINGS + 1):
        for name, column in contract.columns.items():
            if column.required and column.type in NUMERIC:
                assert not sheet.cell(number, columns[name]).protection.locked
                sheet.cell(number, columns[name]).value = 100 * max(
                    1, len(line.item.parts) if line.item else 1
                )
    if not lines:
        for name, value in DOSSIER.items():
            sheet.cell(HEADINGS + 1, columns[name]).value = value
    book.save(path)


@pytest.mark.parametrize("address", ["economy.monthly", "economy.commune_revenue", "services.dossiers"])
def test_a_filled_template_has_nothing_to_remark(
    contracts: dict[str, SheetContract], address: str, tmp_path: Path
) -> None:
    contract, path = contracts[address], tmp_path / "mau.xlsx"
    told = Told(address, NOVEMBER, "stc", "Sở Tài chính", "Hạn nộp 20/12/2026")
    write_template(path, contract, told)
    fill(path, contract)
    examination = Examination(contract, NOVEMBER)
    with Book(path) as book:
        cells = list(examination.cells(book))
    assert [(cell.sheet, cell.address, cell.reason()) for cell in cells if cell.level] == []
    assert examination.records == max(1, len(lines_of(contract, NOVEMBER)))


def test_labels_are_locked_units_are_chosen_and_the_last_period_stands_in_grey(
    contracts: dict[str, SheetContract], tmp_path: Path
) -> None:
    contract, path = contracts["economy.monthly"], tmp_path / "mau.xlsx"
    earlier: dict[tuple[tuple[Any, ...], str], float] = {(("revenue",), "value"): 3150.7}
    write_template(path, contract, Told("economy.monthly", NOVEMBER, "stc", "Sở Tài chính", "", earlier))
    book = load_workbook(path)
    sheet = book.worksheets[0]
    columns = {name: index for index, name in enumerate(contract.columns, 1)}
    row = HEADINGS + 1 + list(contract.items).index("revenue")
    label, before = sheet.cell(row, columns["item"]), sheet.cell(row, columns["previous"])
    assert (label.value, label.protection.locked) == ("Tổng thu ngân sách nhà nước", True)
    assert (before.value, before.font.color.rgb) == (3150.7, "FF6B7681")
    assert sheet.protection.sheet
    assert any("tỷ đồng" in _words(book, rule.formula1) for rule in sheet.data_validations.dataValidation)
    assert book[ABOUT].sheet_state == "veryHidden"
    told = dict(book[ABOUT].iter_rows(max_col=2, values_only=True))
    assert (told["contract"], told["period"], told["office"]) == ("economy.monthly", "2026-11", "stc")


def _words(book: Any, formula: str) -> list[object]:
    name, _, area = formula.partition("!")
    return [row[0].value for row in book[name.strip("'")][area.replace("$", "")]]
