"""`haidang pull`."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import click

from haidang.config.cli import json_option, print_json


@click.command()
@click.argument("address", default="")
@click.option("--once", is_flag=True, help="One run, now, whatever its schedule says.")
@json_option
def pull(address: str, once: bool, as_json: bool) -> None:
    """Fetch from the systems of sources with `pull:`, each at its time; only ADDRESS when it is given."""
    from haidang.config import addresses, puller, settings

    home = settings.HAIDANG_HOME
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    for name in ("asyncssh", "httpcore", "psycopg"):
        # They speak of addresses and queries, which may hold what is secret.
        logging.getLogger(name).setLevel(logging.ERROR)
    if once and not address:
        raise click.UsageError("--once needs the ADDRESS of a source")
    if not address:
        asyncio.run(puller.serve(home))
        return
    way = puller.way_of(home, address)
    if not addresses.nats_url(home):
        raise click.ClickException(
            f"No stream is known in {home}: start the centre with haidang up, or set NATS_URL."
        )
    if not once:
        asyncio.run(puller.serve(home, only=address))
        return
    logging.getLogger("haidang").setLevel(logging.ERROR)  # said below
    report = asyncio.run(puller.once(home, way))
    _tell(address, report, as_json=as_json)
    raise SystemExit(0 if report.state == "done" else 1)


def _tell(address: str, report: Any, *, as_json: bool) -> None:
    trouble = report.trouble
    if as_json:
        problem = _shown(trouble) if trouble else None
        print_json(
            {
                "source": address, "state": report.state, "records": report.records, "deliveries": report.deliveries,
                "next": report.next_at.isoformat() if report.next_at else None, "problem": problem,
                "notes": [_shown(note) for note in report.notes],
            }
        )  # fmt: skip
        return
    click.echo(f"{address}: {report.state}, {report.records} records in {report.deliveries} deliveries")
    if report.state == "busy":
        click.echo("Another puller is at this source now.", err=True)
    for one in [*report.notes, *([trouble] if trouble else [])]:
        shown = _shown(one)
        click.echo(f"{shown['message']}\n{shown['remedy']}", err=True)


def _shown(trouble: Any) -> dict[str, str]:
    from haidang.engine.connectors.pull.trouble import told

    words = told(trouble.reason, trouble.detail)
    return {
        "reason": trouble.reason,
        "message": words.en,
        "remedy": words.mend_en,
        "message_vi": words.vi,
    }
