"""The map of one incident: where it is, the stations around it, the commune it lies in outlined."""

from __future__ import annotations

from math import cos, hypot, radians

from haidang.engine.alarms.models import Alarm
from haidang.engine.assets.models import Asset
from haidang.engine.incidents.models import Incident
from haidang.engine.places import drawing
from haidang.engine.places.drawing import Around, Drawing, Marker
from haidang.engine.places.models import Place
from haidang.engine.places.plate import KM_PER_DEGREE

AROUND = 7
COMPARED = 3
NEAREST_KM, FARTHEST_KM = 6.0, 40.0


def incident_maps(incident: Incident, word: str) -> dict[str, Drawing] | None:
    """The same map for a large desk, a small one and a hand, whose words keep their size; None when nobody knows where
    it is.
    """
    place = incident.place
    if place is None or incident.lat is None or incident.lon is None:
        return None
    province = place.parent if place.level == Place.Level.COMMUNE and place.parent else place
    stations = _stations(incident)
    markers = [_mark(incident, word), *stations]
    around: Around | None = Around(incident.lat, incident.lon, _reach_km(incident, stations))
    if place.level == Place.Level.PROVINCE and not stations:
        around = None  # it is of the whole province, not of the commune in its middle
    hits = [place.code] if place.level == Place.Level.COMMUNE else []
    try:
        return {
            "desk": drawing.draw(
                province.code, markers, profile="sheet", width=858, height=420, hits=hits, around=around
            ),
            "small": drawing.draw(province.code, markers, profile="low", hits=hits, around=around),
            "hand": drawing.draw(province.code, markers[:4], profile="phone", hits=hits, around=around),
        }
    except LookupError:
        return None  # its province is not one of today's: the words say where it is


def _reach_km(incident: Incident, stations: list[Marker]) -> float:
    """As far as the third station around it: who else smells it, and which way it drifts, stands within."""
    here = cos(radians(incident.lat or 0.0))
    far = [
        KM_PER_DEGREE * hypot(one.lat - (incident.lat or 0.0), (one.lon - (incident.lon or 0.0)) * here)
        for one in stations[:COMPARED]
    ]
    return min(max(max(far, default=0.0) * 1.2, NEAREST_KM), FARTHEST_KM)


def _mark(incident: Incident, word: str) -> Marker:
    return Marker(
        lat=incident.lat or 0.0,
        lon=incident.lon or 0.0,
        label=incident.place_text or incident.title,
        kind="incident",
        priority=incident.priority,
        word=word,
        layer="incident",
        id=incident.code,
    )


def _stations(incident: Incident) -> list[Marker]:
    """The nearest stations of the kind that raised it, without the one the incident already stands on."""
    alarm: Alarm | None = incident.alarms.exclude(asset=None).select_related("asset").first()
    if alarm is None or alarm.asset is None or incident.lat is None or incident.lon is None:
        return []
    here_lat, here_lon = incident.lat, incident.lon

    def far(asset: Asset) -> float:
        east = ((asset.lon or 0.0) - here_lon) * cos(radians(here_lat))
        return hypot((asset.lat or 0.0) - here_lat, east)

    others = Asset.objects.filter(kind=alarm.asset.kind, is_active=True, lat__isnull=False).exclude(
        pk=alarm.asset.pk
    )
    return [
        Marker(
            lat=a.lat or 0.0, lon=a.lon or 0.0, label=a.name, layer=a.kind, id=a.code, url=f"/tram/{a.code}/"
        )
        for a in sorted(others, key=far)[:AROUND]
    ]
