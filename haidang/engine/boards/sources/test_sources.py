"""Pages on sources show what the record says, to whoever may see it, and act only through the path."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from pytest_django.fixtures import Settings

from haidang.engine import clock
from haidang.engine.alarms.models import Alarm
from haidang.engine.assets.models import Asset
from haidang.engine.boards import queries
from haidang.engine.boards.sources import content, first_run, ledger, probe, pulse, refused, trial
from haidang.engine.connectors import counting
from haidang.engine.ingest.conftest import Sender, reading
from haidang.engine.ingest.conftest import content as tree
from haidang.engine.ingest.conftest import sender as sender  # noqa: PLC0414 - the fixture of the stage before
from haidang.engine.people.actions import add_office, add_person
from haidang.engine.people.models import Office, Person
from haidang.engine.store.doors import DoorRefusal
from haidang.engine.store.models import Credential, Delivery, DoorCount, Epoch, Pulse, Refusal, Source

ADDRESS = "environment.station_readings"
FILES = "environment.air_station_files"
SUM = re.compile(r'data-sum="(\w+)">([\d.]+)<')


@pytest.fixture
def department(db: None) -> Office:
    return add_office(
        code="so-nnmt", name="Sở Nông nghiệp và Môi trường", short_name="Sở NN&MT", phone="0276 000 0215"
    )


@pytest.fixture
def signed_in(department: Office, settings: Settings) -> Callable[[str], Client]:
    """Signs in somebody of a role, as an administrator, an operator, an officer …"""
    settings.HAIDANG_REQUIRE_TOTP = "nobody"

    def of(role: str, office: Office | None = None) -> Client:
        person = add_person(
            email=f"{role}{Person.objects.count()}@tay-ninh.example", name="Trần Thị Thử", role=role,
            password="mat-khau-dung-thu-1", office=office or department,
        )  # fmt: skip
        client = Client()
        client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
        return client

    return of


def now_text(minutes: int = 0) -> str:
    return (clock.local(clock.now()) - timedelta(minutes=minutes)).isoformat(timespec="seconds")


def deliver(sender: Sender, *readings: dict[str, object], station: str = "KK-1", **more: object) -> Delivery:
    """Through the conductor, counted at the door as the doors' own reader does."""
    delivery = sender.send({"station": station, "readings": list(readings)}, **more)
    count, _ = DoorCount.objects.get_or_create(source_address=ADDRESS, door="push")
    body = counting.count(b'{"readings":[' + b",".join([b"{}"] * len(readings)) + b"]}", "json")
    DoorCount.objects.filter(pk=count.pk).update(received=count.received + body)
    return delivery


@pytest.fixture
def settled(sender: Sender) -> Sender:
    """Three good readings, one sent twice, one with an unknown parameter, one of an unknown station."""
    first = reading("PM2.5", 31.2, now_text(2))
    deliver(sender, first, reading("PM10", 50, now_text(2)), reading("DUST", 1, now_text(2)))
    deliver(sender, first)
    deliver(sender, reading("PM2.5", 28, now_text(1)))
    deliver(sender, reading("PM2.5", 28, now_text(1)), station="KK-99")
    return sender


# --- the list ------------------------------------------------------------------------------------------------
def test_the_sums_on_the_page_are_those_of_the_record(
    settled: Sender, signed_in: Callable[[str], Client]
) -> None:
    page = signed_in("administrator").get("/nguon/").content.decode()
    article = page[page.index(ADDRESS) : page.index("</article>", page.index(ADDRESS))]
    shown = {name: int(number.replace(".", "")) for name, number in SUM.findall(article)}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT sum(received) FROM store_doorcount WHERE source_address = %s),"
            " t.stored, t.duplicate, t.refused, t.failed"
            " FROM store_tally t JOIN store_source s ON s.id = t.source_id WHERE s.address = %s",
            [ADDRESS, ADDRESS],
        )
        row = cursor.fetchone()
    assert shown == dict(
        zip(("received", "stored", "duplicate", "refused", "failed"), map(int, row), strict=True)
    )
    assert shown == {"received": 6, "stored": 3, "duplicate": 1, "refused": 2, "failed": 0}
    assert "khớp" in article


def test_what_the_doors_took_and_ingest_has_not_settled_is_the_queue(
    settled: Sender, signed_in: Callable[[str], Client]
) -> None:
    DoorCount.objects.filter(source_address=ADDRESS).update(received=10)
    page = signed_in("operator").get("/nguon/").content.decode()
    assert "<b>4</b> đang chờ trong hàng đợi" in page


