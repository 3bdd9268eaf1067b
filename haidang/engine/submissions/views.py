"""Pages of files that offices hand in: the desk, handing in, one version, and what people decide on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import msgspec
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haidang.engine.audit.actions import record
from haidang.engine.connectors.arrival import Receipt
from haidang.engine.contracts import reasons
from haidang.engine.people.deciding import decided
from haidang.engine.people.rights import may, person_of, requires
from haidang.engine.people.sessions import fresh_required
from haidang.engine.submissions import (
    actions,
    desk,
    forms,
    mending,
    pages,
    renewing,
    sending,
    stating,
    withdrawing,
)
from haidang.engine.submissions.models import Cell, Submission
from haidang.engine.submissions.shelf import Way, shelf, ways
from haidang.engine.submissions.strays import strays_of
from haidang.engine.submissions.unplaced import unplaced
from haidang.engine.submissions.wording import language, period_words

if TYPE_CHECKING:
    from django.forms import Form

RELATED = (
    "office__place", "source", "handed_in_by", "signed_by", "returned_by", "approved_by", "published_by", "withdrawn_by",
    "period_said_by",
)  # fmt: skip


_changes = msgspec.json.Decoder(list[mending.Change])


@require_safe
@requires("sheet.see")
def index(request: HttpRequest) -> HttpResponse:
    """What one's own office owes, what waits for one's decision, and for overseers the matrix."""
    person = person_of(request)
    rows = desk.own_rows(person)
    context = {
        "todo": [row for row in rows if not row.is_done],
        "done": [row for row in rows if row.is_done],
        "unplaced": unplaced(person),
        "waiting": [(one, period_words(one.when)) for one in desk.waiting_for(person)],
        "titles": desk.titles(),
        "matrices": desk.matrices(person) if desk.is_overseer(person) else [],
        "may_submit": may(person, "sheet.submit"),
        "may_approve": may(person, "sheet.approve"),
        "may_draft": may(person, "source.manage"),
    }
    return render(request, "submissions/desk.html", context)


# --- handing in -------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@requires("sheet.submit")
def hand_in(request: HttpRequest) -> HttpResponse:
    """Choose what it is, drop the file; the answer is the page of what became of it."""
    person = person_of(request)
    own = ways(person, "sheet.submit")
    way = _asked_way(own, request.GET.get("hop-dong", ""))
    if way is None:
        return render(request, "submissions/hand_in.html", {"ways": own, "way": None})
    rows = [one for one in desk.standings([way], person) if one.office == sending.office_for(way, person)]
    wanted = {"period": request.GET.get("ky") or _proposed(way, rows)}
    form = forms.HandInForm(request.POST or None, request.FILES or None, way=way, initial=wanted)
    receipts: list[Receipt] = []

    def take() -> None:
        file, period = form.cleaned_data["file"], form.cleaned_data.get("period", "")
        receipts.append(
            sending.send(way=way, period=period, body=file.read(), name=file.name, by=person, request=request)
        )

    if form.is_bound and decided(form, take):
        return redirect("submissions:receipt", receipts[0].name)
    context = {
        "ways": own,
        "way": way,
        "form": form,
        "rows": rows,
        "office": sending.office_for(way, person),
    }
    return render(request, "submissions/hand_in.html", context, status=422 if form.is_bound else 200)


def _asked_way(own: list[Way], contract: str) -> Way | None:
    """The form asked for, else the first; none that is not this person's to send."""
    if contract and own and all(way.contract != contract for way in own):
        raise Http404
    return next((way for way in own if way.contract == contract), own[0] if own else None)


def _proposed(way: Way, rows: list[desk.Standing]) -> str:
    """The newest period that is over and not signed; else the one that ended last."""
    open_ones = [one for one in rows if not one.is_done and one.kind != "waiting"]
    periods = forms.periods_offered(way.terms) if way.terms.period != "none" else []
    return open_ones[0].period.code if open_ones else (periods[1].code if periods else "")


@require_safe
@requires("sheet.submit")
def receipt(request: HttpRequest, name: str) -> HttpResponse:
    """What became of a file: it waits, is judged (then this is the page of its version), came twice, or was refused."""
    known = Receipt.of(name)
    if known is None:
        raise Http404
    found = sending.follow(known, person_of(request))
    if found.state == "made" and found.submission:
        return show(request, found.submission)
    refusal = found.refusal
    why = reasons.sentence(refusal.reason, refusal.args, language()) if refusal else ""
    context = {"found": found, "why": why, "receipt": name}
    return render(request, "submissions/receipt.html", context)


# --- one version ------------------------------------------------------------------------------------------
@require_safe
@requires("sheet.see")
def version(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, visible(request, pk))


