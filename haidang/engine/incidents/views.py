"""Pages of incidents, and what people decide on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haidang.engine.alarms.models import Alarm
from haidang.engine.incidents import actions, forms, pages
from haidang.engine.incidents.models import Entry, Incident, Step
from haidang.engine.paging import stretch
from haidang.engine.people.deciding import decided
from haidang.engine.people.rights import may, person_of, refuse, requires
from haidang.engine.people.sessions import fresh_required

if TYPE_CHECKING:
    from django.forms import Form

PAGE = 200


@require_safe
@requires("incident.see")
def incident_list(request: HttpRequest) -> HttpResponse:
    mine = Incident.objects.for_user(request.user).with_orders_left().select_related("place", "commander")
    shown = mine if request.GET.get("state") == "all" else mine.open()
    context = {
        "incidents": stretch(shown.order_by("priority", "-opened_at", "-pk"), request, PAGE),
        "state": request.GET.get("state", ""),
    }
    return render(request, "incidents/list.html", context | {"may_open": may(request.user, "incident.open")})


@require_safe
@requires("incident.see")
def incident(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, visible_incident(request, pk))


@require_safe
@requires("incident.see")
def by_code(request: HttpRequest, code: str) -> HttpResponse:
    """What is written in a log or said on the phone leads to the page."""
    return redirect(get_object_or_404(Incident.objects.for_user(request.user), code=code))


@require_http_methods(["GET", "POST"])
@requires("incident.open")
def open_by_hand(request: HttpRequest) -> HttpResponse:
    form = forms.IncidentForm(request.POST or None)
    if form.is_valid():
        return redirect(actions.open_incident(by=person_of(request), **form.cleaned_data))
    return render(request, "incidents/open.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
@requires("incident.open")
def open_from_alarm(request: HttpRequest, pk: int) -> HttpResponse:
    """One key on an alarm. Pressed twice it leads to the incident that is already there."""
    alarm = get_object_or_404(Alarm.objects.for_user(request.user), pk=pk)
    if found := actions.handled_by(alarm):
        return redirect(found)
    # Seen here, but perhaps opened only elsewhere: rights to open are asked of this alarm's own scope.
    if not may(request.user, "incident.open", office=alarm.office, place=alarm.place, domain=alarm.domain):
        return refuse(request)
    return redirect(actions.open_from_alarm(alarm=alarm, by=person_of(request)))


@require_POST
@requires("incident.act")
def join_alarm(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = visible_incident(request, pk, "incident.act"), person_of(request)
    form = forms.JoinForm(request.POST, alarms=Alarm.objects.for_user(request.user))
    done = decided(form, lambda: actions.join_alarm(incident=found, alarm=form.cleaned_data["alarm"], by=by))
    return redirect(found) if done else show(request, found, {"join": form})


@require_POST
@requires("incident.act")
def note(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = visible_incident(request, pk, "incident.act"), person_of(request)
    form = forms.NoteForm(request.POST)

    def write() -> None:
        is_decision = bool(form.cleaned_data["decided_by"].strip())
        actions.note(incident=found, by=by, is_decision=is_decision, **form.cleaned_data)

    return redirect(found) if decided(form, write) else show(request, found, {"note": form})


@require_POST
@requires("incident.act")
def step(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    found, by = visible_incident(request, pk, "incident.act"), person_of(request)
    taken = get_object_or_404(Step, incident=found, number=number)
    form = forms.StepForm(request.POST, incident=found)
    if decided(form, lambda: actions.take_step(step=taken, by=by, **form.cleaned_data)):
        return redirect(f"{found.get_absolute_url()}#step-{number}")
    return show(request, found, {"step": form})


@require_POST
@requires("incident.act")
def undo_step(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    found = visible_incident(request, pk, "incident.act")
    taken = get_object_or_404(Step, incident=found, number=number)
    return attempt(
        request, found, lambda: actions.undo_step(step=taken, by=person_of(request)), f"step-{number}"
    )


@require_POST
@requires("incident.act")
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = visible_incident(request, pk, "incident.act"), person_of(request)
    form = forms.ProcedureForm(request.POST)

    def take() -> None:
        procedure = actions.procedure_named(form.cleaned_data["procedure"])
        actions.follow(incident=found, procedure=procedure, by=by)

    return redirect(found) if decided(form, take) else show(request, found, {"procedure": form})


@require_POST
@requires("incident.act")
def pin(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    found = visible_incident(request, pk, "incident.act")
    line = get_object_or_404(Entry, incident=found, pk=entry)
    return attempt(request, found, lambda: actions.pin(entry=line, by=person_of(request)), "timeline")


@require_POST
@requires("incident.act")
def command(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = visible_incident(request, pk, "incident.act"), person_of(request)
    form = forms.CommandForm(request.POST)

    def change() -> None:
        data = form.cleaned_data
        if data["commander"].pk != found.commander_id:
            actions.change_command(incident=found, to=data["commander"], by=by)
        if data["priority"] != found.priority:
            actions.change_priority(incident=found, priority=data["priority"], by=by)

    return redirect(found) if decided(form, change) else show(request, found, {"command": form})


@require_POST
@requires("incident.act")
@fresh_required
def close(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = visible_incident(request, pk, "incident.act"), person_of(request)
    form = forms.CloseForm(request.POST)
    done = decided(form, lambda: actions.close_incident(incident=found, by=by, **form.cleaned_data))
    return redirect(found) if done else show(request, found, {"close": form})


# --- shared with the views of orders ----------------------------------------------------------------------
def visible_incident(request: HttpRequest, pk: int, act: str = "incident.see") -> Incident:
    related = ("place__parent", "office", "commander", "opened_by", "closed_by")
    return get_object_or_404(Incident.objects.for_user(request.user, act).select_related(*related), pk=pk)


def show(request: HttpRequest, found: Incident, refused: Mapping[str, Form] | None = None) -> HttpResponse:
    """The page. `refused` are forms that did not hold, by the name they have in the template: they stand
    there with all that was typed, and what is wrong is said on top.
    """
    found.refresh_from_db(fields=["closed_at", "closed_by"])
    context = pages.incident_page(found, person_of(request), request)
    context["page_url"] = found.get_absolute_url()
    context["refused_form"] = next(iter((refused or {}).values()), None)
    if context["may_act"] or context["may_issue"]:
        context["forms"] = pages.incident_forms(found) | dict(refused or {})
    return render(request, "incidents/incident.html", context, status=422 if refused else 200)


def attempt(
    request: HttpRequest, target: Incident, act: Callable[[], object], part: str = ""
) -> HttpResponse:
    """Press a button without a form and go back to the page; what does not hold is said there."""
    try:
        act()
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, _("Lỗi: %(text)s") % {"text": text})
    return redirect(f"{target.get_absolute_url()}{'#' if part else ''}{part}")
