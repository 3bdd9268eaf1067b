"""Every page by day and night, narrow and wide: readable, uncut, within its own origin and policy."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import expect

from tests.browser.conftest import Centre
from tests.browser.looking import cuts, hurdles, width_beyond_the_window
from tests.browser.pages import NOT_PAGES, PAGES, Page, routes

PICTURES = Path(settings.PROJECT) / "var" / "pictures"
NARROW, DESK, FULL, WALL = (390, 844), (1366, 768), (1920, 1080), (3840, 2160)


def _hangs(page: Page) -> bool:
    """Whether it is made for a wall: the walls themselves, and the overview."""
    return page.route in ("boards:wall", "boards:overview")


def test_every_route_is_looked_at_or_says_why_not() -> None:
    known = {page.route for page in PAGES} | set().union(*NOT_PAGES.values())
    there = set(routes())
    assert there - known == set(), "add these routes to PAGES or NOT_PAGES in tests/browser/pages.py"
    assert known - there == set(), "these routes are gone"


def _looks() -> Iterator[Any]:
    """Every page by day; by night one page of each route, in `make long` every page once more."""
    seen: set[str] = set()
    for number, page in enumerate(PAGES):
        for theme in ("day", "night"):
            if theme == "night" and page.route in seen and not _hangs(page):
                continue
            group = pytest.mark.xdist_group(f"browser-pages-{number % 2}")
            yield pytest.param(page, theme, marks=group, id=f"{page.id}-{theme}")
        seen.add(page.route)


@pytest.mark.browser
@pytest.mark.parametrize(("looked_at", "theme"), list(_looks()))
def test_page(centre: Centre, looked_at: Page, theme: str) -> None:
    with centre.look(looked_at.role, theme=theme, language=looked_at.language) as page:
        address = looked_at.address(centre.province)
        answer = page.goto(address)
        assert answer is not None
        assert page.url.endswith(address), f"sent on to {page.url}"
        assert answer.status == 200, answer.status
        expect(page.locator("h1")).to_have_count(1)
        is_wall = looked_at.route == "boards:wall"
        assert page.locator("html").get_attribute("data-theme") == ("night" if is_wall else theme)
        assert page.title().strip(" –").removesuffix("Hải Đăng").strip(" –"), (
            "a page without a title of its own"
        )
        found = []
        # By night a page is the same page in other colours; `make long` asks everything again, and draws every page. Eight
        # million points take as long as everything else together: here for what hangs on walls.
        sizes = (
            [DESK, NARROW, FULL] if theme == "day" else [DESK, *([FULL, WALL] if _hangs(looked_at) else [])]
        )
        for size in sizes:
            page.set_viewport_size({"width": size[0], "height": size[1]})
            page.evaluate("document.fonts.ready.then(() => null)")
            if size in (DESK, NARROW):
                rules = ("color-contrast",) if theme == "night" else ()
                found += [f"{size[0]}: {hurdle}" for hurdle in hurdles(page, *rules)]
                # A wall is calibrated to its own width; nobody hangs one in a hand.
                if (wider := width_beyond_the_window(page)) and not (is_wall and size == NARROW):
                    found.append(f"{size[0]}: the page is {wider} px wider than the window")
            found += _cut(page, size)
            if size in (FULL, WALL) and _hangs(looked_at):
                _draw(page, size, f"{looked_at.id}-{theme}")
        assert found == []


@pytest.mark.browser
@pytest.mark.long
@pytest.mark.parametrize("theme", ["day", "night"])
@pytest.mark.parametrize("looked_at", PAGES, ids=lambda page: page.id)
def test_page_in_full(centre: Centre, looked_at: Page, theme: str) -> None:
    """Everything asked of every page in both colours, and its pictures."""
    found = []
    with centre.look(looked_at.role, theme=theme, language=looked_at.language) as page:
        page.goto(looked_at.address(centre.province))
        for size in (DESK, NARROW, FULL, WALL):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            page.evaluate("document.fonts.ready.then(() => null)")
            found += hurdles(page) if size in (DESK, NARROW) else []
            found += _cut(page, size)
            if size in (FULL, WALL):
                _draw(page, size, f"{looked_at.id}-{theme}")
    assert found == []


def _cut(page: BrowserPage, size: tuple[int, int]) -> list[str]:
    return [f"{size[0]}: cut: {cut}" for cut in cuts(page)]


def _draw(page: BrowserPage, size: tuple[int, int], name: str) -> None:
    """A picture for whoever wants to see it."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}-{size[0]}.jpg", type="jpeg", quality=85)
