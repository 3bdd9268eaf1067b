"""Twenty-five more files as offices send them, in the forms they have: what each cell means, or what is wrong with it.

`means` holds what cells mean that are not what stands in them; `faults` and `warnings` are all of them, cell by cell.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from haidang.engine.contracts.sheets.book import Book, Unreadable
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.judging import Examination
from haidang.engine.contracts.sheets.sentences import said
from haidang.engine.contracts.sheets.verdict import Cell, Level
from haidang.engine.contracts.tree import load_tree
from tests.sheets.draft import tcvn3, vni
from tests.sheets.messy import LINES

CONTRACTS = {address: entry.thing for address, entry in load_tree().sheets.items()}
Rows = list[list[Any]]
TITLES = ["STT", "Xã, phường", "Dự toán năm 2026", "Thực hiện tháng 9", "Thực hiện tháng 10", "Lũy kế", "Tỷ lệ đạt (%)", "Số NNT", "Ghi chú"]  # fmt: skip
MONTHLY = ["TT", "Nội dung", "ĐVT", "KH 2026", "TH T9/2026", "ƯTH T10/2026", "LK 10T"]
DOSSIERS = ["STT", "Mã hồ sơ", "Mã TTHC", "Tên thủ tục", "Người nộp", "Cơ quan xử lý", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày trả kết quả", "Hình thức nộp", "Trạng thái", "Phí, lệ phí"]  # fmt: skip
CARE = ["TT", "Cơ sở y tế", "Khám bệnh", None, "Điều trị nội trú", None, "Giường bệnh", None, None, "Chuyển tuyến", "Ghi chú"]  # fmt: skip
CARE_BELOW = [None, None, "Tổng số", "Trong đó BHYT", "Số lượt", "Số ngày", "Thực kê", "Ngày giường trong tháng", "Công suất (%)", None, None]  # fmt: skip


@dataclass(frozen=True)
class Sent:
    name: str
    contract: str
    rows: Rows
    means: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    warnings: dict[str, str] = field(default_factory=dict)
    records: int | None = None
    change: Callable[[Any], None] = lambda _: None
    write: Callable[[Path, Sent], Path] | None = None
    period: str = "2026-10"
    refused: str = ""


# --- the forms they come in ---------------------------------------------------------------------------------
def as_xlsx(folder: Path, sent: Sent) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in sent.rows:
        sheet.append(row)
    sent.change(sheet)
    book.save(folder / f"{sent.name}.xlsx")
    return folder / f"{sent.name}.xlsx"


def as_xls(folder: Path, sent: Sent) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    for r, row in enumerate(sent.rows):
        for c, value in enumerate(row):
            if isinstance(value, str) and value.startswith("#"):
                sheet.row(r).set_cell_error(c, value)
            elif value is not None:
                sheet.write(r, c, value)
    sent.change(sheet)
    book.save(str(folder / f"{sent.name}.xls"))
    return folder / f"{sent.name}.xls"


def as_text(encoding: str, separator: str, ending: str = "csv") -> Callable[[Path, Sent], Path]:
    def written(folder: Path, sent: Sent) -> Path:
        lines = [separator.join("" if cell is None else str(cell) for cell in row) for row in sent.rows]
        text = "\r\n".join(lines)
        if encoding == "cp1258":  # letters whole, tones apart
            text = "".join(_old(letter) for letter in text)
        (folder / f"{sent.name}.{ending}").write_bytes(text.encode(encoding))
        return folder / f"{sent.name}.{ending}"

    return written


def _old(letter: str) -> str:
    try:
        letter.encode("cp1258")
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFD", letter)
        tone = next(mark for mark in parts if mark in "\u0300\u0301\u0303\u0309\u0323")
        return unicodedata.normalize("NFC", parts.replace(tone, "")) + tone
    return letter


# --- what they hold -----------------------------------------------------------------------------------------
def revenue(*rows: list[Any], titles: list[Any] | None = None) -> Rows:
    return [titles or TITLES, *([n, *row] for n, row in enumerate(rows, 1))]


def dossier(number: int, *rest: Any, code: str = "") -> list[Any]:
    """Received, due, returned, channel, state, fee."""
    given = [*rest, *["Trực tuyến", "Đã trả kết quả", 0][len(rest) - 3 :]]
    return [number, code or f"H62.12-261015-{number:04}", "1.012756", "Đăng ký biến động", "Ông A", "Sở Xây dựng", *given]  # fmt: skip


def monthly(change: Callable[[Rows], None] = lambda _: None) -> Rows:
    rows: Rows = [["MỘT SỐ CHỈ TIÊU THÁNG 10 NĂM 2026"], MONTHLY]
    for n, (_, words, unit, base) in enumerate(LINES, 1):
        times = (1, 1, 1, 1) if unit == "%" else (12, 1, 1, 10)
        rows.append([n, words, unit, *(round(base * one, 2) for one in times)])
    change(rows)
    return rows


def merged(*ranges: str) -> Callable[[Any], None]:
    def go(sheet: Any) -> None:
        for one in ranges:
            sheet.merge_cells(one)

    return go


def shown(**forms: str) -> Callable[[Any], None]:
    def go(sheet: Any) -> None:
        for where, form in forms.items():
            sheet[where].number_format = form

    return go


def other_units(rows: Rows) -> None:
    rows[2][5] = "104,31%"
    rows[3][5] = "6.120,4 tỷ"
    rows[9][2:7] = ["Nghìn tỷ đồng", 19.2, 1.6, 1.6, 16]
    rows[12][2] = "USD"
    rows[15][5] = "312 DN"
    rows[17][2] = "lượt khách"


def pages(rows: Rows) -> None:
    """Headings once more, with the numbers of columns, where a page was printed; a line that is none of ours."""
    rows[6:6] = [MONTHLY, ["A", "B", "C", 1, 2, 3, 4], [None, "Trong đó:"]]
    rows.append([17, "GRDP", "tỷ đồng", None, None, 150000, None])
    rows.append([None, "Ghi chú: số ước đến ngày 25/10"])


def another_year(sheet: Any) -> None:
    for title, rows in (("Năm 2025", monthly()[1:]), ("Trống", [])):
        other = sheet.parent.create_sheet(title)
        for row in rows:
            other.append(row)
    sheet.parent.move_sheet("Năm 2025", -2)


def of_1904(sheet: Any) -> None:
    sheet.parent.epoch = CALENDAR_MAC_1904


def hide(sheet: Any) -> None:
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    sheet.protection.enable()


def tonal(say: Callable[[str], str], font: str, rows: Rows) -> tuple[Rows, Callable[[Any], None]]:
    def go(sheet: Any) -> None:
        for cell in (cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)):
            cell.font = openpyxl.styles.Font(name=font)

    return [[say(cell) if isinstance(cell, str) else cell for cell in row] for row in rows], go


GOOD = ["Tân Ninh", 93520, 6680, 5754, 66800, 71.4, 4853]
MORE = ["Bình Minh", 94290, 6735, 5760, 67350, 71.4, 4689]
SMALL = [["STT", "Xã, phường", "Dự toán năm 2026", "Thực hiện tháng 9", "Thực hiện tháng 10", "Lũy kế"], [1, "Tân Ninh", "93.520,5", 6680, 5754, 66800], [2, "Bình Minh", "", "6.735", "-", "67350"]]  # fmt: skip
SMALL_MEANS = {"B2": "25459", "C2": 93520.5, "D2": 6680.0, "E2": 5754.0, "F2": 66800.0, "B3": "25480", "E3": None, "F3": 67350.0}  # fmt: skip
OLD_ROWS, OLD_FONT = tonal(tcvn3, ".VnTime", revenue(GOOD, [*MORE[:4], "67.350,5", "71,4%", "4.689"]))
VNI_ROWS, VNI_FONT = tonal(vni, "VNI-Times", [["Đơn vị tính: nghìn đồng"], *revenue(["Tân Ninh", 93520000, 6680000, "5.754.000", 66800000, 71.4, "4,853"])])  # fmt: skip

SENT = [
    Sent("chu-va-so", "economy.commune_revenue", [["Đơn vị: tr.đ"], *revenue(
        ["Tân Ninh", "93 520", "6.680,5", "6 700,25", 66800, "71,4%", "4.853"], ["Bình Minh", "94,290.00", "(120)", "-", 67350, 71.4, "4,689"],
        ["Ninh Thạnh", "１２１２６８", "8.662,0", "8.852 tr.đ", "86,6 tỷ", 71.4, "3173 người"], ["Long Hoa", "102942(1)", "7353*", "8336 (2)", 73530, 71.4, 1181],
        ["Thanh Điền", "87\u00a0710", "6265", "6400/6500", 62650, "71,4", "1523"], ["Hòa Thành", "…", "4047", "x", "40470", None, None],
        ["Gò Dầu", "+69412", "4.958", "4292 – 4300", 49580, "71.4", "khoảng 7900"], ["Gia Lộc", 43904, "−3136", "5,5 tỷ", 43328, "0,714", "4026,0"],
    )], means={"C3": 93520.0, "D3": 6680.5, "E3": 6700.25, "G3": 71.4, "H3": 4853.0, "C4": 94290.0, "E4": None, "H4": 4689.0, "C5": 121268.0, "F5": 86600.0, "H5": 3173.0, "D6": 7353.0, "C7": 87710.0, "C8": None, "C9": 69412.0, "E10": 5500.0},
        faults={"D4": "out_of_range", "E5": "two_readings", "C6": "not_a_number", "E6": "not_a_number", "E7": "not_a_number", "E8": "missing", "D9": "two_readings", "E9": "not_a_number", "H9": "not_a_number", "D10": "out_of_range"},
        warnings={"G10": "share_suspect", "E10": "jump"}, records=8),
    Sent("cot-dao-tong-o-stt", "economy.commune_revenue", [["STT", "Tên đơn vị", "Số NNT", "Lũy kế", "Thực hiện tháng 10", "Dự toán năm 2026", "Số điện thoại"],
        [1, "Tân Ninh", 4853, 66800, 5754, 93520, 912345678], [2, "Bình Minh", 4689, 67350, 5760, 94290, None], [3, "Tân Ninh", 4853, 66800, 5754, 93520, None],
        ["TỔNG CỘNG", None, 14395, 200950, 17268, 281331]], means={"E2": 5754.0, "F3": 94290.0}, faults={"B4": "duplicate", "F5": "total_differs"},
        warnings={"G1": "unknown_column"}, records=3, change=merged("A5:B5")),
    Sent("mot-dong-trieu-duoi-dong", "economy.commune_revenue", [["ĐVT: đồng"], TITLES, [1, "Tân Ninh", 93520000000, 6680000000, 5754000000, 66800000000, 71.4, 4853],
        [2, "Bình Minh", 94290, 6735, 76980, 67350, 71.4, 4689]], means={"E3": 5754.0, "E4": 0.07698},
        warnings={f"{c}4": "converted_small" for c in "CDEF"}, records=2),
    Sent("dong-don-vi", "economy.commune_revenue", [[*TITLES[:6], "Tỷ lệ đạt", *TITLES[7:]], [None, None, "(tr.đ)", "(nghìn đồng)", "(đồng)", "tỷ đồng", "(%)", "(người)"],
        [1, "Tân Ninh", 93520, 6680000, 5754000000, 66.8, 71.4, 4853], [2, "Bình Minh", 94290, 6735000, "5.760.000.000", 67.35, 71.4, 4689]],
        means={"D3": 6680.0, "E3": 5754.0, "F3": 66800.0, "E4": 5760.0}, records=2),
    Sent("ghi-chu-giua-bang", "economy.commune_revenue", [["BÁO CÁO"], TITLES, [1, *GOOD], ["Ghi chú: số 5.760 là ước"], [2, *MORE], ["x", "P.Ninh Thạnh", 121268, 8662, 8852, 86620, 71.4, 3173],
        [4, "Long Hoa (TX Hòa Thành cũ)", 102942, 7353, 8336, 73530, 71.4, 1181], [None, "TỔNG CỘNG:", 412020, 29430, 28702, 294300, None, 13896], ["(1) Gồm cả thu xổ số"], ["Tây Ninh, ngày 5 tháng 11 năm 2026"]],
        means={"B6": "25567"}, faults={"B7": "former_place"}, warnings={f"{c}7": "nameless" for c in "CDEFGH"}, records=4),
    Sent("dinh-dang-phan-tram", "economy.commune_revenue", revenue([*GOOD[:5], 0.714, 4853], [*MORE[:3], 0.45, 67350, 0.714, 4689]), means={"G2": 71.4, "E3": 0.45},
        warnings={"E3": "shown_as_share", "G3": "share_suspect"}, records=2, change=shown(G2="0.0%", E3="0%")),
    Sent("gio-ngay-loi", "economy.commune_revenue", revenue(["Tân Ninh", 93520, time(7, 45), datetime(2026, 5, 4), 66800, 71.4, 4853], ["Bình Minh", 94290, 6735, True, 67350, 71.4, 4689.5],  # noqa: DTZ001 - as typed
        ["Ninh Thạnh", 94290, 6735, "#N/A", 67350, "#DIV/0!", 4689], ["Long Hoa", 94290, 6735, "=E2", 67350, "x", 4689]),
        faults={"D2": "became_date", "E2": "became_date", "E3": "truth", "H3": "not_whole", "E4": "error_value", "G4": "error_value", "E5": "formula_empty"}, records=4),
    Sent("an-va-khoa", "economy.commune_revenue", revenue(GOOD, MORE), means={"E3": 5760.0}, warnings={**{f"{c}3": "hidden_row" for c in "ABCDEFGH"}, "C2": "hidden_column"}, records=2, change=hide),
    Sent("tcvn3", "economy.commune_revenue", OLD_ROWS, means={"B3": "25480", "F3": 67350.5, "H3": 4689.0}, records=2, change=OLD_FONT),
    Sent("vni-nghin-dong", "economy.commune_revenue", VNI_ROWS, means={"B3": "25459", "C3": 93520.0, "E3": 5754.0, "H3": 4853.0}, records=1, change=VNI_FONT),
    Sent("xls-loi", "economy.commune_revenue", revenue(GOOD, [*MORE[:2], "#REF!", "#DIV/0!", "#VALUE!", 71.4, 4689]), means={"E2": 5754.0}, faults={"D3": "error_value", "E3": "error_value", "F3": "error_value"}, records=2, write=as_xls),
    Sent("csv-cham-phay-bom", "economy.commune_revenue", SMALL, means=SMALL_MEANS, faults={"D3": "two_readings"}, records=2, write=as_text("utf-8-sig", ";")),
    Sent("csv-tab-utf16", "economy.commune_revenue", SMALL, means=SMALL_MEANS, faults={"D3": "two_readings"}, records=2, write=as_text("utf-16", "\t", "txt")),
    Sent("csv-cp1258", "economy.commune_revenue", SMALL, means=SMALL_MEANS, faults={"D3": "two_readings"}, records=2, write=as_text("cp1258", ";")),
    Sent("csv-goi-la-xlsx", "economy.commune_revenue", SMALL, means=SMALL_MEANS, faults={"D3": "two_readings"}, records=2, write=as_text("utf-8", ";", "xlsx")),
    Sent("viet-tat-don-vi-khac", "economy.monthly", monthly(other_units), means={"F3": 104.31, "F4": 6120.4, "D10": 19200.0, "F10": 1600.0, "F16": 312.0},
        warnings={f"{c}13": "converted_small" for c in "DEFG"}, records=16),
    Sent("in-nhieu-trang", "economy.monthly", monthly(pages), means={"F6": 2600.5, "F10": 550.25}, faults={"B22": "unknown_item"}, warnings={"F22": "nameless"}, records=17),
    Sent("trang-nam-truoc", "economy.monthly", monthly(), means={"F3": 104.31}, warnings={"A1": "sheets_of_others"}, records=16, change=another_year),
    Sent("hai-cot-ma", "economy.monthly", [["TT", "Chỉ tiêu", "Mã số", "ĐVT", "Kế hoạch năm", "Tháng 9", "Ước tháng 10", "Lũy kế"], *([r[0], r[1], f"{r[0]:02}", *r[2:]] for r in monthly()[2:])], means={"G2": 104.31}, records=16, warnings={"C1": "unknown_column"}),
    Sent("thang-khac", "economy.monthly", [["THÁNG 9 NĂM 2026"], *monthly()[1:]], faults={"A1": "wrong_period"}, records=16),
    Sent("nhom-va-tong", "health.facilities", [["SỞ Y TẾ"], ["HOẠT ĐỘNG KHÁM, CHỮA BỆNH THÁNG 10 NĂM 2026"], CARE, CARE_BELOW, ["A", "B", 1, 2, 3, 4, 5, 6, 7, 8, 9],
        ["I", "Tuyến tỉnh", 54612, 46918, 8252, 44831, 1650, 51150, None, 744], [1, "BVĐK Tây Ninh", "33.841", "31465(*)", 3313, 16721, 700, 21700, "77,1", 325], [2, "BVĐK Long An", 20771, "15 453", "4.939", "28,110", "950", 29450, 0.954, 419],
        ["II", "Tuyến xã"], [3, "Trạm Y tế Tân Ninh", "12 (3)", "-", "x", None, "5 giường", "155 ngày", "…", "1O"], [4, "Trạm y tế Bình Minh", "12", "0", 0, 0, 0, 0, None, 0],
        ["", "Cộng tuyến xã", 24, 0, 0, 0, 5, 155, None, 0], ["Tổng cộng", None, 54636, 46918, 8252, 44831, 1655, 51305, None, 744], ["(*) số tạm tính 100"]],
        means={"C7": 33841.0, "D7": 31465.0, "D8": 15453.0, "F8": 28110.0, "G8": 950.0, "I7": 77.1, "D10": None, "G10": 5.0, "C11": 12.0},
        faults={"C10": "not_a_number", "E10": "missing", "F10": "missing", "H10": "unit", "J10": "not_a_number"}, warnings={"I8": "share_suspect"}, records=4,
        change=merged("C3:D3", "E3:F3", "G3:I3", "A3:A4", "B3:B4", "J3:J4", "A13:B13")),
    Sent("ngay-thang", "services.dossiers", [["Đơn vị: đồng"], DOSSIERS, dossier(1, "15/10/26", "27-10-2026", "26.10.2026", "Trực tuyến", "Đã trả kết quả", "150.000đ"),
        dossier(2, "2026-10-15 08:30:00", "15/10/2026 17:00", "16/10/2026 9:05", "Trực tuyến", "Đã trả kết quả", "150,000"), dossier(3, 46310, 46322.5, "46320", "Trực tuyến", "Đã trả kết quả", "150000 VNĐ"),
        dossier(4, "31/09/2026", "45/10/2026", "10/2026", "Trực tuyến", "Đã trả kết quả", "miễn phí"), dossier(5, datetime(2026, 10, 15, 8, 30), datetime(2026, 10, 20), None, "TRỰC TUYẾN ", "đang xử lí", "Không"),  # noqa: DTZ001
        dossier(6, "15/10/0206", "20/10/2026", "1/1/1900", "online", "Đã trả kết quả", "-50000"), dossier(7, "10/15/2026", "11/02/2026", "chưa trả", "Trực tiếp", "Đang giải quyết", 1.5e5),
        dossier(8, "15/10/2026", "20/10/2026", "19/10/2026", "Trực tuyến", "Đã trả kết quả", "50.000-100.000", code=" H62.12-261015-0008\u200b"), dossier(9, "thứ Hai, ngày 5 tháng 10 năm 2026", "20/10/2026", "", "Trực tuyến", "Đang xử lý", "150 nghìn", code="H62.12–261015–0009")],
        means={"G3": date(2026, 10, 15), "H3": date(2026, 10, 27), "I3": date(2026, 10, 26), "L3": 150000.0, "G4": date(2026, 10, 15), "I4": date(2026, 10, 16), "L4": 150000.0, "G5": date(2026, 10, 15), "H5": date(2026, 10, 27), "G7": date(2026, 10, 15), "J7": "online", "I9": None, "B10": "H62.12-261015-0008", "G11": date(2026, 10, 5), "L11": 150000.0},
        faults={"I5": "not_a_day", "G6": "not_a_day", "H6": "not_a_day", "I6": "not_a_day", "K7": "unknown_choice", "G8": "day_out_of_range", "I8": "day_out_of_range", "L8": "out_of_range", "G9": "month_first", "L10": "not_a_number", "B11": "pattern"}, warnings={"L11": "nameless"}, records=9),
    Sent("he-1904", "services.dossiers", [DOSSIERS, dossier(1, date(2026, 10, 15), date(2026, 10, 20), date(2026, 10, 19)), dossier(2, 44848, 44853, None)],
        means={"G2": date(2026, 10, 15), "G3": date(2026, 10, 15), "H3": date(2026, 10, 20)}, warnings={"I3": "needed_when"}, records=2, change=of_1904),
    Sent("trang-web", "economy.commune_revenue", [["<html><table><tr><td>Thu</td></tr></table>"]], refused="html", write=as_text("utf-8", "", "xls")),
    Sent("thu-tu", "economy.commune_revenue", [["Kính gửi: Sở Tài chính"], ["Đề nghị xem xét"]], refused="text_file", write=as_text("utf-8", "", "csv")),
    Sent("trong", "economy.commune_revenue", [], refused="no_header"),
]  # fmt: skip


def examined(sent: Sent, folder: Path) -> tuple[Examination, list[Cell]]:
    examination = Examination(CONTRACTS[sent.contract], Period.parse(sent.period) if CONTRACTS[sent.contract].period != "none" else None)  # fmt: skip
    with Book((sent.write or as_xlsx)(folder, sent)) as book:
        return examination, list(examination.cells(book))


def worst(cells: list[Cell], level: Level) -> dict[str, str]:
    return {
        cell.address: next(r.code for r in cell.remarks if r.level is level)
        for cell in cells
        if cell.level is level
    }


def test_there_are_twenty_six():
    assert len({sent.name for sent in SENT}) == len(SENT) == 26


@pytest.mark.parametrize("sent", SENT, ids=lambda sent: sent.name)
def test_each_cell_is_understood_or_its_fault_is_named(sent: Sent, tmp_path: Path):
    if sent.refused:
        with pytest.raises(Unreadable) as caught:
            examined(sent, tmp_path)
        assert caught.value.code == sent.refused
        assert len(said(caught.value.code, caught.value.arguments, "vi").split()) > 8
        return
    examination, cells = examined(sent, tmp_path)
    meant = {cell.address: cell for cell in cells if cell.sheet == examination.sheet.name}
    assert {where: meant[where].value for where in sent.means} == sent.means
    assert worst(cells, Level.FAULT) == sent.faults
    assert worst(cells, Level.WARNING) == sent.warnings
    assert examination.records == sent.records
    for cell in cells:
        if cell.level is Level.FAULT:
            assert cell.address in cell.reason()
            assert len(re.findall(r"[.?](?: |$)", cell.reason())) > 1, "fault and remedy"


@pytest.mark.parametrize("sent", [one for one in SENT if not one.refused], ids=lambda sent: sent.name)
def test_no_number_is_changed_or_dropped_without_a_word(sent: Sent, tmp_path: Path):
    examination, cells = examined(sent, tmp_path)
    places = [
        (cell.row, cell.column)
        for cell in cells
        if cell.raw is not None and cell.column >= 0 and cell.sheet != "Năm 2025"
    ]
    assert len(places) == len(set(places))
    for row, values in enumerate(sent.rows, 1):
        for column, value in enumerate(values):
            assert value in {None, ""} or (row, column) in places, (row, column, value)
    for cell in cells:
        if cell.fate == "value" and isinstance(cell.raw, float) and cell.value != cell.raw and not cell.level:
            assert {"converted", "from_share", "from_serial"} & {remark.code for remark in cell.remarks}, cell
        if cell.fate == "ignored" and isinstance(cell.raw, float) and cell.sheet == examination.sheet.name:
            heads = [one for one in cells if one.column == cell.column and one.fate == "header" and one.level]
            assert cell.level or heads, "its heading asks for all of them"
    asked = [cell.sheet for cell in cells if cell.level and cell.sheet != examination.sheet.name]
    assert asked == (["Năm 2025"] if sent.name == "trang-nam-truoc" else []), "once for all of another year"
