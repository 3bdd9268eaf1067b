"""Sample files by office, health facility, disease and school: what `sheet_samples` writes for those domains."""

from __future__ import annotations

import random
from typing import Any

from openpyxl import Workbook

from tools.sheet_layout import WARDS, line, sheet_of, totals, two_rows

OFFICES = [
    ("Văn phòng UBND tỉnh", 2400), ("Sở Tài chính", 1500), ("Sở Nội vụ", 1200), ("Sở Xây dựng", 1350),
    ("Sở Nông nghiệp và Môi trường", 1600), ("Sở Công Thương", 900), ("Sở Y tế", 850), ("Sở Giáo dục và Đào tạo", 800),
    ("Sở Khoa học và Công nghệ", 620), ("Sở Văn hóa, Thể thao và Du lịch", 560), ("Sở Tư pháp", 480), ("Thanh tra tỉnh", 260),
    ("UBND phường Tân Ninh", 520), ("UBND phường Long An", 610), ("UBND phường Trảng Bàng", 430), ("UBND xã Tân Biên", 310),
]  # fmt: skip


def offices() -> Workbook:
    book, sheet = sheet_of("VB T10")
    sheet["A1"], sheet["A2"] = "VĂN PHÒNG UBND TỈNH TÂY NINH", "TÌNH HÌNH XỬ LÝ VĂN BẢN – THÁNG 10 NĂM 2026"
    two_rows(sheet, [
        ("STT", []), ("Cơ quan, đơn vị", []), ("Văn bản đến", []), ("Văn bản đi", ["Tổng số", "Trong đó ký số"]),
        ("Xử lý văn bản đến", ["Đã xử lý", "Đúng hạn", "Quá hạn"]), ("Đang xử lý", ["Tổng số", "Đã quá hạn"]),
        ("Thời gian xử lý", ["Tổng số ngày", "Bình quân"]), ("Ghi chú", []),
    ], 4)  # fmt: skip
    rng, lines = random.Random(21), []  # noqa: S311 - a sample, no secret
    for name, size in OFFICES:
        incoming, outgoing = round(size * rng.uniform(0.9, 1.1)), round(size * rng.uniform(0.3, 0.5))
        handled = round(incoming * rng.uniform(0.85, 0.95))
        late, waiting = round(handled * rng.uniform(0, 0.06)), incoming - handled + rng.randint(5, 60)
        days = round(handled * rng.uniform(1.4, 3.2), 1)
        lines.append([name, incoming, outgoing, outgoing - rng.randint(0, 25), handled, handled - late, late, waiting,
                      round(waiting * rng.uniform(0, 0.2)), days, round(days / handled, 1)])  # fmt: skip
    # As the export of one system writes it: a number as text, and a dash where there was none.
    lines[4][1] = f"{lines[4][1]:,}".replace(",", ".")
    lines[11][5], lines[11][6] = lines[11][4], "-"
    for number, values in enumerate(lines, 1):
        row = 5 + number + (2 if number > 12 else 1)
        line(sheet, row, [number, *values, None])
    sheet["B6"], sheet["B19"] = "Sở, ngành", "Xã, phường"
    sums = totals(lines, 1)
    line(sheet, 24, [None, "Tổng cộng", *sums[:-1], None, None])
    sheet["B26"] = "Ghi chú: số liệu lấy từ hệ thống quản lý văn bản và điều hành lúc 17 giờ ngày 31/10/2026."
    sheet["I27"], sheet["I28"] = "Tây Ninh, ngày 03 tháng 11 năm 2026", "CHÁNH VĂN PHÒNG"
    sheet.column_dimensions["B"].width = 34
    return book


FACILITIES = [
    ("Bệnh viện Đa khoa Tây Ninh", 700, 31000), ("Bệnh viện Đa khoa Long An", 950, 42000), ("Bệnh viện Y dược cổ truyền", 180, 6200),
    ("Bệnh viện Sản Nhi Long An", 300, 18500), ("Bệnh viện Phổi Long An", 120, 2600), ("Trung tâm Y tế Trảng Bàng", 150, 12400),
    ("Trung tâm Y tế Gò Dầu", 160, 11800), ("Trung tâm Y tế Tân Biên", 100, 8300), ("Trung tâm Y tế Kiến Tường", 170, 9400),
    ("Trạm Y tế phường Tân Ninh", 0, 1350), ("Trạm Y tế phường Hòa Thành", 0, 1180), ("Trạm Y tế xã Tân Biên", 0, 940),
]  # fmt: skip