def test_while_nothing_is_written_no_page_calls_the_sources_on_time(
    settled: Sender, signed_in: Callable[[str], Client]
) -> None:
    """Ingest was killed: the doors go on taking records, and the numbers on the screen stand still."""
    client = signed_in("operator")
    pages = ("/nguon/", "/bang/environment.overview/o/?pane=sources")
    assert all("đúng giờ" in client.get(page).content.decode() for page in pages)
    head = client.get(pages[0]).content.decode()
    assert re.search(r"1 trong 1 nguồn đúng giờ · \d+ nguồn chưa gửi gì", head)
    assert "1 trong 1 đúng giờ" in client.get(pages[1]).content.decode(), "the overview counts alike"
    DoorCount.objects.filter(source_address=ADDRESS).update(received=10, waiting_from=clock.now())
    assert "Nhận đứng yên" not in client.get(pages[1]).content.decode(), "what is on its way is no standstill"
    last = clock.now() - timedelta(seconds=ledger.STILL_S + 1)
    Epoch.objects.filter(actor="ingest").update(committed_at=last - F("pk") * timedelta(microseconds=1))
    assert "Nhận đứng yên" not in client.get(pages[1]).content.decode(), (
        "after a quiet hour one is on its way"
    )
    DoorCount.objects.filter(source_address=ADDRESS).update(waiting_from=last)
    for page in pages:
        text = client.get(page).content.decode()
        assert "Nhận đứng yên" in text
        assert "4 bản ghi đã nhận ở cửa đang chờ, chưa ghi gì từ" in text
        assert not re.search(r"\d (nguồn )?đúng giờ|Mọi nguồn đều đúng giờ", text)


