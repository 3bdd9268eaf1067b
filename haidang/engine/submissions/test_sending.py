"""Files on their way: from the page into the stream, the receipt, and what is taken away again."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.conf import LazySettings
from openpyxl import load_workbook
from procrastinate.contrib.django.models import ProcrastinateJob

from haidang.engine.audit.models import Act
from haidang.engine.connectors.arrival import Receipt
from haidang.engine.submissions import intake
from haidang.engine.submissions.conftest import MONTHLY, PERIOD, Cast, sample
from haidang.engine.submissions.models import Submission
from haidang.engine.submissions.test_views import FAULTY, browser, read


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


def test_a_file_somebody_waits_for_is_judged_before_those_that_came_by_themselves(cast: Cast) -> None:
    made = cast.take(sample())
    job = ProcrastinateJob.objects.get(task_name="submissions.judge")
    assert (job.args, job.priority) == ({"waiting": made.pk}, intake.FIRST)


def test_both_files_are_taken_away_and_each_taking_is_told(cast: Cast) -> None:
    body = sample(**FAULTY)
    made = cast.take(body)
    clerk = browser(cast.clerk)
    assert clerk.get(f"/so-lieu/{made.pk}/tep/").content == body
    back = load_workbook(io.BytesIO(clerk.get(f"/so-lieu/{made.pk}/tep-da-cham/").content))
    assert back["KTXH"]["F9"].comment is not None
    assert back["Kết quả kiểm tra"].max_row == 3
    assert Act.objects.filter(verb="export", object_id=str(made.pk)).count() == 2


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
