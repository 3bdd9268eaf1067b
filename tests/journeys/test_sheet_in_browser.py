"""In Chromium, on a whole centre: an officer drops a file and sees it judged without loading again, mends the red cell in
the grid, has it judged again, explains, signs; somebody else approves."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, expect

from haidang.config.supervisor.trial import Trial
from haidang.engine.contracts.tree import default_folders
from tests.journeys.test_alarm_in_browser import PATIENCE, person, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journey-browser")]

# What Excel puts on the clipboard: tabs between columns, a line for each row.
PASTE = """(cell, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  cell.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""
ADDRESS = "/so-lieu/gui/?hop-dong=economy.monthly&ky=2026-10"


def file() -> dict[str, object]:
    """The month's report with a number that can be read in two ways, and one that doubled."""
    book, out = load_workbook(default_folders()[0] / "economy/contracts/monthly.sample.xlsx"), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet["F9"], sheet["F17"], sheet["H17"] = "1.234", 2144.8, 200.0
    book.save(out)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "thang 10.xlsx", "mimeType": kind, "buffer": out.getvalue()}


def test_from_a_dropped_file_to_the_approval_of_another(centre: Trial, chromium: Browser) -> None:
    centre.run("office", "add", "--code", "so-tai-chinh", "--name", "Sở Tài chính thử")
    clerk = sign_in(chromium, centre, person(centre, "officer", "so-tai-chinh"))
    leader = sign_in(chromium, centre, person(centre, "leader", "so-tai-chinh"))

    clerk.goto(ADDRESS)
    clerk.locator("input[type=file]").set_input_files(file())
    clerk.get_by_role("button", name="Gửi và chấm").click()
    expect(clerk.locator("#sub-band")).to_be_visible(timeout=PATIENCE)
    clerk.evaluate("window.marked = true")
    red = clerk.locator("td#c-F9")
    expect(red).to_contain_text("1.234", timeout=PATIENCE)
    assert clerk.evaluate("window.marked") is True, "the page was loaded again"

    red.click()
    expect(clerk.locator("#cell-detail")).to_contain_text("có hai cách đọc")
    clerk.keyboard.press("Enter")
    clerk.keyboard.type("2600,5")
    clerk.keyboard.press("Enter")
    expect(clerk.locator("td#c-F9.edited")).to_contain_text("2600,5")
    clerk.locator("td#c-H10").evaluate(PASTE, "103,1\t108,5\r\n103,1\t108,5\r\n")
    expect(clerk.locator("td.edited")).to_have_count(5)
    # What is pasted beyond the end of the table has a row and a column of its own, at once and when the page is read again.
    clerk.locator("td#c-J25").evaluate(PASTE, "Ghi chú\r\n" * 2 + "Ghi chú\tghi thêm\r\n")
    expect(clerk.locator("td#c-K27.edited")).to_contain_text("ghi thêm")
    expect(clerk.locator("td#c-J26.edited + td#c-K26")).to_have_text("")
    clerk.reload()
    expect(clerk.locator("td#c-K27.edited")).to_contain_text("ghi thêm")
    clerk.locator("td#c-J25").evaluate(PASTE, "\r\n\r\n\t\r\n")
    expect(clerk.locator("td.edited", has_text="ghi thêm")).to_have_count(0)
    clerk.get_by_role("button", name="Chấm lại").click()
    expect(clerk.locator("#sub-band h1 + p")).to_contain_text("bản 2", timeout=PATIENCE)
    expect(clerk.locator("td#c-F9")).to_contain_text("2.600,5")
    expect(clerk.locator("td.is-fault")).to_have_count(0)

    clerk.get_by_role("textbox", name="Giải trình ô F17").fill("nhập máy móc cho nhà máy mới")
    clerk.get_by_role("button", name="Giải trình").click()
    clerk.get_by_role("button", name="Ký gửi").click()
    expect(clerk.locator("#sub-band")).to_contain_text("đã ký gửi")
    expect(clerk.get_by_role("button", name="Duyệt")).to_have_count(0)

    leader.goto("/so-lieu/")
    leader.locator("#sheet-waiting a", has_text="Báo cáo kinh tế").click()
    expect(leader.locator("#sub-side")).to_contain_text("nhập máy móc cho nhà máy mới")
    leader.get_by_role("button", name="Duyệt", exact=True).click()
    expect(leader.locator("#sub-band")).to_contain_text("đã duyệt")
    found = centre.sql(
        "SELECT number, state, signed_by_id = approved_by_id FROM submissions_submission s"
        " JOIN people_office o ON o.id = s.office_id WHERE o.code = 'so-tai-chinh' ORDER BY number"
    )
    assert found == [(1, "draft", None), (2, "approved", False)]
