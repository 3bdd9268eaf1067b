"""Files that leave: a board or a list as PDF or Word, and a report that was kept."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from haidang.engine import clock
from haidang.engine.audit.actions import record
from haidang.engine.boards.asof import as_of_from, file_then
from haidang.engine.boards.export.lists import LISTS
from haidang.engine.people.rights import may, person_of, refuse, requires
from haidang.engine.reports import actions, making
from haidang.engine.reports.making import NoRight, Unknown, Wanted
from haidang.engine.reports.models import Report
from haidang.engine.reports.of_list import paper_of_list
from haidang.engine.reports.sending import TYPES


@require_safe
@requires("export")
@file_then
def of_board(request: HttpRequest, address: str, form: str) -> HttpResponseBase:
    """A board, or a template of its last period, as its reader sees it; kept like every report."""
    person, as_of = person_of(request), as_of_from(request)
    if form not in TYPES:
        raise Http404(form)
    wanted = Wanted(address, request.GET.get("place", ""), request.GET.get("period", ""))
    try:
        made = actions.make(
            wanted=wanted, reader=person, form=form, as_of=as_of, by=person, request=request, is_seen=True
        )
    except NoRight:
        return refuse(request)
    except Unknown as error:
        raise Http404(str(error)) from error
    return _given(made.body, made.report.file_name, form)


@require_safe
@requires("export")
def of_list(request: HttpRequest, name: str, form: str) -> HttpResponseBase:
    """A list as it is now; more rows than anybody leafs through are in the Excel file."""
    listed = LISTS.get(name)
    if listed is None or form not in TYPES:
        raise Http404(name)
    if not may(request.user, listed.act):
        return refuse(request)
    person = person_of(request)
    paper, rows = paper_of_list(listed, person)
    detail = {"name": name, "rows": rows, "form": form}
    record(person=person, verb="export", object=("board", name), detail=detail, request=request)
    return _given(
        making.file_of(paper, form, 0), f"{name}-{clock.local(clock.now()):%Y%m%d-%H%M}.{form}", form
    )


@require_safe
@requires("export")
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A kept report, to its reader, while he may still see what stands in it."""
    person = person_of(request)
    found = get_object_or_404(Report.objects.for_user(person), pk=pk)
    if not making.may_still(person, found.known):
        return refuse(request)
    Report.objects.filter(pk=pk, read_at=None).update(read_at=clock.now())
    detail = {"address": found.address, "form": found.form, "sha256": found.sha256}
    record(person=person, verb="export", object=found, detail=detail, request=request)
    with default_storage.open(found.stored_name) as kept:
        return _given(kept.read(), found.file_name, found.form)


def _given(body: bytes, name: str, form: str) -> HttpResponse:
    response = HttpResponse(body, content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
