"""Excel files that leave: numbers that are numbers, texts that stay texts, no more rows than one may take away."""

from __future__ import annotations

import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from tempfile import TemporaryFile
from typing import Any

import pytest
from django.http import FileResponse
from django.test import Client
from openpyxl import load_workbook

from haidang.engine import clock
from haidang.engine.audit.models import Act
from haidang.engine.boards.export.book import write
from haidang.engine.boards.export.shapes import Column, Sheet
from haidang.engine.boards.statistics.conftest import Reports
from haidang.engine.boards.statistics.conftest import reports as reports  # noqa: PLC0414 - fixtures of statistics
from haidang.engine.boards.statistics.conftest import sender as sender  # noqa: PLC0414
from haidang.engine.people.models import Grant, Person, Role

NOW = datetime(2026, 11, 28, 5, tzinfo=UTC)
COLUMNS = [Column("Tên"), Column("Giá trị", "tỷ đồng", 1), Column("Lúc")]


def written(rows: list[Any]) -> BytesIO:
    out = BytesIO()
    write(out, [Sheet("Bảng: thử/1", [("Kỳ", "Tháng 10/2026")], COLUMNS, rows)])
    return BytesIO(out.getvalue())


def test_numbers_and_instants_are_real_and_a_text_is_never_a_formula() -> None:
    evil = ['=HYPERLINK("http://x")', "+84 901", "-1+1", "@SUM(A1)", "\tx", "tab\x00nul"]
    out = written([[text, 1234.56, NOW] for text in evil])
    sheet = load_workbook(out).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][:2] == ["Kỳ", "Tháng 10/2026"]
    assert [cell.value for cell in sheet[4]] == [None, "tỷ đồng", None]
    for row, text in zip(sheet.iter_rows(min_row=5), evil, strict=True):
        name, value, at = row
        assert (name.data_type, value.data_type, value.value) == ("s", "n", 1234.56)
        assert name.value == text.replace("\x00", "␀")
        assert name.quotePrefix == (not text.startswith("tab"))
        assert value.number_format == "#,##0.0"
        assert at.value == datetime(2026, 11, 28, 12)  # noqa: DTZ001 - Excel knows no zones
    with zipfile.ZipFile(out) as packed:
        assert b"<f>" not in packed.read("xl/worksheets/sheet1.xml")


def test_memory_does_not_grow_with_the_rows() -> None:
    def peak(rows: int) -> int:
        tracemalloc.start()
        with TemporaryFile() as out:
            every = ([f"dòng {n}", float(n), None] for n in range(rows))
            assert write(out, [Sheet("Dài", [], COLUMNS, every)]) == rows
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(10)  # what is loaded once
    assert peak(6000) < peak(600) + 200_000


@pytest.fixture
def _noon(db: None) -> Iterator[None]:
    clock.set_source(NOW.timestamp)
    yield
    clock.set_source(None)


def browser(name: str, role: str, **where: object) -> Client:
    person = Person.objects.create(email=f"{name}@tinh.invalid", name=name)
    Grant.objects.create(person=person, role=role, **where)
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def taken(client: Client, path: str) -> dict[str, list[tuple[Any, ...]]]:
    answer = client.get(path)
    assert answer.status_code == 200
    assert isinstance(answer, FileResponse)
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))  # type: ignore[arg-type]
    return {
        sheet.title: [tuple(c.value for c in row) for row in sheet.iter_rows()] for sheet in book.worksheets
    }


@pytest.mark.usefixtures("_noon")
def test_a_board_leaves_with_what_its_reader_sees_and_the_log_says_so(reports: Reports) -> None:
    reports.publish("economy.monthly", "2026-10")
    leader = browser("lanh-dao", Role.LEADER)
    found = taken(leader, "/bang/economy.economy/xlsx/")
    line = next(row for row in found["Mọi chỉ tiêu tháng"] if row[0] == "Giải ngân vốn đầu tư công")
    assert line[1:4] == ("tỷ đồng", "Tháng 10/2026", 889.2)
    assert isinstance(line[8], float)
    assert "hạn 20/12/2026" in line[9]
    assert line[10:12] == ("Báo cáo kinh tế – xã hội tháng", "Sở Tài chính")
    act = Act.objects.get(verb="export")
    assert (act.object_id, act.detail["rows"]) == ("economy.economy", 28)
    early = taken(leader, "/bang/economy.economy/xlsx/?as_of=2026-11-28T04:00:00Z")
    assert not [row for row in early["Mọi chỉ tiêu tháng"] if 889.2 in row]
    for wrong in (
        "hom-qua",
        "2199-01-01",
        "2026-11-28T06:00:00Z",
    ):  # a file of now would be taken for one of then
        for where in ("/bang/economy.economy/xlsx/", "/bao-cao/bang/economy.economy/pdf/"):
            answer = leader.get(where, {"as_of": wrong})
            assert (answer.status_code, answer.content.decode()[:6]) == (400, "as_of "), (where, wrong)
    assert Act.objects.filter(verb="export").count() == 2
    narrow = taken(browser("moi-truong", Role.OFFICER, domain="environment"), "/bang/economy.economy/xlsx/")
    assert not [row for rows in narrow.values() for row in rows if 889.2 in row]
    crew = browser("doi", Role.CREW)
    assert crew.get("/bang/economy.economy/xlsx/").status_code == 403
    assert crew.get("/xuat/bao-dong/").status_code == 403


@pytest.mark.usefixtures("_noon")
def test_what_leaves_a_simulated_province_says_so_on_every_sheet(reports: Reports, settings: Any) -> None:
    reports.publish("economy.monthly", "2026-10")
    leader = browser("lanh-dao", Role.LEADER)
    paths = ("/bang/economy.economy/xlsx/", "/xuat/bao-dong/")
    real = [sheet for path in paths for sheet in taken(leader, path).values()]
    assert not [sheet for sheet in real if sheet[1][0] == "DỮ LIỆU MÔ PHỎNG"]
    settings.HAIDANG_DEMO = "tay-ninh"
    found = [sheet for path in paths for sheet in taken(leader, path).values()]
    assert len(found) == len(real) > 2
    assert all(sheet[1][0] == "DỮ LIỆU MÔ PHỎNG" for sheet in found)
