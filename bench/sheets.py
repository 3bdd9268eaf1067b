"""A file judged against its contract beside a bare read by calamine, and a list of 200,000 dossiers row by row."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import msgspec
import python_calamine
import xlsxwriter

from bench.harness import against_limit, compare, describe_machine
from haidang.engine.contracts.sheets.book import Book
from haidang.engine.contracts.sheets.communes import communes
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.judging import Examination
from haidang.engine.contracts.sheets.numerals import vietnamese
from haidang.engine.contracts.tree import load_tree

ROWS, MANY = 2_000, 200_000
TITLES = ["STT", "Mã hồ sơ", "Mã TTHC", "Tên thủ tục", "Người nộp", "Cơ quan xử lý", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày trả kết quả", "Hình thức nộp", "Trạng thái", "Phí, lệ phí"]  # fmt: skip
REVENUE = ["STT", "Xã, phường", "Dự toán năm", "Kỳ trước", "Kỳ này", "Lũy kế", "Đạt so với dự toán (%)", "Số người nộp thuế", "Ghi chú"]  # fmt: skip
CUMULATIVE = REVENUE.index("Lũy kế")
SIGNS = str.maketrans(",.", ".,")
COUNTRY = communes("", Period.parse("2026-10").last_day)
PROCEDURES = [("1.009994", "Cấp giấy phép xây dựng"), ("2.000635", "Cấp bản sao trích lục hộ tịch")]


def dossiers(path: Path, rows: int, *, constant_memory: bool) -> None:
    """A list as a one-stop system exports it; `constant_memory` writes texts into their cells, else shared."""
    rng = random.Random(rows)  # noqa: S311 - data of a benchmark
    book = xlsxwriter.Workbook(path, {"constant_memory": constant_memory})
    sheet = book.add_worksheet("DanhSach")
    day_format = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row(0, 0, TITLES)
    for number in range(rows):
        day = date(2026, 10, 1) + timedelta(days=rng.randint(0, 27))
        code, name = rng.choice(PROCEDURES)
        texts = [
            f"H62.12-{day:%y%m%d}-{number:06}",
            code,
            name,
            f"Người nộp {number % 5000}",
            rng.choice(("Sở Xây dựng", "UBND phường Tân Ninh")),
        ]
        sheet.write_number(number + 1, 0, number + 1)
        for column, text in enumerate(texts, 1):
            sheet.write_string(number + 1, column, text)
        for column, gap in ((6, 0), (7, 12), (8, rng.randint(1, 14))):
            sheet.write_datetime(number + 1, column, day + timedelta(days=gap), day_format)
        sheet.write_string(number + 1, 9, rng.choice(("Trực tiếp", "Trực tuyến")))
        sheet.write_string(number + 1, 10, "Đã trả kết quả")
        sheet.write_number(number + 1, 11, rng.choice((0, 50_000, 150_000)))
    book.close()


def revenue(path: Path, kind: str) -> None:
    """A table by commune: numbers in the contract's unit (`plain`), in another (`converted`), as text (`text`), or two of its
    columns as results of formulas (`computed`).
    """
    rng = random.Random(ROWS)  # noqa: S311 - data of a benchmark
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Thu")
    sheet.write(0, 0, "Đơn vị tính: đồng" if kind == "converted" else "Đơn vị tính: triệu đồng")
    sheet.write_row(1, 0, REVENUE)
    for number, code in enumerate(list(COUNTRY.codes)[:ROWS]):
        before = round(rng.uniform(2000, 9000), 2)
        values = [round(before * times, 2) for times in (14, 1, rng.uniform(0.9, 1.1), 9.7)]
        payers = rng.randint(1200, 9800)
        sheet.write_number(number + 2, 0, number + 1)
        sheet.write_string(number + 2, 1, code)
        for column, value in enumerate(values, 2):
            if kind == "computed" and column == CUMULATIVE:
                sheet.write_formula(number + 2, column, f"=D{number + 3}*9.7", None, before * 9.7)
            elif kind == "text":
                sheet.write_string(number + 2, column, f"{value:,.2f}".translate(SIGNS))
            else:
                sheet.write_number(number + 2, column, round(value * 1e6) if kind == "converted" else value)
        if kind == "text":
            sheet.write_string(number + 2, 6, "69,3")
            sheet.write_string(number + 2, 7, vietnamese(float(payers)))
        else:
            if kind == "computed":
                share = before * 9.7 / values[0] * 100
                sheet.write_formula(number + 2, 6, f"=F{number + 3}/C{number + 3}*100", None, share)
            else:
                sheet.write_number(number + 2, 6, 69.3)
            sheet.write_number(number + 2, 7, payers)
    book.close()


def judge(path: Path) -> tuple[int, int]:
    """Lines and faults of a file; every check runs, nothing is printed."""
    examination = Examination(load_tree().sheets["services.dossiers"].thing, Period.parse("2026-10"))
    with Book(path) as book:
        for _ in examination.blocks(book):
            pass
    return examination.records, examination.faults


def timed(path: Path, contract: object) -> float:
    """Milliseconds of the processor, which others on the machine take less of than of the clock."""
    started = time.process_time()
    examination = Examination(contract, Period.parse("2026-10"))  # type: ignore[arg-type]
    with Book(path) as book:
        for _ in examination.blocks(book):
            pass
    assert (examination.records, examination.faults) == (ROWS, 0)
    return (time.process_time() - started) * 1000


def bare(path: Path, above: int = 1) -> float:
    started = time.process_time()
    book = python_calamine.CalamineWorkbook.from_path(path)
    assert len(book.get_sheet_by_index(0).to_python()) == ROWS + above
    return (time.process_time() - started) * 1000


def in_a_process(path: Path) -> tuple[float, float, float]:
    """Rows a second, rows a second of its own work, and the most memory, measured inside a process of its own."""
    told = subprocess.run(
        [sys.executable, "-m", "bench.sheets", "--one", str(path)], capture_output=True, text=True, check=True
    )
    rows_per_s, per_cpu_s, peak_mb = map(float, told.stdout.split())
    return rows_per_s, per_cpu_s, peak_mb


def one(path: Path) -> None:
    started, worked = time.perf_counter(), time.process_time()
    records, faults = judge(path)
    seconds, cpu = time.perf_counter() - started, time.process_time() - worked
    assert faults == 0
    print(records / seconds, records / cpu, most_mb())


def most_mb() -> float:
    """The most memory this process ever had; `ru_maxrss` would tell that of whoever started it, where it was more."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def main() -> None:
    if "--one" in sys.argv:
        one(Path(sys.argv[-1]))
        return
    describe_machine()
    contract = load_tree().sheets["services.dossiers"].thing
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "2000.xlsx"
        dossiers(path, ROWS, constant_memory=False)
        compare(
            "sheet_2000", measured=lambda: timed(path, contract), baseline=lambda: bare(path), unit="ms",
            must=4, higher_is_better=False, pairs=9,
        )  # fmt: skip
        # Of all communes of the country, so that there are as many.
        everywhere = msgspec.structs.replace(load_tree().sheets["economy.commune_revenue"].thing, province="")
        for kind in ("plain", "converted", "text", "computed"):
            table = Path(folder) / f"{kind}.xlsx"
            revenue(table, kind)
            compare(
                f"sheet_table_{kind}", measured=lambda table=table: timed(table, everywhere),
                baseline=lambda table=table: bare(table, 2), unit="ms", must=4, higher_is_better=False, pairs=9,
            )  # fmt: skip
        few, many = Path(folder) / "few.xlsx", Path(folder) / "many.xlsx"
        dossiers(few, MANY // 10, constant_memory=True)
        dossiers(many, MANY, constant_memory=True)
        _, _, less = in_a_process(few)
        shared_few, shared = Path(folder) / "shared_few.xlsx", Path(folder) / "shared.xlsx"
        dossiers(shared_few, MANY // 10, constant_memory=False)
        dossiers(shared, MANY, constant_memory=False)
        _, _, less_shared = in_a_process(shared_few)
        shared_speed, shared_alone, most_shared = in_a_process(shared)
        speed, alone, most = in_a_process(many)
        print(
            f"  {MANY:,} rows: {speed:,.0f} rows/s, at most {most:.0f} MB; {MANY // 10:,} rows: {less:.0f} MB"
        )
    against_limit(
        "sheet_rows",
        20_000 / speed,
        limit=1,
        unit="of 20,000 rows/s",
        rows_per_s=round(speed),
        rows_per_cpu_s=round(alone),
    )
    # Excel keeps each text once, in one list: of 200,000 dossiers all codes are in it.
    against_limit(
        "sheet_memory_shared",
        most_shared - less_shared,
        limit=40,
        unit="MB more for ten times the rows",
        peak_mb=round(most_shared),
        rows_per_s=round(shared_speed),
        rows_per_cpu_s=round(shared_alone),
    )
    against_limit(
        "sheet_memory", most - less, limit=15, unit="MB more for ten times the rows", peak_mb=round(most)
    )


if __name__ == "__main__":
    main()
