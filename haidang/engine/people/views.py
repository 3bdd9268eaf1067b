"""Administration: people and their roles, offices, shifts. Pages of people who may `people.manage`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from haidang.engine.people import actions, sign_in
from haidang.engine.people.admin_forms import (
    GrantForm,
    NewPersonForm,
    OfficeForm,
    PasswordForm,
    PersonForm,
    RevealForm,
)
from haidang.engine.people.deciding import decided
from haidang.engine.people.masking import mask_phone, reveal
from haidang.engine.people.models import Grant, Office, Person, Role
from haidang.engine.people.rights import may, person_of, requires
from haidang.engine.people.scope import below_office
from haidang.engine.people.sessions import fresh_required
from haidang.engine.places.names import fold


def sent(request: HttpRequest) -> Any:
    """What a form is bound to: nothing while it is only shown."""
    return request.POST if request.method == "POST" else None


def tree_of(offices: QuerySet[Office]) -> list[tuple[int, Office]]:
    """(depth, office) in the order of a table of contents; those whose parent is out of reach stand at the top."""
    rows = list(offices)
    known = {office.pk for office in rows}
    children: dict[int | None, list[Office]] = {}
    for office in rows:
        children.setdefault(office.parent_id if office.parent_id in known else None, []).append(office)
    found: list[tuple[int, Office]] = []
    stack = [(0, office) for office in reversed(children.get(None, []))]
    while stack:
        depth, office = stack.pop()
        found.append((depth, office))
        stack += [(depth + 1, child) for child in reversed(children.get(office.pk, []))]
    return found


def page(request: HttpRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
    """One administration page with the tree of offices at its left; `template` as found, or below people/."""
    reach = Office.objects.for_user(person_of(request))
    counted = reach.order_by("sort_key").annotate(heads=Count("people", filter=Q(people__is_active=True)))
    shown = {
        "tree": tree_of(counted),
        "sees_people": may(request.user, "people.manage"),
        "sees_walls": may(request.user, "wall.see"),
        "chosen": None,
    }
    found = template if "/" in template else f"people/{template}"
    return render(request, found, {**shown, **context}, status=status)


# --- people --------------------------------------------------------------------------------------------------
@require_safe
@requires("people.manage")
def people(request: HttpRequest) -> HttpResponse:
    """All people in reach; `?office=` narrows to an office and those below, `?q=` searches without tones."""
    rows = (
        Person.objects.for_user(person_of(request))
        .select_related("office")
        .prefetch_related("grants__office")
    )
    chosen = Office.objects.filter(code=request.GET.get("office", "")).first()
    if chosen:
        rows = rows.filter(office__in=below_office(chosen.pk))
    wanted = fold(request.GET.get("q", ""))
    found = [row for row in rows.order_by("sort_key", "email") if wanted in fold(f"{row.name} {row.email}")]
    waiting = sign_in.all_waiting()
    for row in found:
        row.waits = waiting.get(sign_in.account_of(row.email))  # type: ignore[attr-defined]  # for the template
    return page(
        request,
        "people.html",
        people=found,
        chosen=chosen,
        q=request.GET.get("q", ""),
        part="people",
    )


@requires("people.manage")
@fresh_required
@sensitive_post_parameters("password")
def add_person(request: HttpRequest) -> HttpResponse:
    form = NewPersonForm(sent(request), initial={"office": request.GET.get("office")})
    made: list[Person] = []

    def decide() -> None:
        made.append(actions.add_person(**form.cleaned_data, by=person_of(request), request=request))

    if request.method == "POST" and decided(form, decide):
        messages.success(request, _("Đã thêm %(name)s.") % {"name": made[0].name})
        return redirect("people:person", made[0].pk)
    status = 422 if form.errors else 200
    return page(request, "add_person.html", status, form=form, part="people")


def _person(request: HttpRequest, pk: int) -> Person:
    return get_object_or_404(Person.objects.for_user(person_of(request)), pk=pk)


def _person_page(request: HttpRequest, person: Person, status: int = 200, **forms: Form) -> HttpResponse:
    """The page of one person; a refused form comes in instead of the empty one."""
    known = {"name": person.name, "title": person.title, "phone": person.phone, "office": person.office}
    context: dict[str, Any] = {
        "details": PersonForm(initial=known, prefix="details"),
        "grant_form": GrantForm(prefix="grant"),
        "password": PasswordForm(prefix="password"),
        "reveal": RevealForm(),
        **forms,
    }
    return page(
        request,
        "person.html",
        status,
        person=person,
        is_self=person == request.user,
        grants=person.grants.select_related("office", "place").order_by("pk"),
        waits_until=sign_in.waiting(person),
        second_factor=Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).first(),
        phone=mask_phone(person.phone),
        chosen=person.office,
        part="people",
        **context,
    )


@requires("people.manage")
@fresh_required
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: what he is, may do, and the state of his account."""
    found = _person(request, pk)
    if request.method != "POST":
        return _person_page(request, found)
    form = PersonForm(request.POST, prefix="details")

    def decide() -> None:
        actions.change_person(person=found, by=person_of(request), request=request, **form.cleaned_data)

    if decided(form, decide):
        messages.success(request, _("Đã lưu."))
        return redirect("people:person", pk)
    return _person_page(request, found, 422, details=form)


