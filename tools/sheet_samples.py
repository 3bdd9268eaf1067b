"""Makes the sample files beside the contracts of kind `sheet`, as the offices make theirs; the numbers are invented.

.venv/bin/python -m tools.sheet_samples [DOMAIN …]
"""

from __future__ import annotations

import random
import sys
from datetime import date, timedelta
from pathlib import Path

from openpyxl import Workbook

from tools import office_samples
from tools.sheet_layout import WARDS, heading, line, sheet_of

DOMAINS = Path(__file__).parents[1] / "haidang" / "domains"
LINES = [
    ("Chỉ số sản xuất công nghiệp (IIP)", "%", 104.3), ("Vốn đầu tư thực hiện", "Tỷ đồng", 6120.4),
    ("Tổng thu ngân sách nhà nước trên địa bàn", "Tỷ đồng", 3150.7), ("- Thu nội địa", "Tỷ đồng", 2600.5),
    ("- Thu từ hoạt động xuất nhập khẩu", "Tỷ đồng", 550.2), ("Tổng chi ngân sách địa phương", "Tỷ đồng", 2810.5),
    ("- Chi đầu tư phát triển", "Tỷ đồng", 1210.5), ("- Chi thường xuyên", "Tỷ đồng", 1600.0),
    ("Giải ngân vốn đầu tư công", "Tỷ đồng", 905.2), ("Tổng mức bán lẻ hàng hóa và doanh thu dịch vụ", "Tỷ đồng", 18450.3),
    ("Kim ngạch xuất khẩu", "Triệu USD", 1310.4), ("Kim ngạch nhập khẩu", "Triệu USD", 1105.6), ("Chỉ số giá tiêu dùng (CPI)", "%", 100.4),
    ("Doanh nghiệp đăng ký thành lập mới", "Doanh nghiệp", 312), ("Vốn đăng ký của doanh nghiệp thành lập mới", "Tỷ đồng", 4210.5),
    ("Khách du lịch", "Nghìn lượt", 512.5),
]  # fmt: skip


def monthly() -> Workbook:
    book, sheet = sheet_of("KTXH")
    sheet["B1"], sheet["B2"] = "MỘT SỐ CHỈ TIÊU KINH TẾ – XÃ HỘI CHỦ YẾU", "Tháng 10 năm 2026"
    top = [
        "STT",
        "Chỉ tiêu",
        "Đơn vị tính",
        "Kế hoạch năm 2026",
        "Thực hiện",
        "",
        "",
        "So sánh (%)",
        "",
        "Ghi chú",
    ]
    low = [
        "",
        "",
        "",
        "",
        "Tháng 9",
        "Ước tháng 10",
        "Lũy kế 10 tháng",
        "Tháng trước",
        "Cùng kỳ năm trước",
        "",
    ]
    merges = ["E4:G4", "H4:I4", *(f"{letter}4:{letter}5" for letter in "ABCDJ")]
    heading(sheet, [top, low], 4, merges)
    for number, (words, unit, base) in enumerate(LINES, 1):
        share = unit == "%"
        plan, before, since = (
            (None, round(base * 0.99, 1), base)
            if share
            else (round(base * 11.5, 1), round(base * 0.97, 1), round(base * 9.6, 1))
        )
        if unit == "Doanh nghiệp":
            plan, before, since = None, 298, 2950
        line(sheet, 5 + number, [number, words, unit, plan, before, base, since, 103.1, 108.5, None])
    # Parts of what is rounded must add up as they are written.
    for total, parts in ((8, (9, 10)), (11, (12, 13))):
        for column in (4, 5, 6, 7):
            added = sum(float(str(sheet.cell(part, column).value)) for part in parts)
            sheet.cell(total, column).value = round(added, 1)
    sheet["B23"] = "Nguồn: Sở Tài chính, Thống kê tỉnh; số tháng 10 là ước tính."
    sheet["H25"] = "GIÁM ĐỐC"
    sheet.column_dimensions["B"].width = 46
    return book


def commune_revenue() -> Workbook:
    book, sheet = sheet_of("Thu NS")
    sheet["A1"] = "THUẾ TỈNH TÂY NINH"
    sheet["A2"] = "THU NGÂN SÁCH THEO XÃ, PHƯỜNG – THÁNG 10 NĂM 2026"
    sheet["F3"] = "Đơn vị tính: triệu đồng"
    heading(sheet, [["STT", "Xã, phường", "Dự toán năm 2026", "Thực hiện tháng 9", "Thực hiện tháng 10", "Lũy kế", "Tỷ lệ đạt (%)", "Số NNT", "Ghi chú"]], 4, [])  # fmt: skip
    rng = random.Random(10)  # noqa: S311 - a sample, no secret
    sums = [0.0] * 5
    for number, name in enumerate(WARDS, 1):
        before = float(rng.randint(2000, 9000))
        plan, now, since = before * 14, float(round(before * rng.uniform(0.85, 1.2))), before * 10
        payers = rng.randint(900, 9000)
        line(sheet, 4 + number, [number, f"Phường {name}", plan, before, now, since, round(since / plan * 100, 1), payers, None])  # fmt: skip
        sums = [a + b for a, b in zip(sums, (plan, before, now, since, payers), strict=True)]
    line(sheet, 5 + len(WARDS), [None, "Tổng cộng", *sums[:4], None, int(sums[4]), None])
    sheet.column_dimensions["B"].width = 24
    return book


