"""Stations: the list of all, and one with its values, trends, hours of the index and alarms."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haidang.engine.alarms.models import Alarm, Event
from haidang.engine.alarms.past import Past, told
from haidang.engine.assets.models import Asset
from haidang.engine.boards import queries, tiles
from haidang.engine.boards.asof import as_of_from, looks_back
from haidang.engine.boards.charts import Chart, chart
from haidang.engine.boards.content import Library
from haidang.engine.boards.shown import Point
from haidang.engine.boards.tiles import Look
from haidang.engine.notify.shared import shared_fragment
from haidang.engine.people.rights import requires, within

if TYPE_CHECKING:
    from haidang.engine.people.rights import Anyone

# Name of a span → how far back, and how many hours one point of it holds (0: every measured value).
SPANS = {"24h": (timedelta(hours=24), 0), "7d": (timedelta(days=7), 1), "60d": (timedelta(days=60), 6)}
LAST_HOUR = timedelta(hours=2, minutes=15)
# How many of its alarms a station lists.
ALARMS = 8


@dataclass(frozen=True, slots=True)
class Limit:
    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Value:
    """The newest value of one series on the station page; beside it the last closed hour where a limit is for hours."""

    row: queries.ReadingRow
    title: str
    decimals: int
    is_old: bool
    status: str
    limit: Limit | None
    hour: queries.HourPoint | None
    why: str

    @property
    def over(self) -> bool:
        """A limit for an hour is passed by the mean of an hour, never by one measured value."""
        mean = self.hour.value if self.hour else None
        return self.limit is not None and mean is not None and mean > self.limit.value


@dataclass(frozen=True, slots=True)
class Trend:
    value: Value
    chart: Chart | None
    table_url: str


def limits_of(library: Library, parameter: str, unit: str, mean: str = "1h") -> list[Limit]:
    """Limits of law in the unit of the series; each says whether it was read in the text itself."""
    known = library.parameters.get(parameter)
    found = []
    for bound in library.bounds(parameter, mean):
        factor = 1.0 if bound.limit.unit == unit else known.convert.get(bound.limit.unit) if known else None
        if factor is None:
            continue
        name = bound.basis.partition(",")[0]
        words = _("%(name)s (đã đối chiếu)") if bound.limit.verified else _("%(name)s (chưa đối chiếu)")
        text = words % {"name": name}
        found.append(Limit(bound.limit.value * factor, text))
    return found


def values_of(asset: queries.AssetRow, look: Look) -> list[Value]:
    """Newest values in the order of the contract; where two sources measure the same, the preferred one first."""
    rows = queries.latest_readings(asset_ids=[asset.id], until=look.now, epoch=look.epoch)
    # An hour is closed some minutes after it ended; the one before is still the last that is known.
    hours = queries.hour_points(
        [row.series_id for row in rows], look.now - LAST_HOUR, look.now, 1, look.epoch
    )
    order = {name: n for n, name in enumerate(look.library.parameters)}
    rows.sort(key=lambda r: (order.get(r.parameter, 999), r.precedence, r.source))
    found = []
    for row in rows:
        limit = next(iter(limits_of(look.library, row.parameter, row.unit)), None)
        found.append(
            Value(
                row=row,
                title=look.library.parameter_title(row.parameter),
                decimals=look.library.decimals(row.parameter),
                is_old=(look.now - row.at).total_seconds() > row.silent_after_s,
                status={1: _("hiệu chuẩn"), 2: _("báo lỗi thiết bị")}.get(row.status, _("đang đo")),
                limit=limit,
                hour=hours[row.series_id][-1] if limit and hours.get(row.series_id) else None,
                why=tiles.why_url(look, series=str(row.series_id), at=row.at.isoformat()),
            )
        )
    return found


def points_of(ids: list[int], span: str, look: Look) -> tuple[datetime, dict[int, list[Point]]]:
    """Start of the span and the points of these series in it."""
    back, step = SPANS[span]
    after = look.now - back
    if step == 0:
        return after, queries.raw_points(ids, after, look.now, look.epoch)
    found = queries.hour_points(ids, after, look.now, step, look.epoch)
    return after, {key: list(points) for key, points in found.items()}


def by_parameter(values: list[Value]) -> list[list[Value]]:
    """Per parameter the value that is shown, then the other sources': the preferred, unless only another is fresh."""
    groups: dict[str, list[Value]] = {}
    for value in values:
        groups.setdefault(value.row.parameter, []).append(value)
    return [sorted(group, key=lambda v: v.is_old) for group in groups.values()]


