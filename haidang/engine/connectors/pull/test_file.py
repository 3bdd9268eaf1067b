"""Files at an address: text and workbooks, whole or row by row, again only when they changed."""

from __future__ import annotations

import asyncio
import io
import struct
import threading
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import xlsxwriter
import xlwt

from haidang.engine.connectors.pull import snapshot
from haidang.engine.connectors.pull.definition import Fields
from haidang.engine.connectors.pull.rows import Mapper
from haidang.engine.connectors.pull.trial import Asked, Bench, Lost, Reply, service
from haidang.engine.connectors.pull.trouble import told

FIELDS = {"station": "Mã trạm", "at": "Ngày", "values": {"Salinity": "Độ mặn"}, "time": "%d/%m/%Y"}
CSV = "Mã trạm;Ngày;Độ mặn;Ghi chú\r\n7;01/11/2026;1,5;\r\n;;;\r\n8;02/11/2026;2,5;tốt\r\n"
GOOD = [("7", "2026-11-01T00:00:00+07:00", "1,5"), ("8", "2026-11-02T00:00:00+07:00", "2,5")]


def wanted(url: str, **more: Any) -> dict[str, Any]:
    return {"kind": "file", "url": url, "fields": FIELDS, **more}


def readings(bench: Bench) -> list[tuple[Any, ...]]:
    return [
        (message.get("station"), reading.get("at"), reading.get("value"))
        for message in bench.messages()
        for reading in message["readings"]
    ]


def workbook(head: int = 0, sheet: str = "Số liệu") -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.add_worksheet("Bìa").write(0, 0, "Sở Nông nghiệp")
    page, day = book.add_worksheet(sheet), book.add_format({"num_format": "dd/mm/yyyy"})
    for column, name in enumerate(("Mã trạm", "Ngày", "Độ mặn")):
        page.write(head, column, name)
    page.write_row(head + 1, 0, [7])
    page.write_datetime(head + 1, 1, datetime(2026, 11, 1), day)  # noqa: DTZ001 - Excel knows no zones
    page.write(head + 1, 2, 1.5)
    page.write_row(head + 2, 0, ["8", "02/11/2026", "2,5"])
    book.close()
    return out.getvalue()


def old_workbook() -> bytes:
    out, book = io.BytesIO(), xlwt.Workbook()
    page = book.add_sheet("A")
    for number, row in enumerate(line.split(";")[:3] for line in CSV.split("\r\n") if line):
        for column, cell in enumerate(row):
            page.write(number, column, cell)
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("body", "table"),
    [
        (CSV.encode(), {}), (CSV.encode("utf-8-sig"), {}), (CSV.replace(";", "\t").encode("utf-16"), {"encoding": "utf-16"}),
        (("Báo cáo\n\n" + CSV).encode(), {"header": 3}), (CSV.replace(";", "|").encode(), {"separator": "|"}),
        (CSV.replace("1,5", '"1,5"').replace("2,5", '"2,5"').replace(";", ",").encode(), {}), (old_workbook(), {}),
    ],
)  # fmt: skip
async def test_text_and_old_workbooks_are_read_as_they_are_written(
    bench: Bench, body: bytes, table: dict[str, Any]
) -> None:
    async with service(lambda _: Reply(body)) as there:
        report = await bench.run(wanted(f"{there.url}/man.csv", table=table))
    assert (report.state, report.trouble) == ("done", None)
    assert readings(bench) == GOOD


async def test_a_workbook_keeps_its_dates_and_numbers(bench: Bench) -> None:
    async with service(lambda _: Reply(workbook(head=2))) as there:
        table = {"sheet": "Số liệu", "header": 3}
        assert (await bench.run(wanted(f"{there.url}/man.xlsx", table=table))).state == "done"
        assert readings(bench) == [("7", GOOD[0][1], 1.5), GOOD[1]]
        report = await bench.run(wanted(f"{there.url}/man.xlsx?2", table={"sheet": "Khác"}))
    # The second time it is the same file: what is read of it does not matter any more.
    assert report.records == 0
    assert bench.arrivals[0].name == "man.xlsx"


async def test_a_row_with_more_cells_than_names_is_not_absorbed(bench: Bench) -> None:
    async with service(lambda _: Reply((CSV + "9;03/11/2026;3,5;a;b\r\n").encode())) as there:
        assert (await bench.run(wanted(there.url))).records == 3
    assert bench.messages()[2] == {"row": ["9", "03/11/2026", "3,5", "a", "b"], "readings": []}


