"""A steward with a folder of his province's own, a file of hotels, and the way from it to a domain."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from haidang.engine.drafts import loading
from haidang.engine.drafts.models import Draft
from haidang.engine.people.models import Office
from haidang.engine.submissions.conftest import add_person
from haidang.engine.submissions.test_views import browser

AT = "/so-lieu/hop-dong-moi/"


PHONE = "0912345678"


@pytest.fixture
def outside(tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The province's own folder; what this process read of it is forgotten afterwards."""
    folder = tmp_path / "domains"
    folder.mkdir()
    monkeypatch.setenv("HAIDANG_DOMAINS", str(folder))
    settings.HAIDANG_HOME = tmp_path / "home"
    settings.HAIDANG_REQUIRE_TOTP = "nobody"
    yield folder
    loading.forget()


@pytest.fixture
def steward() -> Client:
    Office.objects.create(code="sdl", name="Sở Du lịch", short_name="Sở DL")
    return browser(add_person("steward", "administrator", None))


def workbook(rows: list[list[Any]]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    book.save(out)
    return out.getvalue()


HOTELS = [
    ["BÁO CÁO LƯU TRÚ THÁNG 10 NĂM 2026"],
    ["STT", "Cơ sở", "Số lượt khách", "Doanh thu (tỷ đồng)", "Điện thoại"],
    [1, "Hòa Bình", "12.500", 31.25, PHONE],
    [2, "Sen Vàng", 8300, "4,15", "0987654321"],
    ["Tổng cộng", None, 20800, 35.4],
]


def begun(client: Client, body: bytes | None = None, name: str = "luu-tru.xlsx") -> Draft:
    file = SimpleUploadedFile(name, workbook(HOTELS) if body is None else body)
    answer = client.post(AT, {"file": file})
    assert answer.status_code == 302, answer.content.decode()
    return Draft.objects.latest("pk")


def fields(client: Client, draft: Draft, **changed: str) -> dict[str, str]:
    """What a browser would send of the page as it stands, with some fields typed over; None of a box that is not ticked."""
    form = client.get(draft.get_absolute_url()).context["form"]
    found = {
        bound.html_name: str(bound.value() if bound.value() is not None else "")
        for bound in form
        if bound.value() is not False
    }
    found |= {
        "domain": "luu_tru",
        "province": "80",
        "domain_title": "Lưu trú",
        "contract": "thang",
        "office": "sdl",
        **changed,
    }
    return {name: ("on" if value == "True" else value) for name, value in found.items() if value != "–"}


def kept(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def confirmed(client: Client) -> None:
    draft = begun(client)
    client.post(draft.get_absolute_url(), {**fields(client, draft), "act": "check"})
    assert client.post(f"{draft.get_absolute_url()}xac-nhan/").status_code == 302
