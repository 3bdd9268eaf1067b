"""Repeated work runs once among all workers, and what it logs is worth reading."""

import logging
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import UniqueViolation
from procrastinate.periodic import PeriodicDeferrer
from pytest_django.fixtures import Settings

from haidang.engine.audit.actions import record
from haidang.engine.audit.models import Seal
from haidang.engine.jobs import tasks
from haidang.engine.jobs.schedule import _lock, alone
from haidang.engine.jobs.worker import know_tasks
from haidang.engine.notify.models import Change


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_not_do_the_same_at_once(django_db_blocker: object) -> None:
    ran: list[bool] = []

    def inner() -> None:
        # Another process is another session: its connection does not get the lock.
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database"
                " WHERE locktype = 'advisory' AND granted AND datname = current_database()"
            )
            ran.append(cursor.fetchone()[0] == 1)
        other.close()

    assert alone("test.work", inner)
    assert ran == [True]
    assert _lock("pg_try_advisory_lock", 7)
    assert _lock("pg_advisory_unlock", 7)


@pytest.mark.django_db(transaction=True)
def test_an_error_is_logged_with_the_name_of_the_work_and_frees_the_lock(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken() -> None:
        raise ValueError("no such partition")

    with caplog.at_level(logging.ERROR), pytest.raises(ValueError, match="no such partition"):
        alone("test.broken", broken)
    assert "test.broken failed" in caplog.text
    assert alone("test.broken", lambda: None)


def test_everything_that_must_repeat_is_scheduled() -> None:
    know_tasks()
    names = {name for _, name in app.periodic_registry.periodic_tasks}
    assert names >= {
        "alarms.watch_silence",
        "alarms.judge_published",
        "alarms.end_shelves",
        "alarms.calm_chattering",
        "incidents.remind_overdue",
        "store.make_partitions",
        "jobs.seal_audit",
        "jobs.trim_outbox",
        "jobs.trim_queue",
    }


class _Listening(DjangoConnector):
    """Remembers what the server refused: each refusal is an error in its log."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: list[UniqueViolation] = []

    async def execute_query_one_async(self, query: Any, **arguments: Any) -> dict[str, Any]:
        try:
            return await super().execute_query_one_async(query, **arguments)
        except UniqueViolation as error:
            self.refused.append(error)
            raise


@pytest.mark.django_db
def test_a_job_whose_forerunner_still_waits_is_left_out_and_the_server_has_nothing_to_complain_of() -> None:
    mail = next(
        work for (_, name), work in app.periodic_registry.periodic_tasks.items() if name == "jobs.send_mail"
    )
    waiting = ProcrastinateJob.objects.filter(task_name="jobs.send_mail")
    with app.replace_connector(listening := _Listening()):
        deferrer = PeriodicDeferrer(registry=app.periodic_registry)
        async_to_sync(deferrer.defer_jobs)([(mail, 1_800_000_000), (mail, 1_800_000_015)])
        assert waiting.get().args == {"timestamp": 1_800_000_000}
        assert listening.refused == []
        # Once a worker has taken it, the next one may wait.
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE procrastinate_jobs SET status = 'doing' WHERE task_name = 'jobs.send_mail'"
            )
        async_to_sync(deferrer.defer_jobs)([(mail, 1_800_000_030)])
    assert waiting.get(status="todo").args == {"timestamp": 1_800_000_030}


def test_housekeeping_seals_the_log_and_trims_what_nobody_asks_for(
    db: None, tmp_path: Path, settings: Settings
) -> None:
    settings.HAIDANG_HOME = tmp_path
    record(person=None, verb="test", object=("x", "1"), actor="work")
    tasks.seal_audit()
    assert Seal.objects.get().count == 1
    old = Change.objects.create(topic="alarms", object_id="1", at="2026-01-01T00:00Z")
    assert tasks.trim_outbox() == 1
    assert not Change.objects.filter(pk=old.pk).exists()
    assert tasks.trim_queue() == 0
