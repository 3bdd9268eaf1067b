from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from haidang.engine.boards import writing

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)  # 12:00 in Việt Nam


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (1234567.891, 2, "1.234.567,89"),
        (97.384, 2, "97,38"),
        (191.0, 0, "191"),
        (4.0, None, "4"),
        (4.25, None, "4,25"),
        (-0.4, 0, "0"),
        (1250.25, 1, "1.250,3"),
        (0.285, 2, "0,29"),
        (2.5, 0, "3"),
        (-1250.25, 1, "−1.250,3"),
        (1e300, 0, "1" + ".000" * 100),
        (-3.5, 1, "−3,5"),
        (None, 1, "–"),
        (float("nan"), 1, "–"),
        (float("inf"), 1, "–"),
    ],
)
def test_numbers_are_written_the_vietnamese_way(
    value: float | None, decimals: int | None, written: str
) -> None:
    assert writing.number(value, decimals) == written


def test_numbers_follow_the_language_of_the_page() -> None:
    with translation.override("en"):
        assert writing.number(1234.5, 1) == "1,234.5"


def test_a_moment_is_written_as_short_as_it_can_be_without_being_misread() -> None:
    assert writing.moment(NOON, NOON) == "12:00"
    assert writing.moment(NOON - timedelta(days=1), NOON) == "20/11 12:00"
    assert writing.moment(NOON - timedelta(days=365), NOON) == "21/11/2025 12:00"


def test_spans_grow_from_seconds_to_days() -> None:
    assert [writing.span(s) for s in (-5, 40, 125, 3600, 200_000)] == [
        "0 giây",
        "40 giây",
        "2 ph",
        "1 giờ",
        "2 ngày",
    ]
    assert writing.span_long(7920) == "2 giờ 12 phút"
    assert writing.span_long(2880) == "48 phút"


def test_a_bare_number_has_no_unit_and_cubes_are_raised() -> None:
    assert [writing.unit(u) for u in ("µg/m3", "-", "", "mg/l")] == ["µg/m³", "", "", "mg/l"]


def test_sizes_are_written_in_what_people_know() -> None:
    assert [writing.size(n) for n in (213, 4200, 1_500_000)] == ["213 byte", "4,2 KB", "1,5 MB"]
