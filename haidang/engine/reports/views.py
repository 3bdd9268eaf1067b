"""Pages of reports: one's own, one of them, and the schedules that send them."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haidang.engine import clock
from haidang.engine.boards.asof import instant_from
from haidang.engine.paging import stretch
from haidang.engine.people.rights import may, person_of, requires
from haidang.engine.reports import actions, making, pages, sending
from haidang.engine.reports.forms import MakeForm, ScheduleForm
from haidang.engine.reports.making import NotToBeMade, Wanted
from haidang.engine.reports.models import Report, Run, Schedule, Sending

PAGE, RUNS = 50, 12


@require_safe
@requires("export")
def mine(request: HttpRequest) -> HttpResponse:
    """Báo cáo của tôi, and the schedules one looks after."""
    person = person_of(request)
    rows = (
        Report.objects.for_user(person).select_related("sending__run__schedule").order_by("-made_at", "-pk")
    )
    schedules = pages.schedules_of(person) if may(person, "report.schedule") else Schedule.objects.none()
    context = {
        "reports": stretch(rows, request, PAGE),
        "schedules": [(one, pages.when(one), pages.next_at(one)) for one in schedules],
        "may_schedule": may(person, "report.schedule"),
    }
    return render(request, "reports/mine.html", context)


@require_http_methods(["GET", "POST"])
@requires("export")
def make(request: HttpRequest) -> HttpResponse:
    """Choose what to report, of which period, and have it at once."""
    person = person_of(request)
    form = MakeForm(request.POST or None, initial={"address": request.GET.get("address", "")})
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            made = actions.make(
                wanted=Wanted(asked["address"], asked["unit"], asked["period"]), reader=person, form=asked["form"],
                as_of=instant_from(request.POST.get("as_of", "")), by=person, request=request, is_seen=True,
            )  # fmt: skip
        except NotToBeMade as error:
            form.add_error(None, str(error))
        else:
            return redirect(made.report)
    return render(request, "reports/make.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@requires("export")
def report(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _own(request, pk))


@require_POST
@requires("export")
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Make it again from what was known then, and say whether it is the same."""
    found = _own(request, pk)
    try:
        made = actions.again(report=found, by=person_of(request), request=request)
    except NotToBeMade as error:
        messages.error(request, str(error))
        return redirect(found)
    return _show(request, found, made)


def _own(request: HttpRequest, pk: int) -> Report:
    return get_object_or_404(
        Report.objects.for_user(request.user).select_related("sending__run__schedule"), pk=pk
    )


def _show(request: HttpRequest, found: Report, made: actions.Again | None = None) -> HttpResponse:
    if not making.may_still(person_of(request), found.known):
        raise PermissionDenied(_("Quyền xem của bạn đã thay đổi: báo cáo này có số bạn không còn được xem."))
    Report.objects.filter(pk=found.pk, read_at=None).update(read_at=clock.now())
    context = {
        "report": found,
        "period": pages.period_words(found.period),
        "lines": pages.lines_of(found),
        "again": made,
    }
    return render(request, "reports/report.html", context)


# --- schedules ------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@requires("report.schedule")
def add_schedule(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    form = ScheduleForm(
        request.POST or None, initial={"address": request.GET.get("address", ""), "recipients": [person.pk]}
    )
    if request.method == "POST" and form.is_valid():
        made = actions.add_schedule(form=form, by=person, request=request)
        messages.success(request, _("Đã lập lịch gửi."))
        return redirect(made)
    return render(request, "reports/add_schedule.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires("report.schedule")
def schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """One schedule with its last turns: who got it, who did not and why."""
    found, person = _schedule(request, pk), person_of(request)
    form = ScheduleForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        actions.change_schedule(form=form, by=person, request=request)
        return redirect(found)
    runs = list(
        Run.objects.filter(schedule=found).order_by("-due_at").prefetch_related("sendings__person")[:RUNS]
    )
    response = render(
        request,
        "reports/schedule.html",
        {
            "schedule": found,
            "form": form,
            "when": pages.when(found),
            "next_at": pages.next_at(found),
            "runs": [(one, pages.period_words(one.period), one.sendings.all()) for one in runs],
        },
        status=422 if form.errors else 200,
    )
    if found.owner_id == person.pk:
        Sending.objects.filter(run__in=runs, state=Sending.State.REFUSED, told_at=None).update(
            told_at=clock.now()
        )
    return response


@require_POST
@requires("report.schedule")
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop it, or let it go on."""
    found = _schedule(request, pk)
    actions.switch_schedule(schedule=found, by=person_of(request), request=request)
    return redirect(found)


@require_POST
@requires("report.schedule")
def send_now(request: HttpRequest, pk: int) -> HttpResponse:
    """A turn of its own beside the regular ones; `work` sends it within the minute."""
    found = _schedule(request, pk)
    sending.send_now(schedule=found, by=person_of(request), request=request)
    messages.success(request, _("Đã xếp hàng: báo cáo tới người nhận trong một phút."))
    return redirect(found)


def _schedule(request: HttpRequest, pk: int) -> Schedule:
    return get_object_or_404(pages.schedules_of(person_of(request)).select_related("owner__office"), pk=pk)
