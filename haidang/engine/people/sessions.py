"""How long a sign-in lasts, when an act asks for the password or code again, and the middleware of both.

A console may show its pages until an hour after its shift. Acting is stricter: after fifteen minutes without
an act (five for administrators) it asks again. Only signing in or confirming renews that; the fragments that
live pages fetch do not count as somebody being there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec

from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import resolve_url
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.people import duty
from haidang.engine.people.models import Role
from haidang.engine.people.rights import is_api, page_behind
from haidang.engine.people.scope import scopes_of

if TYPE_CHECKING:
    from haidang.engine.people.models import Person

IDLE: Final = timedelta(minutes=15)
IDLE_ADMINISTRATOR: Final = timedelta(minutes=5)
AFTER_SHIFT: Final = timedelta(hours=1)
WITHOUT_SHIFT: Final = timedelta(hours=10)
_ACTED: Final = "acted_at"

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


# --- how long pages may be seen ------------------------------------------------------------------------------
def view_ends_at(person: Person, now: datetime) -> datetime:
    """An hour after the shift this person is on; without one, ten hours after signing in."""
    shift = duty.shift_of(person, now)
    return shift.ends_at + AFTER_SHIFT if shift else now + WITHOUT_SHIFT


def begin(request: HttpRequest, person: Person) -> None:
    """Set the end of a session that was just signed in."""
    request.session.set_expiry(view_ends_at(person, clock.now()))
    renew(request)


def renew(request: HttpRequest) -> None:
    """Somebody has just shown who he is: acts are open again for the idle time."""
    request.session[_ACTED] = clock.timestamp()


# --- when an act asks again ----------------------------------------------------------------------------------
def is_fresh(request: HttpRequest) -> bool:
    """Whether somebody was certainly at this console within the idle time."""
    if not request.user.is_authenticated:
        return False
    roles = {scope.role for scope in scopes_of(request.user)}
    idle = IDLE_ADMINISTRATOR if Role.ADMINISTRATOR in roles else IDLE
    signed_in = request.user.last_login
    last = request.session.get(_ACTED, signed_in.timestamp() if signed_in else 0.0)
    return bool(clock.timestamp() - last < idle.total_seconds())


def fresh_required(view: View[P]) -> View[P]:
    """Ask for password or code again before an act, when nobody acted here for a while. Reading needs nothing.

    A plain form is kept and sent on after the confirmation; a fragment is answered with the way there.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method in ("GET", "HEAD", "OPTIONS") or is_fresh(request):
            return view(request, *args, **kwargs)
        if is_api(request):
            return JsonResponse({"error": _("Hãy xác nhận lại mật khẩu.")}, status=403)
        if request.headers.get("HX-Request"):
            response = HttpResponse(_("Hãy xác nhận lại mật khẩu."), status=403)
            address = resolve_url("account_reauthenticate")
            response["HX-Redirect"] = f"{address}?{urlencode({'next': page_behind(request)})}"
            return response
        raise ReauthenticationRequired

    guarded.asks_again = True  # type: ignore[attr-defined]  # a test lists the acts that must have it
    return guarded


# --- second factor -------------------------------------------------------------------------------------------
def needs_second_factor(person: Person) -> bool:
    """Whether this person's roles ask for an authenticator; demo accounts are open to all and have none."""
    rule = settings.HAIDANG_REQUIRE_TOTP
    if rule == "nobody" or person.is_demo:
        return False
    return rule == "everyone" or any(scope.role == Role.ADMINISTRATOR for scope in scopes_of(person))


def lacks_second_factor(person: Person) -> bool:
    """Whether this person must set up an authenticator before anything else."""
    return (
        needs_second_factor(person)
        and not Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()
    )


class Console:
    """Middleware: renews the idle time of a console in use and insists on the second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "_auth_user_id" not in request.session or not request.user.is_authenticated:
            return self.get_response(request)
        if not _is_account_page(request) and lacks_second_factor(request.user):
            return _to_second_factor(request)
        fresh = _is_human(request) and is_fresh(request)
        response = self.get_response(request)
        now = clock.timestamp()
        # Written twice a minute at most: each write is a row of the session table.
        if fresh and request.user.is_authenticated and now - request.session.get(_ACTED, 0.0) > 30:
            renew(request)
        return response


def _is_human(request: HttpRequest) -> bool:
    """A form sent or a page opened, not a fragment that a live page fetches by itself."""
    if request.method not in ("GET", "HEAD"):
        return True
    return (
        not request.headers.get("HX-Request")
        and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    )


def _is_account_page(request: HttpRequest) -> bool:
    return request.path.startswith(resolve_url("account_home"))


def _to_second_factor(request: HttpRequest) -> HttpResponse:
    address = resolve_url("mfa_activate_totp")
    if is_api(request):
        return JsonResponse({"error": _("Tài khoản này phải bật xác thực hai lớp.")}, status=403)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=403, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
