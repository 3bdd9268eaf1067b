"""The answer opens in LibreOffice: every value as LibreOffice sees it in the office's own file, red cells and comments in place."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from click.testing import CliRunner
from openpyxl import load_workbook

from haidang.config.cli import main
from haidang.engine.contracts.sheets.book import ERRORS
from haidang.engine.contracts.sheets.editing import write_edited
from haidang.engine.contracts.sheets.verdict import LIST
from tests.libreoffice import converted

pytestmark = pytest.mark.long

TITLES = [
    "STT",
    "Xã, phường",
    "Dự toán năm 2026",
    "Số thu",
    "",
    "",
    "Đạt (%)",
    "Số người nộp thuế",
    "Ghi chú",
]
NAMES = ["Tân Ninh", "Bình Minh", "Ninh Thạnh", "Long Hoa", "Long An", "Tân An", "Khánh Hậu"]
RED, YELLOW = "FFFF9B9B", "FFFFE699"
# Cell → code of what is planted there.
PLANTED = {"E9": "jump_unit", "H10": "not_a_number", "E11": "two_readings", "B12": "unknown_place", "E13": "formula_error"}  # fmt: skip
PIXEL = b"\x89PNG\r\n\x1a\n" + b"".join(
    struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    for kind, body in ((b"IHDR", b"\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0"), (b"IDAT", zlib.compress(b"\0\xff\0\0")), (b"IEND", b""))
)  # fmt: skip


def revenue(
    path: Path, following: Sequence[str] = (), *, since_1904: bool = False, verdict: bool = True
) -> Path:
    """A report with what offices put in: formulas over sheets, days, merges, hidden parts, rules of colour, a chart, a seal."""
    book = xlsxwriter.Workbook(path, {"date_1904": since_1904})
    sheet, prices = book.add_worksheet("Biểu 02"), book.add_worksheet("Đơn giá")
    bold = book.add_format({"bold": True, "align": "center", "border": 1, "bg_color": "#DDEBF7"})
    money, day = book.add_format({"num_format": "#,##0.00"}), book.add_format({"num_format": "dd/mm/yyyy"})
    moment, share = (
        book.add_format({"num_format": "hh:mm dd/mm/yyyy"}),
        book.add_format({"num_format": "0.00%"}),
    )
    red, blue = (
        book.add_format({"font_color": "red", "italic": True}),
        book.add_format({"font_color": "blue"}),
    )
    sheet.write_string(0, 0, "UBND TỈNH TÂY NINH", bold)
    sheet.merge_range("A2:I2", "TÌNH HÌNH THU NGÂN SÁCH THÁNG 10 NĂM 2026", bold)
    sheet.write_rich_string("A3", "Đơn vị: ", red, "triệu đồng", blue, " (làm tròn)")
    for column, words in enumerate(TITLES):
        if column not in {3, 4, 5}:
            sheet.merge_range(3, column, 4, column, words, bold)
    sheet.merge_range("D4:F4", "Số thu", bold)
    for column, words in ((3, "Tháng 9"), (4, "Tháng 10"), (5, "Lũy kế")):
        sheet.write_string(4, column, words, bold)
    for number, name in enumerate(NAMES):
        row = 6 + number
        before = 2345.67 + 311.13 * number
        sheet.write_number(row, 0, number + 1)
        sheet.write_string(row, 1, name)
        sheet.write_number(row, 2, round(before * 14, 2), money)
        sheet.write_number(row, 3, before, money)
        sheet.write_number(row, 4, round(before * 1.07, 2), money)
        sheet.write_formula(row, 5, f"=D{row + 1}*9.7", money, before * 9.7)
        sheet.write_formula(row, 6, f"=F{row + 1}/C{row + 1}", share, before * 9.7 / round(before * 14, 2))
        sheet.write_number(row, 7, 1200 + number)
    sheet.write_number("E9", 2967.93 / 1000, money)
    sheet.write_comment("H10", "Số của kho bạc")
    sheet.write_string("H10", "12O0")
    sheet.write_string("E11", "3.854")
    sheet.write_string("B12", "Xã Không Có")
    sheet.write_formula("E13", "=#REF!*2", money, "#REF!")
    sheet.write_string("B14", "Tổng cộng", bold)
    for column in "CDH":
        sheet.write_formula(f"{column}14", f"=SUM({column}7:{column}13)", money, _sum_of(column))
    sheet.write_string("A16", "Ghi chú: lập ngày")
    sheet.write_datetime("C16", datetime(2026, 10, 26), day)  # noqa: DTZ001 - wall clock
    sheet.write_datetime("D16", datetime(2026, 10, 26, 14, 35), moment)  # noqa: DTZ001 - wall clock
    sheet.write_datetime("E16", time(7, 45), book.add_format({"num_format": "hh:mm"}))
    for number, formula in enumerate(following):
        sheet.write_formula(number, 12, formula, None, -1)
    if verdict:
        sheet.write_formula("F16", '=IF(C14>1,"đủ số","thiếu số")', None, "đủ số")
    sheet.write_formula("G16", "='Đơn giá'!B3*2", None, 25_000.5)
    sheet.write_array_formula("H16", "{=SUM(D7:D9*A7:A9)}", None, _weighted())
    sheet.write_boolean("I16", True)
    sheet.write_string("A17", "=đây là chữ")
    sheet.write_string("B17", "00123")
    sheet.write_url("C17", "https://tayninh.gov.vn", string="Cổng tỉnh")
    sheet.set_row(9, None, None, {"hidden": True})
    sheet.set_column(7, 7, 14, None, {"hidden": True})
    sheet.conditional_format("E7:E13", {"type": "cell", "criteria": ">", "value": 3000, "format": red})
    sheet.conditional_format("C7:C13", {"type": "3_color_scale"})
    sheet.data_validation("B7:B13", {"validate": "list", "source": NAMES})
    sheet.freeze_panes(5, 2)
    sheet.protect("", {"select_locked_cells": True})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "='Biểu 02'!$D$7:$D$13", "categories": "='Biểu 02'!$B$7:$B$13"})
    sheet.insert_chart("K4", chart)
    seal = path.with_suffix(".png")
    seal.write_bytes(PIXEL)
    sheet.insert_image("K20", str(seal))
    for row, (words, price) in enumerate((("Mã", "Giá"), ("A", 1234.5), ("B", 12_500.25), ("C", -0.1 - 0.2))):
        prices.write(row, 0, words)
        prices.write(row, 1, price)
    hidden = book.add_worksheet("Nháp")
    hidden.write_number("A1", 0.1 + 0.2)
    hidden.hide()
    book.define_name("Tong_thu", "='Biểu 02'!$D$14")
    book.close()
    return path


def _sum_of(column: str) -> float:
    before = [2345.67 + 311.13 * number for number in range(7)]
    return {"C": sum(round(b * 14, 2) for b in before), "D": sum(before), "H": sum(1200 + n for n in range(7)) - 1203}[column]  # fmt: skip


def _weighted() -> float:
    return sum((2345.67 + 311.13 * number) * (number + 1) for number in range(3))


@dataclass(frozen=True)
class Seen:
    """What LibreOffice makes of a file: sheet → cell → value, form, fill, comment; and what stands beside."""

    values: dict[str, dict[str, Any]]
    forms: dict[str, dict[str, str]]
    fills: dict[str, dict[str, str]]
    comments: dict[str, dict[str, str]]
    around: dict[str, Any]


def seen(path: Path) -> Seen:
    book = load_workbook(converted(path), data_only=True)
    values, forms, fills, comments, around = {}, {}, {}, {}, {}
    for sheet in book.worksheets:
        cells = [cell for row in sheet.iter_rows() for cell in row]
        values[sheet.title] = {c.coordinate: c.value for c in cells if c.value is not None}
        forms[sheet.title] = {c.coordinate: c.number_format for c in cells if c.value is not None}
        fills[sheet.title] = {c.coordinate: c.fill.fgColor.rgb for c in cells if c.fill.fill_type == "solid"}
        comments[sheet.title] = {c.coordinate: c.comment.text for c in cells if c.comment}
        around[sheet.title] = (
            sorted(str(one) for one in sheet.merged_cells.ranges),
            sorted(row for row, look in sheet.row_dimensions.items() if look.hidden),
            sorted(column for column, look in sheet.column_dimensions.items() if look.hidden),
            sorted(str(one.sqref) for one in sheet.conditional_formatting),
            sorted(str(one.sqref) for one in sheet.data_validations.dataValidation),
            sheet.sheet_state,
            sheet.freeze_panes,
            bool(sheet.protection.sheet),
            (len(sheet._charts), len(sheet._images)),
        )
    return Seen(values, forms, fills, comments, around)


def plain(value: object) -> object:
    return "an error" if isinstance(value, str) and value in ERRORS else value


def same_values(before: Seen, after: Seen) -> None:
    kept = {name: cells for name, cells in after.values.items() if name != LIST}
    assert list(kept) == list(before.values)
    for name, cells in before.values.items():
        different = {
            where: (cells.get(where), kept[name].get(where))
            for where in cells.keys() | kept[name].keys()
            if plain(cells.get(where)) != plain(kept[name].get(where))
        }
        assert different == {}, name


def answered(path: Path) -> tuple[Path, str]:
    answer = path.with_name(f"tra-loi-{path.stem}.xlsx")
    done = CliRunner().invoke(
        main, ["import", str(path), "--contract", "economy.commune_revenue", "--period", "2026-10", "--answer", str(answer)],
    )  # fmt: skip
    assert done.exit_code == 1, done.output
    return answer, done.output


def marked(before: Seen, after: Seen, sheet: str, *, own_comment: bool) -> None:
    for where in PLANTED:
        assert after.fills[sheet][where] == RED, where
        assert re.search(rf"LỖI: .*{where}", after.comments[sheet][where], re.DOTALL), where
    assert len(after.values[LIST]) >= 5 * (1 + len(PLANTED))
    if own_comment:
        assert "Số của kho bạc" in after.comments[sheet]["H10"]
    painted = {w for w, fill in after.fills[sheet].items() if before.fills[sheet].get(w) != fill}
    assert painted == {
        w for w in after.comments[sheet] if re.search("LỖI|CẢNH BÁO", after.comments[sheet][w])
    }
    assert {after.fills[sheet][w] for w in painted} <= {RED, YELLOW}


@pytest.mark.parametrize("since_1904", [False, True], ids=["1900", "1904"])
def test_an_xlsx_comes_back_whole(tmp_path: Path, since_1904: bool):
    path = revenue(tmp_path / "thu.xlsx", since_1904=since_1904)
    answer, _ = answered(path)
    before, after = seen(path), seen(answer)
    assert len(before.values["Biểu 02"]) > 80
    same_values(before, after)
    marked(before, after, "Biểu 02", own_comment=True)
    for name in before.values:
        assert after.forms[name] == before.forms[name]
        assert after.around[name] == before.around[name]
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(answer) as new:
        drawn = [name for name in old.namelist() if re.search("media/|charts/chart", name)]
        assert len(drawn) == 2
        assert len([name for name in new.namelist() if re.search("media/|charts/chart", name)]) == 2
    # Once more: what was answered is taken back, and nothing else.
    again, _ = answered(answer)
    same_values(before, seen(again))
    marked(before, seen(again), "Biểu 02", own_comment=True)


@pytest.mark.parametrize("form", ["xls", "ods"])
def test_other_formats_come_back_with_their_values(tmp_path: Path, form: str):
    # LibreOffice saves no text that a formula came to into an .xls: it computes it again when it opens it.
    path = converted(revenue(tmp_path / "thu.xlsx", verdict=form != "xls"), form)
    answer, _ = answered(path)
    before, after = seen(path), seen(answer)
    same_values(before, after)
    for where in PLANTED:
        assert after.fills["Biểu 02"][where] == RED, where
        assert where in after.comments["Biểu 02"][where]


# Each looks at an edited cell: D7 becomes 2400.5, E11 a number, B12 a commune.
FOLLOWING = [
    "=ROUND(D7/3,2)", '=IF(D7>2400,"vượt","chưa")', "=AVERAGE(D7:D13)", '=SUMIF(B7:B13,"Tân An",D7:D13)', '=COUNTIF(E7:E13,">3000")',
    "=SUMPRODUCT((D7:D13>3000)*A7:A13)", '=IFERROR(D7/0,"–")', "=-D7^2", "=MAX(D7:D13)-MIN(D7:D9)", '=D7&""="2400.5"', "=COUNT(E7:E13)+COUNTA(B7:B12)",
    "=ROUNDDOWN(D7*1.1,0)+ROUNDUP(D8,-1)+INT(-D7)", "=AND(D7>1,OR(D7<5,D8>1))", "=Tong_thu/1000", "=D7/0", "=VLOOKUP(D7,C7:D13,2)", "=SUM(D:D)-2*D14",
]  # fmt: skip


def test_what_was_mended_in_the_grid_comes_to_what_libreoffice_computes(tmp_path: Path):
    """Our results beside edited cells are those of LibreOffice computing the whole file anew, or none at all."""
    path, mended = revenue(tmp_path / "thu.xlsx", FOLLOWING), tmp_path / "sua.xlsx"
    changes: dict[tuple[str, int, int], Any] = {
        ("Biểu 02", 9, 4): 2967.93, ("Biểu 02", 7, 3): 2400.5, ("Biểu 02", 11, 4): 3854.25, ("Biểu 02", 12, 1): "Tân An",
    }  # fmt: skip
    write_edited(path, mended, changes)
    ours, theirs = (
        load_workbook(mended, data_only=True),
        load_workbook(converted(mended, anew=True), data_only=True),
    )
    empty = set()
    for sheet in theirs.worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            our = ours[sheet.title][cell.coordinate].value
            if our is None and cell.value is not None:
                empty.add(cell.coordinate)
            elif isinstance(cell.value, float | int) and not isinstance(cell.value, bool):
                assert our == pytest.approx(cell.value, rel=1e-12), cell.coordinate
            else:
                assert our == cell.value, cell.coordinate
    # A look-up, and a number with a comma or a point as text, are left to Excel.
    assert empty == {"M10", "M16"}
