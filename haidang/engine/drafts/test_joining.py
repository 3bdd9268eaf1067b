"""A contract more in a domain that is there: all of it comes or nothing, and what stood there stays."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from haidang.engine.audit.models import Act
from haidang.engine.checks.walk import check
from haidang.engine.drafts import loading, placing
from haidang.engine.drafts.conftest import begun, confirmed, fields, kept, workbook
from haidang.engine.drafts.models import Draft
from haidang.engine.store.models import ContentFile

pytestmark = pytest.mark.django_db(transaction=True)


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
