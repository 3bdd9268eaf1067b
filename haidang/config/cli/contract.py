"""`haidang contract propose FILE`: what an unknown Excel or CSV file would be as a contract, and why."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from haidang.config.cli import json_option, print_json

if TYPE_CHECKING:
    from haidang.engine.contracts.proposing.proposal import Proposal, ProposedColumn


@click.group()
def contract() -> None:
    """Contracts of files: what an office promises to send."""


@contract.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--province", default="", metavar="CODE", help="Two digits: whose communes, where names fit several."
)
@json_option
def propose(file: Path, province: str, as_json: bool) -> None:
    """Propose fields, types, units, keys and checks for a file nobody has described. Nothing is stored.

    The same proposal as on the page “Hợp đồng mới”. Exits with 2 when no table is found.
    """
    from haidang.engine import clock
    from haidang.engine.contracts.proposing.finding import propose as proposal_of
    from haidang.engine.contracts.proposing.terms import built, contract_of, tried
    from haidang.engine.contracts.sheets.book import Unreadable
    from haidang.engine.contracts.sheets.sentences import said

    try:
        with _as_workbook(file) as book:
            today = clock.local(clock.now()).date()
            found = proposal_of(book, today=today, name=file.name, prefer=province)
            terms = contract_of(found)
            trial = tried(book, built(terms), found.sample_period)
    except Unreadable as error:
        click.echo(said(error.code, error.arguments, "vi"), err=True)
        click.echo(said(error.code, error.arguments, "en"), err=True)
        sys.exit(2)
    judged = {"records": trial.records, "faults": trial.faults, "remarks": trial.remarks}
    if as_json:
        print_json({**found.as_dict(), "terms": terms, "trial": judged})
    else:
        _print(found)
        click.echo(f"{trial.records} dòng, {trial.faults} ô lỗi / rows, cells at fault.")


@contextmanager
def _as_workbook(file: Path) -> Iterator[Path]:
    """The file itself, or a .csv as a workbook that is gone afterwards."""
    from haidang.engine.contracts.proposing.csv_file import ENDINGS, workbook_of

    if file.suffix.lower() not in ENDINGS or not file.is_file():
        yield file
        return
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / f"{file.stem}.xlsx"
        made.write_bytes(workbook_of(file.read_bytes(), file.name))
        yield made


def _print(found: Proposal) -> None:
    click.echo(f"{found.title.vi} – {found.sheet}, {found.rows} dòng, kỳ {found.sample_period}")
    for column in found.columns:
        click.echo(_line(column))
    for item in found.items:
        click.echo(f"  {item.row:>4}  {item.key}  {item.unit}  “{item.label}”")
    for note in found.notes:
        click.echo(f"! {note.vi}")


def _line(column: ProposedColumn) -> str:
    mark = "×" if not column.use else "*" if column.in_key else " "
    why: Any = column.why.get("use") or column.why.get("type")
    unit = f" ({column.unit})" if column.unit else ""
    return f"{mark} {column.letter:>3}  {column.key}: {column.type}{unit} – {why.vi if why else ''}"
