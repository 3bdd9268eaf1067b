"""How periods and changes are said, when a number is due, and where the shades of a map begin."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from haidang.engine import clock
from haidang.engine.boards.shown import UnattributedError
from haidang.engine.boards.statistics import breakdown, due, papers, words
from haidang.engine.boards.statistics.shown import Stat
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.indicators import periods
from haidang.engine.submissions.models import Submission

OCTOBER = periods.end_of(Period("month", 2026, 10))


def at(day: int, month: int = 12) -> datetime:
    return datetime(2026, month, day, 9, tzinfo=clock.LOCAL)


def test_periods_are_said_as_people_say_them() -> None:
    assert words.period(Period("month", 2026, 10)) == "Tháng 10/2026"
    assert words.of_period(Period("quarter", 2026, 4)) == "quý IV/2026"
    assert words.period(Period("week", 2026, 47)) == "Tuần 47/2026"
    assert words.short_period(Period("week", 2026, 47)) == "t47/26"
    assert words.short_period(Period("year", 2026)) == "2026"


@pytest.mark.parametrize(
    ("now", "before", "unit", "said", "short"),
    [
        (112.3, 100.0, "tỷ đồng", "tăng 12,3%", "+12,3%"),
        (97.0, 100.0, "tỷ đồng", "giảm 3,0%", "−3,0%"),
        (100.0, 100.0, "tỷ đồng", "không đổi", "0,0%"),
        (83.3, 82.9, "%", "tăng 0,4 điểm %", "+0,4 điểm %"),
        (5.0, 0.0, "tỷ đồng", "tăng 5,0 tỷ đồng", "+5,0 tỷ đồng"),
        (20.0, -10.0, "triệu USD", "tăng 30,0 triệu USD", "+30,0 triệu USD"),
    ],
)
def test_a_change_has_a_word_a_sign_and_a_unit(
    now: float, before: float, unit: str, said: str, short: str
) -> None:
    found = words.change(now, before, unit, 1)
    assert (found.text, words.signed(found, 1)) == (said, short)


@pytest.mark.parametrize(
    ("now", "text", "late"),
    [
        (at(28, 11), "kỳ sau: tháng 11/2026, hạn 20/12/2026", 0),
        (at(1), "chờ số tháng 11/2026, hạn 20/12/2026", 0),
        (at(20), "chờ số tháng 11/2026, hạn 20/12/2026", 0),
        (at(25), "trễ 5 ngày: số tháng 11/2026, hạn 20/12/2026", 5),
    ],
)
def test_what_comes_next_is_said_with_its_day_and_lateness_in_days(
    now: datetime, text: str, late: int
) -> None:
    found = due.next_due("month", OCTOBER, 20, now)
    assert (found.text, found.late_days, found.is_late) == (text, late, late > 0)


def test_without_any_number_the_last_month_is_awaited() -> None:
    assert due.next_due("month", None, 20, at(25, 11)).text == "trễ 5 ngày: số tháng 10/2026, hạn 20/11/2026"


def test_shades_hold_about_as_many_communes_each_and_equal_numbers_share_one() -> None:
    borders = breakdown.borders_of([float(n) for n in range(8)])
    assert borders == [0, 2, 4, 6]
    assert [breakdown.step_of(value, borders) for value in (0, 1, 2, 7)] == [1, 1, 2, 4]
    assert breakdown.borders_of([5.0, 5.0, 5.0]) == [5.0]
    assert breakdown.borders_of([]) == []


def test_a_number_without_its_source_cannot_be_shown() -> None:
    with pytest.raises(UnattributedError, match="source"):
        Stat(
            title="Thu", address="e.r", unit="tỷ đồng", decimals=1, value=1.0, period="Tháng 10/2026", at=OCTOBER,
            source="", owner="Sở", due=due.next_due("month", OCTOBER, 20, at(1)), now=at(1), badge="tính", why_url="",
        )  # fmt: skip


def test_what_is_personal_in_the_row_of_a_cell_is_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = {
        "name": {"title": {"vi": "Họ tên"}, "type": "text", "personal_data": "basic"},
        "value": {"title": {"vi": "Số tiền"}, "type": "number"},
    }
    contract = msgspec.convert(
        {"title": {"vi": "Chi trả"}, "period": "month", "columns": columns}, SheetContract
    )
    kept = [
        (1, 0, "Họ tên", "header", "name"),
        (1, 1, "Số tiền", "header", "value"),
        (2, 0, "Nguyễn Văn A", "value", "name"),
        (2, 1, 1500.5, "value", "value"),
    ]
    monkeypatch.setattr(papers, "_cells", lambda *_asked: kept)
    row = papers._row(Submission(), contract, "T10", "B2")
    assert [(one.heading, one.raw, one.on) for one in row] == [
        ("Họ tên", papers.HIDDEN, False),
        ("Số tiền", "1.500,5", True),
    ]


def test_of_equal_shares_the_one_of_more_files_stands_first() -> None:
    def line(name: str, value: float | None, volume: float | None) -> Any:
        return SimpleNamespace(place=SimpleNamespace(sort_key=name.encode()), value=value, volume=volume)

    lines = [
        line("a", 100.0, 6), line("b", 100.0, 52), line("c", None, 90), line("d", 99.0, 300), line("e", 100.0, None),
    ]  # fmt: skip
    ordered = sorted(lines, key=breakdown.rank)
    assert [one.place.sort_key for one in ordered] == [b"b", b"a", b"e", b"d", b"c"]
