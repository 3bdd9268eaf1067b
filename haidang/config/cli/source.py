"""`haidang source`: sources and their keys."""

from __future__ import annotations

import sys
from typing import Any

import click

from haidang.config.cli import json_option, print_json, setup


@click.group()
def source() -> None:
    """List sources; make and revoke their keys."""
    setup()


@source.command("list")
@json_option
def list_sources(as_json: bool) -> None:
    """Every source, its doors and its valid keys."""
    from django.conf import settings

    from haidang.config import addresses
    from haidang.config.credentials import ways
    from haidang.engine.store.models import Source

    doors = {way.address: way.doors for way in ways(addresses.database_url(settings.HAIDANG_HOME))}
    rows: list[dict[str, Any]] = [
        {
            "address": found.address,
            "title": found.title,
            "active": found.is_active,
            "doors": doors.get(found.address, []),
            "keys": [
                {"user": key.user, "label": key.label, "stations": key.stations, "created": key.created_at}
                for key in found.credentials.filter(revoked_at=None).order_by("pk")
            ],
        }
        for found in Source.objects.order_by("address")
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['address']:<40} {'+'.join(row['doors']):<14} {row['title']}")
        for key in row["keys"]:
            scope = ", ".join(key["stations"]) if key["stations"] is not None else "every station"
            click.echo(f"    {key['user']:<48} {scope}  {key['label']}")


@source.command("key")
@click.argument("address")
@click.option("--stations", default="", help="Codes separated by commas; without it: every station.")
@click.option("--label", default="", help="For whom, as people will read it later.")
@json_option
def make_key(address: str, stations: str, label: str, as_json: bool) -> None:
    """Make one more key of the source ADDRESS. Its secrets are shown once."""
    from haidang.engine.store.credentials import issue
    from haidang.engine.store.models import Source

    found = Source.objects.filter(address=address, is_active=True).first()
    if found is None:
        raise click.ClickException(f"There is no source {address}; see haidang source list.")
    codes = [code.strip() for code in stations.split(",") if code.strip()]
    if wrong := [code for code in codes if not code.replace("-", "").replace("_", "").isalnum()]:
        raise click.ClickException(f"Not a station code: {wrong[0]!r}; use letters, digits, - and _.")
    issued = issue(source=found, stations=codes or None, label=label)
    live = _make_live()
    shown = {
        "user": issued.user,
        "password": issued.password,
        "key": issued.key,
        "topic": issued.topics[0],
        "topics": issued.topics,
        "stations": codes or None,
        "label": label,
    }
    if as_json:
        print_json(shown)
    else:
        for name, value in shown.items():
            click.echo(f"{name:<10} {value if value is not None else '–'}")
        click.echo("Write them down: they are not shown again.")
    if not live:
        click.echo("The doors do not run now; the key is valid as soon as they do.", err=True)


@source.command("revoke")
@click.argument("user")
@json_option
def revoke_key(user: str, as_json: bool) -> None:
    """Make the key of USER invalid at every door."""
    from haidang.engine.store.credentials import revoke

    if not revoke(user=user):
        raise click.ClickException(f"There is no valid key of the user {user}.")
    _make_live()
    if as_json:
        print_json({"user": user, "revoked": True})
    else:
        click.echo(f"{user} is revoked.")


@source.command("credential")
@click.argument("address")
@click.option("--remove", is_flag=True, help="Take the kept one away.")
@json_option
def pull_credential(address: str, remove: bool, as_json: bool) -> None:
    """Set what we show to the system that the source ADDRESS is pulled from. It is kept encrypted.

    Asked for without showing it; or, from a pipe, JSON of any of user, password, token, private_key, or a bare token.
    """
    from django.conf import settings

    from haidang.engine.connectors.pull.sealing import seal
    from haidang.engine.store.credentials import keep_pull_credential
    from haidang.engine.store.models import Source

    found = Source.objects.filter(address=address, is_active=True).first()
    if found is None:
        raise click.ClickException(f"There is no source {address}; see haidang source list.")
    secret = None if remove else _asked_secret()
    keep_pull_credential(source=found, sealed=seal(settings.HAIDANG_HOME, secret) if secret else None)
    if as_json:
        print_json({"source": address, "set": secret is not None})
    else:
        click.echo(f"The credential of {address} is {'removed' if remove else 'kept, encrypted'}.")


def _asked_secret() -> Any:
    """From the terminal without echo, or from a pipe; never from the command line, which others can see."""
    import msgspec

    from haidang.engine.connectors.pull.sealing import Secret

    if sys.stdin.isatty():
        user = click.prompt("User or client id (empty: none)", default="", show_default=False)
        password = click.prompt("Password or client secret", default="", show_default=False, hide_input=True)
        token = click.prompt("Token or key", default="", show_default=False, hide_input=True)
        secret = Secret(user=user, password=password, token=token)
    else:
        text = sys.stdin.read().strip()
        try:
            secret = msgspec.json.decode(text, type=Secret) if text.startswith("{") else Secret(token=text)
        except msgspec.MsgspecError:
            # Its words could hold a part of the secret.
            raise click.ClickException(
                "This is no JSON of user, password, token, private_key (texts); nothing was kept."
            ) from None
    if not secret:
        raise click.ClickException("Nothing was given, nothing was kept.")
    return secret


def _make_live() -> bool:
    """Write the doors' roster now; they look at it whenever somebody knocks. Says whether a centre runs here."""
    from django.conf import settings

    from haidang.config import addresses
    from haidang.config.credentials import write_roster
    from haidang.config.supervisor.lock import Home

    write_roster(addresses.database_url(settings.HAIDANG_HOME), settings.HAIDANG_HOME)
    return Home(settings.HAIDANG_HOME).is_taken()
