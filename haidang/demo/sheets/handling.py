"""How offices handle documents, month by month, as Văn phòng UBND tỉnh exports it for the whole province."""

from __future__ import annotations

from openpyxl import Workbook

from haidang.demo.rhythm import seed_of
from haidang.demo.sheets import paper
from haidang.demo.sheets.months import Month

# Offices and how many documents come to them in an ordinary month.
OFFICES = {
    "Văn phòng UBND tỉnh": 2400, "Sở Tài chính": 1500, "Sở Nội vụ": 1200, "Sở Xây dựng": 1350, "Sở Nông nghiệp và Môi trường": 1600,
    "Sở Công Thương": 900, "Sở Y tế": 850, "Sở Giáo dục và Đào tạo": 800, "Sở Khoa học và Công nghệ": 620,
    "Sở Văn hóa, Thể thao và Du lịch": 560, "Sở Tư pháp": 480, "Thanh tra tỉnh": 260, "UBND phường Tân Ninh": 520,
    "UBND phường Long An": 610, "UBND phường Trảng Bàng": 430, "UBND xã Tân Biên": 310,
}  # fmt: skip
SLOW = "Sở Xây dựng"
WORDS = (
    "STT", "Cơ quan", "Văn bản đến", "Văn bản đi", "Văn bản ký số", "Đã xử lý", "Đúng hạn", "Quá hạn", "Đang xử lý",
    "Tồn quá hạn", "Tổng số ngày xử lý", "Bình quân một văn bản", "Ghi chú",
)  # fmt: skip


def chance(*names: object) -> float:
    """A number in [0, 1), the same for the same names."""
    return seed_of(*names) / 2**64


def between(low: float, high: float, *names: object) -> float:
    return low + (high - low) * chance(*names)


def offices(seed: int, province: str, month: Month) -> Workbook:
    book, sheet = paper.new("VB", (6, 36, 12, 12, 12, 12, 12, 12, 12, 12, 14, 14, 24))
    told = ["TÌNH HÌNH XỬ LÝ VĂN BẢN", f"Tháng {month.month} năm {month.year}"]
    paper.titles(sheet, f"VĂN PHÒNG UBND TỈNH {province.upper()}", told, "M")
    paper.headings(sheet, 5, [WORDS])
    lines = [_line(seed, name, size, month) for name, size in OFFICES.items()]
    for number, values in enumerate(lines, 1):
        mean = round(values[8] / values[3], 1)
        paper.line(sheet, 5 + number, [number, [*OFFICES][number - 1], *values, mean, None])
    last = 6 + len(lines)
    sums = [round(sum(values), 1) for values in zip(*lines, strict=True)]
    paper.line(sheet, last, [None, "Tổng cộng", *sums, None, None])
    paper.signed(sheet, last + 2, 9, "Nguồn: hệ thống quản lý văn bản và điều hành.", "CHÁNH VĂN PHÒNG")
    return book


def _line(seed: int, name: str, size: int, month: Month) -> list[float]:
    def at(what: str, low: float, high: float) -> float:
        return between(low, high, seed, name, month.code, what)

    quiet = 1 - 0.3 * month.around_tet(-2, 9)
    incoming, outgoing = round(size * at("in", 0.9, 1.1) * quiet), round(size * at("out", 0.3, 0.5) * quiet)
    handled = round(incoming * at("handled", 0.86, 0.96))
    late = round(handled * at("late", 0.05, 0.1) * (1.6 if name == SLOW else 0.5))
    waiting = incoming - handled + round(at("left", 10, 60))
    days = round(handled * at("days", 1.4, 3.2), 1)
    signed = round(outgoing * at("signed", 0.9, 1.0))
    return [
        incoming,
        outgoing,
        signed,
        handled,
        handled - late,
        late,
        waiting,
        round(waiting * at("stuck", 0.02, 0.2)),
        days,
    ]
