"""Pages of orders: the list, one order, and each step of its way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from haidang.engine.audit.actions import record
from haidang.engine.incidents import forms, narrowing, order_actions, order_extending, pages
from haidang.engine.incidents.orders import Order, Proof
from haidang.engine.incidents.proof import path_of
from haidang.engine.incidents.views import show as show_incident
from haidang.engine.incidents.views import visible_incident
from haidang.engine.paging import stretch
from haidang.engine.people.deciding import decided
from haidang.engine.people.rights import may, person_of, requires
from haidang.engine.people.sessions import fresh_required

if TYPE_CHECKING:
    from django.forms import Form

PAGE = 300
# Read by the forms, which give `deadline_at`.
DEADLINE = ("deadline", "deadline_day")


@require_safe
@requires("order.see")
def order_list(request: HttpRequest) -> HttpResponse:
    """What is not finished first; for an office these are its own orders."""
    mine = Order.objects.for_user(request.user).select_related(
        "incident", "conclusion", "office", "addressee"
    )
    asked = narrowing.asked(request)
    found = narrowing.narrowed(mine, asked).order_by("priority", "deadline_at", "pk")
    context = {
        "orders": stretch(found, request, PAGE),
        "asked": asked,
        "is_all": asked.standing == "tat-ca",
        "is_field": not may(request.user, "order.issue"),
    }
    return render(request, "incidents/orders.html", context)


@require_safe
@requires("order.see")
def order(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _visible(request, pk))


@require_POST
@requires("order.issue")
@fresh_required
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    incident, by = visible_incident(request, pk, "order.issue"), person_of(request)
    form = forms.OrderForm(request.POST)
    given: list[Order] = []

    def give() -> None:
        data = {name: value for name, value in form.cleaned_data.items() if name not in DEADLINE}
        given.append(order_actions.issue_order(incident=incident, by=by, **data))

    if not decided(form, give):
        return show_incident(request, incident, {"order": form})
    words = _("Đã giao lệnh %(code)s cho %(office)s.")
    messages.success(request, words % {"code": given[0].code, "office": given[0].office})
    return redirect(incident)


@require_POST
@requires("order.receive")
def receive(request: HttpRequest, pk: int) -> HttpResponse:
    found = _own(request, pk)
    return _attempt(request, found, lambda: order_actions.receive(order=found, by=person_of(request)))


@require_POST
@requires("order.receive")
def arrive(request: HttpRequest, pk: int) -> HttpResponse:
    found = _own(request, pk)
    return _attempt(request, found, lambda: order_actions.arrive(order=found, by=person_of(request)))


@require_POST
@requires("order.receive")
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """How it goes; nothing else changes by it."""
    found, by = _taking_part(request, pk), person_of(request)
    form = forms.ReportForm(request.POST)
    done = decided(form, lambda: order_actions.report(order=found, by=by, **form.cleaned_data))
    return redirect(found) if done else _show(request, found, {"report": form})


@require_POST
@requires("order.receive")
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = _own(request, pk), person_of(request)
    form = forms.ReasonForm(request.POST, prefix="refuse")
    done = decided(form, lambda: order_actions.refuse(order=found, by=by, **form.cleaned_data))
    return redirect(found) if done else _show(request, found, {"refuse": form})


@require_POST
@requires("order.receive")
def prove(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = _taking_part(request, pk), person_of(request)
    form = forms.ProofForm(request.POST, request.FILES)

    def take() -> None:
        file = form.cleaned_data["file"]
        order_actions.add_proof(order=found, by=by, file=file, name=file.name)

    if decided(form, take):
        return redirect(f"{found.get_absolute_url()}#minh-chung")
    return _show(request, found, {"proof": form})


@require_POST
@requires("order.receive")
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = _own(request, pk), person_of(request)
    form = forms.FinishForm(request.POST)
    done = decided(form, lambda: order_actions.finish(order=found, by=by, **form.cleaned_data))
    return redirect(found) if done else _show(request, found, {"finish": form})


@require_POST
@requires("order.verify")
@fresh_required
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    found = _issued(request, pk)
    said = _("Đã nghiệm thu lệnh %(code)s.") % {"code": found.code}
    return _attempt(request, found, lambda: order_actions.verify(order=found, by=person_of(request)), said)


@require_POST
@requires("order.verify")
@fresh_required
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = _issued(request, pk), person_of(request)
    form = forms.ReasonForm(request.POST, prefix="back")
    done = decided(form, lambda: order_actions.send_back(order=found, by=by, **form.cleaned_data))
    return redirect(found) if done else _show(request, found, {"back": form})


@require_POST
@requires("order.issue")
@fresh_required
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = _visible(request, pk, "order.issue"), person_of(request)
    form = forms.ReasonForm(request.POST, prefix="cancel")
    done = decided(form, lambda: order_actions.cancel(order=found, by=by, **form.cleaned_data))
    return redirect(found) if done else _show(request, found, {"cancel": form})


@require_POST
@requires("order.issue")
@fresh_required
def reissue(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = _visible(request, pk, "order.issue"), person_of(request)
    form = forms.ReissueForm(request.POST, prefix="reissue")
    given: list[Order] = []

    def give() -> None:
        data = {name: value for name, value in form.cleaned_data.items() if name not in DEADLINE}
        given.append(order_actions.reissue(order=found, by=by, **data))

    if not decided(form, give):
        return _show(request, found, {"reissue": form})
    words = _("Lệnh %(old)s đã giao lại cho %(office)s thành %(new)s.")
    told = {"old": found.code, "office": given[0].office, "new": given[0].code}
    messages.success(request, words % told)
    return redirect(given[0])


@require_POST
@requires("order.receive")
def ask_extension(request: HttpRequest, pk: int) -> HttpResponse:
    """More time, asked for with a reason."""
    found, by = _own(request, pk), person_of(request)
    form = forms.ExtensionForm(request.POST, prefix="extend")

    def ask() -> None:
        asked = form.cleaned_data
        order_extending.ask(order=found, by=by, until_at=asked["deadline_at"], reason=asked["reason"])

    done = decided(form, ask)
    return redirect(found) if done else _show(request, found, {"extend": form})


@require_POST
@requires("order.verify")
@fresh_required
def grant_extension(request: HttpRequest, pk: int, extension: int) -> HttpResponse:
    found = _issued(request, pk)
    asked = get_object_or_404(found.extensions, pk=extension)
    said = _("Đã gia hạn lệnh %(code)s.") % {"code": found.code}
    by = person_of(request)
    return _attempt(request, found, lambda: order_extending.grant(extension=asked, by=by), said)


@require_POST
@requires("order.verify")
@fresh_required
def deny_extension(request: HttpRequest, pk: int, extension: int) -> HttpResponse:
    found, by = _issued(request, pk), person_of(request)
    asked = get_object_or_404(found.extensions, pk=extension)
    form = forms.ReasonForm(request.POST, prefix="deny")
    done = decided(form, lambda: order_extending.deny(extension=asked, by=by, **form.cleaned_data))
    return redirect(found) if done else _show(request, found, {"deny": form})


@require_safe
@requires("order.see")
def proof(request: HttpRequest, pk: int, proof: int) -> HttpResponse | FileResponse:
    """The served copy, after the order's own rights. A PDF is only ever downloaded, never shown by our
    page.
    """
    found = get_object_or_404(Proof, pk=proof, order=_visible(request, pk))
    path = path_of(found.served_sha256)
    if not path.exists():
        raise Http404(_("Tệp minh chứng không còn trên đĩa."))
    is_photo = found.kind == Proof.Kind.PHOTO
    # The order's page shows its photos; whatever else fetches one takes it away.
    if request.headers.get("Sec-Fetch-Dest") != "image":
        detail = {"order": found.order.code, "name": found.name, "sha256": found.sha256}
        record(person=person_of(request), verb="export", object=found, detail=detail, request=request)
    answer = FileResponse(
        path.open("rb"),
        as_attachment=not is_photo,
        filename=found.name if not is_photo else f"{found.order.code.replace('/', '-')}.jpg",
        content_type="image/jpeg" if is_photo else "application/octet-stream",
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, max-age=3600"
    answer["Vary"] = "Sec-Fetch-Dest"
    return answer


def _show(request: HttpRequest, found: Order, refused: Mapping[str, Form] | None = None) -> HttpResponse:
    """The page, with a form that did not hold as it was typed and what is wrong with it on top."""
    context = pages.order_page(found, person_of(request))
    context["page_url"] = found.get_absolute_url()
    context["refused_form"] = next(iter((refused or {}).values()), None)
    context["forms"] = pages.order_forms() | dict(refused or {})
    return render(request, "incidents/order.html", context, status=422 if refused else 200)


def _visible(request: HttpRequest, pk: int, act: str = "order.see") -> Order:
    related = (
        "incident__place",
        "incident__commander",
        "conclusion__place",
        "office__parent",
        "addressee",
        "issued_by",
        "received_by",
    )
    orders = Order.objects.for_user(request.user, act).select_related(
        *related, "done_by", "verified_by", "reissue_of"
    )
    return get_object_or_404(orders, pk=pk)


def _own(request: HttpRequest, pk: int) -> Order:
    """An order to one's own office: seeing it is not enough to act on it."""
    found = _visible(request, pk)
    if not may(request.user, "order.receive", office=found.office):
        raise PermissionDenied
    return found


def _taking_part(request: HttpRequest, pk: int) -> Order:
    """An order to one's own office, or one it helps with."""
    found = _visible(request, pk)
    if not may(request.user, "order.receive", office=found.office) and not pages.may_help(
        found, person_of(request)
    ):
        raise PermissionDenied
    return found


def _issued(request: HttpRequest, pk: int) -> Order:
    """An order this person may close: whoever gave it, commands the incident, or leads the shift."""
    found = _visible(request, pk, "order.verify")
    person = person_of(request)
    if not pages.leads(found, person):
        raise PermissionDenied(
            _("Chỉ người giao lệnh, chỉ huy sự việc hoặc trực ban trưởng nghiệm thu được.")
        )
    return found


def _attempt(request: HttpRequest, found: Order, act: Callable[[], object], done: str = "") -> HttpResponse:
    """Press a button without a form; what does not hold is said on the page."""
    try:
        act()
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, _("Lỗi: %(text)s") % {"text": text})
    else:
        if done:
            messages.success(request, done)
    return redirect(found)
