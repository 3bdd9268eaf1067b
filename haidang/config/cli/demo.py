"""`haidang demo`: a simulated province and the tricks one can play on it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import click

from haidang.config.cli import setup

DAY_S = 86400
UNPLUGGED_S = 60


def _folder() -> Path:
    from haidang.config import settings

    return settings.HAIDANG_HOME / "demo"


@click.group()
def demo() -> None:
    """Run the simulated province."""


@demo.command()
@click.argument("name", default="tay-ninh")
def prepare(name: str) -> None:
    """Register the stations, offices, people and logins of the simulated province NAME. Can be run again."""
    setup()
    from haidang.config.demo import NoSuchProvince
    from haidang.config.demo import prepare as prepare_province

    try:
        prepare_province(name, say=click.echo)
    except NoSuchProvince as error:
        raise click.ClickException(str(error)) from None


@demo.command()
@click.argument("name", default="tay-ninh")
def run(name: str) -> None:
    """Send as the simulated province NAME until stopped; prepares it first and daily, for its shifts."""
    from haidang.demo.run import main

    if not is_prepared(name):
        _prepare_apart(name)
    threading.Thread(target=_daily, args=(name,), daemon=True).start()
    main(_folder())


def is_prepared(name: str) -> bool:
    """The senders' file is there, for this province, with all that senders of this version know."""
    from haidang.demo.plan import slug

    path = _folder() / "outside.json"
    found = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found.get("province") == slug(name) and "communes" in found


def _prepare_apart(name: str) -> None:
    """In a process of its own: the simulator itself must not carry Django."""
    done = subprocess.run([sys.executable, "-m", "haidang", "demo", "prepare", name], check=False)
    if done.returncode:
        raise SystemExit(done.returncode)


def _daily(name: str) -> None:
    while True:
        done = subprocess.run([sys.executable, "-m", "haidang", "demo", "prepare", name], check=False)
        time.sleep(DAY_S if done.returncode == 0 else 60)


@demo.command()
def episode() -> None:
    """Let it smoke over the industrial park: values above the limit arrive within seconds."""
    if not (_folder() / "outside.json").exists():
        raise click.ClickException("No simulated province here; start one with haidang up --demo tay-ninh.")
    (_folder() / "episode").touch()
    click.echo("Smoke is rising.")


@demo.command()
@click.option("--seconds", default=UNPLUGGED_S, type=click.IntRange(1, 600), show_default=True)
def unplug(seconds: int) -> None:
    """Kill ingest and hold it down: the doors go on taking, the queue grows, and then the sums close again."""
    from haidang.config import settings

    hold = settings.HAIDANG_HOME / "run" / "hold-ingest"
    if not hold.parent.is_dir():
        raise click.ClickException(f"No centre has run on {settings.HAIDANG_HOME}.")
    hold.write_text(str(time.time() + seconds))
    click.echo(f"ingest is down for {seconds} s.")