def facilities() -> Workbook:
    book, sheet = sheet_of("KCB T10.2026")
    sheet["A1"], sheet["A2"] = "SỞ Y TẾ TỈNH TÂY NINH", "HOẠT ĐỘNG KHÁM, CHỮA BỆNH THÁNG 10 NĂM 2026"
    two_rows(sheet, [
        ("TT", []), ("Cơ sở y tế", []), ("Khám bệnh", ["Tổng số", "Trong đó BHYT"]), ("Điều trị nội trú", ["Số lượt", "Số ngày"]),
        ("Giường bệnh", ["Thực kê", "Ngày giường trong tháng", "Công suất (%)"]), ("Chuyển tuyến", []), ("Ghi chú", []),
    ], 4)  # fmt: skip
    for column, word in enumerate(["A", "B", *range(1, 9)], 1):
        sheet.cell(6, column, word)
    rng, lines = random.Random(22), []  # noqa: S311 - a sample, no secret
    for name, beds, size in FACILITIES:
        visits, there = round(size * rng.uniform(0.9, 1.1)), beds * 31
        used = round(there * rng.uniform(0.72, 1.08))
        share: Any = round(used / there * 100, 1) if beds else "-"
        stays: Any = round(used / rng.uniform(5, 7)) if beds else "-"
        lines.append([name, visits, round(visits * rng.uniform(0.78, 0.93)), stays, used if beds else "-", beds or "-",
                      there if beds else "-", share, round(visits * rng.uniform(0.005, 0.03))])  # fmt: skip
    lines[1][1] = f"{lines[1][1]:,}".replace(",", ".")
    groups = {0: ("I", "Tuyến tỉnh"), 5: ("II", "Tuyến khu vực"), 9: ("III", "Tuyến xã")}
    row = 7
    for number, values in enumerate(lines):
        if number in groups:
            sheet.cell(row, 1, groups[number][0])
            sheet.cell(row, 2, groups[number][1])
            row += 1
        line(sheet, row, [number + 1, *values, None])
        row += 1
    sums = totals([[*one[:7], 0, one[8]] for one in lines], 1)
    line(sheet, row, [None, "Tổng số", *sums[:6], round(sums[3] / sums[5] * 100, 1), sums[7], None])
    sheet.cell(row + 2, 2, "Ghi chú: trạm y tế không có giường nội trú; số liệu chưa gồm phòng khám tư nhân.")
    sheet.cell(row + 3, 8, "GIÁM ĐỐC")
    sheet.column_dimensions["B"].width = 34
    return book


DISEASES = [
    ("Sốt xuất huyết Dengue", 165, 2), ("Tay - chân - miệng", 88, 0), ("Bệnh sởi", 12, 0), ("Cúm mùa", 340, 0), ("COVID-19", 6, 0),
    ("Tiêu chảy", 128, 0), ("Thủy đậu", 23, 0), ("Bệnh dại", 0, 0),
]  # fmt: skip


def epidemics() -> Workbook:
    book, sheet = sheet_of("Tuan 44")
    sheet["A1"], sheet["A2"] = (
        "TRUNG TÂM KIỂM SOÁT BỆNH TẬT TỈNH",
        "BÁO CÁO TUẦN BỆNH TRUYỀN NHIỄM – TUẦN 44 NĂM 2026",
    )
    sheet["A3"] = "(từ ngày 26/10/2026 đến ngày 01/11/2026)"
    two_rows(sheet, [
        ("STT", []), ("Tên bệnh", []), ("Trong tuần", ["Mắc", "Tử vong"]), ("Tuần trước", ["Mắc"]),
        ("Cộng dồn từ đầu năm", ["Mắc", "Tử vong"]), ("Nhận định", []),
    ], 5)  # fmt: skip
    rng = random.Random(23)  # noqa: S311 - a sample, no secret
    for number, (name, cases, deaths) in enumerate(DISEASES, 1):
        before, since = round(cases * rng.uniform(0.8, 1.2)), round(cases * rng.uniform(25, 40))
        if name == "Bệnh sởi":
            before = 3  # a jump that the office has not explained
        line(
            sheet,
            6 + number,
            [
                number,
                name,
                str(cases) if number == 4 else cases,
                deaths,
                before,
                since,
                9 if deaths else 0,
                None,
            ],
        )
    sheet["H7"] = "Tăng tại các phường Tân Ninh, Long An; đã xử lý 14 ổ dịch"
    sheet["B16"] = "Nơi nhận: Sở Y tế; Viện Pasteur TP. Hồ Chí Minh"
    sheet["F17"] = "KT. GIÁM ĐỐC"
    sheet.column_dimensions["B"].width = 30
    return book


