"""The map pane: stations with the board's indicator, open alarms and incidents, drawn by `places.drawing`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.db.models import Count, F, Q, Window
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from haidang.engine.alarms.models import Alarm, AlarmQuerySet
from haidang.engine.alarms.past import Past, open_at
from haidang.engine.boards import definition as d
from haidang.engine.boards import queries, tiles, writing
from haidang.engine.boards.tiles import Look
from haidang.engine.boards.walls.unnamed import unnamed
from haidang.engine.incidents.models import Incident, IncidentAlarm
from haidang.engine.places import drawing
from haidang.engine.places.drawing import Marker
from haidang.engine.places.markers import with_others
from haidang.engine.places.models import Place

if TYPE_CHECKING:
    from haidang.engine.incidents.models import IncidentQuerySet
    from haidang.engine.people.rights import Anyone

# Nobody tells whose centre it is until the first station stands; then the province of most stations is drawn.
KEPT_S = 60
Spot = tuple[float, float]  # latitude, longitude
Area = tuple[float, float, float, float]  # south, west, north, east; a spot is one without extent
HAND_NUMBERS = 8
# Incidents and alarms of a list beside a map, which comes anew whenever one changes: 3,000 were 580 kB and a third of a
# second each time. The map itself counts every one of them: one left out would look quiet.
LISTED = 200


@dataclass(frozen=True, slots=True)
class Layer:
    """One entry of the legend."""

    word: str
    number: int
    # Switches the marks of `layer-<name>` on and off.
    layer: str


@dataclass(frozen=True, slots=True)
class Unplaced:
    """How many incidents and alarms have no position: a map that said nothing of them would look quiet."""

    incidents: int = 0
    alarms: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """A list beside a map: the gravest of what there is, and how many incidents and alarms it leaves to their own lists."""

    markers: list[Marker]
    more_incidents: int = 0
    more_alarms: int = 0

    @classmethod
    def of(cls, things: Sequence[tuple[Marker, int]], incidents: int, alarms: int) -> Listed:
        """Of things in their order, each with how many it stands for; `incidents` and `alarms`: how many there are."""
        gravest = sorted(range(len(things)), key=lambda n: things[n][0].priority)[:LISTED]
        kept = [things[n] for n in sorted(gravest)]
        listed = {
            kind: sum(number for one, number in kept if one.kind == kind) for kind in ("incident", "alarm")
        }
        return cls([one for one, _ in kept], incidents - listed["incident"], alarms - listed["alarm"])

    @property
    def number(self) -> int:
        return len(self.markers) + self.more_incidents + self.more_alarms

    def behind(self, stations: list[Marker]) -> Listed:
        return replace(self, markers=stations + self.markers)


@dataclass(frozen=True, slots=True)
class MapView:
    """`drawing`, `small` and `phone` are the same map as SVG for three widths."""

    drawing: str
    small: str
    phone: str
    layers: list[Layer]
    scale: list[Any]
    title: str
    as_of: Any
    allowed_s: float
    rows: list[tuple[queries.FigureRow, Any]]
    # As a list beside the map has it: each incident and each station's alarms, also where they share a place.
    listed: Listed
    events: Listed
    province: str
    unplaced: Unplaced


def province_code() -> str:
    """Code of the province most stations stand in; empty before the first one."""
    code = cache.get("boards.province")
    if code is None:
        places = Place.objects.filter(pk__in=_station_places()).select_related("parent")
        codes = [p.parent.code if p.parent else p.code for p in places]
        code = max(set(codes), key=codes.count) if codes else ""
        cache.set("boards.province", code, KEPT_S)
    return str(code)


def _station_places() -> Any:
    from haidang.engine.assets.models import Asset

    return Asset.objects.filter(is_active=True, place__isnull=False).values("place_id")


def map_view(tile: d.MapTile, look: Look, request: HttpRequest, profile: str = "desk") -> MapView | None:
    """None when no station has a place yet, or that place is not a province of today."""
    code = province_code()
    if not code:
        return None
    indicator = look.library.indicators[tile.indicator]
    figures = {row.asset.id: row for row in look.figures(tile.indicator)}
    stations = look.assets(indicator.asset_kind)
    allowed = tiles.PERIOD_S[indicator.period]
    stations_marked = _marks(tile.indicator, look)
    events = events_of(look, request.user)
    markers = stations_marked + events.marks
    url = _list_url("{area}", look.as_of)
    if profile == "wall":
        # Nobody clicks a wall, and strangers read it.
        markers, url = [_for_strangers(one) for one in markers], ""
    try:
        drawn = drawing.picture(code, markers, profile=profile, area_url=url)
        small = drawing.picture(code, markers, profile="small", area_url=url) if profile != "wall" else ""
        hand = _for_a_hand(markers)
        phone = drawing.picture(code, hand, profile="phone", area_url=url) if profile != "wall" else ""
    except LookupError:
        return None
    scale = look.library.scale(tile.indicator)
    newest = max((row.at for row in figures.values()), default=None)
    layers = [
        Layer(_("Sự việc"), events.incidents, "incident"),
        Layer(_("Báo động"), events.alarms, "alarm"),
        Layer(look.library.kind_title(indicator.asset_kind), len(stations), indicator.asset_kind),
    ]
    rows = sorted(figures.values(), key=lambda row: -(row.value or 0))
    listed = [(row, look.library.classify(tile.indicator, row.value)) for row in rows]
    return MapView(
        drawn, small, phone, layers, scale, str(tile.title), newest, allowed, listed,
        events.listed.behind(stations_marked), events.listed, code, events.unplaced,
    )  # fmt: skip


def markers_of(tile: d.MapTile, look: Look, person: Anyone) -> list[Marker]:
    """What stands on the map, without drawing it."""
    return _marks(tile.indicator, look) + events_of(look, person).marks


def listed_of(tile: d.MapTile, look: Look, person: Anyone) -> tuple[Listed, Unplaced]:
    """The same as the list beside the map has it, and what the map cannot show."""
    events = events_of(look, person)
    return events.listed.behind(_marks(tile.indicator, look)), events.unplaced


def _marks(address: str, look: Look) -> list[Marker]:
    indicator = look.library.indicators[address]
    figures = {row.asset.id: row for row in look.figures(address)}
    allowed = tiles.PERIOD_S[indicator.period]
    made = (_station(a, figures.get(a.id), address, look, allowed) for a in look.assets(indicator.asset_kind))
    return [marker for marker in made if marker]


def _for_strangers(marker: Marker) -> Marker:
    label, word = marker.alone
    return replace(marker, url="", label=unnamed(marker.label), alone=(unnamed(label), word))


def _for_a_hand(markers: list[Marker]) -> list[Marker]:
    """The gravest stations keep their numbers, the others are dots: a hand's width has room for no more."""
    stations = sorted(
        (m for m in markers if m.kind == "station"), key=lambda m: (-m.band, -len(m.value), m.value)
    )
    named = {id(m) for m in stations[:HAND_NUMBERS]}
    return [
        m
        if m.kind != "station" or id(m) in named or m.stale
        else replace(m, value="", band=0, word="", label="", url="")
        for m in markers
    ]


