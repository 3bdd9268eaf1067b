"""Pages of documents that give tasks: the list, one paper with its tasks, the form that gives several at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haidang.engine import clock
from haidang.engine.audit.actions import record
from haidang.engine.incidents import conclusion_actions
from haidang.engine.incidents.conclusion_forms import (
    ROWS_MORE,
    ROWS_MOST,
    ConclusionForm,
    task_rows,
)
from haidang.engine.incidents.models import Conclusion, Entry, Order
from haidang.engine.incidents.proof import path_of
from haidang.engine.paging import number_in, stretch
from haidang.engine.people.deciding import decided
from haidang.engine.people.rights import may, person_of, requires
from haidang.engine.people.sessions import fresh_required

PAGE, LINES = 100, 100


@require_safe
@requires("order.see")
def conclusion_list(request: HttpRequest) -> HttpResponse:
    """The newest first, with how far each is."""
    mine = Order.objects.for_user(request.user).values("pk")
    live = Q(orders__in=mine) & ~Q(orders__state__in=Order.GIVEN_UP)
    late = live & Q(orders__done_at=None, orders__deadline_at__lt=clock.now())
    found = Conclusion.objects.for_user(request.user).select_related("office").annotate(
        tasks=Count("orders", filter=live, distinct=True),
        finished=Count("orders", filter=live & Q(orders__state=Order.State.VERIFIED), distinct=True),
        late=Count("orders", filter=late, distinct=True),
    )  # fmt: skip
    shown = stretch(found.order_by("-dated_on", "-pk"), request, PAGE)
    context = {"papers": shown, "may_issue": may(request.user, "order.issue")}
    return render(request, "incidents/conclusions.html", context)


@require_safe
@requires("order.see")
def conclusion(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _visible(request, pk))


def _show(request: HttpRequest, found: Conclusion, rows: Any = None, status: int = 200) -> HttpResponse:
    person = person_of(request)
    may_issue = may(person, "order.issue", domain=found.domain)
    orders = Order.objects.for_user(person).filter(conclusion=found)
    listed = orders.select_related("office", "addressee", "conclusion", "incident").prefetch_related(
        "helpers"
    )
    entries = Entry.objects.for_user(person).filter(conclusion=found).select_related("person", "conclusion")
    context = {
        "paper": found,
        "orders": list(listed.annotate(proof_count=Count("proofs", distinct=True)).order_by("number")),
        "entries": entries.order_by("-at", "-pk")[:LINES],
        "rows": (rows or task_rows(person, rows=1)) if may_issue else None,
        "page_url": found.get_absolute_url(),
        "may_issue": may_issue,
    }
    return render(request, "incidents/conclusion.html", context, status=status)


@require_http_methods(["GET", "POST"])
@requires("order.issue")
@fresh_required
def register(request: HttpRequest) -> HttpResponse:
    """Paper and tasks in one go. “Thêm dòng” gives more rows and keeps what was typed."""
    person = person_of(request)
    if request.method == "GET":
        return _form(request, ConclusionForm(), task_rows(person))
    form = ConclusionForm(request.POST, request.FILES)
    data = request.POST.copy()
    if "more" in data:
        total = number_in(data.get("viec-TOTAL_FORMS", "")) or 0
        data["viec-TOTAL_FORMS"] = str(min(total + ROWS_MORE, ROWS_MOST))
        first = ConclusionForm(initial={name: data.get(name) for name in form.fields if name != "file"})
        return _form(request, first, task_rows(person, data), is_asked=False)
    rows = task_rows(person, data)
    made: list[Conclusion] = []

    def enter() -> None:
        about = {name: value for name, value in form.cleaned_data.items() if name != "file"}
        file = form.cleaned_data["file"]
        made.append(
            conclusion_actions.register(
                by=person, tasks=rows.tasks(), file=file, file_name=file.name if file else "", **about
            )
        )

    if not (rows.is_valid() and decided(form, enter)):
        form.is_valid()
        return _form(request, form, rows)
    said = ngettext("Đã giao %(n)d việc.", "Đã giao %(n)d việc.", made[0].orders.count())
    messages.success(request, said % {"n": made[0].orders.count()})
    return redirect(made[0])


def _form(request: HttpRequest, form: ConclusionForm, rows: Any, *, is_asked: bool = True) -> HttpResponse:
    context = {"form": form, "rows": rows, "is_asked": is_asked}
    status = 422 if request.method == "POST" and is_asked else 200
    return render(request, "incidents/register.html", context, status=status)


@require_POST
@requires("order.issue")
@fresh_required
def add_tasks(request: HttpRequest, pk: int) -> HttpResponse:
    """One more task of a paper that is entered already."""
    found, person = _visible(request, pk, "order.issue"), person_of(request)
    rows = task_rows(person, request.POST, rows=1)
    if rows.is_valid() and (tasks := rows.tasks()):
        given = conclusion_actions.assign(conclusion=found, by=person, tasks=tasks)
        said = _("Đã giao lệnh %(code)s cho %(office)s.")
        messages.success(request, said % {"code": given[-1].code, "office": given[-1].office})
        return redirect(found)
    return _show(request, found, rows, status=422)


@require_safe
@requires("order.see")
def paper(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """The signed file, as it is kept; each look is written down."""
    found = _visible(request, pk)
    if not found.served_sha256 or not path_of(found.served_sha256).exists():
        raise Http404(_("Văn bản này không có tệp."))
    detail = {"conclusion": found.code, "name": found.file_name, "sha256": found.sha256}
    record(person=person_of(request), verb="export", object=found, detail=detail, request=request)
    answer = FileResponse(
        path_of(found.served_sha256).open("rb"),
        as_attachment=True,
        filename=found.file_name,
        content_type="application/octet-stream",
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _visible(request: HttpRequest, pk: int, act: str = "order.see") -> Conclusion:
    papers = Conclusion.objects.for_user(request.user, act).select_related("office", "registered_by", "place")
    return get_object_or_404(papers, pk=pk)