def bomb() -> bytes:
    """A small archive whose directory says that a part of it unpacks to 600 MB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/a.xml", bytes(54_321))
    return out.getvalue().replace(struct.pack("<I", 54_321), struct.pack("<I", 600 << 20))


@pytest.mark.parametrize(
    ("body", "table", "why"),
    [
        (b"Ma;Ngay\r\n1;2\r\n", {}, "lacks"), (b"", {"header": 2}, "empty"), (b"x", {"header": 2}, "row 2"),
        (CSV.encode("utf-16"), {}, "not written in utf-8"), (CSV.replace("Ghi chú", "Ngày").encode(), {}, "Ngày twice"),
        (workbook(), {"sheet": "Khác"}, "no sheet Khác; there are Bìa, Số liệu"), (b"PK\x03\x04nonsense", {}, "Error"),
        (CSV.encode() + b'1;"2\r\n', {}, "unexpected end of data"),
    ],
)  # fmt: skip
async def test_what_is_no_table_is_told(bench: Bench, body: bytes, table: dict[str, Any], why: str) -> None:
    async with service(lambda _: Reply(body)) as there:
        report = await bench.run(wanted(there.url, table=table))
    assert report.trouble
    assert why in told(report.trouble.reason, report.trouble.detail).en
    assert not list((bench.home / "files" / "incoming").iterdir())


async def test_a_workbook_that_unpacks_to_more_than_a_machine_is_not_opened(bench: Bench) -> None:
    async with service(lambda _: Reply(bomb())) as there:
        report = await bench.run(wanted(there.url))
    assert report.trouble
    assert report.trouble.detail["why"] == "unpacks"


async def test_a_cut_file_goes_on_where_it_was_and_a_longer_one_brings_only_what_is_new(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "PORTION", 3)
    lines = ["Mã trạm;Ngày;Độ mặn", *(f"{n};{n:02}/11/2026;{n}" for n in range(1, 11))]

    def answer(asked: Asked) -> Reply:
        etag = f'"{len(lines)}"'
        if asked.headers.get("if-none-match") == etag:
            return Reply(b"", 304)
        return Reply("\n".join(lines).encode(), headers={"ETag": etag})

    async with service(answer) as there:
        bench.memory.lost_at_move = 3
        with pytest.raises(Lost):
            await bench.run(wanted(there.url))
        assert bench.values() == [str(n) for n in range(1, 10)]
        assert bench.memory.cursor["row"] == 6
        assert (await bench.run(wanted(there.url))).records == 4
        assert bench.values()[9:] == ["7", "8", "9", "10"]
        assert (await bench.run(wanted(there.url))).records == 0
        assert there.asked[-1].headers["if-none-match"] == '"11"'
        lines.append("11;11/11/2026;11")
        lines[3] = "3;03/11/2026;33"
        assert (await bench.run(wanted(there.url))).records == 2
        assert bench.values()[13:] == ["33", "11"]


@pytest.mark.parametrize("form", ["sheet", "lines"])
async def test_a_file_without_fields_is_one_delivery_as_it_is(tmp_path: Path, form: str) -> None:
    bench = Bench(tmp_path, form=form)
    body = workbook() if form == "sheet" else b"a\tb\r\nc\td\r\n"
    async with service(lambda _: Reply(body)) as there:
        pull = {"kind": "file", "url": f"{there.url}/b%C3%A1o-c%C3%A1o-2026-10.xlsx?x=1"}
        assert (await bench.run(pull)).records == (1 if form == "sheet" else 2)
    (arrival,) = bench.arrivals
    assert (arrival.format, arrival.name, bench.bodies()) == (form, "báo-cáo-2026-10.xlsx", [body])


async def test_a_run_that_is_cut_off_while_a_thread_reads_is_told_so_and_closes_what_it_read() -> None:
    begun, go_on, closed = threading.Event(), threading.Event(), threading.Event()

    def rows() -> Iterator[dict[str, str]]:
        try:
            begun.set()
            go_on.wait(60)
            yield {"Mã trạm": "7"}
        finally:
            closed.set()

    mapper = Mapper(msgspec.convert(FIELDS, Fields))
    parts = snapshot.portions(rows(), mapper, "x.csv", before={}, after={"sha256": "00"})
    run = asyncio.create_task(anext(parts))
    await asyncio.to_thread(begun.wait, 60)
    run.cancel()
    for _turn in range(
        3
    ):  # the cut reaches the run, and what it does then, while its thread is still within the file
        await asyncio.sleep(0)
        await asyncio.to_thread(int)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await run
    assert closed.is_set()
