"""Pages of the reconciliation desk: the queue, one difference, and the three acts on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from haidang.engine.paging import stretch
from haidang.engine.people.deciding import decided
from haidang.engine.people.rights import person_of, requires
from haidang.engine.people.sessions import fresh_required
from haidang.engine.reconciliation import actions, forms, pages
from haidang.engine.reconciliation.models import Difference

if TYPE_CHECKING:
    from django.forms import Form

PAGE = 200


@require_safe
@requires("difference.see")
def difference_list(request: HttpRequest) -> HttpResponse:
    """What is to be settled first; `state=all` shows the settled and the vanished too."""
    mine = Difference.objects.for_user(request.user).select_related("left_office", "right_office")
    is_all = request.GET.get("state") == "all"
    rows = mine.order_by("-found_at", "-pk") if is_all else mine.open().order_by("due_date", "found_at", "pk")
    found = stretch(rows, request, PAGE)
    context = {"differences": found, "rows": pages.queued(found.rows), "is_all": is_all}
    return render(request, "reconciliation/list.html", context)


@require_safe
@requires("difference.see")
def difference(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _visible(request, pk))


@require_POST
@requires("difference.settle")
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = _visible(request, pk, "difference.settle"), person_of(request)
    form = forms.TextForm(request.POST, part="ask", label=_("Hỏi hai cơ quan"))
    done = decided(form, lambda: actions.ask(difference=found, by=by, request=request, **form.cleaned_data))
    return redirect(found) if done else _show(request, found, {"ask": form})


@require_POST
@requires("difference.explain")
def explain(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = _visible(request, pk, "difference.explain"), person_of(request)
    form = forms.TextForm(request.POST, part="explain", label=_("Giải trình"))
    done = decided(
        form, lambda: actions.explain(difference=found, by=by, request=request, **form.cleaned_data)
    )
    return redirect(found) if done else _show(request, found, {"explain": form})


@require_POST
@requires("difference.settle")
@fresh_required
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = _visible(request, pk, "difference.settle"), person_of(request)
    form = forms.SettleForm(request.POST, difference=found)
    done = decided(
        form, lambda: actions.settle(difference=found, by=by, request=request, **form.cleaned_data)
    )
    if done:
        found.refresh_from_db()
        is_settled = found.state == Difference.State.SETTLED
        words = _("Đã ký và chốt.") if is_settled else _("Đã ký. Chênh lệch chốt khi hai cơ quan cùng ký.")
        messages.success(request, words)
    return redirect(found) if done else _show(request, found, {"settle": form})


def _visible(request: HttpRequest, pk: int, act: str = "difference.see") -> Difference:
    related = (
        "place",
        "left_office",
        "right_office",
        "first_by",
        "first_office",
        "second_by",
        "second_office",
    )
    return get_object_or_404(Difference.objects.for_user(request.user, act).select_related(*related), pk=pk)


def _show(request: HttpRequest, found: Difference, refused: Mapping[str, Form] | None = None) -> HttpResponse:
    """The page; `refused` are forms that did not hold, with what was typed."""
    context = pages.difference_page(found, person_of(request))
    context["forms"] = pages.difference_forms(found) | dict(refused or {})
    context["refused_form"] = next(iter((refused or {}).values()), None)
    context["page_url"] = found.get_absolute_url()
    return render(request, "reconciliation/difference.html", context, status=422 if refused else 200)
