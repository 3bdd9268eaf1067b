"""The month's list of dossiers as a one-stop system exports it: one line each, with made-up applicants."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from openpyxl import Workbook

from haidang.demo.rhythm import lattice, seed_of
from haidang.demo.sheets import paper
from haidang.demo.sheets.communes import Communes
from haidang.demo.sheets.months import Month

# About as many in a month.
COUNT = 3000
TOLD_AFTER_DAYS = 5  # the list of a month is exported some days later, when more of it is done
HEADINGS = ("STT", "Mã hồ sơ", "Mã TTHC", "Tên thủ tục", "Người nộp", "Cơ quan xử lý", "Ngày tiếp nhận", "Ngày hẹn trả",
            "Ngày trả kết quả", "Hình thức nộp", "Trạng thái", "Phí, lệ phí", "Hình thức thanh toán")  # fmt: skip
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương")
MIDDLE = ("Văn", "Thị", "Minh", "Ngọc", "Thanh", "Hữu", "Kim", "Quốc")
GIVEN = (
    "An",
    "Bình",
    "Chi",
    "Dũng",
    "Giang",
    "Hà",
    "Hùng",
    "Lan",
    "Linh",
    "Long",
    "Mai",
    "Nam",
    "Phúc",
    "Quân",
    "Sơn",
    "Thảo",
    "Tuấn",
    "Yến",
)


@dataclass(frozen=True, slots=True)
class Procedure:
    """`office` is the provincial one that settles it; empty: the commune. `share` of all dossiers."""

    code: str
    name: str
    days: int
    fee: int
    share: float
    office: str = ""


PROCEDURES = (
    Procedure("2.000635", "Cấp bản sao trích lục hộ tịch", 1, 8_000, 0.24),
    Procedure("1.001193", "Đăng ký khai sinh", 1, 0, 0.14),
    Procedure("1.000894", "Đăng ký kết hôn", 3, 0, 0.07),
    Procedure("1.001612", "Đăng ký thành lập hộ kinh doanh", 3, 100_000, 0.13),
    Procedure("1.012756", "Đăng ký biến động đất đai", 10, 150_000, 0.24, "Văn phòng Đăng ký đất đai"),
    Procedure("1.009994", "Cấp giấy phép xây dựng", 15, 100_000, 0.1, "Sở Xây dựng"),
    Procedure("2.001610", "Đăng ký thành lập doanh nghiệp", 3, 0, 0.08, "Sở Tài chính"),
)
LATE, OPEN_MORE, REFUSED = 0.035, 0.05, 0.012


def told_on(month: Month, today: date) -> date:
    """The day the list is exported: in the first days of a month its own day, no dossier is returned in the future."""
    return min(month.last_day + timedelta(days=TOLD_AFTER_DAYS), today)


def dossiers(communes: Communes, month: Month, today: date = date.max) -> Workbook:
    book, sheet = paper.new("DanhSach", (6, 22, 12, 34, 24, 30, 13, 13, 13, 20, 16, 12, 16))
    paper.headings(sheet, 1, [HEADINGS])
    for row in rows_of(communes, month, today):
        sheet.append(row)
    return book


def report(communes: Communes, province: str, month: Month, unknown: int = 0) -> Workbook:
    """What the Office of the People's Committee tells of the month: it does not know of the last `unknown` online dossiers."""
    book, sheet = paper.new("TTHC", (6, 36, 14, 20))
    told = ["TÌNH HÌNH GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH", f"Tháng {month.month} năm {month.year}"]
    paper.titles(sheet, f"VĂN PHÒNG UBND TỈNH {province.upper()}", told, "D")
    paper.headings(sheet, 5, [("STT", "Nội dung", "ĐVT", "Số hồ sơ trong tháng")])
    rows = list(rows_of(communes, month))
    online = sum(row[9] == "Trực tuyến" for row in rows)
    returned = sum(row[8] is not None and row[8] <= month.last_day for row in rows)
    lines = [
        ("Hồ sơ tiếp nhận", len(rows)),
        ("Hồ sơ đã trả kết quả", returned),
        ("Hồ sơ nộp trực tuyến", online - unknown),
    ]
    for number, (words, value) in enumerate(lines, 1):
        paper.line(sheet, 5 + number, [number, words, "Hồ sơ", value])
    sheet.cell(7 + len(lines), 1, paper.MADE_UP)
    return book


def _count(communes: Communes, month: Month) -> int:
    """Between 88 and 112 of a hundred of `COUNT`, the same whenever it is asked."""
    drawn = lattice(seed_of(communes.seed, "dossiers", month.code, "count"), np.arange(1, dtype=np.int64))
    return round(COUNT * (0.88 + 0.24 * float(drawn[0])))


def rows_of(communes: Communes, month: Month, today: date = date.max) -> Iterator[list[Any]]:
    """The lines of the list, in the order of its headings."""
    told = told_on(month, today)
    count = _count(communes, month)
    random = {
        what: lattice(seed_of(communes.seed, "dossiers", month.code, what), np.arange(count, dtype=np.int64))
        for what in ("day", "procedure", "place", "way", "late", "length", "name", "paid")
    }
    days = np.sort(random["day"] * month.days).astype(int)
    weight = np.cumsum(np.array(communes.people(2025), dtype=np.float64))
    for number in range(count):
        at = {what: float(values[number]) for what, values in random.items()}
        place = int(np.searchsorted(weight, at["place"] * weight[-1]))
        yield _row(communes, number + 1, month.first_day + timedelta(days=int(days[number])), told, place, at)


def _row(
    communes: Communes, number: int, day: date, told: date, place: int, at: dict[str, float]
) -> list[Any]:
    procedure = _procedure(at["procedure"])
    commune = communes.communes[min(place, len(communes.communes) - 1)]
    office = procedure.office or f"UBND {commune.kind.lower()} {commune.name}"
    due = _working(day, procedure.days)
    late = at["late"] < LATE
    length = (
        procedure.days + 1 + int(at["length"] * 6)
        if late
        else max(1, round(procedure.days * (0.4 + 0.6 * at["length"])))
    )
    done: date | None = _working(day, length)
    if _working(day, length) > told or LATE <= at["late"] < LATE + OPEN_MORE:
        done = None
    state = "Đang xử lý" if done is None else "Từ chối" if at["late"] > 1 - REFUSED else "Đã trả kết quả"
    online = at["way"] < 0.72
    way = "Trực tuyến" if online else "Trực tiếp" if at["way"] < 0.95 else "Bưu chính công ích"
    paid = (
        None if not procedure.fee else "Trực tuyến" if at["paid"] < (0.85 if online else 0.4) else "Trực tiếp"
    )
    code = f"H53.{30 + place % 60:02}-{day:%y%m%d}-{number:05}"
    return [
        number,
        code,
        procedure.code,
        procedure.name,
        _name(at["name"]),
        office,
        day,
        due,
        done,
        way,
        state,
        procedure.fee,
        paid,
    ]


def _procedure(random: float) -> Procedure:
    for one in PROCEDURES:
        random -= one.share
        if random < 0:
            return one
    return PROCEDURES[-1]


def _name(random: float) -> str:
    place = int(random * len(FAMILY) * len(MIDDLE) * len(GIVEN))
    family, rest = place % len(FAMILY), place // len(FAMILY)
    return f"{FAMILY[family]} {MIDDLE[rest % len(MIDDLE)]} {GIVEN[rest // len(MIDDLE) % len(GIVEN)]}"


def _working(day: date, days: int) -> date:
    """So many days later, Saturdays and Sundays not counted."""
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day
