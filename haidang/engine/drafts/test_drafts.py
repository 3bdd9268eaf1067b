"""From an uploaded file to a domain in the province's folder: proposed, changed, refused where it does not hold, written."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from haidang.engine.audit.models import Act
from haidang.engine.checks.walk import check, counted
from haidang.engine.drafts import loading, placing
from haidang.engine.drafts.models import Draft
from haidang.engine.people.models import Grant, Office
from haidang.engine.store.models import ContentFile, Source
from haidang.engine.submissions.conftest import add_person
from haidang.engine.submissions.test_views import browser

pytestmark = pytest.mark.django_db(transaction=True)
AT = "/so-lieu/hop-dong-moi/"
PHONE = "0912345678"


@pytest.fixture
def outside(tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The province's own folder; what this process read of it is forgotten afterwards."""
    folder = tmp_path / "domains"
    folder.mkdir()
    monkeypatch.setenv("HAIDANG_DOMAINS", str(folder))
    settings.HAIDANG_HOME = tmp_path / "home"
    settings.HAIDANG_REQUIRE_TOTP = "nobody"
    yield folder
    loading.forget()


@pytest.fixture
def steward() -> Client:
    Office.objects.create(code="sdl", name="Sở Du lịch", short_name="Sở DL")
    return browser(add_person("steward", "administrator", None))


