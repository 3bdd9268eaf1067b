"""`haidang import` as people and scripts see it."""

import json

import openpyxl
import pytest
import xlwt
from click.testing import CliRunner

from haidang.config.cli import main
from haidang.engine.contracts.tree import OURS

SAMPLE = OURS / "economy" / "contracts" / "commune_revenue.sample.xlsx"


def run(*arguments):
    return CliRunner().invoke(main, ["import", *map(str, arguments), "--contract", "economy.commune_revenue"])


@pytest.fixture
def spoiled(tmp_path):
    """The sample with a slip of the unit, a text, a formula and a comment of the office's own."""
    book = openpyxl.load_workbook(SAMPLE)
    sheet = book.active
    sheet["E6"] = sheet["D6"].value * 1000
    sheet["E7"] = "1.234"
    sheet["C8"] = "=D8*14"
    sheet["I9"] = '=HYPERLINK("http://x")'
    sheet["I9"].data_type = "s"
    sheet["E7"].comment = openpyxl.comments.Comment("của xã", "An")
    path = tmp_path / "thu.xlsx"
    book.save(path)
    return path


def test_a_good_file_ends_with_0_and_gives_each_cell(tmp_path):
    done = run(SAMPLE, "--period", "2026-10", "--json")
    assert done.exit_code == 0, done.output
    cells = json.loads(done.stdout)
    assert {"sheet", "cell", "raw", "value", "unit", "verdict", "reason"} <= set(cells[0])
    (found,) = [cell for cell in cells if cell["cell"] == "E6"]
    assert (found["value"], found["unit"], found["verdict"]) == (found["raw"], "triệu đồng", "đạt")
    assert {cell["verdict"] for cell in cells} == {"đạt"}


def test_a_faulty_file_ends_with_1_and_names_cell_fault_and_remedy(spoiled):
    done = run(spoiled, "--period", "2026-10", "--json")
    assert done.exit_code == 1
    by_cell = {cell["cell"]: cell for cell in json.loads(done.stdout)}
    assert by_cell["E6"]["verdict"] == "lỗi"
    assert "có phải đơn vị là nghìn đồng?" in by_cell["E6"]["reason"]
    assert "hai cách đọc: 1.234 hay 1,234" in by_cell["E7"]["reason"]
    assert by_cell["C8"]["codes"] == ["formula_empty"]
    assert by_cell["C8"]["reason_en"].startswith("Cell C8: formula =D8*14")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--period", "10/2026"], "--period 2026-10"), (["--period", "2026"], "--period 2026-10"), ([], "--period 2026-10")],
)  # fmt: skip
def test_a_wrong_period_is_refused_with_its_form(arguments, words):
    done = run(SAMPLE, *arguments)
    assert done.exit_code == 2
    assert words in done.output


def test_an_unknown_contract_names_those_there_are():
    done = CliRunner().invoke(main, ["import", str(SAMPLE), "--contract", "economy.monthy"])
    assert done.exit_code == 2
    assert "economy.monthly" in done.output


def test_a_file_that_cannot_be_read_ends_with_2_and_says_what_to_do(tmp_path):
    path = tmp_path / "a.xls"
    path.write_bytes(b"<html>")
    done = run(path, "--period", "2026-10", "--json")
    assert done.exit_code == 2
    (only,) = json.loads(done.stdout)
    assert "Lưu thành .xlsx" in only["reason"]
    assert only["verdict"] == "lỗi"


