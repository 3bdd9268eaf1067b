"""People of the simulated offices finish what came through the doors with the simulator's keys, and nothing else."""

from __future__ import annotations

import pytest

from haidang.config import demo_staff, statistics
from haidang.demo.sheets import finance, paper
from haidang.demo.sheets.economy import Economy
from haidang.demo.sheets.months import Month
from haidang.engine import clock
from haidang.engine.indicators.models import Figure
from haidang.engine.ingest.conftest import Sender, sender  # noqa: F401 - a fixture
from haidang.engine.people.models import Grant, Office, Person, Role
from haidang.engine.places.conftest import register as register  # noqa: PLC0414 - its fixture
from haidang.engine.places.models import Place
from haidang.engine.store.models import Credential, Source
from haidang.engine.submissions import judging
from haidang.engine.submissions.models import Submission

FILES = "economy.monthly_files"
ECONOMY = Economy(7, "Tây Ninh")
BEFORE_THE_MERGER, NOW = Month.of(2024, 10), Month.of(2026, 10)


@pytest.fixture
def office(register: None, sender: Sender) -> Office:  # noqa: F811
    """Sở Tài chính of Tây Ninh with an officer, a head, and the simulator's key for its source."""
    place = Place.objects.get(level=Place.Level.PROVINCE, code="80", valid_to_date=None)
    office = Office.objects.create(code="so-tai-chinh", name="Sở Tài chính", place=place, is_demo=True)
    source = Source.objects.get(address=FILES)
    Credential.objects.create(
        source=source, label="mô phỏng", user="tester", key_sha256="0", is_demo=True, created_at=clock.now()
    )
    for role in (Role.OFFICER, Role.LEADER):
        made = Person.objects.create(email=f"{role}@tay-ninh.example", name=role, office=office, is_demo=True)
        Grant.objects.create(person=made, role=role, office=office)
    return office


def arrive(sender: Sender, month: Month, change: finance.Change | None = None) -> Submission:  # noqa: F811
    body = paper.as_bytes(finance.monthly(ECONOMY, month, change), month.last_day)
    about = {"period": month.code, "office": "so-tai-chinh"}
    delivery = sender.send(body, FILES, format="sheet", name="bao cao.xlsx", about=about)
    judging.judge_received()
    return Submission.objects.get(delivery_id=delivery.pk)


def test_the_newest_is_finished_first_and_months_before_the_merger_stand_at_the_province_of_today(
    sender: Sender,  # noqa: F811
    office: Office,
) -> None:
    old, new = arrive(sender, BEFORE_THE_MERGER), arrive(sender, NOW)
    assert list(demo_staff.on_the_desk()) == [new, old]
    demo_staff.work()
    assert list(demo_staff.on_the_desk()) == []
    for submission, month in ((old, BEFORE_THE_MERGER), (new, NOW)):
        submission.refresh_from_db()
        assert submission.state == Submission.State.PUBLISHED
        assert submission.signed_by != submission.approved_by
        figure = Figure.objects.get(
            indicator="economy.revenue", superseded=None, detail__submission=submission.pk
        )
        # Its code was Long An's until the merger: that is not the province this office tells of.
        assert (figure.place, figure.value) == (office.place, ECONOMY.value("revenue", month))
        _, answer, _ = statistics.read("economy.revenue", "80", month.code, None)
        assert (answer.place, answer.value) == (office.place, figure.value)


def test_a_correction_takes_the_place_of_the_estimate(sender: Sender, office: Office) -> None:  # noqa: F811
    first = arrive(sender, NOW, finance.Change("revenue_trade", -7.5))
    demo_staff.work()
    second = arrive(sender, NOW)
    demo_staff.work()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (Submission.State.CORRECTED, Submission.State.PUBLISHED)
    told = Figure.objects.filter(indicator="economy.revenue_trade").order_by("epoch")
    value = ECONOMY.value("revenue_trade", NOW)
    assert [round(one.value or 0, 1) for one in told] == [round(value + round(value * -0.075, 1), 1), value]


def test_a_last_month_that_was_told_otherwise_is_a_warning_and_explained(
    sender: Sender,  # noqa: F811
    office: Office,
) -> None:
    before = arrive(sender, NOW.before.before)
    demo_staff.work()
    after = arrive(sender, NOW.before, finance.Change("revenue_trade", -7.5))
    assert (before.warnings, after.warnings) == (0, 0), "numbers of one economy fit together"
    demo_staff.work()
    made = arrive(sender, NOW)
    # Last month, growth and the sum since January, of the line and of the line it is a part of.
    told = made.judged.filter(level=1).values_list("item", "field")
    assert set(told) == {
        (item, field)
        for item in ("revenue", "revenue_trade")
        for field in ("previous", "month_percent", "cumulative")
    }
    demo_staff.work()
    made.refresh_from_db()
    assert made.state == Submission.State.PUBLISHED
    assert set(made.explanations.values_list("text", flat=True)) == {demo_staff.SAID}


def test_what_people_hand_in_what_comes_with_other_keys_and_what_is_at_fault_is_left_alone(
    sender: Sender,  # noqa: F811
    office: Office,
) -> None:
    made = arrive(sender, NOW)
    everything = Submission.objects.filter(pk=made.pk)
    for left in (
        {"handed_in_by": Person.objects.get(email__startswith=Role.OFFICER)},
        {"faults": 1},
        {"warnings": 1},
    ):
        before = {name: getattr(made, name) for name in left}
        everything.update(**left)
        assert not demo_staff.on_the_desk().exists(), left
        everything.update(**before)
    assert demo_staff.on_the_desk().exists()
    Credential.objects.update(is_demo=False)
    assert not demo_staff.on_the_desk().exists()
