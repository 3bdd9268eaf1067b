"""A file whose lines are offices becomes figures of the province that keep what each office said."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from haidang.config import statistics
from haidang.engine.contracts.tree import default_folders
from haidang.engine.indicators import figure_rows, periods
from haidang.engine.indicators.by_line import lines_of
from haidang.engine.indicators.catalogue import load_catalogue
from haidang.engine.indicators.figure_rows import Subject
from haidang.engine.ingest.conftest import Sender
from haidang.engine.ingest.conftest import sender as sender  # noqa: PLC0414 - the fixture
from haidang.engine.people.models import Grant, Office, Person, Role
from haidang.engine.places.models import Place
from haidang.engine.store.models import Source
from haidang.engine.submissions import actions, judging
from haidang.engine.submissions.models import Submission

SAMPLE = (default_folders()[0] / "documents/contracts/offices.sample.xlsx").read_bytes()
FILES = "documents.office_files"


def person(name: str, role: str, office: Office) -> Person:
    made = Person.objects.create(email=f"{name}@thu.vn", name=name, office=office)
    Grant.objects.create(person=made, role=role, office=office)
    return made


def approved(sender: Sender, office: Office, name: str = "2026-10 van ban.xlsx") -> Submission:
    """The sample of October as this office hands it in, signed by one and approved by another."""
    delivery = sender.send(SAMPLE, FILES, format="sheet", name=name, about={"office": office.code})
    judging.judge_received()
    made = Submission.objects.get(delivery_id=delivery.pk)
    actions.sign(submission=made, by=person(f"clerk-{office.code}", Role.OFFICER, office))
    actions.approve(submission=made, by=person(f"boss-{office.code}", Role.LEADER, office))
    made.refresh_from_db()
    return made


@pytest.fixture
def published(sender: Sender) -> Submission:
    """The sample of October, of the office that sends it."""
    province = Place.objects.create(
        code="97", level="province", kind="tỉnh", name="Tỉnh Thử", folded="tinh thu", sort_key=b"97",
        valid_from_date=date(2025, 7, 1),
    )  # fmt: skip
    office = Office.objects.create(
        code="van-phong-ubnd", name="Văn phòng UBND tỉnh", short_name="VP", place=province
    )
    Source.objects.filter(address=FILES).update(office=office)
    sender.conductor.forget()
    made = approved(sender, office)
    assert made.approved_by
    actions.publish(submission=made, by=made.approved_by)
    return made


def test_what_offices_report_adds_up_to_the_province_and_each_office_stays(published: Submission) -> None:
    catalogue, when = load_catalogue(), published.when
    assert when is not None
    place = Place.objects.on(when.last_day).get(code="97").pk
    end = periods.end_of(when)

    def subject(name: str) -> Subject:
        return Subject(f"documents.{name}", place, end)

    rows = figure_rows.read([f"documents.{n}" for n in ("late", "handled", "on_time_share")], [place], [end])
    late = rows[subject("late")]
    assert late.detail["kind"] == "summed"
    # Sixteen offices, of which the inspectorate wrote a dash: it handled nothing late.
    by_office = lines_of(catalogue, subject("late"))
    assert len(by_office) == late.detail["count"] == 15
    assert sum(by_office.values()) == late.value
    assert "Thanh tra tỉnh" not in by_office
    handled, on_time = lines_of(catalogue, subject("handled")), lines_of(catalogue, subject("on_time"))
    shares = lines_of(catalogue, subject("on_time_share"))
    assert len(shares) == 16
    for name, share in shares.items():
        assert share == pytest.approx(100 * on_time[name] / handled[name])
    assert rows[subject("on_time_share")].value == pytest.approx(
        100 * sum(on_time.values()) / sum(handled.values())
    )


def test_a_sum_is_walked_back_to_the_cell_of_each_office(published: Submission) -> None:
    steps = statistics.steps("documents.late", "97", "2026-10")
    cells = [step for step in steps if step["what"] == "cell"]
    assert [step["what"] for step in steps][:2] == ["figure", "submission"]
    assert len(cells) == 15
    assert all(float(step["found"]) == step["raw"] for step in cells)
    assert cells[0]["line"] == "Văn phòng UBND tỉnh"


def test_a_second_office_does_not_take_the_place_of_the_first(published: Submission, sender: Sender) -> None:
    other = Office.objects.create(
        code="so-noi-vu", name="Sở Nội vụ", short_name="SNV", place=published.office.place
    )
    second = approved(sender, other, "2026-10 lai.xlsx")
    with pytest.raises(ValidationError, match="Văn phòng UBND tỉnh"):
        actions.publish(submission=second, by=second.approved_by)
    second.refresh_from_db()
    assert second.state == Submission.State.APPROVED
