"""`haidang station`: register and list stations."""

from __future__ import annotations

import click

from haidang.config.cli import json_option, print_json, setup


@click.group()
def station() -> None:
    """Register and list stations."""
    setup()


@station.command("add")
@click.option("--code", required=True, help="As it stands in files, messages and topics.")
@click.option("--name", required=True)
@click.option("--kind", required=True, help="air, water, or a kind that a domain.yml declares.")
@click.option("--lat", required=True, type=click.FloatRange(-90, 90))
@click.option("--lon", required=True, type=click.FloatRange(-180, 180))
@click.option(
    "--file-name",
    help="Regular expression of its whole file names, where they differ; a part (?P<station>…) must read its code."
    " Unchanged when left out, none when empty.",
)
@click.option("--office", default="", help="Code of the office that runs it.")
@json_option
def add(
    code: str, name: str, kind: str, lat: float, lon: float, file_name: str | None, office: str, as_json: bool
) -> None:
    """Register a station, or change one that is registered. Its refused records can be replayed then."""
    from django.core.exceptions import ValidationError

    from haidang.engine.assets.actions import register_station
    from haidang.engine.contracts.tree import load_tree
    from haidang.engine.people.models import Office

    domains = {
        known: name for name, entry in load_tree().domains.items() for known in entry.thing.asset_kinds
    }
    if kind not in domains:
        hint = (
            "kinds of your own domains are known where HAIDANG_DOMAINS names their folder, as for haidang up"
        )
        raise click.ClickException(
            f"There is no kind {kind}; there are: {', '.join(sorted(domains))} ({hint})."
        )
    found = Office.objects.filter(code=office).first() if office else None
    if office and found is None:
        raise click.ClickException(f"There is no office {office}.")
    try:
        asset, created = register_station(
            code=code, name=name, kind=kind, domain=domains[kind], lat=lat, lon=lon, office=found,
            file_name_pattern=file_name,
        )  # fmt: skip
    except ValidationError as error:
        raise click.ClickException(str(error.message)) from None
    if asset.place is None:
        click.echo(f"{lat}, {lon} lies in no commune of Vietnam: check --lat and --lon.", err=True)
    if as_json:
        print_json({"code": asset.code, "name": asset.name, "kind": asset.kind, "created": created})
    else:
        click.echo(f"{asset.code} {'registered' if created else 'changed'}.")


@station.command("list")
@click.option("--kind", default="")
@json_option
def list_stations(kind: str, as_json: bool) -> None:
    """Every registered station."""
    from haidang.engine.assets.models import Asset

    found = Asset.objects.select_related("place").order_by("code")
    if kind:
        found = found.filter(kind=kind)
    rows = [
        {
            "code": asset.code,
            "name": asset.name,
            "kind": asset.kind,
            "lat": asset.lat,
            "lon": asset.lon,
            "file_name": asset.file_name_pattern,
            "place": str(asset.place) if asset.place else "",
            "active": asset.is_active,
        }
        for asset in found
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['code']:<16} {row['kind']:<6} {row['name']:<40} {row['place']}")