@require_POST
@requires("sheet.see")
@fresh_required
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page with personal data clear, once; the look stands in the log."""
    found, by = visible(request, pk), person_of(request)
    form = forms.RevealForm(request.POST)
    if not pages.Rights.of(by, found).personal:
        raise Http404
    if not form.is_valid():
        return show(request, found, {"reveal": form})
    fields = [
        name
        for name, column in shelf().contracts[found.contract].columns.items()
        if column.personal_data != "none"
    ] + [one.name for one in strays_of(found.strays) or ()]
    detail = {"field": ", ".join(fields), "purpose": form.cleaned_data["purpose"]}
    record(person=by, verb="personal.reveal", object=found, detail=detail, request=request)
    return show(request, found, clear=True)


@require_POST
@requires("sheet.submit")
def explain(request: HttpRequest, pk: int, cell: int) -> HttpResponse:
    found = visible(request, pk, "sheet.submit")
    warned = get_object_or_404(Cell, pk=cell, submission=found)
    form = forms.ExplainForm(request.POST)

    def say() -> None:
        actions.explain(
            submission=found,
            cell=warned,
            text=form.cleaned_data["text"],
            by=person_of(request),
            request=request,
        )

    if decided(form, say):
        return redirect(f"{found.get_absolute_url()}?o={warned.row}#nx-{warned.pk}")
    return show(request, found, {"explain": form}, about=warned)


@require_POST
@requires("sheet.submit")
def edit(request: HttpRequest, pk: int) -> JsonResponse:
    """Keep what was typed or pasted into cells: `sheet`, and `cells` as [[row, column, text], …]."""
    found, by = visible(request, pk, "sheet.submit"), person_of(request)
    try:
        changes = _changes.decode(request.POST.get("cells", ""))
        mending.edit(
            submission=found, sheet=request.POST.get("sheet", ""), changes=changes, by=by, request=request
        )
    except msgspec.DecodeError:
        return JsonResponse({"error": _("Không đọc được ô vừa sửa; tải lại trang rồi thử lại.")}, status=422)
    except ValidationError as error:
        return JsonResponse({"error": " ".join(error.messages)}, status=422)
    return JsonResponse({"cells": changes})


@require_POST
@requires("sheet.submit")
def judge_again(request: HttpRequest, pk: int) -> HttpResponse:
    """The file with its changes becomes the next version; the answer is the page of what became of it."""
    found, by = visible(request, pk, "sheet.submit"), person_of(request)
    try:
        made = mending.judge_again(submission=found, by=by, request=request)
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, _("Lỗi: %(text)s") % {"text": text})
        return redirect(found)
    return redirect("submissions:receipt", made.name)


@require_POST
@requires("sheet.submit")
@fresh_required
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = visible(request, pk, "sheet.submit"), person_of(request)
    return _attempt(
        request,
        found,
        lambda: actions.sign(submission=found, by=by, request=request),
        _("Đã ký gửi. Người duyệt sẽ thấy bản này."),
    )


@require_POST
@requires("sheet.approve")
@fresh_required
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = visible(request, pk, "sheet.approve"), person_of(request)
    return _attempt(
        request,
        found,
        lambda: actions.approve(submission=found, by=by, request=request),
        _("Đã duyệt, chưa công bố."),
    )


@require_POST
@requires("sheet.approve")
@fresh_required
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish what was approved; a signed version is approved first, by the same person, in one decision."""
    found, by = visible(request, pk, "sheet.approve"), person_of(request)

    @transaction.atomic
    def decide() -> None:
        if found.state == Submission.State.SUBMITTED:
            actions.approve(submission=found, by=by, request=request)
        actions.publish(submission=found, by=by, request=request)

    return _attempt(request, found, decide, _("Đã công bố. Số liệu có trên các bảng."))


@require_POST
@requires("sheet.approve")
@fresh_required
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    found = visible(request, pk, "sheet.approve")
    return _with_reason(request, found, "back", forms.SendBackForm, actions.send_back)


@require_POST
@requires("sheet.submit")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = visible(request, pk, "sheet.submit")
    return _with_reason(request, found, "withdraw", forms.WithdrawForm, withdrawing.withdraw)


@require_POST
@requires("sheet.submit")
def state_period(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which period a file is for that came without one; it is judged at once."""
    found = visible(request, pk, "sheet.submit")
    if (terms := shelf().contracts.get(found.contract)) is None:
        raise Http404
    form, by = forms.PeriodForm(request.POST, auto_id="period-%s", terms=terms), person_of(request)

    def say() -> None:
        stating.state_period(submission=found, **form.cleaned_data, by=by, request=request)

    return redirect(found) if decided(form, say) else show(request, found, {"period": form})


@require_POST
@requires("sheet.submit")
def use_again(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = visible(request, pk, "sheet.submit"), person_of(request)
    return _attempt(
        request,
        found,
        lambda: withdrawing.use_again(submission=found, by=by, request=request),
        _("Kỳ này dùng lại bản số %(n)d.") % {"n": found.number},
    )


# --- shared -----------------------------------------------------------------------------------------------
def visible(request: HttpRequest, pk: int, act: str = "sheet.see") -> Submission:
    rows = Submission.objects.for_user(request.user, act).select_related(*RELATED)
    return get_object_or_404(rows, pk=pk)


def show(
    request: HttpRequest,
    found: Submission,
    refused: Mapping[str, Form] | None = None,
    *,
    about: Cell | None = None,
    clear: bool = False,
) -> HttpResponse:
    """The page of a version, with a form that did not hold as it was typed and what is wrong with it on top."""
    context = pages.version_page(found, person_of(request), request, clear=clear)
    context["page_url"] = found.get_absolute_url()
    context["refused_form"] = next(iter((refused or {}).values()), None)
    context["about"] = about
    context["forms"] |= dict(refused or {})
    return render(request, "submissions/version.html", context, status=422 if refused else 200)


def _with_reason(
    request: HttpRequest, found: Submission, name: str, asked: type[Form], decide: Callable[..., object]
) -> HttpResponse:
    """A decision for which somebody says why; what does not hold stands at the form called `name` on the page."""
    form, by = asked(request.POST, auto_id=f"{name}-%s"), person_of(request)

    def done() -> None:
        decide(submission=found, why=form.cleaned_data["why"], by=by, request=request)

    return redirect(found) if decided(form, done) else show(request, found, {name: form})


def _attempt(request: HttpRequest, found: Submission, act: Callable[[], object], done: str) -> HttpResponse:
    """Press a button without a form; what does not hold is said on the page."""
    try:
        act()
    except ValidationError as error:
        # What stands in the way may be what was published since: the page shows it.
        renewing.renew(found)
        for text in error.messages:
            messages.error(request, _("Lỗi: %(text)s") % {"text": text})
    else:
        messages.success(request, done)
    return redirect(found)
