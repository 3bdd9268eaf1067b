"""The live layer in a real browser."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from playwright.sync_api import Page, expect

from haidang.config.web.cable import cable
from haidang.config.web.trial import running
from haidang.engine import clock
from haidang.engine.notify.outbox import announce
from tests.browser.conftest import Centre

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-live")]

PATIENCE = 20_000
PICTURES = Path(settings.PROJECT) / "var" / "pictures"


def opened(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("#link-state[data-link=on]")).to_be_visible(timeout=PATIENCE)


def test_a_new_alarm_enters_an_open_page_without_reload(centre: Centre) -> None:
    with centre.page() as (page, _watch):
        opened(page, "/tram/")
        before = int(page.locator("#counts").get_attribute("data-unacked") or 0)
        page.evaluate("window.marked = true")
        centre.province.read("KK-GD3", "PM2.5", 188.0, clock.now() - timedelta(minutes=1))
        expect(page.locator("#banner [data-row]")).to_contain_text("Trạm Gò Dầu", timeout=PATIENCE)
        expect(page.locator("#counts")).to_have_attribute("data-unacked", str(before + 1))
        expect(page).to_have_title(re.compile(rf"^\({before + 1}\) "))
        expect(page.locator("link[rel=icon]")).to_have_attribute("href", re.compile("^data:image/png"))
        assert page.evaluate("window.marked") is True


def test_without_its_record_the_page_says_so_and_paints_later_what_it_could_not_read(
    centre: Centre, tmp_path: Path
) -> None:
    with (
        cable() as line,
        running(tmp_path, DATABASE_URL=line.url) as web,
        replace(centre, web=web).page() as (page, watch),
    ):
        # Something to acknowledge, whether or not another test has raised it before.
        centre.province.read("KK-GD3", "PM2.5", 188.0, clock.now() - timedelta(minutes=1))
        opened(page, "/bao-dong/")
        line.cut()
        expect(page.locator("#link-state[data-link=cut]")).to_contain_text("mất kết nối", timeout=PATIENCE)
        expect(page.locator(".link-time")).to_have_text(re.compile(r"00:\d\d"))
        # Whatever asks now gets an error; what it asked for is not forgotten.
        page.evaluate("document.dispatchEvent(new CustomEvent('live:again'))")
        unread = page.locator("#alarm-list > .unread-line")
        expect(unread).to_contain_text(re.compile(r"không đọc được từ \d\d:\d\d · Thử lại"), timeout=PATIENCE)
        page.locator("#alarm-list [data-row] a").first.focus()
        page.keyboard.press("a")
        expect(page.locator("#messages")).to_have_text(
            "Chưa ghi được: máy chủ lỗi; hãy thử lại.", timeout=PATIENCE
        )
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / "live-away-day-1366.png")
        centre.province.read("KK-TD2", "PM2.5", 188.0, clock.now() - timedelta(minutes=1))
        line.mend()
        expect(page.locator("#banner [data-row]")).to_contain_text("Trạm Trảng Bàng", timeout=PATIENCE)
        expect(page.locator("#link-state[data-link=on]")).to_be_visible(timeout=PATIENCE)
        expect(page.locator(".unread, .unread-line")).to_have_count(0, timeout=PATIENCE)
        # The browser's and htmx's own lines about the failures this test made.
        known = ("Failed to load resource", "Response Status Error Code 500")
        assert [error for error in watch.errors if not error.startswith(known)] == []
        watch.errors.clear()


def test_the_icon_says_when_an_urgent_alarm_takes_the_place_of_a_high_one(centre: Centre) -> None:
    with centre.page() as (page, _watch):
        opened(page, "/tram/")
        icon = page.locator("link[rel=icon]")
        shown = {}
        for urgent in ("0", "1"):
            page.evaluate(
                """urgent => {
                    Object.assign(document.getElementById("counts").dataset, {unacked: 3, p1: urgent, p2: 3 - urgent});
                    document.querySelector("link[rel=icon]").href = "";
                    document.dispatchEvent(new CustomEvent("live:painted"));
                }""",
                urgent,
            )
            expect(icon).to_have_attribute("href", re.compile("^data:image/png"))
            shown[urgent] = icon.get_attribute("href")
        assert shown["0"] != shown["1"]


def test_what_somebody_is_writing_survives_a_refresh(centre: Centre) -> None:
    alarm = centre.province.alarm
    assert alarm is not None
    with centre.page() as (page, _watch):
        opened(page, f"/bao-dong/{alarm.pk}/")
        field = page.locator("textarea:visible, input[type=text]:visible").first
        field.fill("đang gõ dở ặ")
        painted = (
            "new Promise(done => document.addEventListener('live:painted', () => done(true), {once: true}))"
        )
        page.evaluate(f"() => {{ window.painted = {painted}; }}")
        with transaction.atomic():
            announce([("alarms", str(alarm.pk))])
        assert page.evaluate("() => window.painted") is True
        expect(field).to_have_value("đang gõ dở ặ")
        expect(field).to_be_focused()


def test_a_refused_form_leads_to_its_field_and_the_page_goes_on_living(centre: Centre) -> None:
    incident = centre.province.incident
    assert incident is not None
    with centre.page() as (page, watch):
        opened(page, incident.get_absolute_url())
        page.get_by_role("button", name="Không cần").focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        expect(page).to_have_title(re.compile(r"Lỗi: "))
        expect(page.locator("#form-errors")).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        field = page.locator("#step-note")
        expect(field).to_be_focused()
        page.keyboard.type("đã có trạm lân cận xác nhận")
        # The address in the bar takes forms only: what changes is fetched from where the page lives.
        expect(page.locator("#link-state[data-link=on]")).to_be_visible(timeout=PATIENCE)
        painted = (
            "new Promise(done => document.addEventListener('live:painted', () => done(true), {once: true}))"
        )
        page.evaluate(f"() => {{ window.painted = {painted}; }}")
        with transaction.atomic():
            announce([("incidents", str(incident.pk))])
        assert page.evaluate("() => window.painted") is True
        expect(field).to_have_value("đã có trạm lân cận xác nhận")
        expect(field).to_be_focused()
        watch.errors = [error for error in watch.errors if "422" not in error]  # the answer we asked for


def test_sound_is_off_until_somebody_clicks(centre: Centre) -> None:
    with centre.page() as (page, _watch):
        opened(page, "/bao-dong/")
        button = page.locator("#sound")
        expect(button).to_have_text(re.compile("âm thanh TẮT"))
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        expect(button).to_have_text(re.compile("âm thanh bật"))


def test_the_keyboard_lists_its_keys_and_stays_out_of_text_fields(centre: Centre) -> None:
    with centre.page() as (page, _watch):
        opened(page, "/bao-dong/")
        page.keyboard.press("Shift+Slash")
        expect(page.locator("dialog#keys")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("dialog#keys")).to_have_count(0)
        page.keyboard.press("Slash")
        expect(page.locator("#find")).to_be_focused()
        page.keyboard.type("?kna")
        expect(page.locator("#find")).to_have_value("?kna")
        expect(page.locator("dialog#keys")).to_have_count(0)


def test_tabs_of_one_browser_share_one_stream(centre: Centre) -> None:
    with centre.page() as (page, _watch):
        opened(page, "/tram/")
        open_streams = centre.web.metric("haidang_live_screens")
        other = page.context.new_page()
        opened(other, "/tram/")
        assert centre.web.metric("haidang_live_screens") == open_streams


def test_pages_work_without_javascript(centre: Centre) -> None:
    context = centre.browser.new_context(java_script_enabled=False, base_url=centre.web.url)
    cookies = centre.cookies("operator")
    context.add_cookies(
        [{"name": name, "value": value, "url": centre.web.url} for name, value in cookies.items()]
    )
    page = context.new_page()
    page.goto("/")
    expect(page.locator("#counts")).to_be_visible()
    page.locator("nav a", has_text="Báo động").first.click()
    expect(page.locator("h1")).to_be_visible()
    context.close()


def test_the_key_v_asks_about_the_figure_one_looks_at(centre: Centre) -> None:
    with centre.page() as (page, _watch):
        opened(page, "/")
        figures = page.locator("#pane-figures .fig:has(.why-a[hx-get])")
        second = figures.nth(1)
        second.hover()
        page.keyboard.press("v")
        title = second.locator("h3").inner_text()
        expect(page.locator("#drawer .why-h")).to_be_visible(timeout=PATIENCE)
        asked = second.locator(".why-a").get_attribute("href")
        assert asked
        series_or_asset = re.search(r"(?:series|indicator)=[^&]+", asked)
        assert series_or_asset, title
        expect(page.locator(f"#drawer input[value='{series_or_asset[0].partition('=')[2]}']")).to_have_count(
            1
        )
