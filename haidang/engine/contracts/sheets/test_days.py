"""Days and periods as offices write them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.engine.contracts.sheets.days import Period, from_serial, read_day, relative, stated, summed

DAYS = st.dates(min_value=date(1951, 1, 1), max_value=date(2099, 12, 31))


@given(DAYS)
def test_every_way_of_writing_a_day_is_read(day):
    for text in (
        f"{day:%d/%m/%Y}",
        f"{day.day}/{day.month}/{day.year}",
        f"{day:%d-%m-%Y}",
        f"{day:%d.%m.%Y}",
        day.isoformat(),
        f"ngày {day.day} tháng {day.month} năm {day.year}",
    ):
        assert read_day(text) == (day, "")
    serial = (day - date(1899, 12, 30)).days
    assert from_serial(float(serial)) == day
    assert from_serial(float(serial - 1462), since_1904=True) == day


@given(st.text())
def test_any_text_is_a_day_or_has_a_fault(text):
    day, fault = read_day(text)
    assert (day is None) == bool(fault)


@pytest.mark.parametrize(
    "text",
    ["21-Oct-26", "21 October 2026", "8h30 21/10/2026", "8h 21-10-26", "08:30:15 ngày 21/10/2026", "21/10/2026 8h30", "21/10/2026, 8 giờ 30 phút", "21/10/2026 08:30 SA", "21/10/2026 lúc 8 giờ", "ngày 21/10/2026", "21 tháng 10 năm 2026", "2026-10-21T08:30:00.000", "20261021", "20261021083011"],
)  # fmt: skip
def test_the_hour_beside_a_day_and_a_month_in_english_are_read(text):
    assert read_day(text) == (date(2026, 10, 21), "")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("8h30", "not_a_day"),
        ("8h30 28/10", "not_a_day"),
        ("31-Feb-26", "not_a_day"),
        ("10/25/2026", "month_first"),
        ("31/02/2026", "not_a_day"),
        ("10/2026", "not_a_day"),
        ("1/1/1026", "day_out_of_range"),
        ("hôm qua", "not_a_day"),
    ],
)
def test_what_is_no_day_says_why(text, fault):
    assert read_day(text) == (None, fault)


def test_a_moment_keeps_its_hour():
    found = from_serial(46000.5)
    assert found is not None
    assert str(found).endswith("12:00:00")


@pytest.mark.parametrize(
    ("text", "meant"),
    [("uoc thang 10/2026", "uoc ky nay"), ("thuc hien thang 9", "thuc hien ky truoc"), ("thang 10/2025", "cung ky"), ("luy ke 10 thang nam 2026", "luy ke"), ("cong don 10 thang", "luy ke"), ("ke hoach nam 2026", "ke hoach nam nay"), ("thang 8/2026", "thang 8/2026"), ("quy iv/2026", "quy iv"), ("quy iv nam 2025", "quy iv nam truoc")],
)  # fmt: skip
def test_headings_are_said_from_the_period(text, meant):
    assert relative(text, Period("month", 2026, 10)) == meant


def test_january_comes_after_december():
    assert Period.parse("2026-01").before == Period("month", 2025, 12)
    assert Period.parse("2026-Q1").before == Period("quarter", 2025, 4)
    assert Period.parse("2026-12").last_day == date(2026, 12, 31)
    assert Period.parse("2026-02").last_day == date(2026, 3, 1) - timedelta(days=1)


def test_a_title_states_its_period_and_a_signature_does_not():
    assert stated("Báo cáo tháng 10 năm 2026", "month") == Period("month", 2026, 10)
    assert stated("Tây Ninh, ngày 26 tháng 10 năm 2026", "month") is None
    assert stated("Quý III/2026", "quarter") == Period("quarter", 2026, 3)


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("BÁO CÁO THU NSNN 9 THÁNG NĂM 2026", 9),
        ("Thu NSNN 6 tháng đầu năm", 6),
        ("9 tháng", 9),
        ("Báo cáo kinh tế - xã hội 9 tháng", 9),
        ("Kết quả thực hiện 10 tháng", 10),
        ("Tình hình thu ngân sách 9 tháng", 9),
        ("Lãi suất 12 tháng", 0),
        ("Báo cáo lãi suất huy động 12 tháng", 0),
        ("Tình hình gửi tiết kiệm kỳ hạn 6 tháng", 0),
        ("Danh mục thuốc cấp 3 tháng", 0),
        ("Trẻ dưới 6 tháng", 0),
        ("Kế hoạch 9 tháng năm 2026", 0),
        ("Báo cáo tháng 10 và 10 tháng năm 2026", 0),
    ],
)
def test_months_since_january_are_those_of_a_report(text, months):
    assert summed(text) == months


@pytest.mark.parametrize(
    "text",
    ["Kỳ báo cáo: 09/2026", "KỲ SỐ LIỆU 9/2026", "Kỳ 09/2026", "(Kỳ: 9/2026)", "Báo cáo thu ngân sách kỳ 09/2026", "Tháng: 09/2026", "Tháng báo cáo 9/2026"],
)  # fmt: skip
def test_a_title_states_the_period_of_its_report(text):
    assert stated(text, "month") == Period("month", 2026, 9)


@pytest.mark.parametrize("text", ["Nghị quyết kỳ 10/2026", "Kỳ họp 10/2026", "Thực hiện Nghị quyết kỳ 10/2026", "Theo kỳ 10/2026"])  # fmt: skip
def test_a_number_of_something_else_is_no_period(text):
    assert stated(text, "month") is None


@pytest.mark.parametrize("text", ["2026-13", "10/2026", "2026-Q5", "", "2026-1"])
def test_other_ways_of_writing_a_period_are_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - whatever its words
        Period.parse(text)


def test_a_week_is_one_of_iso_8601():
    assert Period.parse("2026-W53").last_day == date(2027, 1, 3)
    assert Period.parse("2027-W01").before == Period("week", 2026, 53)
    assert Period.parse("2026-W47").code == "2026-W47"
    assert str(Period.parse("2026-W47")) == "tuần 47/2026"
    with pytest.raises(ValueError, match="53"):
        Period.parse("2025-W53")


def test_a_title_states_its_week_beside_its_days():
    text = "TUẦN 47 NĂM 2026 (từ ngày 16/11/2026 đến ngày 22/11/2026)"
    assert stated(text, "week") == Period("week", 2026, 47)
    assert relative("so mac tuan 46", Period("week", 2026, 47)) == "so mac ky truoc"
