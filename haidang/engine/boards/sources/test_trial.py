"""Trying a source out: a reading of the trial station goes the real way and is no reading of the province."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from django.test import Client

from haidang.engine import clock
from haidang.engine.alarms.models import Alarm
from haidang.engine.boards import queries
from haidang.engine.boards.sources import content, first_run, ledger, probe, trial
from haidang.engine.boards.sources.conftest import ADDRESS, deliver, now_text
from haidang.engine.ingest.conftest import Sender, reading
from haidang.engine.store.models import Credential, Source


def test_no_board_counts_the_trial_station(sender: Sender) -> None:
    asset = trial.station("air", "environment")
    deliver(sender, reading("PM2.5", 31.2, now_text()), station=asset.code)
    assert asset.code not in {row.code for row in queries.assets("air")}
    assert asset.pk not in {row.asset_id for row in queries.latest_readings(kind="air")}
    book = ledger.books()
    assert book.stations.get(Source.objects.get(address=ADDRESS).pk) is None


def test_a_throw_away_key_speaks_for_the_trial_station_and_ends_with_the_next_or_after_a_day(
    sender: Sender, signed_in: Callable[[str], Client]
) -> None:
    client = signed_in("administrator")
    page = client.post("/nguon/lan-dau/", {"act": "key"}).content.decode()
    first = Credential.objects.get(label=trial.FIRST_RUN)
    assert first.stations == ["THU-01"]
    assert f"-u {first.user} " in page
    assert "&quot;station&quot;:&quot;THU-01&quot;" in page
    # Three lines: HTTP, MQTT, and the one that ends the alarm.
    assert page.count("&quot;parameter&quot;:&quot;PM2.5&quot;") == 3
    assert "Cho báo động hết" in page
    client.post("/nguon/lan-dau/", {"act": "key"})
    first.refresh_from_db()
    assert first.revoked_at is not None
    Credential.objects.filter(revoked_at=None).update(created_at=clock.now() - timedelta(hours=25))
    assert trial.revoke_old() == 1


def test_the_first_run_card_stands_until_put_away(sender: Sender, signed_in: Callable[[str], Client]) -> None:
    client = signed_in("administrator")
    request = client.get("/nguon/").wsgi_request
    assert first_run.is_wanted(request)
    client.post("/nguon/lan-dau/", {"act": "away"})
    assert not first_run.is_wanted(client.get("/nguon/").wsgi_request)
    assert not first_run.is_wanted(signed_in("operator").get("/nguon/").wsgi_request)


def test_the_loud_reading_breaks_the_most_urgent_rule() -> None:
    loud = trial.loud()
    assert loud is not None
    rules = [e.thing for e in tree_with_rules() if str(e.thing.title) == loud.rule]
    assert rules[0].exceeds(loud.value)
    assert rules[0].priority == 1
    assert rules[0].is_quiet(loud.quiet)
    assert loud.quiet_for == rules[0].clear_for


def tree_with_rules() -> list[object]:
    return list(content.tree().of("rules").values())


def test_a_trial_reading_reports_its_stages_from_the_record(sender: Sender) -> None:
    source = Source.objects.get(address=ADDRESS)
    asset = trial.station("air", "environment")
    sent = probe.Sent(source.pk, "tester", "push", clock.timestamp() - 0.05, 4.0, "1.0")
    before = probe.look(sent)
    assert [stage.ms is not None for stage in before.stages] == [True, True, False, False, False]
    delivery = deliver(sender, reading("PM2.5", 31.2, now_text()), station=asset.code)
    seen = probe.look(sent)
    assert seen.is_done
    assert seen.delivery == delivery
    checked, stored, judged = (stage.ms for stage in seen.stages[2:])
    assert checked is not None
    assert stored is not None
    assert judged is not None
    assert 50 <= checked < stored < judged
    assert seen.stages[3].note == "1 dòng"
    assert re.fullmatch(r"\d quy tắc đã xét, không vượt ngưỡng", seen.stages[4].note)


def test_a_trial_reading_says_truly_what_the_rules_made_of_it(sender: Sender) -> None:
    source = Source.objects.get(address=ADDRESS)
    asset = trial.station("air", "environment")
    sent = probe.Sent(source.pk, "tester", "push", clock.timestamp(), 4.0, "1.0")
    deliver(sender, reading("PM2.5", 310, now_text()), station=asset.code)
    assert re.search(r"quy tắc đã xét, [1-9] báo động", probe.look(sent).stages[4].note)


def test_an_alarm_that_was_tried_out_is_no_red_thing_of_the_province(
    sender: Sender, signed_in: Callable[[str], Client]
) -> None:
    leader = signed_in("leader")
    deliver(sender, reading("PM2.5", 310, now_text()), station=trial.station("air", "environment").code)
    tried = Alarm.objects.get(asset__is_trial=True, priority=1)
    later = clock.now() + timedelta(minutes=1)
    clock.set_source(later.timestamp)
    for when in ("", f"?as_of={clock.now() - timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}"):
        board = leader.get(f"/bang/leaders.leaders/{when}").content.decode()
        assert "Không có việc đỏ nào." in board
        assert tried.get_absolute_url() not in board


def test_a_forged_trial_ticket_is_not_found(sender: Sender, signed_in: Callable[[str], Client]) -> None:
    assert signed_in("operator").get(f"/nguon/{ADDRESS}/gui-thu/abc:def:ghi/").status_code == 404


def test_a_failed_trial_says_why_in_words_and_never_shows_the_raw_error() -> None:
    told = [
        probe._said(error)
        for error in (
            ConnectionRefusedError("refused"),
            TimeoutError("t"),
            OSError("550"),
            EOFError("x"),
        )
    ]
    assert told[0].startswith("không nối được tới cửa")
    assert told[1] == "cửa không trả lời trong 10 giây"
    assert told[2] == told[3]
    assert not any("Error" in words or "550" in words for words in told)
