"""LibreOffice, given the law as formulas, comes to the same deadlines to the second."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.libreoffice import computed
from tests.workdays.examples import EXAMPLES, moment
from tests.workdays.sheet import REMAINING, Deadlines, as_moment
from tests.workdays.test_deadlines import computed as ours

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    path = tmp_path_factory.mktemp("deadlines") / "deadlines.xlsx"
    sheet = Deadlines(path)
    for example in EXAMPLES:
        sheet.add(example)
    sheet.book.close()
    return {row[0]: row[1:] for row in computed(path)["Kết quả"]}


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_libreoffice_comes_to_the_same_deadline(answers, example):
    theirs = as_moment(answers[example.name][0])
    found = ours(example)
    mine = found.due_at.replace(tzinfo=None) if "hours" in example.unit else moment(str(found.due_on))
    assert theirs == mine == moment(example.due)


@pytest.mark.parametrize("example", [e for e in EXAMPLES if "days" in e.unit], ids=str)
def test_libreoffice_counts_the_same_days_that_are_left(answers, example):
    found = ours(example)
    asked = [found.due + timedelta(days=days) for days in REMAINING]
    assert [found.remaining(at) for at in asked] == answers[example.name][1:]
