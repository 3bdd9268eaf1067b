"""What the pages of incidents and orders show, gathered in a few queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.utils.translation import gettext as _

from haidang.engine.alarms.ending import endings
from haidang.engine.alarms.models import Alarm
from haidang.engine.incidents import actions, forms
from haidang.engine.incidents.chart import incident_maps
from haidang.engine.incidents.contacts import contacts, duty_phone
from haidang.engine.incidents.models import Entry, Incident, Step
from haidang.engine.incidents.orders import Extension, Order
from haidang.engine.paging import stretch
from haidang.engine.people.rights import may

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpRequest

    from haidang.engine.people.models import Person

LINES = 200
DROPPED = (Order.State.CANCELLED, Order.State.REISSUED)
LOOSE = 30


def incident_page(incident: Incident, person: Person, request: HttpRequest) -> dict[str, Any]:
    """Everything of one incident that this person may see. Officers see their orders and what was written
    to them.
    """
    ordered = (
        Order.objects.for_user(person)
        .filter(incident=incident)
        .select_related("office", "addressee", "incident")
        .annotate(proof_count=Count("proofs"))
        .order_by("number")
    )
    orders: list[Order] = list(ordered)
    entries = Entry.objects.for_user(person).filter(incident=incident)
    steps = list(incident.steps.select_related("by", "shown_by__incident"))
    taken = [step for step in steps if step.at]
    alarms = list(incident.alarms.select_related("asset", "source", "series", "place").order_by("raised_at"))
    waits = endings(alarms)
    return {
        "incident": incident,
        "orders": orders,
        # What was cancelled or given to another is not waited for any more.
        "live": sum(order.state not in DROPPED for order in orders),
        "received": sum(order.received_at is not None and order.state not in DROPPED for order in orders),
        "steps": steps,
        "steps_done": sum(step.state != Step.State.TODO for step in steps),
        # The one ticked last can be taken back, as long as the incident is open.
        "undoable": max(taken, key=lambda step: step.at or incident.opened_at)
        if taken and not incident.closed_at
        else None,
        "current_step": next((step.number for step in steps if step.state == Step.State.TODO), 0),
        "alarms": [(alarm, waits.get(alarm.pk)) for alarm in alarms],
        "first_alarm": alarms[0] if alarms else None,
        "first_ending": waits.get(alarms[0].pk) if alarms else None,
        # Open alarms no incident handles yet, for this one to take in.
        "loose": Alarm.objects.for_user(person)
        .open()
        .filter(incident_code="")
        .select_related("asset", "source", "place")
        .order_by("priority", "-raised_at")[:LOOSE],
        "standing": 0 if incident.closed_at else sum(alarm.returned_at is None for alarm in alarms),
        "contacts": contacts(incident, orders, person),
        "maps": incident_maps(incident, str(Alarm.Priority(incident.priority).label)),
        "entries": stretch(
            entries.select_related("person", "incident", "pin").order_by("-at", "-pk"), request, LINES, "dong"
        ),
        "pinned": entries.exclude(pin=None).count(),
        "reasons": actions.what_keeps_open(incident) if incident.closed_at is None else [],
        "may_act": may(person, "incident.act", domain=incident.domain),
        "may_issue": may(person, "order.issue", domain=incident.domain),
        "may_push": may(person, "wall.push"),
    }


def incident_forms(incident: Incident) -> dict[str, Form]:
    """The forms of its page, empty, by the names the template knows them by."""
    return {
        "order": forms.OrderForm(),
        "note": forms.NoteForm(),
        "step": forms.StepForm(incident=incident),
        "close": forms.CloseForm(),
        "command": forms.CommandForm(
            initial={"commander": incident.commander_id, "priority": incident.priority}
        ),
        "procedure": forms.ProcedureForm(),
    }


def order_page(order: Order, person: Person) -> dict[str, Any]:
    """One order, for who does it and for who gave it."""
    is_recipient = may(person, "order.receive", office=order.office)
    may_verify = may(person, "order.verify", domain=order.ground.domain)
    proofs = list(order.proofs.select_related("by").order_by("at"))
    incident = order.incident
    alarm = incident.alarms.select_related("asset").first() if incident else None
    return {
        "order": order,
        "ground": order.ground,
        "helpers": list(order.helpers.order_by("sort_key")),
        "helps": may_help(order, person),
        "extensions": list(order.extensions.select_related("asked_by", "decided_by").order_by("-pk")),
        "is_asked": order.extensions.filter(state=Extension.State.ASKED).exists(),
        "leads": leads(order, person),
        "proofs": proofs,
        "asset": alarm.asset if alarm else None,
        "maps": incident_maps(incident, str(Alarm.Priority(incident.priority).label)) if incident else None,
        "reissues": Order.objects.for_user(person)
        .filter(reissue_of=order)
        .select_related("office", "incident", "conclusion"),
        "entries": order.entries.select_related("person", "incident", "conclusion").order_by("-at", "-pk")[
            :60
        ],
        "receipts": [
            (_("Gửi"), order.issued_at),
            (_("Nhận"), order.received_at),
            (_("Bắt đầu") if order.conclusion_id else _("Tới"), order.arrived_at),
            (_("Xong"), order.done_at),
            (_("Đóng"), order.verified_at),
        ],
        "is_recipient": is_recipient,
        "may_verify": may_verify and order.done_by_id != person.pk,
        "may_issue": may(person, "order.issue", domain=order.ground.domain),
        "is_ready": not order.needs_proof or bool(proofs),
        "duty_phone": duty_phone(),
    }


def may_help(order: Order, person: Person) -> bool:
    """Whether this person's office takes part without being the one that answers for it."""
    return any(may(person, "order.receive", office=office) for office in order.helpers.all())


def leads(order: Order, person: Person) -> bool:
    """Whoever gave it, answers for what it stands on, or leads the shift: they verify and give more time."""
    return person.pk in (order.issued_by_id, order.ground.chief_id) or may(person, "shift.manage")


def order_forms() -> dict[str, Form]:
    """The forms of an order's page, empty, by the names the template knows them by."""
    return {
        "proof": forms.ProofForm(),
        "finish": forms.FinishForm(),
        "report": forms.ReportForm(),
        "refuse": forms.ReasonForm(prefix="refuse"),
        "back": forms.ReasonForm(prefix="back"),
        "cancel": forms.ReasonForm(prefix="cancel"),
        "reissue": forms.ReissueForm(prefix="reissue"),
        "extend": forms.ExtensionForm(prefix="extend"),
        "deny": forms.ReasonForm(prefix="deny"),
    }
