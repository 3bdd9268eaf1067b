"""A pulled source's page says how far it is and what is wrong; a credential goes in and never comes out."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.conf import settings as used
from django.test import Client

from haidang.config import health
from haidang.config.cli.source import source as command
from haidang.engine import clock
from haidang.engine.audit.models import Act
from haidang.engine.boards.sources import content
from haidang.engine.boards.sources.conftest import department, signed_in
from haidang.engine.connectors.pull.sealing import Secret, unseal
from haidang.engine.store.models import Pull, PullCredential, Source

__all__ = ["department", "signed_in"]
ADDRESS = "sluices.service"
CONTRACT = """
title: {vi: Số đo tại cống}
kind: readings
asset_kinds: [sluice]
every: 10m
silent_after: 1h
parameters: {Salinity: {title: {vi: Độ mặn}, unit: ‰, min: 0, max: 45}}
"""
SOURCE = """
title: {vi: Dịch vụ đo mặn}
contract: sluices.gauge
doors: [pull]
format: json
pull: {kind: rest, url: "https://man.example.vn/api?tinh=72", every: 10m, fields: {station: s, at: t, values: {Salinity: v}}}
"""


@pytest.fixture
def pulled(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Source]:
    for name, text in {
        "domain.yml": "title: {vi: Cống}\nasset_kinds: {sluice: {vi: Cống}}\n",
        "contracts/gauge.yml": CONTRACT,
        "sources/service.yml": SOURCE,
    }.items():
        path = tmp_path / "sluices" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.setenv("HAIDANG_DOMAINS", str(tmp_path))
    content.tree.cache_clear()
    yield Source.objects.create(
        address=ADDRESS, domain="sluices", title="Dịch vụ đo mặn", every_s=600, silent_after_s=3600
    )
    content.tree.cache_clear()


def test_the_page_and_the_doctor_say_how_far_it_is_and_what_is_wrong(
    pulled: Source, signed_in: Callable[[str], Client]
) -> None:
    client = signed_in("administrator")
    page = client.get(f"/nguon/{ADDRESS}/").content.decode()
    assert "Chưa kéo lần nào" in page
    # Nobody sends to it: no trial reading, no commands, no keys.
    assert not [word for word in ("Gửi một số đo", "Gửi thế nào", "haidang source key") if word in page]
    now = clock.now()
    Pull.objects.create(
        address=ADDRESS, cursor={"since": "2026-11-20T01:00:00+00:00", "recent": ["00ff"]}, ended_at=now, failures=6,
        next_at=now + timedelta(hours=1), reason="refused_us", records=12, total=34567,
        detail={"host": "man.example.vn", "status": "401", "source": ADDRESS},
        notes=[{"reason": "begun_anew", "detail": {"host": "man.example.vn", "why": "answered", "status": "410"}}],
    )  # fmt: skip
    page = client.get(f"/nguon/{ADDRESS}/").content.decode()
    assert "man.example.vn không chấp nhận thông tin đăng nhập (401)." in page
    assert f"Đặt lại bằng haidang source credential {ADDRESS}." in page
    assert "Hỏng 6 lần liền" in page
    assert "since: 2026-11-20T01:00:00+00:00" in page
    assert "34.567" in page
    assert "00ff" not in page
    assert "không còn dùng được với man.example.vn (trả lời 410): đã đọc lại từ mốc cuối." in page
    client.cookies["django_language"] = "en"
    english = client.get(f"/nguon/{ADDRESS}/").content.decode()
    assert "man.example.vn does not accept the credential (401)." in english
    (told,) = health.pulls()
    assert "trả lời 410" in told["notes"][0]
    assert (told["address"], told["failures"], told["problem"]["reason"]) == (ADDRESS, 6, "refused_us")
    check = health._pulls()
    assert (check["ok"], check["warning"]) == (True, True)
    assert "haidang source credential" in check["text"]


def test_a_credential_is_read_from_the_input_kept_sealed_and_repeated_nowhere(
    pulled: Source, signed_in: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(used, "HAIDANG_HOME", tmp_path)
    monkeypatch.setattr("haidang.config.cli.source.setup", lambda: None)
    Pull.objects.create(address=ADDRESS, next_at=clock.now() + timedelta(hours=6))
    said = []

    def give(text: str) -> int:
        done = CliRunner().invoke(command, ["credential", ADDRESS, "--json"], input=io.BytesIO(text.encode()))
        said.append(done.output)
        return done.exit_code

    assert give('{"user": "tam", "password": "geheim-7", "wrong": "geheim-7"}') == 1
    assert give("") == 1
    assert not PullCredential.objects.exists()
    assert give('{"user": "tam", "password": "geheim-7"}') == 0
    assert unseal(tmp_path, bytes(PullCredential.objects.get().sealed), ADDRESS) == Secret(
        user="tam", password="geheim-7"
    )
    assert give("geheim-8\n") == 0
    assert unseal(tmp_path, bytes(PullCredential.objects.get().sealed), ADDRESS) == Secret(token="geheim-8")
    assert Pull.objects.get().next_at is None  # it is tried at once
    page = signed_in("administrator").get(f"/nguon/{ADDRESS}/").content.decode()
    assert "giữ mã hóa" in page
    acts = list(Act.objects.filter(verb="source.pull_credential").values_list("detail", flat=True))
    assert acts == [{"set": True}] * 2
    assert "geheim" not in "".join([*said, page, str(acts), str(Pull.objects.values())])
    CliRunner().invoke(command, ["credential", ADDRESS, "--remove"])
    assert not PullCredential.objects.exists()
