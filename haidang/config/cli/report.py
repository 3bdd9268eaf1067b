"""`haidang report`: make a report of a board or template, and make a kept one again."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from haidang.config.cli import json_option, print_json, setup

if TYPE_CHECKING:
    from haidang.engine.reports.actions import Again
    from haidang.engine.reports.models import Report

ACTOR = "haidang report"


@click.group()
def report() -> None:
    """Reports with the rights of their reader, kept so that they can be made again."""


@report.command()
@click.argument("address", required=False, default="")
@click.option("--board", default="", metavar="ADDRESS", help="A board, for example economy.economy.")
@click.option("--place", default="", metavar="CODE", help="A commune's code; without it the province.")
@click.option(
    "--period", default="", metavar="P", help="2026-10, 2026-Q4, 2026; without it the newest figures."
)
@click.option("--as-of", default="", metavar="T", help="As it was known then.")
@click.option("--format", "form", type=click.Choice(["pdf", "docx"]), default="pdf")
@click.option("--for", "login", required=True, metavar="LOGIN", help="The reader, whose rights hold.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Where to; without it in this folder."
)
@json_option
def make(
    address: str,
    board: str,
    place: str,
    period: str,
    as_of: str,
    form: str,
    login: str,
    out: Path | None,
    as_json: bool,
) -> None:
    """Make a report of a template (ADDRESS, as economy.monthly) or of a board (--board), and keep it."""
    setup()
    from haidang.engine.boards.asof import instant_from
    from haidang.engine.people.models import Person
    from haidang.engine.reports import actions
    from haidang.engine.reports.making import NotToBeMade, Wanted

    if bool(address) == bool(board):
        raise click.UsageError("name a template, or a board with --board")
    then: datetime | None = instant_from(as_of) if as_of else None
    if as_of and then is None:
        raise click.UsageError(f"--as-of {as_of!r} is no instant: write 2026-11-21T10:00")
    reader = Person.objects.filter(email__iexact=login).first()
    if reader is None:
        raise click.ClickException(f"nobody signs in as {login}")
    wanted = Wanted(address or board, place, period)
    try:
        made = actions.make(wanted=wanted, reader=reader, form=form, as_of=then, by=None, actor=ACTOR)
    except NotToBeMade as error:
        raise click.ClickException(str(error)) from error
    target = out or Path(made.report.file_name)
    target.write_bytes(made.body)
    if as_json:
        print_json(_row(made.report, target))
        return
    click.echo(
        f"{target}: {made.report.title}, {len(made.report.numbers)} số, mốc {made.report.epoch} (số {made.report.pk})"
    )


@report.command()
@click.argument("number", type=int)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the new file there.")
@json_option
def again(number: int, out: Path | None, as_json: bool) -> None:
    """Make report NUMBER again from what was known then, and compare number by number. Fails where one differs."""
    setup()
    from haidang.engine.reports import actions
    from haidang.engine.reports.making import NotToBeMade
    from haidang.engine.reports.models import Report

    found = Report.objects.select_related("recipient").filter(pk=number).first()
    if found is None:
        raise click.ClickException(f"there is no report {number}")
    try:
        made = actions.again(report=found, by=None, actor=ACTOR)
    except NotToBeMade as error:
        raise click.ClickException(str(error)) from error
    if out:
        out.write_bytes(made.body)
    if as_json:
        print_json(_compared(made))
    else:
        click.echo(f"{found.title}: {made.verdict}" + (", tệp trùng từng byte" if made.same_bytes else ""))
        for one in made.differences:
            click.echo(f"  {one.path}: {one.before or '–'} → {one.after or '–'}")
    if not made.is_equal:
        raise SystemExit(1)


def _row(one: Report, path: Path) -> dict[str, Any]:
    return {
        "id": one.pk,
        "path": str(path),
        "title": one.title,
        "address": one.address,
        "place": one.unit,
        "period": one.period,
        "for": one.recipient.email,
        "made_at": one.made_at,
        "as_of": one.as_of,
        "epoch": one.epoch,
        "sha256": one.sha256,
        "content_sha256": one.content_sha256,
        "denied": one.denied,
        "numbers": [{"path": path, **number} for path, number in one.numbers],
    }


def _compared(made: Again) -> dict[str, Any]:
    return {
        "id": made.report.pk,
        "equal": made.is_equal,
        "compared": made.compared,
        "same_bytes": made.same_bytes,
        "same_content": made.same_content,
        "verdict": made.verdict,
        "differences": [
            {"path": one.path, "before": one.before, "after": one.after} for one in made.differences
        ],
    }
