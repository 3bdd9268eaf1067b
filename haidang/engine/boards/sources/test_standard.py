"""Each contract publishes what an office needs to send it, to whoever sees one of its sources."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from django.test import Client
from django.utils.translation import override

from haidang.engine.boards.sources import content, standard
from haidang.engine.contracts.odcs import as_yaml
from haidang.engine.people.actions import add_office
from haidang.engine.store.models import Source

pytestmark = pytest.mark.usefixtures("sender")
REVENUE = "economy.commune_revenue"


def test_every_contract_with_a_source_has_its_document(signed_in: Callable[[str], Client]) -> None:
    wanted = {entry.thing.contract for entry in content.tree().sources.values()}
    page = signed_in("operator").get("/chuan-ket-noi/")
    assert page.status_code == 200
    assert wanted == {one.address for one in page.context["standards"]}
    for one in page.context["standards"]:
        assert one.fields
        assert one.ways, f"{one.address}: nobody is told how to send it"
        assert one.sample is not None, one.address


def test_the_page_says_what_when_and_how(signed_in: Callable[[str], Client]) -> None:
    text = signed_in("operator").get(f"/chuan-ket-noi/{REVENUE}/").content.decode()
    for words in (
        "Thực hiện kỳ này",
        "triệu đồng",
        "20 ngày sau khi hết kỳ",
        "mỗi tháng một tệp",
        "--data-binary",
    ):
        assert words in text


def test_what_holds_between_columns_is_told_on_the_page_and_to_tools(
    signed_in: Callable[[str], Client],
) -> None:
    client = signed_in("operator")
    texts = {
        name: client.get(f"/chuan-ket-noi/{name}/").content.decode()
        for name in ("documents.offices", "services.handling", "services.dossiers", "health.epidemics")
    }
    assert "Văn bản đi được ký số ≤ Văn bản đi" in texts["documents.offices"]
    assert "Hồ sơ nộp trực tuyến ≤ Hồ sơ tiếp nhận" in texts["services.handling"]
    assert "Ngày tiếp nhận không ở sau ngày gửi tệp." in texts["services.dossiers"]
    assert "Trạng thái là “Đã trả kết quả” mà thiếu Ngày trả kết quả" in texts["services.dossiers"]
    assert "Tử vong trong tuần lớn hơn Số mắc trong tuần thì phải giải trình." in texts["health.epidemics"]
    odcs = yaml.safe_load(client.get("/chuan-ket-noi/documents.offices/odcs.yaml").content)
    rules = [one["description"] for one in odcs["schema"][0]["quality"]]
    assert "Đang xử lý đã quá hạn ≤ Văn bản đang xử lý" in rules


def test_the_same_document_comes_as_pdf_as_odcs_and_with_a_sample(signed_in: Callable[[str], Client]) -> None:
    client = signed_in("operator")
    paper = client.get(f"/chuan-ket-noi/{REVENUE}/chuan.pdf")
    assert paper.content.startswith(b"%PDF-")
    assert paper["Content-Disposition"] == f'attachment; filename="{REVENUE}.pdf"'
    odcs = yaml.safe_load(client.get(f"/chuan-ket-noi/{REVENUE}/odcs.yaml").content)
    assert (odcs["id"], odcs["apiVersion"]) == (REVENUE, "v3.1.0")
    assert client.get(f"/chuan-ket-noi/{REVENUE}/mau").content.startswith(b"PK")


def test_every_limit_of_a_line_or_column_is_told_in_words_and_to_tools() -> None:
    for address, entry in content.tree().sheets.items():
        found, columns, items = standard.standard(address, []), entry.thing.columns, entry.thing.items
        assert found is not None
        rules = "\n".join(found.checks)
        odcs = yaml.safe_load(as_yaml(entry))
        told = [one["description"] for one in odcs["schema"][0]["quality"]]
        for one in [*columns.values(), *items.values()]:
            assert not one.jump or (
                str(one.title) in rules and any("change of more than" in words for words in told)
            )
        for column in columns.values():
            asked = (
                column.asked_above,
                column.share_of,
                column.change_of,
                column.not_before,
                column.not_after,
                column.needed_when,
            )
            many = sum(words.startswith(column.title.vi) for words in told)
            assert many >= sum(map(bool, asked)), (address, column.title.vi)
        for line, item in zip(found.lines, items.values(), strict=True):
            assert bool(line.allowed) == (item.min is not None or item.max is not None)


def test_every_contract_fits_on_paper() -> None:
    from haidang.engine.boards.sources.standard_views import _pdf

    for contract in {*content.tree().contracts, *content.tree().sheets}:
        sources = [
            Source(address=a) for a, e in content.tree().sources.items() if e.thing.contract == contract
        ]
        found = standard.standard(contract, sources)
        assert found is not None
        assert _pdf(found).startswith(b"%PDF-"), contract


def test_a_sign_no_font_has_does_not_stop_the_paper_and_leaves_no_box(tmp_path: Path) -> None:
    from haidang.engine.boards.sources.standard_views import _pdf

    found = standard.standard(REVENUE, [])
    assert found is not None
    paper = tmp_path / "chuan.pdf"
    paper.write_bytes(_pdf(replace(found, title="Thu ngân sách \U0001f9ff 字 và ＂㎡＂")))
    assert (
        'Thu ngân sách (?) và "m²"'
        in subprocess.run(["pdftotext", str(paper), "-"], check=True, capture_output=True, text=True).stdout
    )


def test_the_paper_says_units_and_ranges_of_lines_in_its_readers_language(tmp_path: Path) -> None:
    from haidang.engine.boards.sources.standard_views import _pdf

    with override("en"):
        found = standard.standard("economy.monthly", [])
        assert found is not None
        (tmp_path / "a.pdf").write_bytes(_pdf(found))
    command = ["pdftotext", "-layout", str(tmp_path / "a.pdf"), "-"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert re.search(r"Investment carried out +billion dong +0 … 100,000", said), said


def test_an_officer_sees_the_contracts_of_his_own_office_only(signed_in: Callable[..., Client]) -> None:
    office = add_office(code="thue-tinh", name="Thuế tỉnh", short_name="Thuế", phone="")
    Source.objects.filter(address="economy.commune_revenue_files").update(office=office)
    client = signed_in("officer", office)
    assert [one.address for one in client.get("/chuan-ket-noi/").context["standards"]] == [REVENUE]
    assert client.get("/chuan-ket-noi/economy.monthly/").status_code == 404
    assert client.get("/chuan-ket-noi/economy.monthly/chuan.pdf").status_code == 404


def test_the_page_of_a_source_of_files_leads_to_its_contract(signed_in: Callable[[str], Client]) -> None:
    text = signed_in("operator").get("/nguon/economy.commune_revenue_files/").content.decode()
    assert f"/chuan-ket-noi/{REVENUE}/" in text
    assert "chưa nạp được" not in text
