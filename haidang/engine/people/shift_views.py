"""The roster: who is on duty, now and next; writing shifts, handing one over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haidang.engine import clock
from haidang.engine.people import actions, duty
from haidang.engine.people.admin_forms import HandOverForm, ShiftForm
from haidang.engine.people.deciding import decided
from haidang.engine.people.models import Shift
from haidang.engine.people.rights import person_of, requires
from haidang.engine.people.sessions import fresh_required
from haidang.engine.people.views import page, sent

SHOWN_BACK, SHOWN_AHEAD = timedelta(days=2), timedelta(days=14)


@require_safe
@requires("shift.manage")
def shifts(request: HttpRequest) -> HttpResponse:
    """Two days back, two weeks ahead, gaps named."""
    now = clock.now()
    rows = list(
        Shift.objects.filter(ends_at__gt=now - SHOWN_BACK, starts_at__lt=now + SHOWN_AHEAD)
        .select_related("chief")
        .prefetch_related("members")
        .order_by("starts_at")
    )
    running = duty.on_duty(now)
    context: dict[str, Any] = {
        "shifts": rows,
        "running": running,
        "gaps": duty.gaps(rows, now),
        "part": "shifts",
    }
    return page(request, "shifts.html", **context)


@requires("shift.manage")
@fresh_required
def add_shift(request: HttpRequest) -> HttpResponse:
    form = ShiftForm(sent(request), initial=_suggested())

    def decide() -> None:
        actions.add_shift(**form.cleaned_data, by=person_of(request), request=request)

    if request.method == "POST" and decided(form, decide):
        messages.success(request, _("Đã ghi ca trực."))
        return redirect("people:shifts")
    status = 422 if form.errors else 200
    return page(request, "add_shift.html", status, form=form, part="shifts")


@requires("shift.manage")
@fresh_required
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    shift = get_object_or_404(Shift.objects.select_related("chief"), pk=pk)
    form = HandOverForm(sent(request))

    def decide() -> None:
        actions.hand_over(shift=shift, by=person_of(request), request=request, **form.cleaned_data)

    if request.method == "POST" and decided(form, decide):
        messages.success(request, _("Đã bàn giao ca trực."))
        return redirect("people:shifts")
    status = 422 if form.errors else 200
    return page(request, "hand_over.html", status, form=form, shift=shift, part="shifts")


def _suggested() -> dict[str, object]:
    """The shift after the last one written: eight hours from its end, with its chief's desk number."""
    last = Shift.objects.order_by("-ends_at").first()
    begin = clock.local(last.ends_at if last else clock.now()).replace(second=0, microsecond=0)
    begin = begin if last else begin.replace(minute=0)
    return {"starts_at": begin, "ends_at": begin + timedelta(hours=8), "phone": last.phone if last else ""}
