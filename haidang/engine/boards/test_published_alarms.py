"""An alarm of a published figure stands in lists and on the map, and leads to its figure."""

from __future__ import annotations

from haidang.engine.alarms.conftest import Centre, browser, judge
from haidang.engine.alarms.conftest import centre as centre  # noqa: PLC0414 - the province of the stage before
from haidang.engine.alarms.models import Alarm
from haidang.engine.boards.mapping import events_of
from haidang.engine.boards.tiles import Look
from haidang.engine.indicators.conftest import places as places  # noqa: PLC0414


def test_it_stands_in_lists_on_the_map_and_leads_to_its_figure(centre: Centre) -> None:
    centre.publish("2026-W47", {centre.places.north: 24, centre.places.south: 31})
    judge()
    client = browser(centre.operator)
    north, south = (Alarm.objects.get(place_id=one) for one in (centre.places.north, centre.places.south))
    assert north.why_url.startswith("/vi-sao/so-ky/?indicator=health.dengue_communes&place=")
    pages = {
        path: client.get(path).content.decode()
        for path in ("/bao-dong/", north.get_absolute_url(), north.why_url)
    }
    assert all("commune north" in pages[path] for path in ("/bao-dong/", north.get_absolute_url()))
    assert "Tuần 47/2026" in pages["/bao-dong/"]
    assert north.why_url.replace("&", "&amp;") in pages[north.get_absolute_url()]
    assert "24" in pages[north.why_url]
    found = events_of(Look.at(None, centre.operator), centre.operator)
    assert [(one.lat, one.lon, one.url) for one in found.marks] == [(11.31, 106.10, north.get_absolute_url())]
    assert found.unplaced.alarms == 1, "nobody knows where the other commune lies"
    assert south.spot is None
