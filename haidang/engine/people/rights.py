"""Who may do what: roles as sets of acts, grants as scopes, one question `may()` and one door `@requires`.

A role says *what* (`ROLES`), a grant says *where*: within an office and those below it, a place and those
below it, a domain. An empty field of a grant means everywhere. Query sets ask `within()`, views ask
`@requires(act)` and then a query set that starts from `for_user(person)`; templates may ask too, never alone.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, TypeAlias
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, resolve_url
from django.utils.cache import patch_cache_control
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from haidang.engine.people.scope import Scope, scopes_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from haidang.engine.people.models import Office, Person
    from haidang.engine.places.models import Place

# Whoever a request comes from.
Anyone: TypeAlias = "Person | AnonymousUser"

# --- what each role may do --------------------------------------------------------------------------------
SEEING: Final = frozenset({"overview.see", "board.see", "station.see", "map.see", "figure.see", "alarm.see"})
FIELD: Final = frozenset({"order.see", "order.receive", "incident.see"})
DESK: Final = (
    SEEING
    | {"source.see", "source.test", "wall.see", "wall.push", "export", "personal.see", "demo.unplug"}
    | {"alarm.acknowledge", "incident.see", "incident.open", "incident.act"}
    | {"order.see", "order.issue", "order.verify"}
)

ROLES: Final[dict[str, frozenset[str]]] = {
    # Runs the system but commands nobody: whoever must do both is granted both roles, and the log shows it.
    "administrator": SEEING
    | {"source.see", "source.test", "source.replay", "source.manage", "wall.see", "export", "demo.unplug"}
    | {"incident.see", "order.see", "people.manage", "shift.manage", "wall.manage", "audit.see", "sheet.see"}
    | {"difference.see", "report.schedule", "due.see"},
    "leader": SEEING
    | {"source.see", "wall.see", "export", "personal.see", "audit.see", "sheet.see", "sheet.approve"}
    | {"incident.see", "incident.open", "incident.act", "order.see", "order.issue", "order.verify"}
    | {"difference.see", "difference.settle", "report.schedule", "due.see"},
    # Calls whoever is late, with dossiers too. The files these stand in, with their applicants, stay with the offices; an
    # operator watches alarms, and the code of a dossier is enough to look up somebody's case.
    "duty_chief": DESK | {"source.replay", "shift.manage", "report.schedule", "due.see"},
    "operator": DESK,
    "officer": SEEING
    | FIELD
    | {"source.see", "export", "sheet.see", "sheet.submit", "difference.see", "difference.explain"}
    | {"due.see"},
    "crew": FIELD,
    "analyst": SEEING
    | {"source.see", "source.replay", "wall.see", "export", "incident.see", "order.see"}
    | {"sheet.see", "sheet.submit", "sheet.approve"}
    | {"difference.see", "difference.explain", "difference.settle", "report.schedule", "due.see"},
}
ACTS: Final = frozenset().union(*ROLES.values())

# A wall has no user: what its device may see, within the scope an administrator gave it. It may do nothing.
WALL_DEVICE: Final = "wall_device"
OF_DEVICES: Final[dict[str, frozenset[str]]] = {
    WALL_DEVICE: frozenset(
        {"wall.see", "station.see", "figure.see", "alarm.see", "incident.see", "order.see"}
    ),
}
ACTS_OF: Final = ROLES | OF_DEVICES

# Measurements belong to the whole province: an officer's office does not narrow what he sees of them.
ACROSS_OFFICES: Final = frozenset(
    {"overview.see", "board.see", "station.see", "map.see", "figure.see", "wall.see"}
)
# These have no place or domain, so a grant narrowed to one must not open them at all.
NEVER_NARROWED: Final = frozenset(
    {"people.manage", "shift.manage", "audit.see", "source.manage", "demo.unplug", "wall.manage", "wall.push"}
)
# These reach the whole centre and nothing behind their doors asks for an office: a grant narrowed to one must not
# open them either. People and sources have an office, and their query sets keep to it.
OF_THE_WHOLE: Final = frozenset({"shift.manage", "audit.see", "demo.unplug", "wall.manage", "wall.push"})

# What somebody must be allowed to see before a live topic reaches his screen.
TOPICS: Final[dict[str, str]] = {
    "alarms": "alarm.see",
    "incidents": "incident.see",
    "orders": "order.see",
    "figures": "figure.see",
    "sources": "source.see",
    "readings": "station.see",
    "people": "overview.see",
    "walls": "wall.see",
    "submissions": "sheet.see",
    "differences": "difference.see",
    "reports": "export",
}


class Anywhere:
    """Stands for "not asked": a page asks whether somebody may do this anywhere at all."""


ANYWHERE: Final = Anywhere()


# --- the question -----------------------------------------------------------------------------------------
def granted(person: Anyone, act: str) -> list[Scope]:
    """The scopes within which this person may do `act`; empty when nowhere."""
    if act not in ACTS:
        raise LookupError(f"unknown act {act!r}; add it to a role in people/rights.py")
    found = [scope for scope in scopes_of(person) if act in ACTS_OF[scope.role]]
    if act in NEVER_NARROWED:
        found = [scope for scope in found if scope.places is None and not scope.domain]
    if act in OF_THE_WHOLE:
        found = [scope for scope in found if scope.offices is None]
    return found


def may(
    person: Anyone,
    act: str,
    *,
    office: Office | Anywhere | None = ANYWHERE,
    place: Place | Anywhere | None = ANYWHERE,
    domain: str | Anywhere = ANYWHERE,
) -> bool:
    """Whether `person` may do `act` on something of this office, place and domain.

    Leave an argument out to ask "anywhere at all". An explicit `None` (or `""`) is a thing that has no
    office, place or domain, and only grants without that limit reach it.
    """
    for scope in granted(person, act):
        if (
            (
                isinstance(office, Anywhere)
                or act in ACROSS_OFFICES
                or scope.covers_office(office.pk if office else None)
            )
            and (isinstance(place, Anywhere) or scope.covers_place(place.pk if place else None))
            and (isinstance(domain, Anywhere) or scope.covers_domain(domain))
        ):
            return True
    return False


def within(person: Anyone, act: str, *, office: str = "", place: str = "", domain: str = "") -> Q:
    """The same question for a query set: the names say which lookups lead to office, place and domain.

    A grant narrowed by something the model has no lookup for reaches no row: rather too little than too much.
    `Order.objects.filter(within(person, "order.see", office="office", domain="incident__domain"))`
    """
    allowed = Q(pk__in=[])
    for scope in granted(person, act):
        rows: Q | None = Q()
        limits: list[tuple[str, object]] = [(place, scope.places), (domain, scope.domain or None)]
        if act not in ACROSS_OFFICES:
            limits.append((office, scope.offices))
        for lookup, limit in limits:
            if limit is None or rows is None:
                continue
            name = lookup if isinstance(limit, str) else f"{lookup}__in"
            rows = rows & Q(**{name: limit}) if lookup else None
        if rows is not None:
            allowed |= rows
    if sees_all(person, act):
        # Not `Q()`: or-ed with anything, Django drops an empty condition and all would become little.
        return ~Q(pk__in=[])
    return allowed


def sees_all(person: Anyone, act: str) -> bool:
    """Whether no office, place or domain limits this person in `act`."""
    return any(_unlimited(scope, act) for scope in granted(person, act))


def _unlimited(scope: Scope, act: str) -> bool:
    return scope.places is None and not scope.domain and (scope.offices is None or act in ACROSS_OFFICES)


def topics_for(person: Anyone) -> frozenset[str]:
    """Live topics this person may hear of."""
    return frozenset(topic for topic, act in TOPICS.items() if may(person, act))


def home_of(person: Anyone) -> str:
    """Where somebody lands after sign-in: the overview, or for a field crew its orders."""
    return resolve_url("/" if may(person, "overview.see") else "/lenh/")


# --- the door ---------------------------------------------------------------------------------------------
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def requires(act: str) -> Callable[[View[P]], View[P]]:
    """Let a view be called only by people who may do `act` somewhere; the view still narrows to its object.

    Strangers: 302 to sign-in on a page, 401 with `HX-Redirect` on a fragment, 401 JSON on an API path.
    Signed in without the right: 403, as page, fragment or JSON.
    """
    if act not in ACTS:
        raise LookupError(f"unknown act {act!r}; add it to a role in people/rights.py")

    def door(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return ask_to_sign_in(request)
            if not may(request.user, act):
                return refuse(request)
            response = view(request, *args, **kwargs)
            if not response.has_header("Cache-Control"):
                patch_cache_control(response, private=True, no_store=True)
            return response

        guarded.act = act  # type: ignore[attr-defined]  # the table of rights reads it
        return guarded

    return door


def person_of(request: HttpRequest) -> Person:
    """Who asks, behind a door that lets no stranger in."""
    if not request.user.is_authenticated:
        raise PermissionDenied(_("Chưa đăng nhập."))
    return request.user


def is_api(request: HttpRequest) -> bool:
    accept = request.headers.get("Accept", "")
    return request.path.startswith("/api/") or accept.startswith("application/json")


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """The answer to a stranger."""
    if is_api(request):
        return JsonResponse({"error": _("Chưa đăng nhập.")}, status=401)
    if request.headers.get("HX-Request"):
        response = HttpResponse(_("Phiên làm việc đã hết. Hãy đăng nhập lại."), status=401)
        response["HX-Redirect"] = (
            resolve_url("account_login") + "?" + urlencode({"next": page_behind(request)})
        )
        return response
    if request.method in ("GET", "HEAD"):
        page = request.get_full_path()
    else:
        # A session that ended over a form: back to the form, and no doubt about what became of it.
        page = _own_page(request, request.headers.get("Referer", ""))
        messages.warning(
            request, _("Chưa đăng nhập hoặc phiên đã hết: điều vừa gửi chưa được ghi. Đăng nhập rồi gửi lại.")
        )
    # Who types the bare address lands on his own first page: for a field crew that is not the overview.
    return redirect_to_login(page) if page != "/" else redirect(resolve_url("account_login") + "?next=")


def refuse(request: HttpRequest) -> HttpResponse:
    """The answer to somebody signed in who may not. A whole page goes through 403.html."""
    words = _("Bạn chưa được cấp quyền xem phần này.")
    if is_api(request):
        return JsonResponse({"error": words}, status=403)
    if request.headers.get("HX-Request"):
        return HttpResponse(words, status=403, content_type="text/plain; charset=utf-8")
    raise PermissionDenied(words)


def page_behind(request: HttpRequest) -> str:
    """The path of the page a fragment was asked from, to come back to; only ever a path of ours."""
    return _own_page(request, request.headers.get("HX-Current-URL", ""))


def _own_page(request: HttpRequest, told: str) -> str:
    address = urlsplit(told)
    path = address.path if address.netloc in ("", request.get_host()) else ""
    if not path.startswith("/") or path.startswith("//"):
        return "/"
    return path + (f"?{address.query}" if address.query else "")
