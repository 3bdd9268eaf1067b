"""`haidang opendata`: what is public, and its files as the public pages give them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from haidang.config.cli import json_option, print_json, setup

if TYPE_CHECKING:
    from collections.abc import Iterable

    from haidang.engine.opendata.datasets import Dataset
    from haidang.engine.opendata.editions import Edition

FORMS = ("csv", "sdmx-csv", "json", "datapackage")
CATALOGUES = ("jsonld", "ttl")


@click.group()
def opendata() -> None:
    """What is public: list it, and export it."""


@opendata.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List the open data sets: address, title, licence, newest period, last change."""
    setup()
    from haidang.engine.indicators import periods
    from haidang.engine.opendata.datasets import opened
    from haidang.engine.opendata.editions import coverage, last_changes

    every = opened()
    covered, changed = coverage(sorted(every)), last_changes(sorted(every))
    rows = [
        {
            "dataset": address,
            "title": one.title.vi,
            "licence": one.open.licence,
            "publisher": one.open.publisher.vi,
            "since": one.open.since,
            "figures": covered[address].figures if address in covered else 0,
            "newest": periods.ending(covered[address].last, one.statistic.period).code
            if address in covered
            else None,
            "changed_at": changed.get(address),
        }
        for address, one in every.items()
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo(
            f"{row['dataset']:34} {row['newest'] or '–':9} {row['figures']:>7}  {row['licence']:10} {row['title']}"
        )
    if not rows:
        click.echo("Nothing is open: a statistic is public only when its file says `open:`.")


@opendata.command()
@click.argument("dataset")
@click.option(
    "--format", "form", type=click.Choice([*FORMS, *CATALOGUES]), required=True,
    help="datapackage makes a folder of data.csv and datapackage.json (--out); jsonld and ttl are of `catalogue`.",
)  # fmt: skip
@click.option("--as-of", "as_of", default="", metavar="TIME", help="The edition of that instant.")
@click.option("--out", type=click.Path(path_type=Path), help="Where to; without it the terminal.")
def export(dataset: str, form: str, as_of: str, out: Path | None) -> None:
    """Write DATASET in a format; `catalogue` for the whole catalogue as DCAT."""
    setup()
    if (dataset == "catalogue") != (form in CATALOGUES):
        raise click.UsageError("the formats jsonld and ttl are those of `catalogue`, and it has no others")
    if form in CATALOGUES:
        _catalogue(form, as_of, out)
        return
    from haidang.engine.opendata import files, views
    from haidang.engine.opendata.datasets import opened

    one = opened().get(dataset)
    if one is None:
        raise click.ClickException(f"{dataset} is not open; `haidang opendata list` says what is")
    edition = _edition(one, as_of)
    if form == "datapackage":
        _package(one, edition, out)
        return
    _write(files.pieces(files.FORMS[form], one, edition, views.homepage(one)), out)


def _edition(one: Dataset, as_of: str) -> Edition:
    from haidang.engine import clock
    from haidang.engine.opendata.editions import NotOpenThen, edition_of
    from haidang.engine.store.epochs import FutureQuestion

    try:
        asked = datetime.fromisoformat(as_of) if as_of else None
        if asked and not asked.tzinfo:
            asked = asked.replace(tzinfo=clock.LOCAL)
        return edition_of(one, asked)
    except ValueError as error:
        why = (
            "lies in the future"
            if isinstance(error, FutureQuestion)
            else "is no time; write 2026-11-28T14:05:00+07:00"
        )
        raise click.BadParameter(f"{as_of} {why}") from error
    except NotOpenThen as error:
        raise click.ClickException(f"{one.address} was not open before {one.open.since}") from error


def _package(one: Dataset, edition: Edition, out: Path | None) -> None:
    from haidang.engine.opendata import files, views

    if out is None:
        raise click.UsageError("a package is a folder: say where with --out FOLDER")
    out.mkdir(parents=True, exist_ok=True)
    home = views.homepage(one)
    _write(files.pieces(files.FORMS["csv"], one, edition, home), out / "data.csv")
    _write([files.described(one, edition, "data.csv", home)], out / "datapackage.json")


def _catalogue(form: str, as_of: str, out: Path | None) -> None:
    from haidang.engine.opendata import bundles, pages, views
    from haidang.engine.opendata.datasets import opened

    if as_of:
        raise click.UsageError("the catalogue is of now; ask each data set for an earlier edition")
    every = opened()
    _write(
        bundles.of_catalogue(form, every, pages.known(every), views.home(), views.homepages(every)).made(),
        out,
    )


def _write(parts: Iterable[bytes], out: Path | None) -> None:
    if out is None:
        for part in parts:
            click.echo(part, nl=False)
        return
    with out.open("wb") as file:
        file.writelines(parts)
