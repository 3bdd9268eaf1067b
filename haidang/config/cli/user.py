"""`haidang user`: people, their roles and passwords from the command line.

Whoever may run these already has the machine's own rights; each call is in the audit log as such. Passwords
come by standard input, never as an argument that the list of processes shows.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from haidang.config.cli import json_option, print_json, setup
from haidang.config.cli.named import office_of, place_of, spoken

if TYPE_CHECKING:
    from haidang.engine.people.models import Grant, Person

email_option = click.option("--email", required=True, help="Address of the account.")
password_option = click.option(
    "--password-stdin", is_flag=True, required=True, help="Read the password from standard input."
)


@click.group()
def user() -> None:
    """People, their roles, passwords and second factors."""
    setup()


@user.command()
@email_option
@click.option("--name", required=True, help="Full name.")
@click.option(
    "--role", required=True, help="administrator, leader, duty_chief, operator, officer, crew, analyst."
)
@click.option(
    "--office",
    "office_code",
    help="Code of the office he belongs to (`haidang office list`); narrows an officer or crew.",
)
@click.option("--within", "within_code", help="Limit the role to this office and those below it.")
@click.option("--place", "place_code", help="Limit the role to this province or commune (code).")
@click.option("--domain", default="", help="Limit the role to one domain, e.g. environment.")
@click.option("--title", default="", help="Post, e.g. Trực ban viên.")
@click.option("--phone", default="")
@click.option("--demo", is_flag=True, help="A demo account: needs no second factor, removed with the demo.")
@password_option
@json_option
@spoken
def add(
    *,
    email: str,
    name: str,
    role: str,
    office_code: str | None,
    within_code: str | None,
    place_code: str | None,
    domain: str,
    title: str,
    phone: str,
    demo: bool,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Add a person. An officer or a field crew is bound to --office; other roles reach the whole province."""
    from haidang.engine.people import actions

    person = actions.add_person(
        email=email,
        name=name,
        role=role,
        office=office_of(office_code),
        within=office_of(within_code),
        place=place_of(place_code),
        domain=domain,
        title=title,
        phone=phone,
        is_demo=demo,
        password=_password(given=password_stdin),
    )
    _show_grants(person, as_json, "Added")


