"""The simulated province speaks through the doors of a real centre; the plug is pulled; the sums close again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial

import httpx
import pytest

from haidang.config.supervisor.trial import Trial, trial

PUBLISHED = """
SELECT count(DISTINCT contract) FROM submissions_submission s
JOIN indicators_figure f ON f.epoch = s.epoch AND (f.detail->>'submission')::bigint = s.id
WHERE s.state = 'published' AND s.signed_by_id <> s.approved_by_id
"""
HEARD = """
SELECT count(DISTINCT s.asset_id) FROM store_series s JOIN store_source src ON src.id = s.source_id
WHERE src.address <> 'environment.station_history' AND s.last_at > now() - interval '30 minutes'
"""


@pytest.fixture(scope="module")
def province() -> Iterator[Trial]:
    with trial(demo="tay-ninh") as started:
        # The province is registered beside the running centre.
        plan = started.home / "demo" / "outside.json"
        started.wait_for(plan.exists, patience_s=60, what="the simulated province")
        yield started


def received(centre: Trial) -> int:
    return sum(at_the_doors for _, at_the_doors, _ in centre.sums())


@pytest.mark.xdist_group("demo")
def test_forty_stations_are_heard_within_the_first_minutes_through_all_three_doors(province: Trial) -> None:
    # Two at most may be cut off or without power this very minute.
    province.wait_for(lambda: province.sql(HEARD)[0][0] >= 38, patience_s=120, what="forty stations")
    doors = {row[0] for row in province.sql("SELECT DISTINCT door FROM store_delivery")}
    assert doors == {"ftp", "mqtt", "push"}
    logins = (province.home / "demo-logins.txt").read_text()
    assert logins.count("@tay-ninh.example") == 16


@pytest.mark.xdist_group("demo")
def test_files_of_offices_are_signed_approved_and_published_by_their_people(province: Trial) -> None:
    province.wait_for(lambda: province.sql(PUBLISHED)[0][0] >= 2, patience_s=120, what="published figures")


@pytest.mark.xdist_group("demo")
def test_the_history_fills_behind_them_and_shows_how_far_it_is(province: Trial) -> None:
    progress = province.home / "demo" / "history.json"
    province.wait_for(progress.exists, what="the history to begin")
    province.wait_for(lambda: len(json.loads(progress.read_text())["done"]) >= 2, what="two days of history")
    done = json.loads(progress.read_text())["done"]
    assert done[:2] == [59, 0], "the newest day first, then from the oldest on"


@pytest.mark.xdist_group("demo")
def test_smoke_asked_for_raises_an_alarm(province: Trial) -> None:
    count = "SELECT count(*) FROM alarms_alarm WHERE rule = 'environment.pm25_dangerous'"
    before = province.sql(count)[0][0]
    province.run("demo", "episode")
    province.wait_for(lambda: province.sql(count)[0][0] > before, what="an alarm")


@pytest.mark.xdist_group("demo")
def test_with_the_plug_pulled_the_doors_go_on_and_afterwards_the_sums_close(province: Trial) -> None:
    province.run("demo", "unplug", "--seconds", "8")
    province.wait_for(lambda: province.pid("ingest") is None, what="ingest to be down")
    before = received(province)
    province.run("demo", "episode")
    province.wait_for(lambda: received(province) > before, what="the doors to go on")
    assert not province.sums_close()
    province.wait_for(lambda: province.pid("ingest") is not None, what="ingest to come back")
    (province.home / "run" / "hold-demo").write_text("9999999999")
    province.wait_for(province.sums_close, patience_s=90, what="the sums to close")


def _is_done(browser: httpx.Client, shown: list[str]) -> bool:
    """Looks again as the page does, as long as it says so."""
    if again := re.search(r'id="probe"[^>]* hx-get="([^"]+)"', shown[-1]):
        shown.append(browser.get(again[1], headers={"HX-Request": "true"}).text)
    return again is None


@pytest.mark.xdist_group("demo")
def test_a_trial_reading_goes_through_the_pages_own_door_and_lights_every_stage(province: Trial) -> None:
    email, password = (province.home / "demo-logins.txt").read_text().split()[:2]
    with httpx.Client(base_url=province.web_url, follow_redirects=True, timeout=30) as browser:
        sign_in = browser.get("/tai-khoan/dang-nhap/")
        token = sign_in.cookies["csrftoken"]
        form = {"login": email, "password": password, "csrfmiddlewaretoken": token}
        browser.post("/tai-khoan/dang-nhap/", data=form, headers={"Referer": province.web_url})
        headers = {"X-CSRFToken": browser.cookies["csrftoken"], "Referer": province.web_url}
        for source in ("environment.station_readings", "environment.water_station_files"):
            shown = [browser.post(f"/nguon/{source}/gui-thu/", headers=headers).text]
            province.wait_for(partial(_is_done, browser, shown), what="the trial reading")
            assert shown[-1].count('class="lit"') == 5, shown[-1][shown[-1].find('id="probe"') :][:3000]
            assert "Xem dòng đã lưu" in shown[-1]
    turned = province.sql(
        "SELECT r.door, r.reason, r.credential FROM store_doorrefusal r JOIN store_credential c"
        " ON c.\"user\" = r.credential WHERE c.label = 'gửi thử'"
    )
    keys = province.sql("SELECT count(*) FROM store_credential WHERE label = 'gửi thử'")
    assert keys[0][0] == 2, "one for each reading sent"
    assert turned == [], "a new key is not knocked with before the doors know it"
