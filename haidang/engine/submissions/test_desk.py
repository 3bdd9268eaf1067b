"""In time, late, wrong or silent: what is said of a period without a database."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from haidang.engine.contracts.sheets.days import Period
from haidang.engine.submissions import periods_owed as owed
from haidang.engine.submissions.desk import verdict
from haidang.engine.submissions.grid import mask_words
from haidang.engine.submissions.models import Submission
from haidang.engine.submissions.shelf import shelf
from haidang.engine.submissions.wording import period_words, value_words

DUE = date(2026, 11, 20)


def row(**more: Any) -> Submission:
    return Submission(state="draft", **more)


@pytest.mark.parametrize(
    ("newest", "signed", "today", "expected"),
    [
        (None, None, date(2026, 11, 20), ("waiting", 0)),
        (None, None, date(2026, 11, 28), ("silent", 8)),
        (row(), None, date(2026, 11, 28), ("open", 8)),
        (row(faults=2), None, date(2026, 11, 10), ("wrong", 0)),
        (Submission(state="unreadable"), None, date(2026, 11, 10), ("wrong", 0)),
        (Submission(state="withdrawn"), None, date(2026, 11, 10), ("waiting", 0)),
        # 23:30 of the due day in Việt Nam is 16:30 elsewhere, and in time.
        (row(), datetime(2026, 11, 20, 16, 30, tzinfo=UTC), date(2026, 11, 28), ("ontime", 0)),
        (row(), datetime(2026, 11, 20, 17, 30, tzinfo=UTC), date(2026, 11, 28), ("late", 1)),
        # A correction with faults does not make late what was signed in time.
        (row(faults=1), datetime(2026, 11, 2, tzinfo=UTC), date(2026, 12, 28), ("ontime", 0)),
    ],
)
def test_a_period_is_judged_by_when_the_office_first_answered_for_it(
    newest: Submission | None, signed: datetime | None, today: date, expected: tuple[str, int]
) -> None:
    assert verdict(newest, signed, DUE, today) == expected


@pytest.mark.parametrize(
    ("connected", "expected"),
    [(date(2026, 11, 20), ("late", 8)), (date(2026, 11, 21), ("history", 0))],
)
def test_what_was_due_before_its_source_was_connected_is_never_late(
    connected: date, expected: tuple[str, int]
) -> None:
    today = date(2026, 11, 28)
    assert verdict(row(), datetime(2026, 11, 28, 2, tzinfo=UTC), DUE, today, connected) == expected
    assert verdict(row(), None, DUE, today, connected) == ("open", expected[1])


def test_periods_and_their_due_days() -> None:
    assert owed.holding("quarter", date(2026, 11, 28)) == Period("quarter", 2026, 4)
    assert owed.holding("year", date(2026, 11, 28)).before == Period("year", 2025)
    assert owed.holding("week", date(2026, 11, 28)).before == Period("week", 2026, 47)
    assert [p.code for p in owed.back(Period("month", 2026, 2), 3)] == ["2026-02", "2026-01", "2025-12"]


@pytest.mark.django_db
def test_the_due_day_is_the_contract_s() -> None:
    monthly = shelf().contracts["economy.monthly"]
    assert owed.due_on(monthly, Period("month", 2026, 10)) == date(2026, 11, 20)


def test_values_are_written_as_people_read_them() -> None:
    assert [value_words(value) for value in (1234.5, 2, "2026-11-21", "Tỷ đồng", None)] == [
        "1.234,5",
        "2",
        "21/11/2026",
        "Tỷ đồng",
        "",
    ]
    assert period_words(Period("quarter", 2026, 4)) == "quý IV/2026"


def test_a_masked_name_tells_lines_apart_and_nothing_more() -> None:
    assert mask_words("Nguyễn Văn An") == "N••••• V•• A•"
    assert "678" in mask_words("0912345678")
    assert "12345" not in mask_words("0912345678")
