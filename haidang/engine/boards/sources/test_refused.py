"""Records that were refused: why, where, how to mend them, and sending them through once more."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from haidang.engine.boards.sources import refused
from haidang.engine.boards.sources.conftest import ADDRESS, FILES, deliver, now_text
from haidang.engine.ingest.conftest import Sender, reading
from haidang.engine.store.models import Refusal


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
