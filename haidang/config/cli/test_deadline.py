"""`haidang deadline` and `haidang workdays` as people type them."""

import json

import pytest
from click.testing import CliRunner

from haidang.config.cli import main


def run(*arguments):
    return CliRunner().invoke(main, arguments)


def test_a_deadline_over_tet_says_what_it_rests_on():
    done = run("deadline", "--received", "2026-02-13T16:00", "--days", "5", "--at", "2026-02-24", "--json")
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert answer["due_at"] == "2026-02-27T17:00+07:00"
    assert answer["remaining"] == 3
    assert answer["verdict_words"] == "trong hạn"
    assert answer["calendar"] == "lịch chính thức"
    assert answer["decisions"] == [
        {"year": 2026, "basis": "Thông báo 9441/TB-BNV ngày 16/10/2025", "verified": False}
    ]
    assert [day["day"] for day in answer["days"] if day["counts"]] == [f"2026-02-{n}" for n in range(23, 28)]


def test_suspensions_and_half_saturdays_are_taken_into_account():
    waits = ["--suspended", "2026-08-21T09:00/2026-08-25T10:00"]
    done = run("deadline", "--received", "2026-08-20T09:00", "--days", "5", *waits, "--half-saturdays", "--finished", "2026-09-04", "--json")  # fmt: skip
    answer = json.loads(done.stdout)
    assert answer["due_on"] == "2026-09-03"
    assert answer["verdict"] == "late"
    assert {day["day"]: day["counts"] for day in answer["days"]}["2026-08-29"] == 0.5
    assert {day["day"]: day["why"] for day in answer["days"]}["2026-08-24"] == "Chờ công dân bổ sung"


def test_people_read_the_same_in_words():
    done = run(
        "deadline",
        "--received",
        "2026-12-30",
        "--days",
        "3",
        "--suspended",
        "2026-12-31/",
        "--at",
        "2027-01-04",
    )
    assert "Hạn trả: chưa có, đang chờ công dân" in done.stdout
    assert "còn 2 ngày làm việc" in done.stdout
    planned = run("deadline", "--received", "2026-12-30", "--days", "3", "--at", "2027-01-06")
    assert "quá hạn 1 ngày làm việc" in planned.stdout
    assert "lịch dự kiến: năm 2027 chưa có quyết định về ngày nghỉ" in planned.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--received", "hôm qua", "--days", "5"], "is no day and no moment"),
        (["--received", "2026-02-13"], "give the term in one of --days"),
        (["--received", "2026-02-13", "--days", "5", "--hours", "2"], "give the term in one of --days"),
        (["--received", "2026-02-13", "--working-hours", "5"], "needs the hour"),
        (["--received", "2026-02-13", "--days", "5", "--suspended", "2026-02-14"], "write FROM/TO"),
        (["--received", "2026-02-13", "--days", "5", "--finished", "2026-02-12"], "lies before --received"),
        (["--received", "1926-02-13", "--days", "5"], "2000 to 2099"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused_with_its_reason(arguments, words):
    done = run("deadline", *arguments)
    assert done.exit_code == 2
    assert words in " ".join(done.stderr.split())


def test_the_days_of_a_year_stand_with_their_decision():
    done = run("workdays", "2026", "--json")
    year = json.loads(done.stdout)
    assert year["status"] == "đã quyết định"
    days = {day["day"]: day["works"] for day in year["days"]}
    assert days["2026-01-10"] is days["2026-08-22"] is True
    assert [day for day, works in days.items() if not works] == [
        "2026-01-01", "2026-01-02", "2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20", "2026-04-26", "2026-04-27",
        "2026-04-30", "2026-05-01", "2026-08-31", "2026-09-01", "2026-09-02", "2026-11-24",
    ]  # fmt: skip
    assert "lịch dự kiến" in run("workdays", "2027").stdout
    assert run("workdays", "1900").exit_code == 2
