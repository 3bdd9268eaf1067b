"""The map in the browser: its own tiles, both archipelagos, layers to switch; the drawn map where there is no WebGL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Centre

pytestmark = pytest.mark.browser
WITHOUT_WEBGL = "HTMLCanvasElement.prototype.getContext = () => null;"


@contextmanager
def map_page(centre: Centre, *, webgl: bool = True) -> Iterator[Page]:
    with centre.page() as (page, _watch):
        if not webgl:
            page.add_init_script(WITHOUT_WEBGL)
        page.goto("/ban-do/", wait_until="domcontentloaded")
        yield page


def test_the_base_map_comes_from_our_own_archive_by_ranges(centre: Centre) -> None:
    with centre.page() as (page, _watch):
        ranges: list[int] = []
        page.on("response", lambda answer: ranges.append(answer.status) if ".pmtiles" in answer.url else None)
        page.goto("/ban-do/", wait_until="domcontentloaded")
        expect(page.locator("province-map")).to_have_attribute("data-drawn", "gl", timeout=30_000)
        assert ranges
        assert set(ranges) == {206}


def test_the_inset_names_both_archipelagos_over_the_live_map(centre: Centre) -> None:
    with map_page(centre) as page:
        corner = page.locator(".m-corner.wide")
        expect(corner).to_be_visible(timeout=30_000)
        for name in ("Hoàng Sa", "TP. Đà Nẵng", "Trường Sa", "Khánh Hòa"):
            expect(corner.get_by_text(name, exact=True)).to_be_visible()
        expect(page.get_by_text("không phải địa giới").last).to_be_visible()


@pytest.mark.parametrize("webgl", [True, False])
def test_the_legend_switches_a_layer_and_never_the_archipelagos(centre: Centre, webgl: bool) -> None:
    with map_page(centre, webgl=webgl) as page:
        if webgl:
            expect(page.locator("province-map")).to_have_attribute("data-drawn", "gl", timeout=30_000)
        for box in page.locator("province-map [data-layer]").all():
            box.uncheck()
        expect(page.locator(".m-mid .layer-air").first).to_be_hidden()
        corner = page.locator(".m-corner.wide" if webgl else ".m-mid .m-inset")
        expect(corner.get_by_text("Trường Sa", exact=True)).to_be_visible()


def test_without_webgl_the_drawn_map_stays(centre: Centre) -> None:
    with map_page(centre, webgl=False) as page:
        expect(page.locator(".m-mid .m-svg")).to_be_visible()
        expect(page.locator(".m-mid").get_by_text("Trường Sa", exact=True)).to_be_visible()
        assert page.locator("province-map").get_attribute("data-drawn") is None


def test_what_stands_on_the_map_stands_in_the_list_too(centre: Centre) -> None:
    with map_page(centre) as page:
        things = page.request.get("/ban-do/du-lieu.json").json()["features"]
        assert things
        for thing in things:
            expect(
                page.locator(".on-map li").filter(has_text=thing["properties"]["label"]).first
            ).to_be_visible()
