"""The economy's board in Chromium: the forecast where it is better than the naive one, the naive one where not."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from haidang.engine.forecasting.models import Forecast
from tests.browser.conftest import Centre

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-day")]
BOARD = "/bang/economy.economy/"


def test_where_nothing_is_better_the_board_shows_the_naive_forecast_and_says_so(centre: Centre) -> None:
    walk = Forecast.objects.get(indicator="economy.retail", superseded=None)
    assert (walk.is_better, walk.shown) == (False, "naive")
    with centre.page("leader") as (page, _):
        page.goto(BOARD)
        tile = page.locator(".stat", has_text="Bán lẻ và dịch vụ")
        last = tile.locator(".sv data").inner_text()
        expect(tile.locator(".ahead")).to_contain_text(f"Dự báo tháng 11/2026: {last}")
        expect(tile.locator(".ahead")).to_contain_text(
            "Dự báo đơn giản (kỳ trước lặp lại), vì không phương pháp nào hơn chắc chắn"
        )
        tile.locator(".ahead a").click()
        drawer = page.locator("#drawer")
        expect(drawer).to_contain_text("không phương pháp nào hơn chắc chắn")
        expect(drawer.locator("tr", has_text="đang dùng")).to_contain_text(
            "Kỳ trước lặp lại", ignore_case=True
        )


def test_a_better_forecast_is_drawn_with_its_band_beside_the_naive_one_and_its_error(centre: Centre) -> None:
    better = Forecast.objects.get(indicator="economy.revenue", superseded=None)
    assert better.is_better
    with centre.page("leader") as (page, _):
        page.goto(BOARD)
        chart = page.locator("#pane-periods")
        assert chart.locator("polyline.ln.l8").count() == 1
        assert chart.locator("polygon.band.l8").count() == 1
        assert chart.locator("polyline.ln.l9").count() == 1, "the naive forecast stands beside"
        dashes = chart.locator("polyline.ln.l8").evaluate("one => getComputedStyle(one).strokeDasharray")
        assert dashes != "none"
        expect(chart.locator(".key")).to_contain_text("Dự báo: Tổng thu ngân sách nhà nước (khoảng 80%)")
        expect(chart).to_contain_text("ít hơn")
        expect(chart).to_contain_text("so với dự báo đơn giản")
        chart.get_by_text("Bảng số dự báo").click()
        rows = chart.locator("details[open] tbody tr")
        expect(rows).to_have_count(3)
        expect(rows.first).to_contain_text("Tháng 11/2026")
        chart.get_by_text("Vì sao dự báo này?").click()
        drawer = page.locator("#drawer")
        expect(drawer).to_contain_text("Số liệu đến tháng 10/2026")
        expect(drawer).to_contain_text(re.compile(rf"mốc {better.epoch}\b"))
        drawer.locator("a.link", has_text=re.compile(r"\d")).first.click()
        expect(drawer).to_contain_text("Vì sao")
        expect(drawer).to_contain_text("Tháng 10/2026")


def test_what_is_unusual_is_said_in_words_and_leads_to_its_reasons(centre: Centre) -> None:
    with centre.page("leader") as (page, _):
        page.goto(BOARD)
        odd = page.locator("#pane-unusual")
        expect(odd.locator("li")).to_have_count(1)
        expect(odd.locator("li")).to_contain_text(
            re.compile(
                r"Kim ngạch xuất khẩu tháng 10/2026 đạt [\d.,]+ triệu USD, thấp hơn \d+,\d% so với mức thường thấy"
            )
        )
        odd.locator("a.why-a").first.click()
        expect(page.locator("#drawer")).to_contain_text("Kim ngạch xuất khẩu")


def test_the_communes_that_made_the_change_add_up_to_it(centre: Centre) -> None:
    with centre.page("leader") as (page, _):
        page.goto("/bang/economy.communes/")
        table = page.locator("#pane-commune_change table")
        rows = table.locator("tbody tr")
        expect(rows).to_have_count(9)

        def number(text: str) -> float:
            return float(text.replace(".", "").replace(",", ".").replace("−", "-").replace("+", ""))

        parts = [number(rows.nth(n).locator("td").nth(3).inner_text()) for n in range(8)]
        parts.append(number(rows.nth(8).locator("td.num").last.inner_text()))
        whole = number(table.locator("tfoot td.num").last.inner_text())
        assert round(sum(parts), 6) == whole
        expect(page.locator("#pane-commune_change")).to_contain_text("nhiều nhất do")