@user.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List all people with their roles."""
    from haidang.engine.people.models import Person

    people = [_row(p) for p in Person.objects.select_related("office").order_by("sort_key", "email")]
    if as_json:
        print_json(people)
        return
    for row in people:
        roles = ", ".join(_words(held) for held in row["roles"])
        state = "" if row["active"] else "  DISABLED"
        state += f"  waits until {row['waits_until']}" if row["waits_until"] else ""
        click.echo(f"{row['email']:32} {row['name']:28} {row['office'] or '–':16} {roles}{state}")


@user.command()
@email_option
@json_option
@spoken
def unlock(*, email: str, as_json: bool) -> None:
    """Clear waiting times after wrong passwords; let a disabled account in again."""
    from haidang.engine.people import actions

    person = _person(email)
    actions.unlock(person=person)
    _show(person, as_json, "Unlocked")


@user.command()
@email_option
@password_option
@json_option
@spoken
def password(*, email: str, password_stdin: bool, as_json: bool) -> None:
    """Give a new password; open sessions end."""
    from haidang.engine.people import actions

    person = _person(email)
    actions.set_password(person=person, password=_password(given=password_stdin))
    _show(person, as_json, "New password for")


@user.command()
@email_option
@json_option
@spoken
def disable(*, email: str, as_json: bool) -> None:
    """Close an account at once. Nobody is deleted: the log still names them."""
    from haidang.engine.people import actions

    person = _person(email)
    actions.disable(person=person)
    _show(person, as_json, "Disabled")


@user.command("totp-reset")
@email_option
@json_option
@spoken
def totp_reset(*, email: str, as_json: bool) -> None:
    """Forget the authenticator and recovery codes of somebody who lost the phone."""
    from haidang.engine.people import actions

    person = _person(email)
    actions.reset_totp(person=person)
    _show(person, as_json, "Second factor removed from")


def _scope_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--domain", default="", help="Limited to one domain."),
        click.option("--place", "place_code", help="Limited to a province or commune (code)."),
        click.option("--office", "office_code", help="Limited to this office and those below it."),
        click.option("--role", required=True),
        email_option,
    ):
        command = option(command)
    return command


@user.command()
@_scope_options
@json_option
@spoken
def grant(
    *, email: str, role: str, office_code: str | None, place_code: str | None, domain: str, as_json: bool
) -> None:
    """Give one more role."""
    from haidang.engine.people import actions

    person = _person(email)
    actions.grant(
        person=person, role=role, office=office_of(office_code), place=place_of(place_code), domain=domain
    )
    _show_grants(person, as_json, "Granted to")


@user.command()
@_scope_options
@json_option
@spoken
def revoke(
    *, email: str, role: str, office_code: str | None, place_code: str | None, domain: str, as_json: bool
) -> None:
    """Take roles away: all with this name, or those of the given scope."""
    from haidang.engine.people import actions

    person = _person(email)
    held = person.grants.filter(role=role)
    if office_code:
        held = held.filter(office=office_of(office_code))
    if place_code:
        held = held.filter(place=place_of(place_code))
    if domain:
        held = held.filter(domain=domain)
    if not held:
        raise click.ClickException(f"{email} has no such role.")
    for one in held:
        actions.revoke(grant=one)
    _show(person, as_json, "Revoked from")


# --- looking up ----------------------------------------------------------------------------------------------
def _person(email: str) -> Person:
    from haidang.engine.people.models import Person

    found = Person.objects.filter(email__iexact=email.strip()).first()
    if found is None:
        raise click.ClickException(f"No account has the address {email}; see `haidang user list`.")
    return found


def _password(*, given: bool) -> str:
    password = sys.stdin.readline().rstrip("\r\n") if given else ""
    if not password:
        raise click.ClickException(
            "The password came empty; pipe it in, e.g. `printf %s … | haidang user …`."
        )
    return password


# --- printing ------------------------------------------------------------------------------------------------
def _row(person: Person) -> dict[str, Any]:
    from haidang.engine.people import sign_in

    return {
        "email": person.email,
        "name": person.name,
        "office": person.office.code if person.office else None,
        "active": person.is_active,
        "demo": person.is_demo,
        "waits_until": sign_in.waiting(person),
        "roles": [
            {
                "role": held.role,
                "office": held.office.code if held.office else None,
                "place": held.place.code if held.place else None,
                "domain": held.domain,
            }
            for held in person.grants.select_related("office", "place").order_by("pk")
        ],
    }


def _words(held: dict[str, Any]) -> str:
    limits = [str(held[name]) for name in ("office", "place", "domain") if held[name]]
    return f"{held['role']} ({', '.join(limits)})" if limits else f"{held['role']}"


def _show(person: Person, as_json: bool, words: str) -> None:
    if as_json:
        print_json(_row(person))
    else:
        click.echo(f"{words} {person.email}")


def _show_grants(person: Person, as_json: bool, words: str) -> None:
    """With what each of his roles reaches: an office beside a name does not narrow every role."""
    _show(person, as_json, words)
    for held in person.grants.select_related("office", "place").order_by("pk"):
        if not as_json:
            click.echo(f"  {held.role}: {_reach(held)}")
        if person.office and not (held.office or held.place or held.domain):
            click.echo(
                f"Warning: {person.email} belongs to {person.office.code}, but {held.role} reaches the whole province."
                f" To keep it to that office: haidang user revoke --email {person.email} --role {held.role}, then"
                f" haidang user grant --email {person.email} --role {held.role} --office {person.office.code}.",
                err=True,
            )


def _reach(held: Grant) -> str:
    limits = [
        f"office {held.office.code} and those below it" if held.office else "",
        f"{held.place.name} ({held.place.code})" if held.place else "",
        f"domain {held.domain}" if held.domain else "",
    ]
    return ", ".join(one for one in limits if one) or "the whole province"
