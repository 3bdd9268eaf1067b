"""Files that offices owe climb to the head and to the leaders, who may see them, and stop when they are signed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.utils.translation import override

from haidang.engine import clock
from haidang.engine.people.models import Grant, Person
from haidang.engine.submissions import actions, withdrawing
from haidang.engine.submissions.conftest import Cast, sample
from haidang.engine.submissions.conftest import cast as cast  # noqa: PLC0414 - the cast of the stage before
from haidang.engine.submissions.models import Submission
from haidang.engine.tasks import reminding
from haidang.engine.tasks.models import Notice
from haidang.engine.tasks.today import items

OCTOBER = "owed:economy.monthly"


def at(day: str) -> None:
    clock.set_source(datetime.fromisoformat(day).replace(hour=9, tzinfo=clock.LOCAL).timestamp)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    yield
    clock.set_source(None)


def october() -> set[str]:
    rows = Notice.objects.filter(thing__startswith=OCTOBER, thing__endswith=":2026-10", ended_at=None)
    return {f"{one.person.name.lower()}:{one.rung}:{one.level}" for one in rows.select_related("person")}


def test_a_file_owed_climbs_and_ends_with_the_signature(cast: Cast) -> None:
    """October is due on the twentieth of November, a Friday."""
    leader = Person.objects.create(email="lanh@thu.example", username="lanh@thu.example", name="Leader")
    Grant.objects.create(person=leader, role="leader")
    chief = Person.objects.create(email="truc@thu.example", username="truc@thu.example", name="Chief")
    Grant.objects.create(person=chief, role="duty_chief")
    at("2026-11-17")
    reminding.remind()
    assert october() == set()
    at("2026-11-18")
    reminding.remind()
    assert october() == {"clerk:before:officer"}
    at("2026-11-20")
    reminding.remind()
    assert october() == {"clerk:before:officer", "clerk:day:officer"}
    at("2026-11-23")
    reminding.remind()
    assert {one for one in october() if "late1" in one} == {"clerk:late1:officer", "head:late1:head"}
    at("2026-11-25")  # the twenty-fourth is a public holiday: this is the second working day
    reminding.remind()
    assert not {one for one in october() if "late3" in one}
    at("2026-11-26")
    reminding.remind()
    late = {one for one in october() if "late3" in one}
    assert late == {"clerk:late3:officer", "head:late3:head", "leader:late3:above"}
    with override("en"):
        climbed = {one.text: one.is_written for one in items(leader)}
    assert climbed["Monthly socio-economic report, October 2026"] is False
    withdrawing.withdraw(submission=cast.take(sample()), why="gửi nhầm tệp", by=cast.clerk)
    (owed,) = [one for one in items(cast.clerk) if one.key.startswith("owed-")]
    assert (owed.what, owed.url.startswith("/so-lieu/gui/")) == ("Gửi tệp", True), "where it is done"
    # Handed in but not signed is not done; signed, it is over for everybody.
    submission = cast.take(sample())
    reminding.remind()
    assert october()
    assert submission.state == Submission.State.DRAFT
    actions.sign(submission=submission, by=cast.clerk)
    reminding.remind()
    assert october() == set()
    at("2026-12-30")
    reminding.remind()
    assert october() == set()
