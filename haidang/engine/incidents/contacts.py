"""Whom to call about an incident: numbers of duty and offices in clear, a person's own only after an audited look."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from haidang.engine import clock
from haidang.engine.incidents.models import Incident
from haidang.engine.incidents.orders import Order
from haidang.engine.people.duty import on_duty
from haidang.engine.people.masking import mask_phone, reveal
from haidang.engine.people.models import Person
from haidang.engine.people.rights import may, person_of, requires
from haidang.engine.people.sessions import fresh_required

if TYPE_CHECKING:
    from haidang.engine.people.models import Office, Shift


@dataclass(frozen=True, slots=True)
class Contact:
    """One line. `phone` is of a desk or an office; `own` the masked number of a person who may be asked for."""

    name: str
    role: str
    phone: str
    own: str = ""
    person: int = 0


def contacts(incident: Incident, orders: Iterable[Order], asker: Person) -> list[Contact]:
    """Commander, who is on duty, and the offices that have an order; one line for each."""
    shift = on_duty(clock.now())
    found = [_of(incident.commander, _("chỉ huy sự việc"), incident, asker, shift)]
    if shift:
        role = _("trực ban trưởng, %(shift)s") % {"shift": shift.name}
        found.append(_of(shift.chief, role, incident, asker, shift))
    if incident.office:
        # Of a published figure the office is the one whose file it stands in.
        sends = incident.alarms.filter(office=incident.office).exclude(period="").exists()
        role = _("gửi số liệu") if sends else _("quản lý trạm")
        found.append(Contact(incident.office.name, role, incident.office.phone))
    for order in orders:
        role = _("lệnh %(code)s") % {"code": order.code}
        if order.addressee:
            line = _of(order.addressee, role, incident, asker)
            found.append(replace(line, phone=order.office.phone or line.phone))
        else:
            found.append(Contact(order.office.name, role, order.office.phone))
    return list({contact.name: contact for contact in reversed(found)}.values())[::-1]


def _of(person: Person, role: str, incident: Incident, asker: Person, shift: Shift | None = None) -> Contact:
    """Whoever is on duty is called at the desk of the shift, anybody else at his office."""
    is_at_desk = shift is not None and person in (shift.chief, *shift.members.all())
    desk = shift.phone if shift and is_at_desk and shift.phone else _phone_of(person.office)
    if person.phone and _may_look(asker, person, incident):
        return Contact(person.name, role, desk, mask_phone(person.phone), person.pk)
    return Contact(person.name, role, desk)


def _may_look(asker: Person, person: Person, incident: Incident) -> bool:
    return may(asker, "personal.see", office=person.office, domain=incident.domain)


def _phone_of(office: Office | None) -> str:
    return office.phone if office else ""


@require_POST
@requires("personal.see")
@fresh_required
def own_phone(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    """The number of one contact of this incident as a fragment; the look stands in the log."""
    asker = person_of(request)
    incident = get_object_or_404(Incident.objects.for_user(asker), pk=pk)
    orders = Order.objects.for_user(asker).filter(incident=incident).select_related("office", "addressee")
    asked = {contact.person for contact in contacts(incident, orders, asker)} - {0}
    found = get_object_or_404(Person, pk=person, pk__in=asked)
    clear = reveal(thing=found, field="phone", purpose="incident", by=asker, request=request)
    return render(request, "incidents/own_phone.html", {"clear": clear})


def duty_phone() -> str:
    """Whom the field calls: the desk that is on duty now."""
    shift = on_duty(clock.now())
    return (shift.phone or _phone_of(shift.chief.office)) if shift else ""
