""" "Vì sao?" of a forecast: by which method, from which numbers until when, and how wrong it was before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haidang.engine.boards import writing
from haidang.engine.boards.asof import as_of_from, looks_back
from haidang.engine.boards.statistics import ahead, stats, values, words
from haidang.engine.boards.tiles import Look
from haidang.engine.forecasting import running
from haidang.engine.forecasting.choosing import MARGIN
from haidang.engine.forecasting.history import spans_of
from haidang.engine.forecasting.models import Forecast
from haidang.engine.indicators import periods
from haidang.engine.indicators.statistic import Statistic
from haidang.engine.notify.shared import shared_fragment
from haidang.engine.paging import number_in
from haidang.engine.people.rights import may, requires
from haidang.engine.places.models import Place

LAST = 6  # of the numbers it follows from so many are listed


@dataclass(frozen=True, slots=True)
class Tested:
    """One method beside the naive one, written."""

    name: str
    mae: str
    share: str
    mase: str
    smape: str
    cover: str
    is_shown: bool
    is_reference: bool


@dataclass(frozen=True, slots=True)
class Used:
    """One published number it follows from."""

    period: str
    value: str
    url: str


@dataclass(frozen=True, slots=True)
class Told:
    """Everything the drawer shows."""

    title: str
    place: str
    unit: str
    row: Forecast | None
    note: str = ""
    steps: Sequence[ahead.Step] = ()
    verdict: str = ""
    since: str = ""
    until: str = ""
    method: str = ""
    parameters: str = ""
    tested: Sequence[Tested] = ()
    used: Sequence[Used] = ()
    margin: str = ""
    first: str = ""


@require_safe
@requires("figure.see")
@shared_fragment
@looks_back
def why_forecast(request: HttpRequest) -> HttpResponse:
    """The drawer, or a page of its own where it is opened as one."""
    get, look = request.GET, Look.at(as_of_from(request), request.user)
    address, number = get.get("indicator", ""), get.get("place", "")
    entry = look.library.statistics.entries.get(address)
    place = Place.objects.filter(pk=number_in(number) or 0).first()
    if entry is None or place is None:
        raise Http404(address)
    if not may(request.user, "figure.see", place=place, domain=address.partition(".")[0]):
        raise Http404(address)
    in_drawer = bool(request.headers.get("HX-Request"))
    context = {
        "told": _told(address, entry.statistic, place, look),
        "asked": {"indicator": address, "place": place.pk},
        "here": reverse("boards:why_forecast"),
        "as_of": look.as_of,
        "in_drawer": in_drawer,
    }
    name = "why_forecast_drawer" if in_drawer else "why_forecast"
    return render(request, f"boards/statistics/{name}.html", context)


def _told(address: str, statistic: Statistic, place: Place, look: Look) -> Told:
    row = running.current([address], [place.pk], look.epoch).get((address, place.pk))
    title, unit = str(statistic.title), writing.unit(statistic.unit)
    if row is None:
        words_then = _("Lúc đó chưa có dự báo cho số này.") if look.as_of else _("Chưa có dự báo cho số này.")
        return Told(title, place.name, unit, None, note=words_then)
    since, until = (
        words.of_period(periods.ending(at, statistic.period)) if at else "–" for at in (row.since, row.until)
    )
    used = _used(address, statistic, place, row, look)
    if row.status == Forecast.Status.TOO_SHORT:
        return Told(title, place.name, unit, row, ahead.too_short(row), since=since, until=until, used=used)
    steps = ahead.steps_of(row, statistic)
    return Told(
        title, place.name, unit, row, "", steps, ahead.verdict(row, statistic), since, until,
        ahead.method_name(row.shown), _parameters(row), _tested(row, statistic), used, writing.number(100 * MARGIN, 0),
        steps[0].middle if steps else "",
    )  # fmt: skip


def _parameters(row: Forecast) -> str:
    """Names as the papers have them."""
    signs = {"alpha": "α", "beta": "β", "gamma": "γ", "phi": "φ"}
    there = [
        f"{sign} = {writing.number(row.parameters[name], 2)}"
        for name, sign in signs.items()
        if name in row.parameters
    ]
    if row.parameters.get("log"):
        there.append(_("trên thang logarit"))
    return ", ".join(there)


def _tested(row: Forecast, statistic: Statistic) -> list[Tested]:
    base = row.errors[row.reference]["mae"]
    return [
        Tested(
            name=ahead.method_name(name),
            mae=writing.number(one["mae"], statistic.decimals + 1),
            share=writing.number(one["mae"] / base, 2) if base else writing.NONE,
            mase=writing.number(one["mase"], 2),
            smape=f"{writing.number(one['smape'], 1)}%",
            cover=" · ".join(f"{writing.number(one['coverage'][level], 0)}%" for level in ("80", "95")),
            is_shown=name == row.shown,
            is_reference=name == row.reference,
        )
        for name, one in row.errors.items()
    ]


def _used(address: str, statistic: Statistic, place: Place, row: Forecast, look: Look) -> list[Used]:
    """The newest of the numbers it follows from, each with its own reasons; a sum of communes leads to them."""
    if row.until is None:
        return []
    ends = stats.ends_back(statistic.period, row.until, min(LAST, max(1, row.periods)))
    rows = values.stretches([address], spans_of(place), ends[0] - timedelta(days=1), row.epoch).get(
        address, {}
    )
    return [_one(address, statistic, place, at, rows.get(at), look) for at in reversed(ends)]


def _one(
    address: str, statistic: Statistic, place: Place, at: datetime, one: values.Value | None, look: Look
) -> Used:
    text = writing.number(one.value, statistic.decimals) if one else _("cộng từ xã")
    url = stats.why_url(look, address, one.place_id if one else place.pk, at)
    return Used(words.period(periods.ending(at, statistic.period)), text, url)
