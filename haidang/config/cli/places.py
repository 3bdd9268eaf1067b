"""`haidang places …`: the register of units and their boundaries."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from haidang.config.cli import json_option, print_json, setup
from haidang.config.cli.places_apportion import apportion, figures

if TYPE_CHECKING:
    from haidang.engine.places.models import Place


@click.group()
def places() -> None:
    """Administrative units: load, search, boundaries."""
    setup()


places.add_command(apportion)
places.add_command(figures)


@places.command()
@json_option
def load(as_json: bool) -> None:
    """Load the register of units unless this version is loaded already."""
    from haidang.engine.places.register import ensure_loaded

    loaded = ensure_loaded()
    if as_json:
        print_json(
            {"places": loaded.places, "successions": loaded.successions, "was_current": loaded.was_current}
        )
    elif loaded.was_current:
        click.echo("The register is loaded already.")
    else:
        click.echo(f"Loaded {loaded.places} spans of units and {loaded.successions} successions.")


@places.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--at", "day", type=click.DateTime(["%Y-%m-%d"]), help="Units as they stood on this day.")
@click.option("--all", "include_past", is_flag=True, help="Also units that are no more.")
@click.option("--limit", default=20, show_default=True)
@json_option
def search(
    text: tuple[str, ...], day: datetime | None, include_past: bool, limit: int, as_json: bool
) -> None:
    """Find units by name, with or without tones."""
    from haidang.engine.places.search import search as find

    found = find(" ".join(text), day=day.date() if day else None, include_past=include_past, limit=limit)
    if as_json:
        print_json([_row(place) for place in found])
        return
    if not found:
        raise click.ClickException(
            f"No unit is called {' '.join(text)!r}; try fewer letters, or --all for former units."
        )
    for place in found:
        click.echo(f"{place.code:>5}  {_long_name(place)}{_span(place)}")


@places.command()
@click.argument("code")
@click.option("--at", "day", type=click.DateTime(["%Y-%m-%d"]), help="Only as it stood on this day.")
@json_option
def show(code: str, day: datetime | None, as_json: bool) -> None:
    """Show a unit by its code: every span of validity, what it came from and what became of it."""
    from haidang.engine.places.search import spans_of

    spans = spans_of(code, day=day.date() if day else None)
    if not spans:
        when = f" on {day:%d/%m/%Y}" if day else ""
        raise click.ClickException(f"No unit has the code {code}{when}; codes keep their zeros (00004).")
    if as_json:
        print_json([_row(place) | _kin(place) for place in spans])
        return
    for place in spans:
        click.echo(f"{place.code}  {_long_name(place)}{_span(place)}")
        if place.basis:
            click.echo(f"       {place.basis}")
        for way, kin in _kin(place).items():
            for one in kin:
                share = "" if one["share"] == 1 else f", {one['share']:.0%} (ước)"
                click.echo(
                    f"       {'from' if way == 'predecessors' else 'to'} {one['code']} {one['name']}{share}"
                )


@places.command(context_settings={"ignore_unknown_options": True})
@click.argument("lat", type=float)
@click.argument("lon", type=float)
@json_option
def at(lat: float, lon: float, as_json: bool) -> None:
    """Say which commune a point lies in."""
    from haidang.engine.places.locating import point_to_commune

    try:
        found = point_to_commune(lat, lon)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    if found is None:
        raise click.ClickException(f"{lat}, {lon} lies in no commune of Vietnam.")
    if as_json:
        row = {"code": found.code, "name": found.name, "kind": found.kind, "province": found.province_code}
        print_json(row | {"is_schematic": found.is_schematic})
        return
    sure = "sơ đồ, không phải địa giới" if found.is_schematic else "theo địa giới đã nhập"
    click.echo(f"{found.code}  {found.kind} {found.name} ({sure})")


@places.command("import-boundaries")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def import_boundaries(file: Path, as_json: bool) -> None:
    """Load official boundaries from a GeoJSON FeatureCollection whose features carry the unit's code."""
    from haidang.engine.places.boundaries import UnreadableFile
    from haidang.engine.places.boundaries import import_boundaries as load_file

    try:
        result = load_file(file)
    except UnreadableFile as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(
            json.dumps({"accepted": result.accepted, "refused": result.refused}, ensure_ascii=False, indent=2)
        )
    else:
        for reason in result.refused:
            click.echo(f"refused: {reason}", err=True)
        click.echo(f"{result.accepted} boundaries accepted, {len(result.refused)} refused.")
    if result.refused:
        raise SystemExit(1)


def _long_name(place: Place) -> str:
    parents, parent = [], place.parent
    while parent is not None:
        parents.append(str(parent))
        parent = parent.parent
    return ", ".join([str(place), *parents])


def _span(place: Place) -> str:
    start, end = place.valid_from_date, place.valid_to_date
    if end is None:
        return f"  (từ {start:%d/%m/%Y})" if start else ""
    return f"  ({f'{start:%d/%m/%Y}' if start else '…'} – {end:%d/%m/%Y})"


def _row(place: Place) -> dict[str, Any]:
    def day(value: date | None) -> str | None:
        return value.isoformat() if value else None

    return {
        "code": place.code,
        "level": place.level,
        "kind": place.kind,
        "name": place.name,
        "parent": place.parent.code if place.parent else None,
        "full_name": _long_name(place),
        "valid_from": day(place.valid_from_date),
        "valid_to": day(place.valid_to_date),
        "basis": place.basis,
        "lat": place.lat,
        "lon": place.lon,
        "area_km2": place.area_km2,
    }


def _kin(place: Place) -> dict[str, list[dict[str, Any]]]:
    before = place.predecessors.select_related("old").order_by("old__sort_key", "old__code")
    after = place.successors.select_related("new").order_by("-share", "new__code")
    return {
        "predecessors": [
            {"code": one.old.code, "name": str(one.old), "share": one.share, "is_estimate": one.is_estimate}
            for one in before
        ],
        "successors": [
            {"code": one.new.code, "name": str(one.new), "share": one.share, "is_estimate": one.is_estimate}
            for one in after
        ],
    }