def epidemic_communes() -> Workbook:
    book, sheet = sheet_of("Xa phuong")
    sheet["A1"], sheet["A2"] = (
        "TRUNG TÂM KIỂM SOÁT BỆNH TẬT TỈNH",
        "CA BỆNH THEO XÃ, PHƯỜNG – TUẦN 44 NĂM 2026",
    )
    two_rows(sheet, [("STT", []), ("Xã, phường", []), ("Số mắc trong tuần", ["SXH Dengue", "TCM", "Sởi"]), ("Ghi chú", [])], 4)  # fmt: skip
    rng = random.Random(24)  # noqa: S311 - a sample, no secret
    lines = [
        [f"P. {name}", rng.randint(0, 24), rng.randint(0, 9), rng.choice([0, 0, 0, 1])] for name in WARDS
    ]
    for number, values in enumerate(lines, 1):
        line(sheet, 5 + number, [number, *values, None])
    line(sheet, 6 + len(WARDS), [None, "Cộng", *totals(lines, 1), None])
    sheet.column_dimensions["B"].width = 24
    return book


LEVELS = ["Mầm non", "Tiểu học", "THCS", "THPT"]


def opening() -> Workbook:
    book, sheet = sheet_of("Dau nam hoc")
    sheet["A1"], sheet["A2"] = (
        "SỞ GIÁO DỤC VÀ ĐÀO TẠO",
        "TRƯỜNG, LỚP, HỌC SINH, GIÁO VIÊN ĐẦU NĂM HỌC 2026 – 2027",
    )
    two_rows(sheet, [
        ("STT", []), ("Xã, phường", []), ("Số trường", LEVELS), ("Số lớp", LEVELS), ("Số học sinh", LEVELS),
        ("Giáo viên hiện có", LEVELS), ("Giáo viên theo định mức", LEVELS), ("Ghi chú", []),
    ], 4)  # fmt: skip
    rng, lines = random.Random(25), []  # noqa: S311 - a sample, no secret
    for name in WARDS:
        has_upper = rng.random() < 0.6
        schools = [
            rng.randint(2, 7),
            rng.randint(2, 6),
            rng.randint(1, 4),
            rng.randint(1, 2) if has_upper else 0,
        ]
        classes = [
            count * rng.randint(low, low + 6) for count, low in zip(schools, (7, 14, 14, 22), strict=True)
        ]
        pupils = [
            round(count * rng.uniform(low, low + 6))
            for count, low in zip(classes, (25, 31, 37, 39), strict=True)
        ]
        needed = [round(count * norm) for count, norm in zip(classes, (2.2, 1.5, 1.9, 2.25), strict=True)]
        there = [round(count * rng.uniform(0.88, 1.01)) for count in needed]
        lines.append([f"Phường {name}", *schools, *classes, *pupils, *there, *needed])
    lines[2][10] = f"{lines[2][10]:,}".replace(",", ".")
    for number, values in enumerate(lines, 1):
        line(sheet, 5 + number, [number, *values, None])
    line(sheet, 6 + len(WARDS), [None, "Tổng cộng", *totals(lines, 1), None])
    sheet.cell(
        9 + len(WARDS), 2, "Nguồn: cơ sở dữ liệu ngành giáo dục; trường tư thục tính như trường công lập."
    )
    sheet.column_dimensions["B"].width = 24
    return book


def results() -> Workbook:
    book, sheet = sheet_of("Ket qua")
    sheet["A1"], sheet["A2"] = "SỞ GIÁO DỤC VÀ ĐÀO TẠO", "KẾT QUẢ NĂM HỌC 2025 – 2026 VÀ HỌC SINH BỎ HỌC"
    levels = LEVELS[1:]
    two_rows(sheet, [
        ("STT", []), ("Xã, phường", []), ("Học sinh cuối năm học", levels), ("Lên lớp, hoàn thành cấp học", levels),
        ("Bỏ học", levels), ("Ghi chú", []),
    ], 4)  # fmt: skip
    rng, lines = random.Random(26), []  # noqa: S311 - a sample, no secret
    for name in WARDS:
        pupils = [rng.randint(900, 3500), rng.randint(700, 2600), rng.choice([0, rng.randint(800, 2200)])]
        done = [round(count * rng.uniform(0.97, 0.999)) for count in pupils]
        left = [
            round(count * rng.uniform(0, high))
            for count, high in zip(pupils, (0.001, 0.008, 0.012), strict=True)
        ]
        lines.append([f"Phường {name}", *pupils, *done, *left])
    for number, values in enumerate(lines, 1):
        line(sheet, 5 + number, [number, *values, None])
    line(sheet, 6 + len(WARDS), [None, "Tổng cộng", *totals(lines, 1), None])
    sheet.cell(8 + len(WARDS), 9, "KT. GIÁM ĐỐC")
    sheet.column_dimensions["B"].width = 24
    return book
