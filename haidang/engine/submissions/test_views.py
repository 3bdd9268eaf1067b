"""Pages of the desk: what each sees, from a red cell to the approval of another person."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from openpyxl import load_workbook
from procrastinate.contrib.django.models import ProcrastinateJob

from haidang.engine import clock
from haidang.engine.audit.models import Act
from haidang.engine.connectors.arrival import Receipt
from haidang.engine.people.models import Person
from haidang.engine.store.models import Source
from haidang.engine.submissions import intake, judging
from haidang.engine.submissions.conftest import MONTHLY, PERIOD, Cast, sample
from haidang.engine.submissions.grid import ROWS
from haidang.engine.submissions.models import Cell, Edit, Submission

FAULTY: dict[str, object] = {"F9": "1.234", "F17": 2144.8}
WARNED: dict[str, object] = {"F17": 2144.8}
DOSSIERS = "services.dossier_files"


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["acted_at"] = clock.timestamp()
    session.save()
    return client


def read(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return " ".join(answer.content.decode().split())


def test_the_desk_of_an_office_says_what_it_owes_and_what_to_do_next(cast: Cast) -> None:
    page = read(browser(cast.clerk).get("/so-lieu/"))
    assert "Báo cáo kinh tế – xã hội tháng" in page
    assert f"/so-lieu/gui/?hop-dong={MONTHLY}" in page
    assert "Chờ tôi duyệt" not in page
    cast.take(sample(**FAULTY))
    assert "Sửa ô lỗi" in read(browser(cast.clerk).get("/so-lieu/"))
    assert MONTHLY not in read(browser(cast.stranger).get("/so-lieu/")).split('id="sheet-desk"')[1]


def test_files_without_a_period_or_of_one_to_come_are_seen_until_they_are_placed(cast: Cast) -> None:
    """As a machine sends them: no table of periods has a row for them."""
    clerk, part = browser(cast.clerk), "Chưa rõ kỳ – chọn kỳ"
    assert part not in read(clerk.get("/so-lieu/"))
    body = sample()
    without = cast.take(body, period="", name="bao-cao.xlsx")
    ahead = cast.take(sample(F9=2601.5), period="2199-01")
    placed = cast.take(sample(F9=2602.5))
    page = read(clerk.get("/so-lieu/"))
    found = page.split(part)[1].split("</section>")[0]
    assert f'href="{without.get_absolute_url()}"' in found
    assert f'href="{ahead.get_absolute_url()}"' in found
    assert placed.get_absolute_url() not in found
    assert "chưa rõ kỳ" in found
    assert "tháng 1/2199, chưa bắt đầu" in found
    assert f"/so-lieu/gui/?hop-dong={MONTHLY}" in found
    assert part in read(browser(cast.analyst).get("/so-lieu/"))
    assert part not in read(browser(cast.stranger).get("/so-lieu/"))
    cast.take(body, period="2026-09")  # the same file, for its period
    clerk.post(f"{ahead.get_absolute_url()}rut/", {"why": "nhầm kỳ"})
    assert part not in read(clerk.get("/so-lieu/"))


def test_overseers_get_the_matrix_and_its_cells_lead_to_the_version(cast: Cast) -> None:
    made = cast.take(sample(**FAULTY))
    page = read(browser(cast.analyst).get("/so-lieu/"))
    assert "mx-wrong" in page
    assert f'href="/so-lieu/{made.pk}/"' in page
    assert "mx-t" not in read(browser(cast.clerk).get("/so-lieu/"))


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


def test_what_was_pasted_below_and_beside_the_table_stands_in_the_grid_before_it_is_judged(
    cast: Cast,
) -> None:
    made = cast.take(sample())
    clerk = browser(cast.clerk)
    edit(clerk, made, [30, 1, "Khách quốc tế"], [30, 11, "12,5"])
    page = read(clerk.get(f"/so-lieu/{made.pk}/"))
    assert re.search(r'<td id="c-B30"[^>]*edited[^>]*><span class="v">Khách quốc tế</span>', page)
    assert re.search(r'<td id="c-L30"[^>]*edited[^>]*><span class="v">12,5</span>', page)
    assert '<th scope="col" role="columnheader"><b>L</b></th>' in page
    edit(clerk, made, [30, 1, ""], [30, 11, ""])
    assert "c-B30" not in read(clerk.get(f"/so-lieu/{made.pk}/"))


def test_from_explaining_to_the_decision_of_another(cast: Cast) -> None:
    made = cast.take(sample(**WARNED))
    warned = Cell.objects.get(submission=made, level=1)
    clerk, head = browser(cast.clerk), browser(cast.head)
    home = f"/so-lieu/{made.pk}/"
    assert clerk.post(f"{home}ky-gui/", follow=True).status_code == 200
    made.refresh_from_db()
    assert made.state == "draft", "an unexplained warning is not signed"
    refused = clerk.post(f"{home}giai-trinh/{warned.pk}/", {"text": "ab"})
    assert refused.status_code == 422
    assert 'aria-invalid="true"' in refused.content.decode()
    clerk.post(f"{home}giai-trinh/{warned.pk}/", {"text": "nhập máy móc cho nhà máy mới"})
    assert "nhập máy móc" in read(head.get(home))
    clerk.post(f"{home}ky-gui/")
    assert "Duyệt và công bố" in read(head.get(home))
    assert clerk.post(f"{home}duyet/").status_code == 403
    short = head.post(f"{home}tra-lai/", {"why": ""})
    assert short.status_code == 422
    head.post(f"{home}tra-lai/", {"why": "thiếu phụ lục thu nội địa"})
    assert "thiếu phụ lục" in read(clerk.get(home))
    clerk.post(f"{home}ky-gui/")
    head.post(f"{home}duyet/")
    made.refresh_from_db()
    assert (made.state, made.signed_by, made.approved_by) == ("approved", cast.clerk, cast.head)
    verbs = list(Act.objects.filter(object_id=str(made.pk)).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["sheet.explain", "sheet.sign", "sheet.send_back", "sheet.sign", "sheet.approve"]


def test_other_offices_are_told_that_there_is_no_such_version(cast: Cast) -> None:
    made = cast.take(sample())
    for part in ("", "tep/", "tep-da-cham/"):
        assert browser(cast.stranger).get(f"/so-lieu/{made.pk}/{part}").status_code == 404


def test_both_files_are_taken_away_and_each_taking_is_told(cast: Cast) -> None:
    body = sample(**FAULTY)
    made = cast.take(body)
    clerk = browser(cast.clerk)
    assert clerk.get(f"/so-lieu/{made.pk}/tep/").content == body
    back = load_workbook(io.BytesIO(clerk.get(f"/so-lieu/{made.pk}/tep-da-cham/").content))
    assert back["KTXH"]["F9"].comment is not None
    assert back["Kết quả kiểm tra"].max_row == 3
    assert Act.objects.filter(verb="export", object_id=str(made.pk)).count() == 2


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


def test_a_file_goes_to_the_stream_for_the_own_office(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[dict[str, Any]] = []

    def hand_in(body: bytes, **told: Any) -> Receipt:
        taken.append({"body": body, **told})
        return Receipt(seq=7, part=0, birth=1)

    monkeypatch.setattr(intake, "hand_in", hand_in)
    monkeypatch.setattr(intake, "wire_url", lambda: "nats://nowhere")
    address = f"/so-lieu/gui/?hop-dong={MONTHLY}"
    assert ".xlsx, .xlsm, .xlsb, .xls, .ods, .csv, tối đa 64 MB." in read(browser(cast.clerk).get(address))
    file = io.BytesIO(sample())
    file.name = "thang 10.xlsx"
    answer = browser(cast.clerk).post(address, {"period": PERIOD, "file": file})
    assert (answer.status_code, answer["Location"]) == (302, "/so-lieu/gui/1.7.0/")
    assert (taken[0]["period"], taken[0]["office"], taken[0]["name"]) == (
        PERIOD,
        cast.office,
        "thang 10.xlsx",
    )
    assert Act.objects.get(verb="sheet.hand_in").detail["contract"] == MONTHLY
    waiting = read(browser(cast.clerk).get("/so-lieu/gui/1.7.0/"))
    assert "<sheet-wait>" in waiting


def test_the_receipt_becomes_the_page_of_the_version(cast: Cast) -> None:
    made = cast.take(sample(**FAULTY))
    clerk = browser(cast.clerk)
    assert 'id="c-F9"' in read(clerk.get("/so-lieu/gui/1.1.0/"))
    assert "có hai cách đọc" not in read(browser(cast.stranger).get("/so-lieu/gui/1.1.0/"))
    assert clerk.get("/so-lieu/gui/khong/").status_code == 404
    assert made.number == 1


def test_a_stream_that_is_away_is_said_and_nothing_is_taken(cast: Cast, settings: LazySettings) -> None:
    settings.NATS_URL = "nats://127.0.0.1:9"
    file = io.BytesIO(sample())
    file.name = "thang 10.xlsx"
    answer = browser(cast.clerk).post(f"/so-lieu/gui/?hop-dong={MONTHLY}", {"period": PERIOD, "file": file})
    assert answer.status_code == 422
    assert "chưa được nhận" in answer.content.decode()
    assert not Act.objects.filter(verb="sheet.hand_in").exists()
    text = io.BytesIO(b"a,b")
    text.name = "bang.pdf"
    refused = browser(cast.clerk).post(f"/so-lieu/gui/?hop-dong={MONTHLY}", {"period": PERIOD, "file": text})
    assert "không phải tệp Excel" in refused.content.decode()


def test_a_backslash_and_letters_in_a_cell_are_no_sign_that_the_record_cannot_hold(cast: Cast) -> None:
    """The record knows no NUL; six letters that look like one are what somebody typed."""
    typed = "\\u0000 \\\\u0000"
    made = cast.take(sample(F9=typed, F10="a_x0000_b", F11="\\_x0000_"))
    kept = dict(Cell.objects.filter(submission=made, column=5, row__in=(9, 10, 11)).values_list("row", "raw"))
    assert kept == {9: typed, 10: "a␀b", 11: "\\␀"}


def test_an_unreadable_file_says_why_and_how_to_mend_it(cast: Cast) -> None:
    made = cast.take(b"PK\x03\x04 no archive")
    page = read(browser(cast.clerk).get(f"/so-lieu/{made.pk}/"))
    assert "Không đọc được tệp." in page
    assert "gửi lại" in page


def test_reasons_and_sheets_say_the_name_the_sender_gave(cast: Cast) -> None:
    """The file is judged and read again elsewhere than it was sent; neither place is the sender's business."""
    unread = cast.take(b"khong phai bang tinh", name="báo cáo/tháng 10.xlsx")
    assert unread.reason_args["name"] == "báo cáotháng 10.xlsx"
    listed = cast.take("STT;Nội dung;ĐVT\n1;Thu;tỷ đồng\n".encode(), name=f"{'Số liệu ' * 30}.csv")
    assert listed.sheet.startswith("Số liệu Số liệu")
    with judging.workbook(listed) as path:
        assert path.stem.startswith(listed.sheet)
        assert path.read_bytes().startswith(b"STT")


