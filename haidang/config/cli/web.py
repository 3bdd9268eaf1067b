"""`haidang web`."""

import click

from haidang.config.cli import setup


@click.command()
@click.option("--bind", help="Address to listen on; HAIDANG_BIND otherwise.")
@click.option("--port", type=int, help="Port to listen on; HAIDANG_PORT otherwise.")
def web(bind: str | None, port: int | None) -> None:
    """Run the pages and live streams."""
    setup()
    from django.conf import settings

    from haidang.config.web.app import serve

    serve(bind or settings.HAIDANG_BIND, port or settings.HAIDANG_PORT)
