"""The drawer “Vì sao?” looks back without breaking the policy against inline style."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

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