def test_an_approver_sees_what_changed_since_the_last_version(cast: Cast) -> None:
    cast.take(sample(F21=500))
    second = cast.take(sample(F21=512.5))
    page = read(browser(cast.head).get(f"/so-lieu/{second.pk}/"))
    assert "So với bản trước" in page
    changes = page.split('id="h-ch"')[1]
    assert "Khách du lịch" in changes
    assert "2,5" in changes
    assert Submission.objects.count() == 2


def test_a_template_is_for_the_own_office_and_period_and_repeats_what_was_published(cast: Cast) -> None:
    made = cast.take(sample())
    Submission.objects.filter(pk=made.pk).update(state="published")
    answer = browser(cast.clerk).get(f"/so-lieu/mau/{MONTHLY}.xlsx?ky=2026-11")
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    values = [cell.value for row in sheet.iter_rows() for cell in row]
    assert "Tháng 11/2026" in values
    assert "Sở Tài chính" in values
    assert 3150.7 in values, "October's revenue in the column of the last period"
    assert browser(cast.stranger).get(f"/so-lieu/mau/{MONTHLY}.xlsx?ky=2026-11").status_code == 404


def edit(client: Client, made: Submission, *cells: object) -> Any:
    return client.post(f"/so-lieu/{made.pk}/o/", {"sheet": "KTXH", "cells": json.dumps(cells)})


