"""What is printed: by day whatever the screen wore, without controls, with the hour and the mark it was printed under."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Centre


@pytest.mark.browser
@pytest.mark.xdist_group("browser-night")
def test_paper_is_day_and_carries_no_controls(centre: Centre) -> None:
    with centre.page(theme="night", size=(1030, 700)) as (page, _):
        page.goto("/")
        text = "document.documentElement"
        night = page.evaluate(f"getComputedStyle({text}).color")
        page.emulate_media(media="print")
        day = page.evaluate(f"getComputedStyle({text}).color")
        assert (night, day) == ("rgb(230, 234, 238)", "rgb(27, 33, 39)")
        for control in (".nav", ".find", "#sound", ".rail .btn", ".me", ".m-list"):
            expect(page.locator(control).first).to_be_hidden()
        for told in (".clock time", "#duty", "#pane-figures .fig", "#pane-map"):
            expect(page.locator(told).first).to_be_visible()