def _station(
    asset: queries.AssetRow, row: queries.FigureRow | None, indicator: str, look: Look, allowed: float
) -> Marker | None:
    if asset.lat is None or asset.lon is None:
        return None
    age = (look.now - row.at).total_seconds() if row else 0
    classed = look.library.classify(indicator, row.value) if row else None
    bands = [step.token for _low, step in look.library.scale(indicator)]
    return Marker(
        lat=asset.lat,
        lon=asset.lon,
        label=asset.name,
        value=writing.number(row.value, 0) if row and row.value is not None else "",
        band=bands.index(classed.token) + 1 if classed else 0,
        word=classed.word if classed else "",
        stale=_("CŨ %(age)s") % {"age": writing.span_long(age)} if row and age > allowed else "",
        layer=asset.kind,
        url=tiles.station_url(look, asset.code),
        id=asset.code,
    )


@dataclass(frozen=True, slots=True)
class Events:
    """What happens on the map: `marks` one for each place, `listed` the gravest things, the numbers of all of them."""

    marks: list[Marker]
    listed: Listed
    incidents: int
    alarms: int
    unplaced: Unplaced


def events_of(look: Look, person: Anyone) -> Events:
    """Incidents that are open, and alarms that stand and no incident handles; then, when looking back."""
    opened = _open_incidents(look, person)
    incidents = _incidents(opened)
    alarms, nowhere = _alarms_then(look.as_of, person) if look.as_of else _alarms_now(person)
    spots: dict[Spot, tuple[Marker, int]] = {}
    # The gravest incident stands for its place, then the gravest alarm; the others are counted beside it, and a mark
    # that stands for several leads to all of them.
    for marker, number in [*((one, 1) for one in incidents), *alarms]:
        spot = (marker.lat, marker.lon)
        first, before = spots.get(spot, (marker, 0))
        url = _spot_url(spot, look.as_of) if before else first.url
        spots[spot] = (replace(first, url=url), before + number)
    marks = [with_others(marker, number) for marker, number in spots.values()]
    things = [
        *((one, 1) for one in incidents),
        *((with_others(one, number), number) for one, number in alarms),
    ]
    standing = sum(number for _, number in alarms)
    listed = Listed.of(things, len(incidents), standing)
    unplaced = Unplaced(opened.filter(lat=None).count(), nowhere)
    return Events(marks, listed, len(incidents), standing, unplaced)


def things_at(area: Area, look: Look, person: Anyone) -> Listed:
    """The incidents and the alarms within it, the incidents first, each with the address of its own page."""
    south, west, north, east = area
    lats, lons = (south, north), (west, east)
    opened = _open_incidents(look, person).filter(lat__range=lats, lon__range=lons)
    if look.as_of:
        rows = [row for row in _standing_then(look.as_of, person) if _is_within(row.alarm.spot, area)]
        alarms = [_single(row.alarm, row.priority, row.state == "acked") for row in rows]
        standing = len(alarms)
    else:
        there = Q(asset__lat__range=lats, asset__lon__range=lons) | Q(
            asset=None, place__lat__range=lats, place__lon__range=lons
        )
        found = _standing_now(person).filter(there)
        gravest = found.select_related("asset", "place", "source").order_by("priority", "-raised_at")[:LISTED]
        alarms = [_single(alarm, alarm.priority, alarm.acknowledged_at is not None) for alarm in gravest]
        standing = found.count()
    things = [(one, 1) for one in [*_incidents(opened, LISTED), *alarms]]
    return Listed.of(things, opened.count(), standing)