def filled(group: list[Value], points: dict[int, list[Point]]) -> list[tuple[Point, Value]]:
    """Points of the first source; of the others, in the same unit, only those it has none near. Chart and table alike."""
    first, *others = group
    found = [(point, first) for point in points.get(first.row.series_id, [])]
    for other in others:
        if other.row.unit != first.row.unit:
            continue
        times = [point.at for point, _from in found]
        near = timedelta(seconds=max(first.row.every_s, other.row.every_s))
        more = [
            (p, other)
            for p in points.get(other.row.series_id, [])
            if bisect_right(times, p.at - near) >= bisect_left(times, p.at + near)
        ]
        found = sorted([*found, *more], key=lambda pair: pair[0].at)
    return found


def trends(groups: list[list[Value]], span: str, look: Look) -> list[Trend]:
    """One chart per parameter, however many sources measure it."""
    after, points = points_of([v.row.series_id for group in groups for v in group], span, look)
    found = []
    for group in groups:
        value, lines = group[0], [point for point, _from in filled(group, points)]
        bounds = limits_of(look.library, value.row.parameter, value.row.unit)
        drawn = chart(
            [(value.title, lines)],
            after=after,
            until=look.now,
            unit=value.row.unit,
            decimals=value.decimals,
            limits=[(bound.value, bound.text) for bound in bounds],
            width=480,
            height=168,
        )
        asked = {"series": value.row.series_id, "span": span}
        asked |= {"as_of": look.as_of.isoformat()} if look.as_of else {}
        found.append(Trend(value, drawn, f"so-lieu/?{urlencode(asked)}"))
    return found


@dataclass(frozen=True, slots=True)
class IndexHour:
    at: datetime
    value: float | None
    classed: Any
    why: str


@dataclass(frozen=True, slots=True)
class Index:
    """An indicator of this station: now, and over the last day."""

    address: str
    title: str
    shown: Any
    hours: list[IndexHour]


def indices(asset: queries.AssetRow, look: Look) -> list[Index]:
    found = []
    for address, indicator in look.library.indicators.items():
        if indicator.asset_kind != asset.kind or not indicator.scale:
            continue
        rows = queries.latest_figures(address, asset.kind, look.now, look.epoch, asset.id)
        if not rows:
            continue
        back = timedelta(hours=24) if indicator.period == "hour" else timedelta(days=14)
        start = rows[0].at - back
        points = queries.figure_points(address, [asset.id], start, rows[0].at, look.epoch).get(asset.id, [])
        shown = tiles.shown_figure(look, address, rows[0], title=str(indicator.title), points=points)
        hours = [
            IndexHour(
                p.at,
                p.value,
                look.library.classify(address, p.value),
                tiles.why_url(look, indicator=address, asset=asset.code, at=p.at.isoformat()),
            )
            for p in points
        ]
        found.append(Index(address, str(indicator.title), shown, hours if indicator.period == "hour" else []))
    return found


def _asset(code: str, person: Anyone) -> queries.AssetRow:
    """The station, if this person's grants reach its place and domain."""
    rows = queries.assets(codes=[code])
    seen = within(person, "station.see", place="place", domain="domain")
    if not rows or not Asset.objects.filter(seen, pk=rows[0].id).exists():
        raise Http404(code)
    return rows[0]


def _alarms(asset: queries.AssetRow, look: Look, person: Anyone) -> list[Past]:
    """The latest of this station, as they stand now or stood then."""
    mine = Alarm.objects.for_user(person).filter(asset_id=asset.id)
    if look.as_of is None:
        return [
            Past.now(alarm)
            for alarm in mine.select_related("acknowledged_by").order_by("-raised_at")[:ALARMS]
        ]
    risen = Event.objects.filter(asset_id=asset.id, kind=Event.Kind.RAISED, recorded_at__lte=look.as_of)
    latest = risen.filter(alarm__in=mine).order_by("-recorded_at").values_list("alarm", flat=True)[:ALARMS]
    rows = told(mine.filter(pk__in=list(latest)), look.as_of)
    return sorted(rows, key=lambda row: row.raised_at, reverse=True)


