"""Shapes that offices make and the forty files do not have: subtotals, several months, stray cells, other formats."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
import xlwt

from haidang.engine.contracts.sheets.answer import write_answer
from haidang.engine.contracts.sheets.book import Book, Unreadable
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.judging import Examination
from haidang.engine.contracts.sheets.verdict import LIST, Cell, Level
from haidang.engine.contracts.tree import load_tree

CONTRACT = load_tree().sheets["economy.commune_revenue"].thing
TITLES = ["STT", "Xã, phường", "Dự toán năm", "Thực hiện tháng 9", "Thực hiện tháng 10", "Lũy kế", "Ghi chú"]
ONE = [1, "Tân Ninh", 1000, 100, 110, 900]
WORD = '<table:table-cell office:value-type="string"><text:p>{0}</text:p></table:table-cell>'
NUMBER = (
    '<table:table-cell office:value-type="float" office:value="{0}"><text:p>{0}</text:p></table:table-cell>'
)
NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)


def judged(path: Path) -> tuple[Examination, dict[str, Cell]]:
    examination = Examination(CONTRACT, Period.parse("2026-10"))
    with Book(path) as book:
        return examination, {f"{cell.sheet}!{cell.address}": cell for cell in examination.cells(book)}


def written(path: Path, **sheets: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("at_top", [True, False])
def test_subtotals_of_groups_are_compared_and_not_counted_again(tmp_path: Path, at_top: bool):
    north, south = [3000, 300, 310, 2900], [700, 70, 80, 600]
    first = [[1, "Tân Ninh", 1000, 100, 110, 900], [2, "Bình Minh", 2000, 200, 200, 2000]]
    second = [[3, "Long An", *south]]
    if at_top:
        rows = [["I", "Khu vực phía Bắc", *north], *first, ["II", "Khu vực phía Nam", *south], *second]
    else:
        rows = [
            ["A", "Phía Bắc"],
            *first,
            [None, "Cộng", *north],
            ["B", "Phía Nam"],
            *second,
            [None, "Cộng", *south],
        ]
    path = written(tmp_path / "a.xlsx", Bieu=[TITLES, *rows, [None, "Tổng cộng", 3700, 370, 390, 3500]])
    examination, _ = judged(path)
    assert (examination.records, examination.faults) == (3, 0)
    rows[0 if at_top else 3][2] = 3001
    examination, cells = judged(
        written(tmp_path / "b.xlsx", Bieu=[TITLES, *rows, [None, "Tổng cộng", 3700, 370, 390, 3500]])
    )
    (wrong,) = [cell for cell in cells.values() if cell.level is Level.FAULT]
    assert (wrong.address, wrong.remarks[-1].code) == ("C2" if at_top else "C5", "total_differs")


def test_a_title_merged_over_the_table_is_no_heading_and_its_brackets_name_no_unit(tmp_path: Path):
    said = "(từ ngày 01/10/2026 đến ngày 31/10/2026)"
    path = written(tmp_path / "t.xlsx", Thu=[["THU NGÂN SÁCH"], [said], [], TITLES, ONE])
    book = openpyxl.load_workbook(path)
    for row in (1, 2):
        book.worksheets[0].merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(TITLES))
    book.save(path)
    examination, cells = judged(path)
    assert (examination.records, examination.faults) == (1, 0)
    assert cells["Thu!A2"].fate == "note"


OLD = [TITLES, [1, "Long An", 1, 1, 1, 1], [2, "Tân An", 2, 2, 2, 2]]


def test_of_several_months_the_sheet_of_the_period_is_meant_and_the_others_are_asked_about_once(
    tmp_path: Path,
):
    sheets = {
        "T8": OLD,
        "T9": [["THÁNG 9 NĂM 2026"], *OLD],
        "T10": [TITLES, ONE],
        "Tính": [["Nháp", 3, 4, 5]],
    }
    examination, cells = judged(written(tmp_path / "a.xlsx", **sheets))
    assert (examination.records, cells["T10!E2"].value, cells["T9!E3"].fate) == (1, 110.0, "ignored")
    asked = {where: cell.remarks[-1].code for where, cell in cells.items() if cell.level}
    assert asked == {"T8!A1": "sheets_of_others", "Tính!B1": "other_numbers"}
    told = cells["T8!A1"].reason()
    assert "(“T8”, “T9”: tháng 8/2026, tháng 9/2026), kỳ nộp là tháng 10/2026" in told
    assert "chọn kỳ đó" in told
    assert "3 số trên trang không được dùng" in cells["Tính!B1"].reason()
    assert (
        cells["T9!E3"].reason() == "trang “T9” là bảng của tháng 9/2026, kỳ nộp là tháng 10/2026, không dùng"
    )


def test_the_file_of_many_months_is_taken_for_each_of_them(tmp_path: Path):
    """What is advised can be followed: the same file, another period."""
    path = written(tmp_path / "a.xlsx", T8=OLD, T9=[["THÁNG 9 NĂM 2026"], *OLD], T10=[TITLES, ONE])
    with Book(path) as book:
        examination = Examination(CONTRACT, Period.parse("2026-09"))
        found = {f"{cell.sheet}!{cell.address}": cell for cell in examination.cells(book)}
    assert (examination.sheet.name, examination.faults, found["T9!D3"].value) == ("T9", 0, 1.0)


def test_a_column_more_does_not_make_last_months_sheet_the_one_of_this_month(tmp_path: Path):
    short = [row[:2] + row[3:] for row in (TITLES, ONE)]
    _, cells = judged(written(tmp_path / "a.xlsx", T9=OLD, T10=short))
    assert (cells["T10!D2"].value, cells["T9!E2"].fate) == (110.0, "ignored")


def test_one_of_two_alike_sheets_is_hidden_and_the_other_is_read(tmp_path: Path):
    """What is advised where two sheets fit can be followed."""
    path = written(tmp_path / "a.xlsx", Sheet1=OLD, Sheet2=[TITLES, ONE])
    book = openpyxl.load_workbook(path)
    book["Sheet1"].sheet_state = "hidden"
    book.save(path)
    _, cells = judged(path)
    asked = {where: cell.remarks[-1].code for where, cell in cells.items() if cell.level}
    assert (cells["Sheet2!E2"].value, asked) == (110.0, {"Sheet1!A2": "other_numbers"})


def test_a_total_whose_formula_has_no_result_is_no_line(tmp_path: Path):
    total = [None, "Tổng cộng", None, None, "=SUM(E2:E3)"]
    path = written(tmp_path / "a.xlsx", Bieu=[TITLES, *OLD[1:], total])
    examination, cells = judged(path)
    assert (examination.records, examination.faults, cells["Bieu!E4"].fate) == (2, 0, "total")
    assert "chưa có kết quả trong tệp nên không đối chiếu" in cells["Bieu!E4"].reason()


def test_a_stroke_among_choices_is_an_empty_cell(tmp_path: Path):
    contract = load_tree().sheets["services.dossiers"].thing
    head = ["Mã hồ sơ", "Mã TTHC", "Cơ quan xử lý", "Ngày tiếp nhận", "Ngày hẹn trả", "Hình thức nộp", "Trạng thái", "Thanh toán"]  # fmt: skip
    lines = [
        [f"H61.25-261021-012{n}", "1.001234", "Sở Y tế", "01/10/2026", "05/10/2026", channel, "Đã trả", paid]
        for n, (channel, paid) in enumerate(
            [
                ("Online", "-"),
                ("Online", "–"),
                ("Online", "x"),
                ("Online", "…"),
                ("-", "Tiền mặt"),
                ("Online", "kẹo"),
            ]
        )
    ]
    with Book(written(tmp_path / "a.xlsx", HS=[head, *lines])) as book:
        cells = {c.address: c for c in Examination(contract, Period.parse("2026-10")).cells(book)}
    assert [cells[f"H{row}"].value for row in range(2, 6)] == [None] * 4
    assert {where: c.remarks[-1].code for where, c in cells.items() if c.level} == {
        "F6": "missing_text", "H7": "unknown_choice",
    }  # fmt: skip


def test_two_sheets_of_which_none_names_the_period_are_asked_about(tmp_path: Path):
    with pytest.raises(Unreadable, match="two_sheets"):
        judged(written(tmp_path / "a.xlsx", Sheet1=[TITLES, ONE], Sheet2=[TITLES, ONE]))


def test_a_stray_cell_at_the_end_of_the_sheet_costs_nothing_and_is_told(tmp_path: Path):
    path = written(tmp_path / "a.xlsx", Bieu=[TITLES, ONE])
    book = openpyxl.load_workbook(path)
    book["Bieu"]["XFD1048576"] = 7
    book.save(path)
    examination, cells = judged(path)
    assert (examination.records, cells["Bieu!XFD1048576"].remarks[0].code) == (1, "unused")


def test_hidden_rows_and_columns_count_and_are_told_totals_too(tmp_path: Path):
    total = [None, "Tổng cộng", *(sum(column) for column in zip(ONE[2:6], [5] * 4, [6] * 4, strict=True))]
    path = written(
        tmp_path / "a.xlsx", Bieu=[TITLES, ONE, [2, "Long An", 5, 5, 5, 5], [3, "Tân An", 6, 6, 6, 6], total]
    )
    book = openpyxl.load_workbook(path)
    book["Bieu"].row_dimensions[3].hidden = book["Bieu"].row_dimensions[5].hidden = True
    book["Bieu"].column_dimensions["F"].hidden = True
    book.save(path)
    examination, cells = judged(path)
    assert (examination.records, examination.faults) == (3, 0)
    told = {cell.address: cell.remarks[0].code for cell in cells.values() if cell.level is Level.WARNING}
    assert (told["E3"], told["F2"]) == ("hidden_row", "hidden_column")
    assert "E2" not in told
    assert {where: code for where, code in told.items() if where.endswith("5")} == dict.fromkeys(
        ("C5", "D5", "E5", "F5"), "hidden_row"
    )


def test_an_ods_is_read(tmp_path: Path):
    rows = "".join(
        "<table:table-row>"
        + "".join((WORD if isinstance(v, str) else NUMBER).format(v) for v in row)
        + "</table:table-row>"
        for row in (TITLES, ONE, [2, "Đâu đó", 5, 5, "1.234", 9])
    )
    end = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
    content = f'<?xml version="1.0"?><office:document-content {NAMESPACES}><office:body><office:spreadsheet><table:table table:name="Bieu">{rows}{end}</table:table></office:spreadsheet></office:body></office:document-content>'
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    examination, cells = judged(path)
    assert (examination.records, cells["Bieu!E2"].value) == (2, 110.0)
    assert {key: c.remarks[0].code for key, c in cells.items() if c.level is Level.FAULT} == {
        "Bieu!B3": "unknown_place", "Bieu!E3": "two_readings",
    }  # fmt: skip


def test_an_old_xls_in_tcvn3_is_understood_without_its_fonts(tmp_path: Path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("B")
    for row, values in enumerate(
        (["STT", "X·, ph­êng", "Thùc hiÖn th¸ng 10"], [1, "T©n Ninh", 5.5], ["", "Tæng céng", 5.5])
    ):
        for column, value in enumerate(values):
            sheet.write(row, column, value)
    path = tmp_path / "a.xls"
    book.save(str(path))
    examination, cells = judged(path)
    assert (examination.faults, cells["B!B2"].value, cells["B!C2"].value, cells["B!C3"].fate) == (
        0,
        "25459",
        5.5,
        "total",
    )


def test_a_column_of_no_field_is_asked_about_once_at_its_heading(tmp_path: Path):
    lines = [[n, name, 1000, 100, 110, 900, None, n * 5] for n, name in enumerate(["Tân Ninh", "Long An"], 1)]
    examination, cells = judged(written(tmp_path / "a.xlsx", Bieu=[[*TITLES, "Nợ đọng"], *lines]))
    assert {where: c.remarks[-1].code for where, c in cells.items() if c.level} == {
        "Bieu!H1": "unknown_column"
    }
    assert (examination.faults, cells["Bieu!H3"].fate) == (0, "ignored")
    assert cells["Bieu!H3"].reason() == "cột không có trong hợp đồng, không dùng"


def test_a_raised_digit_is_no_digit_of_the_number_and_a_struck_one_is_asked_about(tmp_path: Path):
    """“1500” with a raised “2” behind it is 1500, and “km” with one is km²."""
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Dân số")
    raised, struck = book.add_format({"font_script": 1}), book.add_format({"font_strikeout": True})
    sheet.write_row(0, 0, ["STT", "Xã, phường", "Dân số", "Số hộ"])
    sheet.write_rich_string(0, 4, "Diện tích (km", raised, "2", ")")
    sheet.write_row(1, 0, [1, "Tân Ninh"])
    sheet.write_rich_string(1, 2, "45.678", raised, "2")
    sheet.write_rich_string(1, 3, "12500 ", raised, "(1)")
    sheet.write_rich_string(1, 4, "35,6", raised, "*")
    sheet.write_row(2, 0, [2])
    sheet.write_rich_string(2, 1, "Tân Biên", raised, "3")
    sheet.write_rich_string(2, 2, struck, "45", "46.000")
    sheet.write_rich_string(2, 3, "12", book.add_format({"bold": True}), "500")
    sheet.write_number(2, 4, 50)
    book.close()
    examination = Examination(load_tree().sheets["population.people"].thing, Period.parse("2026"))
    with Book(path) as opened:
        cells = {cell.address: cell for cell in examination.cells(opened)}
    assert [cells[f"{c}2"].value for c in "CDE"] == [45678.0, 12500.0, 35.6]
    assert [cells[f"{c}3"].value for c in "BCDE"] == ["25486", None, 12500.0, 50.0]
    assert {where: c.remarks[-1].code for where, c in cells.items() if c.level} == {"C3": "not_a_number"}
    assert "“~~45~~46.000” không phải là số" in cells["C3"].reason()


def test_numbers_hidden_by_their_format_count_and_are_told(tmp_path: Path):
    path = written(
        tmp_path / "a.xlsx",
        Bieu=[TITLES, ONE, [2, "Long An", 5, 5, 0, 5, None], [3, "Tân An", 6, 6, 6, "=6+0"]],
    )
    book = openpyxl.load_workbook(path)
    for where, form in {
        "C2": ";;;", "D2": '""', "E2": "[Red];;", "C3": '_-" "', "D3": '[=0]"";General', "E3": ";;;",
        "C4": "#,##0;;", "D4": "General;;", "E4": "0.0;(0.0);@",
    }.items():  # fmt: skip
        book["Bieu"][where].number_format = form
    book.save(path)
    examination, cells = judged(path)
    told = {cell.address: cell.remarks[-1].code for cell in cells.values() if cell.level is Level.WARNING}
    assert {where for where, code in told.items() if code == "hidden_number"} == {"C2", "D2", "E2", "C3"}
    assert (examination.records, cells["Bieu!C2"].value) == (3, 1000.0)
    assert "số 1.000 bị định dạng ô che đi" in cells["Bieu!C2"].reason()


def test_numbers_kept_as_texts_on_another_sheet_are_asked_about_too(tmp_path: Path):
    sheets = {
        "T10": [TITLES, ONE],
        "Phía Nam": [TITLES, ["2", "Tân Biên", "1.500,0", "90,0", "100,0", "1 000 0"]],
        "Phụ lục": [["Tân Lập", "1.234"]],
        "Ghi chú": [["12 xã chưa gửi"], ["0276 3822 233"], ["Điều 5"], ["05/11/2026"]],
    }
    _, cells = judged(written(tmp_path / "a.xlsx", **sheets))
    asked = {where: cell.remarks[-1].code for where, cell in cells.items() if cell.level}
    assert asked == {"Phía Nam!A2": "other_numbers", "Phụ lục!B1": "other_numbers"}
    told = cells["Phía Nam!A2"].reason()
    assert "5 số trên trang không được dùng, vì bảng của báo cáo được đọc ở trang “T10”" in told


def test_a_sheet_of_the_office_may_be_called_as_ours_are_and_is_kept(tmp_path: Path):
    own = {
        "T10": [TITLES, ONE],
        LIST: [["Xã", "Số vụ"], ["Tân Ninh", 1234]],
        "HaiDang": [["Xã", "số vụ"], ["A", 5]],
    }
    path, answer = written(tmp_path / "a.xlsx", **own), tmp_path / "b.xlsx"
    for _ in range(2):  # an answer comes back, and is answered
        _, cells = judged(path)
        asked = {where: cell.remarks[-1].code for where, cell in cells.items() if cell.level}
        assert asked == {f"{LIST}!B2": "other_numbers", "HaiDang!B2": "other_numbers"}
        write_answer(path, answer, cells.values())
        book = openpyxl.load_workbook(answer)
        assert book.sheetnames == ["T10", LIST, "HaiDang", f"{LIST}1"]
        assert (book[LIST]["B2"].value, book[f"{LIST}1"].max_row) == (1234, 3)
        path, answer = answer, tmp_path / "c.xlsx"


def test_a_heading_misspelt_does_not_make_last_months_sheet_the_one_of_this_month(tmp_path: Path):
    misspelt = [[*TITLES[:4], "Thực hện kì nầy", *TITLES[5:]], ONE]
    for sheets in ({"T9": OLD, "T10": misspelt}, {"Thu": [["THÁNG 9 NĂM 2026"], *OLD], "T10": misspelt}):
        examination, cells = judged(written(tmp_path / "a.xlsx", **sheets))
        codes = {remark.code for cell in cells.values() for remark in cell.remarks}
        assert (examination.sheet.name, "column_missing" in codes) == ("T10", True)
        assert "sheets_of_others" in codes
