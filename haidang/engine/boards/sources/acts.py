"""What one can do on the pages of sources: send a trial reading, get a throw-away key, pull the demo's plug."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from haidang.engine.audit.actions import record
from haidang.engine.boards.sources import demo, first_run, probe
from haidang.engine.boards.sources.views import source_or_404
from haidang.engine.people.models import Person
from haidang.engine.people.rights import may, requires
from haidang.engine.people.sessions import fresh_required

YEAR = 365 * 86400


def _person(request: HttpRequest) -> Person:
    """Who asks; `@requires` has let nobody else in."""
    return cast("Person", request.user)


@require_POST
@requires("source.test")
def send_probe(request: HttpRequest, address: str) -> HttpResponse:
    """Send one reading of the trial station through the source's own door."""
    source = source_or_404(request, address)
    if not may(request.user, "source.test", office=source.office, domain=source.domain):
        raise Http404
    try:
        sent = probe.send(source=source, by=_person(request), request=request)
    except probe.NoDoor:
        messages.warning(request, _("Nguồn này chỉ nhận qua MQTT; dùng dòng mosquitto_pub ở bên phải."))
        return redirect("boards:source", address=address)
    if request.headers.get("HX-Request"):
        seen = probe.look(sent)
        return render(
            request, "boards/sources/_probe.html", {"seen": seen, "token": sent.sign(), "source": source}
        )
    return redirect("boards:probe", address=address, token=sent.sign())


@require_safe
@requires("source.test")
def see_probe(request: HttpRequest, address: str, token: str) -> HttpResponse:
    """How far the trial reading has come."""
    source = source_or_404(request, address)
    try:
        sent = probe.unsign(token)
    except signing.BadSignature:
        raise Http404 from None
    if sent.source != source.pk:
        raise Http404
    context = {"seen": probe.look(sent), "token": token, "source": source}
    name = "boards/sources/_probe.html" if request.headers.get("HX-Request") else "boards/sources/probe.html"
    return render(request, name, context)


@require_POST
@requires("demo.unplug")
@fresh_required
def demo_act(request: HttpRequest) -> HttpResponse:
    """Smoke at once, or ingest down for a minute; only where a simulated province runs."""
    if demo.state() is None:
        raise Http404
    act = request.POST.get("act")
    if act == "unplug":
        demo.ask_unplug()
        messages.success(request, _("Đã rút phích: tiến trình ghi dừng một phút."))
    elif act == "episode":
        demo.ask_episode()
        messages.success(request, _("Đã thả khói: số đo vượt ngưỡng tới trong vài giây."))
    else:
        raise Http404
    record(person=_person(request), verb=f"demo.{act}", object=("demo", "province"), request=request)
    return redirect("boards:sources")


@requires("source.manage")
@fresh_required
def first_steps(request: HttpRequest) -> HttpResponse:
    """The card for newcomers: get a throw-away key, or put the card away."""
    if request.method == "POST" and request.POST.get("act") == "key":
        card = first_run.with_key(by=_person(request), request=request)
        return render(request, "boards/sources/first_steps.html", {"card": card})
    if request.method == "POST":
        response = redirect("/")
        secure = request.is_secure()
        response.set_cookie(first_run.COOKIE, "1", max_age=YEAR, samesite="Lax", httponly=True, secure=secure)
        return response
    return render(request, "boards/sources/first_steps.html", {"card": first_run.card()})
