"""Every figure opens its why; a count opens the list it counts."""

from __future__ import annotations

import html
import re

from django.test import Client

from haidang.engine import clock
from haidang.engine.alarms.conftest import Desk
from haidang.engine.alarms.conftest import desk as desk  # noqa: PLC0414 - the station and cast of the stage before
from haidang.engine.alarms.models import Alarm
from haidang.engine.boards.definition import ShareTile
from haidang.engine.boards.tiles import Look, reporting
from haidang.engine.contracts.reading import Text
from haidang.engine.incidents.actions import open_incident
from haidang.engine.store.models import Series


def _links(page: str) -> set[str]:
    return {html.unescape(link) for link in re.findall(r'href="(/vi-sao/\?[^"]+)"', page)}


def test_the_values_of_an_alarm_lead_to_why_wherever_they_stand(desk: Desk) -> None:
    desk.hear(desk.judge("raise"))
    Series.objects.update(last_at=clock.now(), last_value=171.0)
    alarm = desk.open()
    incident = open_incident(by=desk.operator, title="Cháy kho", priority=2, alarms=[alarm])
    client = Client()
    client.force_login(desk.operator, backend="allauth.account.auth_backends.AuthenticationBackend")
    raised, newest = alarm.why_url, alarm.newest_why_url
    for url, wanted in (
        ("/bao-dong/", {raised}),
        (alarm.get_absolute_url(), {raised, newest}),
        (incident.get_absolute_url(), {raised, newest}),
    ):
        assert wanted <= _links(client.get(url).content.decode()), url
    assert [client.get(url).status_code for url in (raised, newest)] == [200, 200]


def test_an_alarm_of_an_index_names_its_station_as_why_does(desk: Desk) -> None:
    alarm = Alarm(indicator="environment.aqi_hour", asset=desk.station, value=201.0, at=clock.now())
    assert "asset=KK-1" in alarm.why_url
    assert Alarm(value=None, at=clock.now()).why_url == ""


def test_a_count_opens_the_list_it_counts(desk: Desk) -> None:
    Series.objects.update(last_at=clock.now(), last_value=9.0)
    view = reporting(ShareTile(title=Text(vi="Trạm đúng hạn"), asset_kind="air"), Look.at(None))
    assert view.shown is not None
    assert view.shown.list_url == "/tram/?kind=air"
