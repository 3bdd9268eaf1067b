"""Files a strict checker brings, who has seen none of ours: several faults at once, for the contracts of every domain.

What each cell means was written down by a person; what was found to be misread is mended, and stays here.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.sheets.checking import has_a_fate_for_every_number, is_as_meant
from tests.sheets.held import HeldBook, examined
from tests.sheets.test_layouts import (
    CARE,
    CONTRACTS,
    MONTHLY,
    OFFICES,
    PEOPLE,
    RESULTS,
    REVENUE,
    WEEK,
    A,
    Laid,
    S,
    each,
)

EPIDEMICS, DOSSIERS, HANDLING, INDEX = "health.epidemics", "services.dossiers", "services.handling", "services.index_report"  # fmt: skip
O_SHORT = ["STT", "Cơ quan", "VB đến", "VB đi", "VB ký số", "Đã xử lý", "Đúng hạn", "Quá hạn", "Đang xử lý", "Tồn quá hạn", "Tổng số ngày xử lý"]  # fmt: skip
C_SHORT = ["Lượt khám bệnh", "Lượt khám BHYT", "Lượt điều trị nội trú", "Ngày điều trị nội trú", "Giường bệnh thực kê", "Ngày giường trong tháng", "Chuyển tuyến"]  # fmt: skip
LEVELS = ["TH", "THCS", "THPT"] * 3
D_SHORT = ["STT", "Mã hồ sơ", "Cơ quan xử lý", "Ngày tiếp nhận", "Hạn trả", "Ngày trả", "Hình thức", "Tình trạng", "Mã TTHC"]  # fmt: skip


def received(days: list[Any]) -> list[list[Any]]:
    """Open dossiers handed in on these days."""
    due = date(2026, 11, 20)
    return [
        [n, f"H61.25-261021-{n:04}", "Sở Y tế", day, due, None, "Trực tuyến", "Đang xử lý", "1.001234"]
        for n, day in enumerate(days, 1)
    ]


M_SHORT = ["Chỉ tiêu", "Kỳ trước", "Kỳ này", "Lũy kế", "So với tháng trước"]
R_SHORT = ["STT", "Xã, phường", "Dự toán năm", "Lũy kế", "Kỳ này", "Tỷ lệ đạt (%)"]

LAID = [
    # --- a part larger than its whole, and what is computed within a line ---
    Laid("ky-nay-lon-hon-luy-ke", MONTHLY, [M_SHORT, ["Thu nội địa", None, 24964.8, 2600.5, None], ["Doanh nghiệp thành lập mới", 298, 312, 2950, 104.7], ["CPI", 100.2, 100.4, 99.1, None]], warnings={"C2": "above_asked"}, records=3),
    Laid("tang-so-thang-truoc", MONTHLY, [M_SHORT, ["Thu nội địa", 2522.5, 2600.5, 24964.8, 150], ["Xuất khẩu", 1271.1, 1310.4, 12579.8, 3.1], ["Nhập khẩu", 1072.4, 1105.6, 10613.8, "giảm 3,1"], ["CPI", 100.2, 100.4, 99.1, 100.4], ["Khách du lịch", 497.1, 512.5, 4920, 103], ["Khách quốc tế", 10, 11, 5, 50]],
        faults={"A7": "unknown_item"}, warnings=each("share_differs", "E2 E4") | each("nameless", "B7 C7 D7 E7"), records=6),
    Laid("dat-so-voi-du-toan", REVENUE, [R_SHORT, [1, "Tân Ninh", 93520, 66800, 5754, 71.4], [2, "Tân Biên", 94290, 67350, 5760, 7.14], [3, "Tân Lập", 0, 1, 1, 0], [4, "Tân Hội", 94290, 67350, 5760, 95]], warnings=each("share_differs", "F3 F5"), records=4),
    Laid("mac-tuan-lon-hon-cong-don", EPIDEMICS, [["TT", "Bệnh", "Mắc", "Tử vong", "Cộng dồn"], [1, "Sởi", 165, 0, 100], [2, "Cúm", 5, 0, 5]], warnings=each("above_asked", "C2"), records=2),
    Laid("binh-quan-ngay", OFFICES, [[*O_SHORT, "Bình quân"], [1, "Sở Y tế", 100, 50, 49, 90, 80, 10, 10, 1, 279, 31], [2, "Sở Nội vụ", 100, 50, 49, 90, 80, 10, 10, 1, 279, 3]], warnings=each("mean_differs", "L2"), records=2),
    # --- a unit over the table that fits nothing is said once ---
    Laid("don-vi-chung-ha", REVENUE, [["Đơn vị tính: ha"], ["STT", "Xã, phường", "Dự toán năm", "Kỳ này", "Số NNT"], [1, "Tân Ninh", 1500, "100 triệu", 5], [2, "Tân Biên", 1500, 100, 5], [None, "Cộng", 3000, 200, 10]],
        means={"C3": None, "D3": 100.0, "E3": None, "D4": None}, totals="C5 D5 E5", faults={"A1": "unit_over"}, records=2),
    Laid("don-vi-chung-tien-o-bang-dan-so", PEOPLE, [["Đơn vị tính: triệu đồng"], ["TT", "Xã", "Dân số", "Số hộ"], [1, "Tân Ninh", 45000, 12000]],
        means={"C3": 45000.0}, warnings={"A1": "unit_idle"}, records=1),
    Laid("don-vi-tren-stt", REVENUE, [["ĐVT: nghìn đồng\nSTT", "Xã, phường", "Kỳ này"], [1, "Tân Ninh", 100000]], means={"C2": 100.0}, records=1),
    # --- rows and groups of units ---
    *(Laid(f"dong-don-vi-mot-chu-la-{n}", REVENUE, [["STT", "Xã, phường", "Dự toán năm", "Kỳ trước", "Kỳ này", "Số NNT"], [None, None, "Tr.đ", "Nghìn đồng", "Tỷ đ", word], [1, "Tân Ninh", 1500, 90000, 0.1, 5]],
           means={"C3": 1500.0, "D3": 90.0, "E3": 100.0, "F3": 5.0}, warnings=each("unit_unsure", "F2"), records=1)
      for n, word in enumerate(["NNT", "người nộp"])),
    Laid("dong-don-vi-cot-la", REVENUE, [["STT", "Xã, phường", "Kỳ trước", "Diện tích", "Kỳ này"], [None, None, "Nghìn đồng", "ha", "Tỷ đ"], [1, "Tân Ninh", 90000, 5, 0.1]], means={"C3": 90.0, "E3": 100.0}, warnings=each("unknown_column", "D1"), records=1),
    *(Laid(f"don-vi-cua-nhom-khong-gop-{n}", REVENUE, [["BIỂU THU"], ["STT", "Xã, phường", "Thực hiện (nghìn đồng)", None, None, "Tỷ lệ đạt (%)"], [None, None, "Kỳ trước", "Kỳ này", "Lũy kế", None], [1, "Tân Ninh", 90000, 100000, 900000, 60]], merges=merges,
           means={"C4": 90.0, "D4": 100.0, "E4": 900.0}, records=1)
      for n, merges in enumerate(["", "A1:F1"])),
    Laid("ty-so-la-lan-ca-nhom", MONTHLY, [["Chỉ tiêu", "Kỳ này", "So sánh (lần)", None], [None, None, "Tháng trước", "Cùng kỳ năm trước"], ["Thu nội địa", 2600.5, 1.031, 1.085]], means={"B3": 2600.5, "C3": None, "D3": None}, faults=each("no_unit", "C2 D2"), records=1),
    Laid("don-vi-sau-tieu-de-cuoi", REVENUE, [["STT", "Xã, phường", "Kỳ này", "ĐVT: nghìn đồng"], [1, "Tân Ninh", 100000]], means={"C2": 100.0}, records=1),
    # --- what is wrong is said once, with the remedy that is likely ---
    Laid("dong-la-co-don-vi", MONTHLY, [["Chỉ tiêu", "ĐVT", "Kỳ này"], ["Số vụ tai nạn giao thông", "Vụ", 28], ["Xuất khẩu", "Vụ", 28]], means={"C3": None}, faults={"A2": "unknown_item", "C3": "unit"}, warnings=each("nameless", "C2"), records=2),
    *(Laid(f"cpi-la-muc-tang-{n}", MONTHLY, [["Chỉ tiêu", "ĐVT", "Kỳ trước", "Kỳ này"], ["CPI", "%", 100.2, value]], faults=each(code, "D2"), records=1)
      for n, (value, code) in enumerate([("+0,4", "range_change"), (0.4, "range_change"), (-0.3, "range_change"), ("+1,2%", "range_change"), (1.2, "range_share"), (300, "out_of_range")])),
    # --- English first ---
    Laid("anh-truoc-viet", REVENUE, [["No", "Commune / Xã, phường", "Plan / Dự toán năm", "Last month - Tháng trước", "This month\nTháng này"], [1, "Tân Ninh", 1500, 90, 100]],
        means={"B2": "25459", "C2": 1500.0, "D2": 90.0, "E2": 100.0}, records=1),
    Laid("anh-truoc-viet-chi-tieu", MONTHLY, [["No.", "Indicators / Chỉ tiêu", "Unit / Đơn vị tính", "Oct 2026 / Tháng 10"], [1, "State budget revenue / Tổng thu NSNN", "Bill. VND", 3100], [2, "Domestic revenue - Thu nội địa", "Mill. VND / Triệu đồng", 2600000], [3, "CPI – Chỉ số giá tiêu dùng", "%", 100.4]],
        means={"D2": 3100.0, "D3": 2600.0, "D4": 100.4}, records=3),
    # --- months as bare numbers ---
    Laid("thang-la-so", REVENUE, [["STT", "Xã, phường", "Thực hiện tháng", None, None], [None, None, 8, 9, 10], [1, "Tân Ninh", 80, 90, 100]], merges="C1:E1 A1:A2 B1:B2",
        means={"D3": 90.0, "E3": 100.0}, warnings=each("unknown_column", "C2"), records=1),
    Laid("thang-la-so-khong-gop", MONTHLY, [["STT", "Chỉ tiêu", "ĐVT", "Tháng"], [None, None, None, "8", "9", "10"], ["A", "B", "C", 1, 2, 3], [1, "CPI", "%", 100, 101, 102]],
        means={"E4": 101.0, "F4": 102.0}, warnings=each("unknown_column", "D2"), records=1),
    Laid("so-cot-duoi-thang", REVENUE, [["STT", "Xã, phường", "Kỳ này", "Tháng", None], [1, 2, 3, 4, 5], [1, "Tân Ninh", 80, 90, 100]], merges="D1:E1",
        means={"C3": 80.0}, warnings=each("unknown_column", "D1") | each("unused", "E3"), records=1),
    Laid("quy-va-nam-tren-thang", REVENUE, [["STT", "Xã, phường", "Quý IV/2026", None], [None, None, "Tháng 9", "Tháng 10"], [1, "Tân Ninh", 90, 100]], merges="C1:D1 A1:A2 B1:B2",
        means={"C3": 90.0, "D3": 100.0}, warnings=each("group_heading", "C2 D2"), records=1),
    Laid("quy-nam-truoc-tren-thang", REVENUE, [["STT", "Xã, phường", "Quý IV/2025", "Kỳ này"], [None, None, "Tháng 10", None], [1, "Tân Ninh", 90, 100]], merges="A1:A2 B1:B2 D1:D2",
        means={"C3": None, "D3": 100.0}, warnings=each("unknown_column", "C1"), records=1),
    # --- brackets that make another thing of a line or a column were dropped without a word ---
    Laid("ngoac-lam-khac-chi-tieu", MONTHLY, [["Chỉ tiêu", "ĐVT", "Tháng 10"], ["Thu nội địa (không kể tiền SDĐ)", "tỷ đồng", "2.600,5"], ["Xuất khẩu (FDI)", "Tr.USD", 1310], ["CPI (so với cùng kỳ)", "%", "102,5"], ["Chi thường xuyên (cấp xã)", '"', 100], ["Vốn đăng ký (lũy kế)", "tỷ đồng", 42000]],
        means={"C2": 2600.5}, warnings=each("bracket_read", "A2 A3 A4 A5 A6"), faults=each("unit", "C5"), records=5),
    Laid("ngoac-khong-noi-gi", MONTHLY, [["Chỉ tiêu", "Tháng 10"], ["Chỉ số SX công nghiệp (IIP)", 104.3], ["Giá tiêu dùng (CPI)", 100.4], ["Thu nội địa (1)", 2600], ["Thu XNK (*)", 550], ["Tổng thu NSNN (=1+2)", 3150], ["Xuất khẩu (triệu USD)", 1310], ["Nhập khẩu (Imports)", 1105], ["Vốn đăng ký (ước)", 4210], ["Khách du lịch (trong tháng)", 512]],
        records=9),
    Laid("ngoac-trong-tieu-de", REVENUE, [["STT", "Xã, phường", "Dự toán (năm 2026)", "Thực hiện (tháng 9)", "Kỳ này (ước)"], [1, "Tân Ninh", *A]], means={"C2": 1500.0, "D2": 90.0, "E2": 100.0}, records=1),
    *(Laid(f"ngoac-thoi-gian-{n}", REVENUE, [["STT", "Xã, phường", title, "Kỳ này"], [1, "Tân Ninh", 900, 100]], means={"C2": None, "D2": 100.0}, warnings=each("unknown_column", "C1"), records=1)
      for n, title in enumerate(["Kỳ này (cộng dồn 10 tháng)", "Kỳ này (cùng kỳ 2025)", "Kỳ này (tăng so với kỳ trước)", "Kỳ này (năm 2025)", "Kỳ trước [kế hoạch]"])),
    Laid("ngoac-thu-hai", REVENUE, [["STT", "Xã, phường", "Kỳ này (không kể xổ số) (tỷ đồng)"], [1, "Tân Ninh", 0.1]], means={"C2": 100.0}, warnings=each("bracket_read", "C1"), records=1),
    # Said once; “(hộ)” is a unit, and each number in it is refused.
    Laid("ngoac-khong-la-don-vi", REVENUE, [["STT", "Xã, phường", "Kỳ này (chưa gồm SDĐ)", "Kỳ trước (hộ)"], [1, "Tân Ninh", 100, 90], [2, "Tân Biên", 200, 190]],
        means={"C2": None, "C3": None, "D2": None}, faults=each("no_unit", "C1") | each("unit", "D2 D3"), records=2),
    Laid("kham-tre-em", CARE, [["STT", "Cơ sở y tế", "Lượt khám bệnh (lũy kế)", *C_SHORT[1:]], [1, "BV A", 9000, 900, 100, 500, 50, 1500, 5]], means={"C2": None}, faults={"": "column_missing"}, warnings=each("unknown_column", "C1"), records=1),
    # --- titles of another span ---
    *(Laid(f"ky-khac-{n}", REVENUE, [[title], S, [1, "Tân Ninh", *A]], warnings=each("wrong_period", "A1"), records=1)
      for n, title in enumerate(["BÁO CÁO THU NSNN 9 THÁNG NĂM 2026", "Thu NSNN 6 tháng đầu năm", "Tháng báo cáo: 9"])),
    *(Laid(f"ky-khac-ro-{n}", REVENUE, [[title], S, [1, "Tân Ninh", *A]], faults=each("wrong_period", "A1"), records=1)
      for n, title in enumerate(["Kỳ báo cáo: 09/2026", "BÁO CÁO THÁNG CHÍN NĂM 2026"])),
    *(Laid(f"dung-ky-{n}", REVENUE, [[title], S, [1, "Tân Ninh", *A]], records=1)
      for n, title in enumerate(["Báo cáo thu tháng 10 và 10 tháng năm 2026", "THU NSNN 10 THÁNG NĂM 2026", "Kỳ báo cáo: 10/2026", "Tháng Mười năm 2026", "Giảm 9 tháng năm 2026 so với cùng kỳ"])),
    # --- a second title of another period than the first, and short forms ---
    *(Laid(f"tuan-khac-{n}", EPIDEMICS, [["BÁO CÁO TUẦN 44"], [title], ["TT", "Bệnh", "Mắc", "Tử vong"], [1, "Sởi", 5, 0]], warnings=each("wrong_period", "A2"), records=1)
      for n, title in enumerate(["(từ ngày 19/10/2026 đến ngày 25/10/2026)", "Số liệu từ 00h ngày 19/10 đến 24h ngày 25/10/2026", "Tuần 43 (19/10 - 25/10/2026)", "Từ ngày 19/10 đến ngày 25/10"])),
    *(Laid(f"tuan-dung-{n}", EPIDEMICS, [["BÁO CÁO TUẦN 44"], [title], ["TT", "Bệnh", "Mắc", "Tử vong"], [1, "Sởi", 5, 0]], records=1)
      for n, title in enumerate(["(từ ngày 26/10/2026 đến ngày 01/11/2026)", "Từ 23/10 đến 29/10/2026", "So với tuần trước (19/10 - 25/10/2026)", "Mẫu 1/2 - 3/4", "Số liệu từ 35/10 đến 40/10/2026", "Tây Ninh, ngày 5 tháng 11 năm 2026"])),
    *(Laid(f"tieu-de-thang-khac-{n}", REVENUE, [["THU NGÂN SÁCH"], [title], S, [1, "Tân Ninh", *A]], faults=each("wrong_period", "A2"), records=1)
      for n, title in enumerate(["T9.2026", "Kỳ báo cáo: 2026-09", "Sep 2026", "Month: September 2026"])),
    Laid("tieu-de-nam-khac", REVENUE, [["THU NGÂN SÁCH"], ["(Năm 2025)"], S, [1, "Tân Ninh", *A]], warnings=each("wrong_period", "A2"), records=1),
    *(Laid(f"tieu-de-thang-dung-{n}", REVENUE, [["THU NGÂN SÁCH THÁNG 10 NĂM 2026"], [title], S, [1, "Tân Ninh", *A]], records=1)
      for n, title in enumerate(["T10/2026", "Kỳ báo cáo: 2026-10", "So sánh T9/2026 và T10/2026", "So với T9/2026", "(so với tháng 9/2026)", "Theo Nghị quyết năm 2025", "Kế hoạch năm 2025", "Tây Ninh, ngày 5 tháng 11 năm 2026", "Từ 15/9/2026 đến 14/10/2026", "Số liệu tính đến ngày 05/11/2026"])),
    Laid("hai-tieu-de-thang", REVENUE, [["THU NGÂN SÁCH THÁNG 10 NĂM 2026"], ["Từ ngày 01/9/2026 đến ngày 30/9/2026"], S, [1, "Tân Ninh", *A]], warnings=each("wrong_period", "A2"), records=1),
    *(Laid(f"tieu-de-nam-ngan-{n}", PEOPLE, [["DÂN SỐ THEO XÃ"], [title], ["TT", "Xã", "Dân số", "Số hộ"], [1, "Tân Ninh", 45000, 12000]], warnings=each("wrong_period", "A2"), records=1)
      for n, title in enumerate(["Dân số đến 31/12/2024", "Niên giám 2024", "Dân số 2025 (ước)", "Số liệu 6 tháng đầu năm 2026"])),
    *(Laid(f"tieu-de-nam-ngan-dung-{n}", PEOPLE, [["DÂN SỐ THEO XÃ"], [title], ["TT", "Xã", "Dân số", "Số hộ"], [1, "Tân Ninh", 45000, 12000]], records=1)
      for n, title in enumerate(["Dân số đến 31/12/2026", "Niên giám 2026", "Dân số 2026 (ước)", "Theo Tổng điều tra 2019", "Nghị quyết 2025", "Kế hoạch 2027", "Mẫu 05/2024", "Mẫu số 2: 2024", "Điện thoại 0276 3822 2025", "Giai đoạn 2021 - 2025", "Số liệu 12 tháng năm 2026"])),
    *(Laid(f"nam-hoc-ky-{n}", RESULTS, [[title], ["TT", "Xã, phường", "Học sinh cuối năm", None, None, "Hoàn thành năm học", None, None, "Học sinh bỏ học", None, None], [None, None, *LEVELS], [1, "Tân Ninh", 3000, 2000, 1500, 2990, 1980, 1490, 1, 5, 7]], merges="C2:E2 F2:H2 I2:K2 A2:A3 B2:B3", faults=faults, records=1)
      for n, (title, faults) in enumerate([("KẾT QUẢ NĂM HỌC 2026 – 2027", each("wrong_period", "A1")), ("So với năm học 2024 – 2025", {})])),
    Laid("nam-hoc-truoc", RESULTS, [["Năm học: 2024 - 2025"], ["TT", "Xã, phường", "Học sinh cuối năm", None, None, "Hoàn thành năm học", None, None, "Học sinh bỏ học", None, None], [None, None, *LEVELS], [1, "Tân Ninh", "3.000", 2000, 1500, "2.990", 1980, 1490, "01", "-", 7]], merges="C2:E2 F2:H2 I2:K2 A2:A3 B2:B3",
        means={"C4": 3000.0, "I4": 1.0, "J4": None}, faults=each("wrong_period", "A1"), records=1),
    Laid("nam-hoc-nay", RESULTS, [["KẾT QUẢ NĂM HỌC 2025-2026"], ["TT", "Xã, phường", "Học sinh cuối năm", None, None, "Hoàn thành năm học", None, None, "Học sinh bỏ học", None, None], [None, None, *LEVELS], [1, "Tân Ninh", 3000, 2000, 1500, 2990, 1980, 1490, 1, 5, 7]], merges="C2:E2 F2:H2 I2:K2 A2:A3 B2:B3", records=1),
    # --- units that stand among the headings ---
    Laid("don-vi-la-dong-tieu-de-tren", REVENUE, [[None, None, "Tỷ đồng", None], ["STT", "Xã, phường", "Kỳ trước", "Kỳ này"], [1, "Tân Ninh", 0.09, "0,1"]], merges="C1:D1", means={"C3": 90.0, "D3": 100.0}, records=1),
    Laid("don-vi-mot-cot-duoi-tieu-de", REVENUE, [["STT", "Xã, phường", "Dự toán năm", "Kỳ này"], [None, None, None, "(tỷ đồng)"], [1, "Tân Ninh", 1500, 0.1]], means={"C3": 1500.0, "D3": 100.0}, records=1),
    Laid("so-tien-va-phan-tram", REVENUE, [["STT", "Xã, phường", "Kỳ này", None], [None, None, "Số tiền", "%"], [1, "Tân Ninh", 100, 66]], merges="C1:D1 A1:A2 B1:B2", means={"C3": 100.0, "D3": None}, warnings=each("unknown_column", "D2"), records=1),
    Laid("don-vi-tieu-de-khac-dong", MONTHLY, [["STT", "Chỉ tiêu", "ĐVT", "Kế hoạch năm (nghìn tỷ đồng)", "Tháng 9", "Tháng 10 (tỷ đồng)"], [1, "Thu nội địa", "tỷ đồng", 30, "2.500,0", 2600], [2, "CPI", "%", 100, 100, 100.4]],
        means={"D2": None, "E2": 2500.0, "F2": 2600.0, "F3": 100.4}, faults=each("unit_of_line", "D2"), records=2),
    Laid("don-vi-tieu-de-khac-cot-don-vi", REVENUE, [["STT", "Xã, phường", "ĐVT", "Kỳ trước", "Kỳ này (tỷ đồng)"], [1, "Tân Ninh", "triệu đồng", 90, 0.1], [2, "Tân Biên", "tỷ đồng", "0,19", 0.2]],
        means={"D2": 90.0, "E2": None, "D3": 190.0, "E3": 200.0}, faults=each("unit_of_line", "E2"), records=2),
    Laid("dong-viet-nam-dung-truoc", REVENUE, [S, [1, "Tân Ninh", "₫1.500.000.000", "VND 90,000,000", "100.000.000đ"], [2, "Tân Biên", "2OO", "1l", "200"]],
        means={"C2": 1500.0, "D2": 90.0, "E2": 100.0, "C3": None, "D3": None}, faults=each("not_a_number", "C3 D3"), records=2),
    # --- lines ---
    Laid("ma-xa-khac-ten", REVENUE, [["Mã xã", "Tên xã", "Kỳ này"], ["25459", "Tân Ninh", 100], [25486, "Tân Lập", 200], ["25525", "Tân Hội", "300,5"]], means={"C3": 200.0, "C4": 300.5}, faults=each("code_differs", "A3"), warnings=each("unknown_column", "A1"), records=3),
    Laid("so-cung-ky-nhu-co-so", CARE, [["Cơ sở y tế", *C_SHORT], ["BV A", 1000, 900, 100, 500, 50, 1500, 5], ["Phòng khám B", *["-"] * 7], ["Cộng", 1000, 900, 100, 500, 50, 1500, 5], ["So cùng kỳ", 900, 800, 90, 450, 50, 1500, 4], ["Thực hiện cùng kỳ", 910, 810, 90, 450, 50, 1500, 4]],
        means={"B3": None}, totals="B4 C4 D4 E4 F4 G4 H4", warnings=each("like_comparison", "A5 A6"), records=4),
    Laid("stt-gop-hai-dong", OFFICES, [O_SHORT, [1, "Sở Y tế", 100, 50, 49, 90, 80, 10, 10, 1, 200], [None, "Chi cục Dân số", 20, 10, 9, 18, 16, 2, 2, 0, 40], [2, "Sở Nội vụ", "100 vb", 50, 49, 90, 80, 10, 10, 1, 200]], merges="A2:A3",
        means={"C4": 100.0}, warnings=each("unnumbered", "B3"), records=3),
    # --- a note that gives no reason explains nothing; a number there may have moved ---
    *(Laid(f"ghi-chu-khong-noi-gi-{n}", REVENUE, [[*S, "Ghi chú"], [1, "Tân Ninh", 93520, 6680, 60000, note]], warnings=each("jump", "E2") | each("number_in_note", "F2" if n < 4 else ""), records=1)
      for n, note in enumerate([5, 66800, "0", "55.9", "-", ".", "x", "…", "không", "- - -", "(1)", "đúng"])),
    *(Laid(f"ghi-chu-giai-trinh-{n}", REVENUE, [[*S, "Ghi chú"], [1, "Tân Ninh", 93520, 6680, 60000, note]], records=1)
      for n, note in enumerate(["thu đất", "Truy thu 5.000", "Covid-2026 tăng", "chuyểnnhượng"])),
    # --- days with the month first ---
    Laid("thang-truoc-ngay", DOSSIERS, [D_SHORT, *received(["10/05/2026", "10/28/2026", "10/10/2026", date(2026, 10, 5)])],
        means={"D2": None, "D4": date(2026, 10, 10), "D5": date(2026, 10, 5)}, faults=each("months_first", "D2") | each("month_first", "D3"), records=4),
    Laid("mot-ngay-go-nham", DOSSIERS, [D_SHORT, *received(["05/10/2026", "28/10/2026", "10/28/2026", "27/10/2026"])], means={"D2": date(2026, 10, 5)}, faults=each("month_first", "D4"), records=4),
    Laid("cung-mot-so-dau", DOSSIERS, [D_SHORT, *received([f"10/{n:02}/2026" for n in (1, 2, 3, 4, 5, 10)])],
        means={"D2": date(2026, 1, 10)}, warnings=each("maybe_month_first", "D2 D3 D4 D5 D6"), records=6),
    # --- names ---
    Laid("chu-eth", REVENUE, [["STT", "Ðịa bàn", *S[2:]], [1, "Phường Thanh Ðiền", *A], [2, "Phường Ninh Thạnh (ước)", *A], [3, "25480.0", *A], [None, "∑", 4500, 270, 300]], means={"B4": "25480"}, totals="C5 D5 E5", records=3),
    Laid("chu-eth-chi-tieu", MONTHLY, [["Chỉ tiêu", "ÐVT", "Tháng 10"], ["Thu nội Ðịa", "tỷ Ðồng", 2600]], means={"C2": 2600.0}, records=1),
    Laid("hoc-sinh-viet-tat", RESULTS, [["TT", "Xã, phường", "Học sinh cuối năm", None, None, "Hoàn thành năm học", None, None, "Học sinh bỏ học", None, None], [None, None, *LEVELS], [1, "Tân Ninh", "3.000 hs", "2000 HS", 1500, 2990, 1980, 1490, 1, 5, 7]], merges="C1:E1 F1:H1 I1:K1 A1:A2 B1:B2", means={"C3": 3000.0, "D3": 2000.0}, records=1),
    Laid("cot-qua-hep", REVENUE, [S, [1, "Tân Ninh", 1500, 90, "#######"]], faults=each("too_narrow", "E2"), records=1),
    # --- what a clerk reads at once ---
    Laid("bao-cao-thang-viet-tat", MONTHLY, [["STT", "Chỉ tiêu", "ĐVT", "Kế hoạch năm 2026", "Ước TH tháng 10/2026", "So sánh (%)", None, None], [None, None, None, None, None, "T10/T9", "T10/CK", "10T/KH"], ["I", "VỀ KINH TẾ"], ["1", "Tổng mức bán lẻ HH và DTDV tiêu dùng", "Tỷ đồng", "220.500,0", "18.450,3", "101,9", "giảm 8,2%", "81,7"], ["2", "Thu ngân sách trên địa bàn", '"', "-", "3.150,75", "+1,6", "tăng 5", ""], ["", "Trđ: - Thu nội địa", '"', "Chưa giao", "2.600,5", "(0,4)", "", ""]], merges="F1:H1",
        means={"D4": 220500.0, "E4": 18450.3, "F4": 101.9, "G4": -8.2, "E5": 3150.75, "F5": 1.6, "G5": 5.0, "D6": None, "E6": 2600.5, "F6": -0.4, "D5": None}, warnings=each("unknown_column", "H2"), records=3),
    Laid("cpi-la-ty-so", MONTHLY, [["Chỉ tiêu", "ĐVT", "Tháng 10"], ["CPI", "%", 1.0042], ["Doanh nghiệp thành lập mới", "DN", "312,5"]], means={"C2": 1.0042, "C3": 312.5}, faults=each("range_share", "C2"), warnings=each("parted", "C3"), records=2),
    Laid("chi-so-766-so-le", INDEX, [["STT", "Nội dung", "ĐVT", "Số liệu"], ["A", "Công khai, minh bạch"], [1, "TTHC công bố đúng hạn", "TTHC", "45"], [2, "TTHC đã công bố trong kỳ", "TTHC", "45/45"], [3, "DVC của TTHC", "DVC", "1.2"], [4, "Hồ sơ DVCTT toàn trình", "HS", "12.345"], [5, "PAKN trong kỳ", "PAKN", "không ghi nhận"]],
        means={"D5": 1.2, "D6": 12345.0, "D7": None}, faults=each("not_a_number", "D4"), warnings=each("parted", "D5"), records=5),
    Laid("ho-so-mot-cua", DOSSIERS, [["STT", "Mã hồ sơ", "Mã TTHC", "Cơ quan xử lý", "Ngày tiếp nhận", "Hạn trả", "Ngày trả", "Hình thức", "Tình trạng", "Phí (đồng)"], [1, "H61.25-261021-0123", "1.001234", "Sở Y tế", "21/10/2026 08:30:11", "04/11/2026 17:00", "", "Trực tuyến", "Đang xử lý (còn hạn)", "150.000"], [2, "H61.25-261021-0124", "1.001234", "Sở Y tế", 20261021, "28-Oct-26", "8h30 27/10/2026", "Nộp qua bưu điện", "Đã trả kết quả đúng hạn", "Miễn"], [3, "H61.25-261021-0125", "1.001234", "Sở Y tế", "20261021", "28/10/2026", "27/10/2026", "Trực tuyến", "Đang xử lý", ""]],
        means={"E2": date(2026, 10, 21), "F2": date(2026, 11, 4), "G2": None, "H2": "online", "I2": "open", "J2": 150000.0, "E3": date(2026, 10, 21), "F3": date(2026, 10, 28), "G3": date(2026, 10, 27), "H3": "post", "I3": "done", "J3": None, "E4": date(2026, 10, 21), "F4": date(2026, 10, 28), "G4": date(2026, 10, 27), "H4": "online", "I4": "open", "J4": None}, warnings=each("empty_when", "G4"), records=3),
    Laid("trong-do-bao-hiem", CARE, [["STT", "Cơ sở y tế", "Lượt khám bệnh", "Trong đó", None, *C_SHORT[2:]], [None, None, None, "BHYT", "Trẻ em", *[None] * 5], [1, "BV A", "1.000", "900", 50, 100, 500, 50, 1500, 5]], merges="D1:E1 A1:A2 B1:B2 C1:C2",
        means={"C3": 1000.0, "D3": 900.0, "E3": None}, warnings=each("unknown_column", "E2"), records=1),
    Laid("tuan-khong-co-ca", WEEK, [["TT", "Xã", "SXHD", "TCM", "Sởi"], [1, "Tân Ninh", "05", "không có ca", "00"], [2, "Tân Biên", "5 ca", "K", "1/0"]], means={"C2": 5.0, "D2": None, "E2": 0.0, "C3": 5.0, "D3": None, "E3": None}, faults=each("not_a_number", "D3 E3"), records=2),
    Laid("mac-moi", EPIDEMICS, [["TT", "Bệnh", "Mắc mới", "Đang điều trị", "Tử vong"], [1, "Sởi", "5", 3, "0"]], means={"C2": 5.0, "D2": None, "E2": 0.0}, warnings=each("unknown_column", "D1"), records=1),
    Laid("hanh-chinh-ky-nay", HANDLING, [["TT", "Chỉ tiêu", "ĐVT", "Kỳ này", "Tăng/giảm"], [1, "Hồ sơ tiếp nhận trong kỳ", "HS", "12.345", "+5"], [2, "- Nộp trực tuyến", "HS", "10.000", "-5"], [3, "Hồ sơ đã trả kết quả", "HS", "11.900", "0"]],
        means={"D2": 12345.0, "D3": 10000.0, "D4": 11900.0}, warnings=each("unknown_column", "E1"), records=3),
    Laid("hanh-chinh-khong-co-cot", HANDLING, [["TT", "Chỉ tiêu", "ĐVT", "Năm nay"], [1, "Hồ sơ tiếp nhận", "HS", "12.345"], [2, "Linh tinh", "HS", "10.000"]], means={"D2": None, "D3": None}, faults={"": "column_missing", "B3": "unknown_item"}, warnings=each("unknown_column", "D1"), records=2),
    Laid("dan-so-ngay", PEOPLE, [["TT", "Tên xã", "Dân số 31/12/2025", "Dân số 31/12/2026", "Số khẩu tạm trú", "Số hộ"], [1, "Tân Ninh", "44.000", "45.000", 120, "12.000"]], means={"C2": None, "D2": 45000.0, "E2": None, "F2": 12000.0}, warnings=each("unknown_column", "C1 E1"), records=1),
]  # fmt: skip


@pytest.mark.parametrize("laid", LAID, ids=lambda laid: laid.name)
def test_each_cell_is_what_a_person_takes_it_for_or_asks(laid: Laid) -> None:
    is_as_meant(laid)


def test_a_change_written_for_an_index_is_asked_once() -> None:
    rows = [["Chỉ tiêu", "ĐVT", "Kỳ trước", "Kỳ này"], ["CPI", "%", 100.2, "+0,4"]]
    _, cells = examined(CONTRACTS[MONTHLY], HeldBook(rows))
    (cell,) = (one for one in cells if one.address == "D2")
    assert [one.code for one in cell.remarks if one.level] == ["range_change"]
    assert "Ghi 100,4." in cell.reason()


@pytest.mark.parametrize("laid", [one for one in LAID if not one.refused], ids=lambda laid: laid.name)
def test_every_number_has_a_fate_and_is_what_stands_there_or_says_why_not(laid: Laid) -> None:
    has_a_fate_for_every_number(laid)


def test_the_names_of_the_files_are_their_own() -> None:
    assert len({laid.name for laid in LAID}) == len(LAID)
