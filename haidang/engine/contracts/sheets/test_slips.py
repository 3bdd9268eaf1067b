"""Units that nobody wrote, where nothing is published to compare with: the file alone tells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from haidang.engine.contracts.tree import load_tree
from tests.sheets.held import HeldBook, examined

CONTRACTS = {address: entry.thing for address, entry in load_tree().sheets.items()}
HEADS = ["STT", "Xã, phường", "Dự toán năm", "Kỳ trước", "Kỳ này", "Lũy kế"]
COMMUNES = {
    "Tân Ninh": [93520, 6680, 5754, 66800],
    "Bình Minh": [94290, 6735, 5760, 67350],
    "Ninh Thạnh": [121268, 8662, 8852, 86620],
    "Long Hoa": [102942, 7353, 8336, 73530],
    "Hòa Thành": [56000, 4047, 4000, 40470],
    "Gia Lộc": [43904, 3136, 3300, 31360],
}
Change = Callable[[int, list[float]], list[float]]


def revenue(change: Change, *above: list[Any]) -> list[list[Any]]:
    lines = (
        [n, name, *change(n, list(map(float, line)))] for n, (name, line) in enumerate(COMMUNES.items(), 1)
    )
    return [*above, HEADS, *lines]


def said(contract: str, rows: list[list[Any]]) -> dict[str, str]:
    """Where something is said that is not missing, and what."""
    _, cells = examined(CONTRACTS[contract], HeldBook(rows))
    return {cell.address: cell.remarks[-1].code for cell in cells if cell.level and cell.column >= 0}


def times(factor: float, *columns: int, line: int = 0) -> Change:
    """All numbers, or those of some columns or one line, so many times."""
    return lambda number, values: [
        value * factor if line in {0, number} and (not columns or place in columns) else value
        for place, value in enumerate(values)
    ]


@pytest.mark.parametrize(
    ("change", "above", "found"),
    [
        (times(1), [], {}),
        (times(0.02), [], {}),  # small communes
        (times(1e-3), [], {"C1": "columns_small"}),
        (times(20), [["ĐVT: đồng"]], {f"{c}{r}": "converted_small" for c in "CDEF" for r in range(3, 9)}),
        (times(1e6), [["ĐVT: đồng"]], {}),
        (times(1e-3, line=4), [], {f"{c}5": "line_slip" for c in "CDEF"}),
        (times(40, line=4), [], {}),  # a town among villages
        (times(1e-3, 0), [], {"C1": "columns_small"}),
        (lambda _, v: [v[0] * 20, *(one / 50 for one in v[1:])], [], {"D1": "columns_apart", "E1": "columns_apart", "F1": "columns_apart"}),
    ],
)  # fmt: skip
def test_numbers_of_another_unit_are_asked_about_and_clean_ones_are_not(
    change: Change, above: list[list[Any]], found: dict[str, str]
) -> None:
    assert said("economy.commune_revenue", revenue(change, *above)) == found


def test_one_question_names_all_columns_and_the_unit_that_would_fit() -> None:
    _, cells = examined(CONTRACTS["economy.commune_revenue"], HeldBook(revenue(times(1e-3))))
    (asked,) = [cell.reason() for cell in cells if cell.level]
    assert "“Dự toán năm”, “Thực hiện kỳ trước”, “Thực hiện kỳ này”, “Lũy kế từ đầu năm”" in asked
    assert "có phải ghi theo tỷ đồng?" in asked


@pytest.fixture
def lines() -> list[list[Any]]:
    return [["Chỉ tiêu", "ĐVT", "Tháng 10"], ["Thu nội địa", "tỷ đồng", 2600.5], ["Chi thường xuyên", "tỷ đồng", 1600], ["Vốn đăng ký", "tỷ đồng", 4210], ["CPI", "%", 100.4]]  # fmt: skip


def test_lines_known_by_name_are_measured_by_their_own_ranges(lines: list[list[Any]]) -> None:
    assert said("economy.monthly", lines) == {}
    for line in lines[1:4]:
        line[2] /= 1000
    assert said("economy.monthly", lines) == {"C1": "columns_small"}


def test_a_period_is_not_more_than_the_sum_since_january() -> None:
    assert said("economy.commune_revenue", [HEADS, [1, "Tân Ninh", 93520, 6680, 70000, 66800]]) == {"E2": "above_asked"}  # fmt: skip


def test_fees_of_some_thousand_dong_are_no_slip_however_large_one_may_be() -> None:
    heads = ["Mã hồ sơ", "Mã TTHC", "Cơ quan xử lý", "Ngày tiếp nhận", "Ngày hẹn trả", "Hình thức nộp", "Trạng thái", "Phí"]  # fmt: skip
    lines = [[f"H61.25-261021-000{n}", "1.001234", "Sở Y tế", "21/10/2026", "28/10/2026", "Trực tuyến", "Đang xử lý", fee] for n, fee in enumerate([50000, 150000, 1250000])]  # fmt: skip
    assert said("services.dossiers", [heads, *lines]) == {}
