"""Which headings repeat or compare another period, and how exactly a cell speaks."""

from __future__ import annotations

import pytest

from haidang.engine.contracts.sheets.comparative import Role, number_in, role_of, says_change, step_of
from haidang.engine.contracts.sheets.days import Period

OCTOBER = Period("month", 2026, 10)


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("Thực hiện tháng 9", "previous"),
        ("Tháng trước", "previous"),
        ("Cùng kỳ năm trước", "year_before"),
        ("Thực hiện tháng 10/2025 (tỷ đồng)", "year_before"),
        ("Lũy kế 10 tháng", "cumulative"),
        ("LK từ đầu năm", "cumulative"),
        ("Lũy kế cùng kỳ", "cumulative_before"),
        ("10 tháng năm 2025", "cumulative_before"),
        ("So sánh (%) / Tháng trước", "previous_percent"),
        ("% so với cùng kỳ", "year_percent"),
        ("Tốc độ tăng lũy kế so với cùng kỳ (%)", "cumulative_percent"),
        # A difference in persons or đồng, a share without its sign, a plan, a whole year, this period.
        ("Tăng, giảm so với cùng kỳ", None),
        ("So với tháng trước", None),
        ("Kế hoạch năm 2026", None),
        ("Lũy kế so với dự toán (%)", None),
        ("Năm 2025", None),
        ("Lũy kế đến hết tháng trước", None),
        ("Ước tháng 10", None),
        ("Ghi chú", None),
    ],
)
def test_a_heading_says_what_its_column_compares_or_nothing_for_sure(title: str, role: Role | None) -> None:
    assert role_of(title, OCTOBER) == role


def test_the_year_before_is_the_last_period_of_a_yearly_report() -> None:
    assert role_of("Năm 2025", Period("year", 2026)) == "year_before"


def test_a_column_of_changes_says_so() -> None:
    assert says_change("Tốc độ tăng so với cùng kỳ (%)")
    assert not says_change("So với cùng kỳ (%)")


@pytest.mark.parametrize(
    ("raw", "value", "decimals", "step"),
    [
        (3150.7, 3150.7, 1, 0.1),
        (3150.0, 3150.0, 1, 1),
        ("3.150,75", 3150.75, 1, 0.01),
        (3150750.0, 3150.75, 1, 0.001),
        (104.8976543210, 104.8976543210, 1, 0.1),
        ("không rõ", 5.0, 2, 0.01),
        (0.0, 0.0, 1, 1),
    ],
)
def test_the_last_digit_of_a_cell_has_a_worth_in_the_unit_it_was_read_in(
    raw: str | float, value: float, decimals: int, step: float
) -> None:
    assert step_of(raw, value, decimals) == pytest.approx(step)


def test_what_is_one_number_for_sure_is_read_and_nothing_else() -> None:
    assert [number_in(raw) for raw in (12.5, "1.234,5", "1.234", "khoảng 5", None, True)] == [
        12.5, 1234.5, None, None, None, None,
    ]  # fmt: skip
