"""Files in which a number is easily read as another, or counted twice, without anybody noticing: units stated anew in the
middle, headings that change places further down, a total nobody calls one, another province's commune of the same name.
What each cell means was written down before the file was read.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from haidang.engine.contracts.sheets.book import Unreadable
from haidang.engine.contracts.sheets.verdict import Level
from tests.sheets.draft import nfd, tcvn3, vni
from tests.sheets.test_clerks import PEOPLE, POPULATION, REVENUE, SHORT, nameless, short
from tests.sheets.test_offices import (
    DOSSIERS,
    Sent,
    as_text,
    as_xlsx,
    dossier,
    examined,
    merged,
    shown,
    worst,
)

V = [1500, 90, 100]
OFFICES = ["Cơ quan", "Văn bản đến", "Văn bản đi", "Văn bản đi được ký số", "Văn bản đã xử lý", "Xử lý đúng hạn", "Xử lý quá hạn"]  # fmt: skip
HANDLED = [100, 50, 49, 90, 80, 10]
CARERS = ["STT", "Cơ sở y tế", "Lượt khám bệnh", "Khám BHYT", "Lượt điều trị nội trú", "Ngày điều trị nội trú", "Giường bệnh thực kê", "Ngày giường trong tháng", "Lượt chuyển tuyến"]  # fmt: skip
CARED = [1000, 900, 100, 500, 50, 1500, 5]
MONTHLY = ["TT", "Chỉ tiêu", "ĐVT", "Tháng 9/2026", "Tháng 10/2026", "Lũy kế"]


def in_place_of(**cells: str) -> Callable[[Path, Sent], Path]:
    """The file with other XML in some cells: what programs write, and no library of ours does."""

    def written(folder: Path, sent: Sent) -> Path:
        made, path = as_xlsx(folder, sent), folder / "khac.xlsx"
        with zipfile.ZipFile(made) as old, zipfile.ZipFile(path, "w") as new:
            for part in old.infolist():
                text = old.read(part).decode("utf-8", errors="surrogateescape")
                if part.filename.endswith("sheet1.xml"):
                    for where, other in cells.items():
                        text, times = re.subn(rf'<c r="{where}".*?</c>', other, text)
                        assert times == 1
                new.writestr(part, text.encode("utf-8", errors="surrogateescape"))
        return path

    return written


def alone_and_hidden(sheet: Worksheet) -> None:
    """The table is on a hidden sheet, behind a cover."""
    sheet.parent.create_sheet("Bìa").append(["BÁO CÁO"])
    sheet.sheet_state = "hidden"
    sheet.parent.active = 1


THREE = ["STT", "Địa bàn", "Kỳ trước", "Kỳ này", "Lũy kế"]
SENT = [
    # --- units stated anew ---
    Sent("don-vi-giua-bang", REVENUE, [["Đơn vị tính: đồng"], *short(["Tân Ninh", 1500e6, 90e6, 100e6]), ["Đơn vị tính: triệu đồng"], [2, "Tân Biên", *V], [3, "Tân Lập", 1600, "91", "101,5"]],
        means={"C3": 1500.0, "E3": 100.0, "C5": 1500.0, "E5": 100.0, "E6": 101.5}, records=3),
    Sent("don-vi-va-tieu-de-lai", REVENUE, [["ĐVT: triệu đồng"], *short(["Tân Ninh", *V]), ["Khu vực phía Nam"], ["(Đơn vị tính: tỷ đồng)"], SHORT, [2, "Tân Biên", 1.5, 0.09, "0,1"], [None, "Tổng", 1.5, 0.09, 0.1]],
        means={"C3": 1500.0, "C7": 1500.0, "E7": 100.0}, records=2),
    Sent("phan-dau-khong-ghi", REVENUE, [*short(["Tân Ninh", *V]), ["Đơn vị tính: tỷ đồng"], [2, "Tân Biên", 1.5, 0.09, 0.1]], means={"C2": 1500.0, "C4": 1500.0}, warnings={"A3": "unit_from_here"}, records=2),
    Sent("trai-voi-tieu-de", REVENUE, [*short(["Tân Ninh", *V], titles=[*SHORT[:4], "Kỳ này (triệu đồng)"]), ["Đơn vị tính: tỷ đồng"], [2, "Tân Biên", *V]], faults={"A3": "unit_between"}, records=2),
    Sent("don-vi-trong-tieu-de-lai", REVENUE, [["Đơn vị tính: triệu đồng"], *short(["Tân Ninh", *V]), [*SHORT[:2], "Dự toán năm (tỷ đồng)", "Kỳ trước (tỷ đồng)", "Kỳ này (tỷ đồng)"], [2, "Tân Biên", 1.5, 0.09, 0.1]],
        means={"C5": 1500.0, "E5": 100.0}, records=2),
    Sent("khong-con-dong-nao", REVENUE, [["Đơn vị tính: triệu đồng"], *short(["Tân Ninh", *V]), ["Đơn vị tính: đồng"], ["Người lập biểu"]], faults={"A4": "unit_below"}, records=1),
    Sent("khong-lien-quan", REVENUE, [["Đơn vị tính: triệu đồng"], *short(["Tân Ninh", *V]), ["Đơn vị tính: người"], [2, "Tân Biên", *V]], means={"E5": 100.0}, records=2),
    Sent("nghin-nguoi-giua", POPULATION, [["Đơn vị: người"], *short(["Tân Ninh", 45678, 12500, 35.6], titles=PEOPLE), ["Đơn vị tính: nghìn người"], [2, "Tân Biên", 23.5, 6000, 50]], means={"C5": 23500.0}, faults={"D5": "unit"}, records=2, period="2026"),
    Sent("hai-don-vi-tren-bang", REVENUE, [["Đơn vị tính: tỷ đồng"], ["ĐVT: triệu đồng"], *short(["Tân Ninh", *V])], faults={"A1": "two_units"}, records=1),
    Sent("hai-don-vi-hai-loai", REVENUE, [["Đơn vị tính: tỷ đồng", None, "ĐVT: người"], *short(["Tân Ninh", 1.5, 0.09, 0.1])], means={"C3": 1500.0, "E3": 100.0}, records=1),
    Sent("don-vi-la-co-quan", REVENUE, [["Đơn vị: Thuế tỉnh Tây Ninh", None, None, "Đơn vị tính: tỷ đồng"], ["Đơn vị: Thuế cơ sở 2"], *short(["Tân Ninh", 1.5, 0.09, 0.1])], means={"C4": 1500.0}, records=1),
    Sent("nhu-tren", "economy.monthly", [MONTHLY, ["1", "Thu nội địa", "tỷ đồng", 900, 950, 9000], ["2", "Chi thường xuyên", "nt", 600, 610, 6000], ["3", "Chi đầu tư", '"', 600, 610, 6000]], means={"E3": 610.0, "E4": 610.0}, records=3),
    # --- headings ---
    Sent("tieu-de-doi-cho", REVENUE, [SHORT, [1, "Tân Ninh", *V], ["STT", "Xã, phường", "Dự toán năm", "Kỳ này", "Kỳ trước"], [2, "Bình Minh", 1500, 100, 90]], faults={"D3": "columns_moved", "E3": "columns_moved"}, records=2),
    Sent("hai-thang-chong-nhau", REVENUE, [["STT", "Xã, phường", "Thực hiện tháng 10"], [1, "Tân Ninh", 100], ["STT", "Xã, phường", "Thực hiện tháng 9"], [2, "Bình Minh", 90]], faults={"C3": "columns_moved"}, records=2),
    Sent("uoc-thuc-hien", REVENUE, [["STT", "Xã, phường", "DT 2026", "TH T9/2026", "Ước TH T10/2026", "LK 10T/2026"], [1, "Tân Ninh", *V, 900]], means={"E2": 100.0, "F2": 900.0}, records=1),
    Sent("bang-cua-quy", REVENUE, [["BÁO CÁO QUÝ III NĂM 2026"], *short(["Tân Ninh", *V])], warnings={"A1": "wrong_period"}, records=1),
    Sent("bieu-cua-hop-dong-khac", "economy.monthly", short(["Tân Ninh", *V]), refused="no_header"),
    *(Sent(f"cot-xa-{n}", REVENUE, [["STT", title, "Kỳ trước", "Kỳ này"], [1, "Tân Ninh", 90, 100]], means={"B2": "25459", "D2": 100.0}, records=1) for n, title in enumerate(["Địa phương", "Tên xã", "Phường/xã", "Đơn vị hành chính cấp xã"])),
    *(Sent(f"cot-so-{n}", REVENUE, [["STT", "Xã, phường", "Tháng 9", title], [1, "Tân Ninh", 90, 100]], means={"D2": 100.0}, records=1) for n, title in enumerate(["Thực hiện trong tháng 10", "T10.2026", "Kỳ báo cáo", "Thực hiện tháng 10 năm 2026 (triệu đồng)"])),
    Sent("ba-dong-tieu-de", REVENUE, [["STT", "Xã, phường", "Thu ngân sách", None, None, None], [None, None, "Tháng 9", None, "Tháng 10", None], [None, None, "Dự toán", "Thực hiện", "Dự toán", "Thực hiện"], [1, "Tân Ninh", 95, 90, 105, 100]], change=merged("C1:F1", "C2:D2", "E2:F2", "A1:A3", "B1:B3"),
        means={"D4": 90.0, "F4": 100.0, "C4": None, "E4": None}, warnings={"C3": "unknown_column", "E3": "unknown_column"}, records=1),
    Sent("mot-tieu-de-hai-cot", REVENUE, [["STT", "Xã, phường", "Tháng 10", None], [1, "Tân Ninh", 105, 100]], change=merged("C1:D1"), faults={"C1": "two_columns"}, records=1),
    Sent("tuan-khac", "health.epidemic_communes", [["BÁO CÁO TUẦN 43 (từ 19/10 đến 25/10/2026)"], ["STT", "Xã, phường", "Sốt xuất huyết", "Tay chân miệng", "Sởi"], [1, "Tân Ninh", "5 ca", "05", 0]], period="2026-W44", means={"C3": 5.0, "D3": 5.0}, warnings={"A1": "wrong_period"}, records=1),
    # --- lines ---
    Sent("tong-o-cot-dau", REVENUE, [*short(["Tân Ninh", *V], ["Bình Minh", *V]), ["Tổng cộng: 2 xã", None, 3000, 180, 200]], records=2),
    Sent("tong-toan-nganh", "health.facilities", [CARERS, ["I", "Bệnh viện", None], [1, "BV Tây Ninh", *CARED], [2, "BV Long An", *CARED], [None, "Cộng bệnh viện", *(2 * v for v in CARED)], ["II", "Trạm y tế"], [3, "TYT Tân Ninh", *CARED], ["", "TOÀN NGÀNH", *(3 * v for v in CARED)]], records=3),
    Sent("tong-khong-noi", "health.facilities", [CARERS[1:], ["BV Tây Ninh", *CARED], ["BV Long An", *CARED], ["Số chung", *(2 * v for v in CARED)]], warnings={"A4": "like_total"}, records=3),
    Sent("duoi-chu-ky", REVENUE, [*short(["Tân Ninh", *V]), [None, "Ngày 05 tháng 11 năm 2026"], [None, "Người lập", None, None, "Phụ trách"], [None, "Nguyễn Thị B", None, None, "0912345678"]], warnings={"B5": "unused", "E5": "unused"}, records=1),
    Sent("ngay-dao-thang", "services.dossiers", [DOSSIERS, *(dossier(n, date(2026, n, 10), date(2026, 11, 12), None) for n in (3, 5, 7)), *(dossier(n, f"{n + 10}/10/2026", "12/11/2026", None) for n in (4, 6, 8))], warnings={f"G{row}": "day_turned" for row in (2, 3, 4)} | {f"I{row}": "needed_when" for row in range(2, 8)}, records=6),
    Sent("ma-va-ten", REVENUE, short(["25459 - Phường Tân Ninh", *V], ["Bình Minh (25480)", *V], ["25459 - Tân Lập", *V]), means={"B2": "25459", "B3": "25480"}, faults={"B4": "unknown_place"}, warnings=nameless({4: "CDE"}), records=3),
    Sent("so-truoc-ten", REVENUE, [SHORT[1:], ["1. Phường Tân Ninh", *V], ["2) Bình Minh", *V], ["- Xã Tân Biên", *V], ["+ Tân Lập", *V], ["Cộng", 6000, 360, 400]], means={"A2": "25459", "A3": "25480", "A4": "25486", "A5": "25489"}, records=4),
    Sent("tong-khong-goi-la-tong", "documents.offices", [OFFICES, ["Sở Y tế", *HANDLED], ["Sở Nội vụ", *HANDLED], ["Tổng các sở", *(2 * v for v in HANDLED)], ["UBND xã Tân Biên", *HANDLED], ["Cộng khối xã", *HANDLED], ["Tổng công ty Cấp nước", *HANDLED], ["Cộng đồng số", *HANDLED]], records=5),
    Sent("tong-thu", REVENUE, [*short(["Tân Ninh", *V], ["Bình Minh", *V]), [None, "Tổng thu", 3000, 180, 200], [None, "Tổng thu NSNN trên địa bàn", 3000, 180, 200], [None, "Toàn tỉnh (A+B)", 3000, 180, 200]], records=2),
    Sent("trung-khac-chu-hoa", "documents.offices", [["STT", *OFFICES], [1, "Sở Y tế", *HANDLED], [2, "SỞ Y TẾ", *HANDLED], [3, "Hoà Thành", *HANDLED], [4, "Hòa Thành", *HANDLED]], faults={"B3": "duplicate", "B5": "duplicate"}, records=4),
    Sent("xa-cung-ten-tinh-khac", REVENUE, short(["Xã Châu Thành, tỉnh Đồng Tháp", *V], ["Xã Tân Hưng, tỉnh Long An", *V], ["Tân Ninh (1)", *V]), faults={"B2": "other_province"}, means={"B3": "27721", "B4": "25459"}, warnings=nameless({2: "CDE"}), records=3),
    Sent("ten-xa-moi-kieu", REVENUE, short(["P.Bình Minh", *V], ["x. Tân Biên", *V], ["Xã  Tân   Lập", *V], ["Tan Chau", *V], ["Tan Thanh", *V], ["Phường Hoà Thành", *V], ["Tân\nĐông", *V], [nfd("Tân Phú"), *V], [tcvn3("Tân Hội"), *V], [vni("Trà Vong"), *V], ["Ta^n Ninh", *V]),
        means={"B2": "25480", "B3": "25486", "B4": "25489", "B5": "25516", "B7": "25645", "B8": "25522", "B9": "25549", "B10": "25525", "B11": "25510"}, faults={"B6": "two_places", "B12": "unknown_place"}, warnings=nameless({6: "CDE", 12: "CDE"}), records=11),
    # --- numbers ---
    Sent("dau-chu-thich", REVENUE, short(["Tân Ninh", "1.234.567(1)", "90*", "100 (*)"], ["Tân Biên", "1.500,0 (2)", "90¹", "100†"], ["Tân Lập", "1500,0", "90 [1]", "100**"]),
        means={"D2": 90.0, "E2": 100.0, "D3": 90.0, "E3": 100.0, "E4": 100.0}, faults={"C2": "not_a_number", "C3": "not_a_number", "D4": "not_a_number"}, records=3),
    Sent("khoang-trang", REVENUE, short(["Tân Ninh", "1 500,5\u00a0", "\u00a090 ", "100\u2009"], ["Tân Biên", "1\u202f500,5", "9\u00a00", "100\t"], ["Tân Lập", "'1500", "\u200b90", "1 00"]),
        means={"C2": 1500.5, "D2": 90.0, "E2": 100.0, "C3": 1500.5, "E3": 100.0, "C4": 1500.0, "D4": 90.0}, faults={"D3": "not_a_number", "E4": "not_a_number"}, records=3),
    Sent("hai-kieu-mot-cot", REVENUE, short(["Tân Ninh", "1,234.5", "90,5", "100.5"], ["Tân Biên", "1.234,5", "90.50", "1,234,567.5"], ["Tân Lập", "12,345", "90", "101"]), means={"C2": 1234.5, "C3": 1234.5, "D2": 90.5, "D3": 90.5, "E2": 100.5}, faults={"C4": "two_readings", "E3": "range_unit"}, records=3),
    Sent("am-va-dau-sau", REVENUE, short(["Tân Ninh", "1500", "(90)", None], ["Tân Biên", "1500", "90-", "100"]), faults={"D2": "out_of_range", "E2": "missing", "D3": "not_a_number"}, records=2),
    Sent("qua-nhieu-chu-so", REVENUE, short(["Tân Ninh", "12345678901234567", "90,12345678901234567", 100], ["Tân Biên", 12345678901234567, "9E1", "1.0E2"], ["Tân Lập", 1500, 1e-7, None]),
        means={"C2": None, "D2": 90.12345678901235, "C3": None, "D3": 90.0, "E3": 100.0, "D4": 1e-7}, faults={"C2": "too_many_digits", "C3": "too_many_digits", "E4": "missing"}, records=3),
    Sent("khoang-va-gan-dung", REVENUE, short(["Tân Ninh", "1.400-1.500", "<90", ">=100"], ["Bình Minh", "~1500", "90±5", "100/120"], ["Tân Biên", "1500 + 20", "gần 90", "100?"]), faults={f"{c}{r}": "not_a_number" for r in (2, 3, 4) for c in "CDE"}, records=3),
    Sent("ty-le-moi-kieu", REVENUE, short(*([name, *V, share] for name, share in [("Tân Ninh", "71,4%"), ("Tân Biên", 0.714), ("Tân Lập", 71.4), ("Tân Hội", "0,714%")]), titles=[*SHORT, "Tỷ lệ đạt"]), means={"F2": 71.4, "F3": 71.4, "F4": 71.4}, warnings={"F5": "share_suspect"}, change=shown(F3="0.0%"), records=4),
    Sent("cong-thuc-ra-rong", REVENUE, short(["Tân Ninh", 7, 90, 100], ["Bình Minh", 1500, 90, 7]), write=in_place_of(C2='<c r="C2" t="str"><f>IF(D2>0,"",5)</f><v></v></c>', E3='<c r="E3" t="str"><f>IF(D3>0,"",5)</f><v/></c>'), means={"C2": None}, faults={"E3": "missing"}, records=2),
    Sent("khong-con-la-so", REVENUE, short(["Tân Ninh", 7, 7, 100]), write=in_place_of(C2='<c r="C2"><v>NaN</v></c>', D2='<c r="D2"><v>1E400</v></c>'), faults={"C2": "error_value", "D2": "error_value"}, records=1),
    Sent("ghi-chu-la-cong-thuc", REVENUE, [[*SHORT, "Ghi chú"], [1, "Tân Ninh", *V, 1234], [2, "Bình Minh", *V, '=A1&"x"'], [3, "Tân Biên", *V, "#N/A"]], warnings={"F2": "number_in_note"}, records=3),
    Sent("csv-ngoac-kep", REVENUE, [["STT", "Đơn vị", *SHORT[2:]], [1, '"Phường Tân Ninh"', '"1.234,5"', '"90"', '"100,25"'], [2, '"Xã ""Tân Biên"""', *V]], write=as_text("utf-8", ","), means={"C2": 1234.5, "E2": 100.25}, faults={"B3": "unknown_place"}, warnings=nameless({3: "CDE"}), records=2),
    # --- a separator within a number or a heading of a text moves what stands behind it ---
    Sent("csv-so-tach-ghi-chu-cuoi", REVENUE, [[*THREE, "Ghi chú"], [1, "Tân Ninh", 6, "680", 5754, 66800], [2, "Bình Minh", 6735, 5760, 67350, None], [3, "Tân Lập", 6, "735", 5760, "thu đất"]],
        write=as_text("utf-8", ","), means={"D2": None, "E2": None, "D3": 5760.0, "F4": "thu đất"}, faults={f"{c}2": "cut_apart" for c in "CDE"}, warnings={"F2": "number_in_note"}, records=3),
    Sent("csv-it-o-hon", REVENUE, [THREE, [1, "Tân Ninh", 6, "680", None], [2, "Bình Minh", 6735, 5760, 67350], [3, "Tân Lập", 6735, 5760, 67350]], write=as_text("utf-8", ","), warnings={"C2": "cut_apart", "D2": "jump"}, records=3),
    Sent("csv-tieu-de-co-phay", REVENUE, [["STT", "Xã", " phường", *THREE[2:]], [1, "Tân Ninh", 6680, 5754, 66800], [2, "Bình Minh", 6735, 5760, 67350]], write=as_text("utf-8", ","), means={"B2": "25459", "C2": 6680.0, "D2": 5754.0, "E3": 67350.0}, records=2),
    Sent("csv-tieu-de-co-phay-so-tach", REVENUE, [["STT", "Xã", " phường", *THREE[2:], "Ghi chú"], [1, "Tân Ninh", 6680, 5754, 5, 66800, None], [2, "Bình Minh", 6735, 5760, 67350, None]], write=as_text("utf-8", ","), means={"D2": None, "D3": 5760.0}, faults={f"{c}2": "shifted" for c in "CDE"}, warnings={"F2": "number_in_note"}, records=2),
    Sent("csv-tieu-de-la-co-phay", REVENUE, [["STT", "Địa bàn", "Kỳ trước", "Kỳ này", "Lũy kế", " ước"], [1, "Tân Ninh", 6680, 5754, 66800], [2, "Bình Minh", 6735, 5760, 67350]], write=as_text("utf-8", ","), refused="rows_shorter"),
    Sent("csv-bo-ghi-chu-trong", REVENUE, [[*THREE, "Ghi chú"], [1, "Tân Ninh", 6680, 5754, 66800], [2, "Bình Minh", 6735, 5760, 67350]], write=as_text("utf-8", ","), means={"D2": 5754.0}, records=2),
    # --- letters of old fonts in a text ---
    Sent("csv-tcvn3", REVENUE, [[tcvn3(w) for w in [*THREE, "Số NNT"]], [1, tcvn3("Phường Tân Ninh"), 6680, 5754, 66800, 4853], [2, tcvn3("Phường Bình Minh"), 6735, 5760, 67350, 4689]], write=as_text("latin-1", ";"), means={"B2": "25459", "D2": 5754.0, "F3": 4689.0}, records=2),
    Sent("csv-chu-la", REVENUE, [["STT", "X¶¤ ph§¬¢g", "K¿ tr§¬c", "K¿ n¥y"], *([n, "Ph§¬¢g T¥¿ N¤¿h", 6680, 5754] for n in range(4))], write=as_text("latin-1", ";"), refused="unknown_letters"),
    # --- formats and sheets that show another thing than they hold ---
    Sent("dinh-dang-am-va-nguoi", REVENUE, [THREE, [1, "Tân Ninh", 6680, 5754, 66800], [2, "Bình Minh", 6735, -5760, 67350]], change=shown(E2="[Red]-0", D3="[Red]-0", C3='#,##0" người"'), means={"E2": 66800.0, "C3": None}, warnings={"E2": "shown_negative"}, faults={"C3": "unit", "D3": "out_of_range"}, records=2),
    Sent("trang-an-duy-nhat", REVENUE, [THREE, [1, "Tân Ninh", 6680, 5754, 66800]], change=alone_and_hidden, warnings={"A1": "hidden_sheet"}, records=1),
    Sent("don-vi-tren-nhom-cot", REVENUE, [["STT", "Xã, phường", "Dự toán năm", "Số thu (tỷ đồng)", None], [None, None, None, "Kỳ trước", "Kỳ này"], [1, "Tân Ninh", 1500, 0.09, 0.1]], change=merged("D1:E1", "A1:A2", "B1:B2", "C1:C2"), means={"C3": 1500.0, "D3": 90.0, "E3": 100.0}, records=1),
]  # fmt: skip


