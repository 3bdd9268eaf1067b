"""Pages below /dau-noi/: the matrix of connections, and the guided way of one office."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from haidang.engine.boards.sources.content import of_contract
from haidang.engine.onboarding import actions
from haidang.engine.onboarding.forms import AskForm, RefuseForm, TryForm
from haidang.engine.onboarding.matrix import matrix
from haidang.engine.onboarding.models import Connection
from haidang.engine.onboarding.steps import definition_of, steps, term
from haidang.engine.paging import stretch
from haidang.engine.people.deciding import decided
from haidang.engine.people.models import Person
from haidang.engine.people.rights import may, person_of, requires
from haidang.engine.people.sessions import fresh_required
from haidang.engine.submissions.shelf import Way, shelf

TRIALS = 10
PAGE = 30


@require_safe
@requires("source.see")
def index(request: HttpRequest) -> HttpResponse:
    return _index(request)


def _index(request: HttpRequest, form: Form | None = None) -> HttpResponse:
    person = person_of(request)
    rows = Connection.objects.for_user(person).filter(source__address__in=shelf().sources)
    # Each asks the record for its steps: so many at once, not all there ever were.
    part = stretch(rows.select_related("source", "office").order_by("-asked_at", "-pk"), request, PAGE)
    context = {
        "cells": matrix(person),
        "opened": [(one, found, term(one, found)) for one in part.rows if (found := steps(one))],
        "part": part,
        "form": form or (AskForm(person=person) if may(person, "source.manage") else None),
    }
    return render(request, "onboarding/index.html", context, status=422 if form else 200)


@require_POST
@requires("source.manage")
@fresh_required
def ask(request: HttpRequest) -> HttpResponse:
    """Whoever runs the centre opens a connection for an office that asked for it."""
    person = person_of(request)
    form = AskForm(request.POST, person=person)
    made: list[Connection] = []
    if not decided(form, lambda: made.append(actions.ask(by=person, **form.cleaned_data))):
        return _index(request, form)
    return redirect(made[0])


@require_safe
@requires("source.see")
def connection(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _visible(request, pk))


@require_POST
@requires("source.see")
def try_file(request: HttpRequest, pk: int) -> HttpResponse:
    """By whoever may send for this office, or runs its sources."""
    found, person = _visible(request, pk), person_of(request)
    if not _may_try(person, found):
        raise PermissionDenied(_("Bạn không gửi được số liệu cho cơ quan này."))
    form = TryForm(request.POST, request.FILES, way=_way(found))

    def judge() -> None:
        file = form.cleaned_data["file"]
        period = form.cleaned_data.get("period", "")
        actions.try_file(connection=found, by=person, body=file.read(), name=file.name, period=period)

    if not decided(form, judge):
        return _show(request, found, {"try": form})
    return redirect(f"{found.get_absolute_url()}#thu")


@require_POST
@requires("source.manage")
@fresh_required
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    found, person = _visible(request, pk, "source.manage"), person_of(request)
    form = RefuseForm(request.POST)
    done = decided(form, lambda: actions.refuse(connection=found, by=person, **form.cleaned_data))
    return redirect(found) if done else _show(request, found, {"refuse": form})


def _show(request: HttpRequest, found: Connection, refused: dict[str, Form] | None = None) -> HttpResponse:
    person, way = person_of(request), _way(found)
    walked = steps(found)
    context: dict[str, Any] = {
        "connection": found,
        "title": way.title,
        "steps": walked,
        "next": next((step.name for step in walked if not step.is_done), ""),
        "term": term(found, walked),
        "impact": of_contract(way.contract),
        "trials": found.trials.select_related("by").order_by("-at")[:TRIALS],
        "may_try": _may_try(person, found) and not found.refused_at,
        "may_manage": may(person, "source.manage", office=found.office) and not found.refused_at,
        "forms": {"try": TryForm(way=way), "refuse": RefuseForm(), **(refused or {})},
        "page_url": found.get_absolute_url(),
    }
    return render(request, "onboarding/connection.html", context, status=422 if refused else 200)


def _way(found: Connection) -> Way:
    return Way(definition_of(found).contract, found.source)


def _may_try(person: Person, found: Connection) -> bool:
    return may(person, "sheet.submit", office=found.office, domain=found.source.domain) or may(
        person, "source.manage", office=found.office
    )


def _visible(request: HttpRequest, pk: int, act: str = "source.see") -> Connection:
    related = ("source", "office", "asked_by", "refused_by")
    known = Connection.objects.for_user(request.user, act).filter(source__address__in=shelf().sources)
    return get_object_or_404(known.select_related(*related), pk=pk)