@require_safe
@requires("station.see")
@looks_back
def station(request: HttpRequest, code: str) -> HttpResponse:
    """One station."""
    look = Look.at(as_of_from(request), request.user)
    asset = _asset(code, request.user)
    span = request.GET.get("span", "24h")
    span = span if span in SPANS else "24h"
    groups = by_parameter(values_of(asset, look))
    values = [group[0] for group in groups]
    context = {
        "asset": asset,
        "values": values,
        "trends": trends(groups, span, look),
        "indices": indices(asset, look),
        "span": span,
        "spans": [("24h", _("24 giờ")), ("7d", _("7 ngày")), ("60d", _("60 ngày"))],
        "alarms": _alarms(asset, look, request.user),
        "last_at": max((v.row.at for v in values), default=None),
        "allowed_s": max((v.row.silent_after_s for v in values), default=0),
        "now": look.now,
    }
    return render(request, "boards/station.html", context)


@require_safe
@requires("station.see")
@shared_fragment
@looks_back
def numbers(request: HttpRequest, code: str) -> HttpResponse:
    """The table behind one chart."""
    look = Look.at(as_of_from(request), request.user)
    asset = _asset(code, request.user)
    span = request.GET.get("span", "24h")
    wanted = request.GET.get("series", "")
    groups = by_parameter(values_of(asset, look))
    group = next((g for g in groups if any(str(v.row.series_id) == wanted for v in g)), None)
    if group is None or span not in SPANS:
        raise Http404(wanted)
    _after, points = points_of([v.row.series_id for v in group], span, look)
    rows = list(reversed(filled(group, points)))
    context = {
        "asset": asset,
        "value": group[0],
        "rows": rows,
        "span": span,
        "raw": SPANS[span][1] == 0,
        "is_mixed": len({value.row.series_id for _point, value in rows}) > 1,
    }
    template = "boards/numbers_table.html" if request.headers.get("HX-Request") else "boards/numbers.html"
    return render(request, template, context)


@dataclass(frozen=True, slots=True)
class Listed:
    asset: queries.AssetRow
    last_at: datetime | None
    allowed_s: float
    is_old: bool
    figure: queries.FigureRow | None
    classed: Any
    url: str
    why: str


@dataclass(frozen=True, slots=True)
class KindView:
    kind: str
    title: str
    rows: list[Listed]
    on_time: int


@require_safe
@requires("station.see")
@looks_back
def stations(request: HttpRequest) -> HttpResponse:
    """All stations by kind, those in trouble first."""
    look = Look.at(as_of_from(request), request.user)
    wanted = request.GET.get("kind", "")
    kinds = {
        kind: str(title)
        for domain in look.library.domains.values()
        for kind, title in domain.asset_kinds.items()
        if not wanted or kind == wanted
    }
    views = [_kind(kind, title, look) for kind, title in kinds.items()]
    return render(request, "boards/stations.html", {"kinds": [v for v in views if v.rows], "now": look.now})


def _kind(kind: str, title: str, look: Look) -> KindView:
    newest: dict[int, queries.ReadingRow] = {}
    for row in look.readings(kind):
        if row.asset_id not in newest or row.at > newest[row.asset_id].at:
            newest[row.asset_id] = row
    indicator = next(
        (
            a
            for a, i in look.library.indicators.items()
            if i.asset_kind == kind and i.scale and i.period == "hour"
        ),
        "",
    )
    figures = {row.asset.id: row for row in look.figures(indicator)} if indicator else {}
    rows = []
    for asset in look.assets(kind):
        reading, figure = newest.get(asset.id), figures.get(asset.id)
        rows.append(
            Listed(
                asset=asset,
                last_at=reading.at if reading else None,
                allowed_s=reading.silent_after_s if reading else 0,
                is_old=not reading or (look.now - reading.at).total_seconds() > reading.silent_after_s,
                figure=figure,
                classed=look.library.classify(indicator, figure.value) if figure else None,
                url=tiles.station_url(look, asset.code),
                why=tiles.figure_why(look, indicator, figure) if figure else "",
            )
        )
    rows.sort(key=lambda r: not r.is_old)
    return KindView(kind, title, rows, sum(not r.is_old for r in rows))
