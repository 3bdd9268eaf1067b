"""An alarm of a published figure stands in lists and on the map, and leads to its figure."""

from __future__ import annotations

from datetime import timedelta

from haidang.engine import clock
from haidang.engine.alarms.conftest import Centre, browser, judge
from haidang.engine.alarms.conftest import centre as centre  # noqa: PLC0414 - the province of the stage before
from haidang.engine.alarms.models import Alarm, Event
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


def test_all_alarms_of_one_place_are_reached_from_its_mark(centre: Centre) -> None:
    """A place has no page of its own: its mark leads to the list of what stands there, also when looking back."""
    centre.publish("2026-W47", {centre.places.north: 24})
    judge()
    first = Alarm.objects.get(place_id=centre.places.north)
    second = Alarm.objects.create(
        rule="health.dengue_epidemic", rule_sha256="0" * 64, domain="health", subject=first.subject, place=first.place,
        priority=3, title_vi="Ca bệnh tăng", at=first.at, raised_at=first.raised_at,
    )  # fmt: skip
    Event.objects.create(
        alarm=second,
        rule=second.rule,
        subject=second.subject,
        priority=3,
        kind="raised",
        recorded_at=second.raised_at,
    )
    client = browser(centre.operator)
    later = clock.now() + timedelta(minutes=1)
    clock.set_source(later.timestamp)
    for then in (None, later - timedelta(seconds=1)):
        (mark,) = events_of(Look.at(then, centre.operator), centre.operator).marks
        assert mark.word.endswith("(2)")
        page = client.get(mark.url).content.decode()
        listed = page[page.index('id="on-map"') :]
        assert all(one.get_absolute_url() in listed for one in (first, second))
        assert "Ở chỗ này" in listed
    alone = client.get("/ban-do/danh-sach/?o=10.0,100.0").content.decode()
    assert "không còn sự việc hay báo động nào" in alone
    for then in (None, later - timedelta(seconds=1)):
        lat, lon = first.spot or (0.0, 0.0)
        around = ",".join(str(degree) for degree in (lat - 0.1, lon - 0.1, lat + 0.1, lon + 0.1))
        asked = {"o": around} | ({"as_of": then.isoformat()} if then else {})
        listed = client.get("/ban-do/danh-sach/", asked).content.decode()
        assert all(one.get_absolute_url() in listed for one in (first, second))
    for nowhere in ("nowhere", "10.0", "10,106,11"):
        assert client.get(f"/ban-do/?o={nowhere}").status_code == 200
