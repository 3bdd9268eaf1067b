"""The door of a wall: a device with its token, or somebody signed in who may see walls. Nobody else.

The token opens this one door. Every other page looks at sessions only, so it knows nothing of devices.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, cast

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.boards.models import WallScreen
from haidang.engine.people.rights import WALL_DEVICE, requires
from haidang.engine.people.scope import Scope, below_office, below_place

if TYPE_CHECKING:
    from haidang.engine.people.models import Person

COOKIE: Final = "man_hinh"
QUERY: Final = "thiet-bi"
# As long as browsers allow; each page opened renews it.
COOKIE_AGE: Final = 400 * 86400
SEEN_EVERY: Final = timedelta(seconds=30)

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class Viewer(AnonymousUser):
    """A device in the place of a person: it has a scope, and nothing by which it could act."""

    is_active = True  # type: ignore[assignment]  # the stubs say that nobody anonymous ever is

    def __init__(self, screen: WallScreen) -> None:
        super().__init__()
        self.screen = screen
        offices = None if screen.office_id is None else below_office(screen.office_id)
        places = None if screen.place_id is None else below_place(screen.place_id)
        self.__dict__["_scopes"] = [Scope(WALL_DEVICE, offices, places, "")]

    # For query sets only; sessions, acts and the administration ask for a person.
    @property
    def is_authenticated(self) -> bool:  # type: ignore[override]
        return True

    @property
    def is_anonymous(self) -> bool:  # type: ignore[override]
        return False

    def __str__(self) -> str:
        return self.screen.name


def hash_of(token: str) -> str:
    """Tokens have 256 random bits, so a plain hash cannot be walked back."""
    return hashlib.sha256(token.encode()).hexdigest()


def screen_of(token: str, wall: str) -> WallScreen | None:
    """The living screen of this token, if it belongs to this wall."""
    if not token:
        return None
    found = WallScreen.objects.select_related("place", "office")
    return found.filter(token_sha256=hash_of(token), wall=wall, revoked_at=None).first()


def viewer_of(request: HttpRequest) -> Viewer | None:
    return request.user if isinstance(request.user, Viewer) else None


def opens_wall(view: View[P]) -> View[P]:
    """Let the device of this wall look (`name` of the address); others must be signed in and may `wall.see`."""
    for_people = requires("wall.see")(view)

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        name = str(kwargs["name"])
        if QUERY in request.GET:
            return _enrol(request, name)
        token = request.COOKIES.get(COOKIE, "")
        screen = screen_of(token, name)
        if screen is None:
            if token and not request.user.is_authenticated:
                return _turned_away(request)
            return for_people(request, *args, **kwargs)
        _seen(screen)
        # From here on it is the device that looks: whatever is drawn asks for its rights.
        request.user = cast("Person", Viewer(screen))
        response = view(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        if not request.headers.get("HX-Request"):
            _remember(request, response, name, token)
        return response

    guarded.act = "wall.see"  # type: ignore[attr-defined]  # the table of rights reads it
    return guarded


def _enrol(request: HttpRequest, name: str) -> HttpResponseBase:
    """The address with the token becomes a cookie, and is not kept in the history of the browser."""
    token = request.GET[QUERY]
    screen = screen_of(token, name)
    if screen is None:
        return _turned_away(request)
    from haidang.engine.boards.walls.actions import note_enrolment

    note_enrolment(screen=screen, request=request)
    response = HttpResponseRedirect(request.path, status=303)
    patch_cache_control(response, no_store=True)
    response["Referrer-Policy"] = "no-referrer"
    _remember(request, response, name, token)
    return response


def _remember(request: HttpRequest, response: HttpResponseBase, name: str, token: str) -> None:
    """The path keeps the cookie away from every other page, already in the browser."""
    response.set_cookie(
        COOKIE, token, COOKIE_AGE, path=f"/wall/{name}", secure=request.is_secure(), httponly=True,
        samesite="Strict",
    )  # fmt: skip


def _turned_away(request: HttpRequest) -> HttpResponse:
    """A wall has no keyboard: it is told what has happened, not asked to sign in."""
    if request.headers.get("HX-Request"):
        return HttpResponse(
            _("Màn hình này đã bị thu hồi."), status=401, content_type="text/plain; charset=utf-8"
        )
    return render(request, "boards/wall/turned_away.html", status=403)


def _seen(screen: WallScreen) -> None:
    """Not with every fragment: a wall asks for a dozen a minute."""
    now = clock.now()
    old = Q(last_seen_at=None) | Q(last_seen_at__lt=now - SEEN_EVERY)
    WallScreen.objects.filter(old, pk=screen.pk).update(last_seen_at=now)


__all__ = ["COOKIE", "QUERY", "Viewer", "hash_of", "opens_wall", "screen_of", "viewer_of"]
