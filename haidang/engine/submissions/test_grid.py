"""The grid of a version: cells under their own addresses, sheets as tabs, what is masked, and what lies beyond a page."""

from __future__ import annotations

import io
import re

from openpyxl import load_workbook

from haidang.engine.audit.models import Act
from haidang.engine.store.models import Source
from haidang.engine.submissions.conftest import MONTHLY, Cast, sample
from haidang.engine.submissions.grid import ROWS
from haidang.engine.submissions.models import Cell
from haidang.engine.submissions.test_views import FAULTY, browser, read

DOSSIERS = "services.dossier_files"


def test_a_faulty_cell_stands_red_under_its_own_address_with_the_reason(cast: Cast) -> None:
    made = cast.take(sample(**FAULTY))
    page = read(browser(cast.clerk).get(f"/so-lieu/{made.pk}/"))
    red = re.search(r'<td id="c-F9"[^>]*class="[^"]*is-fault[^"]*"[^>]*>', page)
    assert red is not None
    assert "có hai cách đọc" in red[0]
    assert re.search(r'<td id="c-F17"[^>]*is-warn', page)
    assert "khớp" in page
    assert "Ký gửi" not in page.split('id="sub-band"')[1].split("</section>")[0]


def test_what_was_understood_stands_beside_what_was_written(cast: Cast) -> None:
    made = cast.take(sample(F9="2.600,5"))
    page = read(browser(cast.clerk).get(f"/so-lieu/{made.pk}/"))
    cell = re.search(r'<td id="c-F9".*?</td>', page)
    assert cell is not None
    assert "<small>→ 2.600,5 tỷ đồng</small>" in cell[0]


def test_the_hidden_sheets_of_our_template_are_no_tabs_and_those_of_the_office_are(cast: Cast) -> None:
    book, out = load_workbook(io.BytesIO(sample())), io.BytesIO()
    for title in ("HaiDang", "HaiDang danh muc"):
        book.create_sheet(title).append(["contract", MONTHLY])
    book.save(out)
    made = cast.take(out.getvalue())
    assert Cell.objects.filter(submission=made, sheet="HaiDang danh muc").count() == 2
    page = read(browser(cast.clerk).get(f"/so-lieu/{made.pk}/"))
    assert "HaiDang" not in page
    assert "tabs sh-t" not in page
    book.create_sheet("Phụ lục").append(["Giải thích"])
    out = io.BytesIO()
    book.save(out)
    page = read(browser(cast.clerk).get(f"/so-lieu/{cast.take(out.getvalue()).pk}/"))
    assert re.findall(r'lang="vi">([^<]+)</a>', page.split("tabs sh-t")[1].split("</nav>")[0]) == [
        "KTXH",
        "Phụ lục",
    ]


def test_a_sheet_of_the_office_that_is_called_as_our_list_is_a_tab(cast: Cast) -> None:
    book, out = load_workbook(io.BytesIO(sample())), io.BytesIO()
    book.create_sheet("Kết quả kiểm tra").append(["Xã", "Số vụ"])
    ours = book.create_sheet("Kết quả kiểm tra1")
    ours.append(["Trang", "Ô", "Giá trị", "Kết luận", "Lý do và cách sửa"])
    book.save(out)
    page = read(browser(cast.clerk).get(f"/so-lieu/{cast.take(out.getvalue()).pk}/"))
    assert re.findall(r'lang="vi">([^<]+)</a>', page.split("tabs sh-t")[1].split("</nav>")[0]) == [
        "KTXH",
        "Kết quả kiểm tra",
    ]


def test_personal_columns_are_masked_and_each_look_is_told(cast: Cast) -> None:
    Source.objects.filter(address=DOSSIERS).update(office=cast.office)
    made = cast.take(sample("services.dossiers"), source=DOSSIERS)
    cell = Cell.objects.filter(submission=made, field="applicant", fate="value").first()
    assert cell is not None
    clerk = browser(cast.clerk)
    assert str(cell.raw) not in read(clerk.get(f"/so-lieu/{made.pk}/"))
    assert clerk.post(f"/so-lieu/{made.pk}/ca-nhan/", {"purpose": ""}).status_code == 422
    assert str(cell.raw) in read(clerk.post(f"/so-lieu/{made.pk}/ca-nhan/", {"purpose": "correct"}))
    assert Act.objects.get(verb="personal.reveal").detail["purpose"] == "correct"


def test_a_list_longer_than_a_page_is_turned_by_rows_and_found_by_a_cell(cast: Cast) -> None:
    Source.objects.filter(address=DOSSIERS).update(office=cast.office)
    book, out = load_workbook(io.BytesIO(sample("services.dossiers"))), io.BytesIO()
    sheet = book.worksheets[0]
    codes = next(cell.column for row in sheet.iter_rows() for cell in row if cell.value == "Mã hồ sơ")
    last = [cell.value for cell in sheet[sheet.max_row]]
    for number in range(1, 131):
        sheet.append(last)
        sheet.cell(sheet.max_row, codes).value = f"H80.12-261001-9{number:03}"
    book.save(out)
    made, final = cast.take(out.getvalue(), source=DOSSIERS), sheet.max_row
    clerk, home = browser(cast.clerk), f"/so-lieu/{made.pk}/"
    first = read(clerk.get(home))
    assert f'id="c-B{final}"' not in first
    assert "data-next-rows" in first
    for asked in (f"?tu-dong={ROWS + 1}", f"?o={final}"):
        assert f'id="c-B{final}"' in read(clerk.get(home + asked))
