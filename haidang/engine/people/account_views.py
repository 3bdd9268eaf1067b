"""One's own account: what one is granted, the second factor, the language."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haidang.engine import clock
from haidang.engine.people import duty, sessions
from haidang.engine.people.models import Person
from haidang.engine.people.rights import person_of


@require_safe
@never_cache
@login_required
def account_home(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    now = clock.now()
    return render(
        request,
        "account/home.html",
        {
            "person": person,
            "grants": person.grants.select_related("office", "place"),
            "has_second_factor": Authenticator.objects.filter(
                user=person, type=Authenticator.Type.TOTP
            ).exists(),
            "needs_second_factor": sessions.needs_second_factor(person),
            "shift": duty.shift_of(person, now),
            "view_ends_at": request.session.get_expiry_date(),
        },
    )


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Set the language of this browser, and of the person for his next ones."""
    code, address = request.POST.get("language", ""), request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        address = "/"
    response = HttpResponseRedirect(address)
    if code in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=365 * 86400, samesite="Lax")
        if request.user.is_authenticated:
            Person.objects.filter(pk=request.user.pk).update(language=code)
    return response
