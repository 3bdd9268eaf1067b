"""`haidang office`: the offices of the province, from the command line; each call is in the audit log as the machine's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from haidang.config.cli import json_option, print_json, setup
from haidang.config.cli.named import office_of, place_of, spoken

if TYPE_CHECKING:
    from haidang.engine.people.models import Office


@click.group()
def office() -> None:
    """Offices: departments, communes' committees, operators of stations."""
    setup()


@office.command("add")
@click.option("--code", required=True, help="Short code without accents, e.g. so-nnmt.")
@click.option("--name", required=True)
@click.option("--short-name", default="")
@click.option("--parent", "parent_code", help="Code of the office above.")
@click.option("--place", "place_code", help="Code of its province or commune.")
@click.option("--phone", default="")
@click.option("--demo", is_flag=True, help="Part of the demo.")
@json_option
@spoken
def add_office(
    *,
    code: str,
    name: str,
    short_name: str,
    parent_code: str | None,
    place_code: str | None,
    phone: str,
    demo: bool,
    as_json: bool,
) -> None:
    """Add one office."""
    from haidang.engine.people import actions
    from haidang.engine.store.content import give_to_offices

    added = actions.add_office(
        code=code,
        name=name,
        short_name=short_name,
        parent=office_of(parent_code),
        place=place_of(place_code),
        phone=phone,
        is_demo=demo,
    )
    # Whoever adds an office here may send by its sources at once, and need not wait for the worker's turn.
    given = give_to_offices()
    if as_json:
        print_json(_row(added))
    else:
        sources = f", to which {given} sources belong from now on" if given else ""
        click.echo(f"Added {added.code} {added.name}{sources}")


@office.command("list")
@json_option
def list_offices(as_json: bool) -> None:
    """List all offices."""
    from haidang.engine.people.models import Office

    rows = [_row(found) for found in Office.objects.select_related("parent").order_by("sort_key", "code")]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['code']:24} {row['name']:48} {row['parent'] or ''}")


def _row(found: Office) -> dict[str, Any]:
    return {
        "code": found.code,
        "name": found.name,
        "short_name": found.short_name,
        "parent": found.parent.code if found.parent else None,
        "place": found.place.code if found.place else None,
        "phone": found.phone,
    }
