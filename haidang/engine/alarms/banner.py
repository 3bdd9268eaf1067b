"""The banner of every page: urgent and high alarms that nobody has acknowledged, at once and on top."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from haidang.engine import clock
from haidang.engine.alarms.models import Alarm
from haidang.engine.notify.shared import shared_fragment
from haidang.engine.people.rights import requires

# What waits longer stands in the list and in the header's count; the banner is for what just happened.
FRESH = timedelta(minutes=10)
MOST = 3


@require_safe
@requires("alarm.see")
@shared_fragment
def banner(request: HttpRequest) -> HttpResponse:
    """The newest few; the page itself leaves out what was raised before it was opened."""
    mine = Alarm.objects.for_user(request.user).noisy().select_related("asset", "source", "place")
    fresh = mine.filter(priority__lte=2, raised_at__gt=clock.now() - FRESH)
    alarms = list(fresh.order_by("priority", "-raised_at")[:MOST])
    for alarm in alarms:
        alarm.raised_ms = int(alarm.raised_at.timestamp() * 1000)  # type: ignore[attr-defined]
    return render(request, "alarms/banner.html", {"alarms": alarms})