def test_the_same_file_comes_back_with_red_cells_comments_and_all_it_held(spoiled, tmp_path):
    out = tmp_path / "tra-loi.xlsx"
    assert run(spoiled, "--period", "2026-10", "--answer", out).exit_code == 1
    before, after = openpyxl.load_workbook(spoiled).active, openpyxl.load_workbook(out)
    sheet = after[before.title]
    for row in before.iter_rows():
        for cell in row:
            there = sheet[cell.coordinate]
            assert (there.value, there.data_type, there.number_format) == (
                cell.value,
                cell.data_type,
                cell.number_format,
            )
            if cell.coordinate not in {"E6", "E7", "C8"}:
                assert there.fill.fgColor.rgb == cell.fill.fgColor.rgb
    assert sheet["E6"].fill.fgColor.rgb == "FFFF9B9B"
    assert "có phải đơn vị là" in sheet["E6"].comment.text
    assert sheet["E7"].comment.text.startswith("của xã\n")
    listed = after["Kết quả kiểm tra"]
    assert {row[1].value for row in listed.iter_rows(min_row=2)} >= {"E6", "E7", "C8"}
    # What is sent back can be sent again.
    again = run(out, "--period", "2026-10", "--json")
    assert again.exit_code == 1
    codes = {c["cell"]: c["codes"] for c in json.loads(again.stdout) if c["sheet"] == before.title}
    assert "jump_unit" in codes["E6"]


def test_texts_that_look_like_formulas_stay_texts_in_what_we_write(tmp_path):
    book = openpyxl.load_workbook(SAMPLE)
    book.active["E6"] = '=cmd|"/c calc"!A1'
    book.active["E6"].data_type = "s"
    path, out = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    book.save(path)
    assert run(path, "--period", "2026-10", "--answer", out).exit_code == 1
    for sheet in openpyxl.load_workbook(out):
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)


def test_results_of_formulas_are_there_after_the_way_back(tmp_path):
    xlsxwriter = pytest.importorskip("xlsxwriter")
    path, out = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Thu")
    sheet.write_row(0, 0, ["Xã, phường", "Thực hiện kỳ này", "Ghi chú"])
    sheet.write_row(1, 0, ["Phường Tân Ninh"])
    sheet.write_formula(1, 1, "=1000+250.5", None, 1250.5)
    sheet.write_formula(1, 2, '="a"&"<b"', None, "a<b")
    sheet.write_row(2, 0, ["Phường Không Có", 5])
    book.close()
    assert run(path, "--period", "2026-10", "--answer", out).exit_code == 1
    found = openpyxl.load_workbook(out, data_only=True)["Thu"]
    assert (found["B2"].value, found["C2"].value) == (1250.5, "a<b")
    assert openpyxl.load_workbook(out)["Thu"]["B2"].value == "=1000+250.5"


def test_an_xls_comes_back_as_xlsx_with_its_values(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("Thu")
    for column, words in enumerate(("Xã, phường", "Thực hiện kỳ này (đồng)")):
        sheet.write(0, column, words)
    for column, value in enumerate(("Phường Tân Ninh", 2_500_000_000)):
        sheet.write(1, column, value)
    for column, value in enumerate(("Đâu đó", "=1+1")):
        sheet.write(2, column, value)
    path, out = tmp_path / "a.xls", tmp_path / "b.xlsx"
    book.save(str(path))
    done = run(path, "--period", "2026-10", "--json", "--answer", out)
    assert done.exit_code == 1
    by_cell = {cell["cell"]: cell for cell in json.loads(done.stdout)}
    assert (by_cell["B2"]["value"], by_cell["B2"]["unit"], by_cell["A2"]["value"]) == (
        2500,
        "triệu đồng",
        "25459",
    )
    back = openpyxl.load_workbook(out)["Thu"]
    assert back["B2"].value == 2_500_000_000
    assert (back["B3"].value, back["B3"].data_type) == ("=1+1", "s")


def test_the_last_period_can_be_another_file(tmp_path):
    book = openpyxl.load_workbook(SAMPLE)
    sheet = book.active
    for row in range(4, 20):
        sheet.cell(row, 4).value = None  # no column of the last period
    sheet["B2"] = None
    last = tmp_path / "thang-9.xlsx"
    sheet["E4"] = "Thực hiện kỳ này"
    sheet["E6"] = sheet["E6"].value / 1000
    sheet["A2"], sheet["E19"] = "Tháng 9 năm 2026", None
    book.save(last)
    done = run(SAMPLE, "--period", "2026-10", "--previous", last, "--json")
    codes = {cell["cell"]: cell["codes"] for cell in json.loads(done.stdout)}
    assert "jump_unit" in codes["E6"]
    assert "jump_unit" not in codes["E7"]