def _is_within(spot: Spot | None, area: Area) -> bool:
    south, west, north, east = area
    return spot is not None and south <= spot[0] <= north and west <= spot[1] <= east


def _spot_url(spot: Spot, as_of: datetime | None) -> str:
    return _list_url(f"{spot[0]!r},{spot[1]!r}", as_of)


def _list_url(where: str, as_of: datetime | None) -> str:
    """The map's page with what stands at a spot, or within an area, alone in its list."""
    asked = {"o": where} | ({"as_of": as_of.isoformat()} if as_of else {})
    return f"{reverse('boards:map')}?{urlencode(asked, safe=',{}')}#on-map"


def _open_incidents(look: Look, person: Anyone) -> IncidentQuerySet:
    mine = Incident.objects.for_user(person)
    if look.as_of:
        return mine.filter(Q(closed_at=None) | Q(closed_at__gt=look.as_of), opened_at__lte=look.as_of)
    return mine.open()


def _incidents(opened: IncidentQuerySet, most: int | None = None) -> list[Marker]:
    return [
        _event("incident", (one.lat or 0.0, one.lon or 0.0), one.title, one.priority, one.get_absolute_url())
        for one in opened.exclude(lat=None).order_by("priority", "-opened_at")[:most]
    ]


# Each station's, or place's, gravest alarm with how many it has; and how many alarms have no position.
Alarms = tuple[list[tuple[Marker, int]], int]


def _standing_now(person: Anyone) -> AlarmQuerySet:
    standing = Alarm.objects.for_user(person).filter(incident_code="")
    return standing.in_state("unacked") | standing.in_state("acked")


def _standing_then(then: datetime, person: Anyone) -> list[Past]:
    handled = set(IncidentAlarm.objects.filter(added_at__lte=then).values_list("alarm_id", flat=True))
    return [
        row
        for row in open_at(person, then)
        if row.alarm.pk not in handled and row.state in ("unacked", "acked")
    ]


def _alarms_now(person: Anyone) -> Alarms:
    """A flood of thousands is as many rows as there are stations."""
    standing = _standing_now(person)
    at_spot = Window(Count("pk"), partition_by=[F("subject")])
    placed = standing.placed().annotate(number=at_spot).order_by("subject", "priority", "-raised_at")
    found = [
        (_alarm(alarm, alarm.priority, alarm.acknowledged_at is not None, alarm.number), alarm.number)
        for alarm in placed.distinct("subject").select_related("asset", "place")
    ]
    nowhere = standing.count() - sum(number for _, number in found)
    return sorted(found, key=lambda pair: pair[0].priority), nowhere


def _alarms_then(then: datetime, person: Anyone) -> Alarms:
    subjects: dict[str, list[Past]] = {}
    nowhere = 0
    for row in _standing_then(then, person):
        if row.alarm.spot is None:
            nowhere += 1
        else:
            subjects.setdefault(row.alarm.subject, []).append(row)
    found = [
        (_alarm(rows[0].alarm, rows[0].priority, rows[0].state == "acked", len(rows), then), len(rows))
        for rows in subjects.values()
    ]
    return found, nowhere


def _alarm(alarm: Alarm, priority: int, acked: bool, number: int, then: datetime | None = None) -> Marker:
    """The gravest of `number` alarms of one subject. Of several, a station's page or the map's list has them all."""
    one = _single(alarm, priority, acked)
    if number == 1:
        return one
    station = reverse("boards:station", args=[alarm.asset.code]) if alarm.asset else ""
    return replace(one, url=station or _spot_url((one.lat, one.lon), then))


def _single(alarm: Alarm, priority: int, acked: bool) -> Marker:
    title = f"{alarm.title}, {alarm.where}"
    return _event("alarm", alarm.spot or (0.0, 0.0), title, priority, alarm.get_absolute_url(), acked)


def _event(
    kind: Any, spot: tuple[float, float], title: str, priority: int, url: str, acked: bool = False
) -> Marker:
    word = {1: _("Khẩn cấp"), 2: _("Cao"), 3: _("Thấp")}[priority]
    return Marker(
        lat=spot[0], lon=spot[1], label=title, kind=kind, priority=priority, word=word, is_acknowledged=acked,
        layer=kind, url=url,
    )  # fmt: skip


def province_name() -> str:
    """Name of that province, as it is called today."""
    code = province_code()
    found = (
        Place.objects.filter(code=code, level=Place.Level.PROVINCE, valid_to_date=None).first()
        if code
        else None
    )
    return found.name if found else ""
