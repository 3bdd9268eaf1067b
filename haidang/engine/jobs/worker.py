"""The worker process: takes jobs from the queue, starts what is due, and outlives its database."""

from __future__ import annotations

import asyncio
import logging
import signal

from django.utils.module_loading import autodiscover_modules
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException
from psycopg import Error

log = logging.getLogger("haidang.work")

CONCURRENCY = 3
LONGEST_WAIT_S = 10.0


def run() -> None:
    """Until SIGTERM or SIGINT; the jobs in hand are finished first."""
    know_tasks()
    asyncio.run(_run())


def know_tasks() -> None:
    """Read the `tasks` of every app. Only a worker runs them, so only a worker pays for all they need."""
    autodiscover_modules("tasks")


async def _run() -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    wait_s = 0.5
    while not stopping.is_set():
        worker = asyncio.ensure_future(_work())
        stop = asyncio.ensure_future(stopping.wait())
        await asyncio.wait({worker, stop}, return_when=asyncio.FIRST_COMPLETED)
        if stopping.is_set():
            worker.cancel()
        stop.cancel()
        try:
            await worker
        except asyncio.CancelledError:
            break
        except (ConnectorException, Error, OSError) as error:
            log.warning("the database is away, work goes on when it is back: %s", error)
        await _pause(stopping, wait_s)
        wait_s = min(2 * wait_s, LONGEST_WAIT_S)


async def _work() -> None:
    connector = app.connector
    if isinstance(connector, DjangoConnector):
        connector = connector.get_worker_connector()
    with app.replace_connector(connector) as ours:
        async with ours.open_async():
            await ours.run_worker_async(
                name="work",
                concurrency=CONCURRENCY,
                install_signal_handlers=False,
                delete_jobs="successful",
                fetch_job_polling_interval=5.0,
                shutdown_graceful_timeout=10.0,
            )


async def _pause(stopping: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stopping.wait(), seconds)
    except TimeoutError:
        return
