"""Forty files as offices make them, several faults at once in each; the same ones at every run."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tests.sheets.draft import Draft, nfd, tcvn3, vni

COMMUNES = [
    ("25459", "Tân Ninh"), ("25480", "Bình Minh"), ("25567", "Ninh Thạnh"), ("25630", "Long Hoa"),
    ("27694", "Long An"), ("27712", "Tân An"), ("27715", "Khánh Hậu"),
]  # fmt: skip


def vietnamese_text(value: float) -> str:
    whole, _, rest = f"{value:.2f}".partition(".")
    return f"{int(whole):,}".replace(",", ".") + "," + rest


def english_text(value: float) -> str:
    return f"{value:,.2f}"


def spaced_text(value: float) -> str:
    return f"{value:,.2f}".replace(",", "\u00a0").replace(".", ",")


LETTERS: dict[str, Callable[[str], str]] = {"": str, "tcvn3": tcvn3, "vni": vni, "nfd": nfd}
FONTS = {"tcvn3": ".VnTime", "vni": "VNI-Times"}
WRITTEN: dict[str, Callable[[float], Any]] = {
    "number": lambda v: v, "vietnamese": vietnamese_text, "english": english_text, "spaced": spaced_text,
    "with_unit": lambda v: vietnamese_text(v) + " tr.đ",
}  # fmt: skip


def communes(seed: int, **quirk: Any) -> Draft:  # noqa: C901 - one branch for each quirk
    """Budget revenue by commune. Quirks: letters, font, lead, header (1, 2, 3), unit, written, total, …"""
    rng = random.Random(seed)  # noqa: S311 - a file, no secret
    draft = Draft(f"thu-{seed:02}", "economy.commune_revenue")
    say = LETTERS[quirk.get("letters", "")]
    font = {"font_name": FONTS[quirk["letters"]]} if quirk.get("font") else {}
    lead, row = quirk.get("lead", 0), 1

    def text(r: int, c: int, words: str, meant: Any = None) -> str:
        return draft.put(r, lead + c, say(words), meant, **font)

    if quirk.get("titles", True):
        text(1, 0, "UBND TỈNH TÂY NINH"), text(1, 4, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
        text(3, 0, "Tình hình thu ngân sách nhà nước tháng 10 năm 2026")
        row = 5
    scale, unit = {"đồng": (1e6, "đồng"), "nghìn": (1e3, "nghìn đồng"), "tỷ": (1e-3, "tỷ đồng")}.get(
        quirk.get("unit", ""), (1, "triệu đồng")
    )
    inside = quirk.get("unit_inside")
    if quirk.get("unit") and not inside:
        text(row, 3, f"Đơn vị tính: {unit}")
        row += 1
    bracket = f" ({unit})" if inside else ""
    titles = ["STT", "Xã, phường", f"Dự toán năm 2026{bracket}", f"Thực hiện tháng 9/2026{bracket}", f"Thực hiện tháng 10/2026{bracket}", f"Lũy kế từ đầu năm{bracket}", "Đạt so với dự toán (%)", "Số người nộp thuế", "Ghi chú"]  # fmt: skip
    rows = quirk.get("header", 1)
    if rows == 1:
        for c, words in enumerate(titles):
            text(row, c, words)
    else:
        for c, words in enumerate(titles):
            if c not in {3, 4, 5}:
                text(row, c, words)
                draft.merges.append((row, lead + c, row + 1, lead + c))
        text(row, 3, f"Số thu{bracket}")
        draft.merges.append((row, lead + 3, row, lead + 5))
        for c, words in ((3, "Tháng 9"), (4, "Tháng 10"), (5, "Lũy kế")):
            text(row + 1, c, words)
        row += 1
    header = row
    if quirk.get("column_numbers"):
        row += 1
        for c, words in enumerate(("A", "B", "1", "2", "3", "4", "5=4/1", "6", "C")):
            text(row, c, words)
    written = WRITTEN[quirk.get("written", "number")]
    first = row + 1 + (1 if quirk.get("total") == "top" else 0)
    sums = [0.0] * 9
    lines: list[int] = []
    row = first - 1
    for number, (code, name) in enumerate(COMMUNES):
        row += 1
        if quirk.get("again") and number == 4:
            for c, words in enumerate(titles):
                text(row, c, words)
            row += 1
        if quirk.get("blank") and number == 3:
            row += 1
        lines.append(row)
        draft.put(row, lead, float(number + 1))
        place = {
            "code": code,
            "number": float(code),
            "kind": f"Phường {name}",
            "upper": name.upper(),
            "toneless": name,
        }.get(quirk.get("place", ""), name)
        if isinstance(place, str):
            text(row, 1, place, code)
        else:
            draft.put(row, lead + 1, place, code)
        before = round(rng.uniform(2000, 9000), 2)
        values = {
            2: round(before * 14, 2),
            3: before,
            4: round(before * rng.uniform(0.8, 1.2), 2),
            5: round(before * 9.7, 2),
        }
        for c, value in values.items():
            stored = round(value * scale, 6)
            shown = stored if quirk.get("unit") else written(value)
            draft.put(row, lead + c, shown, value)
            sums[c] += value
        share = round(values[5] / values[2] * 100, 2)
        if quirk.get("percent_format"):
            draft.put(row, lead + 6, round(share / 100, 6), share, num_format="0.00%")
        else:
            draft.put(
                row,
                lead + 6,
                f"{share:.2f}%".replace(".", ",") if quirk.get("percent_text") else share,
                share,
            )
        payers = rng.randint(1200, 9800)
        draft.put(
            row,
            lead + 7,
            f"{payers:,}".replace(",", ".") if quirk.get("whole_text") else float(payers),
            float(payers),
        )
        sums[7] += payers
    total = {"top": first - 1, "bottom": row + 1}.get(quirk.get("total", ""))
    if total:
        text(total, 1, "Tổng cộng")
        for c in (2, 3, 4, 5, 7):
            value = round(sums[c], 2)
            shown = round(value * scale, 6) if c != 7 and quirk.get("unit") else value
            draft.put(total, lead + c, shown)
            if quirk.get("formula"):
                draft.formulas[total, lead + c] = (
                    f"=SUM({chr(65 + lead + c)}{lines[0]}:{chr(65 + lead + c)}{lines[-1]})"
                )
        row = max(row, total)
    if quirk.get("notes"):
        text(row + 2, 0, "Ghi chú: số liệu ước đến ngày 25/10")
        text(row + 4, 5, "Tây Ninh, ngày 26 tháng 10 năm 2026")
        text(row + 5, 1, "NGƯỜI LẬP BIỂU"), text(row + 5, 5, "TRƯỞNG THUẾ TỈNH")
    if quirk.get("sheets"):
        draft.others["Tháng trước (cũ)"] = [["Không dùng"], ["Tổng", 12345.0]]
    if quirk.get("hide_row"):
        draft.hidden_rows.add(lines[2])
    if quirk.get("hide_column"):
        draft.hidden_columns.add(lead + 2)
    for spoil in quirk.get("spoil", ()):
        spoil(draft, lines, lead, header)
    return draft


# --- faults that are planted ------------------------------------------------------------------------------
def cell(line: int, column: int, value: Any, code: str, **style: Any) -> Callable[..., None]:
    def spoil(draft: Draft, lines: list[int], lead: int, _header: int) -> None:
        draft.spoil(lines[line], lead + column, value, code, **style)

    return spoil


def formula(line: int, column: int, words: str, result: Any, code: str) -> Callable[..., None]:
    def spoil(draft: Draft, lines: list[int], lead: int, _header: int) -> None:
        draft.spoil(lines[line], lead + column, result, code)
        draft.formulas[lines[line], lead + column] = words

    return spoil


def slip(line: int, column: int, code: str = "jump_unit") -> Callable[..., None]:
    """A thousand times too large, as who types đồng where nghìn đồng is meant."""

    def spoil(draft: Draft, lines: list[int], lead: int, _header: int) -> None:
        value = draft.cells[lines[line], lead + column]
        draft.spoil(lines[line], lead + column, value / 1000, code)
        draft.truth[f"{chr(65 + lead + column)}{lines[line]}"] = value / 1000

    return spoil


def wrong_total(draft: Draft, lines: list[int], lead: int, _header: int) -> None:
    row = lines[-1] + 1
    draft.cells[row, lead + 4] += 500
    draft.faults[f"{chr(65 + lead + 4)}{row}"] = "total_differs"


def merged_number(draft: Draft, lines: list[int], lead: int, _header: int) -> None:
    """One value over two lines: the first says why, the second has none."""
    draft.merges.append((lines[1], lead + 4, lines[2], lead + 4))
    draft.faults[f"{chr(65 + lead + 4)}{lines[1]}"] = "merged_value"
    draft.cells.pop((lines[2], lead + 4))
    draft.truth.pop(f"{chr(65 + lead + 4)}{lines[2]}")
    draft.faults[f"{chr(65 + lead + 4)}{lines[2]}"] = "missing"


def noted(line: int, column: int, times: float) -> Callable[..., None]:
    """A jump with its reason in the notes."""

    def change(draft: Draft, lines: list[int], lead: int, _header: int) -> None:
        place = lines[line], lead + column
        value = round(draft.cells[place] * times, 2)
        draft.put(*place, value, value)
        draft.put(lines[line], lead + 8, "Thu tiền sử dụng đất khu dân cư mới")

    return change


def unit_unknown(draft: Draft, lines: list[int], lead: int, header: int) -> None:
    draft.cells[header, lead + 7] = "Số người nộp thuế (hộ)"
    for line in lines:
        where = f"{chr(65 + lead + 7)}{line}"
        draft.truth.pop(where)
        draft.faults[where] = "unit"


COMMUNE_FILES = [
    communes(1, lead=2, header=2, total="bottom", notes=True, column_numbers=True),
    communes(2, letters="tcvn3", font=True, total="top", written="vietnamese", titles=True),
    communes(3, letters="vni", font=True, again=True, notes=True, written="english"),
    communes(4, letters="nfd", unit="đồng", total="bottom", formula=True, notes=True),
    communes(5, unit="nghìn", unit_inside=True, header=2, place="number", total="bottom"),
    communes(6, letters="tcvn3", place="kind", written="spaced", total="bottom", sheets=True),
    communes(7, place="upper", percent_format=True, hide_row=True, notes=True, total="bottom"),
    communes(8, letters="vni", header=2, whole_text=True, percent_text=True, blank=True, total="top"),
    communes(9, unit="tỷ", total="bottom", hide_column=True, column_numbers=True, lead=1),
    communes(10, written="with_unit", place="code", whole_text=True, notes=True, sheets=True),
    communes(11, written="vietnamese", total="bottom", spoil=[cell(1, 3, "1.234", "two_readings"), cell(4, 7, "4.5", "not_whole")], notes=True),
    communes(12, header=2, spoil=[formula(2, 4, "=F12/0", "#DIV/0!", "formula_error"), cell(5, 4, None, "missing")], lead=1, notes=True),
    communes(13, spoil=[cell(0, 1, "Xã Không Có", "unknown_place"), cell(3, 1, "Bình Minh", "duplicate"), cell(2, 5, "12O,5", "not_a_number")], titles=False),
    communes(14, spoil=[slip(3, 4), cell(2, 5, date(2026, 5, 1), "became_date")], column_numbers=True, sheets=True),
    communes(15, total="bottom", spoil=[wrong_total], letters="tcvn3", font=True, notes=True),
    communes(16, spoil=[merged_number, noted(4, 4, 3.1)], header=2, again=True),
    communes(17, spoil=[unit_unknown, cell(6, 6, "chín mươi", "not_a_number")], letters="nfd", notes=True),
]  # fmt: skip

LINES = [
    ("iip", "Chỉ số sản xuất công nghiệp (IIP)", "%", 104.31), ("investment", "Vốn đầu tư thực hiện", "tỷ đồng", 6120.4),
    ("revenue", "Tổng thu NSNN", "tỷ đồng", 3150.75), ("revenue_domestic", "- Thu nội địa", "tỷ đồng", 2600.5),
    ("revenue_trade", "- Thu XNK", "tỷ đồng", 550.25), ("spending", "Tổng chi ngân sách địa phương", "tỷ đồng", 2810.5),
    ("spending_investment", "a) Chi đầu tư phát triển", "tỷ đồng", 1210.5), ("spending_regular", "b) Chi thường xuyên", "tỷ đồng", 1600.0),
    ("disbursement", "Giải ngân vốn đầu tư công", "tỷ đồng", 905.2), ("retail", "Tổng mức bán lẻ hàng hóa", "tỷ đồng", 18450.3),
    ("export", "Xuất khẩu", "triệu USD", 1310.45), ("import", "Nhập khẩu", "triệu USD", 1105.6), ("cpi", "CPI", "%", 100.42),
    ("firms", "DN thành lập mới", "DN", 312.0), ("firms_capital", "Vốn đăng ký", "tỷ đồng", 4210.5),
    ("visitors", "Lượt khách du lịch", "nghìn lượt", 512.5),
]  # fmt: skip


def monthly(seed: int, **quirk: Any) -> Draft:  # noqa: C901 - one branch for each quirk
    """The monthly set. Quirks: letters, font, header, written, units, sections, dashes, notes, …"""
    rng = random.Random(seed)  # noqa: S311 - a file, no secret
    draft = Draft(f"ktxh-{seed:02}", "economy.monthly", sheet=quirk.get("sheet", "KTXH"))
    say = LETTERS[quirk.get("letters", "")]
    font = {"font_name": FONTS[quirk["letters"]]} if quirk.get("font") else {}
    lead = quirk.get("lead", 0)

    def text(r: int, c: int, words: str) -> None:
        draft.put(r, lead + c, say(words), **font)

    text(1, 1, "MỘT SỐ CHỈ TIÊU KINH TẾ – XÃ HỘI CHỦ YẾU")
    text(2, 1, quirk.get("title", "Tháng 10 năm 2026"))
    row = 4
    top = [
        "STT",
        "Chỉ tiêu",
        "Đơn vị tính",
        "Kế hoạch năm 2026",
        "Thực hiện",
        "Thực hiện",
        "Thực hiện",
        "So sánh (%)",
        "So sánh (%)",
        "Ghi chú",
    ]
    low = [
        "",
        "",
        "",
        "",
        "Tháng 9/2026",
        "Ước tháng 10/2026",
        "Lũy kế",
        "Tháng trước",
        "Cùng kỳ năm 2025",
        "",
    ]
    one = [
        "STT",
        "Chỉ tiêu",
        "ĐVT",
        "Kế hoạch năm",
        "Thực hiện tháng 9",
        "Ước thực hiện tháng 10",
        "Lũy kế 10 tháng",
        "So với tháng trước (%)",
        "So với cùng kỳ năm trước (%)",
        "Ghi chú",
    ]
    if quirk.get("header", 2) == 2:
        for c, words in enumerate(top):
            if c in {0, 1, 2, 3, 4, 7, 9}:
                text(row, c, words)
        for c, words in enumerate(low):
            if words:
                text(row + 1, c, words)
        draft.merges += [(row, lead + 4, row, lead + 6), (row, lead + 7, row, lead + 8)]
        draft.merges += [(row, lead + c, row + 1, lead + c) for c in (0, 1, 2, 3, 9)]
        row += 1
    else:
        for c, words in enumerate(one):
            text(row, c, words)
    header = row
    lines: list[int] = []
    written = WRITTEN[quirk.get("written", "number")]
    for number, (name, words, unit, base) in enumerate(LINES):
        row += 1
        if quirk.get("sections") and name in {"iip", "revenue", "retail"}:
            text(row, 0, {"iip": "I", "revenue": "II", "retail": "III"}[name])
            text(row, 1, {"iip": "SẢN XUẤT", "revenue": "NGÂN SÁCH", "retail": "THƯƠNG MẠI"}[name])
            row += 1
        lines.append(row)
        draft.put(row, lead, float(number + 1))
        text(row, 1, words)
        money = unit == "tỷ đồng"
        text(row, 2, "tr.đ" if money and quirk.get("units") == "million" else "Tỷ đồng" if money else unit)
        for c, times in ((3, 11.5), (4, 0.97), (5, 1.0), (6, 9.6)):
            share = unit == "%"
            value = base if share else round(base * times * rng.choice([1.0]), 2)
            if name == "firms":
                value = float(round(value))
            stored: Any = round(value * 1000, 4) if money and quirk.get("units") == "million" else value
            if quirk.get("dashes") and c == 3 and number % 3 == 0:
                draft.put(row, lead + c, "-" if number % 2 else "…")
                continue
            draft.put(row, lead + c, written(stored) if quirk.get("written") else stored, value)
        for c, value in ((7, 103.09), (8, 108.5)):
            draft.put(row, lead + c, value, value)
    if quirk.get("notes"):
        text(row + 1, 1, "(*) Số liệu ước tính")
        text(row + 2, 1, "Nguồn: Thống kê tỉnh")
        text(row + 4, 6, "GIÁM ĐỐC")
    if quirk.get("guide"):
        draft.others["Hướng dẫn"] = [["Nhập số theo đơn vị tỷ đồng"], ["Ví dụ", 1234.5]]
    for spoil in quirk.get("spoil", ()):
        spoil(draft, lines, lead, header)
    return draft


def parts_wrong(draft: Draft, lines: list[int], lead: int, _header: int) -> None:
    value = draft.cells[lines[3], lead + 5] + 100
    draft.put(lines[3], lead + 5, value, value)
    draft.faults[f"{chr(65 + lead + 5)}{lines[2]}"] = "parts_differ"


def rename(line: int, words: str) -> Callable[..., None]:
    def spoil(draft: Draft, lines: list[int], lead: int, _header: int) -> None:
        draft.cells[lines[line], lead + 1] = words
        draft.faults[f"{chr(65 + lead + 1)}{lines[line]}"] = "unknown_item"
        draft.faults[f"row {max(lines)}"] = "item_missing"

    return spoil


def commented(draft: Draft, lines: list[int], lead: int, _header: int) -> None:
    value = draft.cells[lines[0] + 9, lead + 5] * 1.9
    draft.put(lines[9], lead + 5, value, value)
    draft.comments[lines[9], lead + 5] = "Tháng có hội chợ"


def leapt(draft: Draft, lines: list[int], lead: int, _header: int) -> None:
    value = round(draft.cells[lines[14], lead + 5] * 5, 2)
    draft.put(lines[14], lead + 5, value, value)
    draft.warnings[f"{chr(65 + lead + 5)}{lines[14]}"] = "jump"


def unit_row(draft: Draft, lines: list[int], lead: int, _header: int) -> None:
    draft.cells[lines[10], lead + 2] = "tỷ đồng"
    for c in (3, 4, 5, 6):
        draft.truth.pop(f"{chr(65 + lead + c)}{lines[10]}", None)
        draft.faults[f"{chr(65 + lead + c)}{lines[10]}"] = "unit"


MONTHLY_FILES = [
    monthly(21, notes=True, sections=True),
    monthly(22, letters="tcvn3", font=True, header=1, dashes=True),
    monthly(23, letters="vni", font=True, units="million", sections=True, notes=True),
    monthly(24, letters="nfd", written="vietnamese", guide=True, header=1),
    monthly(25, written="english", sections=True, dashes=True, lead=1),
    monthly(26, units="million", header=1, notes=True, guide=True, lead=2),
    monthly(27, letters="tcvn3", sections=True, notes=True, dashes=True),
    monthly(28, spoil=[parts_wrong, commented], header=1, notes=True),
    monthly(29, spoil=[rename(10, "Xuất khẩu gạo thơm"), leapt], sections=False, notes=False),
    monthly(30, spoil=[slip(9, 5), unit_row], sections=True, notes=True),
    monthly(31, spoil=[cell(4, 5, "1.234", "two_readings"), cell(8, 5, "", "missing"), formula(9, 6, "=#REF!*2", "#REF!", "formula_error")], header=1, guide=True),
    monthly(32, spoil=[cell(12, 5, 250.0, "out_of_range"), cell(13, 5, True, "truth")], letters="vni", font=True, dashes=True),
]  # fmt: skip

OFFICES = ["Sở Xây dựng", "Sở Tư pháp", "Sở Nông nghiệp và Môi trường"]
PROCEDURES = [
    ("1.004203", "Cấp giấy phép xây dựng"),
    ("2.000635", "Đăng ký khai sinh"),
    ("1.012756", "Đăng ký biến động đất đai"),
]
PEOPLE = ["Nguyễn Văn Lúa", "Trần Thị Hòa", "Lê Đức Thịnh", "Phạm Thúy", "Công ty TNHH Ánh Dương"]


def dossiers(seed: int, **quirk: Any) -> Draft:
    """Dossiers of a one-stop system. Quirks: letters, dates, header, again, notes, …"""
    rng = random.Random(seed)  # noqa: S311 - a file, no secret
    draft = Draft(f"ho-so-{seed:02}", "services.dossiers", sheet="DanhSach")
    say = LETTERS[quirk.get("letters", "")]
    font = {"font_name": FONTS[quirk["letters"]]} if quirk.get("font") else {}
    lead, row = quirk.get("lead", 0), quirk.get("above", 0) + 1
    titles = quirk.get("titles") or [
        "STT",
        "Mã hồ sơ",
        "Mã TTHC",
        "Tên thủ tục",
        "Người nộp",
        "Cơ quan xử lý",
        "Ngày tiếp nhận",
        "Ngày hẹn trả",
        "Ngày trả kết quả",
        "Hình thức nộp",
        "Trạng thái",
        "Phí, lệ phí",
    ]
    if quirk.get("above"):
        draft.put(1, lead + 2, say("DANH SÁCH HỒ SƠ TIẾP NHẬN"), **font)
    for c, words in enumerate(titles):
        draft.put(row, lead + c, say(words), **font)
    header, lines = row, []
    for number in range(quirk.get("rows", 30)):
        row += 1
        if quirk.get("again") and number and number % 12 == 0:
            for c, words in enumerate(titles):
                draft.put(row, lead + c, say(words), **font)
            row += 1
        lines.append(row)
        received = date(2026, 10, 1) + timedelta(days=rng.randint(0, 27))
        procedure, name = rng.choice(PROCEDURES)
        fee = rng.choice([0, 50_000, 150_000, 1_250_000])
        draft.put(row, lead, float(number + 1))
        draft.put(
            row,
            lead + 1,
            f"H62.12-2610{received.day:02}-{number:04}",
            f"H62.12-2610{received.day:02}-{number:04}",
        )
        draft.put(row, lead + 2, procedure, procedure)
        for c, words in ((3, name), (4, rng.choice(PEOPLE)), (5, rng.choice(OFFICES))):
            meant = words.lower() if quirk.get("letters") == "tcvn3" else words
            draft.put(row, lead + c, say(words), meant, **font)
        for c, day in (
            (6, received),
            (7, received + timedelta(days=10)),
            (8, received + timedelta(days=rng.randint(0, 9))),
        ):
            shown: Any = {
                "text": f"{day:%d/%m/%Y}",
                "dash": f"{day.day}-{day.month}-{day.year}",
                "iso": day.isoformat(),
                "words": f"ngày {day.day} tháng {day.month} năm {day.year}",
                "serial": float((day - date(1899, 12, 30)).days),
            }.get(quirk.get("dates", ""), day)
            draft.put(row, lead + c, shown, day)
        draft.put(row, lead + 9, say(rng.choice(["Trực tiếp", "Trực tuyến", "BCCI"])), **font)
        draft.truth[f"{chr(65 + lead + 9)}{row}"] = {"Trực tiếp": "counter", "Trực tuyến": "online"}.get(
            next((w for w in ("Trực tiếp", "Trực tuyến") if say(w) == draft.cells[row, lead + 9]), ""), "post"
        )
        draft.put(row, lead + 10, say("Đã trả kết quả"), "done", **font)
        shown = {"vietnamese": f"{fee:,}".replace(",", "."), "unit": f"{fee:,}đ".replace(",", ".")}.get(
            quirk.get("fees", ""), float(fee)
        )
        draft.put(row, lead + 11, shown, float(fee))
    if quirk.get("notes"):
        draft.put(row + 2, lead + 1, say("Ghi chú: kết xuất từ hệ thống một cửa"), **font)
    for spoil in quirk.get("spoil", ()):
        spoil(draft, lines, lead, header)
    return draft


DOSSIER_FILES = [
    dossiers(41, dates="text", fees="vietnamese", above=3, notes=True),
    dossiers(42, letters="tcvn3", font=True, dates="serial", again=True),
    dossiers(43, letters="vni", font=True, dates="dash", fees="unit", lead=1),
    dossiers(44, letters="nfd", dates="words", again=True, notes=True),
    dossiers(45, dates="iso", titles=["TT", "So ho so", "Ma thu tuc", "Thu tuc", "Chu ho so", "Don vi giai quyet", "Ngay nhan", "Ngay hen", "Ngay tra", "Kenh nop", "Tinh trang", "Le phi"], above=2),
    dossiers(46, spoil=[cell(2, 1, "H62.12-26100", "pattern"), cell(3, 6, "10/25/2026", "month_first"), cell(4, 9, "Gửi xe ôm", "unknown_choice")], notes=True),
    dossiers(47, spoil=[cell(5, 7, date(2026, 9, 1), "before_other"), cell(6, 8, "chưa rõ", "not_a_day"), cell(7, 5, None, "missing_text")], lead=2, above=1),
    dossiers(48, spoil=[cell(8, 1, "H62.12-261001-9999", "pattern2"), cell(9, 1, "H62.12-261001-9999", "duplicate"), cell(1, 11, "50.5", "not_whole")], again=True),
    dossiers(49, spoil=[cell(0, 2, 1.004203, "number_as_text"), cell(3, 11, "=1+1", "not_a_number")], dates="text"),
]  # fmt: skip
DOSSIER_FILES[7].faults = {k: v for k, v in DOSSIER_FILES[7].faults.items() if v != "pattern2"}


def refused() -> list[Draft]:
    """Files that are understood to be no such report."""
    other_month = monthly(51, title="Tháng 9 năm 2026")
    other_month.faults["B2"] = "wrong_period"
    for place, value in list(other_month.cells.items()):
        if value == "Ước tháng 10/2026":
            other_month.cells[place] = "Ước thực hiện"
    menu = Draft("thuc-don", "economy.monthly", unreadable="no_header")
    for r, words in enumerate(("Thực đơn tuần", "Thứ hai", "Cơm tấm"), 1):
        menu.put(r, 0, words)
    return [other_month, menu]


FILES = [*COMMUNE_FILES, *MONTHLY_FILES, *DOSSIER_FILES, *refused()]
