"""The command line: `haidang COMMAND`.

A command is one module of this folder with a click command of the same name; it is registered by one line below
and imported only when asked for, so that `haidang status` does not pay for Django.
"""

from __future__ import annotations

import gc
import importlib
import importlib.util
import json
import os
from collections.abc import Iterable
from typing import Any

import click

# name: (module, attribute, one line of help)
COMMANDS: dict[str, tuple[str, str, str]] = {
    "up": ("haidang.config.cli.up", "up", "Start the whole centre and stop it cleanly."),
    "prepare": (
        "haidang.config.cli.prepare",
        "prepare",
        "Bring the database to this version and load content.",
    ),
    "doors": ("haidang.config.cli.doors", "doors", "Run the doors: MQTT, push API, FTP."),
    "ingest": ("haidang.config.cli.record", "ingest", "Run ingest: from the stream to stored rows."),
    "web": ("haidang.config.cli.web", "web", "Run the pages and live streams."),
    "work": ("haidang.config.cli.work", "work", "Run jobs, schedules and absence rules."),
    "pull": ("haidang.config.cli.pull", "pull", "Fetch from other systems what they do not send."),
    "demo": ("haidang.config.cli.demo", "demo", "Run the simulated province."),
    "status": ("haidang.config.cli.status", "status", "Show the processes of this centre."),
    "doctor": ("haidang.config.cli.record", "doctor", "Check sums, stream, clock, disk and latencies."),
    "check": ("haidang.config.cli.check", "check", "Check the content of a domains folder."),
    "import": ("haidang.config.cli.import_", "import_", "Judge an Excel file against its contract."),
    "contract": ("haidang.config.cli.contract", "contract", "Propose a contract for an Excel or CSV file."),
    "deadline": ("haidang.config.cli.deadline", "deadline", "Compute a deadline in working days."),
    "workdays": ("haidang.config.cli.deadline", "workdays", "List holidays and swap days of a year."),
    "score": ("haidang.config.cli.score", "score", "Score counts by a scorecard such as QĐ 766."),
    "dossiers": ("haidang.config.cli.dossiers", "dossiers", "Count and score a list of dossiers."),
    "figure": ("haidang.config.cli.record", "figure", "Print one figure and what it was made of."),
    "epidemic": ("haidang.config.cli.epidemic", "epidemic", "Judge a week of a disease by its past seasons."),
    "forecast": (
        "haidang.config.cli.forecast",
        "forecast",
        "Forecast a statistic; test forecasts on the past.",
    ),
    "readings": ("haidang.config.cli.record", "readings", "List stored readings."),
    "trace": (
        "haidang.config.cli.record",
        "trace",
        "Walk back to the delivered line, and on to orders and proof.",
    ),
    "replay": ("haidang.config.cli.record", "replay", "Send refused records through ingest again."),
    "station": ("haidang.config.cli.station", "station", "Register and list stations."),
    "source": ("haidang.config.cli.source", "source", "List sources; make and revoke their keys."),
    "user": ("haidang.config.cli.user", "user", "Add people, unlock them, reset passwords."),
    "office": ("haidang.config.cli.office", "office", "Add and list offices."),
    "audit": ("haidang.config.cli.audit", "audit", "Verify the audit chain and export anchors."),
    "places": ("haidang.config.cli.places", "places", "Load and search administrative units."),
    "differences": (
        "haidang.config.cli.differences",
        "differences",
        "List what two sources tell differently.",
    ),
    "opendata": ("haidang.config.cli.opendata", "opendata", "List and export what is public."),
    "report": ("haidang.config.cli.report", "report", "Make a report for a reader; make a kept one again."),
    "backup": ("haidang.config.cli.backup", "backup", "Write the whole centre into one file."),
    "restore": ("haidang.config.cli.backup", "restore", "Read a backup into an empty home."),
}
# Started by `up`, or part of it; not for people.
_HIDDEN = {"prepare"}


class _LazyGroup(click.Group):
    """Imports a command's module only when that command is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return [name for name, (module, _, _) in COMMANDS.items() if importlib.util.find_spec(module)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what is away or broken is said in one line that tells how to mend it."""
        from haidang.config.cli import faults

        try:
            return super().invoke(ctx)
        except Exception as error:
            if isinstance(
                error, click.ClickException | click.exceptions.Exit | click.Abort | BrokenPipeError
            ):
                raise
            raise faults.told(error, ctx.invoked_subcommand or "") from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, COMMANDS[name][2]) for name in self.list_commands(ctx) if name not in _HIDDEN]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


@click.group(cls=_LazyGroup)
@click.version_option(package_name="haidang")
def main() -> None:
    """Hải Đăng: an operations centre for a province.

    Settings come from the environment: HAIDANG_HOME, HAIDANG_PORT, DATABASE_URL, NATS_URL and others.
    """


def setup() -> None:
    """Make Django ready. Commands that touch the database call it first; the others stay fast."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haidang.config.settings")
    import django
    from django.apps import apps

    if apps.ready:
        return
    # Everything imported here stays to the end. Looking through it for garbage while it comes takes a tenth of the start,
    # and of every full collection afterwards.
    gc.disable()
    try:
        django.setup()
    finally:
        gc.enable()
    gc.freeze()


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def print_json(value: Any) -> None:
    """One JSON document on stdout, Vietnamese letters kept."""
    click.echo(json.dumps(value, ensure_ascii=False, default=str, indent=2))


def print_list(rows: Iterable[Any]) -> int:
    """A JSON list of any length, written as it comes; returns how many there were."""
    count = 0
    for count, row in enumerate(rows, 1):
        text = json.dumps(row, ensure_ascii=False, default=str, indent=2).replace("\n", "\n  ")
        click.echo(f"{'[' if count == 1 else ','}\n  {text}", nl=False)
    click.echo("\n]" if count else "[]")
    return count
