"""Pages of alarms: the list, one alarm, what people do with it, and the health of all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from haidang.engine.alarms import actions
from haidang.engine.alarms.ending import endings
from haidang.engine.alarms.forms import CommentForm, ServiceForm, ShelveForm
from haidang.engine.alarms.health import health
from haidang.engine.alarms.listing import listing
from haidang.engine.alarms.models import STATES, Alarm, OutOfService, state_word
from haidang.engine.notify.shared import shared_fragment
from haidang.engine.paging import stretch
from haidang.engine.people.deciding import decided
from haidang.engine.people.rights import may, person_of, requires
from haidang.engine.people.sessions import fresh_required
from haidang.engine.rules.evaluation import evaluator

if TYPE_CHECKING:
    from django import forms

HISTORY = 200
EVENTS = 60


@require_safe
@requires("alarm.see")
def alarm_list(request: HttpRequest) -> HttpResponse:
    """The list at the left, and beside it the latest alarms or those of one state."""
    state = request.GET.get("state", "")
    shown = Alarm.objects.for_user(request.user)
    shown = shown.in_state(state) if state in STATES else shown
    if rule := request.GET.get("rule", ""):
        shown = shown.filter(rule=rule)
    related = shown.select_related("asset", "source", "place", "acknowledged_by")
    out = OutOfService.objects.for_user(request.user).filter(ended_at=None)
    states = [(name, state_word(name)) for name in (*STATES, "out_of_service")]
    context = {
        "listing": listing(request.user),
        "alarms": stretch(related.order_by("-raised_at", "-pk"), request, HISTORY),
        "state": state,
        "states": states,
        "out": out.select_related("by").order_by("-since"),
        "may_stop": may(request.user, "shift.manage"),
    }
    return render(request, "alarms/list.html", context)


@require_safe
@requires("alarm.see")
@shared_fragment
def list_fragment(request: HttpRequest) -> HttpResponse:
    """The left pane alone, fetched again whenever an alarm changes."""
    return render(request, "alarms/list_fragment.html", {"listing": listing(request.user)})


@require_safe
@requires("alarm.see")
def alarm(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _visible(request, pk))


def _show(
    request: HttpRequest, found: Alarm, refused: Mapping[str, forms.Form] | None = None
) -> HttpResponse:
    """The page, with a form that did not hold as it was typed and what is wrong with it on top."""
    placed = evaluator().book.rules.get(found.rule)
    context = {
        "listing": listing(request.user),
        "alarm": found,
        "rule": placed.rule if placed else None,
        "ending": endings([found]).get(found.pk),
        "events": stretch(
            found.events.select_related("person").order_by("-recorded_at", "-pk"),
            request,
            EVENTS,
            "dien-bien",
        ),
        "others": Alarm.objects.for_user(request.user)
        .filter(rule=found.rule, subject=found.subject)
        .exclude(pk=found.pk)[:8],
        "forms": {
            "comment": CommentForm(),
            "shelve": ShelveForm(prefix="shelve"),
            "service": ServiceForm(prefix="service"),
            **(refused or {}),
        },
        "refused_form": next(iter((refused or {}).values()), None),
        "page_url": found.get_absolute_url(),
        "may_act": _may_act(request, found),
        "may_open": may(
            request.user, "incident.open", office=found.office, place=found.place, domain=found.domain
        ),
        "may_stop": may(request.user, "shift.manage"),
        "out": OutOfService.objects.filter(ended_at=None, rule=found.rule, subject=found.subject).first(),
    }
    return render(request, "alarms/alarm.html", context, status=422 if refused else 200)


@require_POST
@requires("alarm.acknowledge")
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """From the list (answers with the list) or from the alarm's page."""
    found = _visible(request, pk, "alarm.acknowledge")
    actions.acknowledge(alarm=found, by=person_of(request), note=request.POST.get("note", "").strip())
    if request.headers.get("HX-Request"):
        return render(request, "alarms/list_fragment.html", {"listing": listing(request.user)})
    return redirect(found)


@require_POST
@requires("alarm.acknowledge")
def shelve(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = _visible(request, pk, "alarm.acknowledge"), person_of(request)
    form = ShelveForm(request.POST, prefix="shelve")

    def put_aside() -> None:
        actions.shelve(alarm=found, by=by, reason=form.cleaned_data["reason"], until=form.until())

    return redirect(found) if decided(form, put_aside) else _show(request, found, {"shelve": form})


@require_POST
@requires("alarm.acknowledge")
def unshelve(request: HttpRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk, "alarm.acknowledge")
    actions.unshelve(alarm=found, by=person_of(request))
    return redirect(found)


@require_POST
@requires("alarm.acknowledge")
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = _visible(request, pk, "alarm.acknowledge"), person_of(request)
    form = CommentForm(request.POST)
    done = decided(form, lambda: actions.comment(alarm=found, by=by, **form.cleaned_data))
    return redirect(found) if done else _show(request, found, {"comment": form})


@require_POST
@requires("shift.manage")
@fresh_required
def take_out_of_service(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = _visible(request, pk), person_of(request)
    form = ServiceForm(request.POST, prefix="service")

    def stop() -> None:
        reason = form.cleaned_data["reason"]
        actions.take_out_of_service(rule=found.rule, subject=found.subject, by=by, reason=reason)

    return redirect(found) if decided(form, stop) else _show(request, found, {"service": form})


@require_POST
@requires("shift.manage")
@fresh_required
def put_into_service(request: HttpRequest, pk: int) -> HttpResponse:
    entry = get_object_or_404(OutOfService, pk=pk, ended_at=None)
    try:
        actions.put_into_service(entry=entry, by=person_of(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("alarms:list")


@require_safe
@requires("alarm.see")
def alarm_health(request: HttpRequest) -> HttpResponse:
    hours = {"8": 8, "24": 24, "168": 168}.get(request.GET.get("hours", ""), 24)
    context = {"listing": listing(request.user), "health": health(request.user, hours), "hours": hours}
    return render(request, "alarms/health.html", context)


def _visible(request: HttpRequest, pk: int, act: str = "alarm.see") -> Alarm:
    related = ("asset__office", "source", "place", "office", "series", "acknowledged_by", "shelved_by")
    return get_object_or_404(Alarm.objects.for_user(request.user, act).select_related(*related), pk=pk)


def _may_act(request: HttpRequest, found: Alarm) -> bool:
    return Alarm.objects.for_user(request.user, "alarm.acknowledge").filter(pk=found.pk).exists()