def workbook(rows: list[list[Any]]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    book.save(out)
    return out.getvalue()


HOTELS = [
    ["BÁO CÁO LƯU TRÚ THÁNG 10 NĂM 2026"],
    ["STT", "Cơ sở", "Số lượt khách", "Doanh thu (tỷ đồng)", "Điện thoại"],
    [1, "Hòa Bình", "12.500", 31.25, PHONE],
    [2, "Sen Vàng", 8300, "4,15", "0987654321"],
    ["Tổng cộng", None, 20800, 35.4],
]


def begun(client: Client, body: bytes | None = None, name: str = "luu-tru.xlsx") -> Draft:
    file = SimpleUploadedFile(name, workbook(HOTELS) if body is None else body)
    answer = client.post(AT, {"file": file})
    assert answer.status_code == 302, answer.content.decode()
    return Draft.objects.latest("pk")


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


def fields(client: Client, draft: Draft, **changed: str) -> dict[str, str]:
    """What a browser would send of the page as it stands, with some fields typed over; None of a box that is not ticked."""
    form = client.get(draft.get_absolute_url()).context["form"]
    found = {
        bound.html_name: str(bound.value() if bound.value() is not None else "")
        for bound in form
        if bound.value() is not False
    }
    found |= {
        "domain": "luu_tru",
        "province": "80",
        "domain_title": "Lưu trú",
        "contract": "thang",
        "office": "sdl",
        **changed,
    }
    return {name: ("on" if value == "True" else value) for name, value in found.items() if value != "–"}


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


def kept(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


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


TOURS = [
    ["BÁO CÁO LỮ HÀNH THÁNG 10 NĂM 2026"],
    ["STT", "Công ty", "Số lượt khách", "Số đoàn"],
    [1, "Bà Đen", "2.500", 31],
    [2, "Ma Thiên Lãnh", 300, "4"],
    ["Tổng cộng", None, 2800, 35],
]


def joined(client: Client, **changed: str) -> Draft:
    """A second file of the domain, checked but not confirmed."""
    draft = begun(client, workbook(TOURS), "lu-hanh.xlsx")
    typed = fields(client, draft, contract="lu_hanh", title="Lữ hành hằng tháng", **changed)
    client.post(draft.get_absolute_url(), {**typed, "act": "check"})
    return draft


def confirmed(client: Client) -> None:
    draft = begun(client)
    client.post(draft.get_absolute_url(), {**fields(client, draft), "act": "check"})
    assert client.post(f"{draft.get_absolute_url()}xac-nhan/").status_code == 302


def test_a_domain_of_ones_own_takes_a_contract_more(outside: Path, steward: Client) -> None:
    confirmed(steward)
    before = kept(outside / "luu_tru")
    draft = joined(steward)
    assert "luu_tru" in steward.get(draft.get_absolute_url()).context["joinable"]
    form = steward.get(draft.get_absolute_url()).context["form"]
    assert set(form.errors) == {"c2-key"}, "the domain has visitors already"
    draft = joined(steward, **{"c2-key": "khach_lu_hanh"})
    page = steward.get(f"{draft.get_absolute_url()}xac-nhan/")
    assert page.context["findings"] == []
    assert "Thêm một hợp đồng vào lĩnh vực “luu_tru”" in page.content.decode()
    archive = zipfile.ZipFile(io.BytesIO(steward.get(f"{draft.get_absolute_url()}tep.zip").content))
    assert "luu_tru/domain.yml" not in archive.namelist(), "unpacked by hand it goes over nothing"
    assert steward.post(f"{draft.get_absolute_url()}xac-nhan/").status_code == 302
    after = kept(outside / "luu_tru")
    assert {name: after[name] for name in before} == before
    assert sorted(set(after) - set(before)) == [
        "boards/lu_hanh.yml", "contracts/lu_hanh.expected.json", "contracts/lu_hanh.sample.xlsx",
        "contracts/lu_hanh.template.xlsx", "contracts/lu_hanh.yml", "indicators/khach_lu_hanh.yml",
        "indicators/so_doan.yml", "sources/lu_hanh_files.yml",
    ]  # fmt: skip
    assert check(outside / "luu_tru")[0] == []
    assert Act.objects.filter(verb="draft.confirm").latest("pk").detail["files"] == 8
    assert ContentFile.objects.filter(address="luu_tru.lu_hanh", kind="boards", superseded_at=None).exists()
    for path in ("/bang/luu_tru.thang/", "/bang/luu_tru.lu_hanh/"):
        assert steward.get(path).status_code == 200
    assert "Lữ hành hằng tháng" in steward.get("/bang/luu_tru.lu_hanh/").content.decode()


def test_faults_of_the_domain_itself_do_not_keep_a_contract_out(outside: Path, steward: Client) -> None:
    confirmed(steward)
    board = outside / "luu_tru/boards/thang.yml"
    board.write_text(
        board.read_text(encoding="utf-8").replace("title: Lưu trú", "title: Luu tru"), encoding="utf-8"
    )
    board.write_text(
        board.read_text(encoding="utf-8")
        + "  - {kind: statistic, title: {vi: Ô}, indicator: luu_tru.khong_co}\n",
        encoding="utf-8",
    )
    assert check(outside / "luu_tru")[0]
    draft = joined(steward, **{"c2-key": "khach_lu_hanh"})
    assert steward.get(f"{draft.get_absolute_url()}xac-nhan/").context["findings"] == []


def test_a_contract_that_cannot_be_taken_leaves_the_domain_as_it_was(
    outside: Path, steward: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirmed(steward)
    before = kept(outside / "luu_tru")
    draft = joined(steward, **{"c2-key": "khach_lu_hanh"})

    def full() -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(loading, "load", full)
    answer = steward.post(f"{draft.get_absolute_url()}xac-nhan/")
    assert answer.status_code == 422
    assert "No space left" in answer.content.decode()
    assert kept(outside / "luu_tru") == before
    assert Draft.objects.get(pk=draft.pk).state == "open"


@pytest.mark.parametrize("theirs", ["contracts/lu_hanh.yml", "indicators/so_doan.yml", "boards/lu_hanh.yml"])
def test_a_file_put_there_while_it_is_written_stays_and_the_rest_is_taken_back(
    outside: Path, steward: Client, monkeypatch: pytest.MonkeyPatch, theirs: str
) -> None:
    """The first to be written, one between, and the last."""
    confirmed(steward)
    draft = joined(steward, **{"c2-key": "khach_lu_hanh"})
    checked = placing._checked

    def slowly(root: Path) -> Iterator[placing.Finding]:
        (outside / "luu_tru" / theirs).write_text("# của người khác\n", encoding="utf-8")
        yield from checked(root)

    before = kept(outside / "luu_tru")
    # After the look at what stands there, before the files go in.
    monkeypatch.setattr(placing, "standing", lambda _domain: frozenset(before))
    monkeypatch.setattr(placing, "_checked", slowly)
    answer = steward.post(f"{draft.get_absolute_url()}xac-nhan/")
    assert answer.status_code == 422
    assert [one.file for one in answer.context["findings"]] == [f"luu_tru/{theirs}"]
    assert kept(outside / "luu_tru") == {**before, theirs: "# của người khác\n".encode()}


def test_a_folder_without_hard_links_takes_a_contract_too_and_a_full_one_stays_as_it_was(
    outside: Path, steward: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirmed(steward)
    before = kept(outside / "luu_tru")

    def refuse(_self: Path, _target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    draft = joined(steward, **{"c2-key": "khach_lu_hanh"})
    put, many = placing._put, []

    def full(source: Path, target: Path, added: list[Path]) -> None:
        put(source, target, added)
        many.append(target)
        if len(many) > 3:
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(placing, "_put", full)
        assert steward.post(f"{draft.get_absolute_url()}xac-nhan/").status_code == 422
    assert kept(outside / "luu_tru") == before
    assert steward.post(f"{draft.get_absolute_url()}xac-nhan/").status_code == 302
    assert check(outside / "luu_tru")[0] == []
    assert len(kept(outside / "luu_tru")) == len(before) + 8


def test_links_of_a_domain_are_not_followed(outside: Path, steward: Client, tmp_path: Path) -> None:
    confirmed(steward)
    (outside / "luu_tru/indicators/_cu.yml").symlink_to(tmp_path / "khong-co.yml")
    draft = joined(steward, **{"c2-key": "khach_lu_hanh"})
    assert steward.get(f"{draft.get_absolute_url()}xac-nhan/").status_code == 200
    elsewhere = tmp_path / "elsewhere"
    (outside / "luu_tru").rename(elsewhere)
    (outside / "luu_tru").symlink_to(elsewhere)
    form = steward.get(draft.get_absolute_url()).context["form"]
    assert "domain" in form.errors


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
