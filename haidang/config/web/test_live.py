"""Live streams of the real process: rights, resuming, ending."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from typing import Any

import httpx
import psycopg
import pytest
from django.db import connection, transaction

from haidang.config.web.cable import cable
from haidang.config.web.trial import Trial, running, sign_in
from haidang.engine.notify.models import Change
from haidang.engine.notify.outbox import announce
from haidang.engine.people.models import Grant, Person

WAIT = 60  # when a test that hangs is given up


class Stream:
    """Events of one open stream, read in a thread."""

    def __init__(self, response: httpx.Response) -> None:
        self.events: Queue[tuple[str, Any]] = Queue()
        self.ended, self.was_cut = threading.Event(), False
        self._response = response
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        kind = ""
        try:
            for line in self._response.iter_lines():
                if line.startswith("event: "):
                    kind = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    self.events.put((kind, json.loads(line.removeprefix("data: "))))
        except (httpx.HTTPError, httpx.StreamError):
            self.was_cut = True  # the process was stopped under us: the end is what the test waits for
        self.ended.set()

    def next(self, kind: str, wait: float = WAIT) -> Any:
        while True:
            found, data = self.events.get(timeout=wait)
            if found == kind:
                return data


@contextmanager
def listening(web: Trial, person: Person, query: str = "") -> Iterator[Stream]:
    with (
        httpx.Client(cookies=sign_in(person), timeout=30) as client,
        client.stream("GET", f"{web.url}/live{query}") as response,
    ):
        assert response.status_code == 200
        stream = Stream(response)
        stream.next("hello")
        yield stream


def say(*changes: tuple[str, str]) -> None:
    with transaction.atomic():
        announce(changes)


def test_a_stranger_gets_401_and_a_crew_hears_nothing_of_sources(web: Trial, crew: Person) -> None:
    assert httpx.get(f"{web.url}/live?topics=alarms").status_code == 401
    answer = httpx.get(f"{web.url}/live?topics=sources", cookies=sign_in(crew))
    assert answer.status_code == 403
    with listening(web, crew, "?topics=orders,sources") as stream:
        say(("sources", "environment.air_station_files"), ("orders", "3"))
        assert [topic for topic, *_ in stream.next("change")] == ["orders"]


def test_a_change_is_heard_after_its_commit_and_never_when_rolled_back(web: Trial, operator: Person) -> None:
    with listening(web, operator, "?topics=alarms") as stream:
        with transaction.atomic():
            announce([("alarms", "1")])
            transaction.set_rollback(True)
        say(("alarms", "2"))
        assert stream.next("change")[0][:2] == ["alarms", "2"]


def test_a_number_given_out_early_and_committed_late_is_not_lost(web: Trial, operator: Person) -> None:
    with listening(web, operator, "?topics=alarms") as stream:
        parameters = connection.get_connection_params()
        with psycopg.connect(**{k: parameters[k] for k in ("host", "dbname", "user")}) as slow:
            slow.execute("INSERT INTO notify_change (topic, object_id, at) VALUES ('alarms', 'late', now())")
            say(("alarms", "early"))
            assert stream.next("change")[0][1] == "early"
            slow.execute("NOTIFY haidang_live")
            slow.commit()
            assert stream.next("change")[0][1] == "late"


def test_a_returning_screen_hears_what_it_missed(web: Trial, operator: Person) -> None:
    say(("alarms", "1"))
    seen = Change.objects.latest("id").pk
    Change.objects.filter(pk=seen).update(at=Change.objects.get(pk=seen).at.replace(year=2025))
    say(("alarms", "2"), ("figures", "f"))
    with listening(web, operator, f"?topics=alarms&since={seen}") as stream:
        assert [object_id for _, object_id, _ in stream.next("change")][-1] == "2"


def test_a_screen_that_was_away_too_long_is_told_to_reload(web: Trial, operator: Person) -> None:
    with listening(web, operator, "?topics=alarms&since=999999") as stream:
        assert stream.next("reload") is None


def test_signing_out_disabling_or_losing_a_role_ends_the_stream_within_five_seconds(
    web: Trial, operator: Person
) -> None:
    def disable() -> None:
        Person.objects.filter(pk=operator.pk).update(is_active=False)

    def enable() -> None:
        Person.objects.filter(pk=operator.pk).update(is_active=True)

    def demote() -> None:
        Grant.objects.filter(person=operator).update(role="crew")

    def sign_out() -> None:
        from django.contrib.sessions.models import Session

        Session.objects.all().delete()

    for act, undo in ((disable, enable), (sign_out, lambda: None), (demote, lambda: None)):
        with listening(web, operator) as stream:
            act()
            assert stream.ended.wait(WAIT), act.__name__
        undo()


def test_open_streams_do_not_hold_the_process_back_from_stopping(web: Trial, operator: Person) -> None:
    with listening(web, operator) as stream:
        web.process.terminate()
        web.process.wait(WAIT)
        assert stream.ended.wait(WAIT)
    assert not stream.was_cut, "it ended by itself, before uvicorn lost patience with it"


def test_the_stream_survives_the_loss_of_its_database_connection(web: Trial, operator: Person) -> None:
    with listening(web, operator, "?topics=alarms") as stream:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'haidang live'"
            )
        say(("alarms", "while away"))
        assert stream.next("change")[0][1] == "while away"
    assert web.metric("haidang_live_reconnects_total") >= 1


@pytest.mark.parametrize("how", ["hold", "cut"])
def test_a_screen_is_told_when_nobody_could_say_whether_something_changed(
    transactional_db: None, operator: Person, tmp_path: Path, how: str
) -> None:
    with cable() as line, running(tmp_path, DATABASE_URL=line.url) as web, listening(web, operator) as stream:
        getattr(line, how)()
        assert stream.next("away") > 0
        say(("alarms", "meanwhile"))
        line.mend()
        assert stream.next("change")[0][1] == "meanwhile"
        assert stream.next("beat") > 0


def test_a_screen_that_comes_while_the_record_is_away_is_asked_to_come_again(
    transactional_db: None, operator: Person, tmp_path: Path
) -> None:
    cookies = sign_in(operator)
    with cable() as line, running(tmp_path, DATABASE_URL=line.url) as web:
        line.cut()
        answer = httpx.get(f"{web.url}/live?topics=alarms", cookies=cookies)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert "Cơ sở dữ liệu" in answer.json()["error"]
