"""The drawer “Vì sao?” looks back without breaking the policy against inline style."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from haidang.engine import clock
from tests.browser.conftest import Centre
from tests.browser.looking import hurdles

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-drawer")]


def _ask(page: Page, then: str) -> None:
    """Look back from the open drawer, in a field whose size the browser has written into its style, as it does with a
    text area somebody has pulled at.
    """
    field = page.locator("#drawer #why-as-of")
    field.evaluate("field => { field.style.width = '180px' }")
    field.fill(then)
    page.locator("#drawer form.asof button").click()


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("operator", "/"),
        ("operator", "/bang/environment.air/"),
        ("leader", "/bang/economy.economy/"),
        ("leader", "/bang/economy.communes/"),
    ],
)
def test_a_drawer_that_is_asked_again_breaks_no_policy(centre: Centre, role: str, address: str) -> None:
    earlier = f"{clock.local(clock.now() - timedelta(hours=1)):%d/%m/%Y %H:%M}"
    with centre.page(role) as (page, watch):
        page.goto(address)
        page.locator("main a.why-a:visible, .side a.why-a:visible").first.click()
        expect(page.locator("#drawer .why-h")).to_be_focused()
        assert hurdles(page) == []
        _ask(page, earlier)
        expect(page.locator("#drawer .again")).to_contain_text("ta biết gì")
        _ask(page, "hôm kia")
        expect(page.locator("#drawer .msgs .error")).to_contain_text("Không hiểu thời điểm")
        assert watch.complaints() == []
        page.keyboard.press("Escape")
        expect(page.locator("#drawer")).to_be_empty()
        expect(page.locator("a.why-a:focus")).to_have_attribute("href", re.compile("vi-sao"))


def test_a_slow_answer_opens_the_drawer_at_once_and_never_moves_it(centre: Centre) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)  # Playwright marks what it calls, and a method of a list cannot be marked

    with centre.page() as (page, _):
        page.goto("/")
        page.route("**/vi-sao/*", hold)
        drawer = page.locator("#drawer")
        page.locator(".side a.why-a:visible").first.click()
        expect(drawer).to_have_attribute("aria-busy", "true")
        expect(drawer).to_be_visible()
        box = drawer.bounding_box()
        held.pop().continue_()
        expect(drawer.locator(".why-h")).to_be_focused()
        _ask(page, f"{clock.local(clock.now()):%d/%m/%Y %H:%M}")
        expect(drawer).to_have_attribute("aria-busy", "true")
        assert drawer.bounding_box() == box
        held.pop().continue_()
        expect(drawer.locator(".again")).to_be_visible()
        assert drawer.bounding_box() == box
