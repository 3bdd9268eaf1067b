"""`?as_of=`: what did we know then? Read in one place: header, boards and drawers speak of one instant.

A page that cannot look back must not pretend to: it is asked again without `as_of`. And what was seen of the past
is no ground to act on the present from: acts sent from a page that looks back are refused with a sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
    QueryDict,
)
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.boards import writing
from haidang.engine.people.rights import is_api

V = TypeVar("V", bound=Callable[..., HttpResponseBase])


def looks_back(view: V) -> V:
    """Mark a view that answers for an earlier instant. Below the decorators: they copy the mark upwards."""
    view.looks_back = True  # type: ignore[attr-defined]
    return view


# No fact of a centre lies outside; beyond them an offset from UTC can overflow.
FIRST_YEAR, LAST_YEAR = 2000, 2199


def instant_from(text: str) -> datetime | None:
    """`22/11/2026 14:05`, `14:05` of today or an ISO time, local when it names no zone; None when it is none,
    or of a year no centre knows.
    """
    found = _read(text)
    return found if found and FIRST_YEAR <= found.year <= LAST_YEAR else None


def _read(text: str) -> datetime | None:
    plain = " ".join(text.split())
    for form in ("%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%H:%M"):
        try:
            found = datetime.strptime(plain, form).replace(tzinfo=clock.LOCAL)
        except ValueError:
            continue
        day = clock.local(clock.now())
        return found.replace(year=day.year, month=day.month, day=day.day) if form == "%H:%M" else found
    try:
        # A plus sign that was not escaped arrives as a space.
        found = datetime.fromisoformat(plain.replace(" ", "+") if "T" in plain else plain)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=clock.LOCAL)


def as_of_from(request: HttpRequest) -> datetime | None:
    """The instant whose knowledge this page shows; None is now. The future is now."""
    return _past(request.GET.get("as_of", ""))


def shown_as_of(request: HttpRequest) -> datetime | None:
    """The same for the frame of any page: None where the page under it shows the present."""
    match = request.resolver_match
    return as_of_from(request) if match and _can(match.func) else None


def _past(text: str) -> datetime | None:
    found = instant_from(text)
    return found if found and found < clock.now() else None


def misread(request: HttpRequest) -> str:
    """What was asked as an instant and is none: the page shows now, and has to say so."""
    asked = request.GET.get("as_of", "").strip()
    return "" if not asked or instant_from(asked) else asked[:40]


def ahead(request: HttpRequest) -> str:
    """What was asked of the future, which nobody knows yet: the page shows now, and has to say so."""
    asked = request.GET.get("as_of", "").strip()
    found = instant_from(asked)
    return asked[:40] if found and not _past(asked) else ""


def not_past(text: str) -> str:
    """Why this names no instant of the past, for files: one of now would be taken for one of then. Nothing where it does."""
    if not text.strip():
        return ""
    found = instant_from(text)
    if found is None:
        return _("as_of không phải là một thời điểm; viết như 2026-11-28T14:05:00+07:00.")
    return _("as_of ở tương lai: chưa ai biết số liệu lúc đó.") if found > clock.now() else ""


def refused_file(words: str) -> HttpResponse:
    """In place of a file: the sentence alone."""
    return HttpResponse(
        words + "\n",
        status=400,
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "no-store"},
    )


def file_then(view: V) -> V:
    """Mark a view that gives a file of an earlier instant: like `looks_back`, but what is no instant is refused."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        words = not_past(request.GET.get("as_of", ""))
        return refused_file(words) if words else view(request, *args, **kwargs)

    return looks_back(cast(V, guarded))


def _can(view: object) -> bool:
    return getattr(view, "looks_back", False)


class LookingBack:
    """Middleware: `as_of` only where it is honoured, and no act from a page that looks back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, *_more: Any) -> HttpResponseBase | None:
        if request.method in ("GET", "HEAD"):
            if "as_of" not in request.GET or _can(view):
                return None
            rest = request.GET.copy()
            del rest["as_of"]
            return HttpResponseRedirect(request.path + (f"?{rest.urlencode()}" if rest else ""))
        # Theme, language and one's own account are no acts on the province: only these carry a right.
        then = _seen_from(request) if hasattr(view, "act") else None
        return _refuse(request, *then) if then else None


def _seen_from(request: HttpRequest) -> tuple[datetime, str] | None:
    """(the instant, the path of now) when this was sent from a page that looks back."""
    told = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    address = urlsplit(told)
    query = QueryDict(address.query)
    then = _past(query.get("as_of") or "")
    if then is None or address.netloc not in ("", request.get_host()):
        return None
    try:
        match = resolve(address.path)
    except Resolver404:
        return None
    rest = query.copy()
    del rest["as_of"]
    here = address.path + (f"?{rest.urlencode()}" if rest else "")
    return (then, here) if _can(match.func) else None


def _refuse(request: HttpRequest, then: datetime, here: str) -> HttpResponse:
    told = {"when": writing.moment(then)}
    words = _("Đang xem lại %(when)s: không làm được việc này. Về hiện tại rồi làm.") % told
    if is_api(request):
        return JsonResponse({"error": words}, status=409)
    if request.headers.get("HX-Request"):
        return HttpResponse(words, status=409, content_type="text/plain; charset=utf-8")
    return render(request, "409.html", {"words": words, "here": here}, status=409)
