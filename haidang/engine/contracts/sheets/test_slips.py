"""Units that nobody wrote, where nothing is published to compare with: the file alone tells."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from haidang.engine.contracts.sheets.communes import communes
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


DOSSIERS = [
    "Mã hồ sơ",
    "Mã TTHC",
    "Cơ quan xử lý",
    "Ngày tiếp nhận",
    "Ngày hẹn trả",
    "Hình thức nộp",
    "Trạng thái",
    "Phí",
]
APPRAISALS = [8e6, 12e6, 8.4e6, 15e6, 22e6, 4e6, 30e6, 6e6, 10e6]


def dossiers(fees: list[float]) -> list[list[Any]]:
    lines = ([f"H61.25-261021-{n:04}", "1.001234", "Sở Y tế", "21/10/2026", "28/10/2026", "Trực tuyến", "Đang xử lý", fee] for n, fee in enumerate(fees))  # fmt: skip
    return [DOSSIERS, *lines]


@pytest.mark.parametrize(
    "fees",
    [
        [50e3, 150e3, 1250e3],
        [*APPRAISALS, 20e3],
        [*APPRAISALS, 20e3, 10e3],
        [*APPRAISALS, 5e3],
        [30e3] * 20 + [30e6],
        [5e6] * 10 + [5e3],
    ],
)
def test_fees_spread_over_orders_of_magnitude_and_are_no_slip(fees: list[float]) -> None:
    assert said("services.dossiers", dossiers(fees)) == {}


def test_a_fee_nobody_can_pay_is_asked_about() -> None:
    assert said("services.dossiers", dossiers([50e3] * 10 + [50])) == {"H12": "line_slip"}


def names(count: int) -> list[str]:
    return list(communes("80", date(2026, 10, 31)).codes.values())[:count]


def of_communes(sizes: list[float], weak: int = 0) -> list[list[Any]]:
    """Revenue of communes that take in so much in a month (million đồng), one of them nearly nothing in this one."""
    lines = (
        [n, name, size * 12, size * 0.9, size / (300 if n == weak else 1), size * 9.5]
        for n, (name, size) in enumerate(zip(names(len(sizes)), sizes, strict=True), 1)
    )
    return [HEADS, *lines]


VILLAGES = [700.0, 810, 1200, 950, 1500, 880, 2100, 760, 1900, 1010]


@pytest.mark.parametrize(
    ("contract", "rows"),
    [
        ("economy.commune_revenue", of_communes([*VILLAGES, 150_000])),  # a city among villages
        ("economy.commune_revenue", of_communes([50 * size for size in VILLAGES] + [240])),  # a poor commune
        ("economy.commune_revenue", of_communes([*VILLAGES, 30_000, 80_000, 9000, 45, 20])),
        ("economy.commune_revenue", of_communes(VILLAGES, weak=4)),  # nothing to speak of came in this month
        ("health.facilities", [["STT", "Cơ sở y tế", "Lượt khám bệnh", "Lượt khám bảo hiểm y tế", "Lượt điều trị nội trú", "Ngày điều trị nội trú", "Giường bệnh thực kê", "Ngày giường trong tháng", "Lượt chuyển tuyến"], *([n, f"Trạm y tế {n}", visits, visits // 2, 20, 100, 5, 150, visits // 50] for n, visits in enumerate([410, 380, 520, 300, 290, 610, 90_000], 1))]),
        ("population.people", [["STT", "Xã, phường", "Dân số", "Số hộ", "Diện tích"], *([n, name, people, people // 4, 30.5] for n, (name, people) in enumerate(zip(names(7), [21_000, 18_500, 30_000, 25_400, 19_100, 22_000, 140], strict=True), 1))]),
    ],
)  # fmt: skip
def test_what_is_far_apart_by_nature_is_no_slip(contract: str, rows: list[list[Any]]) -> None:
    slips = {"line_slip", "columns_small", "columns_apart"}
    assert not slips & set(said(contract, rows).values())
