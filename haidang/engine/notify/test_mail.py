"""Each message goes once, whatever dies between; a real server takes them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from django.db import connection, transaction
from pytest_django.fixtures import Settings

from haidang.engine import clock
from haidang.engine.notify import mail
from haidang.engine.notify.models import Attachment, Mail
from tests.mail_server import MailServer

NOON = datetime(2026, 11, 30, 5, 0, tzinfo=UTC)


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    with MailServer() as started:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", started.port
        settings.EMAIL_USE_TLS = False
        yield started


@pytest.fixture
def noon() -> Iterator[None]:
    clock.set_source(NOON.timestamp)
    yield
    clock.set_source(None)


def write(key: str = "digest:1", **other: object) -> bool:
    told = {"to": "can-bo@tay-ninh.example", "subject": "Việc hôm nay", "text": "Số liệu tháng 11 đến hạn."}
    return mail.post(key=key, **(told | other))


def test_without_a_server_nothing_is_written_to_pour_out_later(db: None, settings: Settings) -> None:
    settings.EMAIL_HOST = ""
    assert not write()
    assert not Mail.objects.exists()
    assert mail.send_due() == 0


@pytest.mark.django_db(transaction=True)
def test_a_message_asked_for_twice_goes_once_with_its_file(server: MailServer, noon: None) -> None:
    file = mail.File("bao-cao.pdf", "application/pdf", b"%PDF-1.7")
    assert write(files=[file])
    assert not write(files=[file])
    assert (mail.send_due(), mail.send_due()) == (1, 0)
    (taken,) = server.taken
    assert (taken["To"], taken["Subject"]) == ("can-bo@tay-ninh.example", "Việc hôm nay")
    assert taken.get_body().get_content().strip() == "Số liệu tháng 11 đến hạn."  # type: ignore[union-attr]
    (sent,) = taken.iter_attachments()
    assert (sent.get_filename(), sent.get_payload(decode=True)) == ("bao-cao.pdf", b"%PDF-1.7")
    assert not Attachment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_not_said(server: MailServer, noon: None) -> None:
    def fails() -> None:
        write()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        fails()
    assert mail.send_due() == 0
    assert not server.taken


@pytest.mark.django_db(transaction=True)
def test_a_server_that_is_away_leaves_everything_waiting(settings: Settings, noon: None) -> None:
    with MailServer() as gone:
        port = gone.port
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = False
    write()
    assert mail.send_due() == 0
    assert (Mail.objects.get().state, Mail.objects.get().tries) == ("waiting", 0)


@pytest.mark.django_db(transaction=True)
def test_a_no_for_now_is_tried_later_and_a_no_for_good_is_not(server: MailServer, noon: None) -> None:
    write("a")
    server.refusal = "451 later"
    assert mail.send_due() == 0
    waiting = Mail.objects.get()
    assert (waiting.state, waiting.due_at) == ("waiting", NOON + timedelta(minutes=5))
    server.refusal = "550 no such person"
    Mail.objects.update(due_at=NOON)
    assert mail.send_due() == 0
    assert Mail.objects.get().state == "refused"
    assert "no such person" in Mail.objects.get().error


@pytest.mark.django_db(transaction=True)
def test_what_may_have_gone_out_is_not_sent_again(server: MailServer, noon: None) -> None:
    write()
    server.hangs_up = True
    assert mail.send_due() == 0
    server.hangs_up = False
    assert mail.send_due() == 0
    assert len(server.taken) == 1
    assert Mail.objects.get().state == "unknown"


@pytest.mark.django_db(transaction=True)
def test_a_broken_line_harms_only_the_message_that_was_on_it(server: MailServer, noon: None) -> None:
    """What was not begun is not `unknown`: nothing of it can have gone out, so it must go."""
    for key in "abc":
        write(key)
    server.hangs_up = True
    assert mail.send_due() == 0
    assert sorted(Mail.objects.values_list("state", flat=True)) == ["unknown", "waiting", "waiting"]
    server.hangs_up = False
    assert mail.send_due() == 2
    assert len({one["Message-ID"] for one in server.taken}) == len(server.taken) == 3


@pytest.mark.django_db(transaction=True)
def test_a_server_that_takes_only_so_many_of_one_connection_gets_the_rest_of_another(
    server: MailServer, noon: None
) -> None:
    for key in "abcde":
        write(key)
    server.most_at_once = 2
    assert mail.send_due() == 4  # the third was put off, the two behind it went by another line
    Mail.objects.filter(state="waiting").update(due_at=NOON)
    assert mail.send_due() == 1
    assert set(Mail.objects.values_list("state", flat=True)) == {"sent"}
    assert len({one["Message-ID"] for one in server.taken}) == len(server.taken) == 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("place", "arrived"), [("mail.sent", 1), ("mail.marked", 0)])
def test_killed_between_two_marks_no_message_goes_twice(server: MailServer, place: str, arrived: int) -> None:
    write("a", is_urgent=True)
    write("b", is_urgent=True)
    assert _sender(server.port, place) == -9
    assert len(server.taken) == arrived
    assert _sender(server.port) == 0  # the next one sends the other message, and lets the first one be
    assert len(server.taken) == arrived + 1
    clock.set_source((clock.now() + timedelta(minutes=11)).timestamp)
    mail.send_due()
    clock.set_source(None)
    assert sorted(Mail.objects.values_list("state", flat=True)) == ["sent", "unknown"]
    assert len({message["Message-ID"] for message in server.taken}) == len(server.taken)


def _sender(port: int, crash: str = "") -> int:
    """A process of its own that sends what is due in the tests' database; how it ended."""
    at = connection.settings_dict
    url = f"postgresql://{quote(at['USER'])}@{quote(at['HOST'], safe='')}:{at['PORT'] or 5432}/{at['NAME']}"
    env = os.environ | {"DATABASE_URL": url, "HAIDANG_MAIL_HOST": "127.0.0.1", "HAIDANG_MAIL_PORT": str(port)}
    env |= {"HAIDANG_MAIL_SECURITY": "none", "HAIDANG_CRASH": crash}
    env["DJANGO_SETTINGS_MODULE"] = "haidang.config.settings"
    code = "import django; django.setup(); from haidang.engine.notify import mail; mail.send_due()"
    return subprocess.run([sys.executable, "-c", code], env=env, check=False, timeout=60).returncode


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-11-30T05:00+00:00", "2026-11-30T12:00+07:00"),
        ("2026-11-30T14:00+00:00", "2026-12-01T06:30+07:00"),
        ("2026-11-30T17:30+00:00", "2026-12-01T06:30+07:00"),
        ("2026-11-30T23:29+00:00", "2026-12-01T06:30+07:00"),
        ("2026-11-30T23:30+00:00", "2026-12-01T06:30+07:00"),
    ],
)
def test_nobody_is_woken(asked: str, due: str) -> None:
    assert mail.awake(datetime.fromisoformat(asked)) == datetime.fromisoformat(due)


def test_what_has_been_done_is_not_asked_for(db: None, server: MailServer) -> None:
    write("owed:7:day")
    write("owed:71:day")
    assert mail.withdraw("owed:7:") == 1
    assert Mail.objects.get().key == "owed:71:day"
