"""`haidang status`."""

from __future__ import annotations

import sys

import click

from haidang.config.cli import json_option, print_json


@click.command()
@json_option
def status(as_json: bool) -> None:
    """Show the processes of this centre. Exit code 1 when any of them does not run."""
    from haidang.config import settings
    from haidang.config.supervisor.lock import Home

    processes = Home(settings.HAIDANG_HOME).states()
    if as_json:
        print_json({"processes": processes})
    else:
        for row in processes:
            click.echo(f"{row['name']:<10} {row['state']:<9} {row['pid'] or '-':>8}  {row['since']}")
        if not processes:
            click.echo(f"No centre runs on {settings.HAIDANG_HOME}: start it with haidang up.")
    sys.exit(0 if processes and all(row["state"] in {"running", "standby"} for row in processes) else 1)
