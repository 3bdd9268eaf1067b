"""`haidang doors`."""

from __future__ import annotations

import asyncio
import logging

import click


@click.command()
def doors() -> None:
    """Run the doors: MQTT, push API, FTP."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    import uvloop

    from haidang.config import descriptors, settings
    from haidang.config.doors import Doors

    descriptors.take_all()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(Doors(settings.HAIDANG_HOME).run())