def judged_again(cast: Cast, made: Submission, monkeypatch: pytest.MonkeyPatch) -> Submission:
    """What becomes of the pending changes, without a wire."""
    bodies: list[bytes] = []
    of: list[int] = []

    def hand_in(body: bytes, *, mended_from: int, **_told: Any) -> Receipt:
        bodies.append(body)
        of.append(mended_from)
        return Receipt(seq=9, part=0, birth=1)

    monkeypatch.setattr(intake, "hand_in", hand_in)
    monkeypatch.setattr(intake, "wire_url", lambda: "nats://nowhere")
    answer = browser(cast.clerk).post(f"/so-lieu/{made.pk}/cham-lai/")
    assert answer["Location"] == "/so-lieu/gui/1.9.0/"
    return cast.take(bodies[0], mended_from=str(of[0]))


def test_a_cell_mended_in_the_grid_is_kept_and_makes_the_next_version(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = cast.take(sample(**FAULTY))
    clerk = browser(cast.clerk)
    assert edit(clerk, made, [9, 5, "2600,5"]).json() == {"cells": [[9, 5, "2600,5"]]}
    told = Edit.objects.get()
    assert (told.was, told.text, told.person) == ("1.234", "2600,5", cast.clerk)
    page = read(clerk.get(f"/so-lieu/{made.pk}/"))
    assert "Chấm lại (1 ô sửa)" in page
    assert "đã sửa, chưa chấm lại" in page
    second = judged_again(cast, made, monkeypatch)
    assert (second.number, second.faults) == (2, 0)
    assert Cell.objects.get(submission=second, row=9, column=5).raw == 2600.5
    # The bytes of the second version do not tell that somebody typed it: the record does, from the cell.
    assert second.mended_before("KTXH", "F9") == [told]
    assert second.mended_before("KTXH", "F10") == made.mended_before("KTXH", "F9") == []
    # Mended once more it is made of both; a file that came from elsewhere is made of neither, also with the same number.
    edit(clerk, second, [9, 5, "9999"], [9, 5, "2700,5"])
    third = judged_again(cast, second, monkeypatch)
    assert [one.text for one in third.mended_before("KTXH", "F9")] == ["2600,5", "2700,5"]
    fourth = cast.take(sample(F9=2700.5))
    assert (fourth.number, fourth.mended_before("KTXH", "F9")) == (4, [])
    edit(clerk, fourth, [10, 5, "31,5"])
    fifth = judged_again(cast, fourth, monkeypatch)
    assert fifth.mended_before("KTXH", "F9") == []
    assert [one.text for one in fifth.mended_before("KTXH", "F10")] == ["31,5"]


def test_a_formula_without_a_result_is_cleared_in_the_grid_and_stops_nothing_among_the_notes(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = load_workbook(io.BytesIO(sample()))
    notes = next(
        cell.column_letter for row in book.active.iter_rows() for cell in row if cell.value == "Ghi chú"
    )
    made = cast.take(sample(F9="=F10*2", **{f"{notes}9": '=A9&" ước"'}))
    faulty = Cell.objects.filter(submission=made, level=2)
    assert [(cell.row, cell.column, cell.remarks[0][1]) for cell in faulty] == [(9, 5, "formula_empty")]
    note = Cell.objects.get(submission=made, row=9, fate="note")
    assert (note.level, note.remarks[0][1]) == (0, "note_uncomputed")
    clerk = browser(cast.clerk)
    edit(clerk, made, [9, 5, ""], [note.row, note.column, ""])
    assert "Chấm lại (2 ô sửa)" in read(clerk.get(f"/so-lieu/{made.pk}/"))
    second = judged_again(cast, made, monkeypatch)
    cells = Cell.objects.filter(submission=second, row=9)
    assert not cells.filter(column=note.column).exists()
    assert cells.get(column=5).remarks[0][1] == "missing"


def test_what_may_not_be_mended_says_why(cast: Cast) -> None:
    made = cast.take(sample())
    clerk = browser(cast.clerk)
    assert edit(browser(cast.stranger), made, [9, 5, "1"]).status_code == 404
    assert clerk.post(f"/so-lieu/{made.pk}/o/", {"sheet": "KTXH", "cells": "x"}).status_code == 422
    for nowhere in ([-1, 5, "1"], [0, 5, "1"], [99_999_999, 5, "1"], [9, -1, "1"], [9, 16_384, "1"]):
        answer = edit(clerk, made, nowhere)
        assert answer.status_code == 422, nowhere
        assert f"Không có ô ở dòng {nowhere[0]}" in answer.json()["error"]
    assert not Edit.objects.exists()
    edit(clerk, made, [9, 5, "1\0"])
    assert Edit.objects.get().text == "1␀"
    Edit.objects.all().delete()
    edit(clerk, made, [9, 5, "1"])
    clerk.post(f"/so-lieu/{made.pk}/ky-gui/")
    made.refresh_from_db()
    assert made.state == "draft", "a change that was not judged cannot be signed"
    edit(clerk, made, [9, 5, str(Edit.objects.get().was)])
    clerk.post(f"/so-lieu/{made.pk}/ky-gui/")
    made.refresh_from_db()
    assert made.state == "submitted"
    late = edit(clerk, made, [9, 5, "2"])
    assert late.status_code == 422
    assert "đã ký gửi" in late.json()["error"]


def test_an_explanation_holds_on_for_the_same_cell_of_the_next_version(cast: Cast) -> None:
    first = cast.take(sample(**FAULTY))
    warned = Cell.objects.get(submission=first, level=1)
    browser(cast.clerk).post(f"/so-lieu/{first.pk}/giai-trinh/{warned.pk}/", {"text": "nhập máy móc"})
    second = cast.take(sample(**WARNED))
    assert second.explanations.get().text == "nhập máy móc"
    third = cast.take(sample(F17=2200))
    assert not third.explanations.exists(), "another value is another question"


def test_a_file_somebody_waits_for_is_judged_before_those_that_came_by_themselves(cast: Cast) -> None:
    made = cast.take(sample())
    job = ProcrastinateJob.objects.get(task_name="submissions.judge")
    assert (job.args, job.priority) == ({"waiting": made.pk}, intake.FIRST)


def test_whoever_only_decides_sees_how_the_office_stands(cast: Cast) -> None:
    cast.take(sample(**FAULTY))
    page = read(browser(cast.head).get("/so-lieu/"))
    assert "mx-wrong" in page
    assert "/so-lieu/gui/" not in page


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
