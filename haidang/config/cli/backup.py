"""`haidang backup` and `haidang restore`: a backup is only what a restore has read."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import click

from haidang.config.cli import json_option, print_json


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--with-pull-key", is_flag=True, help="Also the key that opens the credentials of pulled sources."
)
@json_option
def backup(file: Path, with_pull_key: bool, as_json: bool) -> None:
    """Write the whole centre into FILE, running or not: database, stream, delivered files, keys."""
    from haidang.config import archive, settings
    from haidang.config.supervisor.servers import servers

    home = settings.HAIDANG_HOME
    if not (os.environ.get("DATABASE_URL") or (home / "pg").exists()):
        raise click.ClickException(
            f"There is no centre in {home}: set HAIDANG_HOME to the folder of the one to back up."
        )
    with servers(home):
        try:
            manifest = archive.backup(home, file.absolute(), with_key=with_pull_key)
        except archive.BadArchive as error:
            raise click.ClickException(str(error)) from None
    shown = {"file": str(file.absolute()), "bytes": file.stat().st_size} | {
        name: manifest[name] for name in ("taken_at", "waiting", "rows")
    }
    if as_json:
        print_json(shown)
    else:
        click.echo(
            f"{shown['file']}: {shown['bytes']:,} bytes, {manifest['rows']['store_observation']:,} readings."
        )


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def restore(file: Path, as_json: bool) -> None:
    """Read a backup into an empty HAIDANG_HOME (and an empty database, when DATABASE_URL names one)."""
    from haidang.config import archive, settings
    from haidang.config.postgres import create_database
    from haidang.config.supervisor.servers import servers

    home = settings.HAIDANG_HOME
    # Reading the settings makes a key where there is none; the archive brings its own.
    try:
        archive.unpack(home, file.absolute())
        with servers(home):
            if not os.environ.get("DATABASE_URL"):
                create_database(home)
            found = archive.restore(home, file.absolute())
    except archive.BadArchive as error:
        raise click.ClickException(str(error)) from None
    finally:
        shutil.rmtree(home / "run" / "restore", ignore_errors=True)
    if as_json:
        print_json(found)
    else:
        click.echo(f"Restored as of {found['taken_at']}; start it with haidang up.")
