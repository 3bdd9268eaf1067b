"""In Chromium, on a whole centre: an unknown Excel file becomes a domain outside the package – contract, indicators, board –
without Python. Its office hands the file in and signs, another person approves and publishes; the board has the figure,
and "Vì sao?" reaches the sheet and the cell."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from playwright.sync_api import Browser, Page, expect

from haidang.config.supervisor.trial import Trial, trial
from tests.journeys.test_alarm_in_browser import PATIENCE, person, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journey-browser")]

HOMES = "Cơ sở lưu trú"
NAMES = ("Hòa Bình", "Sen Vàng", "Núi Bà", "Vàm Cỏ", "Gò Dầu")


@pytest.fixture(scope="module")
def domains() -> Iterator[Path]:
    """The province's own folder, outside the package and outside the home."""
    with tempfile.TemporaryDirectory(prefix="haidang-domains-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="module")
def province(domains: Path) -> Iterator[Trial]:
    with trial(HAIDANG_DOMAINS=str(domains), HAIDANG_REQUIRE_TOTP="nobody") as started:
        yield started


def file() -> dict[str, Any]:
    """As an office makes it: titles, two rows of headings, a total, numbers as text, telephone numbers, a signature."""
    book, out = Workbook(), io.BytesIO()
    sheet: Any = book.active
    sheet.title = "Biểu 02"
    for row in (
        ["SỞ DU LỊCH TỈNH TÂY NINH", None, None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
        ["BIỂU TỔNG HỢP LƯU TRÚ DU LỊCH THÁNG 10 NĂM 2026"],
        ["STT", "Tên cơ sở", "Khách lưu trú", None, "Doanh thu (triệu đồng)", "Điện thoại", "Ghi chú"],
        [None, None, "Số lượt khách", "Số ngày khách"],
        *(
            [
                n,
                f"Khách sạn {name}",
                f"{n}.200" if n < 3 else n * 1000,
                n * 2500,
                "1.234,5" if n == 1 else n * 410.25,
                f"091234567{n}",
            ]
            for n, name in enumerate(NAMES, 1)
        ),
        ["Tổng cộng", None, 15400, 37500, 6978],
        [None, "Nguồn: các cơ sở lưu trú"],
        [None, None, None, None, "KT. GIÁM ĐỐC"],
    ):
        sheet.append(row)
    for span in ("A2:G2", "C3:D3", "A3:A4", "B3:B4", "E3:E4", "F3:F4", "G3:G4"):
        sheet.merge_cells(span)
    book.save(out)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "luu-tru-thang-10.xlsx", "mimeType": kind, "buffer": out.getvalue()}


def begun(page: Page) -> None:
    page.goto("/so-lieu/hop-dong-moi/")
    page.locator("input[type=file]").set_input_files(file())
    page.get_by_role("button", name="Đọc tệp và đề xuất").click()
    expect(page.locator("#cot-C")).to_contain_text("5/5 ô là số (2 ô viết dạng chữ)")


def test_an_unknown_file_becomes_a_domain_whose_board_shows_its_figure(
    province: Trial, domains: Path, chromium: Browser
) -> None:
    province.run("office", "add", "--code", "so-dl", "--name", "Sở Du lịch")
    steward = sign_in(chromium, province, person(province, "administrator", "so-dl"))
    clerk = sign_in(chromium, province, person(province, "officer", "so-dl"))
    leader = sign_in(chromium, province, person(province, "leader", "so-dl"))

    begun(steward)
    expect(steward.locator("#cot-F")).to_contain_text("có vẻ là số điện thoại")
    expect(steward.locator("#cot-F input[name$=-use]")).not_to_be_checked()
    # What is typed survives leaving the page, right or wrong; what is wrong is said at its field.
    steward.locator("input[name=domain]").fill("Lưu trú")
    steward.locator("input[name=domain_title]").fill(HOMES)
    steward.get_by_role("button", name="Lưu nháp").click()
    expect(steward.locator("body")).to_contain_text("Đã lưu bản thảo.")
    steward.goto("/so-lieu/hop-dong-moi/")
    steward.get_by_role("link", name="luu-tru-thang-10.xlsx").first.click()
    expect(steward.locator("input[name=domain_title]")).to_have_value(HOMES)
    expect(steward.locator("#id_domain-error")).to_contain_text("chữ thường không dấu")
    steward.locator("input[name=domain]").fill("luu_tru")
    steward.locator("input[name=contract]").fill("thang")
    steward.locator("select[name=office]").select_option("so-dl")
    steward.get_by_role("button", name="Kiểm tra và xem tệp").click()

    expect(steward.locator("#main")).to_contain_text("haidang check không thấy lỗi nào")
    expect(steward.locator("#main")).to_contain_text("5 dòng")
    assert list(domains.iterdir()) == []
    steward.get_by_role("button", name="Xác nhận và ghi").click()
    expect(steward.locator("h1")).to_contain_text("tổng hợp lưu trú du lịch", timeout=PATIENCE)
    assert sorted(path.name for path in domains.iterdir()) == ["luu_tru"]
    assert province.run("check", str(domains)).returncode == 0
    assert not list(domains.rglob("*.py"))
    assert b"0912345671" not in (domains / "luu_tru/contracts/thang.sample.xlsx").read_bytes()

    # A steward hands in nothing; the office finds its new duty on its own desk.
    expect(steward.locator("#main")).to_contain_text("Gửi tệp đầu tiên")
    expect(steward.get_by_role("link", name="Gửi tệp đầu tiên")).to_have_count(0)
    board = steward.get_by_role("link", name="Xem bảng có số").get_attribute("href")
    assert board
    clerk.goto("/so-lieu/gui/?hop-dong=luu_tru.thang&ky=2026-10")
    clerk.locator("input[type=file]").set_input_files(file())
    clerk.get_by_role("button", name="Gửi và chấm").click()
    expect(clerk.locator("td#c-C5")).to_contain_text("1.200", timeout=2 * PATIENCE)
    for place in range(clerk.get_by_role("button", name="Giải trình").count()):
        clerk.get_by_role("textbox", name="Giải trình ô").nth(place).fill(
            "cột riêng của Sở, không thuộc hợp đồng"
        )
        with clerk.expect_navigation():
            clerk.get_by_role("button", name="Giải trình").nth(place).click()
    clerk.get_by_role("button", name="Ký gửi").click()
    expect(clerk.locator("#sub-band")).to_contain_text("đã ký gửi")

    leader.goto("/so-lieu/")
    leader.locator("#sheet-waiting a").first.click()
    leader.get_by_role("button", name="Duyệt và công bố").click()
    expect(leader.locator("body")).to_contain_text("Số liệu của bản này đang dùng", timeout=PATIENCE)
    leader.goto(board)
    expect(leader.locator("#main")).to_contain_text("15.400", timeout=PATIENCE)
    expect(leader.locator("#main")).to_contain_text("lượt")
    tile = leader.locator(".stat", has_text="15.400").first
    tile.get_by_role("link").first.click()
    expect(leader.locator("body")).to_contain_text("Biểu 02", timeout=PATIENCE)
    expect(leader.locator("body")).to_contain_text("C5:C9")
