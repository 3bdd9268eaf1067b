"""`haidang audit`: verify the chain of the log, export its anchor."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click

from haidang.config.cli import json_option, print_json, setup


@click.group()
def audit() -> None:
    """The append-only log of decisions, exports and looks at personal data."""
    setup()


@audit.command()
@click.option(
    "--anchor",
    "files",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="An exported anchor; more than one may be given. Without it: those kept in the home folder.",
)
@json_option
def verify(files: tuple[Path, ...], as_json: bool) -> None:
    """Find changed, removed, inserted, reordered and cut-off records. Exit code 1 when there are any."""
    from haidang.engine.audit import chain

    try:
        anchors = [chain.read_anchor(path) for path in files or chain.kept_anchors()]
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    verdict = chain.verify(anchors)
    if as_json:
        print_json({"ok": verdict.ok, **asdict(verdict)})
    else:
        for fault in verdict.faults:
            click.echo(f"records {fault.first_act}–{fault.last_act}: {fault.words}", err=True)
        click.echo(
            f"{'OK' if verdict.ok else 'TAMPERED'}: {verdict.acts} records, {verdict.seals} seals,"
            f" {verdict.unsealed} not sealed yet, {verdict.anchors} anchors compared"
        )
        if verdict.ok and not verdict.anchors:
            click.echo("No anchor to compare with: a log cut off together with its seals would not show.")
    sys.exit(0 if verdict.ok else 1)


@audit.command()
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="File to write.")
@json_option
def anchor(out: Path, as_json: bool) -> None:
    """Seal what is written and export the head of the chain. Keep the file on another machine."""
    from haidang.engine.audit import chain

    chain.seal()
    if chain.export(out) is None:
        raise click.ClickException("The log is empty: there is nothing to anchor yet.")
    if as_json:
        print_json(asdict(chain.read_anchor(out)))
    else:
        click.echo(f"Wrote {out}")


@audit.command()
@json_option
def seal(as_json: bool) -> None:
    """Close the acts written so far; the process `work` does it every minute."""
    from haidang.engine.audit import chain

    count = chain.seal()
    if as_json:
        print_json({"sealed": count})
    else:
        click.echo(f"Sealed {count} records")
