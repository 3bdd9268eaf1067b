"""A reading raises an alarm; an operator opens an incident and gives an order; the other office receives
it, sends
proof, reports it done; the operator verifies. All through the pages, as the people themselves would press."""

import io
import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from haidang.config.cli.record import trace
from haidang.engine import clock
from haidang.engine.alarms.models import Alarm
from haidang.engine.incidents.chain import chain
from haidang.engine.incidents.models import Incident, Order
from haidang.engine.store.models import Observation
from tests.province import Province, settle


@pytest.fixture
def province(db: None, tmp_path: object, settings: LazySettings) -> Province:
    settings.HAIDANG_HOME = tmp_path
    return settle()


def as_(province: Province, role: str) -> Client:
    client = Client()
    client.force_login(province.people[role])
    return client


def press(client: Client, url: str, **data: object) -> str:
    answer = client.post(url, data)
    assert answer.status_code == 302, (url, answer.status_code)
    page = client.get(answer["Location"].partition("#")[0]).content.decode()
    assert "Lỗi:" not in page, page
    return page


def photo() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), "grey").save(out, "JPEG")
    return SimpleUploadedFile("may-do.jpg", out.getvalue(), "image/jpeg")


def test_from_a_reading_to_a_verified_order(province: Province) -> None:
    operator, crew, stranger = as_(province, "operator"), as_(province, "crew"), Client()

    province.read("KK-TD2", "PM2.5", 396.0)
    alarm = Alarm.objects.get(rule="environment.pm25_dangerous")
    assert "PM2.5 năm phút trên 250" in operator.get("/bao-dong/").content.decode()
    assert stranger.get("/bao-dong/").status_code == 302
    assert crew.get("/bao-dong/").status_code == 403

    page = press(operator, f"/su-viec/mo-tu-bao-dong/{alarm.pk}/")
    incident = Incident.objects.latest("pk")
    assert incident.code in page
    assert Alarm.objects.get(pk=alarm.pk).acknowledged_by == province.people["operator"]

    commune = province.offices["commune"]
    press(
        operator,
        f"/su-viec/{incident.pk}/giao-lenh/",
        office=commune.pk,
        text="Đo nhanh PM2.5 dưới hướng gió",
        deadline_day=f"{clock.local(clock.now() + timedelta(days=1)):%d/%m/%Y}",
        deadline="15:00",
        needs="một ảnh máy đo có giờ",
        needs_proof="on",
    )
    order = Order.objects.get(incident=incident)
    url = f"/lenh/{order.pk}/"
    assert crew.get("/lenh/").status_code == 200
    assert "Đã nhận lệnh" in crew.get(url).content.decode()
    press(crew, f"{url}nhan/")
    press(crew, f"{url}toi/")
    answer = crew.post(f"{url}xong/", {"note": "xong"}, follow=True)
    assert "cần minh chứng" in answer.content.decode()
    press(crew, f"{url}minh-chung/", file=photo())
    press(crew, f"{url}xong/", note="PM2.5 310 µg/m³ lúc 15:20")

    proof = order.proofs.get()
    served = operator.get(f"{url}minh-chung/{proof.pk}/")
    assert (served.status_code, served["X-Content-Type-Options"]) == (200, "nosniff")
    assert b"".join(served.streaming_content).startswith(b"\xff\xd8")  # type: ignore[attr-defined]
    assert crew.post(f"{url}nghiem-thu/").status_code == 403
    press(operator, f"{url}nghiem-thu/")
    order.refresh_from_db()
    assert (order.state, order.verified_by) == ("verified", province.people["operator"])
    timeline = operator.get(f"/su-viec/{incident.pk}/").content.decode()
    for word in ("đã nhận", "đã tới nơi", "may-do.jpg", "báo xong", "đã nghiệm thu", "T+00:00:"):
        assert word in timeline

    links = chain(order)
    assert [step.what for step in links] == ["order", "proof", "incident", "alarm", "judgement", "reading"]
    assert (
        Observation.objects.get(series=links[-1].series_id, at=links[-1].at, superseded=None).value == 396.0
    )

    # From the incident both ways: back to the delivered line, and on to the photo that shows what was done.
    told = CliRunner().invoke(trace, [f"incident:{incident.code}", "--json"])
    rows = json.loads(told.stdout)
    assert [(row["depth"], row["what"]) for row in rows] == [
        (0, "incident"), (1, "alarm"), (2, "judgement"), (3, "reading"), (4, "reading"), (5, "delivery"),
        (1, "order"), (2, "proof"),
    ]  # fmt: skip
    assert '"value":396' in rows[5]["raw"].replace(" ", "")
    assert (rows[6]["code"], rows[6]["state"]) == (order.code, "verified")
    assert (rows[7]["sha256"], rows[7]["file"]) == (proof.sha256, "whole")
    printed = CliRunner().invoke(trace, [f"incident:{incident.code}"]).stdout.splitlines()
    assert len(printed) == len(rows)
    assert printed[6].startswith("  order: lệnh ")
    assert printed[7].startswith("    proof: minh chứng ảnh may-do.jpg")