def test_a_content_file_that_does_not_hold_is_named_above_the_sources(
    settled: Sender, signed_in: Callable[[str], Client], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "ho" / "sources" / "messages.yml"
    source.parent.mkdir(parents=True)
    source.write_text("title: {vi: Hồ}\ncontract: ho.gauge\ndoors: [push]\nformat: json\n", encoding="utf-8")
    (tmp_path / "ho" / "domain.yml").write_text("title: {vi: Hồ}\n", encoding="utf-8")
    assert "Tệp nội dung hỏng" not in signed_in("operator").get("/nguon/").content.decode()
    monkeypatch.setenv("HAIDANG_DOMAINS", str(tmp_path))
    content.tree.cache_clear()
    try:
        page = signed_in("operator").get("/nguon/").content.decode()
    finally:
        content.tree.cache_clear()
    assert ">ho/sources/messages.yml:2: contract ho.gauge does not exist" in page
    assert "left out until it is mended" in page
    assert str(tmp_path) not in page


def test_more_settled_than_received_is_a_broken_sum_and_said_so(
    settled: Sender, signed_in: Callable[[str], Client]
) -> None:
    DoorCount.objects.filter(source_address=ADDRESS).update(received=5)
    page = signed_in("operator").get("/nguon/").content.decode()
    assert "lệch −1 bản ghi" in page
    assert 'data-closes="no"' in page


def test_a_silent_source_is_hatched_and_dated(settled: Sender, signed_in: Callable[[str], Client]) -> None:
    Source.objects.filter(address=ADDRESS).update(
        last_received_at=clock.now() - timedelta(hours=2, minutes=12)
    )
    page = signed_in("operator").get("/nguon/").content.decode()
    assert "CŨ 2 giờ 12 phút" in page
    assert 'class="src hatch"' in page


def test_a_source_without_a_rhythm_is_never_silent(
    settled: Sender, signed_in: Callable[[str], Client]
) -> None:
    Source.objects.filter(address="environment.station_history").update(
        last_received_at=clock.now() - timedelta(days=300)
    )
    page = signed_in("operator").get("/nguon/").content.decode()
    assert "không hẹn giờ" in page
    assert 'class="src hatch"' not in page


def test_what_a_door_turned_away_is_told_with_its_remedy(
    settled: Sender, signed_in: Callable[[str], Client]
) -> None:
    DoorRefusal.objects.create(
        minute=clock.now().replace(second=0, microsecond=0), door="push", source_address=ADDRESS,
        reason="wrong_key", count=3,
    )  # fmt: skip
    page = signed_in("operator").get("/nguon/").content.decode()
    assert f"Xin khóa mới bằng haidang source key {ADDRESS}" in page
    assert "3 lần" in page


def test_a_refusal_whose_source_the_door_could_not_tell_shows_to_whoever_sees_all(
    signed_in: Callable[[str], Client], department: Office
) -> None:
    DoorRefusal.objects.create(
        minute=clock.now().replace(second=0, microsecond=0), door="ftp", source_address="",
        reason="wrong_key", count=7,
    )  # fmt: skip
    since = clock.now() - timedelta(days=1)
    everywhere, narrow = (
        add_person(email=f"{n}@tinh.example", name="Lê Thị Thử", role=r, office=department, password="mat-khau-thu-1")
        for n, r in (("a", "operator"), ("b", "officer"))
    )  # fmt: skip
    everywhere.grants.update(office=None, place=None, domain="")
    narrow.grants.update(office=department)
    assert [row.count for row in ledger.visible_doors(everywhere, since)] == [7]
    assert not ledger.visible_doors(narrow, since).exists()


def test_the_live_fragment_carries_the_parts_the_page_replaces(
    settled: Sender, signed_in: Callable[[str], Client]
) -> None:
    client = signed_in("operator")
    fragment = client.get("/nguon/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    for part in ("sources-list", "sources-side"):
        assert f'id="{part}"' in fragment
        assert f'id="{part}"' in client.get("/nguon/").content.decode()


# --- who sees what -------------------------------------------------------------------------------------------
def test_an_officer_sees_the_sources_of_his_own_office_only(
    settled: Sender, department: Office, signed_in: Callable[..., Client]
) -> None:
    Source.objects.filter(address=ADDRESS).update(office=department)
    elsewhere = add_office(code="ubnd-an-tinh", name="UBND phường An Tịnh")
    assert signed_in("officer").get(f"/nguon/{ADDRESS}/").status_code == 200
    stranger = signed_in("officer", elsewhere)
    assert ADDRESS not in stranger.get("/nguon/").content.decode()
    for path in ("", "tu-choi/", "lan-nhan/1/"):
        assert stranger.get(f"/nguon/{ADDRESS}/{path}").status_code == 404


def test_a_field_crew_sees_no_source_and_a_stranger_is_sent_to_sign_in(
    settled: Sender, signed_in: Callable[[str], Client]
) -> None:
    assert signed_in("crew").get("/nguon/").status_code == 403
    assert Client().get("/nguon/").status_code == 302


# --- one source ----------------------------------------------------------------------------------------------
def test_a_source_shows_promise_sample_stations_and_masked_keys(
    settled: Sender, signed_in: Callable[[str], Client]
) -> None:
    source = Source.objects.get(address=ADDRESS)
    credential = Credential.objects.create(
        source=source, label="Công ty thử", user="thu-abc", password_hash="x", key_sha256="a" * 60 + "beef",
        stations=["KK-1"], created_at=clock.now(),
    )  # fmt: skip
    page = signed_in("operator").get(f"/nguon/{ADDRESS}/").content.decode()
    assert "mỗi 5 phút một lần" in page
    assert f"/api/v1/sources/{ADDRESS}/deliveries" in page
    assert "sources/environment/station_readings/KK-1" in page
    assert "Trạm Tân Ninh" in page
    assert "••••beef" in page
    assert credential.key_sha256 not in page


def test_the_sample_of_every_source_satisfies_its_own_contract(sender: Sender) -> None:
    for address, (definition, contract) in content.terms().items():
        kind = contract.asset_kinds[0]
        code = {"air": "KK-1", "water": "NM-1"}[kind]
        text = content.sample(address, code)
        if definition.format == "lines":
            body = text.replace("\n", "\r\n").encode() + b"\r\n"
            delivery = sender.send(body, address, format="lines", name=content.file_name(code))
        else:
            delivery = sender.send(text.encode(), address)
        assert (delivery.stored, delivery.refused, delivery.failed) == (2, 0, 0), address


def test_the_impact_names_what_reads_the_source(sender: Sender) -> None:
    found = content.impact(FILES)
    assert "PM2.5 năm phút trên 250 µg/m³" in found.rules
    assert found.indicators
    assert not any("pH" in rule for rule in found.rules)
    assert found.sentence.startswith("Nếu nguồn này chết:")
    assert str(len(found.rules)) in found.sentence


def test_the_impact_of_files_of_an_office_is_that_of_their_contract(sender: Sender) -> None:
    found = content.impact("economy.monthly_files")
    assert found == content.of_contract("economy.monthly")
    assert found.short
    assert len(content.impact("health.epidemic_files").rules) >= 3


def test_a_source_nobody_reads_says_so() -> None:
    assert content.Impact([], [], [], []).sentence.endswith("không chỉ tiêu, bảng hay quy tắc nào hỏng theo.")


# --- refused records -----------------------------------------------------------------------------------------
def test_a_refused_record_tells_why_where_and_how_to_mend_it(
    settled: Sender, signed_in: Callable[[str], Client]
) -> None:
    page = signed_in("operator").get(f"/nguon/{ADDRESS}/tu-choi/").content.decode()
    assert "thông số “DUST” không có trong hợp đồng" in page
    assert "<mark>DUST</mark>" in page
    assert "haidang station add --code KK-99" in page
    assert "Chạy lại" not in page.partition("<main")[2].partition("</main")[0].replace("đã chạy lại", "")


def test_refused_records_are_narrowed_by_reason(settled: Sender, signed_in: Callable[[str], Client]) -> None:
    page = signed_in("analyst").get(f"/nguon/{ADDRESS}/tu-choi/?ly-do=unknown_station").content.decode()
    assert "KK-99" in page
    assert "DUST" not in page
    assert "Chạy lại bản ghi đã chọn" in page


def test_records_refused_together_are_told_together(
    sender: Sender, signed_in: Callable[[str], Client]
) -> None:
    deliver(sender, *(reading(name, 5, now_text()) for name in ("PM2.5", "PM10", "SO2")), station="KK-99")
    page = signed_in("analyst").get(f"/nguon/{ADDRESS}/tu-choi/").content.decode()
    ids = ",".join(str(pk) for pk in Refusal.objects.order_by("ordinal").values_list("pk", flat=True))
    assert page.count("KK-99” chưa đăng ký") == 1
    assert f'value="{ids}"' in page
    assert "và 2 bản ghi nữa" in page


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><img src=x>', "&amp;"])
def test_the_text_of_a_record_is_shown_and_never_run(sender: Sender, hostile: str) -> None:
    deliver(sender, reading(hostile, 1, now_text()))
    told = refused.told(Refusal.objects.get())
    assert hostile not in told.excerpt.replace("&amp;amp;", "")
    assert "<script" not in told.excerpt


def test_replay_says_when_the_stream_does_not_answer_and_keeps_the_records(
    settled: Sender, signed_in: Callable[[str], Client], settings: Settings
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.NATS_URL = f"nats://127.0.0.1:{free.getsockname()[1]}"
    answer = signed_in("duty_chief").post(f"/nguon/{ADDRESS}/chay-lai/", {"all": "1"}, follow=True)
    assert "hàng đợi không trả lời" in answer.content.decode()
    assert Refusal.objects.filter(replayed_at=None).count() == 2


def test_replay_is_not_for_everybody(settled: Sender, signed_in: Callable[[str], Client]) -> None:
    assert signed_in("operator").post(f"/nguon/{ADDRESS}/chay-lai/", {"all": "1"}).status_code == 403


def test_a_delivery_shows_its_bytes_with_the_line_lit(
    settled: Sender, signed_in: Callable[[str], Client]
) -> None:
    delivery = settled.file(
        "KK-1_20261121100000.txt", *(f"PM2,5\t{n}\tug/Nm3\t2026112110{n:02d}00\t00" for n in range(9))
    )
    page = signed_in("operator").get(f"/nguon/{FILES}/lan-nhan/{delivery.pk}/?dong=4").content.decode()
    lit = re.search(r'<li class="on"[^>]*>.*?</li>', page)
    assert lit
    assert "20261121100400" in lit[0]
    assert "dòng 5 được tô" in page
    assert signed_in("operator").get(f"/nguon/{ADDRESS}/lan-nhan/{delivery.pk}/").status_code == 404
    for strange in ("²", "9" * 5000, "-1", "x"):
        page_of_all = signed_in("operator").get(f"/nguon/{FILES}/lan-nhan/{delivery.pk}/", {"dong": strange})
        assert page_of_all.status_code == 200, strange[:9]


# --- the pulse strip -----------------------------------------------------------------------------------------
NOON = datetime(2026, 11, 21, 5, 0, 30, tzinfo=UTC)


def beat(source: Source, minutes_ago: int, **counts: int) -> Pulse:
    minute = NOON.replace(second=0) - timedelta(minutes=minutes_ago)
    return Pulse(source=source, minute=minute, **counts)


def test_a_gap_is_a_silence_longer_than_promised(db: None) -> None:
    source = Source(address="a.b")
    beats = {
        p.minute: p
        for p in (beat(source, 59, stored=5), beat(source, 55, stored=5), beat(source, 30, stored=5))
    }
    strip = pulse.strip(beats, NOON, every_s=300)
    assert [(gap.x // pulse.CELL, gap.minutes) for gap in strip.gaps] == [(5, 24), (30, 29)]
    assert len(strip.filled) == 3


def test_before_its_first_word_a_source_has_no_gap(db: None) -> None:
    source = Source(address="a.b")
    beats = {p.minute: p for p in (beat(source, 2, stored=5), beat(source, 1, stored=5))}
    assert pulse.strip(beats, NOON, 300, spoke_before=False).gaps == []
    assert len(pulse.strip(beats, NOON, 300, spoke_before=True).gaps) == 1


def test_late_repeated_and_refused_records_are_visible_however_few(db: None) -> None:
    source = Source(address="a.b")
    one = beat(source, 3, stored=500, duplicate=1, refused=1, late=2)
    strip = pulse.strip({one.minute: one}, NOON, every_s=60)
    parts = strip.filled[0].parts
    assert [part.kind for part in parts] == ["late", "duplicate", "refused"]
    assert all(part.height >= 3 for part in parts)
    assert min(part.y for part in parts) >= -6
    assert "1 bị từ chối" in strip.words
    assert "2 trễ" in strip.words


def test_no_clock_time_lies_over_the_word_for_now_on_a_phone() -> None:
    """In a strip of 296 pixels, on a screen of 320, a time is 40 pixels wide and stands in its middle; “bây giờ”, 52, ends
    at the right edge.
    """
    width = 296
    for minute in range(60):
        marks = pulse.strip({}, NOON.replace(minute=minute), every_s=60).marks
        assert len(marks) >= 2
        middles = [float(left) / 100 * width for left, _ in marks]
        assert all(20 <= middle <= width - 52 - 20 - 4 for middle in middles)


def test_hours_add_up_the_minutes(db: None) -> None:
    source = Source.objects.create(address="a.b", domain="a", title="T", every_s=300, silent_after_s=900)
    Pulse.objects.bulk_create([beat(source, n, stored=2, refused=1) for n in (1, 5, 61)])
    bars = pulse.hours(source.pk, NOON)
    assert [bar.total for bar in bars[-3:]] == [3, 6, 0]
    assert bars[-1].hour == NOON.replace(minute=0, second=0)


# --- trying things out ---------------------------------------------------------------------------------------
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


# --- the demo ------------------------------------------------------------------------------------------------
@pytest.fixture
def demo_home(settings: Settings, tmp_path: Path) -> Path:
    settings.HAIDANG_HOME = tmp_path
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "outside.json").write_text("{}")
    (tmp_path / "demo" / "history.json").write_text(
        '{"anchor": 0, "days": 60, "done": [59, 0, 1], "records": 18432, "waiting": "push: 503", "refused": 0}'
    )
    return tmp_path


def test_the_page_shows_how_far_the_history_is(
    sender: Sender, demo_home: Path, signed_in: Callable[[str], Client]
) -> None:
    page = signed_in("operator").get("/nguon/").content.decode()
    assert "3 trong 60 ngày · 18.432 số đo" in page
    assert "push: 503" in page


def test_pulling_the_plug_asks_the_supervisor_and_is_shown(
    sender: Sender, demo_home: Path, signed_in: Callable[[str], Client]
) -> None:
    answer = signed_in("operator").post("/nguon/mo-phong/", {"act": "unplug"}, follow=True)
    until = float((demo_home / "run" / "hold-ingest").read_text())
    assert 50 < until - clock.timestamp() <= 60
    assert "Đã rút phích: không ghi gì đến" in answer.content.decode()
    assert signed_in("analyst").post("/nguon/mo-phong/", {"act": "unplug"}).status_code == 403


def test_smoke_is_asked_for_by_a_file(
    sender: Sender, demo_home: Path, signed_in: Callable[[str], Client]
) -> None:
    signed_in("operator").post("/nguon/mo-phong/", {"act": "episode"})
    assert (demo_home / "demo" / "episode").exists()


def test_without_a_simulated_province_nothing_can_be_pulled(
    sender: Sender, signed_in: Callable[[str], Client]
) -> None:
    assert signed_in("operator").post("/nguon/mo-phong/", {"act": "unplug"}).status_code == 404


def test_the_content_of_the_fixture_is_the_content_of_the_pages() -> None:
    of_readings = {a for a, entry in tree().sources.items() if entry.thing.format != "sheet"}
    assert of_readings == set(content.terms())
    assert Asset._meta.get_field("is_trial").default is False


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
