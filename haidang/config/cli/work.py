"""`haidang work`."""

import importlib
import logging

import click

from haidang.config.cli import setup


@click.command()
def work() -> None:
    """Run jobs, schedules and absence rules."""
    setup()
    from haidang.config import settings

    if settings.HAIDANG_DEMO:
        importlib.import_module("haidang.config.demo_staff")  # its work is repeated from then on
        importlib.import_module("haidang.config.demo_tasks")
    # Its own log says what failed; one line for every job taken would bury that.
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    from haidang.engine.jobs.worker import run

    run()
