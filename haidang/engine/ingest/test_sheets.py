"""Files that people keep in Excel, from the stream to a judged, signed and approved version."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from procrastinate.contrib.django.models import ProcrastinateJob

from haidang.engine import clock
from haidang.engine.contracts.sheets.verdict import address
from haidang.engine.contracts.tree import default_folders
from haidang.engine.indicators.models import Figure
from haidang.engine.ingest.conftest import Sender
from haidang.engine.people.models import Grant, Office, Person, Role
from haidang.engine.places import register
from haidang.engine.places.models import Place
from haidang.engine.store.models import DoorCount, Refusal, Source, Tally
from haidang.engine.submissions import actions, judging
from haidang.engine.submissions.models import Cell, Submission

SAMPLE = (default_folders()[0] / "economy/contracts/monthly.sample.xlsx").read_bytes()
FILES = "economy.monthly_files"


@pytest.fixture
def office(sender: Sender) -> Office:
    office = Office.objects.create(code="so-tai-chinh", name="Sở Tài chính", short_name="STC")
    Source.objects.filter(address=FILES).update(office=office)
    sender.conductor.forget()
    return office


def person(name: str, role: str, office: Office | None) -> Person:
    made = Person.objects.create(email=f"{name}@thu.vn", name=name, office=office)
    Grant.objects.create(person=made, role=role, office=office)
    return made


def hand_in(sender: Sender, body: bytes = SAMPLE, **more: object) -> Submission | None:
    delivery = sender.send(body, FILES, format="sheet", **{"name": "2026-10 bao cao.xlsx", **more})
    return Submission.objects.filter(delivery_id=delivery.pk).first()


def test_a_file_is_one_record_and_waits_to_be_judged(sender: Sender, office: Office) -> None:
    made = hand_in(sender)
    assert made is not None
    assert (made.contract, made.period, made.office, made.number) == ("economy.monthly", "2026-10", office, 1)
    assert made.state == Submission.State.RECEIVED
    job = ProcrastinateJob.objects.get(task_name="submissions.judge")
    assert job.args == {"waiting": made.pk}
    tally = Tally.objects.get(source__address=FILES)
    assert (tally.stored, tally.duplicate, tally.refused, tally.failed) == (1, 0, 0, 0)
    assert hand_in(sender) is None, "the same file again"
    tally.refresh_from_db()
    assert (tally.stored, tally.duplicate) == (1, 1)
    assert not DoorCount.objects.exists(), "only the doors count what was received"


def test_every_cell_gets_a_fate_and_the_numbers_are_the_contract_s(sender: Sender, office: Office) -> None:
    made = hand_in(sender, about={"period": "2026-10"})
    assert made is not None
    assert judging.judge_received() == 1
    made.refresh_from_db()
    assert (made.state, made.faults) == (Submission.State.DRAFT, 0)
    cells = Cell.objects.filter(submission=made)
    assert cells.count() == made.cells
    values = cells.filter(fate="value")
    assert values.exclude(value=None).count() >= made.numbers > 50
    revenue = values.get(item="revenue", field="value")
    assert revenue.unit == "tỷ đồng"
    assert isinstance(revenue.value, int | float)
    assert judging.judge_received() == 0, "nothing waits any more"


def test_what_cannot_be_read_says_why(sender: Sender, office: Office) -> None:
    broken = hand_in(sender, b"PK\x03\x04 no archive")
    nameless = hand_in(sender, SAMPLE + b" ", name="bao cao.xlsx")
    judging.judge_received()
    found = dict(Submission.objects.values_list("pk", "reason"))
    assert broken is not None
    assert nameless is not None
    assert found[broken.pk] in ("damaged", "not_a_sheet", "no_workbook")
    assert found[nameless.pk] == "no_period"
    assert set(Submission.objects.values_list("state", flat=True)) == {"unreadable"}


def test_a_source_of_files_takes_nothing_else(sender: Sender, office: Office) -> None:
    sender.send({"station": "KK-1", "readings": [{"parameter": "x"}]}, FILES)
    refusal = Refusal.objects.get()
    assert (refusal.reason, refusal.outcome) == ("not_a_sheet", "refused")


def test_the_one_who_signs_never_approves(sender: Sender, office: Office) -> None:
    made = hand_in(sender)
    assert made is not None
    judging.judge_received()
    other = Office.objects.create(code="so-y-te", name="Sở Y tế", short_name="SYT")
    clerk, stranger = person("clerk", Role.OFFICER, office), person("stranger", Role.OFFICER, other)
    head = person("head", Role.LEADER, office)
    Grant.objects.create(person=head, role=Role.OFFICER, office=office)
    with pytest.raises(PermissionDenied):
        actions.sign(submission=made, by=stranger)
    for cell in actions.unexplained(made):
        with pytest.raises(ValidationError):
            actions.sign(submission=made, by=head)
        actions.explain(submission=made, cell=cell, text="nộp bù quý trước", by=clerk)
    actions.sign(submission=made, by=head)
    with pytest.raises(PermissionDenied):
        actions.approve(submission=made, by=head)
    with pytest.raises(PermissionDenied):
        actions.approve(submission=made, by=clerk)
    boss = person("boss", Role.LEADER, office)
    back = actions.send_back(submission=made, why="thiếu thu nội địa", by=boss)
    assert (back.state, back.signed_by) == (Submission.State.RETURNED, None)
    actions.sign(submission=made, by=clerk)
    done = actions.approve(submission=made, by=boss)
    assert (done.state, done.signed_by, done.approved_by) == (Submission.State.APPROVED, clerk, boss)
    assert list(Submission.objects.for_user(stranger)) == []
    assert list(Submission.objects.for_user(clerk)) == [made]


def test_a_newer_file_of_the_period_takes_the_place_of_a_draft(sender: Sender, office: Office) -> None:
    first = hand_in(sender)
    second = hand_in(sender, SAMPLE + b" ")
    assert first is not None
    assert second is not None
    judging.judge_received()
    clerk = person("clerk", Role.OFFICER, office)
    with pytest.raises(ValidationError, match="2"):
        actions.sign(submission=first, by=clerk)
    assert list(Submission.objects.all().standing()) == [second]


def published(made: Submission, clerk: Person, boss: Person) -> Submission:
    for cell in actions.unexplained(made):
        actions.explain(submission=made, cell=cell, text="nộp bù quý trước", by=clerk)
    actions.sign(submission=made, by=clerk)
    actions.approve(submission=made, by=boss)
    actions.publish(submission=made, by=boss)
    made.refresh_from_db()
    return made


def test_what_is_published_is_a_figure_that_names_its_cell(
    register_once: None, sender: Sender, office: Office
) -> None:
    register.ensure_loaded()
    clerk, boss = person("clerk", Role.OFFICER, office), person("boss", Role.LEADER, office)
    made = hand_in(sender)
    assert made is not None
    judging.judge_received()
    for cell in actions.unexplained(made):
        actions.explain(submission=made, cell=cell, text="nộp bù quý trước", by=clerk)
    actions.sign(submission=made, by=clerk)
    actions.approve(submission=made, by=boss)
    with pytest.raises(ValidationError, match="tỉnh nào"):
        actions.publish(submission=made, by=boss)
    office.place = Place.objects.get(level=Place.Level.PROVINCE, code="80", valid_to_date=None)
    office.save()
    actions.publish(submission=made, by=boss)
    made.refresh_from_db()
    figure = Figure.objects.get(indicator="economy.revenue", superseded=None)
    cell = Cell.objects.get(submission=made, item="revenue", field="value")
    assert (figure.value, figure.place, figure.epoch) == (cell.value, office.place, made.epoch)
    assert figure.detail["submission"] == made.pk
    assert figure.detail["cell"] == address(cell.row, cell.column)
    assert f"{clock.local(figure.at):%d/%m/%Y %H:%M}" == "01/11/2026 00:00"

    again = hand_in(sender, SAMPLE + b" ")
    assert again is not None
    judging.judge_received()
    published(again, clerk, boss)
    made.refresh_from_db()
    assert (made.state, again.state) == (Submission.State.CORRECTED, Submission.State.PUBLISHED)
    assert Figure.objects.filter(indicator="economy.revenue").count() == 2, "its cell is another file's now"
