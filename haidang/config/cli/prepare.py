"""`haidang prepare`: what `up` runs before the processes that need the database."""

from __future__ import annotations

import os

import click

from haidang.config.cli import setup
from haidang.config.supervisor.centre import PROBLEMS


@click.command()
def prepare() -> None:
    """Bring the database to this version and load content."""
    from haidang.config import credentials, settings
    from haidang.config.addresses import database_url
    from haidang.config.postgres import create_database

    if not os.environ.get("DATABASE_URL"):
        create_database(settings.HAIDANG_HOME)
    setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=1)
    (settings.HAIDANG_HOME / "run").mkdir(parents=True, exist_ok=True)
    (settings.HAIDANG_HOME / "run" / PROBLEMS).write_text("\n".join(_load()), encoding="utf-8")
    credentials.write_roster(database_url(settings.HAIDANG_HOME), settings.HAIDANG_HOME)


def _load() -> list[str]:
    from haidang.config.content import load

    return load(say=click.echo)
