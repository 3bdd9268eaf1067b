"""Pages: what I have to do today, and orders by office."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from haidang.engine import clock
from haidang.engine.incidents.narrowing import GROUNDS, year_of
from haidang.engine.people.rights import may, person_of, requires
from haidang.engine.tasks import by_office as offices
from haidang.engine.tasks.today import MOST, is_cut, sections


@require_safe
@requires("order.see")
def today(request: HttpRequest) -> HttpResponse:
    """Of whoever asks, and of nobody else."""
    found = sections(person_of(request))
    context = {
        "sections": found,
        "total": sum(len(one.items) for one in found),
        "most": MOST if is_cut(found) else None,
        "may_issue": may(request.user, "order.issue"),
        "now": clock.now(),
    }
    return render(request, "tasks/today.html", context)


@require_safe
@requires("order.see")
def by_office(request: HttpRequest) -> HttpResponse:
    """Narrowed by `?tu=van-ban` and `?nam=2026`; without a year, this one."""
    this_year = clock.local(clock.now()).year
    ground = request.GET.get("tu", "")
    ground = ground if ground in GROUNDS else ""
    year = year_of(request.GET.get("nam", str(this_year)))
    context = {
        "table": offices.table(request.user, ground=ground, year=year),
        "ground": ground,
        "year": year,
        "years": [this_year, this_year - 1],
    }
    return render(request, "tasks/by_office.html", context)