def people() -> Workbook:
    book, sheet = sheet_of("Dan so")
    sheet["A1"], sheet["A2"] = "THỐNG KÊ TỈNH TÂY NINH", "DÂN SỐ THEO XÃ, PHƯỜNG – NĂM 2025"
    heading(
        sheet,
        [["STT", "Xã, phường", "Dân số có đến 31/12 (người)", "Số hộ (hộ)", "Diện tích (km2)", "Ghi chú"]],
        4,
        [],
    )
    rng = random.Random(12)  # noqa: S311 - a sample, no secret
    sums = [0, 0, 0.0]
    for number, name in enumerate(WARDS, 1):
        households = rng.randint(6000, 19000)
        many, area = round(households * rng.uniform(3.2, 3.9)), round(rng.uniform(12, 95), 1)
        line(sheet, 4 + number, [number, f"Phường {name}", many, households, area, None])
        sums = [sums[0] + many, sums[1] + households, round(sums[2] + area, 1)]
    line(sheet, 5 + len(WARDS), [None, "Tổng cộng", *sums, None])
    sheet.column_dimensions["B"].width = 24
    return book


def dossiers() -> Workbook:
    book, sheet = sheet_of("DanhSach")
    heading(sheet, [["STT", "Mã hồ sơ", "Mã TTHC", "Tên thủ tục", "Người nộp", "Cơ quan xử lý", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày trả kết quả", "Hình thức nộp", "Trạng thái", "Phí, lệ phí", "Hình thức thanh toán"]], 1, [])  # fmt: skip
    rng, ways = random.Random(11), random.Random(12)  # noqa: S311 - a sample, no secret
    procedures = [
        ("1.009994", "Cấp giấy phép xây dựng"),
        ("2.000635", "Cấp bản sao trích lục hộ tịch"),
        ("1.012756", "Đăng ký biến động đất đai"),
    ]
    for number in range(40):
        day = date(2026, 10, 1) + timedelta(days=rng.randint(0, 27))
        code, name = rng.choice(procedures)
        done = rng.random() < 0.8
        line(sheet, 2 + number, [
            number + 1, f"H62.12-{day:%y%m%d}-{number + 1:04}", code, name, f"Người nộp {number + 1}",
            rng.choice(["Sở Xây dựng", "UBND phường Tân Ninh", "UBND xã Tân Biên"]), day, day + timedelta(days=12),
            day + timedelta(days=rng.randint(1, 14)) if done else None,
            rng.choice(["Trực tiếp", "Trực tuyến", "Bưu chính công ích"]), "Đã trả kết quả" if done else "Đang xử lý",
            fee := rng.choice([0, 50_000, 150_000]), "" if not fee else ways.choice(["Trực tuyến", "Trực tuyến", "Trực tiếp"]),
        ])  # fmt: skip
    return book


def handling() -> Workbook:
    """What the office reports of the month whose list `dossiers` makes: of one dossier it does not know."""
    book, sheet = sheet_of("T10")
    sheet["A1"], sheet["A2"] = "BÁO CÁO TÌNH HÌNH GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH", "Tháng 10 năm 2026"
    heading(sheet, [["STT", "Nội dung", "ĐVT", "Số hồ sơ trong tháng"]], 4, [])
    told = [("Hồ sơ tiếp nhận", 39), ("Hồ sơ đã trả kết quả", 26), ("Hồ sơ nộp trực tuyến", 14)]
    for number, (words, value) in enumerate(told, 1):
        line(sheet, 4 + number, [number, words, "Hồ sơ", value])
    sheet.column_dimensions["B"].width = 34
    return book


SAMPLES = {
    "economy/contracts/monthly": monthly,
    "economy/contracts/commune_revenue": commune_revenue,
    "population/contracts/people": people,
    "services/contracts/dossiers": dossiers,
    "services/contracts/handling": handling,
    "documents/contracts/offices": office_samples.offices,
    "health/contracts/facilities": office_samples.facilities,
    "health/contracts/epidemics": office_samples.epidemics,
    "health/contracts/epidemic_communes": office_samples.epidemic_communes,
    "education/contracts/opening": office_samples.opening,
    "education/contracts/results": office_samples.results,
}


def main() -> None:
    wanted = sys.argv[1:]
    for place, make in SAMPLES.items():
        if wanted and place.partition("/")[0] not in wanted:
            continue
        path = DOMAINS / f"{place}.sample.xlsx"
        make().save(path)
        print(path.relative_to(DOMAINS), path.stat().st_size)


if __name__ == "__main__":
    main()
