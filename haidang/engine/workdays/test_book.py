"""A province enters a year's decision, or its offices' hours, as a file in a folder of its own."""

from __future__ import annotations

from datetime import date

import pytest

from haidang.engine.both import vietnamese
from haidang.engine.contracts.tree import OURS, Tree, load_tree
from haidang.engine.workdays.book import KINDS, Book, NoHours
from haidang.engine.workdays.calendar import OutOfCalendar
from haidang.engine.workdays.deadline import Term, deadline

DECISION = """title: {vi: Lịch nghỉ lễ năm 2027, en: Holidays of 2027}
kind: year
year: 2027
basis: Thông báo 1/TB-BNV ngày 15/10/2026
decided_on: 2026-10-15
verified: true
off:
  - {day: 2027-09-01, title: {vi: Nghỉ liền kề Quốc khánh}}
  - {day: 2027-09-06, title: {vi: Nghỉ thay ngày thứ Bảy 11/09}}
worked:
  - {day: 2027-09-03, title: {vi: Ngày làm việc bình thường}}
  - {day: 2027-09-11, title: {vi: Làm bù ngày 06/09}}
"""
STORM = """title: {vi: Nghỉ làm tránh bão số 9}
kind: year
year: 2027
basis: Công điện 12/CĐ-UBND ngày 31/08/2027
decided_on: 2027-08-31
verified: true
settles_year: false
off: [{day: 2027-09-07, title: {vi: Nghỉ tránh bão}}]
worked: [{day: 2027-09-01, title: {vi: Trực bão}}]
"""
HOURS = """title: {vi: Giờ của Trung tâm}
kind: hours
basis: Quyết định 5/QĐ-UBND
verified: true
weekday: ["07:00-11:00", "13:00-17:00"]
saturday: ["07:30-11:30"]
saturday_counts: 0.5
offices: [ttpvhcc]
"""


def book_of(folder, **files):
    for name, text in files.items():
        path = folder / "services" / "calendars" / f"{name}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    tree = load_tree([OURS, folder], KINDS)
    assert tree.problems == []
    return Book(tree)


def test_a_decision_of_the_province_moves_deadlines_and_settles_the_year(tmp_path):
    before, after = book_of(tmp_path), book_of(tmp_path, year_2027=DECISION)
    term, received = Term(3, "working_days"), date(2027, 8, 31)
    planned = deadline(received, term, before.of_office())
    assert planned.plans == (2027,)
    assert planned.due == date(2027, 9, 7)  # 2 and 3 September off, as the package expects
    decided = deadline(received, term, after.of_office())
    assert decided.plans == ()
    assert decided.due == date(2027, 9, 8)
    assert decided.decisions()[2027].basis.startswith("Thông báo 1/TB-BNV")
    assert after.of_office().halves(date(2027, 9, 11)) == 2


def test_a_later_decision_about_single_days_wins_and_settles_nothing(tmp_path):
    book = book_of(tmp_path, year_2027=DECISION, storm=STORM)
    assert book.of_office().halves(date(2027, 9, 1)) == 2
    assert book.of_office().halves(date(2027, 9, 7)) == 0
    assert book.calendar.settled_by(2027).decided_on == date(2026, 10, 15)
    alone = book_of(tmp_path / "alone", storm=STORM)
    assert alone.calendar.settled_by(2027) is None


def test_an_office_keeps_the_hours_that_name_it(tmp_path):
    book = book_of(tmp_path, centre=HOURS)
    saturday = date(2026, 6, 6)
    assert book.of_office("ttpvhcc").halves(saturday) == 1
    assert book.of_office("so-xay-dung").halves(saturday) == 0
    assert book.with_half_saturdays().hours.basis == "Quyết định 5/QĐ-UBND"


def test_without_any_hours_one_is_told_what_to_write():
    with pytest.raises(NoHours, match="is_default") as refused:
        Book(Tree()).of_office()
    assert "viết một tệp" in vietnamese(refused.value.args[0])


def test_a_day_beyond_the_calendar_is_refused():
    workdays = book_of_ours().of_office()
    with pytest.raises(OutOfCalendar, match="2000 to 2099"):
        workdays.halves(date(2100, 1, 1))


def book_of_ours():
    return Book(load_tree([OURS], KINDS))
