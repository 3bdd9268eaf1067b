"""What the Office of the People's Committee gathers for the index of service (QĐ 766), as it writes it: some counts of
the national portal are not there yet, and their lines stand empty.
"""

from __future__ import annotations

from openpyxl import Workbook
from openpyxl.styles import Font

from haidang.demo.sheets import paper
from haidang.demo.sheets.communes import Communes
from haidang.demo.sheets.dossiers import rows_of
from haidang.demo.sheets.handling import between
from haidang.demo.sheets.months import Month

TTHC, HS, PAKN = "TTHC", "hồ sơ", "PAKN"
# Procedures of the province; those with a fee, for citizens, and open to handling online from end to end.
PROCEDURES, WITH_FEE, OF_CITIZENS = 1902, 640, 520
# What the portal tells a month later, if at all.
NOT_YET = "chưa có số của Cổng"

Line = tuple[str, str, float | None]


def report(communes: Communes, province: str, month: Month) -> Workbook:
    book, sheet = paper.new("Bo chi so", (6, 58, 12, 16, 30))
    told = [
        "SỐ LIỆU CHẤM ĐIỂM BỘ CHỈ SỐ PHỤC VỤ NGƯỜI DÂN, DOANH NGHIỆP",
        f"Tháng {month.month} năm {month.year}",
    ]
    paper.titles(sheet, f"VĂN PHÒNG UBND TỈNH {province.upper()}", told, "E")
    paper.headings(sheet, 5, [("STT", "Nội dung", "ĐVT", "Số trong kỳ", "Ghi chú")])
    row, number = 6, 0
    for roman, (title, lines) in zip(("I", "II", "III", "IV", "V"), _groups(communes, month), strict=True):
        paper.line(sheet, row, [roman, title, None, None, None])
        sheet.cell(row, 1).font = sheet.cell(row, 2).font = Font(bold=True)
        row += 1
        for words, unit, value in lines:
            number += 1
            paper.line(sheet, row, [number, words, unit, value, NOT_YET if value is None else None])
            row += 1
    paper.signed(sheet, row + 1, 4, "Nguồn: Cổng Dịch vụ công quốc gia và các sở.", "CHÁNH VĂN PHÒNG")
    return book


def _groups(communes: Communes, month: Month) -> list[tuple[str, list[Line]]]:
    rows = list(rows_of(communes, month))
    received, online = len(rows), sum(row[9] == "Trực tuyến" for row in rows)
    written = sum(row[8] is not None for row in rows)

    def at(what: str, low: float, high: float) -> float:
        return between(low, high, communes.seed, month.code, what)

    def part(of: float, what: str, low: float, high: float) -> int:
        return round(of * at(what, low, high))

    announced, due = part(30, "announced", 0.7, 1.3), part(44, "due", 0.8, 1.2)
    eligible, petitions = part(online, "eligible", 0.9, 1.0), part(60, "petitions", 0.7, 1.4)
    in_time, running = part(petitions, "in time", 0.86, 0.93), part(petitions, "running", 0.02, 0.06)
    # Since when the portal tells of the personal store is a matter of the month.
    is_told = month.month % 2 == 1
    return [
        ("Công khai, minh bạch", [
            ("TTHC công bố đúng hạn", TTHC, part(announced, "announced in time", 0.9, 1)), ("TTHC đã công bố trong kỳ", TTHC, announced),
            ("TTHC công khai đúng hạn trên CSDLQG", TTHC, part(due, "public in time", 0.88, 1)),
            ("TTHC phải cập nhật, công khai trong kỳ", TTHC, due),
            ("TTHC công khai đủ bộ phận cấu thành", TTHC, part(PROCEDURES, "complete", 0.97, 1)), ("TTHC đã công khai", TTHC, PROCEDURES),
            ("Hồ sơ đồng bộ lên Cổng DVCQG, tiếp nhận trong kỳ", HS, part(received, "synced", 0.9, 0.97)),
            ("Hồ sơ tiếp nhận trên Hệ thống báo cáo quốc gia", HS, part(received, "registry", 0.97, 1)),
            ("Hồ sơ tiếp nhận trên Cổng DVCQG", HS, received),
        ]),
        ("Cung cấp dịch vụ trực tuyến", [
            ("Hồ sơ DVCTT toàn trình", HS, part(eligible, "end to end", 0.7, 0.85)), ("Hồ sơ của TTHC đủ điều kiện toàn trình", HS, eligible),
            ("TTHC có DVCTT", TTHC, part(PROCEDURES, "online", 0.6, 0.7)), ("TTHC thuộc thẩm quyền", TTHC, PROCEDURES),
            ("DVC có hồ sơ trực tuyến", "DVC", None), ("DVC của TTHC", "DVC", None),
            ("Hồ sơ trực tuyến có kết quả điện tử", HS, part(online, "results", 0.6, 0.8)), ("Hệ số đồng bộ hồ sơ", "%", round(at("sync", 88, 97), 1)),
        ]),
        ("Thanh toán trực tuyến", [
            ("TTHC cung cấp thanh toán trên Cổng", TTHC, part(WITH_FEE, "offered", 0.72, 0.84)), ("TTHC có nghĩa vụ tài chính", TTHC, WITH_FEE),
            ("TTHC có giao dịch thanh toán trực tuyến", TTHC, part(WITH_FEE, "paid", 0.5, 0.7)),
        ]),
        ("Số hóa hồ sơ", [
            ("Hồ sơ có tệp kết quả điện tử hợp lệ", HS, part(written, "valid", 0.8, 0.92)), ("Hồ sơ phải trả kết quả bằng văn bản", HS, written),
            ("Hồ sơ số hóa thành phần và có KQĐT", HS, part(received, "digitised", 0.55, 0.75)), ("Hồ sơ thuộc thẩm quyền", HS, received),
            ("Dịch vụ chứng thực bản sao điện tử", "dịch vụ", 1), ("Hồ sơ tái sử dụng dữ liệu số hóa", HS, part(received, "reusing", 0.15, 0.3)),
            ("Hồ sơ lấy từ kho cá nhân hoặc KQĐT đồng bộ", HS, part(received, "store", 0.08, 0.16) if is_told else None),
            ("TTHC kết nối dữ liệu dân cư", TTHC, part(OF_CITIZENS, "joined", 0.7, 0.85)), ("TTHC có đối tượng người dân", TTHC, OF_CITIZENS),
            ("Hồ sơ dùng dữ liệu dân cư", HS, part(received, "register", 0.5, 0.7)),
        ]),
        ("Mức độ hài lòng", [
            ("PAKN trong kỳ", PAKN, petitions), ("PAKN về quy định TTHC", PAKN, part(petitions, "kind", 0.2, 0.4)), ("PAKN xử lý đúng hạn", PAKN, in_time),
            ("PAKN đang trong hạn", PAKN, running), ("PAKN không hài lòng", PAKN, part(petitions, "unhappy", 0.02, 0.06)),
            ("PAKN phản ánh tiếp", PAKN, part(petitions, "again", 0, 0.03)), ("PAKN quá hạn", PAKN, petitions - in_time - running),
            ("PAKN lần đầu", PAKN, petitions), ("Hồ sơ bị PAKN hoặc đánh giá không hài lòng", HS, part(received, "complained", 0.002, 0.008)),
        ]),
    ]  # fmt: skip
