"""An office is connected step by step: each step is what is really there, and a trial leaves nothing in the record."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from django.core.exceptions import ValidationError
from django.db import connection as database
from django.db import transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from haidang.engine import clock
from haidang.engine.audit.models import Act
from haidang.engine.boards.sources.content import of_contract
from haidang.engine.contracts.sheets.book import Book, column_letters
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.judging import Examination
from haidang.engine.indicators.models import Figure
from haidang.engine.onboarding import actions
from haidang.engine.onboarding.matrix import matrix
from haidang.engine.onboarding.models import Connection, Trial
from haidang.engine.onboarding.steps import steps, term
from haidang.engine.onboarding.views import PAGE
from haidang.engine.people.models import Office, Person
from haidang.engine.store import credentials
from haidang.engine.store.content import standing_tree
from haidang.engine.store.models import Delivery, Source
from haidang.engine.submissions import actions as sheets
from haidang.engine.submissions.conftest import FILES, MONTHLY, Cast, add_person, sample
from haidang.engine.submissions.conftest import cast as cast  # noqa: PLC0414 - the cast of the stage before
from haidang.engine.submissions.models import Submission

FRIDAY = datetime(2026, 11, 20, 10, 0, tzinfo=clock.LOCAL)


@pytest.fixture(autouse=True)
def _friday() -> Iterator[None]:
    clock.set_source(FRIDAY.timestamp)
    yield
    clock.set_source(None)


@pytest.fixture
def admin(cast: Cast) -> Person:
    return add_person("admin", "administrator", None)


@pytest.fixture
def connection(cast: Cast, admin: Person) -> Connection:
    source = Source.objects.get(address=FILES)
    return actions.ask(source=source, office=cast.office, by=admin, reference="12/STC-VP")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_ask_at_once_the_second_is_told(cast: Cast, admin: Person) -> None:
    def ask() -> Connection:
        try:
            return actions.ask(source=Source.objects.get(address=FILES), office=cast.office, by=admin)
        finally:
            database.close()

    waits = (
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
    )
    with ThreadPoolExecutor(1) as beside:
        with transaction.atomic():
            actions.ask(source=Source.objects.get(address=FILES), office=cast.office, by=admin)
            second = beside.submit(ask)
            waiting = 0
            while not second.done() and not waiting:
                with database.cursor() as cursor:
                    waiting = cursor.execute(waits).fetchone()[0]
            assert waiting == 1
        with pytest.raises(ValidationError, match="đã được mở đấu nối"):
            second.result(timeout=60)
    assert Connection.objects.count() == 1


def done(connection: Connection) -> dict[str, bool]:
    return {step.name: step.is_done for step in steps(connection)}


def test_the_steps_are_what_is_there(cast: Cast, admin: Person, connection: Connection) -> None:
    Person.objects.filter(pk=cast.clerk.pk).update(is_active=False)
    assert done(connection) == {
        "contract": True,
        "account": False,
        "key": True,
        "trial": False,
        "live": False,
    }
    Person.objects.filter(pk=cast.clerk.pk).update(is_active=True)
    assert done(connection)["account"]
    actions.try_file(
        connection=connection, by=cast.clerk, body=sample(F9="1.234"), name="thu.xlsx", period="2026-10"
    )
    assert not done(connection)["trial"]
    assert "còn 1 ô lỗi" in next(step.words for step in steps(connection) if step.name == "trial")
    actions.try_file(connection=connection, by=cast.clerk, body=sample(), name="thu-2.xlsx", period="2026-10")
    assert done(connection)["trial"]
    # A verdict under another edition of the contract says nothing of the one in force.
    Trial.objects.update(contract_sha256="0" * 64)
    assert not done(connection)["trial"]
    submission = cast.take(sample())
    assert not done(connection)["live"]
    sheets.sign(submission=submission, by=cast.clerk)
    assert done(connection)["live"]


def test_a_trial_is_judged_like_a_file_and_nothing_comes_of_it(cast: Cast, connection: Connection) -> None:
    body = sample(F9="1.234")
    trial = actions.try_file(
        connection=connection, by=cast.clerk, body=body, name="thu.xlsx", period="2026-10"
    )
    real = cast.take(body)
    assert (trial.faults, trial.lines) == (real.faults, real.lines)
    (said,) = [one for one in trial.remarks if one["level"] == 2]
    assert said["cell"] == "F9"
    assert said["vi"]
    assert (Submission.objects.count(), Delivery.objects.count(), Figure.objects.count()) == (1, 1, 0)
    assert Act.objects.filter(verb="connection.try").exists()


def test_a_trial_keeps_no_personal_data_that_a_sentence_quotes(tmp_path: Path) -> None:
    """The file is not kept, so neither is what stood in its columns about persons."""
    known = standing_tree().sheets["services.dossiers"].thing
    numbered = msgspec.structs.replace(known.columns["applicant"], pattern=r"\d{12}")
    contract = msgspec.structs.replace(known, columns={**known.columns, "applicant": numbered})
    (tmp_path / "thu.xlsx").write_bytes(sample("services.dossiers"))
    trial, names = Trial(), set[str]()
    with Book(tmp_path / "thu.xlsx") as book:
        actions._look(trial, Examination(contract, Period.parse("2026-10")), book)
        for cell in Examination(contract, Period.parse("2026-10")).cells(book):
            if cell.field == "applicant" and cell.fate == "value" and isinstance(cell.raw, str):
                names.add(cell.raw)
    kept = " ".join(f"{one['vi']} {one['en']}" for one in trial.remarks)
    assert len(trial.remarks) > 2
    assert len(names) > 2
    assert not [name for name in names if name in kept]


def test_a_trial_keeps_no_numbers_of_persons_from_columns_nobody_asked_for(tmp_path: Path) -> None:
    contract = standing_tree().sheets["services.dossiers"].thing
    (tmp_path / "sach.xlsx").write_bytes(sample("services.dossiers"))
    with Book(tmp_path / "sach.xlsx") as book:
        cells = list(Examination(contract, Period.parse("2026-10")).cells(book))
    lines = sorted({cell.row for cell in cells if cell.fate == "value"})[:6]
    column, lone = (column_letters(max(cell.column for cell in cells) + n) for n in (1, 2))
    numbers = [f"0720 8800 123{n}" for n in range(len(lines))]
    beside = {f"{column}{row}": said for row, said in zip(lines, numbers, strict=True)}
    beside[f"{lone}{lines[0]}"] = "0912345678"
    (tmp_path / "thu.xlsx").write_bytes(sample("services.dossiers", **beside))
    trial = Trial()
    with Book(tmp_path / "thu.xlsx") as book:
        actions._look(trial, Examination(contract, Period.parse("2026-10")), book)
    said = [one for one in trial.remarks if one["cell"] in beside]
    assert len(said) == len(beside)
    kept = " ".join(f"{one['vi']} {one['en']}" for one in trial.remarks)
    assert not [number for number in numbers if number in kept]
    assert "0912345678" not in kept


def test_what_cannot_be_read_says_so(cast: Cast, connection: Connection) -> None:
    trial = actions.try_file(
        connection=connection, by=cast.clerk, body=b"no book", name="thu.xlsx", period="2026-10"
    )
    assert not trial.is_readable
    assert not trial.holds
    assert trial.remarks[0]["vi"]


def test_two_working_days_are_counted_over_the_weekend_and_the_holiday(connection: Connection) -> None:
    """Asked on a Friday; the Tuesday after is a public holiday of 2026."""
    assert connection.due_on == date(2026, 11, 25)
    Person.objects.filter(office=connection.office).update(is_active=False)
    clock.set_source((FRIDAY + timedelta(days=5)).timestamp)
    found = term(connection, steps(connection))
    assert (found.given_at, found.is_late, found.days_left) == (None, False, 0)
    clock.set_source((FRIDAY + timedelta(days=6)).timestamp)
    assert term(connection, steps(connection)).is_late


def test_the_term_is_met_by_the_account_or_by_a_refusal_with_its_reason(
    cast: Cast, admin: Person, connection: Connection
) -> None:
    Person.objects.update(date_joined=FRIDAY - timedelta(days=90))
    assert term(connection, steps(connection)).given_at == connection.asked_at
    Person.objects.filter(office=connection.office).update(is_active=False)
    with pytest.raises(ValidationError, match="lý do"):
        actions.refuse(connection=connection, by=admin, reason=" ")
    clock.set_source((FRIDAY + timedelta(days=3)).timestamp)
    refused = actions.refuse(connection=connection, by=admin, reason="Chưa có căn cứ pháp lý")
    found = term(refused, steps(refused))
    assert (found.given_at, found.is_late) == (refused.refused_at, False)
    with pytest.raises(ValidationError, match="từ chối"):
        actions.try_file(connection=refused, by=cast.clerk, body=sample(), name="a.xlsx", period="2026-10")
    again = actions.ask(source=connection.source, office=cast.office, by=admin)
    with pytest.raises(ValidationError, match="đã được mở"):
        actions.ask(source=connection.source, office=cast.office, by=admin)
    with pytest.raises(ValidationError, match="cơ quan khác"):
        actions.ask(source=connection.source, office=cast.stranger.office, by=admin)
    assert again.pk != connection.pk


def test_a_key_counts_from_the_day_it_was_given(admin: Person, connection: Connection) -> None:
    clock.set_source((FRIDAY + timedelta(days=3)).timestamp)
    credentials.issue(source=connection.source, label="máy chủ kế toán", by=admin)
    step = next(step for step in steps(connection) if step.name == "key")
    assert (step.at, step.words) == (clock.now(), "đã cấp: máy chủ kế toán")


def test_the_matrix_says_how_each_office_stands_and_what_hangs_on_it(cast: Cast, admin: Person) -> None:
    def kinds(person: Person) -> dict[str, str]:
        return {one.office.code: one.kind for one in matrix(person) if one.source.address == FILES}

    assert kinds(admin) == {"stc": "waiting"}
    clock.set_source((FRIDAY + timedelta(days=4)).timestamp)
    assert kinds(admin) == {"stc": "silent"}
    cast.take(sample(F9="1.234"))
    assert kinds(admin) == {"stc": "wrong"}
    submission = cast.take(sample())
    assert kinds(admin) == {"stc": "open"}
    sheets.sign(submission=submission, by=cast.clerk)
    assert kinds(admin) == {"stc": "late"}
    assert kinds(cast.stranger) == {}
    impact = of_contract(MONTHLY)
    assert "Thu ngân sách" in " ".join(impact.indicators)
    assert len(impact.boards) >= 2
    assert impact.sentence.startswith("Nếu nguồn này chết: ")


def test_pages_answer_to_rights(cast: Cast, connection: Connection, admin: Person) -> None:
    outsider = Office.objects.get(code="syt")
    assert outsider.pk == cast.stranger.office_id
    clients = {}
    for person in (cast.clerk, cast.stranger, cast.analyst):
        clients[person.name] = Client()
        clients[person.name].force_login(person)
    address = connection.get_absolute_url()
    assert [clients[who].get(address).status_code for who in ("Clerk", "Stranger", "Analyst")] == [
        200,
        404,
        200,
    ]
    file = BytesIO(sample())
    file.name = "thu.xlsx"
    sent = clients["Clerk"].post(f"{address}thu/", {"file": file, "period": "2026-10"})
    assert sent.status_code == 302
    assert "đạt" in clients["Clerk"].get(address).content.decode()
    wrong = BytesIO(b"x")
    wrong.name = "thu.pdf"
    assert clients["Clerk"].post(f"{address}thu/", {"file": wrong, "period": "2026-10"}).status_code == 422
    assert clients["Stranger"].post(f"{address}thu/").status_code == 404
    assert clients["Clerk"].post(f"{address}tu-choi/", {"reason": "x"}).status_code == 403
    assert "Sở TC" in clients["Clerk"].get("/dau-noi/").content.decode()


def test_a_page_of_many_connections_asks_no_more_than_its_stretch(
    cast: Cast, connection: Connection, admin: Person, settings: Settings
) -> None:
    settings.HAIDANG_REQUIRE_TOTP = "nobody"
    client = Client()
    client.force_login(admin)

    def more(many: int) -> None:
        Connection.objects.bulk_create(
            Connection(
                source=connection.source, office=connection.office, asked_at=clock.now(), asked_by=admin,
                due_on=connection.due_on, refused_at=clock.now(), refused_by=admin, refused_why="Chưa có căn cứ",
            )
            for _ in range(many)
        )  # fmt: skip

    asked = []
    for _ in range(2):
        more(PAGE)
        with CaptureQueriesContext(database) as queries:
            page = client.get("/dau-noi/").content.decode()
        assert page.count('<li id="con-') == PAGE
        asked.append(len(queries))
    assert asked[1] <= asked[0]
    assert f"1–{PAGE} trong {2 * PAGE + 1}" in page
    assert client.get("/dau-noi/?trang=3").content.decode().count('<li id="con-') == 1
