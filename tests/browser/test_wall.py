"""A wall in a real browser: parts that die alone, a line that is cut, scenes that come and go, the quiet hour."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, Route, expect

from haidang.engine.boards.models import WallScreen
from haidang.engine.boards.walls import actions
from haidang.engine.boards.writing import number
from tests.browser.conftest import Centre
from tests.browser.looking import cuts, hurdles

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-wall")]

PATIENCE = 20_000
FULL = (1920, 1080)
# 02:58 in Việt Nam.
NIGHT = datetime(2026, 11, 21, 19, 58, tzinfo=UTC)


@contextmanager
def hung(centre: Centre, name: str, **options: object) -> Iterator[tuple[Page, WallScreen]]:
    """A browser without a user, enrolled by the address an administrator was shown."""
    by = centre.province.people["administrator"]
    screen, token = actions.add_screen(name=name, wall="environment", by=by, takeover_minutes=0)
    with centre.page(None, size=FULL) as (page, watch):
        if options.get("clock"):
            page.clock.install(time=options["clock"])  # type: ignore[arg-type]
            page.route("**/live?*", lambda route: route.abort())
        page.goto(f"/wall/environment?thiet-bi={token}")
        expect(page).to_have_url(re.compile(r"/wall/environment$"))
        yield page, screen
        # What the browser says about answers that were made to fail is what the test wanted.
        watch.errors[:] = [error for error in watch.errors if "Failed to load resource" not in error]


def on(page: Page) -> None:
    expect(page.locator("#link-state[data-link=on]")).to_be_visible(timeout=PATIENCE)


def test_a_slow_part_goes_hatched_with_its_reason_and_the_others_go_on(centre: Centre) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)  # Playwright marks what it calls, and a method of a list cannot be marked

    with hung(centre, "Chậm", clock=NIGHT) as (page, _screen):
        page.route("**/o/f1", hold)
        page.route("**/o/f2", lambda route: route.fulfill(status=500, body="hỏng"))
        with page.expect_request("**/o/f1"):
            page.clock.run_for(60_000)
        expect(page.locator("#cell-f2.dead.hatch .why-dead")).to_contain_text("máy chủ trả lời 500")
        expect(page.locator("#cell-f1.dead")).to_have_count(0)
        page.clock.run_for(31_000)
        expect(page.locator("#cell-f1.dead.hatch .why-dead")).to_contain_text("không trả lời trong 30 giây")
        # The leap of the clock may have cut other answers off too; they are asked again and come.
        page.clock.run_for(16_000)
        expect(page.locator(".cell.dead")).to_have_count(2, timeout=PATIENCE)
        expect(page.locator("#cell-f1 h2")).to_be_visible()
        page.unroute("**/o/f1")
        page.unroute("**/o/f2")
        page.clock.run_for(30_000)
        expect(page.locator(".cell.dead")).to_have_count(0, timeout=PATIENCE)


def test_a_cut_line_is_said_across_the_wall_and_ages_go_on(centre: Centre) -> None:
    with hung(centre, "Đứt", clock=NIGHT) as (page, _screen):
        page.clock.run_for(23_000)
        band = page.locator("#cut")
        expect(band).to_contain_text(re.compile(r"MẤT KẾT NỐI 00:2\d · số trên màn hình dừng lúc"))
        wide = band.bounding_box()
        assert wide is not None
        assert wide["width"] == FULL[0]
        # 64 px of 3840: 25′ from 8 m on 4.80 m.
        assert band.evaluate("one => parseFloat(getComputedStyle(one).fontSize)") == pytest.approx(
            32, abs=0.2
        )


def test_once_a_night_it_loads_anew_but_only_when_the_server_is_ready(centre: Centre) -> None:
    with hung(centre, "Đêm", clock=NIGHT) as (page, _screen):
        page.evaluate("window.marked = true")
        page.route("**/readyz", lambda route: route.fulfill(status=503, body=""))
        with page.expect_request("**/readyz"):
            page.clock.fast_forward("01:01:30")
        assert page.evaluate("window.marked") is True
        page.unroute("**/readyz")
        page.clock.pause_at(datetime(2026, 11, 22, 20, 59, 30, tzinfo=UTC))
        with page.expect_navigation(timeout=PATIENCE):
            page.clock.run_for(3_000)
        assert page.evaluate("window.marked") is None


def test_a_scene_comes_goes_back_and_a_revoked_wall_is_empty_within_seconds(centre: Centre) -> None:
    chief, incident = centre.province.people["duty_chief"], centre.province.incident
    assert incident is not None
    with hung(centre, "Đẩy cảnh") as (page, screen):
        on(page)
        expect(page.locator("#cell-incident")).to_have_count(0)
        actions.push_scene(screen=screen, scene="environment.incident", incident=incident, by=chief)
        expect(page.locator("#cell-incident")).to_contain_text(incident.title, timeout=PATIENCE)
        assert hurdles(page) == []
        assert cuts(page) == []
        on(page)
        actions.give_back(screen=screen, by=chief)
        expect(page.locator("#cell-incident")).to_have_count(0, timeout=PATIENCE)
        on(page)
        actions.revoke_screen(screen=screen, by=chief)
        expect(page.locator("h1")).to_contain_text("đã bị thu hồi", timeout=30_000)
        assert page.locator("data").count() == 0


def test_a_calibrated_wall_has_the_letters_it_promises_and_nothing_is_cut(centre: Centre) -> None:
    admin = centre.province.people["administrator"]
    with hung(centre, "Cân chỉnh") as (page, screen):
        on(page)
        for seat in (8, 9, 9.8):
            measures = actions.calibrate(
                screen=screen, width_mm=4800, width_px=1920, height_px=1080, seat_m=seat, by=admin
            )
            words = page.locator(".cal").filter(has_text="ghế xa")
            expect(words).to_contain_text(
                f"ghế xa {number(seat)} m · chữ nhỏ nhất {measures.shown_minutes}′", timeout=PATIENCE
            )
            # The page draws itself anew: its words may stand before its style sheet, its link only after it.
            on(page)
            smallest = page.evaluate(
                "() => Math.min(...[...document.querySelectorAll('.wall *')].filter(one => !one.closest('.vh, svg, [hidden]')"
                " && [...one.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))"
                ".map(one => parseFloat(getComputedStyle(one).fontSize)))"
            )
            assert measures.minutes(smallest) >= 16
            assert cuts(page) == []
            # Nothing is pushed off the sheet: every part ends within the window.
            ends = page.evaluate(
                "() => [...document.querySelectorAll('.cell, .cell *')].filter(one => !one.closest('svg, .vh'))"
                ".map(one => one.getBoundingClientRect()).every(box => box.bottom <= innerHeight + 1 && box.right <= innerWidth + 1)"
            )
            assert ends, seat


def test_the_duty_chief_puts_an_incident_on_the_wall_from_its_page(centre: Centre) -> None:
    incident = centre.province.incident
    assert incident is not None
    with (
        hung(centre, "Từ trang sự việc") as (wall, screen),
        centre.page("duty_chief", size=FULL) as (desk, _),
    ):
        on(wall)
        desk.goto(incident.get_absolute_url())
        desk.locator("summary", has_text="Đưa lên màn hình ghép").click()
        form = desk.locator("#inc-screens form")
        form.locator("select[name=screen]").select_option(str(screen.pk), timeout=PATIENCE)
        form.get_by_role("button").click()
        expect(wall.locator("#cell-incident")).to_contain_text(incident.title, timeout=PATIENCE)
        expect(desk.locator(".log")).to_contain_text("Đưa lên màn hình ghép: Từ trang sự việc")
