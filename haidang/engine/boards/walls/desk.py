"""Administration of walls, below /quan-tri/man-hinh/: screens, their measures, what hangs on them now."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from haidang.engine import clock
from haidang.engine.boards.models import WallScreen
from haidang.engine.boards.walls import actions, scenes
from haidang.engine.boards.walls.door import QUERY, Viewer
from haidang.engine.boards.walls.forms import CalibrationForm, PushForm, ScreenForm
from haidang.engine.incidents.models import Incident
from haidang.engine.paging import number_in
from haidang.engine.people.deciding import decided
from haidang.engine.people.rights import may, person_of, requires
from haidang.engine.people.sessions import fresh_required
from haidang.engine.people.views import page


def _shown(screen: WallScreen) -> scenes.Scene:
    return scenes.on_screen(screen, Viewer(screen), clock.now())


def _context(request: HttpRequest) -> dict[str, Any]:
    return {
        "part": "screens",
        "may_push": may(request.user, "wall.push"),
        "may_manage": may(request.user, "wall.manage"),
    }


def _index(request: HttpRequest, form: ScreenForm, status: int = 200) -> HttpResponse:
    living = WallScreen.objects.filter(revoked_at=None).select_related("created_by", "place", "office")
    rows = [(screen, _shown(screen)) for screen in living]
    gone = WallScreen.objects.exclude(revoked_at=None).select_related("created_by", "revoked_by")[:20]
    context = {"rows": rows, "gone": gone, "form": form, "push": PushForm(), **_context(request)}
    return page(request, "boards/walls/index.html", status, **context)


@require_safe
@requires("wall.see")
def screens(request: HttpRequest) -> HttpResponse:
    """All screens: what hangs there, when they were last seen, who made them."""
    return _index(request, ScreenForm())


@require_POST
@requires("wall.manage")
@fresh_required
def add_screen(request: HttpRequest) -> HttpResponse:
    """A new screen; its address with the token stands in this very answer and never again."""
    form = ScreenForm(request.POST)
    made: list[tuple[WallScreen, str]] = []

    def decide() -> None:
        made.append(actions.add_screen(by=person_of(request), request=request, **form.cleaned_data))

    if not decided(form, decide):
        return _index(request, form, 422)
    screen, token = made[0]
    path = f"{reverse('boards:wall', args=[screen.wall])}?{urlencode({QUERY: token})}"
    response = _screen_page(request, screen, address=settings.HAIDANG_PUBLIC_URL.rstrip("/") + path)
    response["Cache-Control"] = "private, no-store"
    return response


def _screen_page(request: HttpRequest, screen: WallScreen, status: int = 200, **more: Any) -> HttpResponse:
    known = {name: getattr(screen, name) for name in ("width_mm", "width_px", "height_px", "seat_m")}
    context = {
        "screen": screen,
        "shown": _shown(screen),
        "measures": screen.calibration,
        "form": CalibrationForm(initial=known if screen.calibration else None),
        "push": PushForm(initial={"screen": screen.pk}),
        "pushes": screen.pushes.select_related("by", "incident").order_by("-at")[:8],
        **_context(request),
        **more,
    }
    return page(request, "boards/walls/screen.html", status, **context)


@require_safe
@requires("wall.see")
def screen(request: HttpRequest, pk: int) -> HttpResponse:
    """One screen: its facts, its measures, what was pushed onto it."""
    return _screen_page(request, get_object_or_404(WallScreen, pk=pk))


@require_POST
@requires("wall.manage")
@fresh_required
def calibrate(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(WallScreen, pk=pk, revoked_at=None)
    form = CalibrationForm(request.POST)

    def decide() -> None:
        actions.calibrate(screen=found, by=person_of(request), request=request, **form.cleaned_data)

    if decided(form, decide):
        messages.success(request, _("Đã cân chỉnh; tường tự vẽ lại trong vài giây."))
        return redirect("boards:screen", pk)
    return _screen_page(request, found, 422, form=form)


@require_POST
@requires("wall.manage")
@fresh_required
def revoke_screen(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(WallScreen, pk=pk)
    if actions.revoke_screen(screen=found, by=person_of(request), request=request):
        messages.success(request, _("Đã thu hồi %(name)s.") % {"name": found.name})
    return redirect("boards:screens")


def _incident(request: HttpRequest) -> Incident | None:
    """The incident a form names, if this person may see it."""
    number = number_in(request.POST.get("incident", ""))
    return get_object_or_404(Incident.objects.for_user(request.user), pk=number) if number else None


@require_POST
@requires("wall.push")
def push_scene(request: HttpRequest) -> HttpResponse:
    """Put a scene onto a screen now: from the administration, or from the page of an incident."""
    form, incident = PushForm(request.POST), _incident(request)
    back = incident.get_absolute_url() if incident else reverse("boards:screens")

    def decide() -> None:
        actions.push_scene(incident=incident, by=person_of(request), request=request, **form.cleaned_data)

    if decided(form, decide):
        messages.success(request, _("Đã đẩy cảnh lên %(name)s.") % {"name": form.cleaned_data["screen"].name})
    else:
        messages.error(request, " ".join(str(word) for words in form.errors.values() for word in words))
    return redirect(back)


@require_POST
@requires("wall.push")
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(WallScreen, pk=pk, revoked_at=None)
    if actions.give_back(screen=found, by=person_of(request), request=request):
        messages.success(request, _("%(name)s đã về cảnh thường ngày.") % {"name": found.name})
    return redirect("boards:screens")


@require_safe
@requires("wall.push")
def of_incident(request: HttpRequest, pk: int) -> HttpResponse:
    """For the page of an incident: onto which screen, for how long."""
    incident = get_object_or_404(Incident.objects.for_user(request.user), pk=pk)
    living = WallScreen.objects.filter(revoked_at=None)
    context = {
        "incident": incident,
        "scene": scenes.incident_scene(),
        "push": PushForm(initial={"minutes": 0}),
        "screens": [(screen, _shown(screen)) for screen in living],
    }
    return render(request, "boards/walls/of_incident.html", context)
