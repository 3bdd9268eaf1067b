"""A template filled in plainly is judged without a single remark."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from haidang.engine import clock
from haidang.engine.contracts.sheets.book import Book, Unreadable
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.definition import NUMERIC, SheetContract
from haidang.engine.contracts.sheets.judging import Examination
from haidang.engine.contracts.sheets.origin import HandedIn
from haidang.engine.contracts.sheets.sentences import said
from haidang.engine.contracts.sheets.template import HEADINGS, Told, lines_of, write_template
from haidang.engine.contracts.sheets.verdict import ABOUT
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


def test_without_a_period_communes_are_those_of_the_province_s_own_day(
    contracts: dict[str, SheetContract], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    contract, path = contracts["economy.commune_revenue"], tmp_path / "mau.xlsx"
    write_template(path, contract, Told("economy.commune_revenue", NOVEMBER, "stc", "Sở Tài chính", ""))
    fill(path, contract)
    request.addfinalizer(lambda: clock.set_source(None))

    def unknown(instant: datetime) -> int:
        clock.set_source(instant.timestamp)
        with Book(path) as book:
            cells = Examination(contract, None).cells(book)
            return sum(remark.code == "unknown_place" for cell in cells for remark in cell.remarks)

    # The communes of today are in force since 1 July 2025, which begins at 17:00 UTC of the day before.
    assert unknown(datetime(2025, 6, 30, 16, 59, tzinfo=UTC)) > 0
    assert unknown(datetime(2025, 6, 30, 17, 0, tzinfo=UTC)) == 0


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


@pytest.mark.parametrize(
    ("made", "code", "words"),
    [
        (Told("economy.monthly", NOVEMBER, "stc", "Sở Tài chính"), "", ""),
        (Told("economy.monthly", NOVEMBER.before, "stc", "Sở Tài chính"), "template_period", "phát cho tháng 10/2026, kỳ nộp là tháng 11/2026"),
        (Told("economy.monthly", NOVEMBER, "thue", "Thuế tỉnh"), "template_office", "phát cho Thuế tỉnh, người nộp thuộc Sở Tài chính"),
    ],
)  # fmt: skip
def test_a_template_of_another_period_or_office_is_told_and_asks_for_an_explanation(
    contracts: dict[str, SheetContract], made: Told, code: str, words: str, tmp_path: Path
) -> None:
    contract, path = contracts["economy.monthly"], tmp_path / "mau.xlsx"
    write_template(path, contract, made)
    fill(path, contract)
    book = load_workbook(path)
    book.worksheets[0]["A2"] = "Tháng 11 năm 2026"  # who takes last month's file again changes what he sees
    book.save(path)
    handed_in = HandedIn("economy.monthly", "stc", "Sở Tài chính")
    with Book(path) as opened:
        remarked = [
            cell for cell in Examination(contract, NOVEMBER, {}, handed_in).cells(opened) if cell.level
        ]
    assert [cell.remarks[-1].code for cell in remarked] == ([code] if code else [])
    assert words in (remarked[0].reason() if remarked else "")


def test_a_template_of_another_report_is_refused_by_its_name(
    contracts: dict[str, SheetContract], tmp_path: Path
) -> None:
    contract, path = contracts["economy.commune_revenue"], tmp_path / "mau.xlsx"
    write_template(path, contract, Told("economy.commune_revenue", NOVEMBER))
    handed_in = HandedIn("economy.monthly")
    with Book(path) as book, pytest.raises(Unreadable) as caught:
        list(Examination(contracts["economy.monthly"], NOVEMBER, {}, handed_in).cells(book))
    sentence = said(caught.value.code, caught.value.arguments, "vi")
    assert "“Thu ngân sách theo xã, phường”" in sentence
    assert "Chọn đúng báo cáo" in sentence
