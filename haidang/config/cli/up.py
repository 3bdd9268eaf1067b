"""`haidang up`."""

from __future__ import annotations

import sys

import click


@click.command()
@click.option("--demo", default="", help="Also run a simulated province, for example tay-ninh.")
def up(demo: str) -> None:
    """Start the whole centre and stop it cleanly."""
    from haidang.config import settings
    from haidang.config.supervisor.centre import Centre

    centre = Centre(demo=demo, say=click.echo)
    holder = centre.home.take()
    if holder is not None:
        who = f" (process {holder})" if holder else ""
        raise click.ClickException(
            f"A centre already runs on {settings.HAIDANG_HOME}{who}. Stop it first, or set another HAIDANG_HOME."
        )
    sys.exit(centre.run())
