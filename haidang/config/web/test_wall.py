"""The stream of a wall's device: its own, of few topics, and over within seconds when the device is revoked."""

from __future__ import annotations

import httpx
import pytest
from django.db import transaction

from haidang.config.web import entry
from haidang.config.web.test_live import WAIT, Stream, say
from haidang.config.web.trial import Trial, sign_in
from haidang.engine.boards.walls import actions
from haidang.engine.boards.walls.door import COOKIE
from haidang.engine.people.models import Person


def test_a_device_hears_its_topics_below_its_wall_and_nowhere_else(
    operator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entry, "close_old_connections", lambda: None)
    screen, token = actions.add_screen(name="Tường", wall="environment", by=operator)
    cookies = f"{COOKIE}={token}"
    stream = entry.admit_device(cookies, "environment", ["alarms", "walls", "sources", "people"])
    assert stream.topics == {"alarms", "walls"}
    assert entry.no_longer_admitted([stream]) == []
    session = "; ".join(f"{name}={value}" for name, value in sign_in(operator).items())
    for wall, header in (("incident", cookies), ("environment", ""), ("environment", session)):
        with pytest.raises(entry.NotSignedIn):
            entry.admit_device(header, wall, ["alarms"])
    with pytest.raises(entry.NotSignedIn):
        entry.admit(token, ["alarms"])
    with pytest.raises(entry.NotAllowed):
        entry.admit_device(cookies, "environment", ["sources"])
    actions.revoke_screen(screen=screen, by=operator)
    assert entry.no_longer_admitted([stream]) == [stream]


def test_a_revoked_wall_loses_its_stream_by_itself(web: Trial, operator: Person) -> None:
    screen, token = actions.add_screen(name="Tường", wall="environment", by=operator)
    address, cookies = f"{web.url}/wall/environment/live?topics=alarms,walls", {COOKIE: token}
    assert httpx.get(address).status_code == 401
    assert httpx.get(f"{web.url}/live?topics=alarms", cookies=cookies).status_code == 401
    with (
        httpx.Client(cookies=cookies, timeout=30) as client,
        client.stream("GET", address) as response,
    ):
        stream = Stream(response)
        stream.next("hello")
        say(("alarms", "1"))
        assert stream.next("change")[0][0] == "alarms"
        with transaction.atomic():
            actions.revoke_screen(screen=screen, by=operator)
        assert stream.ended.wait(WAIT)
    assert httpx.get(address, cookies=cookies).status_code == 401