@require_POST
@requires("people.manage")
@fresh_required
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    found = _person(request, pk)
    form = GrantForm(request.POST, prefix="grant")

    def decide() -> None:
        actions.grant(person=found, by=person_of(request), request=request, **form.cleaned_data)

    if decided(form, decide):
        messages.success(request, _("Đã giao vai trò."))
        return redirect("people:person", pk)
    return _person_page(request, found, 422, grant_form=form)


@require_POST
@requires("people.manage")
@fresh_required
def revoke(request: HttpRequest, pk: int, grant_pk: int) -> HttpResponse:
    held = get_object_or_404(Grant, pk=grant_pk, person=_person(request, pk))
    try:
        actions.revoke(grant=held, by=person_of(request), request=request)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Đã bỏ vai trò %(role)s.") % {"role": Role(held.role).label})
    return redirect("people:person", pk)


@require_POST
@requires("people.manage")
@fresh_required
@sensitive_post_parameters("password-password")
def password(request: HttpRequest, pk: int) -> HttpResponse:
    found = _person(request, pk)
    form = PasswordForm(request.POST, prefix="password")

    def decide() -> None:
        new = form.cleaned_data["password"]
        actions.set_password(person=found, password=new, by=person_of(request), request=request)

    if decided(form, decide):
        messages.success(request, _("Đã đặt mật khẩu mới; mọi phiên đang mở của người này đã kết thúc."))
        return redirect("people:person", pk)
    return _person_page(request, found, 422, password=form)


ACCOUNT_ACTS: dict[str, Callable[..., Any]] = {
    "mo-khoa": actions.unlock,
    "khoa": actions.disable,
    "bo-hai-buoc": actions.reset_totp,
}


@require_POST
@requires("people.manage")
@fresh_required
def account_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Unlock, disable, or forget the second factor."""
    if act not in ACCOUNT_ACTS:
        raise Http404
    try:
        ACCOUNT_ACTS[act](person=_person(request, pk), by=person_of(request), request=request)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Đã thực hiện."))
    return redirect("people:person", pk)


@require_POST
@requires("people.manage")
@fresh_required
def reveal_phone(request: HttpRequest, pk: int) -> HttpResponse:
    """The clear telephone number as a fragment; the look and its purpose are in the log."""
    found = _person(request, pk)
    try:
        clear = reveal(
            thing=found,
            field="phone",
            purpose=request.POST.get("purpose", ""),
            by=person_of(request),
            request=request,
        )
    except ValidationError as error:
        return HttpResponse(" ".join(error.messages), status=422, content_type="text/plain; charset=utf-8")
    return render(request, "people/revealed.html", {"clear": clear})


# --- offices -------------------------------------------------------------------------------------------------
@require_safe
@requires("people.manage")
def offices(request: HttpRequest) -> HttpResponse:
    return page(request, "offices.html", part="offices")


@requires("people.manage")
@fresh_required
def add_office(request: HttpRequest) -> HttpResponse:
    form = OfficeForm(sent(request), initial={"parent": request.GET.get("parent")})

    def decide() -> None:
        actions.add_office(**form.cleaned_data, by=person_of(request), request=request)

    if request.method == "POST" and decided(form, decide):
        messages.success(request, _("Đã thêm %(name)s.") % {"name": form.cleaned_data["name"]})
        return redirect("people:offices")
    return page(request, "office.html", 422 if form.errors else 200, form=form, part="offices")


@requires("people.manage")
@fresh_required
def office(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Office.objects.for_user(person_of(request)), pk=pk)
    known = {name: getattr(found, name) for name in ("name", "short_name", "code", "parent", "phone")}
    known["place"] = found.place.code if found.place else ""
    form = OfficeForm(sent(request), initial=known, office=found)

    def decide() -> None:
        fields = {name: value for name, value in form.cleaned_data.items() if name != "code"}
        actions.change_office(office=found, by=person_of(request), request=request, **fields)

    if request.method == "POST" and decided(form, decide):
        messages.success(request, _("Đã lưu."))
        return redirect("people:offices")
    status = 422 if form.errors else 200
    return page(request, "office.html", status, form=form, office=found, chosen=found, part="offices")
