"""The monthly set as Sở Tài chính makes it: titles merged over the table, two header rows, notes beneath.

Older files have one header row and the unit in words of their own, as a form changes over the years.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook

from haidang.demo.sheets import paper
from haidang.demo.sheets.economy import LINES, Economy
from haidang.demo.sheets.months import MERGED, Month

# Beyond this change an office says why without being asked.
TELLS = 35.0
FIRST_OF_TWO_ROWS = Month.of(2024, 1)
FORMS = ("0", "", "", "#,##0.0", "#,##0.0", "#,##0.0", "#,##0.0", "0.0", "0.0")


@dataclass(frozen=True, slots=True)
class Change:
    """What a first version says otherwise than the one that corrects it: a line's value, by so many percent."""

    name: str
    percent: float


def monthly(economy: Economy, month: Month, change: Change | None = None) -> Workbook:
    book, sheet = paper.new("KTXH", (6, 48, 15, 14, 14, 14, 16, 12, 12, 34))
    told = ["MỘT SỐ CHỈ TIÊU KINH TẾ – XÃ HỘI CHỦ YẾU", f"Tháng {month.month} năm {month.year}"]
    if month.number < MERGED:
        told.append("(số liệu đã tính lại theo địa giới hành chính từ 01/07/2025)")
    paper.titles(sheet, f"SỞ TÀI CHÍNH TỈNH {economy.province.upper()}", told, "J")
    first = _two_rows(sheet, month) if month >= FIRST_OF_TWO_ROWS else _one_row(sheet, month)
    for number, name in enumerate(LINES, 1):
        paper.line(sheet, first + number - 1, _line(economy, number, name, month, change), FORMS)
    after = first + len(LINES)
    paper.signed(
        sheet,
        after + 1,
        8,
        f"Nguồn: Sở Tài chính, Thống kê tỉnh; số tháng {month.month} là ước tính.",
        "GIÁM ĐỐC",
    )
    return book


def _two_rows(sheet: Any, month: Month) -> int:
    top = [
        "STT",
        "Chỉ tiêu",
        "Đơn vị tính",
        f"Kế hoạch năm {month.year}",
        "Thực hiện",
        "",
        "",
        "So sánh (%)",
        "",
        "Ghi chú",
    ]
    low = ["", "", "", "", f"Tháng {month.before.month}", f"Ước tháng {month.month}", f"Lũy kế {month.month} tháng",
           "Tháng trước", "Cùng kỳ năm trước", ""]  # fmt: skip
    paper.headings(sheet, 6, [top, low], ["E6:G6", "H6:I6", *(f"{letter}6:{letter}7" for letter in "ABCDJ")])
    return 8


def _one_row(sheet: Any, month: Month) -> int:
    words = ["TT", "Chỉ tiêu chủ yếu", "ĐVT", f"KH năm {month.year}", "Thực hiện tháng trước", "Ước thực hiện tháng này",
             "Lũy kế từ đầu năm", "So với tháng trước (%)", "So với cùng kỳ năm trước (%)", "Ghi chú"]  # fmt: skip
    paper.headings(sheet, 6, [words])
    return 7


def _line(economy: Economy, number: int, name: str, month: Month, change: Change | None) -> list[Any]:
    line = LINES[name]
    before, last_year = economy.value(name, month.before), economy.value(name, month.last_year)
    added = 0.0
    if change and name in (change.name, *(n for n, one in LINES.items() if change.name in one.parts)):
        added = round(economy.value(change.name, month) * change.percent / 100, line.decimals)
    value = round(economy.value(name, month) + added, line.decimals)
    since = round(economy.since_january(name, month) + added, line.decimals)
    against = [round(value / one * 100, 1) for one in (before, last_year)]
    return [number, line.indent + line.title, line.unit, economy.plan(name, month.year), before, value, since, *against,
            _why(name, month, against[0] - 100)]  # fmt: skip


def _why(name: str, month: Month, percent: float) -> str | None:
    """What the office writes beside a change that would be asked about."""
    if abs(percent) <= TELLS:
        return None
    if month.around_tet(-15, 30) > 0.2 or month.before.around_tet(-15, 30) > 0.2:
        return "Tết Nguyên đán"
    words = {1: "Tháng đầu năm ngân sách", 12: "Khối lượng dồn vào cuối năm"}
    if name == "visitors":
        return "Theo mùa lễ hội"
    return words.get(month.month, "Theo tiến độ trong năm")
