"""Pages on sources show what the record says, to whoever may see it, and act only through the path."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client

from haidang.engine import clock
from haidang.engine.assets.models import Asset
from haidang.engine.boards.sources import content, ledger
from haidang.engine.boards.sources.conftest import ADDRESS, FILES
from haidang.engine.ingest.conftest import Sender
from haidang.engine.ingest.conftest import content as tree
from haidang.engine.people.actions import add_office, add_person
from haidang.engine.people.models import Office
from haidang.engine.store.doors import DoorRefusal
from haidang.engine.store.models import Credential, DoorCount, Epoch, Source

SUM = re.compile(r'data-sum="(\w+)">([\d.]+)<')


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


def test_the_content_of_the_fixture_is_the_content_of_the_pages() -> None:
    of_readings = {a for a, entry in tree().sources.items() if entry.thing.format != "sheet"}
    assert of_readings == set(content.terms())
    assert Asset._meta.get_field("is_trial").default is False
