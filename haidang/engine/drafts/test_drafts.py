"""From an uploaded file to a domain in the province's folder: proposed, changed, refused where it does not hold, written."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from haidang.engine.audit.models import Act
from haidang.engine.checks.walk import check, counted
from haidang.engine.drafts.conftest import AT, HOTELS, PHONE, begun, fields, kept, workbook
from haidang.engine.drafts.models import Draft
from haidang.engine.people.models import Grant, Office
from haidang.engine.store.models import ContentFile, Source
from haidang.engine.submissions.conftest import add_person
from haidang.engine.submissions.test_views import browser

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_sign_that_no_workbook_of_ours_may_hold_does_not_end_the_way_of_a_draft(
    outside: Path, steward: Client
) -> None:
    """Old programs end a line within a cell by a vertical tab; Excel writes it as _x000B_."""
    rows = [
        [
            one.replace("THÁNG", "THÁNG_x0000_").replace("Hòa Bình", "Hòa_x000B_Bình_x0000_")
            if isinstance(one, str)
            else one
            for one in row
        ]
        for row in HOTELS
    ]
    draft = begun(steward, workbook(rows))
    given = fields(steward, draft, office="sdl")
    assert steward.post(draft.get_absolute_url(), given).status_code == 302
    made = steward.get(f"{draft.get_absolute_url()}tep.zip")
    assert made.status_code == 200
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        name = next(one for one in archive.namelist() if one.endswith(".sample.xlsx"))
        sheet = load_workbook(io.BytesIO(archive.read(name))).active
    assert sheet is not None
    assert "Hòa Bình " in [cell.value for row in sheet.iter_rows() for cell in row]


def test_a_file_is_proposed_with_reasons_and_personal_columns_are_left_out(
    outside: Path, steward: Client
) -> None:
    draft = begun(steward)
    page = steward.get(draft.get_absolute_url()).content.decode()
    for words in (
        "2/2 ô là số (1 ô viết dạng chữ)",
        "tiêu đề ghi “(tỷ đồng)”",
        "có vẻ là số điện thoại",
        "dòng 5 “Tổng cộng” bằng tổng các dòng",
    ):
        assert words in page, words
    assert PHONE not in page
    assert Act.objects.get(verb="draft.upload").object_id == str(draft.pk)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("thuc-don.xlsx", workbook([["Thực đơn"], ["Cơm tấm"]])),
        ("anh.xlsx", b"\x89PNG"),
        ("anh.png", b"\x89PNG"),
        ("x.xlsx", b""),
    ],
)
def test_what_holds_no_table_is_refused_beside_the_file(
    outside: Path, steward: Client, name: str, body: bytes
) -> None:
    answer = steward.post(AT, {"file": SimpleUploadedFile(name, body)})
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]
    assert not Draft.objects.exists()


def test_a_draft_keeps_what_was_typed_and_says_what_is_wrong_at_its_field(
    outside: Path, steward: Client
) -> None:
    draft = begun(steward)
    typed = fields(
        steward,
        draft,
        domain="economy",
        domain_title="Luu tru cua tinh",
        **{"c2-min": "1.234", "c3-unit": "", "c3-key": "Doanh thu"},
    )
    assert steward.post(draft.get_absolute_url(), {**typed, "act": "save"}).status_code == 302
    form = steward.get(draft.get_absolute_url()).context["form"]
    assert set(form.errors) == {"domain", "domain_title", "c2-min", "c3-key", "c3-unit"}
    assert form["c2-min"].value() == "1.234"
    refused = steward.post(draft.get_absolute_url(), {**typed, "act": "check"})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert page.count('id="form-errors"') == 1
    assert page.partition("</title>")[0].count("Lỗi:") == 1
    assert list(outside.iterdir()) == []


def test_a_confirmed_draft_is_a_whole_domain_that_holds_and_is_loaded(outside: Path, steward: Client) -> None:
    draft = begun(steward)
    assert (
        steward.post(draft.get_absolute_url(), {**fields(steward, draft), "act": "check"}).status_code == 302
    )
    page = steward.get(f"{draft.get_absolute_url()}xac-nhan/")
    assert page.context["findings"] == []
    shown = page.context["content"], page.context["beside"], page.context["all"]
    assert f"{shown[0]} tệp nội dung (.yml) và {shown[1]} tệp đi kèm" in page.content.decode()
    assert list(outside.iterdir()) == []
    assert steward.post(f"{draft.get_absolute_url()}xac-nhan/").status_code == 302
    root = outside / "luu_tru"
    assert sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()) == [
        "boards/thang.yml", "contracts/thang.expected.json", "contracts/thang.sample.xlsx", "contracts/thang.template.xlsx",
        "contracts/thang.yml", "domain.yml", "indicators/doanh_thu.yml", "indicators/so_luot_khach.yml",
        "sources/thang_files.yml",
    ]  # fmt: skip
    assert check(root)[0] == []
    sample = load_workbook(root / "contracts/thang.sample.xlsx")
    texts = {str(cell.value) for row in sample.active.iter_rows() for cell in row}  # type: ignore[union-attr]
    assert PHONE not in texts
    assert {"12.500", "31.25"} <= texts
    assert Source.objects.get(address="luu_tru.thang_files").office == Office.objects.get(code="sdl")
    assert ContentFile.objects.filter(address="luu_tru.thang", kind="boards", superseded_at=None).exists()
    draft.refresh_from_db()
    assert (draft.state, bytes(draft.body), draft.contract) == ("confirmed", b"", "luu_tru.thang")
    assert Act.objects.get(verb="draft.confirm").detail["folder"] == str(root)
    # The page, the check of what was written, and the folder count the same.
    _problems, tree = check(root)
    of_check = counted(tree, root)
    assert (of_check.content, of_check.beside) == shown[:2]
    assert sum(path.is_file() for path in root.rglob("*")) == shown[2] == sum(shown[:2])
    done = steward.get(draft.get_absolute_url()).content.decode()
    assert "Gửi tệp đầu tiên" in done
    assert "/so-lieu/gui/?hop-dong=" not in done, "an administrator hands in nothing"
    clerk = add_person("clerk", "officer", Office.objects.get(code="sdl"))
    Grant.objects.create(person=clerk, role="administrator")
    own = browser(clerk).get(draft.get_absolute_url()).content.decode()
    assert "/so-lieu/gui/?hop-dong=luu_tru.thang&amp;ky=2026-10" in own
    assert "/bang/luu_tru.thang/" in done
    archive = zipfile.ZipFile(io.BytesIO(steward.get(f"{draft.get_absolute_url()}tep.zip").content))
    assert "luu_tru/contracts/thang.yml" in archive.namelist()


def test_processes_that_read_content_at_their_start_are_asked_to_start_again(
    outside: Path, steward: Client, settings: LazySettings
) -> None:
    draft = begun(steward)
    steward.post(draft.get_absolute_url(), {**fields(steward, draft), "act": "check"})
    steward.post(f"{draft.get_absolute_url()}xac-nhan/")
    asked = sorted(path.name for path in (settings.HAIDANG_HOME / "run").glob("restart-*"))
    assert asked == ["restart-ingest", "restart-pull", "restart-work"]


def test_what_stands_in_the_folder_is_never_overwritten(outside: Path, steward: Client) -> None:
    draft = begun(steward)
    steward.post(draft.get_absolute_url(), {**fields(steward, draft), "act": "check"})
    for name in ("domain.yml", "contracts/thang.yml", "indicators/doanh_thu.yml"):
        (outside / "luu_tru" / name).parent.mkdir(parents=True, exist_ok=True)
        (outside / "luu_tru" / name).write_text("title: {vi: Của tỉnh}\n", encoding="utf-8")
    before = kept(outside)
    assert steward.post(f"{draft.get_absolute_url()}xac-nhan/").status_code == 302  # back to the draft
    form = steward.get(draft.get_absolute_url()).context["form"]
    assert set(form.errors) == {"contract", "c3-key"}
    assert "đã có chỉ tiêu “doanh_thu”" in str(form.errors["c3-key"])
    assert kept(outside) == before
    assert [path.name for path in outside.iterdir()] == ["luu_tru"]


def test_without_a_folder_of_ones_own_the_page_says_how_to_set_it_and_the_files_can_be_taken(
    outside: Path, steward: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HAIDANG_DOMAINS")
    draft = begun(steward)
    steward.post(draft.get_absolute_url(), {**fields(steward, draft), "act": "check"})
    page = steward.get(f"{draft.get_absolute_url()}xac-nhan/").content.decode()
    assert "export HAIDANG_DOMAINS=" in page
    assert "Xác nhận và ghi" not in page
    assert steward.post(f"{draft.get_absolute_url()}xac-nhan/").status_code == 422
    assert Draft.objects.get(pk=draft.pk).state == "open"
    archive = zipfile.ZipFile(io.BytesIO(steward.get(f"{draft.get_absolute_url()}tep.zip").content))
    target = outside.parent / "taken"
    archive.extractall(target)
    assert check(target / "luu_tru")[0] == []


def test_content_that_does_not_hold_is_shown_with_file_and_line_and_not_written(
    outside: Path, steward: Client
) -> None:
    draft = begun(steward)
    typed = fields(
        steward, draft, **{"c2-title": "Báo cáo và hạn nộp"}
    )  # as another tile of the board is called
    steward.post(draft.get_absolute_url(), {**typed, "act": "check"})
    page = steward.get(f"{draft.get_absolute_url()}xac-nhan/")
    assert [finding.file for finding in page.context["findings"]] == ["luu_tru/boards/thang.yml"]
    assert "luu_tru/boards/thang.yml:" in page.content.decode()
    # Under its new title the column is still found by the heading of the file.
    assert (page.context["trial"].records, page.context["trial"].remarks) == (2, {})
    assert steward.post(f"{draft.get_absolute_url()}xac-nhan/").status_code == 422
    assert list(outside.iterdir()) == []


def test_a_dropped_draft_keeps_no_file_and_is_gone(outside: Path, steward: Client) -> None:
    draft = begun(steward)
    assert steward.post(f"{draft.get_absolute_url()}bo/").status_code == 302
    assert bytes(Draft.objects.get(pk=draft.pk).body) == b""
    assert steward.get(draft.get_absolute_url()).status_code == 404


def test_a_worked_example_that_the_sample_does_not_say_is_named(outside: Path, steward: Client) -> None:
    draft = begun(steward)
    steward.post(draft.get_absolute_url(), {**fields(steward, draft), "act": "check"})
    steward.post(f"{draft.get_absolute_url()}xac-nhan/")
    path = outside / "luu_tru/indicators/so_luot_khach.yml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("expect: 20800", "expect: 20801"), encoding="utf-8"
    )
    (problem,) = check(outside / "luu_tru")[0]
    assert "the sample comes to 20800.0, expected 20801" in problem.message


def test_lists_of_indicators_and_csv_become_domains_too(outside: Path, steward: Client) -> None:
    rows = [
        ["MỘT SỐ CHỈ TIÊU NÔNG NGHIỆP THÁNG 10/2026"],
        ["STT", "Chỉ tiêu", "ĐVT", "Kế hoạch năm", "Thực hiện tháng 10/2026", "Lũy kế"],
        [1, "Diện tích lúa", "ha", 140000, 41250.5, 130000],
        [2, "Sản lượng lúa", "tấn", 800000, "412,4", 700000],
    ]
    text = "\r\n".join(";".join(str(cell) for cell in row) for row in rows).encode("utf-8-sig")
    for name, body in (("nong-nghiep.xlsx", workbook(rows)), ("nong-nghiep.csv", text)):
        draft = begun(steward, body, name)
        key = "nn_" + name.rpartition(".")[2]
        steward.post(draft.get_absolute_url(), {**fields(steward, draft, domain=key), "act": "check"})
        page = steward.get(f"{draft.get_absolute_url()}xac-nhan/")
        assert page.status_code == 200, steward.get(draft.get_absolute_url()).context["form"].errors
        assert page.context["findings"] == []
        assert steward.post(f"{draft.get_absolute_url()}xac-nhan/").status_code == 302
        text_of = (outside / key / "indicators/san_luong_lua.yml").read_text(encoding="utf-8")
        assert "measures: {plan: ke_hoach_nam, cumulative: luy_ke}" in text_of
        assert "unit: tấn" in text_of
    assert os.environ["HAIDANG_DOMAINS"] == str(outside)