@pytest.mark.parametrize("sent", SENT, ids=lambda sent: sent.name)
def test_each_cell_means_what_was_written_down_before(sent: Sent, tmp_path: Path):
    if sent.refused:
        with pytest.raises(Unreadable) as caught:
            examined(sent, tmp_path)
        assert caught.value.code == sent.refused
        return
    examination, cells = examined(sent, tmp_path)
    meant = {cell.address: cell.value for cell in cells}
    assert {where: meant[where] for where in sent.means} == sent.means
    faults = {
        w: code
        for w, code in worst(cells, Level.FAULT).items()
        if code not in {"item_missing", "column_missing"}
    }
    assert faults == sent.faults, [cell.reason() for cell in cells if cell.level is Level.FAULT]
    assert worst(cells, Level.WARNING) == sent.warnings
    assert examination.records == sent.records
    told = {"converted", "rounded", "from_share"}
    for cell in cells:
        assert "…" not in cell.reason().replace("“…”", ""), cell
        if isinstance(cell.raw, float) and isinstance(cell.value, float) and cell.raw != cell.value:
            assert told & {remark.code for remark in cell.remarks}, cell


def test_a_number_read_by_a_unit_from_the_middle_says_which_cell_states_it(tmp_path: Path):
    sent = next(one for one in SENT if one.name == "don-vi-va-tieu-de-lai")
    said = {cell.address: cell.reason() for cell in examined(sent, tmp_path)[1]}
    assert "đổi từ 1,5 tỷ đồng sang triệu đồng" in said["C7"]
    assert "theo đơn vị ghi ở ô A5" in said["C7"]
    assert "A5" not in said["C3"]
