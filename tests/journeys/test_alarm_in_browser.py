"""In Chromium, on a whole centre: a reading by MQTT raises an alarm on an open page; the order it leads to comes back
with proof from another office and is closed; `trace` walks back to the line."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from haidang.config.supervisor.trial import Trial

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journey-browser")]

SOURCE = "environment.station_readings"
PASSWORD = "mat-khau-dung-thu-1"
PATIENCE = 30_000


def person(centre: Trial, role: str, office: str) -> str:
    email = f"{role}.{office}@journey.example"
    arguments = ("--email", email, "--name", f"Nguyễn {role}", "--role", role, "--office", office)
    centre.run("user", "add", *arguments, "--password-stdin", text=PASSWORD)
    return email


def sign_in(browser: Browser, centre: Trial, email: str) -> Page:
    page = browser.new_context(base_url=centre.web_url, locale="vi-VN").new_page()
    page.set_default_timeout(PATIENCE)
    page.goto("/tai-khoan/dang-nhap/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()
    expect(page.locator("#link-state, main h1").first).to_be_visible(timeout=PATIENCE)
    return page


def publish(centre: Trial, station: str, value: float) -> None:
    made = centre.key(SOURCE, station)
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"journey-{station}")
    client.username_pw_set(made["user"], made["password"])
    client.connect("127.0.0.1", centre.port("mqtt"))
    client.loop_start()
    at = (datetime.now(UTC) - timedelta(seconds=2)).isoformat()
    reading = {"parameter": "PM2.5", "value": value, "unit": "µg/m3", "at": at, "status": "00"}
    body = json.dumps({"station": station, "readings": [reading]})
    client.publish(made["topic"], body, qos=1).wait_for_publish(30)
    client.disconnect()
    client.loop_stop()


def photo() -> dict[str, object]:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), "grey").save(out, "JPEG")
    return {"name": "hien-truong.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_from_a_published_reading_to_a_verified_order(centre: Trial, chromium: Browser) -> None:
    centre.station("JB-01")
    for code, name in (("jb-trung-tam", "Trung tâm thử"), ("jb-phuong", "Phường thử")):
        centre.run("office", "add", "--code", code, "--name", name)
    operator = sign_in(chromium, centre, person(centre, "operator", "jb-trung-tam"))
    officer = sign_in(chromium, centre, person(centre, "officer", "jb-phuong"))

    operator.goto("/bao-dong/")
    expect(operator.locator("#link-state[data-link=on]")).to_be_visible(timeout=PATIENCE)
    operator.evaluate("window.marked = true")
    publish(centre, "JB-01", 188.0)
    expect(operator.locator("#banner [data-row]", has_text="JB-01")).to_be_visible(timeout=PATIENCE)
    assert operator.evaluate("window.marked") is True, "the page was reloaded"

    operator.locator("#banner [data-row] a", has_text="JB-01").click()
    operator.get_by_role("button", name="Mở sự việc").click()
    operator.locator("select[name=office]").select_option(label="Phường thử")
    operator.locator("textarea[name=text]").first.fill("Kiểm tra điểm đốt rác, chụp ảnh.")
    operator.get_by_role("button", name="Giao lệnh").last.click()

    officer.goto("/lenh/")
    officer.get_by_role("link", name="Kiểm tra điểm đốt rác").first.click()
    officer.get_by_role("button", name="Đã nhận lệnh").click()
    officer.get_by_role("button", name="Đã tới nơi").click()
    officer.locator("input[type=file]").set_input_files(photo())
    officer.locator("#proof-form").get_by_role("button", name="Gửi minh chứng").click()
    officer.locator("input[name=note]").fill("Đã dập.")
    officer.get_by_role("button", name="Báo xong").click()
    address = officer.url.split("#")[0]

    operator.goto(address)
    operator.get_by_role("button", name="Nghiệm thu").click()
    number = address.rstrip("/").rsplit("/", 1)[1]
    expect(operator.locator("main")).to_contain_text("đã nghiệm thu")
    assert centre.sql("SELECT state FROM incidents_order WHERE id = %s", int(number)) == [("verified",)]
    told = centre.run("trace", f"order:{number}").stdout
    assert "JB-01" in told
    assert "188" in told
