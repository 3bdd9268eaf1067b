"""Decisions about offices, people, their roles and shifts. Each is atomic and audited.

`by` is the person who decides; without one it was the command line, that is somebody with the machine's own
rights. What a person decides is narrowed to what he administers: nobody can grant more than he has.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from haidang.engine import clock
from haidang.engine.audit.actions import record
from haidang.engine.notify.outbox import announce
from haidang.engine.people import sign_in
from haidang.engine.people.models import Grant, Office, Person, Role, Shift
from haidang.engine.people.rights import may

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db import models
    from django.http import HttpRequest

    from haidang.engine.places.models import Place

COMMAND_LINE = gettext_noop("haidang (dòng lệnh)")
# Their work is one office's; the other roles serve the centre, which means the whole province.
OF_ONE_OFFICE = frozenset({Role.OFFICER, Role.CREW})


def _note(
    verb: str, thing: models.Model, detail: dict[str, Any], *, by: Person | None, request: HttpRequest | None
) -> None:
    record(
        person=by, actor="" if by else COMMAND_LINE, verb=verb, object=thing, detail=detail, request=request
    )


# --- offices -------------------------------------------------------------------------------------------------
@transaction.atomic
def add_office(
    *,
    code: str,
    name: str,
    short_name: str = "",
    parent: Office | None = None,
    place: Place | None = None,
    phone: str = "",
    is_demo: bool = False,
    by: Person | None = None,
    request: HttpRequest | None = None,
) -> Office:
    """Add one office below `parent`."""
    _only_within(by, parent)
    if Office.objects.filter(code=code).exists():
        raise ValidationError({"code": _("Mã %(code)s đã có cơ quan dùng.") % {"code": code}})
    office = Office(
        code=code,
        name=name,
        short_name=short_name or name[:60],
        parent=parent,
        place=place,
        phone=phone,
        is_demo=is_demo,
    )
    office.full_clean()
    office.save()
    _note("office.add", office, {"code": code, "name": name}, by=by, request=request)
    return office


@transaction.atomic
def change_office(
    *, office: Office, by: Person, request: HttpRequest | None = None, **fields: object
) -> Office:
    """Change name, short name, phone, place or parent of an office; a circle in the tree is refused."""
    _only_within(by, office)
    if "parent" in fields and fields["parent"] != office.parent:
        parent = fields["parent"]
        _only_within(by, parent if isinstance(parent, Office) else None)
        above = parent
        while isinstance(above, Office):
            if above == office:
                raise ValidationError({"parent": _("Cơ quan không thể trực thuộc chính mình.")})
            above = above.parent
    changed = _assign(office, fields)
    office.full_clean()
    office.save()
    _note("office.change", office, changed, by=by, request=request)
    return office


# --- people --------------------------------------------------------------------------------------------------
@transaction.atomic
def add_person(
    *,
    email: str,
    name: str,
    password: str,
    role: str,
    office: Office | None = None,
    within: Office | None = None,
    place: Place | None = None,
    domain: str = "",
    title: str = "",
    phone: str = "",
    is_demo: bool = False,
    by: Person | None = None,
    request: HttpRequest | None = None,
) -> Person:
    """Add one person with a first role.

    An officer or a field crew is bound to `office`; the other roles reach the whole province unless `within`
    names an office they are limited to.
    """
    _only_within(by, office)
    email = email.strip().lower()
    validate_email(email)
    person = Person(
        username=email,
        email=email,
        name=name.strip(),
        title=title,
        phone=phone,
        office=office,
        is_demo=is_demo,
    )
    if Person.objects.filter(email__iexact=email).exists():
        raise ValidationError({"email": _("Địa chỉ %(email)s đã có tài khoản.") % {"email": email}})
    validate_password(password, person)
    person.set_password(password)
    person.full_clean(exclude=["password"])
    person.save()
    _note(
        "person.add", person, {"email": email, "name": name, "office": _code(office)}, by=by, request=request
    )
    grant(person=person, role=role, office=within, place=place, domain=domain, by=by, request=request)
    return person


@transaction.atomic
def change_person(
    *, person: Person, by: Person, request: HttpRequest | None = None, **fields: object
) -> Person:
    """Change name, title, phone or office."""
    _only_over(by, person)
    if "office" in fields and fields["office"] != person.office:
        moved_to = fields["office"]
        _only_within(by, moved_to if isinstance(moved_to, Office) else None)
    changed = _assign(person, fields)
    person.full_clean(exclude=["password"])
    person.save()
    _note("person.change", person, changed, by=by, request=request)
    return person


@transaction.atomic
def set_password(
    *, person: Person, password: str, by: Person | None = None, request: HttpRequest | None = None
) -> None:
    """Give a new password; every session of this person ends, waiting times are cleared."""
    _only_over(by, person)
    validate_password(password, person)
    person.set_password(password)
    person.save(update_fields=["password"])
    sign_in.forgive(person.email)
    _note("person.password", person, {}, by=by, request=request)


@transaction.atomic
def unlock(*, person: Person, by: Person | None = None, request: HttpRequest | None = None) -> None:
    """Clear the waiting time after wrong passwords and let a disabled account sign in again."""
    _only_over(by, person)
    cleared = sign_in.forgive(person.email)
    if not person.is_active:
        person.is_active = True
        person.save(update_fields=["is_active"])
    _note("person.unlock", person, {"waiting_cleared": cleared}, by=by, request=request)


@transaction.atomic
def disable(*, person: Person, by: Person | None = None, request: HttpRequest | None = None) -> None:
    """Close an account; its open sessions end with their next request. Nobody is ever deleted."""
    _only_over(by, person)
    if by == person:
        raise ValidationError(_("Không thể tự khoá tài khoản của mình."))
    person.is_active = False
    person.save(update_fields=["is_active"])
    _note("person.disable", person, {}, by=by, request=request)


@transaction.atomic
def reset_totp(*, person: Person, by: Person | None = None, request: HttpRequest | None = None) -> int:
    """Forget authenticator and recovery codes (a lost phone); returns how many there were."""
    _only_over(by, person)
    count: int = Authenticator.objects.filter(user=person).delete()[0]
    _note("person.totp_reset", person, {"removed": count}, by=by, request=request)
    return count


# --- roles ---------------------------------------------------------------------------------------------------
@transaction.atomic
def grant(
    *,
    person: Person,
    role: str,
    office: Office | None = None,
    place: Place | None = None,
    domain: str = "",
    by: Person | None = None,
    request: HttpRequest | None = None,
) -> Grant:
    """Give one role within a scope; the same grant twice is one."""
    _only_over(by, person)
    if role not in Role.values:
        raise ValidationError({"role": _("Không có vai trò “%(role)s”.") % {"role": role}})
    if role in OF_ONE_OFFICE:
        office = office or person.office
        if office is None:
            raise ValidationError({"office": _("Vai trò này phải gắn với một cơ quan.")})
    _only_within(by, office)
    found, made = Grant.objects.get_or_create(
        person=person, role=role, office=office, place=place, domain=domain
    )
    if made:
        detail = {"role": role, "office": _code(office), "place": place and place.code, "domain": domain}
        _note("person.grant", person, detail, by=by, request=request)
    person.__dict__.pop("_scopes", None)
    return found


@transaction.atomic
def revoke(*, grant: Grant, by: Person | None = None, request: HttpRequest | None = None) -> None:
    """Take one role away; an administrator cannot take the last one of his own kind."""
    _only_over(by, grant.person)
    _only_within(by, grant.office)
    if by == grant.person and grant.role == Role.ADMINISTRATOR:
        raise ValidationError(_("Không thể tự bỏ quyền quản trị của mình; hãy nhờ một quản trị viên khác."))
    detail = {"role": grant.role, "office": _code(grant.office), "domain": grant.domain}
    _note("person.revoke", grant.person, detail, by=by, request=request)
    grant.delete()


# --- shifts --------------------------------------------------------------------------------------------------
@transaction.atomic
def add_shift(
    *,
    name: str,
    starts_at: datetime,
    ends_at: datetime,
    chief: Person,
    members: Iterable[Person] = (),
    phone: str = "",
    by: Person | None = None,
    request: HttpRequest | None = None,
) -> Shift:
    """Write one turn of duty into the roster."""
    shift = Shift(name=name, starts_at=starts_at, ends_at=ends_at, chief=chief, phone=phone)
    shift.full_clean()
    shift.save()
    shift.members.set(members)
    detail = {"name": name, "starts_at": starts_at, "ends_at": ends_at, "chief": chief.name}
    _note("shift.add", shift, detail, by=by, request=request)
    announce([("people", f"shift:{shift.pk}")])
    return shift


@transaction.atomic
def hand_over(
    *, shift: Shift, chief: Person, note: str, by: Person, request: HttpRequest | None = None
) -> Shift:
    """The running shift gets another chief now (illness, an urgent leave); who handed over stays in the log."""
    now = clock.now()
    shift = Shift.objects.select_for_update().get(pk=shift.pk)
    if not shift.starts_at <= now < shift.ends_at:
        raise ValidationError(_("Chỉ bàn giao được ca đang trực."))
    before, shift.chief = shift.chief, chief
    shift.save(update_fields=["chief"])
    detail = {"from": before.name, "to": chief.name, "note": note}
    _note("shift.hand_over", shift, detail, by=by, request=request)
    announce([("people", f"shift:{shift.pk}")])
    return shift


# --- limits of the one who decides ---------------------------------------------------------------------------
def _only_within(by: Person | None, office: Office | None) -> None:
    if by is not None and not may(by, "people.manage", office=office):
        raise PermissionDenied(_("Cơ quan này ngoài phạm vi quản trị của bạn."))


def _only_over(by: Person | None, person: Person) -> None:
    """`by` must reach the person's office and every role he holds, else a local one could reset a higher one."""
    if by is None:
        return
    _only_within(by, person.office)
    for held in person.grants.select_related("office"):
        _only_within(by, held.office)


def _assign(thing: models.Model, fields: dict[str, object]) -> dict[str, Any]:
    """Set the fields; returns what changed, for the log."""
    changed = {}
    for name, value in fields.items():
        if getattr(thing, name) != value:
            changed[name] = str(value) if value is not None else None
            setattr(thing, name, value)
    return changed


def _code(office: Office | None) -> str | None:
    return office.code if office else None
