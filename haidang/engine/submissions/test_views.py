"""The desk and the page of a version: what each sees, from a red cell to the approval of another person."""

from __future__ import annotations

from typing import Any

from django.test import Client

from haidang.engine import clock
from haidang.engine.audit.models import Act
from haidang.engine.people.models import Person
from haidang.engine.submissions import judging
from haidang.engine.submissions.conftest import MONTHLY, Cast, sample
from haidang.engine.submissions.models import Cell, Submission

FAULTY: dict[str, object] = {"F9": "1.234", "F17": 2144.8, "H17": 200.0}


# With the growth that goes with it: one warning, at F17.
WARNED: dict[str, object] = {"F17": 2144.8, "H17": 200.0}


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


def test_an_explanation_holds_on_for_the_same_cell_of_the_next_version(cast: Cast) -> None:
    first = cast.take(sample(**FAULTY))
    warned = Cell.objects.get(submission=first, level=1)
    browser(cast.clerk).post(f"/so-lieu/{first.pk}/giai-trinh/{warned.pk}/", {"text": "nhập máy móc"})
    second = cast.take(sample(**WARNED))
    assert second.explanations.get().text == "nhập máy móc"
    third = cast.take(sample(F17=2200))
    assert not third.explanations.exists(), "another value is another question"


def test_whoever_only_decides_sees_how_the_office_stands(cast: Cast) -> None:
    cast.take(sample(**FAULTY))
    page = read(browser(cast.head).get("/so-lieu/"))
    assert "mx-wrong" in page
    assert "/so-lieu/gui/" not in page
