"""Where there is little room: long tables on a phone, and a map that could not be read again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Centre
from tests.browser.looking import width_beyond_the_window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-narrow")]

PHONE, DESK = (390, 844), (1440, 900)

MET = """() => {
  const line = document.querySelector("#pane-map > .unread-line").getBoundingClientRect();
  return [...document.querySelectorAll("#pane-map > :is(.legend, .aqs, .m-list), #pane-map :is(.m-wide, .m-mid, .m-hand) .m-inset")]
    .filter((one) => { const box = one.getBoundingClientRect();
      return box.width && box.top < line.bottom - 0.5 && box.bottom > line.top + 0.5 && box.left < line.right && box.right > line.left; })
    .map((one) => one.getAttribute("class"));
}"""


def test_a_long_table_shows_ten_rows_on_a_phone_and_all_when_asked(centre: Centre) -> None:
    with centre.page("leader", size=PHONE) as (page, _):
        page.goto("/bang/economy.communes/")
        table = page.locator("#pane-breakdowns .scroll-x").first
        opening = page.locator("#pane-breakdowns details.whole summary").first
        rows = table.locator("tbody tr")
        total = rows.count()
        assert total > 50
        expect(table.locator("tbody tr:visible")).to_have_count(10)
        expect(opening).to_have_text(f"Xem hết {total} dòng", use_inner_text=True)
        opening.press("Enter")
        expect(table.locator("tbody tr:visible")).to_have_count(total)
        expect(opening).to_have_text("Chỉ 10 dòng đầu", use_inner_text=True)
        page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
        expect(opening).to_be_hidden()
        page.locator("#pane-breakdowns details.whole").first.evaluate("one => { one.open = false }")
        expect(table.locator("tbody tr:visible")).to_have_count(total)


@pytest.mark.parametrize("size", [PHONE, DESK, (1366, 768), (1920, 1080)])
def test_that_the_map_was_not_read_is_said_over_nothing_else(centre: Centre, size: tuple[int, int]) -> None:
    with centre.page(size=size) as (page, watch):
        page.goto("/")
        expect(page.locator("#link-state[data-link=on]")).to_be_visible()
        page.route("**/*pane=map*", lambda route: route.abort())
        _read_again(page)
        expect(page.locator("#pane-map > .unread-line")).to_contain_text("không đọc được từ")
        assert page.evaluate(MET) == []
        page.unroute("**/*pane=map*")
        # That the browser reports what was cut off is what the test wanted.
        watch.errors[:] = [error for error in watch.errors if "Failed to load resource" not in error]


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_words_of_the_legend_of_sources_stand_beside_each_other(
    centre: Centre, size: tuple[int, int]
) -> None:
    with centre.page(size=size) as (page, _):
        page.goto("/nguon/")
        cut = """() => [...document.querySelectorAll(".page-h .key > *")]
          .filter((one) => one.scrollWidth > one.clientWidth || !one.querySelector("svg").clientWidth).map((one) => one.textContent)"""
        assert page.locator(".page-h .key > *").count() == 5
        assert page.evaluate(cut) == []


def test_the_health_of_alarms_is_no_wider_than_a_phone(centre: Centre) -> None:
    with centre.page(size=(320, 700)) as (page, _):
        page.goto("/bao-dong/suc-khoe/")
        expect(page.locator("table.named tbody tr").first).to_be_visible()
        assert width_beyond_the_window(page) <= 0


def test_sources_of_a_full_year_are_no_wider_than_a_phone(centre: Centre) -> None:
    """Numbers of millions, and reasons as long as they come in English."""
    with centre.page(size=PHONE, language="en") as (page, _):
        page.goto("/nguon/")
        numbers = page.locator(".sums dd[data-sum]")
        assert numbers.count() > 5
        numbers.evaluate_all("all => all.forEach((one) => { one.textContent = '12,345,678'; })")
        assert width_beyond_the_window(page) <= 0
        page.goto("/nguon/environment.station_readings/tu-choi/")
        expect(page.locator(".ref .r b").first).to_be_visible()
        page.locator(".chip-a").first.evaluate(
            "one => { one.textContent = 'a station that nobody registered, or under another code 12'; }"
        )
        page.locator(".ref .r b").first.evaluate("one => { one.textContent = 'https://'.padEnd(90, 'x'); }")
        assert width_beyond_the_window(page) <= 0


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_a_long_order_does_not_fill_the_list_of_its_incident(centre: Centre, size: tuple[int, int]) -> None:
    order = centre.province.order
    assert order is not None
    assert order.incident is not None
    with centre.page(size=size) as (page, _):
        page.goto(order.incident.get_absolute_url())
        words = page.locator("#inc-orders td.wrap b").first
        words.evaluate("one => { one.textContent = 'Kiểm tra, xử lý và báo cáo. '.repeat(40); }")
        lines = "one => one.getBoundingClientRect().height / parseFloat(getComputedStyle(one).lineHeight)"
        assert 1 < words.evaluate(lines) < 3.5


def _read_again(page: Page) -> None:
    page.evaluate("document.dispatchEvent(new CustomEvent('live:again'))")
