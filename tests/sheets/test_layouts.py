"""Tables laid out as statistics offices, hospitals and one-stop systems print them: parts of a total, two tables side by side,
turned tables, groups of headings that change what stands below them, titles of other reports, yearbooks in two languages.

What each cell means was written down before the file was read. `totals` are compared and not stored.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import pytest

from haidang.engine.contracts.sheets.book import Unreadable
from haidang.engine.contracts.sheets.sentences import said
from haidang.engine.contracts.sheets.verdict import Level
from haidang.engine.contracts.tree import load_tree
from tests.sheets.draft import tcvn3
from tests.sheets.held import HeldBook, examined

CONTRACTS = {address: entry.thing for address, entry in load_tree().sheets.items()}
REVENUE, MONTHLY, OFFICES, CARE = "economy.commune_revenue", "economy.monthly", "documents.offices", "health.facilities"  # fmt: skip
PEOPLE, RESULTS, WEEK = "population.people", "education.results", "health.epidemic_communes"
S = ["STT", "Xã, phường", "Dự toán năm", "Kỳ trước", "Kỳ này"]
A, B, AB = [1500, 90, 100], [2000, 190, 200], [3500, 280, 300]
O_HEAD = ["STT", "Cơ quan", "Văn bản đến", "Văn bản đi", "Văn bản đi được ký số", "Văn bản đã xử lý", "Xử lý đúng hạn", "Xử lý quá hạn", "Văn bản đang xử lý", "Đang xử lý đã quá hạn", "Tổng thời gian xử lý"]  # fmt: skip
O_LINE = [100, 50, 49, 90, 80, 10, 10, 1, 200]
C_HEAD = ["STT", "Cơ sở y tế", "Lượt khám bệnh", "Lượt khám BHYT", "Lượt điều trị nội trú", "Ngày điều trị nội trú", "Giường bệnh thực kê", "Ngày giường trong tháng", "Chuyển tuyến"]  # fmt: skip
C_LINE = [1000, 900, 100, 500, 50, 1500, 5]
P_HEAD = ["STT", "Xã, phường", "Dân số", "Số hộ", "Diện tích (km2)"]


@dataclass(frozen=True)
class Laid:
    name: str
    contract: str
    rows: list[list[Any]]
    merges: str = ""
    means: dict[str, Any] = field(default_factory=dict)
    totals: str = ""
    faults: dict[str, str] = field(default_factory=dict)
    warnings: dict[str, str] = field(default_factory=dict)
    records: int = 0
    refused: str = ""


def times(line: list[int], count: int) -> list[int]:
    return [count * value for value in line]


def each(code: str, places: str) -> dict[str, str]:
    return dict.fromkeys(places.split(), code)


LAID = [
    # --- parts of a total ---
    Laid("phuong-xa-trong-do", REVENUE, [S, [None, "Tổng số", *AB], [None, "Trong đó:"], [None, "- 24 phường", *A], [None, "- 72 xã", *B], [1, "Phường Tân Ninh", *A], [2, "Xã Tân Biên", *B]],
        totals="C2 D2 E2 C4 D4 E4 C5 D5 E5", records=2),
    Laid("phuong-xa-duoi-bang-sai", REVENUE, [S, [1, "Tân Ninh", *A], [2, "Tân Biên", *B], [None, "Tổng cộng", *AB], [None, "Trong đó: Các phường", 1500, 91, 100], [None, "Xã", *B]],
        totals="C4 D4 E4 C5 D5 E5 C6 D6 E6", faults={"D5": "total_differs"}, records=2),
    Laid("thanh-thi-nong-thon", PEOPLE, [P_HEAD, [None, "TỔNG SỐ", 66000, 18000, 85.6], [None, "Phân theo thành thị, nông thôn"], [None, "Thành thị", 45000, 12000, 35.6], [None, "Nông thôn", 21000, 6000, 50], [None, "Trong đó: Nữ", 33000], [1, "Tân Ninh", 45000, 12000, 35.6], [2, "Tân Biên", 21000, 6000, 50]],
        totals="C2 D2 E2 C4 D4 E4 C5 D5 E5 C6", records=2),
    Laid("khoi-duoi-tong", OFFICES, [O_HEAD, [None, "Tổng số", *times(O_LINE, 3)], [None, "Trong đó:"], [None, "- Khối sở, ngành", *times(O_LINE, 2)], [None, "- Khối xã, phường", *O_LINE], [1, "Sở Y tế", *O_LINE], [2, "Sở Nội vụ", *O_LINE], [3, "UBND xã Tân Biên", *O_LINE]],
        totals=" ".join(f"{c}{r}" for r in (2, 4, 5) for c in "CDEFGHIJK"), records=3),
    Laid("gach-duoi-dong-cong", OFFICES, [O_HEAD, [1, "Sở Y tế", *O_LINE], [2, "Sở Nội vụ", *O_LINE], [None, "Cộng khối sở", *times(O_LINE, 2)], [None, "- Thanh tra tỉnh", 60, 20, 19, 50, 40, 10, 5, 0, 90], [3, "UBND xã Tân Biên", *O_LINE]],
        totals=" ".join(f"{c}{r}" for r in (4, 5) for c in "CDEFGHIJK"), warnings={"B5": "taken_for_part"}, records=3),
    Laid("khoi-khong-danh-so", CARE, [C_HEAD[1:], ["- Công lập", *times(C_LINE, 2)], ["Cộng", *times(C_LINE, 2)], ["- Hạng I", *C_LINE], ["BV Tây Ninh", *C_LINE]],
        totals=" ".join(f"{c}3" for c in "BCDEFGH"), warnings={"A4": "like_part"}, records=3),
    Laid("dong-nao-cung-gach", CARE, [C_HEAD[1:], ["TỔNG SỐ", *times(C_LINE, 2)], ["Trong đó:"], ["- BV Tây Ninh", *C_LINE], ["- BV Long An", *C_LINE]], totals=" ".join(f"{c}2" for c in "BCDEFGH"), records=2),
    # --- side by side ---
    Laid("canh-nhau", REVENUE, [["THU NGÂN SÁCH THÁNG 10 NĂM 2026"], ["Đơn vị tính: tỷ đồng"], [*S, None, *S], [1, "Tân Ninh", 1.5, 0.09, 0.1, None, 3, "Tân Lập", 1.6, 0.09, "0,1"], [2, "Tân Biên", 2, 0.19, 0.2, None, None, "Tổng cộng", 5.1, 0.37, 0.4]],
        means={"B4": "25459", "E4": 100.0, "H4": "25489", "I4": 1600.0, "K4": 100.0, "E5": 200.0}, totals="I5 J5 K5", records=3),
    Laid("ba-bang-canh-nhau", REVENUE, [["TT", "Xã/phường", "Kỳ này"] * 3, [1, "Tân Ninh", 100, 3, "Tân Lập", 110, 5, "Long An", 120], [2, "Tân Biên", 105, 4, "Tân Ninh", "115,5"]],
        means={"C2": 100.0, "F2": 110.0, "I2": 120.0, "F3": 115.5}, faults={"E3": "duplicate"}, records=5),
    Laid("canh-nhau-khac-cot", REVENUE, [["TT", "Xã, phường", "Dự toán năm", None, "TT", "Xã, phường", "Kỳ này"], [1, "Tân Ninh", 1500, None, 1, "Tân Biên", 200], [2, "Tân Biên", 2000, None, 2, "Tân Ninh", 100]],
        means={"C2": None, "F2": "25486", "G2": 200.0, "F3": "25459", "G3": 100.0}, faults={"A1": "table_beside"}, warnings=each("unknown_column", "B1 C1"), records=2),
    Laid("chi-tieu-canh-nhau", MONTHLY, [["TT", "Chỉ tiêu", "ĐVT", "Tháng 10", None, "TT", "Chỉ tiêu", "ĐVT", "Tháng 10"], [1, "IIP", "%", 104, None, 3, "Xuất khẩu", "triệu USD", 1300], [2, "Thu nội địa", "tr.đ", 950000, None, 4, "CPI", "%", 100.4]],
        means={"D3": 950.0, "I2": 1300.0, "I3": 100.4}, records=4),
    *(Laid(f"canh-nhau-duoi-tieu-de-{n}", PEOPLE, [["UBND TỈNH TÂY NINH", None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"], [None, *[None] * n, "DÂN SỐ NĂM 2026"], ["Địa phương", "Số dân", "Tổng số hộ", "Diện tích"] * 2, ["Tân Ninh", 45000, 12000, 35.6, "Tân Biên", 21000, 6000, 50], ["Tân Lập", 20000, 5000, 40, "Cộng", 86000, 23000, 125.6]],
        means={"A4": "25459", "B4": 45000.0, "C4": 12000.0, "E4": "25486", "F4": 21000.0, "H4": 50.0}, totals="F5 G5 H5", records=3) for n in range(3)),
    Laid("tong-chung-duoi-bang-trai", REVENUE, [["STT", "Xã, phường", "Kỳ này", None, "STT", "Xã, phường", "Kỳ này"], [1, "Tân Ninh", 100, None, 2, "Tân Biên", 200], [None, "TỔNG CỘNG", 300]], totals="C3", records=2),
    Laid("ma-va-ten", REVENUE, [["STT", "Mã đơn vị", "Tên đơn vị", "Kỳ này"], [1, 25459, "Phường Tân Ninh", 100]], means={"C2": "25459", "D2": 100.0}, warnings={"B1": "unknown_column"}, records=1),
    # --- turned ---
    Laid("xa-nam-ngang", REVENUE, [["THU NGÂN SÁCH"], ["Chỉ tiêu", "Phường Tân Ninh", "Xã Tân Biên"], ["Dự toán năm", 1500, 2000], ["Kỳ trước", 90, 190], ["Kỳ này", 100, 200]], refused="turned"),
    Laid("chi-tieu-nam-ngang", MONTHLY, [["Tháng", "Chỉ số SXCN (%)", "Tổng thu NSNN (tỷ đồng)", "CPI (%)"], ["Tháng 10", 104, 3100, 100.4]], refused="turned"),
    Laid("muoi-thang-nam-ngang", MONTHLY, [["TT", "Chỉ tiêu", "ĐVT", "Tháng 8", "Tháng 9", "Tháng 10"], [1, "IIP", "%", 102, 103, 104]], means={"D2": None, "F2": 104.0}, warnings={"D1": "unknown_column"}, records=1),
    # --- groups of headings ---
    Laid("chi-co-so-no", REVENUE, [["TT", "Xã, phường", "Số nợ thuế", None], [None, None, "Tháng 9", "Tháng 10"], [1, "Tân Ninh", 5, 6]], merges="A1:A2 B1:B2 C1:D1", means={"D3": None},
        faults={"": "column_missing"}, warnings=each("unknown_column", "C1") | each("unused", "D3"), records=1),
    Laid("so-no-dong-tren", REVENUE, [[None, None, "Số thu", None, "Số nợ"], ["STT", "Xã, phường", "Tháng 9", "Tháng 10", "Tháng 10"], [1, "Tân Ninh", 90, 100, 6]], means={"D3": 100.0, "E3": None}, warnings={"E2": "unknown_column"}, records=1),
    Laid("so-hoan", REVENUE, [["TT", "Xã, phường", "Số hoàn", None], [None, None, "Tháng 9", "Tháng 10"], [1, "Tân Ninh", 5, 6]], merges="A1:A2 B1:B2 C1:D1", warnings=each("group_heading", "C2 D2"), records=1),
    Laid("so-voi-cung-ky", MONTHLY, [["Chỉ tiêu", "ĐVT", "Tháng 10", "Tháng 10 so với tháng 9 (%)", "So với cùng kỳ 2025 (%)"], ["CPI", "%", 100.4, 100.2, 102.5]], means={"D2": 100.2, "E2": 102.5}, records=1),
    Laid("nhom-mot-cot", REVENUE, [[None, None, "Kế hoạch năm"], ["STT", "Xã, phường", "Dự toán năm", "Tháng 9", "Tháng 10"], [1, "Tân Ninh", 1500, 90, 100]], merges="A5:B5", records=1),
    Laid("nam-la-chu", REVENUE, [["TT", "Xã, phường", "Thực hiện tháng 10", None], [None, None, "2025", "2026"], [1, "Tân Ninh", 95, 100]], merges="A1:A2 B1:B2 C1:D1", means={"C3": None, "D3": 100.0}, warnings={"C2": "unknown_column"}, records=1),
    Laid("tong-so-nam-nu", PEOPLE, [["TT\nNo.", "Xã, phường\nCommune", "Dân số trung bình (Nghìn người)", None, "Diện tích\nArea (km2)"], [None, None, "Tổng số", "Nam"], [1, "Tân Ninh", 45.678, 22.5, 35.6]], merges="A1:A2 B1:B2 C1:D1 E1:E2",
        means={"C3": 45678.0, "D3": None, "E3": 35.6}, warnings={"D2": "unknown_column"}, records=1),
    Laid("mac-chet", WEEK, [["STT", "Xã, phường", "Sốt xuất huyết", None, "Tay chân miệng", None, "Sởi", None], [None, None, *["Chết", "Mắc"] * 3], [None, "TOÀN TỈNH", 0, 10, 0, 3, 0, 0], [None, "- Các phường", 0, 10, 0, 3, 0, 0], [1, "Tân Ninh", 0, 10, 0, 3, 0, 0]], merges="A1:A2 B1:B2 C1:D1 E1:F1 G1:H1",
        means={"C5": None, "D5": 10.0, "F5": 3.0, "H5": 0.0}, totals="D3 F3 H3 D4 F4 H4", warnings=each("unknown_column", "C2 E2 G2"), records=1),
    Laid("nien-giam", MONTHLY, [["Chỉ tiêu\nIndicators", "ĐVT\nUnit", "Tháng 9/2026", "Tháng 10/2026"], ["Tổng thu ngân sách nhà nước - State budget revenue", "Triệu đồng - Mill. VND", 3000000, 3100000], ["Chỉ số giá tiêu dùng - CPI", "%", 100.2, 100.4]], means={"D2": 3100.0}, records=2),
    # --- titles ---
    Laid("thang-khac-sat-tieu-de", REVENUE, [["UBND TỈNH TÂY NINH", None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"], [None, None, None, "THU NGÂN SÁCH THÁNG 9 NĂM 2026"], S, [1, "Tân Ninh", *A]], faults={"D2": "wrong_period"}, records=1),
    Laid("nam-truoc", REVENUE, [["BÁO CÁO THU NGÂN SÁCH NĂM 2025"], S, [1, "Tân Ninh", *A]], warnings={"A1": "wrong_period"}, records=1),
    Laid("so-voi-nam-truoc", REVENUE, [["BÁO CÁO THU NGÂN SÁCH SO VỚI NĂM 2025"], ["(Nghị quyết số 12 năm 2025)"], S, [1, "Tân Ninh", *A]], records=1),
    *(Laid(f"nham-bieu-{n}", contract, [["UBND TỈNH TÂY NINH"], [title], head, [1, name, *line]], warnings={"A2": "other_subject"}, records=1) for n, (contract, title, head, name, line) in enumerate([
        (REVENUE, "GIÁ TRỊ SẢN XUẤT CÔNG NGHIỆP THEO XÃ, PHƯỜNG THÁNG 10 NĂM 2026", S, "Tân Ninh", A), (REVENUE, tcvn3("Giá trị sản xuất công nghiệp"), S, "Tân Ninh", A), (CARE, "BÁO CÁO TÌNH HÌNH HỘ NGHÈO", C_HEAD, "BV Tây Ninh", C_LINE),
        (PEOPLE, "SỐ LIỆU ĐÀN GIA SÚC, GIA CẦM", P_HEAD, "Tân Ninh", [45678, 12500, 35.6]), (OFFICES, "TÌNH HÌNH GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH", O_HEAD, "Sở Y tế", O_LINE)])),
    *(Laid(f"dung-bieu-{n}", contract, [*([title] for title in titles), head, [1, name, *line]], records=1) for n, (contract, titles, head, name, line) in enumerate([
        (REVENUE, ["THUẾ TỈNH TÂY NINH", "BÁO CÁO TỔNG HỢP KẾT QUẢ THU NSNN THÁNG 10 NĂM 2026", "(Kèm theo Công văn số 15/STC-NS của Sở Tài chính về đầu tư)"], S, "Tân Ninh", A), (CARE, ["SỞ Y TẾ", "HOẠT ĐỘNG KHÁM CHỮA BỆNH"], C_HEAD, "BV Tây Ninh", C_LINE),
        (OFFICES, ["VĂN PHÒNG UBND TỈNH", "THỐNG KÊ TÌNH HÌNH GỬI NHẬN VĂN BẢN ĐIỆN TỬ"], O_HEAD, "Sở Y tế", O_LINE)])),
]  # fmt: skip


@pytest.mark.parametrize("laid", LAID, ids=lambda laid: laid.name)
def test_each_cell_means_what_was_written_down_before(laid: Laid):
    book = HeldBook(laid.rows, laid.merges)
    if laid.refused:
        with pytest.raises(Unreadable) as caught:
            examined(CONTRACTS[laid.contract], book)
        assert caught.value.code == laid.refused
        assert re.match(r"Ô [A-Z]\d+, trang “Biểu”", said(caught.value.code, caught.value.arguments))
        return
    examination, cells = examined(CONTRACTS[laid.contract], book)
    meant = {cell.address: cell for cell in cells}
    assert {where: meant[where].value for where in laid.means} == laid.means
    told = {"item_missing"}
    for level, wanted in ((Level.FAULT, laid.faults), (Level.WARNING, laid.warnings)):
        found = {c.address if c.column >= 0 else "": next(r.code for r in c.remarks if r.level is level) for c in cells if c.level is level and not told & {r.code for r in c.remarks}}  # fmt: skip
        assert found == wanted, [cell.reason() for cell in cells if cell.level]
    totals = {c.address for c in cells if c.fate == "total" and isinstance(c.raw, float | int) and c.field}
    assert totals == set(laid.totals.split())
    assert examination.records == laid.records


@pytest.mark.parametrize("laid", [one for one in LAID if not one.refused], ids=lambda laid: laid.name)
def test_every_cell_has_one_fate_and_no_number_changes_without_a_word(laid: Laid):
    _, cells = examined(CONTRACTS[laid.contract], HeldBook(laid.rows, laid.merges))
    there = [(cell.row, cell.column) for cell in cells if cell.raw is not None]
    assert len(there) == len(set(there))
    written = {(r, c) for r, row in enumerate(laid.rows, 1) for c, v in enumerate(row) if v is not None}
    assert written == set(there)
    for cell in cells:
        if isinstance(cell.raw, float) and isinstance(cell.value, float) and cell.raw != cell.value:
            assert {"converted", "from_share"} & {remark.code for remark in cell.remarks}, cell


def test_a_name_merged_over_the_number_before_it_names_its_line():
    rows = [["STT", "Xã, phường", "Kỳ này"], ["Phường Tân Ninh", None, 100], ["TỔNG CỘNG", None, 100]]
    _, cells = examined(CONTRACTS[REVENUE], HeldBook(rows, "A2:B2 A3:B3"))
    meant = {cell.address: cell for cell in cells}
    assert (meant["B2"].value, meant["C2"].value, meant["C3"].fate) == ("25459", 100.0, "total")
    assert not any(cell.level for cell in cells)


@pytest.mark.parametrize(("name", "asked"), [("Năm 2025", True), ("T10.2025", True), ("T9", True), ("Biểu 01-TT37-2019", False), ("T10", False)])  # fmt: skip
def test_a_sheet_named_after_another_year_is_asked_about(name: str, asked: bool):
    _, cells = examined(CONTRACTS[REVENUE], HeldBook([S, [1, "Tân Ninh", *A]], name=name))
    assert ("sheet_period" in {remark.code for cell in cells for remark in cell.remarks}) is asked
