"""Files a strict checker brings, who has seen none of ours: several faults at once, for the contracts of every domain.

What each cell means was written down by a person; what was found to be misread is mended, and stays here.
"""

from __future__ import annotations

import pytest

from tests.sheets.checking import has_a_fate_for_every_number, is_as_meant
from tests.sheets.test_layouts import (
    MONTHLY,
    PEOPLE,
    REVENUE,
    Laid,
    each,
)

LAID = [
    # --- a unit over the table that fits nothing is said once ---
    Laid("don-vi-chung-ha", REVENUE, [["Đơn vị tính: ha"], ["STT", "Xã, phường", "Dự toán năm", "Kỳ này", "Số NNT"], [1, "Tân Ninh", 1500, "100 triệu", 5], [2, "Tân Biên", 1500, 100, 5], [None, "Cộng", 3000, 200, 10]],
        means={"C3": None, "D3": 100.0, "E3": None, "D4": None}, totals="C5 D5 E5", faults={"A1": "unit_over"}, records=2),
    Laid("don-vi-chung-tien-o-bang-dan-so", PEOPLE, [["Đơn vị tính: triệu đồng"], ["TT", "Xã", "Dân số", "Số hộ"], [1, "Tân Ninh", 45000, 12000]],
        means={"C3": 45000.0}, warnings={"A1": "unit_idle"}, records=1),
    Laid("don-vi-tren-stt", REVENUE, [["ĐVT: nghìn đồng\nSTT", "Xã, phường", "Kỳ này"], [1, "Tân Ninh", 100000]], means={"C2": 100.0}, records=1),
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
]  # fmt: skip


@pytest.mark.parametrize("laid", LAID, ids=lambda laid: laid.name)
def test_each_cell_is_what_a_person_takes_it_for_or_asks(laid: Laid) -> None:
    is_as_meant(laid)


@pytest.mark.parametrize("laid", [one for one in LAID if not one.refused], ids=lambda laid: laid.name)
def test_every_number_has_a_fate_and_is_what_stands_there_or_says_why_not(laid: Laid) -> None:
    has_a_fate_for_every_number(laid)


def test_the_names_of_the_files_are_their_own() -> None:
    assert len({laid.name for laid in LAID}) == len(LAID)
